/* Keeps an open page equal to a fresh one: the socket, requests over HTTP, and applying fragments.
 *
 * The page carries an epoch and a sequence. A frame takes it from one sequence to a later one. A gap is
 * fetched from /updates/<epoch>/<since>-<n>/. In another epoch sequences no longer compare: the page
 * reloads itself. Where the socket fails, or the server has no room for another socket, the page polls
 * and tries its socket again now and then. A server that stops says within how long its readers are to
 * come back, and each page picks a moment at random.
 *
 * connection_status.js shows the state of all this.
 */

import { announcementOf } from "./announcer.js";
import { isApplied } from "./applied.js";
import { learnTime, moment, since, timeOfResponse } from "./clock.js";
import { SILENCE_MS, draw, facts, failed, heard, isBehind, lost } from "./connection_status.js";
import { addEntry, forgetServed, isEntry, updateFeed } from "./feed.js";
import { coding, makeDecoder } from "./inflate.js";
import { hold, held, paused, release } from "./pause.js";
import { swapFragment } from "./replace.js";
import { isPressed, whenReleased } from "../shared/presses.js";

const page = document.documentElement.dataset;

const HANDSHAKE_TIMEOUT_MS = 15_000;
const REQUEST_TIMEOUT_MS = 15_000;
const HEALTHY_AFTER_MS = 30_000; // a connection this old resets the backoff
const MAX_BACKOFF_MS = 60_000;
const FIRST_BACKOFF_MS = 10_000; // spreads a crowd that lost its server at once
const POLL_INTERVAL_MS = 10_000; // plus up to as much again, at random
const TICK_INTERVAL_MS = 1_000;
const SLEEP_GAP_MS = 10_000; // two ticks this far apart: the device slept

// A sandboxed frame has an opaque origin, and the server accepts sockets of its own origin only.
const mayOpenSocket = self.origin !== "null";

let socket = null;
// The messages of the socket: a long one takes longer to inflate.
let inbox = Promise.resolve();
// Whether a frame could not be read: from then on the page asks for text.
let damaged = false;
let openedAt = null;
let socketHeardAt = moment(); // or when it began to open
let failures = 0;
let retry = null;
let polling = null;
let request = null; // the AbortController of the request on its way
// The server's, before it closes the socket: seconds to stay away, and whether to poll.
let notice = null;
let newest = -1; // the highest sequence that is known to be published
// How many answers in a row said that there is no such night: it is asked for more and more rarely.
let absent = 0;

const sequence = () => Number(page.sequence);
const random = (limit) => Math.random() * limit;

/* --- applying frames ---------------------------------------------------------------------- */

let reloading = false;

/** Reload the page soon, at a random moment: every open page of a night has the same reason at once. */
function scheduleReload() {
  if (reloading) return;
  reloading = true;
  clearTimeout(retry);
  stopPolling();
  isBehind(true);
  setTimeout(reload, random(5_000));
}

/** Few pages ever reload: the module comes when the first one does. Without a network the page starts again. */
async function reload() {
  const renewal = await import("./renewal.js").catch(() => null);
  if (await renewal?.isRenewed(page)) {
    await whenReleased(); // a link that is pressed is followed
    renewal.reload();
  } else {
    // The frame or answer was older than the page: from a cache, perhaps.
    reloading = false;
    restart();
  }
}

/** The sequence of what is shown, or of what a pause holds back. */
const current = () => Math.max(sequence(), held());

function apply(frame) {
  if (frame.resync || frame.epoch !== page.epoch) return scheduleReload();
  // A frame after a gap is dropped; the gap's request brings its fragments as well.
  if (frame.since <= current() && frame.sequence >= current()) show(frame);
  learn(frame.sequence);
}

function learn(number) {
  newest = Math.max(newest, number);
  isBehind(newest > current());
}

function show(frame) {
  if (paused() || isPressed()) {
    hold(frame, sequence());
    if (!paused()) whenReleased().then(showHeld);
    return;
  }
  const grown = frame.sequence > sequence();
  const fragments = Object.entries(frame.fragments);
  const announce = announcementOf(frame.fragments);
  // The entries first: the feed's list puts them in their places.
  for (const [id, html] of fragments) if (isEntry(id)) addEntry(id, html);
  const shown = fragments.map(([id, html]) => isEntry(id) || swap(id, html));
  // Not counted as shown: a reload brings only a page that is newer than this one says it is.
  if (shown.includes(false)) { scheduleReload(); return; }
  page.sequence = String(frame.sequence);
  if (grown) {
    announce();
    isApplied(Object.keys(frame.fragments));
  }
}

/** Show one fragment. Returns false if the page lacks a part of it. */
function swap(id, html) {
  const old = document.getElementById(id);
  if (!old || !html) return true; // a fragment of other pages
  if (id === "feed") return updateFeed(html);
  // Pages of one seat or council have their entries in the fragment.
  if (!document.getElementById("feed")) forgetServed();
  swapFragment(old, html);
  return true;
}

// The page shows something else of the night, and has it as of this sequence.
document.addEventListener("desk:topics", (event) => {
  release(); // what is held back has no fragments of these: it is asked for again
  page.topics = event.detail.topics;
  page.sequence = String(event.detail.sequence);
  if (page.live !== undefined) restart();
});

function showHeld() {
  const frame = release();
  if (frame) apply({ ...frame, epoch: page.epoch });
  draw();
}
document.addEventListener("desk:resumed", showHeld);

/* --- requests over HTTP ------------------------------------------------------------------- */

/** Fetch the night's present sequence, and what the page lacks of it.
 *
 * /now/ is one small answer for every page, and /updates/ has one address for all pages at the same
 * sequence, so that a cache answers a crowd. The answer may reach further than the span asked for. A
 * new request aborts the one on its way, which may be failing for a reason that is gone. */
async function ask() {
  request?.abort();
  const mine = new AbortController();
  request = mine;
  const timer = setTimeout(() => mine.abort(), REQUEST_TIMEOUT_MS);
  try {
    const now = await fetchJson(`${page.address}now/`, mine.signal, (response) => learnTime(timeOfResponse(response)));
    if (absent) { absent = 0; restart(); return; }
    if (now.epoch === page.epoch) learn(now.sequence);
    else scheduleReload();
    if (!isLive()) heard("request");
    if (facts.behind && !reloading) await fetchGap(mine.signal);
  } catch ({ message }) {
    if (request !== mine || isLive()) return;
    if (message === "404") absent += 1;
    if (message === "410") scheduleReload(); // withdrawn
    else failed(message);
  } finally {
    clearTimeout(timer);
    if (request === mine) request = null;
  }
}

/** Fetch what is missing up to the newest sequence that is known. */
async function fetchGap(signal) {
  const span = `${current()}-${newest}`;
  const address = `${page.address}updates/${page.epoch}/${span}/`;
  apply(await fetchJson(`${address}?topics=${page.topics}`, signal));
}

async function fetchJson(address, signal, onResponse = () => {}) {
  const headers = { Accept: "application/json" };
  const response = await fetch(address, { headers, credentials: "omit", signal });
  if (!response.ok) throw new Error(String(response.status));
  const answer = await response.json();
  onResponse(response);
  return answer;
}

function startPolling() {
  if (polling || reloading) return;
  polling = setTimeout(async () => {
    polling = null;
    if (isLive()) return;
    await ask();
    startPolling();
  }, (POLL_INTERVAL_MS + random(POLL_INTERVAL_MS)) * 2 ** Math.min(absent, 8));
}

function stopPolling() {
  clearTimeout(polling);
  polling = null;
}

/* --- the socket --------------------------------------------------------------------------- */

/** Whether the socket has delivered something: a dead connection may stay open for minutes. */
const isLive = () => socket !== null && facts.by === "socket";

function connect() {
  clearTimeout(retry);
  retry = null;
  if (socket || reloading) return;
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  const query = new URLSearchParams({ since: page.sequence, epoch: page.epoch, topics: page.topics });
  query.set("clock", "1");
  const asked = damaged ? "" : coding;
  if (asked) query.set("coding", asked);
  const decode = makeDecoder(asked);
  const mine = new WebSocket(`${scheme}://${location.host}/live${page.address}?${query}`);
  mine.binaryType = "arraybuffer";
  socket = mine;
  socketHeardAt = moment();
  const inOrder = (job) => {
    inbox = inbox.then(() => (socket === mine ? job() : null))
      .catch((error) => { setTimeout(() => { throw error; }); }); // for the console
  };
  mine.onopen = () => { if (socket === mine) openedAt = socketHeardAt = moment(); };
  mine.onmessage = (event) => {
    if (socket === mine) socketHeardAt = moment();
    inOrder(() => read(decode(event.data), mine));
  };
  mine.onclose = () => inOrder(closed);
}

/** Receive a message of the socket `mine` once it is decoded, unless the socket was left meanwhile. */
async function read(decoded, mine) {
  let frame;
  try {
    frame = await decoded;
  } catch {
    damaged = true;
    if (socket !== mine) return;
    abandon();
    closed();
    return;
  }
  if (socket === mine) receive(frame);
}

function receive(frame) {
  if (frame.clock) { learnTime(1_000 * frame.clock); return; }
  if (frame.bye) { notice = { seconds: frame.bye.in, poll: false }; return; }
  if (frame.poll) { notice = { seconds: frame.poll.return, poll: true }; return; }
  apply(frame);
  if (notice) return; // the socket is closing
  absent = 0;
  stopPolling();
  heard("socket");
  if (facts.behind && !request) ask();
}

function closed() {
  // A proxy may let the socket through and keep back what it brings.
  const healthy = facts.by === "socket" && openedAt && since(openedAt) > HEALTHY_AFTER_MS;
  openedAt = null;
  socket = null;
  if (notice) return comeBack();
  if (facts.by === "socket") lost();
  failures = healthy ? 0 : failures + 1;
  if (failures) ask();
  startPolling(); // until a socket delivers something
  // Full jitter: pages that lost the server together do not return together.
  const backoff = Math.min(MAX_BACKOFF_MS, 2_000 * 2 ** Math.min(failures, 6));
  if (!absent) retry = setTimeout(connect, random(failures <= 1 ? FIRST_BACKOFF_MS : backoff));
}

/** Reconnect when the server's notice says: no failure, the page has everything that is published. */
function comeBack() {
  const [soonest, latest] = notice.seconds.map((seconds) => seconds * 1_000);
  if (notice.poll) { heard("request"); startPolling(); } else lost();
  notice = null;
  retry = setTimeout(connect, soonest + random(latest - soonest));
}

/** Drop a socket without waiting for its close event, which may be minutes away. */
function abandon() {
  if (!socket) return;
  const old = socket;
  socket = null;
  old.onopen = old.onclose = old.onmessage = null;
  old.close();
}

/* --- events of the browser ---------------------------------------------------------------- */

let tickedAt = moment();

function tick() {
  const slept = !document.hidden && since(tickedAt) > SLEEP_GAP_MS;
  tickedAt = moment();
  draw();
  if (slept) return wake();
  if (socket && since(socketHeardAt) > (openedAt ? SILENCE_MS : HANDSHAKE_TIMEOUT_MS)) {
    abandon();
    closed();
  }
}

/** After sleep, another tab or a lost network: reconnect at once unless the socket was just heard. */
function wake() {
  if (document.hidden || reloading) return;
  if (isLive() && since(socketHeardAt) < SILENCE_MS / 2) return;
  restart();
}

function restart() {
  tickedAt = moment();
  leaveSocket();
  failures = 0;
  start();
}

function leaveSocket() {
  abandon();
  openedAt = null;
  notice = null;
  request?.abort();
  request = null;
  lost();
}

function start() {
  if (mayOpenSocket) connect();
  else startPolling();
  ask();
}

if (page.live !== undefined) {
  document.addEventListener("visibilitychange", wake);
  // Browsers close the socket of a page in the back/forward cache, and report it late.
  addEventListener("pagehide", leaveSocket);
  addEventListener("pageshow", (event) => { if (event.persisted) restart(); });
  addEventListener("online", restart);
  addEventListener("offline", lost);
  setInterval(tick, TICK_INTERVAL_MS);
  if (mayOpenSocket) connect();
  else start();
}

/** A night that waits for nothing has no use for it. What could not be fetched is, with the next bulletin. */
function markOverdue() {
  const timed = document.querySelector(".expected time, [data-until]");
  if (timed) import("./overdue.js").catch(() => { /* without a network */ });
}
markOverdue();
for (const change of ["desk:applied", "htmx:afterSettle"]) document.addEventListener(change, markOverdue);
addEventListener("focusin", () => import("./lost_focus.js").catch(() => { /* without a network */ }));

/* Paper opens nothing. Browsers with ::details-content have it from modes.css. */
const folded = ".more-parties, .folded, .last-time, .allocation, .region";
addEventListener("beforeprint", () => {
  for (const part of document.querySelectorAll(folded)) {
    if (part.open) continue;
    part.open = true;
    addEventListener("afterprint", () => { part.open = false; }, { once: true });
  }
});
