/* The reporter's list of counts, brought up to date as each report of the phone finds it: the page may be the one
 * that the worker keeps, and may stay open all night. */

import { report } from "./report.js";
import { arrange } from "./views.js";

const list = document.querySelector("[data-counts]");

/** What an element is of: an election, a count, or a part of its entry. */
function keyOf({ dataset, firstElementChild, tagName, className }) {
  return dataset.election ?? firstElementChild?.getAttribute("href") ?? `${tagName} ${className}`;
}

/** Give an element the contents of another. What both have stays the same element: a link that is pressed is
    followed. */
function update(element, now) {
  if (element.isEqualNode(now)) return element;
  const before = new Map([...element.children].map((child) => [keyOf(child), child]));
  const nodes = [...now.childNodes].map((node) => {
    const same = node.nodeType === Node.ELEMENT_NODE && before.get(keyOf(node));
    return same ? update(same, node) : node;
  });
  arrange(element, nodes);
  return element;
}

document.addEventListener("report", ({ detail }) => {
  const page = new DOMParser().parseFromString(detail.list ?? "", "text/html");
  const now = page.querySelector("[data-counts]");
  if (!now) return;
  update(list, now);
  document.querySelector(".as-it-was")?.remove();
});
// The report that was on its way may not have found what the server took then.
document.addEventListener("outbox", ({ detail }) => { if (detail?.answer) report(); });
