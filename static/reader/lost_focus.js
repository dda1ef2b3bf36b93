/* What had the focus is gone: an entry was withdrawn, or a new fragment lacks a link.
 *
 * The focus would fall to the page's beginning. It goes to the heading of what is in the place instead, from which
 * Tab and a screen reader go on, and nothing scrolls. */

const HEADINGS = "h1, h2, h3, summary";

let focused = null;
let place = null; // what is where it was, once it is gone

const elementFrom = (node) => (node?.nodeType === Node.ELEMENT_NODE ? node : node?.nextElementSibling);

/** The element in the place of what a change of the page has removed. */
function successor({ addedNodes, nextSibling, previousSibling, target }) {
  return elementFrom(addedNodes[0]) ?? elementFrom(nextSibling) ?? previousSibling?.previousElementSibling ?? target;
}

function follow(records) {
  if (!focused) return;
  for (const record of records) {
    const lost = place ?? focused;
    if (lost.isConnected) break; // entries of the feed are moved into its new list
    if ([...record.removedNodes].some((node) => node.contains(lost))) place = successor(record);
  }
  if (place) setTimeout(restore); // whoever replaced it may move the focus by itself
}

function restore() {
  const from = place;
  place = null;
  if (!from || document.activeElement !== document.body) return;
  for (let part = from; part?.parentElement?.closest("main"); part = part.parentElement) {
    if (focusOn(part.querySelector(HEADINGS) ?? (part.matches("article, li") && part))) return;
  }
}

/** Focus an element, which may take no focus by itself. Returns false if it is not shown. */
function focusOn(element) {
  if (!element) return false;
  if (element.localName !== "summary") element.tabIndex = -1;
  element.focus({ preventScroll: true });
  return document.activeElement === element;
}

const note = (element) => { [focused, place] = [element, null]; };

note(document.activeElement);
document.addEventListener("focusin", ({ target }) => note(target));
// A reader who has left it by a press elsewhere is not brought back. Of what is removed, some browsers say so, too.
document.addEventListener("focusout", ({ target }) => setTimeout(() => {
  if (target === focused && target.isConnected && document.activeElement === document.body) note(null);
}));
new MutationObserver(follow).observe(document.body, { childList: true, subtree: true });
