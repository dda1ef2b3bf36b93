/* Buttons that follow what a page is about, also after htmx has fetched it again. */

import { takeButtons } from "./follow.js";

takeButtons(document);
document.addEventListener("htmx:afterSwap", () => takeButtons(document));
