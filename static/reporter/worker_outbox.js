/* Background Sync: sends what the outbox holds while no page of the counts is in sight.
 *
 * A page in sight sends by itself (outbox.js); this follows the same rules. The lock keeps both from sending
 * at once, and the idempotency key alone from publishing twice. */

const OUTBOX = "outbox";
const SEND_TIMEOUT_MS = 60_000;

addEventListener("sync", (event) => {
  if (event.tag === OUTBOX) event.waitUntil(sendOutbox());
});

/** Send everything. Rejects where something is left to try: the browser wakes the worker again. */
async function sendOutbox() {
  const pages = await clients.matchAll({ type: "window", includeUncontrolled: true });
  const counts = pages.filter((page) => new URL(page.url).pathname.startsWith("/count/"));
  for (const page of counts) page.postMessage("drain");
  const send = counts.some((page) => page.visibilityState === "visible") ? hasEntries : sendEntries;
  const left = await navigator.locks.request(OUTBOX, send);
  for (const page of counts) page.postMessage("outbox");
  if (left) throw new Error("not everything was sent");
}

async function entries() {
  const cache = await caches.open(OUTBOX);
  const found = await Promise.all((await cache.keys()).map((request) => readEntry(request.url)));
  const isDue = (entry) => entry && !entry.answer && !entry.asks;
  // As in the page: pictures last, and else as they were made.
  return found.filter(isDue).sort((a, b) => Boolean(a.picture) - Boolean(b.picture) || a.at - b.at);
}

const hasEntries = async () => (await entries()).length > 0;
const addressOf = (key) => `/count/outbox/${key}`;

async function readEntry(address) {
  const response = await (await caches.open(OUTBOX)).match(address);
  return response ? response.json() : null;
}

async function writeEntry(entry) {
  await (await caches.open(OUTBOX)).put(addressOf(entry.key), new Response(JSON.stringify(entry)));
}

/** Whether something is left that is worth another try. */
async function sendEntries() {
  const waiting = await entries();
  if (!waiting.length) return false;
  const signedIn = await tokenOf();
  if (signedIn.reporter === null) {
    for (const entry of waiting) await writeEntry({ ...entry, asks: { state: "signed-out" } });
    return false;
  }
  const unanswered = new Set(); // addresses of revisions that must not be overtaken by later ones
  let left = false;
  for (const { key, address, reporter, fields } of waiting) {
    // Kept until the one who entered it is signed in again: the page says so.
    if (reporter !== String(signedIn.reporter)) continue;
    const isRevision = fields.some(([field]) => field === "base_revision");
    if (isRevision && unanswered.has(address)) continue;
    if (await sendEntry(key, signedIn.token)) continue;
    left = true;
    if (isRevision) unanswered.add(address);
  }
  return left;
}

/** `{token, reporter}` of who is signed in. Rejects without the server's answer. */
async function tokenOf() {
  const response = await fetch("/count/token/", { cache: "no-store", redirect: "manual" });
  const answer = await response.json();
  if (!response.ok || answer.reporter === undefined) throw new Error("no answer of the desk");
  return answer;
}

/** Whether nothing more is to be done with it before a page takes it up. */
async function sendEntry(key, token) {
  const entry = await readEntry(addressOf(key));
  if (!entry) return true; // taken back meanwhile
  const sent = { ...entry, tried: true };
  await writeEntry(sent);
  let response;
  let answer = null;
  try {
    response = await post(sent, token);
    if (response.headers.get("Content-Type")?.startsWith("application/json")) answer = await response.json();
  } catch {
    return false;
  }
  const became = outcomeOf(response, answer, key);
  // Without it the next page asks under the same key, and is given the same answer.
  // What was not looked at has arrived by an earlier try, or not.
  const tried = became?.asks ? Boolean(entry.tried) : true;
  if (became && await readEntry(addressOf(key))) await writeEntry({ ...sent, tried, ...became });
  return Boolean(became);
}

/** What the page takes up; null for the network's own answers, which mean: try again. */
function outcomeOf(response, answer, key) {
  const isOurs = answer?.key === key;
  if (response.ok && isOurs && answer.state) return { answer };
  if (isOurs && (response.status === 409 || response.status === 422)) return { asks: answer, tried: false };
  if (response.status === 413 || response.status === 415) {
    return { asks: { state: "refused", words: answer?.words }, tried: false };
  }
  // Only the server says who is signed in: a captive portal answers 401 and 403 as well.
  return answer?.state === "another" || answer?.state === "signed-out" ? { asks: answer } : null;
}

function post(entry, token) {
  const controller = new AbortController();
  setTimeout(() => controller.abort(), SEND_TIMEOUT_MS);
  return fetch(entry.address, {
    method: "POST",
    body: bodyOf(entry),
    headers: { Accept: "application/json", "X-CSRFToken": token },
    redirect: "manual",
    cache: "no-store",
    signal: controller.signal,
  });
}

function bodyOf({ key, at, fields, picture, reporter, takenBack }) {
  const body = new FormData();
  for (const [field, value] of takenBack ? [["step", "take-back"]] : fields) {
    if (field !== "csrfmiddlewaretoken") body.append(field, value);
  }
  body.set("key", key);
  body.set("waited", String(Math.max(0, Math.round((Date.now() - at) / 1000))));
  body.set("reporter", reporter);
  if (picture && !takenBack) body.set("picture", pictureOf(picture), "photo.jpg");
  return body;
}

function pictureOf(dataAddress) {
  const text = atob(dataAddress.slice(dataAddress.indexOf(",") + 1));
  return new Blob([Uint8Array.from(text, (character) => character.charCodeAt(0))], { type: "image/jpeg" });
}
