/* One page in another's place, without a load: the way back brings the first one, as it was. */

const before = [];

/** Put another main in place of the one that is shown. */
export function swap(main, title = "") {
  const now = document.querySelector("main");
  before.push({ main: now, title: document.title, y: scrollY });
  history.pushState({ depth: before.length }, "");
  now.replaceWith(main);
  if (title) document.title = title;
  scrollTo(0, 0);
  document.dispatchEvent(new CustomEvent("view"));
}

export const depth = () => before.length;

export function back() { history.back(); }

addEventListener("popstate", () => {
  const last = before.pop();
  if (!last) return;
  document.querySelector("main").replaceWith(last.main);
  document.title = last.title;
  scrollTo(0, last.y);
  document.dispatchEvent(new CustomEvent("view"));
});
