/* Zoom and pan of the map, by buttons, keys, wheel and two fingers.
 *
 * The page's own scrolling is never taken: the wheel zooms with Ctrl or while the map has the focus, one finger
 * pans sideways only, and the buttons always work. From 26 pixels a hexagon has its party's letters. */

const MOST = 8; // times
const STEP = 1.5;
const PITCH = 20; // of hexagons, in units of the drawing
const LETTERS_FROM = 26; // pixels from hexagon to hexagon

let map = null;
let whole = null; // the drawing's own view box
let view = null;
let reset = null;
const fingers = new Map();

export function start(given) {
  if (map) return;
  map = given;
  const box = map.drawing.viewBox.baseVal;
  whole = { x: box.x, y: box.y, width: box.width, height: box.height };
  view = { ...whole };
  addButtons();
  const { drawing } = map;
  drawing.addEventListener("wheel", onWheel, { passive: false });
  drawing.addEventListener("keydown", onKey);
  drawing.addEventListener("focusin", (event) => reveal(event.target.closest(".hex")));
  drawing.addEventListener("pointerdown", onDown);
  drawing.addEventListener("pointermove", onMove);
  for (const type of ["pointerup", "pointercancel", "pointerleave"]) drawing.addEventListener(type, onUp);
  drawing.addEventListener("click", onClick, true);
  for (const type of ["desk:applied", "desk:keyed"]) document.addEventListener(type, drawLetters);
  addEventListener("resize", drawLetters);
  map.section.classList.add("zooms");
  drawLetters();
}

function addButtons() {
  const [nearer, farther, wholeMap] = map.section.dataset.buttons.split("|");
  const box = document.createElement("div");
  box.className = "map-buttons";
  const add = (sign, name, act) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = sign;
    button.setAttribute("aria-label", name);
    button.addEventListener("click", act);
    box.append(button);
    return button;
  };
  add("+", nearer, () => zoom(STEP));
  add("\u2212", farther, () => zoom(1 / STEP));
  reset = add("\u2922", wholeMap, () => { view = { ...whole }; draw(); });
  reset.disabled = true;
  map.drawing.parentElement.append(box);
}

const times = () => whole.width / view.width;
const isZoomed = () => times() > 1.01; // not by what rounding leaves

/** Zoom by a factor; what is at the point (0 to 1 of the view) stays there. */
function zoom(factor, at = { x: 0.5, y: 0.5 }) {
  const by = Math.min(MOST, Math.max(1, times() * factor)) / times();
  const [width, height] = [view.width / by, view.height / by];
  view = { x: view.x + (view.width - width) * at.x, y: view.y + (view.height - height) * at.y, width, height };
  draw();
}

function pan(dx, dy) {
  view.x += dx;
  view.y += dy;
  draw();
}

function draw() {
  view.x = Math.min(Math.max(view.x, whole.x), whole.x + whole.width - view.width);
  view.y = Math.min(Math.max(view.y, whole.y), whole.y + whole.height - view.height);
  map.drawing.setAttribute("viewBox", [view.x, view.y, view.width, view.height].map((n) => n.toFixed(1)).join(" "));
  map.section.classList.toggle("zoomed", isZoomed());
  reset.disabled = !isZoomed();
  drawLetters();
}

const unit = () => view.width / map.drawing.getBoundingClientRect().width;

function pointOf(event) {
  const box = map.drawing.getBoundingClientRect();
  return { x: (event.clientX - box.x) / box.width, y: (event.clientY - box.y) / box.height };
}

function onWheel(event) {
  if (!event.ctrlKey && !map.drawing.contains(document.activeElement)) return;
  const factor = Math.exp(-event.deltaY / 300);
  const isAtItsEnd = factor < 1 ? !isZoomed() : times() >= MOST;
  if (isAtItsEnd && !event.ctrlKey) return; // the page scrolls on
  event.preventDefault();
  zoom(factor, pointOf(event));
}

const KEYS = { "+": STEP, "=": STEP, "-": 1 / STEP };

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "0") { view = { ...whole }; draw(); }
  if (event.key in KEYS) zoom(KEYS[event.key], positionOf(event.target.closest(".hex")));
}

function positionOf(hex) {
  if (!hex) return undefined;
  const { e, f } = hex.transform.baseVal[0].matrix;
  return { x: (e - view.x) / view.width, y: (f - view.y) / view.height };
}

/** Bring the hexagon that has the focus into the view. */
function reveal(hex) {
  const at = positionOf(hex);
  if (!at || !isZoomed() || (at.x > 0.08 && at.x < 0.92 && at.y > 0.08 && at.y < 0.92)) return;
  pan((at.x - 0.5) * view.width, (at.y - 0.5) * view.height);
}

/* --- fingers and the mouse -------------------------------------------------------------------- */

const DRAG_FROM = 8; // pixels: less is a click, which opens a seat
let dragged = 0; // pixels since the first finger went down

function onDown(event) {
  if (event.pointerType === "mouse" && event.button !== 0) return;
  if (!fingers.size) dragged = 0;
  fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
}

function onMove(event) {
  const before = fingers.get(event.pointerId);
  if (!before) return;
  const now = { x: event.clientX, y: event.clientY };
  const [dx, dy] = [now.x - before.x, now.y - before.y];
  if (fingers.size === 2) {
    const other = [...fingers].find(([id]) => id !== event.pointerId)[1];
    const distance = (point) => Math.hypot(point.x - other.x, point.y - other.y) || 1;
    const middle = { clientX: (now.x + other.x) / 2, clientY: (now.y + other.y) / 2 };
    zoom(distance(now) / distance(before), pointOf(middle));
    pan((-dx / 2) * unit(), (-dy / 2) * unit());
  } else if (isZoomed()) {
    pan(-dx * unit(), (event.pointerType === "mouse" ? -dy : 0) * unit());
  }
  dragged += Math.abs(dx) + Math.abs(dy);
  fingers.set(event.pointerId, now);
}

function onUp(event) {
  fingers.delete(event.pointerId);
}

function onClick(event) {
  if (!isZoomed() || dragged < DRAG_FROM) return;
  event.preventDefault();
  event.stopPropagation();
}

/* --- letters ---------------------------------------------------------------------------------- */

/** The letters of each party on its hexagons, where there is room for them. */
function drawLetters() {
  const wanted = PITCH / unit() >= LETTERS_FROM;
  map.drawing.classList.toggle("lettered", wanted);
  for (const hex of map.drawing.querySelectorAll(".hex:not(.ward)")) {
    const text = hex.querySelector("text");
    const name = wanted && nameOf(hex.dataset.party ?? "");
    if (!name) text?.remove();
    else if (!text) hex.append(letters(name));
  }
}

/** The party's letters, which the list beside the map has; undefined until that has come. */
function nameOf(party) {
  return document.querySelector(`#map-key [data-party="${CSS.escape(party)}"] abbr`)?.dataset.letters;
}

function letters(name) {
  const text = document.createElementNS("http://www.w3.org/2000/svg", "text");
  text.setAttribute("y", "5");
  text.classList.toggle("four", name.length > 3);
  text.textContent = name;
  return text;
}
