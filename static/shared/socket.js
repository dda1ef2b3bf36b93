/* The socket over which the desk says that something has changed. The page then requests what it is: a phone
 * in `reporter/report.js`, the night dashboard in `editor/night.js`. Without a socket it asks every few seconds. */

/** The server sends something every 20 seconds. */
const SILENCE_MS = 45_000;
const MAX_BACKOFF_MS = 60_000;
/** Of the process: about to stop, or full. */
const CLOSE_SERVER_STOPS = 4012;
const CLOSE_SERVER_FULL = 4013;
let socket = null;
let heardAt = -Infinity;
let pause = 1000;
let timer = null;
let onChange = () => {};

/** Whether a change would arrive at once. */
export const isListening = () => socket?.readyState === 1 && performance.now() - heardAt < SILENCE_MS;

function open() {
  clearTimeout(timer);
  timer = null;
  const address = document.body.dataset.socket;
  if (isListening() || socket?.readyState === 0 || !address || typeof WebSocket === "undefined") return;
  socket?.close();
  const opened = new WebSocket(new URL(address, location.href).href.replace(/^http/, "ws"));
  socket = opened;
  heardAt = performance.now();
  opened.addEventListener("message", ({ data }) => {
    heardAt = performance.now();
    pause = 1000;
    if (JSON.parse(data).changed) onChange();
  });
  opened.addEventListener("close", ({ code }) => { if (socket === opened) retry(code); });
}

/** Try again later, and each time later still: a session that has ended, or a hall without a signal. */
function retry(code) {
  socket = null;
  const wait = code === CLOSE_SERVER_STOPS ? 10_000 * Math.random()
    : code === CLOSE_SERVER_FULL ? 120_000 + 180_000 * Math.random() : pause * (0.5 + Math.random());
  pause = Math.min(2 * pause, MAX_BACKOFF_MS);
  clearTimeout(timer);
  timer = setTimeout(open, wait);
  // It may say that nobody is signed in any more.
  if (code > 4000 && code !== CLOSE_SERVER_STOPS && code !== CLOSE_SERVER_FULL) onChange();
}

/** Open the socket now, and keep it open; `refresh` is called when there is something to ask for. */
export function keepListening(refresh) {
  onChange = refresh;
  for (const sign of ["online", "pageshow"]) addEventListener(sign, open);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) open(); });
  // A page with an open socket could not be shown again as it was.
  addEventListener("pagehide", () => { clearTimeout(timer); socket?.close(); socket = null; });
  setInterval(() => { if (!timer && !isListening()) open(); }, 10_000);
  open();
}
