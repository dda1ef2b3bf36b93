/* Replace a fragment of the page and restore the keyboard's focus. */

export function parse(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content.firstElementChild;
}

export function replace(old, html) {
  const element = parse(html);
  const focused = old.contains(document.activeElement) && document.activeElement;
  old.replaceWith(element);
  if (focused) counterpart(element, focused)?.focus({ preventScroll: true });
  return element;
}

/** The element that stands for `focused` in the new fragment: by its id, or by its address. */
function counterpart(element, focused) {
  if (focused.id) return document.getElementById(focused.id);
  const href = focused.getAttribute("href");
  return href && [...element.querySelectorAll("a[href]")].find((link) => link.getAttribute("href") === href);
}
