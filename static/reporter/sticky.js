/* Scrolls a focused field clear of the lines that stay at the edges of the screen. */

const GAP = 8;

/** Leave room for `line` at the `edge` (“top” or “bottom”) of the page, as tall as it is by now. */
export function leaveRoom(line, edge) {
  const { style } = document.documentElement;
  if (!globalThis.ResizeObserver) return;
  // It is called with a height of 0 as well, when the line leaves the page.
  new ResizeObserver(() => {
    style.setProperty(`scroll-padding-${edge}`, `${line.offsetHeight + GAP}px`);
  }).observe(line, { box: "border-box" });
}
