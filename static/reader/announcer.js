/* What a bulletin changes of the page, as one line for screen readers: at most one in INTERVAL_MS, the newest.
 *
 * Of a page with the feed it is the heading of the newest result, correction or headline that has come, also while
 * the feed's new entries wait; of any other page what its own seat, council or headline says, once it says something
 * else. Bulletins that change neither are not announced. */

import { parse } from "./replace.js";

const INTERVAL_MS = 20_000;
const ENTRIES = ".result-card h3, .change h3, [data-kind=headline] h3";

const announcer = document.getElementById("announcer");
let announcedAt = -Infinity;
let next = "";
let pending = null;

const textOf = (element) => element.textContent.replace(/\s+/g, " ").trim();

/** What the page says of its own seat, council or headline, and what of it is read out. */
function statement() {
  const [one] = document.querySelectorAll(".seat, .body-state, #headline");
  const textsOf = (parts) => [...(one?.querySelectorAll(parts) ?? [])].map(textOf).filter(Boolean);
  const [heading] = textsOf("h1");
  return {
    // With the times of a seat's result and of its correction.
    whole: textsOf(one?.id === "headline" ? "h1" : "h1, .seat-head .progress, .body-state .standfirst").join(),
    line: [heading, ...textsOf(".status"), ...textsOf(".body-state .standfirst")].join(". "),
  };
}

/** The heading of the newest entry that a frame's fragments add to the feed. */
function newestEntry(fragments) {
  for (const { id, hidden } of parse(fragments.feed).children) {
    const html = hidden && !document.querySelector(`#feed > #${CSS.escape(id)}`) && fragments[id];
    const heading = html && parse(`<div>${html}</div>`).querySelector(ENTRIES);
    if (heading) return textOf(heading);
  }
  return "";
}

/** Call before a frame is shown. Returns what announces it once it is shown. */
export function announcementOf(fragments) {
  if (!announcer) return () => {};
  if (document.getElementById("feed")) {
    const line = fragments.feed ? newestEntry(fragments) : "";
    return () => announce(line);
  }
  const before = statement().whole;
  return () => {
    const { whole, line } = statement();
    if (whole !== before) announce(line);
  };
}

function announce(line) {
  if (!line) return;
  next = line;
  pending ??= setTimeout(() => {
    pending = null;
    announcedAt = performance.now(); // a clock that is set back would keep it silent
    announcer.textContent = next;
  }, Math.max(0, announcedAt + INTERVAL_MS - performance.now()));
}
