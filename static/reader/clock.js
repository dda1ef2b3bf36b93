/* The time, whatever the device's own clock says: it may be an hour fast, and be set back in the middle.
 *
 * The server says the time when a socket opens, and with each answer. From then on the monotonic clock counts, which
 * nobody can set, but which may stop while a laptop sleeps. */

const AGREE_MS = 15_000;
/** The server's time at a moment of this device; null before the server has said it. */
let known = null;

/** A moment, by both clocks of this device. */
export const moment = () => ({ date: Date.now(), ticks: performance.now() });

/** Milliseconds since a moment, at least: one clock may have been set back, the other may have slept. */
export function since({ date, ticks }) {
  return Math.max(Date.now() - date, performance.now() - ticks);
}

/** Take up the server's time, in milliseconds; anything else is none. */
export function learnTime(time) {
  if (!Number.isFinite(time)) return;
  known = { time, ...moment() };
  document.dispatchEvent(new Event("desk:time"));
}

/** The time by the server, in milliseconds; null where it is not known: the device has slept since, or its clock was
    set forward, and which of the two cannot be told. */
export function serverTime() {
  if (!known) return null;
  const [dated, ticked] = [Date.now() - known.date, performance.now() - known.ticks];
  return dated - ticked > AGREE_MS ? null : known.time + ticked;
}

/** The time at which a response was sent; caches say how old theirs is. */
export function timeOfResponse({ headers }) {
  return Date.parse(headers.get("Date")) + 1_000 * Number(headers.get("Age") ?? 0);
}
