/* Scrolls a focused field clear of the lines that stay at the edges of the screen. */

const GAP = 8;
/** The part of the screen that a line may keep: beside it there must be room for a box and its label. */
const MOST = 1 / 4;

/** Leave room for `line` at the `edge` (“top” or “bottom”) of the page, as tall as it is by now. One that is
    too tall for the screen, with a keyboard up or in large letters, scrolls away with the page. */
export function leaveRoom(line, edge) {
  const { style } = document.documentElement;
  const fit = () => {
    const tall = line.offsetHeight > innerHeight * MOST;
    line.classList.toggle("tall", tall);
    style.setProperty(`scroll-padding-${edge}`, `${(tall ? 0 : line.offsetHeight) + GAP}px`);
  };
  // It is called with a height of 0 as well, when the line leaves the page.
  if (globalThis.ResizeObserver) new ResizeObserver(fit).observe(line, { box: "border-box" });
  addEventListener("resize", () => { if (line.isConnected) fit(); });
}

// By itself a browser shows the caret's line of a box of several.
addEventListener("focusin", ({ target }) => {
  if (target.tagName === "TEXTAREA") target.scrollIntoView({ block: "nearest" });
});
