/* The page of what this browser follows: fetches its seats as they are now, and removes what is not followed. */

import { onApplied } from "./applied.js";
import { followed, takeButtons } from "./follow.js";
import { ask, repeating } from "./repeating.js";
import { restoringFocus } from "./replace.js";
import { whenReleased } from "../shared/presses.js";

const box = () => document.getElementById("following");

const listed = () => box().dataset.seats.split(",").filter(Boolean).sort().join(",");

/** How often was asked, and which answer is shown: a later one may come first. */
let asked = 0;
let shown = 0;
// As many as the desk lists: an address has 4,000 characters at most.
const wanted = () => [...followed("seats")].sort().slice(0, 100);

/** Show the followed seats as they are now; `changed` where a bulletin may have changed them. */
async function show(changed) {
  const mine = ++asked;
  const seats = wanted();
  if (seats.join(",") !== listed() || (changed && seats.length)) {
    const query = new URLSearchParams(seats.length ? { seats: seats.join(",") } : {});
    const cache = changed ? "no-cache" : "default";
    const response = await ask(`${location.pathname}?${query}`, { cache });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    await whenReleased();
    if (seats.join(",") !== wanted().join(",")) { await show(changed); return; }
    if (mine < shown) return;
    shown = mine;
    const now = page.getElementById("followed-list");
    const old = document.getElementById("followed-list");
    const hadFocus = old.contains(document.activeElement);
    box().dataset.seats = page.getElementById("following").dataset.seats;
    takeButtons(document.adoptNode(now));
    restoringFocus(old, now);
    if (hadFocus && !now.contains(document.activeElement)) {
      (now.querySelector("button[data-follow]") ?? document.getElementById("find")).focus();
    }
  }
}

let outdated = false; // what has changed could not be fetched

/** Show what is followed; without a network the page shows what it has, and tries again. */
async function refresh(changed = false) {
  const isChanged = changed || outdated;
  outdated = false;
  try {
    await show(isChanged);
    repeats.answered();
  } catch ({ status }) {
    outdated ||= isChanged;
    repeats.failed(status);
  }
}

const repeats = repeating(() => refresh());

takeButtons(box());
refresh();
document.addEventListener("desk:followed", () => refresh());

// Not all pages at once.
let scheduled = null;
onApplied(() => {
  scheduled ??= setTimeout(() => {
    scheduled = null;
    refresh(true);
  }, 500 + Math.random() * 2_500);
});
