/* Hands what waits to the service worker, which sends it after the page is closed (Background Sync).
 *
 * A worker reads no localStorage. What is due is copied to a cache, one entry for each key; the worker writes
 * there what became of it, and a page takes that up. */

import { drain, dueItems, handed, item, notify, takeUp } from "./outbox.js";

const CACHE = "outbox";
const TAG = "outbox";
const reporter = document.body.dataset.reporter;
const addressOf = (key) => `/count/outbox/${key}`;
/** What was copied last, by key. */
const copied = new Map();
let working = Promise.resolve();

/** One after another: a later copy must not be overtaken by an earlier one. */
function inTurn(work) {
  working = working.then(work).catch(() => {});
  return working;
}

/** Read the worker's entries of this reporter, and take up what it has done. */
async function takeUpAll() {
  if (!(await caches.has(CACHE))) return;
  const cache = await caches.open(CACHE);
  for (const request of await cache.keys()) {
    const entry = await (await cache.match(request))?.json();
    if (entry?.reporter !== reporter) continue;
    if (entry.answer || entry.asks || entry.tried) takeUp(entry);
    // What the reporter has taken back, or another page has settled, is not sent.
    if (entry.answer || entry.asks || !item(entry.key)) await cache.delete(request);
    else copied.set(entry.key, textOf(entry));
  }
}

/** What the worker needs of an item. Whether a session has ended it finds out by itself; a try of the page's own
    is no reason to wake it, nor one of its own when the page takes the entry up again. */
const textOf = ({ timedOut, asks, turn, tried, ...entry }) => JSON.stringify(entry);

/** Make the entries equal to what is due, and have the worker woken for them. */
async function handOver(registration, again = false) {
  const due = dueItems();
  const texts = new Map(due.map((entry) => [entry.key, textOf(entry)]));
  const changed = due.filter(({ key }) => again || copied.get(key) !== texts.get(key));
  const gone = [...copied.keys()].filter((key) => !texts.has(key));
  if (!changed.length && !gone.length) return;
  const cache = await caches.open(CACHE);
  for (const key of gone) {
    await cache.delete(addressOf(key));
    copied.delete(key);
    handed.delete(key);
  }
  for (const { key, turn } of changed) {
    await cache.put(addressOf(key), new Response(JSON.stringify({ ...JSON.parse(texts.get(key)), turn })));
    copied.set(key, texts.get(key));
  }
  if (!due.length) return;
  // Refused where the reader has switched it off: then the page has to stay open.
  await registration.sync.register(TAG);
  const before = handed.size;
  for (const { key } of due) handed.add(key);
  if (handed.size !== before) notify();
}

export async function keepHandingOver() {
  const registration = await navigator.serviceWorker.ready;
  const copy = (again) => inTurn(() => handOver(registration, again));
  const takeUpThenCopy = (again) => inTurn(takeUpAll).then(() => copy(again));
  document.addEventListener("outbox", () => copy());
  document.addEventListener("visibilitychange", () => (document.hidden ? copy(true) : takeUpThenCopy()));
  addEventListener("pagehide", () => copy(true));
  navigator.serviceWorker.addEventListener("message", ({ data }) => {
    if (data === "outbox") takeUpThenCopy();
    if (data === "drain") drain();
  });
  await takeUpThenCopy(true);
}
