/* Whether anything is published from the count of this page any more, as the desk said last. */

import { notify } from "./outbox.js";

/** The sentence about each page, by its path; null once nobody is signed in. */
let said = {};

export function receiveCounts(counts) {
  if (JSON.stringify(counts) === JSON.stringify(said)) return;
  said = counts;
  notify();
}

/** What the reporter has to know of this page's count; "" where it is as the page says. */
export const countState = (text) => (said === null ? text.sessionEnded : said[location.pathname] ?? "");
