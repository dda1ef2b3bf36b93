/* The status line at the top of every page: what was sent, what waits, what needs the reporter. */

import { answers, drain, isSending, items, reasonsOf } from "./outbox.js";
import { open } from "./receipt.js";
import { leaveRoom } from "./sticky.js";
import { storage } from "./storage.js";
import { interpolate } from "../shared/text.js";

const statusLine = document.getElementById("strip");
const sentence = statusLine?.querySelector("[data-words]");
const button = statusLine?.querySelector("button");
const text = statusLine?.dataset ?? {};
const reporter = document.body.dataset.reporter;
let stale = false;
let action = null;

/** The state to show: `[name, sentence, button's label, button's action]`. */
function current() {
  const waiting = items();
  if (!reporter) {
    return waiting.length ? ["asks", interpolate(text.signedOut, waiting[0]), "", null] : ["empty", "", "", null];
  }
  return askedState(waiting) ?? waitingState(waiting) ?? settledState() ?? ["empty", text.empty, "", null];
}

function askedState(waiting) {
  const asked = waiting.find((item) => item.asks);
  switch (asked?.asks.state) {
    case undefined:
    case "another":
      return null;
    case "signed-out":
      return ["asks", interpolate(text.signedOut, asked), text.signIn, () => location.assign(signInAddress())];
    case "refused": {
      const why = reasonsOf(asked).join(" ") || text.tooLarge;
      return ["asks", interpolate(text.refused, { ...asked, why }), text.look, () => open(asked.key)];
    }
    default:
      return ["asks", interpolate(text.asks, asked), text.look, () => open(asked.key)];
  }
}

function waitingState(waiting) {
  if (!waiting.length) return null;
  if (waiting.length === 1 && waiting[0].reporter !== reporter) {
    return ["asks", interpolate(text.another, waiting[0]), "", null];
  }
  const values = { ...waiting[0], count: waiting.length };
  if (waiting.some((item) => isSending(item.key))) {
    return ["sending", interpolate(text.sending, values), "", drain];
  }
  return ["waiting", interpolate(text.waiting, values), text.now, drain];
}

function settledState() {
  const last = answers()[0];
  if (last?.reporter !== reporter) return null;
  const template = { published: text.sent, unchanged: text.unchanged }[last.state] ?? text.kept;
  return ["sent", interpolate(template, { ...last, number: last.sequence }), "", null];
}

const signInAddress = () => `${text.signInAddress}?next=${encodeURIComponent(location.pathname)}`;

function render() {
  const [state, line, label, act] = current();
  const notes = [storage.broken && text.keepsNothing, stale && text.stale].filter(Boolean);
  const whole = [line, ...notes].join(" ");
  statusLine.dataset.state = state;
  if (sentence.textContent !== whole) sentence.textContent = whole;
  button.hidden = !label;
  button.textContent = label;
  action = act;
}

export function show() {
  if (!statusLine) return;
  button.addEventListener("click", () => action?.());
  document.addEventListener("outbox", render);
  navigator.serviceWorker?.addEventListener("message", (event) => {
    if (event.data === "from-cache") { stale = true; render(); }
  });
  addEventListener("online", () => { stale = false; render(); });
  statusLine.hidden = false;
  leaveRoom(statusLine, "top");
  render();
}
