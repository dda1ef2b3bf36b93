/* The feed of the live page: entries change in place; new ones wait while the reader has scrolled down. */

import { parse, replace } from "./replace.js";

let waiting = null; // the newest HTML of the feed, not shown yet
let button = null;

const isScrolledPast = (feed) => feed.getBoundingClientRect().top < -40;

/** Show the feed's new HTML; where that would move what is being read, offer its new entries. */
export function updateFeed(old, html) {
  if (!isScrolledPast(old)) return showAll(html);
  waiting = html;
  const feed = parse(html);
  for (const entry of feed.children) {
    const present = entry.id && old.querySelector(`#${CSS.escape(entry.id)}`);
    if (present && present.outerHTML !== entry.outerHTML) present.replaceWith(entry.cloneNode(true));
  }
  const added = [...feed.children].filter((entry) => !document.getElementById(entry.id)).length;
  if (added) offer(old, added);
}

function showAll(html) {
  waiting = null;
  button?.remove();
  button = null;
  replace(document.getElementById("feed"), html);
}

function offer(feed, count) {
  if (!button) {
    button = document.createElement("button");
    button.type = "button";
    button.className = "new-entries";
    button.addEventListener("click", () => {
      showAll(waiting);
      document.getElementById("happenings").scrollIntoView({ block: "start" });
      document.querySelector("#feed a")?.focus({ preventScroll: true });
    });
    feed.before(button);
  }
  button.textContent = `${count} ${feed.dataset.new}`;
}

addEventListener("scroll", () => {
  const feed = document.getElementById("feed");
  if (waiting && feed && !isScrolledPast(feed)) showAll(waiting);
}, { passive: true });
