/* Reports to the desk that this phone is in use and what it holds, and hears what became of the rest: whenever
 * the socket says that there is news, and every 20 seconds without one. */

import { answers } from "./answers.js";
import { receive, shownIds } from "./messages.js";
import { receiveCounts } from "./counts.js";
import { items, needsReporter, notify, updateStates } from "./outbox.js";
import { cookie, jsonOf, post } from "./request.js";
import { hears, keepListening } from "../shared/socket.js";
import { timeout } from "./timeout.js";

const INTERVAL = 20_000;
/** While the socket brings what is new, or nobody looks at the page, only the desk wants to know that the phone
    is there. */
const LONG_INTERVAL = 60_000;
const LONGEST = 20_000;
const reporter = document.body.dataset.reporter;
let last = 0;
let reporting = false;
let again = false;

export async function report() {
  // What happens meanwhile may not be in the answer.
  again = reporting;
  if (reporting) return;
  reporting = true;
  try {
    await ask();
  } finally {
    reporting = false;
    if (again) report();
  }
}

async function ask() {
  last = performance.now();
  const mine = items().filter((item) => item.reporter === reporter);
  const settled = answers().filter((answer) => answer.reporter === reporter).map(({ key }) => key);
  const body = new FormData();
  body.set("unsent", String(mine.length));
  body.set("asked", String(mine.filter(needsReporter).length));
  for (const key of [...settled, ...mine.filter((item) => item.tried).map((item) => item.key)]) {
    body.append("key", key);
  }
  for (const id of shownIds()) body.append("read", String(id));
  body.append("count", location.pathname);
  const response = await post(document.body.dataset.heartbeat, body, cookie("csrftoken"), timeout(LONGEST));
  const data = await jsonOf(response);
  if (response?.status === 401 && data?.state === "signed-out") receiveCounts(null);
  if (!response?.ok || String(data?.reporter) !== reporter || !data.sent) return;
  receiveCounts(data.counts ?? {});
  updateStates(data.sent, settled);
  if (receive(data.messages ?? [])) notify();
}

export function keepReporting() {
  const due = () => performance.now() - last > (document.hidden || hears() ? LONG_INTERVAL : INTERVAL) - 500;
  setInterval(() => { if (due()) report(); }, INTERVAL);
  for (const sign of ["online", "pageshow"]) addEventListener(sign, report);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) report(); });
  keepListening(report);
}
