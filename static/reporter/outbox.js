/* The submissions that the server has not answered. One leaves the outbox only when the server has
 * answered with its idempotency key; any other response (a proxy's, a portal's) means: try again. */

import { forget, named, newKey, read, write } from "./storage.js";
import { timeout } from "./timeout.js";

const RETRY_INTERVAL = 15_000;
const HEARTBEAT_INTERVAL = 60_000;
const SEND_TIMEOUT = 20_000;
const SEND_TIMEOUT_WITH_PICTURE = 120_000;
const ANSWERS_KEPT = 20;
/** Too large, or an unsupported type: final, even where a proxy says it and not the server. */
const NEVER_ACCEPTED = new Set([413, 415]);
const reporter = document.body.dataset.reporter;
const name = (key) => `outbox:${key}`;
/** Items of a phone whose storage fails: they live as long as the page. */
const unstored = new Map();
/** When an item was queued, by the monotonic clock: nobody can set it. */
const queuedAt = new Map();
let draining = null;
let again = false;
let sending = null;

export function items() {
  const stored = named("outbox:").map((entry) => read(entry)).filter(Boolean);
  return [...stored, ...unstored.values()].sort((first, second) => first.at - second.at);
}

export const item = (key) => unstored.get(key) ?? read(name(key));
/** Whether an item waits for the reporter rather than for the network. */
const needsReporter = ({ asks }) => asks && !["signed-out", "another"].includes(asks.state);

export const answers = () => read("answers", []);
export const answerTo = (key) => answers().find((answer) => answer.key === key) ?? null;
export const isSending = (key) => sending === key;
/** Why the server does not accept an item, in sentences; empty where it did not say. */
export const reasonsOf = (item) => (item?.asks?.findings ?? [item?.asks?.words]).filter(Boolean);

function notify(detail = {}) {
  document.dispatchEvent(new CustomEvent("outbox", { detail }));
}

function save(item) {
  if (unstored.has(item.key) || !write(name(item.key), item)) unstored.set(item.key, item);
}

function remove(key) {
  forget(name(key));
  unstored.delete(key);
  queuedAt.delete(key);
}

/** Queue a submission; the same key again is the same submission. */
export function send({ key, address, fields, label, draft = null, picture = null }) {
  if (!item(key) && !answerTo(key)) {
    queuedAt.set(key, performance.now());
    save({ key, address, fields, label, draft, picture, reporter, at: Date.now(), asks: null });
  }
  notify({ key });
  return drain();
}

/** Send an item again with more fields (a reason), under the same key. */
export function answer(key, more) {
  const waiting = item(key);
  if (!waiting) return;
  const names = new Set(more.map(([field]) => field));
  waiting.fields = [...waiting.fields.filter(([field]) => !names.has(field)), ...more];
  waiting.asks = null;
  save(waiting);
  notify({ key });
  drain();
}

/** Remove an item at the reporter's request: it was never published. */
export function takeBack(key) {
  remove(key);
  notify({ key });
}

/** Send what waits. A call during a round starts another: the attempt on its way may be failing for a
    reason that has just gone. */
export function drain() {
  again = true;
  draining ??= rounds();
  return draining;
}

async function rounds() {
  try {
    while (again) {
      again = false;
      await inOneTab(sendAll);
    }
  } finally {
    draining = sending = null;
    notify();
  }
}

/** Run `work` in one tab at a time. A tab that the browser suspended in the middle is not waited for;
    then, and where there are no locks, the idempotency key alone prevents a second publication. */
async function inOneTab(work) {
  if (!navigator.locks) return work();
  const signal = timeout(SEND_TIMEOUT);
  try {
    return await navigator.locks.request("outbox", { signal }, work);
  } catch (error) {
    if (!signal.aborted) throw error;
    return work();
  }
}

/** Whether an item is a revision of a count's result, which depends on the ones before it. */
const isRevision = ({ fields }) => fields.some(([field]) => field === "base_revision");

async function sendAll() {
  const tried = new Set();
  const unanswered = new Set(); // addresses of revisions that must not be overtaken by later ones
  for (;;) {
    const next = items()
      .filter((item) => !tried.has(item.key) && item.reporter === reporter && !needsReporter(item))
      .find((item) => !isRevision(item) || !unanswered.has(item.address));
    if (!next) return;
    tried.add(next.key);
    sending = next.key;
    notify({ key: next.key });
    await sendOne(next);
    const left = item(next.key);
    if (left && isRevision(left) && !needsReporter(left)) unanswered.add(left.address);
    sending = null;
    notify({ key: next.key });
  }
}

async function sendOne(sent) {
  let response = await post(sent, cookie("csrftoken"));
  if (response?.status === 403) response = await post(sent, await freshToken());
  const answer = await jsonOf(response);
  const waiting = item(sent.key);
  if (!waiting) return; // taken back meanwhile
  const isOurs = answer?.key === sent.key;
  if (response?.ok && isOurs && answer.state) return settle(waiting, answer);
  if (isOurs && (response.status === 409 || response.status === 422)) waiting.asks = answer;
  else if (NEVER_ACCEPTED.has(response?.status)) waiting.asks = { state: "refused", words: answer?.words };
  else if (answer?.state === "another") waiting.asks = answer;
  else if (response?.status === 401 || response?.status === 403) waiting.asks = { state: "signed-out" };
  else waiting.asks = null;
  save(waiting);
}

function settle({ key, label, fields }, answer) {
  const others = answers().filter((other) => other.key !== key);
  write("answers", [{ ...answer, label, reporter }, ...others].slice(0, ANSWERS_KEPT));
  remove(key);
  notify({ key, answer, fields });
}

async function post(item, token) {
  const body = new FormData();
  for (const [field, value] of item.fields) if (field !== "csrfmiddlewaretoken") body.append(field, value);
  body.set("key", item.key);
  body.set("reporter", item.reporter);
  body.set("waited", String(secondsWaited(item)));
  try {
    if (item.picture) body.set("picture", blobOf(item.picture), "photo.jpg");
    return await fetch(item.address, {
      method: "POST",
      body,
      headers: { Accept: "application/json", "X-CSRFToken": token },
      redirect: "manual",
      cache: "no-store",
      signal: timeout(item.picture ? SEND_TIMEOUT_WITH_PICTURE : SEND_TIMEOUT),
    });
  } catch { return null; }
}

function blobOf(dataAddress) {
  const base64 = dataAddress.slice(dataAddress.indexOf(",") + 1);
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  return new Blob([bytes], { type: "image/jpeg" });
}

/** By the monotonic clock while the page stays open, else by the phone's own. */
function secondsWaited({ key, at }) {
  const from = queuedAt.get(key);
  const passed = from === undefined ? Date.now() - at : performance.now() - from;
  return Math.max(0, Math.round(passed / 1000));
}

async function jsonOf(response) {
  if (!response?.headers.get("Content-Type")?.startsWith("application/json")) return null;
  try { return await response.json(); } catch { return null; }
}

function cookie(which) {
  const pair = document.cookie.split("; ").find((entry) => entry.startsWith(`${which}=`));
  return pair ? decodeURIComponent(pair.slice(which.length + 1)) : "";
}

async function freshToken() {
  try {
    const response = await fetch(document.body.dataset.token, { cache: "no-store", redirect: "manual" });
    return (await jsonOf(response))?.token ?? "";
  } catch { return ""; }
}

/** Report that this phone is in use, and how many items it has not sent. */
async function sendHeartbeat() {
  const mine = items().filter((item) => item.reporter === reporter);
  const body = new FormData();
  body.set("unsent", String(mine.length));
  body.set("asked", String(mine.filter(needsReporter).length));
  try {
    await fetch(document.body.dataset.heartbeat, {
      method: "POST", body, headers: { "X-CSRFToken": cookie("csrftoken") }, redirect: "manual",
    });
  } catch { /* no signal: the server notices the silence */ }
}

/** Send what waits at every sign that the network may be back, and on a timer, since there may be no
    sign. An answered check is one, too (`forms.js`). */
export function keepTrying() {
  addEventListener("online", drain);
  addEventListener("pageshow", drain);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) drain(); });
  addEventListener("storage", () => notify());
  setInterval(() => { if (items().length) drain().then(sendHeartbeat); }, RETRY_INTERVAL);
  setInterval(sendHeartbeat, HEARTBEAT_INTERVAL);
  drain().then(sendHeartbeat);
}

export { newKey };
