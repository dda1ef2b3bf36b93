/* What has been sent and not been answered. An item leaves only when the desk itself has answered
   with its key; whatever else comes back is the network talking, and it is tried again. */

import { forget, named, newKey, read, write } from "./storage.js";
import { timeout } from "./timeout.js";

const EVERY = 15_000;
const LIFE = 60_000;
const PATIENCE = 20_000;
const PATIENCE_WITH_PICTURE = 120_000;
const REMEMBERED = 20;
/** Too large, or of a kind that nobody takes: a proxy's word as good as the desk's. */
const NEVER_TAKEN = new Set([413, 415]);
const reporter = document.body.dataset.reporter;
const name = (key) => `outbox:${key}`;
/** Items of a phone that keeps nothing: they live as long as the page. */
const unkept = new Map();
/** When an item was sent, by a clock that nobody sets. */
const since = new Map();
let draining = null;
let again = false;
let sending = null;

export function items() {
  const kept = named("outbox:").map((one) => read(one)).filter(Boolean);
  return [...kept, ...unkept.values()].sort((one, other) => one.at - other.at);
}

export const item = (key) => unkept.get(key) ?? read(name(key));
/** Whether it waits for its reporter rather than for the network. */
const asksPerson = (one) => one.asks && !["signed-out", "another"].includes(one.asks.state);

export const answers = () => read("answers", []);
export const answerTo = (key) => answers().find((one) => one.key === key) ?? null;
export const isSending = (key) => sending === key;
/** Why the desk does not take it, in sentences; none where it did not say. */
export const whyNot = (one) => (one?.asks?.findings ?? [one?.asks?.words]).filter(Boolean);

function tell(detail = {}) {
  document.dispatchEvent(new CustomEvent("outbox", { detail }));
}

function save(one) {
  if (unkept.has(one.key) || !write(name(one.key), one)) unkept.set(one.key, one);
}

function remove(key) {
  forget(name(key));
  unkept.delete(key);
  since.delete(key);
}

/** Take something to be sent; the same key again is the same thing. */
export function send({ key, address, fields, label, draft = null, picture = null }) {
  if (!item(key) && !answerTo(key)) {
    since.set(key, performance.now());
    save({ key, address, fields, label, draft, picture, reporter, at: Date.now(), asks: null });
  }
  tell({ key });
  return drain();
}

/** Send it again with more to it (a reason): the same intent, under the same key. */
export function answer(key, more) {
  const one = item(key);
  if (!one) return;
  const names = new Set(more.map(([field]) => field));
  one.fields = [...one.fields.filter(([field]) => !names.has(field)), ...more];
  one.asks = null;
  save(one);
  tell({ key });
  drain();
}

/** The reporter takes it back: it was never published. */
export function takeBack(key) {
  remove(key);
  tell({ key });
}

/** Send what waits. During a round another one is noted: the try that is on its way may be failing
    for a reason that has just gone. */
export function drain() {
  again = true;
  draining ??= rounds();
  return draining;
}

async function rounds() {
  try {
    while (again) {
      again = false;
      await alone(sendAll);
    }
  } finally {
    draining = sending = null;
    tell();
  }
}

/** One tab at a time, the next as soon as the first is done. A tab that was put to sleep in the
    middle is not waited for; there, as where there are no locks, the key alone keeps it to one. */
async function alone(work) {
  if (!navigator.locks) return work();
  const signal = timeout(PATIENCE);
  try {
    return await navigator.locks.request("outbox", { signal }, work);
  } catch (fault) {
    if (!signal.aborted) throw fault;
    return work();
  }
}

async function sendAll() {
  const tried = new Set();
  for (;;) {
    const next = items().find((one) => !tried.has(one.key) && one.reporter === reporter && !asksPerson(one));
    if (!next) return;
    tried.add(next.key);
    sending = next.key;
    tell({ key: next.key });
    await sendOne(next);
    sending = null;
    tell({ key: next.key });
  }
}

async function sendOne(one) {
  let response = await post(one, cookie("csrftoken"));
  if (response?.status === 403) response = await post(one, await freshToken());
  const said = await jsonOf(response);
  const stays = item(one.key);
  if (!stays) return;  // taken back meanwhile
  if (response?.ok && said?.key === one.key && said.state) return settle(stays, said);
  if (said?.key === one.key && (response.status === 409 || response.status === 422)) stays.asks = said;
  else if (NEVER_TAKEN.has(response?.status)) stays.asks = { state: "refused", words: said?.words };
  else if (said?.state === "another") stays.asks = said;
  else if (response?.status === 401 || response?.status === 403) stays.asks = { state: "signed-out" };
  else stays.asks = null;
  save(stays);
}

function settle(one, said) {
  const kept = answers().filter((other) => other.key !== one.key);
  write("answers", [{ ...said, label: one.label, reporter }, ...kept].slice(0, REMEMBERED));
  remove(one.key);
  tell({ key: one.key, answer: said, fields: one.fields });
}

async function post(one, token) {
  const body = new FormData();
  for (const [field, value] of one.fields) if (field !== "csrfmiddlewaretoken") body.append(field, value);
  body.set("key", one.key);
  body.set("reporter", one.reporter);
  body.set("waited", String(waited(one)));
  const patience = one.picture ? PATIENCE_WITH_PICTURE : PATIENCE;
  try {
    if (one.picture) body.set("picture", blobOf(one.picture), "photo.jpg");
    return await fetch(one.address, {
      method: "POST",
      body,
      headers: { Accept: "application/json", "X-CSRFToken": token },
      redirect: "manual",
      cache: "no-store",
      signal: timeout(patience),
    });
  } catch { return null; }
}

function blobOf(address) {
  const bytes = Uint8Array.from(atob(address.slice(address.indexOf(",") + 1)), (one) => one.charCodeAt(0));
  return new Blob([bytes], { type: "image/jpeg" });
}

/** Seconds: of the clock that nobody sets while the page is open, else of the phone's own. */
function waited(one) {
  const from = since.get(one.key);
  const passed = from === undefined ? Date.now() - one.at : performance.now() - from;
  return Math.max(0, Math.round(passed / 1000));
}

async function jsonOf(response) {
  if (!response?.headers.get("Content-Type")?.startsWith("application/json")) return null;
  try { return await response.json(); } catch { return null; }
}

function cookie(which) {
  const found = document.cookie.split("; ").find((pair) => pair.startsWith(`${which}=`));
  return found ? decodeURIComponent(found.slice(which.length + 1)) : "";
}

async function freshToken() {
  try {
    const response = await fetch(document.body.dataset.token, { cache: "no-store", redirect: "manual" });
    return (await jsonOf(response))?.token ?? "";
  } catch { return ""; }
}

/** Let the desk know that this phone is there, and how much it could not send. */
async function giveSignOfLife() {
  const mine = items().filter((one) => one.reporter === reporter);
  const body = new FormData();
  body.set("unsent", String(mine.length));
  body.set("asked", String(mine.filter(asksPerson).length));
  try {
    await fetch(document.body.dataset.life, {
      method: "POST", body, headers: { "X-CSRFToken": cookie("csrftoken") }, redirect: "manual",
    });
  } catch { /* it is where no signal is */ }
}

/** Try on every sign that the network may be back, and on a timer, since there may be none. The check
    of a form that the desk has answered is one too. */
export function keepTrying() {
  addEventListener("online", drain);
  addEventListener("pageshow", drain);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) drain(); });
  addEventListener("storage", () => tell());
  setInterval(() => { if (items().length) drain().then(giveSignOfLife); }, EVERY);
  setInterval(giveSignOfLife, LIFE);
  drain().then(giveSignOfLife);
}

export { newKey };
