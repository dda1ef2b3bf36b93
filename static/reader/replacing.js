/* A fragment in place of what stood there. Whoever is in it with the keyboard stays where they are. */

export function parse(html) {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  return holder.content.firstElementChild;
}

export function replace(old, html) {
  const now = parse(html);
  const focused = old.contains(document.activeElement) && document.activeElement;
  old.replaceWith(now);
  if (focused) sameIn(now, focused)?.focus({ preventScroll: true });
  return now;
}

function sameIn(now, focused) {
  if (focused.id) return document.getElementById(focused.id);
  const href = focused.getAttribute("href");
  return href && [...now.querySelectorAll("a[href]")].find((one) => one.getAttribute("href") === href);
}
