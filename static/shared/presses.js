/* Presses: a mouse button, a finger or the space bar that is held down.
 *
 * The browser makes a click of a press only if what was pressed is still there, and under the finger, when it is let
 * go of. Whatever changes a page by itself waits for that, but for no press longer than MOST_MS: some never end.
 */

const MOST_MS = 5_000;
const CLICK_MS = 500; // within which the click of a finger comes that was lifted

let timer = null; // while something is pressed
let end = null; // when it counts as pressed no more
let waiting = [];

export const isPressed = () => timer !== null;

/** Resolves when nothing is pressed any more, after the click: at once if nothing is. */
export async function whenReleased() {
  if (isPressed()) await new Promise((resolve) => { waiting.push(resolve); });
}

function release() {
  clearTimeout(timer);
  timer = null;
  for (const resolve of waiting.splice(0)) resolve();
}

function press() {
  if (!isPressed()) end = performance.now() + MOST_MS;
  releaseWithin(MOST_MS);
}

function releaseWithin(milliseconds) {
  clearTimeout(timer);
  timer = setTimeout(release, Math.min(milliseconds, end - performance.now()));
}

/** After the click, which the browser sends next. */
const releaseSoon = () => { if (isPressed()) releaseWithin(0); };

const on = (type, listener) => addEventListener(type, listener, { capture: true, passive: true });
// The right button opens a menu, and its release may never be heard.
on("pointerdown", ({ button }) => { if (button !== 2) press(); });
on("keydown", ({ key, repeat }) => { if (key === " " && !repeat) press(); });
on("keyup", ({ key }) => { if (key === " ") releaseSoon(); });
on("pointerup", ({ pointerType }) => {
  if (pointerType === "mouse") releaseSoon();
  else if (isPressed()) releaseWithin(CLICK_MS);
});
for (const type of ["click", "pointercancel", "contextmenu", "pagehide"]) on(type, releaseSoon);
// Not of an element: the focus leaves one with each press of the mouse elsewhere.
on("blur", ({ target }) => { if (target === window) releaseSoon(); });
// What was pressed before this module was here.
if (document.querySelector(":active")) press();
