/* The map. The page has its hexagons; what else it needs is imported when it is first used. */

import { onApplied } from "./applied.js";

const section = document.getElementById("map");
const drawing = section?.querySelector(".hexmap");
const SEATS = ".hex, .tile";
const slugOf = (seat) => seat.id.replace(/^(hex|shade)-/, "");

/** The seat and its result, as its row in the list has them; the name's letters until that was fetched. */
function labelOf(seat) {
  const row = document.getElementById(`row-${slugOf(seat)}`);
  if (!row) return slugOf(seat).replaceAll("-", " ");
  return [...row.children].filter((part) => !part.matches("button")).map((part) => part.textContent).join(" · ");
}

/** Choose again the mode that the map has: without a network, asking for another would lose the page. */
function keepMode() {
  section.querySelector(`[name=map][value=${section.dataset.mode}]`).checked = true;
}

/** What the imported modules are given: importing this one they would form a circle, which has no hash. */
const map = { section, drawing, SEATS, slugOf, labelOf, keepMode };
const failed = () => {}; // the next use tries again

let seen = false; // the map has been in view
let cardLoaded = false;
let zoomLoaded = !drawing;

function loadAll(event) {
  import("./map_card.js").then((card) => {
    cardLoaded = true;
    card.start(map, event);
  }, failed);
  if (!drawing) return;
  import("./map_zoom.js").then((zoom) => {
    zoomLoaded = true;
    zoom.start(map, event);
  }, failed);
}

/** The first touch names a seat, also one that comes before the module which does so. */
function onFirstTouch(event) {
  if (cardLoaded || event.pointerType !== "touch" || !event.target.closest(SEATS)) return;
  event.preventDefault();
  loadAll(event);
}

function choose({ target }) {
  if (!section.dataset.modes) return;
  import("./map_modes.js").then((modes) => modes.choose(map, target.value), () => {
    if (navigator.onLine) target.form.submit();
    else keepMode();
  });
}

/** A bulletin has come: what could not be fetched when the map came into view can be now. */
function update(event) {
  if (seen && !(cardLoaded && zoomLoaded)) loadAll(event);
  drawnAgain(event);
}

function drawnAgain({ detail }) {
  const ids = detail.ids.filter((id) => /^(hex|shade)-/.test(id));
  for (const id of ids) {
    const seat = drawing && document.getElementById(id);
    seat?.setAttribute("aria-label", labelOf(seat));
  }
  if (ids.length && document.getElementById("map-key")) {
    import("./map_key.js").then((key) => key.count(map), failed);
  }
}

if (section?.querySelector(SEATS)) {
  for (const type of ["pointerover", "focusin"]) section.addEventListener(type, loadAll);
  new IntersectionObserver(([entry], observer) => {
    if (!entry.isIntersecting) return;
    observer.disconnect();
    seen = true;
    loadAll(entry);
  }).observe(drawing ?? section);
  section.addEventListener("click", onFirstTouch, true);
  section.addEventListener("change", choose);
  // On a slow line a mode is chosen before this script is here.
  const chosen = section.querySelector("[name=map]:checked");
  if (chosen && chosen.value !== section.dataset.mode) choose({ target: chosen });
  onApplied(update);
}
if (drawing) {
  drawing.removeAttribute("aria-hidden");
  drawing.setAttribute("role", "group");
  drawing.setAttribute("aria-labelledby", "map-heading");
  drawing.setAttribute("aria-description", section.dataset.hint);
  // Labels are set here and not in the page's HTML, which 650 of them would make heavy.
  const labelAll = () => {
    for (const hex of drawing.querySelectorAll(".hex")) hex.setAttribute("aria-label", labelOf(hex));
  };
  labelAll();
  document.addEventListener("desk:listed", labelAll);
  // Whoever goes by keyboard has the results before the map is reached.
  const listed = () => import("./seat_list.js").then(({ seatList }) => seatList()).catch(failed);
  addEventListener("keydown", listed, { once: true });
  drawing.querySelector(".hex")?.setAttribute("tabindex", "0");
}
