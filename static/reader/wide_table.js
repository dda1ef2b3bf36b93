/* Keep the table of counting areas where the reader moved it to the side, when a bulletin replaces it. */

import { onApplied } from "./applied.js";

let side = 0;
document.addEventListener("scroll", ({ target }) => {
  if (target.matches?.(".wide-table")) side = target.scrollLeft;
}, true);
onApplied(() => {
  const table = document.querySelector(".wide-table");
  if (table) table.scrollLeft = side;
});
