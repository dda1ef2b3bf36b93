/* The feed of the live page: entries change in place, and new ones wait while somebody reads. */

import { parse, replace } from "./replacing.js";

let waiting = null;
let pill = null;

const reading = (feed) => feed.getBoundingClientRect().top < -40;

/* Show what came, or keep it behind the button where that would move what is being read. */
export function takeFeed(old, html) {
  if (!reading(old)) return showAll(html);
  waiting = html;
  const now = parse(html);
  for (const entry of now.children) {
    const shown = entry.id && old.querySelector(`#${CSS.escape(entry.id)}`);
    if (shown && shown.outerHTML !== entry.outerHTML) shown.replaceWith(entry.cloneNode(true));
  }
  const fresh = [...now.children].filter((entry) => !document.getElementById(entry.id)).length;
  if (fresh) offer(old, fresh);
}

function showAll(html) {
  waiting = null;
  pill?.remove();
  pill = null;
  replace(document.getElementById("feed"), html);
}

function offer(feed, count) {
  if (!pill) {
    pill = document.createElement("button");
    pill.type = "button";
    pill.className = "pill";
    pill.addEventListener("click", () => {
      showAll(waiting);
      const top = document.getElementById("happenings");
      top.scrollIntoView({ block: "start" });
      const first = document.querySelector("#feed a");
      first?.focus({ preventScroll: true });
    });
    feed.before(pill);
  }
  pill.textContent = `${count} ${feed.dataset.new}`;
}

addEventListener("scroll", () => {
  const feed = document.getElementById("feed");
  if (waiting && feed && !reading(feed)) showAll(waiting);
}, { passive: true });
