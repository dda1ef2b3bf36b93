/* Scrolls a focused field clear of the lines that stay at the edges of the screen. */

/** Leave room for `line` at the `edge` (“top” or “bottom”) of the page, as tall as it is by now, and 8 pixels. One
    that is too tall for the screen, with a keyboard up or in large letters, scrolls away with the page: beside a
    line there must be room for a box and its label. */
export function leaveRoom(line, edge) {
  let height = 0;
  const fit = () => {
    const before = height;
    height = line.offsetHeight;
    if (height > innerHeight / 4) height = 0;
    line.classList.toggle("tall", !height);
    document.documentElement.style.setProperty(`scroll-padding-${edge}`, `${height + 8}px`);
    // Below a line that has grown, a browser leaves what has the focus where it was.
    const target = document.activeElement;
    const { top } = target.getBoundingClientRect();
    if (before <= top && top < height) target.scrollIntoView({ block: "nearest" });
  };
  // It is called with a height of 0 as well, when the line leaves the page.
  if (globalThis.ResizeObserver) new ResizeObserver(fit).observe(line);
  addEventListener("resize", () => { if (line.isConnected) fit(); });
}

// By itself a browser shows the caret's line of a box of several.
addEventListener("focusin", ({ target }) => {
  if (target.tagName === "TEXTAREA") target.scrollIntoView({ block: "nearest" });
});
