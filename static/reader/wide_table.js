/* A bulletin replaces the table of counting areas, which the reader may have moved to the side. */

import { onApplied } from "./applied.js";

let side = 0;
document.addEventListener("scroll", ({ target }) => {
  if (target.matches?.(".wide-table")) side = target.scrollLeft;
}, true);
onApplied(() => {
  const table = document.querySelector(".wide-table");
  if (table) table.scrollLeft = side;
});
