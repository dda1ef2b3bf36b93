/* The reporter's list of counts, written again as each report of the phone finds it: the page may be the one that
 * the worker keeps, and may stay open all night. */

import { report } from "./report.js";

const list = document.querySelector("[data-counts]");

document.addEventListener("report", ({ detail }) => {
  const page = new DOMParser().parseFromString(detail.list ?? "", "text/html");
  const now = page.querySelector("[data-counts]");
  if (!now || now.isEqualNode(list)) return;
  const focused = list.contains(document.activeElement) && document.activeElement.getAttribute("href");
  list.replaceChildren(...now.childNodes);
  if (focused) list.querySelector(`[href="${CSS.escape(focused)}"]`)?.focus();
});
// The report that was on its way may not have found what the server took then.
document.addEventListener("outbox", ({ detail }) => { if (detail?.answer) report(); });
