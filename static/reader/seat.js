/* The page of one seat: following it, sharing it, and what other seats change of it. */

import { onApplied } from "./applied.js";
import { ask, repeating } from "./repeating.js";
import { restoringFocus } from "./replace.js";
import { whenReleased } from "../shared/presses.js";

const page = document.documentElement.dataset;
const actions = document.querySelector(".seat-actions");

/* --- following: kept in this browser only, as on the front page (seats.js) ------------------- */

const KEY = `seats-${page.election}`;

function stored() {
  try {
    return JSON.parse(localStorage.getItem(KEY)) || [];
  } catch {
    return [];
  }
}

const follow = actions.querySelector(".follow");
const { slug } = actions.dataset;

function draw() {
  const followed = stored().includes(slug);
  follow.setAttribute("aria-pressed", String(followed));
  follow.querySelector("[aria-hidden]").textContent = followed ? "\u2605" : "\u2606";
  follow.querySelector(".words").textContent = followed ? follow.dataset.following : follow.dataset.follow;
}

follow.addEventListener("click", () => {
  const slugs = stored();
  const others = slugs.filter((other) => other !== slug);
  try {
    localStorage.setItem(KEY, JSON.stringify(slugs.includes(slug) ? others : [...slugs, slug]));
  } catch {
    return; // without storage it cannot be kept, and the button does not say that it is
  }
  draw();
  document.dispatchEvent(new Event("desk:follow"));
});

// Another tab of the same night may follow it too.
addEventListener("storage", draw);
draw();
follow.hidden = false;

/* --- sharing -------------------------------------------------------------------------------- */

const share = actions.querySelector(".share");
const address = document.querySelector('link[rel="canonical"]')?.href || location.href;

if (navigator.share || navigator.clipboard) {
  const words = share.textContent;
  share.hidden = false;
  share.addEventListener("click", async () => {
    try {
      if (navigator.share) {
        const title = document.querySelector(".seat h1").textContent.trim();
        await navigator.share({ title, url: address });
        return;
      }
      await navigator.clipboard.writeText(address);
      share.textContent = actions.dataset.copied;
      setTimeout(() => { share.textContent = words; }, 2_000);
    } catch { /* the reader thought better of it */ }
  });
} else {
  share.remove();
}

/* --- the region's figures, and which seat declared next --------------------------------------- */

const PARTS = ["order", "around"].map((name) => `[data-refetched="${name}"]`);
let scheduled = null;
/** How often was asked, and which answer is shown: on a slow line a later one may come first. */
let asked = 0;
let shown = 0;

/** Fetch the page again for the parts that no bulletin carries; those that are the same stay. */
async function refresh() {
  scheduled = null;
  const mine = ++asked;
  try {
    const response = await ask(location.href, { cache: "no-cache" });
    const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
    if (!fresh.querySelector(PARTS[0])) throw new Error("not of the desk"); // a hotspot's own page
    await whenReleased();
    if (mine < shown) return;
    shown = mine;
    repeats.answered();
    for (const part of PARTS) {
      const [old, now] = [document.querySelector(part), fresh.querySelector(part)];
      if (!old || !now || old.outerHTML === now.outerHTML) continue;
      restoringFocus(old, document.adoptNode(now));
    }
  } catch ({ status }) {
    if (mine > shown) repeats.failed(status);
  }
}

const repeats = repeating(refresh);

onApplied((event) => {
  const order = document.querySelector(PARTS[0]);
  const beside = [...order.querySelectorAll(".in-order a")].map((link) => `row-${link.pathname.split("/")[2]}`);
  const concerned = event.detail.ids.some((id) => (
    id.startsWith("region-") || id === `seat-${slug}` || beside.includes(id)));
  if (!concerned && order.dataset.newest === undefined) return;
  // Every open page of the region has the same reason at once.
  scheduled ??= setTimeout(refresh, 500 + Math.random() * 2_500);
});
