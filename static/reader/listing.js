/* A list that no bulletin carries is asked for again by htmx, each reader a little apart, and what
 * is being read stays where it is. */

const list = () => document.getElementById("listing");
const nameOf = (element) => element.id || element.getAttribute("href");

let asking = null;
let kept = null;

document.addEventListener("desk:applied", () => {
  asking ??= setTimeout(() => {
    asking = null;
    htmx.trigger(list(), "desk:list");
  }, 500 + Math.random() * 2_500);
});

function find(name) {
  return [...list().querySelectorAll("[id], a[href]")].find((element) => nameOf(element) === name);
}

const isSeen = (box) => box.height > 0 && box.top >= 0;

document.addEventListener("htmx:beforeSwap", (event) => {
  if (document.querySelector("#sign-of-life[data-paused]")) {
    event.detail.shouldSwap = false;
    return;
  }
  const focused = document.activeElement?.closest("#listing a");
  const seen = [...list().querySelectorAll("[id], a[href]")]
    .find((element) => nameOf(element) && isSeen(element.getBoundingClientRect()));
  kept = {
    focus: focused && nameOf(focused),
    seen: seen && scrollY > 0 ? { name: nameOf(seen), top: seen.getBoundingClientRect().top } : null,
  };
});

document.addEventListener("htmx:afterSwap", () => {
  if (!kept) return;
  if (kept.focus) find(kept.focus)?.focus({ preventScroll: true });
  const now = kept.seen && find(kept.seen.name);
  if (now) scrollBy(0, now.getBoundingClientRect().top - kept.seen.top);
  kept = null;
});
