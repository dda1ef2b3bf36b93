/* Keeps a wall up to date, turns its pages and keeps the screen on, through a night without an operator.
 *
 * live.js tells of each bulletin. The page is then fetched again, and whatever has changed takes the place of
 * what is shown. A new release is fetched whole before the page loads itself again, so that nothing flashes. */

import { onApplied } from "./applied.js";

const page = document.documentElement.dataset;
const panels = document.getElementById("wall-panels");
const RETRY_MS = 5_000;
const CHECK_MS = 120_000; // a release that comes in a quiet hour
const TIMEOUT_MS = 15_000;
const RENEWAL_TIMEOUT_MS = 60_000; // for what a new release needs
const MAX_HOLD_MS = 600_000; // a page that somebody held and went home
const PARTS = ["wall-progress", "wall-headline", "wall-board", "wall-lists", "wall-changed"];

const SIZES = ["large", "medium", "small", "tiny"];

let shown = { epoch: page.epoch, sequence: Number(page.sequence) };
let scheduled = null;
let fetching = false;

const panelsOf = (root) => [...root.querySelectorAll("#wall-panels > .panel")];

/* --- keeping up to date ------------------------------------------------------------------- */

function schedule(wait) {
  scheduled ??= setTimeout(() => {
    scheduled = null;
    refresh();
  }, wait);
}

async function refresh() {
  if (fetching) { schedule(RETRY_MS); return; }
  fetching = true;
  try {
    await fetchPage();
  } catch {
    schedule(RETRY_MS + Math.random() * RETRY_MS);
  } finally {
    fetching = false;
  }
}

/** Fetch an address and read it whole. Throws for a bad status, or when it takes too long. */
async function load(address, milliseconds, request = {}) {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), milliseconds);
  try {
    const response = await fetch(address, { ...request, signal: controller.signal });
    // Withdrawn: what it showed is public no more, and is not shown until a page comes again.
    if (address === location.href && [404, 410].includes(response.status)) document.body.hidden = true;
    if (!response.ok) throw new Error(String(response.status));
    return await response.text();
  } finally {
    clearTimeout(timer);
  }
}

async function fetchPage() {
  const request = { cache: "no-cache", credentials: "omit" };
  const text = await load(location.href, TIMEOUT_MS, request);
  document.body.hidden = false;
  const fresh = new DOMParser().parseFromString(text, "text/html");
  const next = fresh.documentElement.dataset;
  if (!next.epoch || next.epoch !== page.epoch) return; // live.js loads the page again
  if (next.release !== page.release || !fresh.body.classList.contains("wall")) {
    await renew(fresh);
    return;
  }
  const sequence = Number(next.sequence);
  if (sequence >= shown.sequence) {
    show(fresh);
    shown = { epoch: next.epoch, sequence };
  }
  if (shown.sequence < Number(page.sequence)) schedule(RETRY_MS / 5); // an older page, from a cache
}

function show(fresh) {
  for (const id of PARTS) replace(document.getElementById(id), fresh.getElementById(id));
  const current = document.querySelector(".panel:not([hidden])")?.id;
  const wanted = panelsOf(fresh);
  const names = new Set(wanted.map((panel) => panel.id));
  for (const panel of panelsOf(document)) if (!names.has(panel.id)) panel.remove();
  let last = panels.querySelector(".panels-head");
  for (const panel of wanted) {
    const old = document.getElementById(panel.id);
    panel.hidden = old ? old.hidden : true;
    const now = old ? replace(old, panel) : document.adoptNode(panel);
    last.after(now);
    last = now;
  }
  turnTo(document.getElementById(current) ?? panelsOf(document)[0]);
  fit();
}

/** Make words smaller, and leave out what is below the headline, until they fit: fonts and letters differ. */
function fit() {
  const box = document.getElementById("wall-headline");
  const [title, below] = [box.querySelector("h1"), box.querySelector(".standfirst")];
  const smaller = SIZES.slice(SIZES.indexOf(title.className) + 1);
  if (isCut(box) && below) below.classList.replace("large", "small");
  if (isCut(box)) below?.remove();
  while (isCut(box) && smaller.length) title.className = smaller.shift();
  fitNames();
}

/** Names of seats; those of a page that is not shown have no height yet. */
function fitNames() {
  for (const gain of document.querySelectorAll(".gains li")) {
    if (isCut(gain)) gain.querySelector(".seat").classList.replace("large", "small");
  }
}

const isCut = (box) => box.scrollHeight > box.clientHeight + 1 || box.scrollWidth > box.clientWidth + 1;

/** Put the new element in place of the old one if they differ; return the one that is shown. */
function replace(old, element) {
  if (!old || !element || old.outerHTML === element.outerHTML) return old;
  const adopted = document.adoptNode(element);
  old.replaceWith(adopted);
  return adopted;
}

/** Load what the new release needs, then the page again, where it was.
 *
 * If any of it is missing, the page stays as it is and tries again: without its script or its style it
 * would stay so for the night. */
async function renew(fresh) {
  const links = [...fresh.querySelectorAll("link[rel=stylesheet][href], script[src]")];
  const addresses = links.map((link) => link.getAttribute("href") ?? link.getAttribute("src"));
  await Promise.all(addresses.map((address) => load(address, RENEWAL_TIMEOUT_MS)));
  keep("panel", document.querySelector(".panel:not([hidden])")?.id ?? "");
  location.reload();
}

onApplied(() => schedule(150 + Math.random() * 250));
setInterval(() => schedule(Math.random() * RETRY_MS), CHECK_MS);

/* --- turning pages ------------------------------------------------------------------------ */

const turns = panels.querySelector(".turns");
let turning = null;
let letGo = null;

function turnTo(panel) {
  for (const each of panelsOf(document)) {
    each.hidden = each !== panel;
    each.classList.remove("turned");
  }
  const all = panelsOf(document);
  turns.replaceChildren(...(all.length > 1 ? all.map((each) => {
    const mark = document.createElement("i");
    mark.classList.toggle("here", each === panel);
    return mark;
  }) : []));
  fitNames();
}

function turn(steps) {
  const all = panelsOf(document);
  const at = all.findIndex((panel) => !panel.hidden);
  if (all.length < 2) return;
  const next = all[(at + steps + all.length) % all.length];
  turnTo(next);
  next.classList.add("turned");
}

function start() {
  clearInterval(turning);
  clearTimeout(letGo);
  turning = setInterval(() => turn(1), Number(page.seconds) * 1_000);
  panels.removeAttribute("data-held");
}

function stop() {
  clearInterval(turning);
  turning = null;
  clearTimeout(letGo);
  letGo = setTimeout(start, MAX_HOLD_MS);
  panels.setAttribute("data-held", "");
}

// The space bar holds a page, for ten minutes at most, and lets it go; arrow keys turn.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === " ") {
    event.preventDefault();
    if (turning) stop(); else start();
  } else if (event.key === "ArrowRight" || event.key === "ArrowLeft") {
    turn(event.key === "ArrowRight" ? 1 : -1);
    if (turning) start();
  }
});

function keep(name, value) {
  try { sessionStorage.setItem(name, value); } catch { /* it starts with its first page */ }
}

function kept(name) {
  try { return sessionStorage.getItem(name); } catch { return null; }
}

const before = document.getElementById(kept("panel") ?? "");
turnTo(before?.matches(".panel") ? before : panelsOf(document)[0]);
keep("panel", "");
start();
fit();
document.fonts?.ready.then(fit);

/* --- staying awake ------------------------------------------------------------------------ */

let lock = null;
let asking = false;

async function stayAwake() {
  if (document.hidden || !navigator.wakeLock || asking || (lock && !lock.released)) return;
  asking = true;
  try {
    lock = await navigator.wakeLock.request("screen");
    lock.addEventListener("release", () => setTimeout(stayAwake, RETRY_MS));
  } catch {
    // Without power or permission the screen's own settings hold, until the next time it is asked.
  } finally {
    asking = false;
  }
}

document.addEventListener("visibilitychange", stayAwake);
setInterval(stayAwake, CHECK_MS);
stayAwake();
