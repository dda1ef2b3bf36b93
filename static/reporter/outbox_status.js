/* The status line at the top of every page: what was sent, what waits, what needs the reporter. */

import { answers } from "./answers.js";
import { countState } from "./counts.js";
import { unread } from "./messages.js";
import { drain, isSending, items, needsReporter, reasonsOf } from "./outbox.js";
import { showList } from "./outbox_list.js";
import { open } from "./receipt.js";
import { partlyThere } from "./states.js";
import { leaveRoom } from "./sticky.js";
import { isBroken } from "./storage.js";
import { undo, undoable } from "./undo.js";
import { interpolate } from "../shared/text.js";

const statusLine = document.getElementById("strip");
const sentence = statusLine?.querySelector("[data-words]");
const button = statusLine?.querySelector("button");
const counter = document.querySelector("[data-outbox-count]");
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
  const now = undoable();
  if (now && now.state !== "undone") return ["waiting", interpolate(text[now.state], now), text.undo, undo];
  // What waits for the reporter does not hide what waits for the network, nor the newest answer.
  const unsent = waiting.filter((item) => item.takenBack || !needsReporter(item));
  const [first, ...others] = [askedState(waiting), newsState(), waitingState(unsent)].filter(Boolean);
  if (!first && now) return ["sent", interpolate(text.undone, now), "", null];
  if (!first) return settledState(0) ?? ["empty", text.empty, "", null];
  const settled = settledState(Math.max(unsent[0]?.at ?? waiting[0]?.at ?? 0, newsAt()));
  const [state, , label, act] = first;
  return [state, [first, ...others, settled].filter(Boolean).map(([, line]) => line).join(" "), label, act];
}

/** When the last news came that the reporter has not seen; 0 without any. */
const newsAt = () => Math.max(0, ...answers().filter(isNews).map((answer) => answer.newsAt ?? 0));
const isNews = (answer) => answer.news && answer.reporter === reporter;

function askedState(waiting) {
  const asked = waiting.find((item) => item.asks && !item.takenBack);
  switch (asked?.asks.state) {
    case undefined:
    case "another":
      return null;
    case "signed-out":
      return ["asks", interpolate(text.signedOut, asked), text.signIn, () => location.assign(signInAddress())];
    case "reason":
    case "conflict":
    case "faulty":
      return ["asks", interpolate(text.asks, asked), text.look, () => open(asked.key)];
    case "stopped":
      return ["asks", interpolate(text.stopped, asked), text.look, () => open(asked.key)];
    default: {
      const why = reasonsOf(asked).join(" ") || text.tooLarge;
      return ["asks", interpolate(text.refused, { ...asked, why }), text.look, () => open(asked.key)];
    }
  }
}

/** What the desk has done since with something that it had. */
function newsState() {
  const told = answers().find(isNews);
  if (!told) return messageState();
  const words = told.words || text.unknown;
  return ["asks", interpolate(text.news, { ...told, words }), text.look, () => open(told.key)];
}

/** The newest message of the desk that nobody has seen on this phone. */
function messageState() {
  const message = unread();
  return message && ["asks", interpolate(text.message, message), text.look, showList];
}

function waitingState(waiting) {
  if (!waiting.length) return null;
  if (waiting.every((item) => item.reporter !== reporter)) {
    return ["asks", interpolate(text.another, waiting[0]), "", null];
  }
  const mine = waiting.filter((item) => item.reporter === reporter);
  const now = mine.find((item) => isSending(item.key));
  const values = { ...(now ?? mine[0]), count: mine.length - 1 };
  const more = mine.length > 1 ? ` ${interpolate(text.more, values)}` : "";
  const partly = partlyThere(values.key, ` ${text.partly}`);
  if (now) return ["sending", interpolate(text.sending, values) + partly + more, "", drain];
  const template = mine[0].takenBack ? text.takingBack : mine[0].tried ? text.unanswered : text.waiting;
  return ["waiting", interpolate(template, values) + partly + more, text.now, drain];
}

/** The last answer, if it came after `since`. */
function settledState(since) {
  const last = answers()[0];
  if (last?.reporter !== reporter || isNews(last) || (last.settled ?? 0) < since) return null;
  const values = { ...last, number: last.sequence };
  const template = { published: text.sent, unchanged: text.unchanged, kept: text.kept }[last.state];
  return ["sent", template ? interpolate(template, values) : interpolate(text.news, values), "", null];
}

const signInAddress = () => `${text.signInAddress}?next=${encodeURIComponent(location.pathname)}`;

function render() {
  const [state, line, label, act] = current();
  const notes = [countState(text), isBroken() && text.keepsNothing, stale && text.stale].filter(Boolean);
  const whole = [line, ...notes].join(" ");
  statusLine.dataset.state = state;
  if (sentence.textContent !== whole) sentence.textContent = whole;
  button.hidden = !label;
  button.textContent = label;
  action = act;
  const unsent = items().filter((item) => item.reporter === reporter).length;
  if (counter) counter.textContent = unsent ? String(unsent) : "";
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
