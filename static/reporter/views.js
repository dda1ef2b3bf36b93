/* Views of a page: their elements, presses in them, and a stack of them within one page load. The browser's back
   button restores the view before, as it was; a link within a view keeps it. */

/** How long after a press its click may come: a touch screen's comes late, or never. */
const CLICK_MS = 500;
/** Some presses never end: that which opened the choices of a box, or a menu. */
const MOST_MS = 5_000;
const stack = [];
let pressed = false;
let release = 0;
/** Whether something would have changed while it was pressed. */
let waits = false;

/** The element that a template marks with `data-part`. */
export const part = (root, name) => root.querySelector(`[data-part="${name}"]`);

/** A new element with these properties. */
export const element = (tag, properties = {}) => Object.assign(document.createElement(tag), properties);

/** Give an element these child nodes. Those that stay in their place are left alone: one that is pressed makes its
    click. One that is moved keeps the focus. */
export function arrange(element, nodes) {
  const focused = document.activeElement;
  for (const node of [...element.childNodes]) if (!nodes.includes(node)) node.remove();
  nodes.forEach((node, at) => {
    const there = element.childNodes[at];
    if (there !== node) element.insertBefore(node, there ?? null);
  });
  if (focused !== document.activeElement && element.contains(focused)) focused.focus();
}

/** A `main` element with the content of a template. */
export function mainFrom(templateId) {
  const main = element("main");
  main.append(document.getElementById(templateId).content.cloneNode(true));
  return main;
}

/** Whether something is pressed, by a finger, a mouse or the space bar. What changes by itself waits for the event
    “outbox” then: a button that has gone, or has moved, makes no click. */
export function isPressed() {
  waits ||= pressed;
  return pressed;
}

function letGoWithin(milliseconds) {
  clearTimeout(release);
  release = setTimeout(letGo, milliseconds);
}

function letGo() {
  pressed = false;
  if (!waits) return;
  waits = false;
  document.dispatchEvent(new CustomEvent("outbox"));
}

for (const start of ["pointerdown", "keydown"]) {
  addEventListener(start, ({ button, key }) => {
    if (!(button < 2 || key === " ")) return; // the right button opens a menu
    pressed = true;
    letGoWithin(MOST_MS);
  });
}
for (const end of ["pointerup", "pointercancel", "keyup"]) addEventListener(end, () => letGoWithin(CLICK_MS));
// What the click itself changes is shown with it, and what waits for it after it.
addEventListener("click", () => { pressed = false; }, true);
addEventListener("click", letGo);

function replaceMain(main, title) {
  document.querySelector("main").replaceWith(main);
  document.title = title;
}

/** Show another `main` element, and put the present one on the stack. */
export function swap(main, title = "") {
  stack.push({ main: document.querySelector("main"), title: document.title, y: scrollY });
  history.pushState({ depth: stack.length }, "");
  replaceMain(main, title || document.title);
  scrollTo(0, 0);
  document.dispatchEvent(new CustomEvent("view"));
}

/** Wait until the view that has this element is shown, if another one is. */
export function whenShown(element) {
  if (element.isConnected) return Promise.resolve();
  return new Promise((resolve) => {
    document.addEventListener("view", function look() {
      if (!element.isConnected) return;
      document.removeEventListener("view", look);
      resolve();
    });
  });
}

export const depth = () => stack.length;

/** Show the newest view before with what is wanted, or else the one before. */
export function back(isWanted = () => true) {
  const steps = [...stack].reverse().findIndex(({ main }) => isWanted(main));
  history.go(-1 - Math.max(steps, 0));
}

history.replaceState({ depth: 0 }, "");
addEventListener("popstate", ({ state }) => {
  // Of a link within the view.
  if (!state) { history.replaceState({ depth: stack.length }, ""); return; }
  const [view] = stack.splice(state.depth);
  if (!view) return;
  replaceMain(view.main, view.title);
  scrollTo(0, view.y);
  document.dispatchEvent(new CustomEvent("view"));
});
