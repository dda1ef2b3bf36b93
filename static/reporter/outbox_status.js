/* The status line at the top of every page: what was sent, what waits, what needs the reporter. */

import { answers, countState, expectSilence, isSignedOut, ownAnswers, reporter, silence } from "./answers.js";
import { unread } from "./messages.js";
import { drain, isSending, isStored, items, needsReporter, ownItems } from "./outbox.js";
import { showList } from "./outbox_list.js";
import { open } from "./receipt.js";
import { isQuestion, numbered, partlyThere, reasonsOf } from "./states.js";
import { leaveRoom } from "./sticky.js";
import { isBroken } from "./storage.js";
import { undo, undoable } from "./undo.js";
import { isPressed } from "./views.js";
import { interpolate } from "../shared/text.js";

const statusLine = document.getElementById("strip");
const sentence = statusLine.querySelector("[data-words]");
const button = statusLine.querySelector("button");
/** That the page is of a time before: true from then on, whatever the desk answers. */
const asItWas = document.querySelector(".as-it-was");
const counter = document.querySelector("[data-outbox-count]");
const text = statusLine.dataset;
let action = null;

/** The state to show: `[name, sentence, button's label, button's action]`. */
function current() {
  const waiting = items();
  if (!reporter) {
    if (!waiting[0]) return ["empty", "", "", null];
    // Before somebody signs in nothing is tried again.
    const tried = waiting.filter((item) => item.tried);
    return ["asks", joined([text.signInAgain, kept(waiting.filter((item) => !item.tried)), kept(tried)]), "", null];
  }
  const now = undoable();
  if (now && now.state !== "undone") return ["waiting", interpolate(text[now.state], now), text.undo, undo];
  // What waits for the reporter does not hide what waits for the network, nor the newest answer.
  // Of another reporter on this phone nothing is asked here: only who typed it can answer.
  const asked = askedOf(waiting.filter(isOwn));
  const unsent = waiting.filter((item) => item.takenBack || !isOwn(item) || !(needsReporter(item) || isToSignIn(item)));
  const [first, ...others] =
    [askedState(asked), messageState(), newsState(), waitingState(unsent)].filter(Boolean);
  if (!first && now) return ["sent", interpolate(text.undone, now), "", null];
  if (!first) return settledState(0) ?? ["empty", text.empty, "", null];
  const settled = settledState(Math.max(unsent[0]?.at ?? waiting[0]?.at ?? 0, newsAt()));
  const lines = [first, ...others, settled].map((each) => each?.[1]);
  return [first[0], joined(lines), ...first.slice(2)];
}

/** What is called unsent beside the question to sign in again; it is not tried again before. */
const isToSignIn = ({ asks, tried }) => asks?.state === "signed-out" && !tried;

/** Sentences one after another; some end in a name. */
const joined = (lines) => lines.filter(Boolean)
  .map((line, at, { length }) => (at < length - 1 && /[^.?!…”]$/.test(line) ? `${line}.` : line)).join(" ");

/** A line of the first of several, and how many more there are. */
const counted = (line, { length }) => joined([line, length > 1 && interpolate(text.more, { count: length - 1 })]);

/** What is kept until somebody signs in. */
function kept(list) {
  const [first] = list;
  const unsent = isStored(first?.key) ? text.signedOut : text.signedOutUnkept;
  return first && counted(unsentLine(first, unsent, text.signedOutUnanswered), list);
}

const isOwn = (item) => item.reporter === reporter;

/** When the last news came that the reporter has not seen; 0 without any. */
const newsAt = () => Math.max(0, ...ownNews().map((answer) => answer.newsAt ?? 0));
const ownNews = () => ownAnswers().filter(({ news }) => news);

/** What asks for the reporter: a question about a result is not hidden by what cannot be taken. */
function askedOf(waiting) {
  const all = waiting.filter(({ asks, takenBack }) => asks && asks.state !== "another" && !takenBack);
  const isRefused = ({ asks }) => asks.state === "refused";
  return [...all.filter((item) => !isRefused(item)), ...all.filter(isRefused)];
}

/** The first of what asks, and the number of the others. */
function askedState(all) {
  const [asked] = all;
  if (!asked) return null;
  const { state, offer } = asked.asks;
  if (state === "signed-out") {
    // What may have arrived is not called unsent: the line of what waits says so.
    const line = kept(all.filter(isToSignIn));
    return ["asks", line ? joined([text.signInAgain, line]) : text.sessionEnded, text.signIn, signIn];
  }
  const why = reasonsOf(asked).join(" ");
  const ended = offer ? text.stopped : text.ended;
  const words = state === "stopped" ? ended : isQuestion(state) ? text.asks : text.refused;
  const count = all.filter(needsReporter).length - 1;
  const more = count ? ` ${interpolate(text.moreAsk, { count })}` : "";
  return ["asks", interpolate(words, { ...asked, why }) + more, text.look, () => open(asked.key)];
}

/** What the desk has done since with something that it had. */
function newsState() {
  const [told] = ownNews().sort((first, second) => (second.newsAt ?? 0) - (first.newsAt ?? 0));
  const words = told?.words || text.unknown;
  return told && ["asks", interpolate(text.news, { ...told, words }), text.look, () => open(told.key)];
}

/** The newest message that nobody has seen. */
function messageState() {
  const message = unread();
  return message && ["asks", interpolate(text.message, message), text.look, () => showList("h2")];
}

/** That an item waits: with `words`, unless the desk may have it. */
const unsentLine = (item, words, unanswered = text.unanswered) =>
  interpolate(item.takenBack ? text.takingBack : item.tried ? unanswered : words, item);

function waitingState(waiting) {
  if (!waiting.length) return null;
  const mine = waiting.filter(isOwn);
  if (!mine.length) return ["asks", interpolate(text.another, waiting[0]), "", null];
  const now = mine.find((item) => isSending(item.key));
  const values = now ?? mine[0];
  const partly = partlyThere(values.key, ` ${text.partly}`);
  const goes = now?.takenBack ? text.takingBack : text.sending;
  if (now) return ["sending", counted(interpolate(goes, values) + partly, mine), "", drain];
  const waits = isStored(mine[0].key) ? text.waiting : text.waitingUnkept;
  return ["waiting", counted(unsentLine(values, waits) + partly, mine), text.now, drain];
}

/** The last answer, if it came after `since`, and up to two before it that came while its own still waited. */
function settledState(since) {
  const [last, ...before] = answers();
  if (last?.reporter !== reporter || last.news || last.settled < since) return null;
  const beside = before.filter((answer) =>
    isOwn(answer) && !answer.news && answer.settled > last.queued && answer.state !== "superseded");
  return ["sent", joined([last, ...beside.slice(0, 2)].map(settledLine)), "", null];
}

function settledLine(answer) {
  // What only editors see is kept without being published later.
  const template = { published: text.sent, unchanged: text.unchanged, kept: answer.at && text.kept }[answer.state];
  return interpolate(template || text.news, numbered({ ...answer, words: answer.words || text.unknown }));
}

function signIn() {
  const address = `${text.signInAddress}?next=${encodeURIComponent(location.pathname)}`;
  if (isBroken()) globalThis.open(address); else location.assign(address);
}

function render() {
  // Its button has another meaning then, and all that is below it another place.
  if (isPressed()) return;
  const [state, line, label, onClick] = current();
  const ended = label === text.signIn ? text.since : text.sessionEnded;
  const notes = [countState(ended), isBroken() && text.keepsNothing, silence(text)]
    .filter((note) => note && !line.includes(note));
  const whole = joined([line, ...notes]);
  statusLine.dataset.state = state;
  if (sentence.textContent !== whole) sentence.textContent = whole;
  const toSignIn = !label && isSignedOut();
  button.hidden = !label && !toSignIn;
  button.textContent = toSignIn ? text.signIn : label;
  action = toSignIn ? signIn : onClick;
  const unsent = ownItems().length;
  if (counter) counter.textContent = unsent ? String(unsent) : "";
}

export function show() {
  button.addEventListener("click", () => action?.());
  document.addEventListener("outbox", render);
  navigator.serviceWorker?.addEventListener("message", (event) => {
    if (event.data !== "from-cache") return;
    asItWas.hidden = false;
    expectSilence();
  });
  statusLine.hidden = false;
  leaveRoom(statusLine, "top");
  render();
}
