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
  old.replaceWith(element);
  if (!focused) return;
  const target = element.contains(focused) ? focused : counterpart(element, focused);
  target?.focus({ preventScroll: true });
}

/** The element that stands for `focused` in the new fragment: by its id, or by its address. */
function counterpart(element, focused) {
  if (focused.id) return document.getElementById(focused.id);
  const href = focused.getAttribute("href");
  return href && [...element.querySelectorAll("a[href]")].find((link) => link.getAttribute("href") === href);
}
