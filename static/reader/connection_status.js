/* The connection status that the page shows, in the element with the id `connection-status`.
 *
 * It is computed every second from the facts below, the time and the browser's `navigator.onLine`:
 *
 *   data-state    shown                  when
 *   page          As of 22:31            nothing was received since the page was loaded; 22:31 is when
 *                                        its newest bulletin was published
 *   live          Live 22:43             the socket delivered something at 22:43, at most SILENCE_MS ago
 *   polling       Updating 22:43         the last request was answered at 22:43, at most SILENCE_MS ago,
 *                                        and the next one is due
 *   catching-up   Catching up            the server was heard, and has more than this page shows
 *   reconnecting  Reconnecting           the connection was lost; no request was answered or failed since
 *   unreachable   No answer since 22:43  the last request failed, though the browser has a network;
 *                                        22:43 is when the server was last heard
 *                 Not updated since …    the same, where its answer is that there is no such night
 *   offline       Offline since 22:43    the browser reports no network; 22:43 as above
 *                 …, as of 22:31         offline or without an answer, where the server has not said the
 *                                        time yet: only that of the newest bulletin as loaded is known
 *
 * While the reader has paused the page, “Paused 22:43” stands for live, polling and catching-up: 22:43 is
 * when it was paused.
 *
 * 22:43 is the server's time (clock.js), never the device's. Where it is not known, nothing stands in its place.
 *
 * The server sends a heartbeat every 20 seconds. Whatever happens to the page in between (sleep, the
 * back/forward cache, a tunnel), `live` and `polling` end SILENCE_MS after the last thing received.
 */

import { moment, serverTime, since } from "./clock.js";

export const SILENCE_MS = 45_000;

const page = document.documentElement.dataset;
const status = document.getElementById("connection-status");
const timeAsServed = status?.querySelector(".when").textContent;

/** `by`: how the server was heard last ("page", "socket" or "request"), null once that was lost; `heardAt`: when, by
    this device's clocks; `time`: when, by the server's. */
export const facts = { by: "page", heardAt: moment(), time: null, failed: false, behind: false };

let isPausedNow = false;
let pausedTime = null;

export function heard(by) {
  Object.assign(facts, { by, heardAt: moment(), time: serverTime(), failed: false });
  draw();
}

/** Forget how the server was heard, until it is heard again or a request fails. */
export function lost() {
  if (facts.by !== "page") facts.by = null;
  facts.failed = false;
  draw();
}

/** Show that the last request failed; `how` is the HTTP status, if there was an answer, or else an error's message. */
export function failed(how) {
  facts.failed = how || true;
  draw();
}

export function isBehind(behind) {
  facts.behind = behind;
  draw();
}

/** Show that the reader has paused the page, or has resumed it. */
export function isPaused(paused) {
  isPausedNow = paused;
  pausedTime = serverTime();
  draw();
}

/** The state that follows from the facts, so many milliseconds after the server was heard. */
export function stateOf({ by, failed: lastFailed, behind }, silence, online) {
  if (silence <= SILENCE_MS && (by === "socket" || (by === "request" && !lastFailed))) {
    if (behind) return "catching-up";
    return by === "socket" ? "live" : "polling";
  }
  if (!online) return "offline";
  if (lastFailed) return "unreachable";
  return by === "page" ? "page" : "reconnecting";
}

/** Whether all that is known of a silent server is the newest bulletin of the page as it was loaded. */
const isAsLoaded = (state) => facts.time === null && (state === "offline" || state === "unreachable");

function timeOf(state) {
  if (state === "page" || isAsLoaded(state)) return timeAsServed;
  if (state === "catching-up" || state === "reconnecting") return "";
  return clock(facts.time);
}

function clock(time) {
  return time === null ? "" : new Intl.DateTimeFormat("en-GB", {
    hour: "2-digit", minute: "2-digit", timeZone: page.zone,
  }).format(time);
}

function labelOf(state) {
  if (state === "unreachable" && facts.failed === "404") return status.dataset.absent;
  return status.dataset[isAsLoaded(state) ? `${state}AsOf` : state.replace(/-./, (part) => part[1].toUpperCase())];
}

function setText(part, text) {
  const element = status.querySelector(part);
  if (element.textContent !== text) element.textContent = text;
}

export function draw() {
  if (!status) return;
  const state = stateOf(facts, since(facts.heardAt), navigator.onLine);
  if (status.dataset.state !== state) status.dataset.state = state;
  const paused = isPausedNow && ["live", "polling", "catching-up"].includes(state);
  setText(".state", paused ? status.dataset.whilePaused : labelOf(state));
  setText(".when", paused ? clock(pausedTime) : timeOf(state));
  setText(".sequence", page.sequence);
}
