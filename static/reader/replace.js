/* Replace a fragment of the page: the focus, the words that are selected and what is open stay as they were. */

import { selectionIn } from "./selection.js";

export function parse(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content.firstElementChild;
}

export function replace(old, html) {
  const element = parse(html);
  restoringFocus(old, element);
  return element;
}

/** Replace `old` by `element`, after `fill` has moved into it what stays. */
export function restoringFocus(old, element, fill = () => {}) {
  const restore = useOf(old);
  fill();
  old.replaceWith(element);
  restore(element);
}

/** Call before `old` is replaced. Returns what puts the reader's use of it upon the element in its place. */
export function useOf(old) {
  const focused = old.contains(document.activeElement) && document.activeElement;
  const select = selectionIn(old);
  return (element) => {
    keepOpen(old, element);
    select(element);
    if (!focused) return;
    const target = element.contains(focused) ? focused : counterpart(old, element, focused);
    target?.focus({ preventScroll: true });
  };
}

/** Open again in the new fragment what the reader, and not the server, has opened in the old one. */
function keepOpen(old, element) {
  for (const opened of old.querySelectorAll("details[open]:not([data-opened])")) {
    sameDetails(old, element, opened)?.setAttribute("open", "");
  }
}

/** The disclosure of the new fragment that is in the same part of it, and of the same class. */
function sameDetails(old, element, details) {
  const part = details.closest("[id]");
  const same = part === old ? element : element.querySelector(`#${CSS.escape(part.id)}`);
  const alike = (root) =>
    [...root.querySelectorAll("details")].filter((other) => other.className === details.className);
  return same ? alike(same)[alike(part).indexOf(details)] : undefined;
}

/** The element that stands for `focused` in the new fragment: by its id, its part or its address. */
function counterpart(old, element, focused) {
  if (focused.id) return document.getElementById(focused.id);
  if (focused.localName === "summary") {
    return sameDetails(old, element, focused.parentElement)?.querySelector("summary");
  }
  const { name } = focused.dataset;
  if (name) return element.querySelector(`[data-name="${CSS.escape(name)}"]`);
  const href = focused.getAttribute("href");
  return href && [...element.querySelectorAll("a[href]")].find((link) => link.getAttribute("href") === href);
}

/** Swap a fragment that is on the page, and mark the cells of tables that have changed. */
export function swapFragment(old, html) {
  if (old.ownerSVGElement) {
    swapHexagon(old, html);
    return;
  }
  const element = parse(html);
  for (const part of element.querySelectorAll(":scope > [id]")) {
    // A part of the fragment that stands elsewhere on this page: the scoreboard's table.
    const shown = document.getElementById(part.id);
    if (shown && !old.contains(shown)) put(shown, part);
  }
  put(old, element);
}

function put(old, element) {
  const before = cellTexts(old);
  restoringFocus(old, element, () => {
    const star = old.querySelector(":scope > .star"); // of seats.js
    if (star) element.append(star);
  });
  markFresh(element, before);
}

/** Replace a hexagon of the map, which must be parsed inside an svg element; it keeps its focus. */
function swapHexagon(old, html) {
  const drawing = document.createElement("template");
  drawing.innerHTML = `<svg>${html}</svg>`;
  const now = drawing.content.querySelector("a");
  now.setAttribute("tabindex", old.getAttribute("tabindex"));
  const focused = document.activeElement === old;
  old.replaceWith(now);
  if (focused) now.focus({ preventScroll: true });
}

function cellTexts(element) {
  return [...element.querySelectorAll("td, dd")].map((cell) => cell.textContent);
}

function markFresh(element, before) {
  const cells = [...element.querySelectorAll("td, dd")];
  if (cells.length !== before.length) return;
  cells.forEach((cell, at) => {
    if (cell.textContent !== before[at]) cell.classList.add("fresh");
  });
  setTimeout(() => cells.forEach((cell) => {
    cell.classList.remove("fresh");
    if (!cell.getAttribute("class")) cell.removeAttribute("class");
  }), 1_100);
}
