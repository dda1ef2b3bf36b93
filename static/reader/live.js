/* Keeps an open page equal to a fresh one. It owns the connection and nothing else.
 *
 * The page carries an epoch and a sequence. A frame takes it from one sequence to a later one; a
 * gap is fetched from /updates/<epoch>/<since>-<n>/; another epoch means that numbers no longer
 * compare, and the page loads itself afresh. If the socket fails, or the desk says that it has no
 * room for one more, the page asks for updates instead, and tries its socket again now and then. A
 * desk that stops says so, and within how long its readers are to come back, each at a moment of its
 * own.
 *
 * What the reader is told of all this is in sign.js.
 */

import { takeFeed } from "./feed.js";
import { hold, held, paused, release } from "./pause.js";
import { isRenewed } from "./renewal.js";
import { replace } from "./replacing.js";
import { SILENCE, draw, facts, failed, heard, isBehind, lost } from "./sign.js";

const page = document.documentElement.dataset;
const announcer = document.getElementById("announcer");

const HANDSHAKE = 15_000; // a socket that opens no sooner has failed
const QUESTION = 15_000; // so has a question over HTTP
const HEALTHY = 30_000; // a connection this old has proved itself
const LONGEST_WAIT = 60_000;
const POLL = 10_000; // plus up to as much again, at random
const FIRST_WAIT = 10_000; // a crowd that lost its server at once does not come back at once
const ANNOUNCE = 20_000; // at most one spoken line in this time
const TICK = 1_000;
const SLEPT = 10_000; // two ticks this far apart: the device slept

// A sandboxed frame has no origin, and the desk opens sockets to pages of its own origin only.
const mayOpenSocket = self.origin !== "null";

let socket = null;
let openedAt = 0;
let socketHeardAt = 0; // or when it began to open
let failures = 0;
let retry = null;
let polling = null;
let question = null; // the AbortController of the one that is being asked
let told = null; // by the desk, before it closed the socket: when to come back, in seconds
let newest = -1; // the highest sequence that the desk has spoken of

const sequence = () => Number(page.sequence);
const random = (limit) => Math.random() * limit;

/* --- applying what came ------------------------------------------------------------------- */

let leaving = false;

function startAfresh() {
  if (leaving) return;
  leaving = true;
  // Everyone is told at once; not everyone should ask at once. Never more than one in five seconds.
  const wait = Date.now() - startedAfreshAt() < 5_000 ? 5_000 + random(5_000) : random(5_000);
  clearTimeout(retry);
  stopPolling();
  isBehind(true);
  setTimeout(reload, wait);
}

async function reload() {
  if (await isRenewed(page)) {
    noteStart();
    location.reload();
  } else {
    // What told us so was older than the page: a cache's answer, perhaps.
    leaving = false;
    startAgain();
  }
}

// A sandboxed frame keeps nothing: its storage throws.
function startedAfreshAt() {
  try {
    return Number(sessionStorage.getItem("startedAfresh") || 0);
  } catch {
    return 0;
  }
}

function noteStart() {
  try {
    sessionStorage.setItem("startedAfresh", String(Date.now()));
  } catch { /* the wait above is at random all the same */ }
}

/** The number of what is shown, or of what waits behind a pause. */
const current = () => Math.max(sequence(), held());

function apply(frame) {
  if (frame.resync || frame.epoch !== page.epoch) return startAfresh();
  // What follows on something that is missing waits until that has been fetched.
  if (frame.since <= current() && frame.sequence >= current()) show(frame);
  learn(frame.sequence);
}

function learn(number) {
  newest = Math.max(newest, number);
  isBehind(newest > current());
}

function show(frame) {
  if (paused()) {
    hold(frame, sequence());
    return;
  }
  const grown = frame.sequence > sequence();
  for (const [id, html] of Object.entries(frame.fragments)) swap(id, html);
  page.sequence = String(frame.sequence);
  if (grown) {
    announce();
    const ids = Object.keys(frame.fragments);
    document.dispatchEvent(new CustomEvent("desk:applied", { detail: { ids } }));
  }
}

function swap(id, html) {
  const old = document.getElementById(id);
  if (!old) return; // another page's part
  if (old.ownerSVGElement) return swapShape(old, html);
  if (id === "feed") return takeFeed(old, html);
  const before = figures(old);
  const now = replace(old, html);
  markFresh(now, before);
}

function swapShape(old, html) {
  // A shape must be parsed as part of a drawing. Whoever is on it with the keyboard stays there.
  const drawing = document.createElement("template");
  drawing.innerHTML = `<svg>${html}</svg>`;
  const now = drawing.content.querySelector("a");
  now.setAttribute("tabindex", old.getAttribute("tabindex"));
  const focused = document.activeElement === old;
  old.replaceWith(now);
  if (focused) now.focus({ preventScroll: true });
}

document.addEventListener("desk:resumed", () => {
  const frame = release();
  if (frame) apply({ ...frame, epoch: page.epoch });
  draw();
});

function figures(element) {
  return [...element.querySelectorAll("td, dd")].map((cell) => cell.textContent);
}

function markFresh(element, before) {
  const cells = [...element.querySelectorAll("td, dd")];
  if (cells.length !== before.length) return;
  cells.forEach((cell, at) => {
    if (cell.textContent !== before[at]) cell.classList.add("fresh");
  });
  setTimeout(() => cells.forEach((cell) => {
    cell.classList.remove("fresh");
    if (!cell.getAttribute("class")) cell.removeAttribute("class");
  }), 1_100);
}

let announcedAt = 0;
let pending = null;

function announce() {
  // One polite line, the newest, never a flood.
  if (!announcer || pending) return;
  pending = setTimeout(() => {
    pending = null;
    announcedAt = Date.now();
    const latest = document.querySelector("#feed .result-card h3, .seat h1");
    const line = latest ? latest.textContent.trim() : "";
    if (line && announcer.textContent !== line) announcer.textContent = line;
  }, Math.max(0, announcedAt + ANNOUNCE - Date.now()));
}

/* --- questions over HTTP ------------------------------------------------------------------ */

/* Asking where the night is has one small answer for everyone, and what came after a number has one
 * address for all pages at that number, so a crowd that asks costs the desk no more than a few. The
 * answer may reach further than the span that was asked for. A new question takes the place of one
 * on its way, which may be failing for a reason that is gone. */
async function ask() {
  question?.abort();
  const mine = new AbortController();
  question = mine;
  const patience = setTimeout(() => mine.abort(), QUESTION);
  try {
    const now = await answerOf(`/${page.election}/now/`, mine.signal);
    if (now.epoch === page.epoch) learn(now.sequence);
    else startAfresh();
    if (!isLive()) heard("question");
    if (facts.behind && !leaving) await fill(mine.signal);
  } catch {
    if (question === mine && !isLive()) failed();
  } finally {
    clearTimeout(patience);
    if (question === mine) question = null;
  }
}

/** Fetch what is missing up to the newest number that is known. */
async function fill(signal) {
  const span = `${current()}-${newest}`;
  apply(await answerOf(`/${page.election}/updates/${page.epoch}/${span}/`, signal));
}

async function answerOf(address, signal) {
  const headers = { Accept: "application/json" };
  const answer = await fetch(address, { headers, credentials: "omit", signal });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

function startPolling() {
  if (polling || leaving) return;
  polling = setTimeout(async () => {
    polling = null;
    if (isLive()) return;
    await ask();
    startPolling();
  }, POLL + random(POLL));
}

function stopPolling() {
  clearTimeout(polling);
  polling = null;
}

/* --- the socket --------------------------------------------------------------------------- */

/** Whether the socket has been heard; open is not enough, a dead one is open for minutes. */
const isLive = () => socket !== null && facts.by === "socket";

function connect() {
  clearTimeout(retry);
  retry = null;
  if (socket || leaving) return;
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  const address = `${scheme}://${location.host}/live/${page.election}/`;
  const mine = new WebSocket(`${address}?since=${page.sequence}&epoch=${page.epoch}`);
  socket = mine;
  socketHeardAt = Date.now();
  mine.onopen = () => { if (socket === mine) openedAt = socketHeardAt = Date.now(); };
  mine.onmessage = (event) => { if (socket === mine) receive(JSON.parse(event.data)); };
  mine.onclose = () => { if (socket === mine) closed(); };
}

function receive(frame) {
  socketHeardAt = Date.now();
  if (frame.bye) { told = { between: frame.bye.in, asking: false }; return; }
  if (frame.poll) { told = { between: frame.poll.return, asking: true }; return; }
  apply(frame);
  if (told) return; // it is closing
  stopPolling();
  heard("socket");
  if (facts.behind && !question) ask();
}

function closed() {
  const healthy = openedAt && Date.now() - openedAt > HEALTHY;
  openedAt = 0;
  socket = null;
  if (told) return comeBack();
  if (facts.by === "socket") lost();
  failures = healthy ? 0 : failures + 1;
  if (failures) { ask(); startPolling(); }
  // Full jitter, so that those who went together do not return together.
  const limit = Math.min(LONGEST_WAIT, 2_000 * 2 ** Math.min(failures, 6));
  retry = setTimeout(connect, random(failures <= 1 ? FIRST_WAIT : limit));
}

function comeBack() {
  // Not a failure: the desk said so, and the page is as new as it could be.
  const [soonest, latest] = told.between.map((seconds) => seconds * 1_000);
  if (told.asking) { heard("question"); startPolling(); } else lost();
  told = null;
  retry = setTimeout(connect, soonest + random(latest - soonest));
}

/** Let go of a socket without waiting for its end, which may be minutes away. */
function abandon() {
  if (!socket) return;
  const old = socket;
  socket = null;
  old.onopen = old.onclose = old.onmessage = null;
  old.close();
}

/* --- what the browser tells --------------------------------------------------------------- */

let tickedAt = Date.now();

function tick() {
  const slept = !document.hidden && Date.now() - tickedAt > SLEPT;
  tickedAt = Date.now();
  draw();
  if (slept) return wake();
  if (socket && Date.now() - socketHeardAt > (openedAt ? SILENCE : HANDSHAKE)) {
    abandon();
    closed();
  }
}

/** Back from sleep, another tab, another page or a tunnel: believe nothing, and ask at once. */
function wake() {
  if (document.hidden || leaving) return;
  if (isLive() && Date.now() - socketHeardAt < SILENCE / 2) return;
  startAgain();
}

function startAgain() {
  tickedAt = Date.now();
  leaveSocket();
  failures = 0;
  start();
}

function leaveSocket() {
  abandon();
  openedAt = 0;
  told = null;
  question?.abort();
  question = null;
  lost();
}

function start() {
  if (mayOpenSocket) connect();
  else startPolling();
  ask();
}

if (page.live !== undefined) {
  document.addEventListener("visibilitychange", wake);
  // A page that is kept for the back button has no socket: browsers close it, and say so late.
  addEventListener("pagehide", leaveSocket);
  addEventListener("pageshow", (event) => { if (event.persisted) startAgain(); });
  addEventListener("online", startAgain);
  addEventListener("offline", lost);
  setInterval(tick, TICK);
  if (mayOpenSocket) connect();
  else start();
}
