/* The name card at a hexagon or tile, and the keys that walk the map.
 *
 * The card's words come from the server, for one seat at a time: a moment after the pointer has come to rest,
 * so that a sweep over the map asks for nothing, and once for each seat until its result changes. */

import { whenReleased } from "../shared/presses.js";

const SHOW_AFTER_MS = 120; // before a seat is asked for
const HIDE_AFTER_MS = 300; // after the pointer has left, so that it can enter the card
const MIN_ROOM_PX = 150; // pixels above a hexagon below which the card stands under it

let map = null;
let startedAt = 0; // as events have their time
let card = null;
let strip = null;
let shown = null; // the id of the seat that the card is about
let timer = null;
let request = null;
let touched = null;
const kept = new Map(); // by slug: the card's HTML
const changes = new Map(); // by slug: how often its result has changed on this page

/** Take over the map. `event` is what this module was imported for: it came before the listeners were here. */
export function start(given, event) {
  if (!map) listen(given);
  if (event.timeStamp > startedAt) return; // the listeners had it
  const handlers = { focusin: onFocus, click: onClick, pointerover: onPointerOver };
  handlers[event.type]?.(event); // none where the map has come into sight
}

function listen(given) {
  map = given;
  startedAt = performance.now();
  const { section } = map;
  strip = document.getElementById("map-strip");
  card = document.createElement("div");
  card.className = "map-card";
  card.id = "map-card";
  card.hidden = true;
  section.append(card);
  section.addEventListener("pointerover", onPointerOver);
  section.addEventListener("pointerout", onPointerOut);
  section.addEventListener("focusin", onFocus);
  section.addEventListener("focusout", () => hideSoon(0));
  section.addEventListener("keydown", onKey);
  section.addEventListener("click", onClick, true);
  addEventListener("scroll", () => { if (shown) place(); }, { passive: true });
  document.addEventListener("desk:applied", onApplied);
}

const seatOf = (event) => event.target.closest?.(map.SEATS);

function onPointerOver(event) {
  if (card.contains(event.target)) { clearTimeout(timer); return; }
  const seat = seatOf(event);
  if (!seat || event.pointerType === "touch") return;
  showSoon(seat, SHOW_AFTER_MS);
}

function onPointerOut(event) {
  if (event.pointerType === "touch" || card.contains(event.relatedTarget)) return;
  if (seatOf(event) || card.contains(event.target)) hideSoon(HIDE_AFTER_MS);
}

function onFocus(event) {
  const seat = seatOf(event);
  if (!seat || !seat.matches(":focus-visible")) return;
  seat.setAttribute("aria-label", map.labelOf(seat));
  showSoon(seat, 0);
}

function showSoon(seat, wait) {
  clearTimeout(timer);
  request?.abort();
  timer = setTimeout(() => show(seat.id), wait);
}

function hideSoon(wait) {
  clearTimeout(timer);
  request?.abort();
  timer = setTimeout(hide, wait);
}

function hide() {
  clearTimeout(timer);
  if (shown) document.getElementById(shown)?.removeAttribute("aria-describedby");
  shown = null;
  ring(document.getElementById(touched));
  card.hidden = true;
}

/** Show the card of the seat with this id, which a bulletin may have replaced meanwhile. */
async function show(id) {
  const seat = document.getElementById(id);
  const html = seat && await wordsOf(seat);
  if (!html) return;
  hide();
  shown = id;
  card.innerHTML = html;
  card.hidden = false;
  seat.setAttribute("aria-describedby", card.id);
  ring(seat);
  place();
}

/** The card's HTML, from memory or from the server; the seat's row in the list where that fails. */
async function wordsOf(seat) {
  const slug = map.slugOf(seat);
  if (kept.has(slug)) return kept.get(slug);
  const mine = request = new AbortController();
  const before = changes.get(slug);
  try {
    const address = (seat.getAttribute("href") ?? seat.querySelector("a").getAttribute("href"));
    const response = await fetch(`${address}brief.html`, { credentials: "omit", signal: mine.signal });
    if (!response.ok) throw new Error(String(response.status));
    const html = await response.text();
    if (!html.includes("brief-name")) throw new Error("not of the desk"); // a hotspot's own page
    // It changed while the server answered: what came may be the result before.
    if (changes.get(slug) !== before) return mine.signal.aborted ? null : wordsOf(seat);
    // What is true only until a time is asked for again.
    if (!html.includes("data-until")) kept.set(slug, html);
    return mine.signal.aborted ? null : html;
  } catch {
    if (mine.signal.aborted) return null;
    const name = document.createElement("p");
    name.textContent = map.labelOf(seat);
    return name.outerHTML;
  }
}

/** Draw a ring around a hexagon over all others; around none for null. */
function ring(hex) {
  if (!map.drawing) return;
  for (const old of map.drawing.querySelectorAll(".ring, .ring-case")) old.remove();
  if (!hex?.matches(".hex")) return;
  for (const name of ["ring-case", "ring"]) {
    const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
    use.setAttribute("class", name);
    use.setAttribute("href", "#hexagon");
    use.setAttribute("transform", hex.getAttribute("transform"));
    map.drawing.append(use);
  }
}

/** Above the seat, or under it where there is little room; within the map's edges. */
function place() {
  const seat = document.getElementById(shown);
  if (!seat) { hide(); return; }
  const [box, frame] = [seat.getBoundingClientRect(), map.section.getBoundingClientRect()];
  const height = card.offsetHeight;
  const above = box.top - Math.max(frame.top, 0) >= Math.max(MIN_ROOM_PX, height + 8);
  const left = box.left + box.width / 2 - card.offsetWidth / 2 - frame.left;
  card.style.left = `${Math.max(0, Math.min(left, frame.width - card.offsetWidth))}px`;
  card.style.top = `${(above ? box.top - height - 8 : box.bottom + 8) - frame.top}px`;
}

function onApplied({ detail }) {
  for (const id of detail.ids) {
    const slug = id.replace(/^(hex|shade|row)-/, "");
    kept.delete(slug);
    changes.set(slug, (changes.get(slug) ?? 0) + 1);
  }
  if (shown && detail.ids.includes(shown)) show(shown);
  if (touched && detail.ids.includes(touched)) fillStrip(touched);
}

/* --- touch: a strip under the map names the seat, and never moves the page --------------------- */

let pointer = "";
addEventListener("pointerdown", (event) => { pointer = event.pointerType; }, { capture: true, passive: true });

function onClick(event) {
  // A finger covers a dozen hexagons: the first touch names one, the second opens it.
  const seat = seatOf(event);
  if (!seat || (event.pointerType || pointer) !== "touch" || touched === seat.id) return;
  event.preventDefault();
  touched = seat.id;
  ring(seat);
  fillStrip(touched);
}

async function fillStrip(id) {
  const seat = document.getElementById(id);
  const html = seat && await wordsOf(seat);
  await whenReleased(); // the seat's name there is a link
  if (!html || touched !== id || !strip) return;
  strip.innerHTML = html;
  const name = strip.querySelector(".brief-name") ?? strip.firstElementChild;
  const link = document.createElement("a");
  link.href = seat.getAttribute("href") ?? seat.querySelector("a").getAttribute("href");
  link.append(...name.childNodes);
  name.append(link);
}

/* --- keys: one tab stop, and the nearest seat in a direction ------------------------------------ */

const DIRECTIONS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

function onKey(event) {
  if (event.key === "Escape" && shown) { hide(); event.stopPropagation(); return; }
  const hex = seatOf(event);
  if (!hex || !map.drawing?.contains(hex) || event.ctrlKey || event.metaKey || event.altKey) return;
  const to = target(hex, event.key);
  if (to === undefined) return;
  event.preventDefault();
  if (to) focus(to);
}

/** Where a key leads from a hexagon: null for nowhere, undefined for a key that does not walk. */
function target(hex, key) {
  const all = [...map.drawing.querySelectorAll(".hex")];
  if (key in DIRECTIONS) return nearest(hex, DIRECTIONS[key], all);
  if (key === "Home" || key === "End") {
    const inOrder = all.map((one) => [middle(one), one]).sort(([a], [b]) => a.y - b.y || a.x - b.x);
    return inOrder[key === "Home" ? 0 : inOrder.length - 1][1];
  }
  return /^\p{L}$/u.test(key) ? named(hex, key, all) : undefined;
}

function middle(hex) {
  const { e, f } = hex.transform.baseVal[0].matrix;
  return { x: e, y: f };
}

/** The nearest hexagon in a direction; sideways distance counts double. */
function nearest(from, [dx, dy], all) {
  const at = middle(from);
  let best = null;
  let least = Infinity;
  for (const hex of all) {
    const to = middle(hex);
    const along = (to.x - at.x) * dx + (to.y - at.y) * dy;
    const aside = Math.abs((to.x - at.x) * dy) + Math.abs((to.y - at.y) * dx);
    if (along > 1 && along + 2 * aside < least) {
      best = hex;
      least = along + 2 * aside;
    }
  }
  return best;
}

/** The next seat by name that begins with a letter, beginning again after the last. */
function named(from, letter, all) {
  const name = (hex) => map.labelOf(hex).trim();
  const starts = (hex) => name(hex).localeCompare(letter, undefined, { sensitivity: "base" }) >= 0
    && name(hex)[0].localeCompare(letter, undefined, { sensitivity: "base" }) === 0;
  const found = all.filter(starts).sort((one, other) => name(one).localeCompare(name(other)));
  return found[(found.indexOf(from) + 1) % found.length] ?? null;
}

function focus(hex) {
  map.drawing.querySelector('.hex[tabindex="0"]')?.setAttribute("tabindex", "-1");
  hex.setAttribute("tabindex", "0");
  hex.focus();
}
