/* What is true only until a time, by the server's clock: no bulletin says that a time has passed. Until the server has
 * said the time, the page stands as it was served, and by then marked.
 *
 * Marks what was expected and has not come, and replaces sentences by those that hold from then on. */

import { serverTime } from "./clock.js";

const GRACE_MS = 10 * 60_000; // the times are rough
const NIGHT_MS = 24 * 60 * 60_000; // of an earlier election nothing is overdue
const CHECK_MS = 60_000;

function mark() {
  const now = serverTime();
  if (now === null) return;
  for (const time of document.querySelectorAll(".expected time")) {
    const late = now - Date.parse(time.dateTime);
    time.parentElement.classList.toggle("is-overdue", late > GRACE_MS && late < NIGHT_MS);
  }
  for (const sentence of document.querySelectorAll("[data-until]")) {
    const { until, then } = sentence.dataset;
    if (now < Date.parse(until)) continue;
    sentence.textContent = then;
    sentence.removeAttribute("data-until");
    sentence.removeAttribute("data-then");
    // Drawn anew as by a bulletin: a shorter sentence moves none that stays.
    const headline = sentence.closest(".headline");
    headline?.parentNode.insertBefore(headline, headline.nextSibling);
  }
}

mark();
for (const change of ["desk:applied", "desk:time", "htmx:afterSettle"]) document.addEventListener(change, mark);
setInterval(mark, CHECK_MS);
