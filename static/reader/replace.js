/* Replace a fragment of the page and restore the keyboard's focus. */

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
  const focused = old.contains(document.activeElement) && document.activeElement;
  fill();
  keepOpen(old, element);
  old.replaceWith(element);
  if (!focused) return;
  const target = element.contains(focused) ? focused : counterpart(old, element, focused);
  target?.focus({ preventScroll: true });
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
  if (focused.localName === "summary") return sameDetails(old, element, focused)?.querySelector("summary");
  const href = focused.getAttribute("href");
  return href && [...element.querySelectorAll("a[href]")].find((link) => link.getAttribute("href") === href);
}
