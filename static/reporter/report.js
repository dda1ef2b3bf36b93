/* Reports that this phone is in use and what it holds, and reads what became of what it has sent: whenever the
 * socket says that something has changed, and every 20 seconds without one. */

import { ownAnswers, receiveCounts, receiveSilence, reporter } from "./answers.js";
import { messages, receive, shownIds } from "./messages.js";
import { drain, needsReporter, notify, ownItems, updateStates } from "./outbox.js";
import { cookie, jsonOf, post, timeout } from "./request.js";
import { isListening, keepListening } from "../shared/socket.js";

const INTERVAL_MS = 20_000;
/** While the socket brings what is new, or nobody looks at the page: a report only shows that the phone is in use. */
const LONG_INTERVAL_MS = 60_000;
const TIMEOUT_MS = 20_000;
/** Of the answers on this phone: the desk leaves out what one request asks beyond (`results/reporter/followed.py`). */
const MOST = 50;
let last = 0;
let reporting = false;
/** How often the phone has lost its signal: an answer to what was asked before is not of now. */
let losses = 0;
let again = false;
/** What the desk was told last that this phone holds unsent. */
let unsent = 0;

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
  const before = losses;
  const mine = ownItems();
  const settled = ownAnswers().slice(0, MOST);
  const known = JSON.stringify(messages());
  const body = new FormData();
  unsent = mine.length;
  body.set("unsent", String(unsent));
  body.set("asked", String(mine.filter(needsReporter).length));
  for (const { key } of [...settled, ...mine.filter((item) => item.tried)]) body.append("key", key);
  for (const id of shownIds()) body.append("read", String(id));
  body.append("count", location.pathname);
  const response = await post(document.body.dataset.heartbeat, body, cookie("csrftoken"), timeout(TIMEOUT_MS));
  const data = await jsonOf(response);
  const isAnswer = response?.ok && String(data?.reporter) === reporter && Boolean(data.sent);
  const isSignedOut = response?.status === 401 && data?.state === "signed-out";
  receiveSilence(before !== losses || (!isAnswer && !isSignedOut));
  if (isSignedOut) receiveCounts(null);
  if (!isAnswer) return;
  receiveCounts(data.counts ?? {});
  document.dispatchEvent(new CustomEvent("report", { detail: data }));
  if (updateStates(data.sent, settled)) again = true;
  // The network is back, whatever the phone's system says of it.
  if (ownItems().some((item) => !needsReporter(item))) drain();
  // Another tab has heard of some since: this answer may be older.
  if (JSON.stringify(messages()) !== known) again = true;
  else if (receive(data.messages ?? [])) notify();
}

export function keepReporting() {
  const interval = () => (document.hidden || isListening() ? LONG_INTERVAL_MS : INTERVAL_MS);
  const due = () => performance.now() - last > interval() - 500;
  setInterval(() => { if (due()) report(); }, INTERVAL_MS);
  for (const sign of ["online", "pageshow"]) addEventListener(sign, report);
  addEventListener("offline", () => {
    losses += 1;
    receiveSilence(true);
  });
  // The desk would show it as unsent until the next report.
  document.addEventListener("outbox", () => { if (ownItems().length < unsent) report(); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) report(); });
  keepListening(report);
}
