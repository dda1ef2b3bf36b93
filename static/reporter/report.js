/* Reports to the desk that this phone is in use and what it holds, and hears what became of the rest. */

import { answers } from "./answers.js";
import { receive, shownIds } from "./messages.js";
import { items, needsReporter, notify, updateStates } from "./outbox.js";
import { cookie, jsonOf, post } from "./request.js";
import { timeout } from "./timeout.js";

const INTERVAL = 20_000;
/** While nobody looks at the page, only the desk wants to know that the phone is there. */
const INTERVAL_WHILE_HIDDEN = 60_000;
const LONGEST = 20_000;
const reporter = document.body.dataset.reporter;
let last = 0;
let reporting = false;

export async function report() {
  if (reporting) return;
  reporting = true;
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
  try {
    const response = await post(document.body.dataset.heartbeat, body, cookie("csrftoken"), timeout(LONGEST));
    const data = response?.ok ? await jsonOf(response) : null;
    if (String(data?.reporter) !== reporter || !data.sent) return;
    updateStates(data.sent, settled);
    if (receive(data.messages ?? [])) notify();
  } finally {
    reporting = false;
  }
}

export function keepReporting() {
  const due = () => performance.now() - last > (document.hidden ? INTERVAL_WHILE_HIDDEN : INTERVAL) - 500;
  setInterval(() => { if (due()) report(); }, INTERVAL);
  for (const sign of ["online", "pageshow"]) addEventListener(sign, report);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) report(); });
}
