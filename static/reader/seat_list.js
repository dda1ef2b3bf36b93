/* The list of every seat, of which the live page of a large election has the headings only.
 *
 * It is fetched when the reader first uses what needs it: a region's heading, the search, the map, or seats
 * that this browser keeps. From then on the stream keeps its rows up to date, as it does all others.
 */

import { isPressed, whenReleased } from "../shared/presses.js";

const page = document.documentElement.dataset;
let coming = null;

/** Resolves when the page has the row of every seat; rejects if they cannot be fetched now. */
export function seatList() {
  const section = document.querySelector("#seats[data-apart]");
  if (!section) return Promise.resolve();
  coming ??= load(section).catch((error) => {
    coming = null;
    throw error;
  });
  return coming;
}

async function load(section) {
  const address = section.querySelector("details p a").href;
  // What the browser has kept may be too old to be brought up to date.
  const list = await upToDate(address).catch(() => upToDate(address, "reload"));
  put(section, list);
}

async function upToDate(address, cache = "default") {
  const response = await ask(address, cache);
  const fetched = new DOMParser().parseFromString(await response.text(), "text/html");
  const { epoch, sequence } = fetched.documentElement.dataset;
  if (epoch !== page.epoch) throw new Error("another epoch"); // live.js is about to reload the page
  const list = fetched.getElementById("seats");
  // A cache may serve a list that is older than the page.
  for (let at = Number(sequence); ;) {
    while (at < Number(page.sequence)) at = await bringUp(list, at);
    if (!isPressed()) return list;
    await whenReleased();
  }
}

async function ask(address, cache = "default") {
  const response = await fetch(address, { credentials: "omit", cache });
  if (!response.ok) throw new Error(String(response.status));
  return response;
}

/** Replace the rows that have changed since bulletin `at`; returns the bulletin that they are of now. */
async function bringUp(list, at) {
  const span = `${at}-${page.sequence}`;
  const response = await ask(`${page.address}updates/${page.epoch}/${span}/?topics=${page.topics}`);
  const frame = await response.json();
  if (frame.resync || !(frame.sequence > at)) throw new Error("not to be had");
  for (const [id, html] of Object.entries(frame.fragments)) {
    const row = id.startsWith("row-") && list.querySelector(`#${CSS.escape(id)}`);
    if (row) row.outerHTML = html;
  }
  return frame.sequence;
}

/** Put the list in the place of its headings; it is as open as they are, and keeps their focus. */
function put(section, list) {
  const old = [...section.querySelectorAll("details")];
  const now = [...list.querySelectorAll("details")];
  for (const [at, details] of now.entries()) details.open = Boolean(old[at]?.open);
  const focused = old.findIndex((details) => details.contains(document.activeElement));
  section.replaceWith(list);
  if (focused >= 0) now[focused]?.querySelector("summary").focus({ preventScroll: true });
  document.dispatchEvent(new Event("desk:listed"));
}
