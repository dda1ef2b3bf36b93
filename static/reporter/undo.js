/* One tap publishes the state of a count: it waits five seconds first, with Undo. What readers have seen is
 * corrected, not undone.
 *
 * The time stops while a button of the line has the focus (WCAG 2.2.1). Whatever ends the page, or is sent
 * after it, sends it too. */

import { isHeld, item, notify, releaseHeld, send, sendHeld, takeBack } from "./outbox.js";
import { part } from "./views.js";
import { interpolate } from "../shared/text.js";

const UNDO_MS = 5_000;
let key = null;
let timer = 0;
let form = null;
/** The submission that was undone last. */
let undone = null;

/** `{state, what}`: the state that waits (“held”), while the time is stopped (“paused”), or was not sent
    (“undone”); null without any. */
export function undoable() {
  if (isHeld(key)) return { state: timer ? "held" : "paused", what: whatOf(item(key)) };
  return undone && { state: "undone", what: whatOf(undone) };
}

const whatOf = (waiting) => waiting?.content[waiting.content.length - 1]?.[1] ?? "";
const line = () => form?.querySelector("[data-part=undo]");

/** Queue the state that was tapped. It takes the place of one that still waits. */
export function sendLater(pressedForm, entry) {
  if (key !== null) takeBack(key);
  form = pressedForm;
  key = entry.key;
  undone = null;
  wait();
  send(entry, { held: true });
  render();
}

export function undo() {
  if (!isHeld(key)) return;
  undone = item(key);
  const [, value] = undone.fields.find(([name]) => name === "status");
  // The button that has the focus is about to go.
  if (isOurs(document.activeElement)) form.querySelector(`button[value="${value}"]`)?.focus();
  clearTimeout(timer);
  key = null;
  takeBack(undone.key);
}

/** Safari has :focus-visible since iOS 15.4, and focuses no button that is tapped. */
function isByKeyboard(target) {
  try { return target.matches(":focus-visible"); } catch { return true; }
}

const isOurs = (target) => Boolean(target?.closest("[data-part=undo], #strip"));

function wait() {
  clearTimeout(timer);
  timer = setTimeout(releaseHeld, UNDO_MS);
}

/** Show or hide the line below the buttons. */
function render({ detail } = {}) {
  if (!isHeld(key)) {
    clearTimeout(timer);
    key = null;
  }
  if (detail?.key && detail.key !== undone?.key) undone = null;
  const box = line();
  if (!box) return;
  box.hidden = key === null;
  const words = part(box, "words");
  if (key !== null) words.textContent = interpolate(words.dataset[undoable().state], undoable());
}

/** Stop the time while the keyboard is at one of the buttons that undo. A finger's tap ends it anyway, and
    other words under the finger would move the button away. */
function pause({ target }) {
  const atButton = isOurs(target) && isByKeyboard(target);
  if (key === null || atButton === !timer) return;
  if (timer) {
    clearTimeout(timer);
    timer = 0;
  } else wait();
  notify();
}

export function watchUndo() {
  document.addEventListener("outbox", render);
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") undo(); });
  document.addEventListener("focusin", pause);
  for (const end of ["pagehide", "freeze"]) addEventListener(end, sendHeld);
  document.addEventListener("visibilitychange", () => { if (document.hidden) sendHeld(); });
  document.querySelector("form[data-sign-out]")?.addEventListener("submit", sendHeld);
}
