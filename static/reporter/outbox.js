/* The submissions that the server has not answered. One leaves the outbox only when the server has
 * answered with its idempotency key; any other response (a proxy's, a portal's) means: try again. */

import { answerTo, forgetAnswer, keep, notify, remember, reporter } from "./answers.js";
import { forgetProgress, inParts, sendParts, startAt } from "./pictures.js";
import { cookie, freshToken, jsonOf, post, timeout } from "./request.js";
import { forget, isKept, named, newKey, read, write } from "./storage.js";

const RETRY_INTERVAL_MS = 15_000;
const SEND_TIMEOUT_MS = 20_000;
/** Too large, or an unsupported type: final, even where a proxy says it and not the server. */
const NEVER_ACCEPTED = new Set([413, 415]);
/** What only the network or a sign-in stands in the way of: it is tried again. */
const TRIED_AGAIN = new Set(["signed-out", "another"]);
const name = (key) => `outbox:${key}`;
/** When an item was queued, by the monotonic clock: nobody can set it. */
const queuedAt = new Map();
let draining = null;
let again = false;
let sending = null;
/** Of the request that is on its way; and the same of a picture, while nothing smaller waits behind it. */
let request = null;
let picture = null;
/** Keys that can still be undone, each with what releases the lock that tells other tabs of it. */
const held = new Map();
/** Keys of what the worker sends if the page is closed (background.js). */
export const handed = new Set();
/** Whether the page may be closed before what it sends now has arrived. */
let leaving = false;
/** The keys of the round so far. */
let tried = new Set();

export function items() {
  const all = named("outbox:").map((entry) => read(entry)).filter(Boolean);
  return all.sort((first, second) => first.at - second.at);
}

export const ownItems = () => items().filter((item) => item.reporter === reporter);
export const item = (key) => read(name(key));
export const isStored = (key) => isKept(name(key));
/** Whether an item waits for the reporter rather than for the network. */
export const needsReporter = ({ asks }) => Boolean(asks) && !TRIED_AGAIN.has(asks.state);

export const isSending = (key) => sending === key;

const save = (item) => write(name(item.key), item);

function remove(key) {
  forget(name(key));
  forgetProgress(key);
  letGo([key]);
  handed.delete(key);
  queuedAt.delete(key);
}

/** The order in which items were made, whatever is done to the phone's clock meanwhile. */
const nextTime = () => Math.max(Date.now(), ...items().map(({ at }) => at + 1));

/** Whether it can be undone: another tab may have sent it. */
export const isHeld = (key) => held.has(key) && Boolean(item(key));

/** The browser releases the lock with the tab. */
function hold(key) {
  const until = new Promise((release) => { held.set(key, release); });
  navigator.locks?.request(`held:${key}`, () => until).catch(() => {});
}

function letGo(keys = [...held.keys()]) {
  for (const key of keys) {
    held.get(key)?.();
    held.delete(key);
  }
}

/** Whether another tab holds an item, to be undone there. One made later would have to wait for it: then it is sent. */
function isHeldElsewhere({ key, at }) {
  if (queuedAt.has(key) || items().some((item) => item.at > at)) return false;
  return navigator.locks?.request(`held:${key}`, { ifAvailable: true }, (lock) => !lock).catch(() => false);
}

/** Queue a submission; the same key again is the same submission. One that is `held` waits for
    `releaseHeld`, and for nothing longer than for whatever is queued after it. */
export function send(entry, { held: holds = false } = {}) {
  const { key, address, fields, label, content = [], draft = null, was = null, picture: file = null, at } = entry;
  letGo();
  if (holds) hold(key);
  if (!item(key) && !answerTo(key)) {
    if (!at) queuedAt.set(key, performance.now());
    const made = { key, address, fields, label, content, draft, was, picture: file, reporter, at: at ?? nextTime() };
    save({ ...made, asks: null, turn: newKey() });
  }
  if (!file) picture?.abort();
  notify({ key });
  return drain();
}

/** Send what the desk has no record of any more, as it was sent before: under its key it is still published once. */
export function sendAgain(key) {
  const { label, content, queued, again: before } = answerTo(key) ?? {};
  if (!before) return null; // another tab has sent it
  forgetAnswer(key);
  return send({ key, label, content, at: queued, ...before });
}

/** Let what is held be sent in its turn. */
export function releaseHeld() {
  letGo();
  notify();
  return drain();
}

/** Send what is held while the page is still there: a lock would come too late. */
export function sendHeld() {
  const waiting = [...held.keys()].map(item).filter(Boolean);
  letGo();
  leaving = true;
  for (const each of waiting) {
    tried.add(each.key);
    sendOne(each).finally(() => notify({ key: each.key }));
  }
  leaving = false;
}

/** Send an item again with more fields (a reason) and rows of its contents, under the same key. */
export function answer(key, more, rows = []) {
  const waiting = item(key);
  if (!waiting) return;
  const names = new Set(more.map(([field]) => field));
  waiting.fields = [...waiting.fields.filter(([field]) => !names.has(field)), ...more];
  const labels = new Set(rows.map(([label]) => label));
  waiting.content = [...(waiting.content ?? []).filter(([label]) => !labels.has(label)), ...rows];
  waiting.asks = null;
  waiting.turn = newKey();
  save(waiting);
  if (!waiting.picture) picture?.abort();
  notify({ key });
  drain();
}

/** Remove an item at the reporter's request. One that may have arrived is taken back at the server,
    which says what became of it. */
export function takeBack(key) {
  const waiting = item(key);
  // The desk is asked at once what became of it.
  if (isSending(key)) request?.abort();
  if (waiting?.tried) {
    const asked = { ...waiting, picture: null, takenBack: true, asks: null };
    // One that is stored as it was would be sent again by the next page.
    if (!save(asked)) { forget(name(key)); save(asked); }
    drain();
  } else {
    remove(key);
  }
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
    then, and where locks are missing or fail, the idempotency key alone prevents a second publication. */
async function inOneTab(work) {
  let begun = false;
  const begin = () => { begun = true; return work(); };
  try {
    await navigator.locks.request("outbox", { signal: timeout(SEND_TIMEOUT_MS) }, begin);
  } catch (error) {
    if (begun) throw error;
    await work();
  }
}

/** Whether an item is a revision of a count's result, which depends on the ones before it. */
const isRevision = ({ fields }) => fields.some(([field]) => field === "base_revision");

/** Whether an item is sent as soon as that can be. */
const isWaiting = (item) => !held.has(item.key) && item.reporter === reporter && !needsReporter(item);
export const dueItems = () => items().filter((item) => isWaiting(item) && isStored(item.key));
/** Whether an item is sent in this round, and was not yet. */
const isDue = (item) => !tried.has(item.key) && isWaiting(item);

async function sendAll() {
  tried = new Set();
  const unanswered = new Set(); // addresses of revisions that must not be overtaken by later ones
  for (;;) {
    const next = bySize(items().filter(isDue))
      .find((item) => !isRevision(item) || !unanswered.has(item.address));
    if (!next) return;
    tried.add(next.key);
    if (await isHeldElsewhere(next)) continue;
    sending = next.key;
    notify({ key: next.key });
    // One that fails in the script itself does not keep the others from being sent.
    try { await sendOne(next); } catch (error) { console.error(error); }
    const left = item(next.key);
    if (left && isRevision(left) && !needsReporter(left)) unanswered.add(left.address);
    sending = null;
    notify({ key: next.key });
  }
}

/** Pictures last: a result does not wait behind a photo. */
const bySize = (items) => [...items.filter((item) => !item.picture), ...items.filter((item) => item.picture)];

async function sendOne(sent) {
  let { response, answer, turn } = await attempt(sent, cookie("csrftoken"));
  if (response?.status === 403) {
    const { token, reporter: signedIn } = await freshToken() ?? {};
    if (token) ({ response, answer, turn } = await attempt(sent, token));
    else if (signedIn === null) answer = { state: "signed-out" };
  }
  const waiting = item(sent.key);
  if (!waiting) return; // settled meanwhile
  if (waiting.takenBack && !sent.takenBack) { again = true; return; } // the next round asks what became of it
  const isOurs = answer?.key === sent.key;
  if (isOurs && answer.state === "parts") return startAt(sent.key, answer.offset, blobOf(sent.picture).size);
  if (response?.ok && isOurs && answer.state && answer.state !== "part") return settle(waiting, answer);
  // Another tab has tried since, or the reporter has answered: this is no longer what the item asks.
  if (waiting.turn !== turn) return;
  waiting.asks = askedBy(response, answer, isOurs);
  // It was looked at and not taken; or not looked at, and an earlier try may have been.
  if (isOurs || NEVER_ACCEPTED.has(response?.status)) waiting.tried = false;
  else if (waiting.asks) waiting.tried = Boolean(sent.tried);
  if (needsReporter(waiting)) waiting.takenBack = false;
  save(waiting);
}

/** What a response that takes nothing asks of the reporter; null for the network's own. */
function askedBy(response, answer, isOurs) {
  if (isOurs && (response.status === 409 || response.status === 422)) return answer;
  if (NEVER_ACCEPTED.has(response?.status)) return { state: "refused", words: answer?.words };
  return TRIED_AGAIN.has(answer?.state) ? answer : null;
}

function settle(waiting, answer) {
  const { key, fields } = waiting;
  keep(waiting, answer);
  remove(key);
  notify({ key, answer, fields });
}

/** `{response, answer}` to the item; to a part of its picture where that was not taken. With the item's `turn` while
    nothing later is known of it: each try, and each answer of the reporter, begins another. */
async function attempt(sent, token) {
  const blob = sent.picture && !sent.takenBack ? blobOf(sent.picture) : null;
  const parts = Boolean(blob) && inParts(blob);
  const before = item(sent.key)?.turn;
  const post = (body) => (mayGoOn(sent) ? attemptPost(sent, withSender(body, sent), token) : null);
  const stopped = parts && await sendParts(sent.key, blob, post, () => notify({ key: sent.key }));
  if (stopped) return { ...stopped, turn: before };
  const latest = item(sent.key);
  if (!latest || (latest.takenBack && !sent.takenBack)) return {};
  // Without any network it does not leave the phone.
  const turn = navigator.onLine ? newKey() : latest.turn;
  if (navigator.onLine) { save({ ...latest, tried: true, asks: null, turn }); notify({ key: sent.key }); }
  const body = bodyOf(sent);
  if (parts) body.set("parts", String(blob.size));
  else if (blob) body.set("picture", blob, "photo.jpg");
  const response = await attemptPost(sent, body, token);
  return { response, answer: await jsonOf(response), turn };
}

/** Whether the next part follows: the picture was not taken back, and nothing smaller came meanwhile. */
function mayGoOn({ key }) {
  const waiting = item(key);
  const smaller = items().some((other) => !other.picture && isDue(other));
  if (smaller) again = true;
  return Boolean(waiting) && !waiting.takenBack && !smaller;
}

async function attemptPost(sent, body, token) {
  // Twice, then four times as long after a try that got no answer in time: the line may be that slow.
  const longest = SEND_TIMEOUT_MS * 2 ** Math.min(sent.timedOut ?? 0, 2);
  const controller = timeout.controller(longest);
  request = controller;
  if (sent.picture) picture = controller;
  const response = await post(sent.address, body, token, controller.signal, leaving);
  request = picture = null;
  const latest = controller.timedOut && item(sent.key);
  if (latest) save({ ...latest, timedOut: (latest.timedOut ?? 0) + 1 });
  return response;
}

function withSender(body, item) {
  body.set("reporter", item.reporter);
  return body;
}

function bodyOf(item) {
  const body = new FormData();
  const fields = item.takenBack ? [["step", "take-back"]] : item.fields;
  for (const [field, value] of fields) if (field !== "csrfmiddlewaretoken") body.append(field, value);
  body.set("key", item.key);
  body.set("waited", String(secondsWaited(item)));
  return withSender(body, item);
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

/** Store what became of submissions by now: `{key: {state, words, address, sequence}}`. An item that
    the server has needs no other answer. Whether it is to be asked again. */
export function updateStates(sent, asked) {
  for (const waiting of items()) {
    const answer = sent[waiting.key];
    if (answer && waiting.reporter === reporter && !isSending(waiting.key)) settle(waiting, answer);
  }
  const { changed, again: isOlder } = remember(sent, asked);
  if (changed) notify();
  return isOlder;
}

/** Take up what the worker has done with an item while no page was in sight. */
export function takeUp(entry) {
  const waiting = item(entry.key);
  if (entry.answer) return settle(waiting ?? entry, entry.answer);
  if (!waiting || (waiting.takenBack && !entry.takenBack)) return;
  // The page has tried again since, or the reporter has answered: this is no longer what the item asks.
  const asks = !entry.turn || entry.turn === waiting.turn ? entry.asks : null;
  const refused = needsReporter({ asks });
  const tried = !refused && (entry.tried || waiting.tried);
  save({ ...waiting, takenBack: waiting.takenBack && !refused, asks: asks ?? waiting.asks, tried });
  notify({ key: entry.key });
}

/** Send what waits at every sign that the network may be back, and on a timer, since there may be no
    sign. An answered check is one, too (`forms.js`). */
export function keepTrying() {
  addEventListener("online", drain);
  addEventListener("pageshow", drain);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) drain(); });
  addEventListener("storage", () => notify());
  setInterval(() => { if (items().length) drain(); }, RETRY_INTERVAL_MS);
  return drain();
}

export { newKey, notify };
