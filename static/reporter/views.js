/* A stack of views within one page load: the browser's back button restores the one before, as it was. */

const stack = [];

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

export const depth = () => stack.length;

export function back() { history.back(); }

addEventListener("popstate", () => {
  const view = stack.pop();
  if (!view) return;
  replaceMain(view.main, view.title);
  scrollTo(0, view.y);
  document.dispatchEvent(new CustomEvent("view"));
});
