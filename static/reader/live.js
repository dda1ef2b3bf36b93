/* Keeps an open page equal to a fresh one. It owns the connection and nothing else.
 *
 * The page carries an epoch and a sequence. A frame takes it from one sequence to a later one; a
 * gap is fetched from /updates/<n>/; another epoch means that numbers no longer compare, and the
 * page loads itself afresh. If the socket fails twice, or the desk says that it has no room for one
 * more, the page asks for updates instead. A desk that stops says so, and within how long its
 * readers are to come back, each at a moment of its own.
 */

import { takeFeed } from "./feed.js";
import { replace } from "./replacing.js";
import { hold, held, paused, release } from "./pause.js";

const page = document.documentElement.dataset;
const sign = document.getElementById("sign-of-life");
const announcer = document.getElementById("announcer");

const SILENCE = 45_000; // nothing heard for this long: the connection is dead, whatever it says
const HEALTHY = 30_000; // a connection this old has proved itself
const LONGEST_WAIT = 60_000;
const POLL = 10_000; // plus up to as much again, at random
const FIRST_WAIT = 10_000; // a crowd that lost its server at once does not come back at once
const ANNOUNCE = 20_000; // at most one spoken line in this time

let socket = null;
let openedAt = 0;
let heardAt = Date.now();
let failures = 0;
let retry = null;
let polling = null;
let fetching = null;
let offlineSince = null;
let told = null; // by the desk, before it closed the socket: when to come back, in seconds

const sequence = () => Number(page.sequence);
const random = (limit) => Math.random() * limit;

function clock(time = new Date()) {
  return new Intl.DateTimeFormat("en-GB", {
    hour: "2-digit", minute: "2-digit", timeZone: page.zone,
  }).format(time);
}

function show(state, time) {
  if (!sign) return;
  sign.dataset.state = state;
  sign.querySelector(".state").textContent =
    { live: sign.dataset.live, "catching-up": sign.dataset.catchingUp,
      polling: sign.dataset.polling, offline: sign.dataset.offline }[state];
  if (time) sign.querySelector(".when").textContent = clock(time);
  sign.querySelector(".sequence").textContent = page.sequence;
}

/* --- applying what came ------------------------------------------------------------------- */

let leaving = false;

function startAfresh() {
  leaving = true;
  // Everyone is told at once; not everyone should ask at once. Never more than one in five seconds.
  const last = Number(sessionStorage.getItem("startedAfresh") || 0);
  const wait = Date.now() - last < 5_000 ? 5_000 + random(5_000) : random(5_000);
  clearTimeout(retry);
  stopPolling();
  show("catching-up");
  setTimeout(() => {
    sessionStorage.setItem("startedAfresh", String(Date.now()));
    location.reload();
  }, wait);
}

function apply(frame) {
  heardAt = Date.now();
  if (frame.bye) { told = { between: frame.bye.in, asking: false }; return false; }
  if (frame.poll) { told = { between: frame.poll.return, asking: true }; return false; }
  if (frame.resync || frame.epoch !== page.epoch) return startAfresh();
  if (frame.sequence < sequence()) return true; // older than what we show
  if (frame.since > Math.max(sequence(), held())) return catchUp(); // something is missing
  if (paused()) {
    hold(frame, sequence());
    return true;
  }
  const grown = frame.sequence > sequence();
  for (const [id, html] of Object.entries(frame.fragments)) swap(id, html);
  page.sequence = String(frame.sequence);
  if (grown) {
    announce();
    const ids = Object.keys(frame.fragments);
    document.dispatchEvent(new CustomEvent("desk:applied", { detail: { ids } }));
  }
  return true;
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
  show(connected() ? "live" : "polling", new Date());
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
    const newest = document.querySelector("#feed .result-card h3, .seat h1");
    const line = newest ? newest.textContent.trim() : "";
    if (line && announcer.textContent !== line) announcer.textContent = line;
  }, Math.max(0, announcedAt + ANNOUNCE - Date.now()));
}

/* --- the fallback ------------------------------------------------------------------------- */

function catchUp() {
  if (fetching) return fetching;
  show("catching-up");
  const address = `/${page.election}/updates/${sequence()}/?epoch=${page.epoch}`;
  fetching = fetch(address, { headers: { Accept: "application/json" }, credentials: "omit" })
    .then((answer) => (answer.ok ? answer.json() : Promise.reject(answer.status)))
    .then((frame) => { fetching = null; offlineSince = null; return apply(frame); })
    .then((fine) => { if (fine) show(connected() ? "live" : "polling", new Date()); return fine; })
    .catch(() => { fetching = null; lost(); return false; });
  return fetching;
}

/* Asking where the night is has one small answer for everyone, and what came after a number has one
 * address for all pages at that number. So a crowd that asks costs the desk no more than a few. The
 * answer may reach further than the span that was asked for. */
async function ask() {
  const options = { headers: { Accept: "application/json" }, credentials: "omit" };
  try {
    const answer = await fetch(`/${page.election}/now/`, options);
    if (!answer.ok) throw answer.status;
    const now = await answer.json();
    offlineSince = null;
    if (now.epoch !== page.epoch) return startAfresh();
    const from = Math.max(sequence(), held());
    if (now.sequence > from) {
      const span = `/${page.election}/updates/${page.epoch}/${from}-${now.sequence}/`;
      const since = await fetch(span, options);
      if (!since.ok) throw since.status;
      if (apply(await since.json()) !== true) return;
    }
    if (!connected()) show("polling", new Date());
  } catch {
    if (!connected()) lost();
  }
}

function startPolling() {
  if (polling || leaving) return;
  polling = setTimeout(async () => {
    polling = null;
    if (connected()) return;
    await ask();
    startPolling();
  }, POLL + random(POLL));
}

function stopPolling() {
  clearTimeout(polling);
  polling = null;
}

/* --- the socket --------------------------------------------------------------------------- */

const connected = () => socket !== null && socket.readyState === WebSocket.OPEN;

function lost() {
  offlineSince ??= new Date();
  show("offline", offlineSince);
}

function connect() {
  clearTimeout(retry);
  retry = null;
  if (socket && socket.readyState <= WebSocket.OPEN) return;
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  const address = `${scheme}://${location.host}/live/${page.election}/`;
  const mine = new WebSocket(`${address}?since=${page.sequence}&epoch=${page.epoch}`);
  socket = mine;
  mine.onopen = () => { openedAt = heardAt = Date.now(); offlineSince = null; };
  mine.onmessage = (event) => {
    if (socket !== mine) return;
    if (apply(JSON.parse(event.data)) === true && !told) {
      stopPolling();
      show("live", new Date());
    }
  };
  mine.onclose = () => { if (socket === mine) closed(); };
}

function closed() {
  const healthy = openedAt && Date.now() - openedAt > HEALTHY;
  openedAt = 0;
  socket = null;
  if (told) return comeBack();
  failures = healthy ? 0 : failures + 1;
  if (failures < 2) lost();
  else catchUp().then(startPolling);
  // Full jitter, so that those who went together do not return together.
  const limit = Math.min(LONGEST_WAIT, 2_000 * 2 ** Math.min(failures, 6));
  retry = setTimeout(connect, random(failures <= 1 ? FIRST_WAIT : limit));
}

function comeBack() {
  // Not a failure: the desk said so, and the page is as new as it could be.
  const [soonest, latest] = told.between.map((seconds) => seconds * 1_000);
  show(told.asking ? "polling" : "catching-up", new Date());
  if (told.asking) startPolling();
  told = null;
  retry = setTimeout(connect, soonest + random(latest - soonest));
}

function drop() {
  if (!socket) return;
  const old = socket;
  socket = null;
  old.onclose = old.onmessage = null;
  old.close();
  closed();
}

function look() {
  // Back from sleep, from another tab or from a tunnel: believe nothing, ask at once.
  if (document.visibilityState === "hidden") return;
  if (!connected()) { catchUp(); connect(); }
  else if (Date.now() - heardAt > SILENCE / 2) catchUp();
}

if (page.live !== undefined) {
  document.addEventListener("visibilitychange", look);
  addEventListener("pageshow", (event) => { if (event.persisted) look(); });
  addEventListener("online", look);
  addEventListener("offline", lost);
  setInterval(() => { if (socket && Date.now() - heardAt > SILENCE) drop(); }, 5_000);
  connect();
}
