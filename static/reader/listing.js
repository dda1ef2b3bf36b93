/* Lists that are no fragments: htmx fetches the page again some time after each frame.
 *
 * A page of one region only after what concerns it. Each page waits a random time. What has the focus keeps
 * it, and what is being read stays in place. */

import { onApplied } from "./applied.js";
import { forgetServed } from "./feed.js";

const list = () => document.getElementById("listing");
const elements = () => [...list().querySelectorAll("[id], a[href]")];
const nameOf = (element) => element.id || element.getAttribute("href");
const find = (name) => elements().find((element) => nameOf(element) === name);
const topOf = (element) => element.getBoundingClientRect().top;

let scheduled = null;
let before = null; // what had the focus and what stood at the top of the screen before a swap

const { topics } = document.documentElement.dataset;

onApplied((event) => {
  if (topics !== "listing" && !event.detail.ids.length) return;
  scheduled ??= setTimeout(() => {
    scheduled = null;
    htmx.trigger(list(), "desk:list");
  }, 500 + Math.random() * 2_500);
});

function firstOnScreen() {
  const element = elements()
    .find((candidate) => nameOf(candidate) && candidate.getBoundingClientRect().height > 0 && topOf(candidate) >= 0);
  return element && { name: nameOf(element), top: topOf(element) };
}

document.addEventListener("htmx:beforeSwap", (event) => {
  if (document.querySelector("#connection-status[data-paused]")) {
    event.detail.shouldSwap = false;
    return;
  }
  const focused = document.activeElement?.closest("#listing a");
  before = { focus: focused && nameOf(focused), first: scrollY > 0 ? firstOnScreen() : null };
});

document.addEventListener("htmx:afterSwap", () => {
  if (!before) return;
  forgetServed(); // the page of a council has its quotes in the list
  if (before.focus) find(before.focus)?.focus({ preventScroll: true });
  const first = before.first && find(before.first.name);
  if (first) scrollBy(0, topOf(first) - before.first.top);
  before = null;
});
