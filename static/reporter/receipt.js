/* The view of one submission. It says "published" only after the server has said so. */

import { store } from "./drafts.js";
import { answer, answerTo, drain, isSending, item, reasonsOf, takeBack } from "./outbox.js";
import { swap } from "./views.js";
import { formatCount, interpolate } from "../shared/text.js";

let key = null; // of the submission that is shown
/** The id of a draft's form on the count's page, where it is not the draft's own name. */
const FORM_IDS = { count: "state", status: "state" };
const OPTIONAL_PARTS = ["reason", "conflict", "faulty", "refused", "retry", "after"];

const part = (root, name) => root.querySelector(`[data-part="${name}"]`);

/** Show the receipt of a submission in place of the page. */
export function open(submissionKey) {
  key = submissionKey;
  const main = document.createElement("main");
  main.append(document.getElementById("receipt").content.cloneNode(true));
  swap(main);
  render();
  main.querySelector("h1").focus();
}

function render() {
  const box = document.querySelector("main [data-receipt]");
  if (!box || key === null) return;
  const waiting = item(key);
  const settled = answerTo(key);
  const state = settled?.state ?? waiting?.asks?.state ?? (isSending(key) ? "sending" : "waiting");
  if (box.dataset.state === state) return; // a reason that is being typed stays
  box.dataset.state = state;
  const text = box.dataset;
  const values = { ...waiting, ...settled, number: settled?.sequence };
  part(box, "label").textContent = values.label ?? "";
  part(box, "title").textContent = interpolate(titleOf(state, text), values);
  const reassurance = settled || state === "refused" ? "" : text.safe;
  part(box, "line").textContent = settled?.line ?? settled?.words ?? reassurance;
  for (const name of OPTIONAL_PARTS) part(box, name).hidden = true;
  if (settled) part(box, "after").hidden = false;
  else if (state === "reason") ask(box, waiting.asks);
  else if (state === "conflict") compare(part(box, "conflict"), waiting.asks.rows);
  else if (state === "faulty" || state === "refused") {
    const reasons = reasonsOf(waiting);
    show(box, state, reasons.length ? reasons : [text.tooLarge]);
  } else part(box, "retry").hidden = state === "sending";
}

/** Ask for the reasons that the server wants: for the desk, and for readers if something is taken back. */
function ask(box, { findings, taken_back: takenBack }) {
  show(box, "reason", findings);
  part(box, "for-the-desk").hidden = !findings.length;
  part(box, "taken-back").hidden = !takenBack;
  part(box, "taken-back").querySelector("p").textContent = takenBack ?? "";
}

/** The translated title of a state: `data-signed-out` for "signed-out". */
function titleOf(state, texts) {
  return texts[state.replace(/-./, (letters) => letters[1].toUpperCase())] ?? texts.waiting;
}

/** Show a part with its sentences as a list. */
function show(box, name, sentences) {
  const list = part(box, name);
  list.querySelector("ul").replaceChildren(...sentences.filter(Boolean).map((textContent) =>
    Object.assign(document.createElement("li"), { textContent })));
  list.hidden = false;
}

/** Show the published counts beside the reporter's. */
function compare(box, rows) {
  const format = (count) => (count === null || count === undefined ? "–" : formatCount(count));
  box.querySelector("tbody").replaceChildren(...rows.map(({ name, theirs, ours }) => {
    const row = document.createElement("tr");
    const heading = Object.assign(document.createElement("th"), { scope: "row", textContent: name });
    const cells = [theirs, ours].map((count) =>
      Object.assign(document.createElement("td"), { textContent: format(count) }));
    if (theirs !== ours) row.className = "differs";
    row.append(heading, ...cells);
    return row;
  }));
  box.hidden = false;
}

/** Go back to the form with everything in it, and take the submission back: it was never published. */
function change() {
  const waiting = item(key);
  if (!waiting) return;
  const path = new URL(waiting.address, location.href).pathname;
  if (waiting.draft) store(waiting.draft, waiting.fields, path);
  takeBack(key);
  const id = waiting.asks?.state === "conflict" ? "ask" : FORM_IDS[waiting.draft] ?? waiting.draft;
  // The query makes it another address, so that the page is loaded and not only scrolled.
  location.assign(`${path}?again#${id ?? "result"}`);
}

function drop() {
  const address = item(key)?.address;
  takeBack(key);
  if (address) location.assign(address);
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

const ACTIONS = { retry: drain, change, drop, reason: giveReason };

export function watch() {
  document.addEventListener("outbox", render);
  document.addEventListener("click", (event) => ACTIONS[event.target.closest("[data-do]")?.dataset.do]?.());
}
