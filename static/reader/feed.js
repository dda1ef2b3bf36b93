/* The feed of the live page: a list of ids, whose entries are fragments of their own.
 *
 * Entries change in place. New ones wait while the reader has scrolled down. A withdrawn one goes at once.
 */

import { parse, replace, restoringFocus } from "./replace.js";

const arrived = new Map(); // HTML by id of entries that are not on the page yet
let waiting = null; // the newest list, not shown yet
let button = null;

const isScrolledPast = (feed) => feed.getBoundingClientRect().top < -40;
const PREFIX = /^(result|bulletin|headline|milestone|postponed)-/; // as results/live/feed_list.py

export const isEntry = (id) => PREFIX.test(id);

const onPage = (id) => document.querySelector(`#feed > #${CSS.escape(id)}`);

// What the page says of itself to programs that read it as it was served.
const SERVED = 'meta[property^="og:"], meta[name^="twitter:"], script[type="application/ld+json"]';

/** Remove it once it has words that are not on the page: a browser's reader view would show them. */
export function forgetServed() {
  for (const each of document.head.querySelectorAll(SERVED)) each.remove();
}

/** Show an entry that changed, remove one that was withdrawn (whose HTML is empty), keep a new one. */
export function addEntry(id, html) {
  const present = onPage(id);
  if (present || !html) forgetServed();
  if (!html) {
    arrived.delete(id);
    present?.remove();
  } else if (present) {
    replace(present, html);
  } else {
    arrived.set(id, html);
  }
}

/** Show the feed's new list; where that would move what is being read, offer its new entries.
 *
 * Returns false if the page lacks one of its entries. */
export function updateFeed(html) {
  const feed = document.getElementById("feed");
  const entries = [...parse(html).children].filter((entry) => entry.id);
  if (!entries.every(({ hidden, id }) => !hidden || arrived.has(id) || onPage(id))) return false;
  if (!isScrolledPast(feed)) {
    showAll(html);
    return true;
  }
  waiting = html;
  const added = entries.filter(({ id }) => !onPage(id)).length;
  if (added) offer(feed, added);
  else removeOffer(); // it was withdrawn
  return true;
}

function showAll(html) {
  waiting = null;
  removeOffer();
  const feed = parse(html);
  restoringFocus(document.getElementById("feed"), feed, () => {
    for (const place of feed.querySelectorAll(":scope > [hidden]")) {
      const html = arrived.get(place.id);
      const entry = html === undefined ? onPage(place.id) : parse(html);
      if (entry) place.replaceWith(entry);
    }
  });
  arrived.clear();
}

function removeOffer() {
  button?.remove();
  button = null;
}

function offer(feed, count) {
  if (!button) {
    button = document.createElement("button");
    button.type = "button";
    button.className = "new-entries";
    button.addEventListener("click", () => {
      showAll(waiting);
      // Not to #happenings, which has no box on a phone.
      const head = document.querySelector("#happenings > .filters") ?? document.getElementById("feed");
      head.scrollIntoView({ block: "start" });
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
