/* Views of a page: their elements, and a stack of them within one page load. The browser's back button restores
   the view before, as it was; a link within a view keeps it. */

const stack = [];

/** The element that a template marks with `data-part`. */
export const part = (root, name) => root.querySelector(`[data-part="${name}"]`);

/** A new element with these properties. */
export const element = (tag, properties = {}) => Object.assign(document.createElement(tag), properties);

/** A `main` element with the content of a template. */
export function mainFrom(templateId) {
  const main = element("main");
  main.append(document.getElementById(templateId).content.cloneNode(true));
  return main;
}

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
