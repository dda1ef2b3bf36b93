/* The view of one submission. It says "published" only after the server has said so. */

import { answerTo, seen } from "./answers.js";
import { asText, nameOf } from "./contents.js";
import { store } from "./drafts.js";
import { answer, item, notify, releaseHeld, sendAgain, takeBack } from "./outbox.js";
import { lineOf, reasonsOf, stateOf, titleOf } from "./states.js";
import { isBroken } from "./storage.js";
import { undo } from "./undo.js";
import { back, depth, element, mainFrom, part, swap } from "./views.js";
import { formatCount } from "../shared/text.js";

let key = null; // of the submission that is shown
/** The id of a draft's form on the count's page, where it is not the draft's own name. */
const FORM_IDS = { count: "state", status: "state", message: "messages" };
const OPTIONAL_PARTS = [
  "reason", "conflict", "faulty", "refused", "stopped", "retry", "mine", "after", "details", "read-back", "lost",
];

/** Show the receipt of a submission in place of the page. */
export function open(submissionKey) {
  key = submissionKey;
  const main = mainFrom("receipt");
  swap(main);
  render();
  main.querySelector("h1").focus();
}

function render() {
  const box = document.querySelector("main [data-receipt]");
  if (!box || key === null) return;
  const focused = document.activeElement;
  fill(box);
  // The button that was pressed may be gone.
  if (focused.closest("[data-receipt] [hidden]")) part(box, "title").focus();
}

function fill(box) {
  const waiting = item(key);
  const settled = answerTo(key);
  if (!waiting && !settled) { sayGone(box); return; }
  const state = stateOf(waiting, settled);
  const line = lineOf(waiting, settled);
  // The line at the top says it no longer.
  if (settled && !document.hidden && seen(key)) notify();
  // The same again: a reason that is being typed stays.
  if (box.dataset.state === state && part(box, "line").textContent === line) return;
  box.dataset.state = state;
  const values = { ...waiting, ...settled };
  part(box, "label").textContent = values.label ?? "";
  part(box, "title").textContent = titleOf(state, values);
  part(box, "line").textContent = line;
  // Its reasons follow, each for itself.
  part(box, "line").hidden = state === "refused";
  for (const name of OPTIONAL_PARTS) part(box, name).hidden = true;
  showContents(box, values.content ?? []);
  if (settled) showSettled(box, settled);
  else if (state === "reason") ask(box, waiting);
  else if (state === "conflict") compare(box, waiting.asks);
  else if (state === "stopped") stop(box, waiting);
  else if (state === "faulty" || state === "refused") show(box, state, reasonsOf(waiting));
  else {
    part(box, "retry").hidden = state === "sending" || state === "another";
    part(box, "mine").hidden = state === "taking-back" || state === "another";
  }
  part(box, "another").hidden = waiting?.asks?.final ?? false;
}

/** It was taken back before it was sent: here, or in another tab. */
function sayGone(box) {
  box.dataset.state = "taken-back";
  part(box, "title").textContent = titleOf("taken-back", {});
  part(box, "line").textContent = "";
  for (const name of OPTIONAL_PARTS) part(box, name).hidden = name !== "after";
  part(box, "address").hidden = true;
}

function showSettled(box, settled) {
  part(box, "after").hidden = false;
  const link = part(box, "address");
  const facts = settled.state === "published" || settled.state === "unchanged" ? settled.facts ?? [] : [];
  part(box, "read-back").hidden = !facts.length;
  part(box, "facts").replaceChildren(...facts.flatMap(([term, textContent]) => [
    element("dt", { textContent: term }),
    element("dd", { textContent }),
  ]));
  part(box, "lost").hidden = settled.state !== "unknown" || !settled.again;
  link.hidden = !settled.address;
  link.href = settled.address ?? "";
}

/** What was typed, row by row, folded away. The same again is left: some of it may be selected, to be copied. */
function showContents(box, rows) {
  const details = part(box, "details");
  details.hidden = !rows.length;
  const list = part(details, "rows");
  const now = rows.map(([label, text]) => {
    const row = element("li");
    row.append(element("span", { className: "hint", textContent: label }), " ", text);
    return row;
  });
  const isSame = now.length === list.children.length && now.every((row, at) => row.isEqualNode(list.children[at]));
  if (!isSame) list.replaceChildren(...now);
}

/** Ask for the reasons that the server requires: for the desk, and for readers if something is taken back. */
function ask(box, { asks: { findings, taken_back: takenBack }, fields }) {
  show(box, "reason", findings);
  // Given for what was odd before: something else is as well.
  document.getElementById("why").value ||= new Map(fields).get("warning_reason") ?? "";
  part(box, "for-the-desk").hidden = !findings.length;
  part(box, "taken-back").hidden = !takenBack;
  part(box, "taken-back").querySelector("p").textContent = takenBack ?? "";
}

/** Show a part with its sentences as a list. */
function show(box, name, sentences) {
  const list = part(box, name);
  const entries = sentences.filter(Boolean).map((textContent) => element("li", { textContent }));
  list.querySelector("ul").replaceChildren(...entries);
  list.hidden = false;
}

/** Nothing is published from the count any more: what can still be done with it. */
function stop(box, waiting) {
  show(box, "stopped", reasonsOf(waiting));
  const { offer } = waiting.asks;
  part(box, "offer").textContent = offer ?? "";
  part(box, "offer").hidden = !offer;
  part(box, "again").hidden = Boolean(offer);
}

/** Show the reporter's counts, beside the published ones if there are any. They can follow a winner alone, some
    totals or a withdrawal. */
function compare(box, { rows, words, revision }) {
  const conflict = part(box, "conflict");
  const isFigure = (count) => count !== null && count !== undefined;
  const hasTheirs = rows.some(({ theirs }) => isFigure(theirs));
  const compared = part(conflict, "compared");
  compared.textContent = hasTheirs ? compared.dataset.two : compared.dataset.one;
  part(conflict, "theirs").hidden = !hasTheirs;
  conflict.querySelector("tbody").replaceChildren(...rows.map(({ name, theirs, ours }) => {
    const row = element("tr");
    const heading = element("th", { scope: "row", textContent: name });
    const counts = hasTheirs ? [theirs, ours] : [ours];
    const cells = counts.map((count) => element("td", { textContent: isFigure(count) ? formatCount(count) : "–" }));
    if (hasTheirs && theirs !== ours) row.className = "differs";
    row.append(heading, ...cells);
    return row;
  }));
  part(conflict, "what").textContent = words ?? "";
  const follows = revision !== undefined;
  part(conflict, "follow").hidden = !follows;
  part(conflict, "correct").hidden = follows;
  conflict.hidden = false;
}

/** The page with the form that sent an item; answers to messages are posted to addresses of their own. */
const pageOf = ({ address, draft }) =>
  new URL(draft === "message" ? "../.." : "", new URL(address, location.href)).pathname;

/** Go back to the form with everything in it, and take the submission back. */
function change() {
  const waiting = item(key);
  if (!waiting) return;
  const path = new URL(waiting.address, location.href).pathname;
  const isConflict = waiting.asks?.state === "conflict"; // both were on the screen
  const id = isConflict ? "ask" : FORM_IDS[waiting.draft] ?? waiting.draft;
  takeBack(key);
  if (waiting.draft) store(waiting.draft, waiting.fields, path, isConflict ? null : waiting.was);
  // The query makes it another address, so that the page is loaded and not only scrolled.
  leaveFor(`${pageOf(waiting)}?again#${id ?? "result"}`, (main) => main.querySelector("[data-draft]"));
}

function drop() {
  const waiting = item(key);
  takeBack(key);
  // The page of a count that was taken away is not there any more: the desk says which is.
  if (waiting && !item(key)) leaveFor(waiting.asks?.final ? waiting.asks.address : pageOf(waiting));
}

/** Load another page, unless it would not have what only this one holds, or could not be loaded at all: then a view
    before is shown, the newest with what is wanted. */
function leaveFor(address, isWanted) {
  const cannotLoad = !navigator.onLine && !navigator.serviceWorker?.controller;
  if (depth() && (isBroken() || cannotLoad)) back(isWanted);
  else location.assign(address);
}

/** Publish the full figures on top of what somebody else published meanwhile. */
function follow() {
  const { revision } = item(key)?.asks ?? {};
  if (revision !== undefined) answer(key, [["base_revision", String(revision)], ["follows", "1"]]);
}

function giveReason() {
  const [input, toReaders, tick] = ["why", "why-wrong", "takes-back"].map((id) => document.getElementById(id));
  const missing = [toReaders, tick, input].find((asked) =>
    !asked.closest("[hidden]") && (asked === tick ? !tick.checked : !asked.value.trim()));
  if (missing) { missing.focus(); return; }
  const seen = item(key)?.asks?.seen ?? "";
  const fields = [["warning_reason", input.value.trim()], ["seen_warnings", seen]];
  if (tick.checked) fields.push(["reason", toReaders.value.trim()], ["takes_back", "1"]);
  const written = (tick.checked ? [input, toReaders] : [input]).map((box) => [nameOf(box), box.value.trim()]);
  const isWritten = ([, value]) => value;
  answer(key, fields.filter(isWritten), written.filter(isWritten));
}

async function copy(button) {
  const { label, content = [] } = item(key) ?? answerTo(key) ?? {};
  try {
    await navigator.clipboard.writeText([label, asText(content)].filter(Boolean).join("\n"));
    button.textContent = button.dataset.copied;
  } catch {
    getSelection().selectAllChildren(part(button.closest("[data-part=details]"), "rows"));
  }
}

/** Send it for the desk to decide, knowing that the night is closed. */
const despite = () => answer(key, [["knows_closed", "1"]]);
const again = () => answer(key, []);
const lost = () => sendAgain(key);

const ACTIONS = { retry: releaseHeld, undo, change, drop, follow, reason: giveReason, copy, despite, again, lost };

export function watch() {
  for (const change of ["outbox", "visibilitychange"]) document.addEventListener(change, render);
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-do]");
    ACTIONS[button?.dataset.do]?.(button);
  });
}
