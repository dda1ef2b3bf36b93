/* The view of one submission. It says "published" only after the server has said so. */

import { answerTo, seen } from "./answers.js";
import { asText } from "./contents.js";
import { store } from "./drafts.js";
import { answer, item, reasonsOf, releaseHeld, takeBack } from "./outbox.js";
import { lineOf, stateOf, titleOf } from "./states.js";
import { undo } from "./undo.js";
import { element, mainFrom, part, swap } from "./views.js";
import { formatCount } from "../shared/text.js";

let key = null; // of the submission that is shown
/** The id of a draft's form on the count's page, where it is not the draft's own name. */
const FORM_IDS = { count: "state", status: "state" };
const OPTIONAL_PARTS = [
  "reason", "conflict", "faulty", "refused", "stopped", "retry", "mine", "after", "details", "read-back",
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
  const waiting = item(key);
  const settled = answerTo(key);
  if (!waiting && !settled) return; // taken back
  const state = stateOf(waiting, settled);
  const line = lineOf(waiting, settled);
  // The same again: a reason that is being typed stays.
  if (box.dataset.state === state && part(box, "line").textContent === line) return;
  box.dataset.state = state;
  const values = { ...waiting, ...settled, number: settled?.sequence };
  part(box, "label").textContent = values.label ?? "";
  part(box, "title").textContent = titleOf(state, values);
  part(box, "line").textContent = line;
  for (const name of OPTIONAL_PARTS) part(box, name).hidden = true;
  showContents(box, values.content ?? []);
  if (settled) showSettled(box, settled);
  else if (state === "reason") ask(box, waiting.asks);
  else if (state === "conflict") compare(box, waiting.asks);
  else if (state === "stopped") stop(box, waiting);
  else if (state === "faulty" || state === "refused") {
    const reasons = reasonsOf(waiting);
    show(box, state, reasons.length ? reasons : [box.dataset.tooLarge]);
  } else {
    part(box, "retry").hidden = state === "sending" || state === "another";
    part(box, "mine").hidden = state === "taking-back" || state === "another";
  }
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
  link.hidden = !settled.address;
  link.href = settled.address ?? "";
  seen(settled.key);
}

/** What was typed, row by row, folded away. */
function showContents(box, rows) {
  const details = part(box, "details");
  details.hidden = !rows.length;
  part(details, "rows").replaceChildren(...rows.map(([label, text]) => {
    const row = element("li");
    row.append(element("span", { className: "hint", textContent: label }), " ", text);
    return row;
  }));
}

/** Ask for the reasons that the server wants: for the desk, and for readers if something is taken back. */
function ask(box, { findings, taken_back: takenBack }) {
  show(box, "reason", findings);
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

/** Show the published counts beside the reporter's, which can follow a winner alone or a withdrawal. */
function compare(box, { rows, words, revision }) {
  const conflict = part(box, "conflict");
  const format = (count) => (count === null || count === undefined ? "–" : formatCount(count));
  conflict.querySelector("tbody").replaceChildren(...rows.map(({ name, theirs, ours }) => {
    const row = element("tr");
    const heading = element("th", { scope: "row", textContent: name });
    const cells = [theirs, ours].map((count) => element("td", { textContent: format(count) }));
    if (theirs !== ours) row.className = "differs";
    row.append(heading, ...cells);
    return row;
  }));
  part(conflict, "what").textContent = words ?? "";
  const follows = revision !== undefined;
  part(conflict, "follow").hidden = !follows;
  part(conflict, "correct").hidden = follows;
  conflict.hidden = false;
}

/** Go back to the form with everything in it, and take the submission back. */
function change() {
  const waiting = item(key);
  if (!waiting) return;
  const path = new URL(waiting.address, location.href).pathname;
  if (waiting.draft) store(waiting.draft, waiting.fields, path);
  const id = waiting.asks?.state === "conflict" ? "ask" : FORM_IDS[waiting.draft] ?? waiting.draft;
  takeBack(key);
  // The query makes it another address, so that the page is loaded and not only scrolled.
  location.assign(`${path}?again#${id ?? "result"}`);
}

function drop() {
  const address = item(key)?.address;
  takeBack(key);
  if (!item(key) && address) location.assign(address);
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
  const fields = [["warning_reason", input.value.trim()]];
  if (tick.checked) fields.push(["reason", toReaders.value.trim()], ["takes_back", "1"]);
  answer(key, fields.filter(([, value]) => value));
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

const ACTIONS = { retry: releaseHeld, undo, change, drop, follow, reason: giveReason, copy, despite, again };

export function watch() {
  document.addEventListener("outbox", render);
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-do]");
    ACTIONS[button?.dataset.do]?.(button);
  });
}
