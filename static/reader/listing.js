/* Lists that are no fragments: htmx fetches the page again some time after each frame.
 *
 * A page of one region only after what concerns it. Each page waits a random time. What has the focus keeps
 * it, and what is being read stays in place. Nothing changes while something is pressed. Where no answer comes,
 * or one without the list (of a hotspot that wants its own form filled in first), the page asks again, and more
 * and more rarely for what the desk has no more. */

import { onApplied } from "./applied.js";
import { forgetServed } from "./feed.js";
import { isGone, repeating } from "./repeating.js";
import { restoringFocus, useOf } from "./replace.js";
import { isPressed, whenReleased } from "../shared/presses.js";

const list = () => document.querySelector("[hx-select]");
const elements = () => [...list().querySelectorAll("[id], a[href]")];
const nameOf = (element) => element.id || element.getAttribute("href");
const find = (name) => elements().find((element) => nameOf(element) === name);
const topOf = (element) => element.getBoundingClientRect().top;

let scheduled = null;
let before = null; // how the list was used, and what stood at the top of the screen, before a swap

const { topics } = document.documentElement.dataset;

onApplied((event) => {
  if (topics !== "listing" && !event.detail.ids.length) return;
  schedule();
});

function schedule() {
  scheduled ??= setTimeout(() => {
    scheduled = null;
    refresh();
  }, 500 + Math.random() * 2_500);
}

const refresh = () => htmx.trigger(list(), "desk:list");
const repeats = repeating(refresh);

function firstOnScreen() {
  const element = elements()
    .find((candidate) => nameOf(candidate) && candidate.getBoundingClientRect().height > 0 && topOf(candidate) >= 0);
  return element && { name: nameOf(element), top: topOf(element) };
}

const isOfTheList = (html) => html.includes(` id="${list().id}"`);

document.addEventListener("htmx:beforeSwap", (event) => {
  if (!event.detail.shouldSwap) return; // an error's page
  if (!isOfTheList(event.detail.serverResponse)) {
    Object.assign(event.detail, { shouldSwap: false, isError: true });
    return;
  }
  if (document.querySelector("#connection-status[data-paused]")) {
    event.detail.shouldSwap = false;
    document.addEventListener("desk:resumed", schedule, { once: true });
    return;
  }
  if (isPressed()) {
    event.detail.shouldSwap = false;
    whenReleased().then(refresh);
    return;
  }
  before = { restore: useOf(list()), first: scrollY > 0 ? firstOnScreen() : null };
});

document.addEventListener("htmx:afterSwap", () => {
  if (!before) return;
  forgetServed(); // the page of a council has its quotes in the list
  const { restore, first: was } = before;
  before = null;
  queueMicrotask(() => { // after follow_buttons.js has shown its buttons
    restore(list());
    const first = was && find(was.name);
    if (first) scrollBy(0, topOf(first) - was.top);
  });
});

document.addEventListener("htmx:afterRequest", ({ detail }) => {
  if (detail.successful) {
    repeats.answered();
    return;
  }
  const { status } = detail.xhr;
  repeats.failed(status);
  if (isGone(status) && list().getAttribute("hx-trigger") !== "desk:list") stopEvery();
});

/** Have the list fetched only as often as is said here, until it comes with a trigger of its own again. */
function stopEvery() {
  const still = list().cloneNode(true);
  still.setAttribute("hx-trigger", "desk:list");
  restoringFocus(list(), still);
  htmx.process(still);
}
