/* What became of something sent: it says "published" only when the desk has said so. */

import { answer, answerTo, drain, isSending, item, takeBack, whyNot } from "./outbox.js";
import { putBack } from "./drafts.js";
import { swap } from "./views.js";

let shown = null;
/** Where the form of a draft is on the count's page, when it is called otherwise there. */
const FORMS = { count: "state", status: "state" };

const from = (id) => document.getElementById(id).content.cloneNode(true);
const part = (root, which) => root.querySelector(`[data-part="${which}"]`);
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_all, which) => values[which] ?? "");

/** Show the receipt of a key in the page's place. */
export function open(key) {
  shown = key;
  const main = document.createElement("main");
  main.append(from("receipt"));
  swap(main);
  draw();
  main.querySelector("h1").focus();
}

function draw() {
  const main = document.querySelector("main");
  const box = main?.querySelector("[data-receipt]");
  if (!box || shown === null) return;
  const waiting = item(shown);
  const done = answerTo(shown);
  const kind = done ? done.state : waiting?.asks?.state ?? (isSending(shown) ? "sending" : "waiting");
  const say = box.dataset;
  const about = { ...waiting, ...done, number: done?.sequence };
  const titles = {
    published: say.published, unchanged: say.unchanged, kept: say.kept, sending: say.sending,
    waiting: say.waiting, reason: say.reason, conflict: say.conflict, faulty: say.faulty, refused: say.refused,
    "signed-out": say.signedOut, another: say.another,
  };
  if (box.dataset.kind === kind) return;  // a reason that is being typed stays
  box.dataset.kind = kind;
  part(box, "label").textContent = about.label ?? "";
  part(box, "title").textContent = fill(titles[kind] ?? say.waiting, about);
  const rest = done || kind === "refused" ? "" : say.safe;
  part(box, "line").textContent = done?.line ?? done?.words ?? rest;
  for (const name of ["reason", "conflict", "faulty", "refused", "retry", "after"]) part(box, name).hidden = true;
  if (done) part(box, "after").hidden = false;
  else if (kind === "reason") askReason(part(box, "reason"), waiting);
  else if (kind === "conflict") showBoth(part(box, "conflict"), waiting);
  else if (kind === "faulty" || kind === "refused") showFaults(part(box, kind), waiting, say.tooLarge);
  else part(box, "retry").hidden = kind === "sending";
}

function askReason(box, waiting) {
  listed(box.querySelector("ul"), waiting.asks.findings);
  box.hidden = false;
}

function showFaults(box, waiting, otherwise) {
  const why = whyNot(waiting);
  listed(box.querySelector("ul"), why.length ? why : [otherwise]);
  box.hidden = false;
}

function listed(list, sentences) {
  list.replaceChildren(...sentences.filter(Boolean).map((sentence) => {
    const line = document.createElement("li");
    line.textContent = sentence;
    return line;
  }));
}

function showBoth(box, waiting) {
  const count = (number) => (number === null || number === undefined ? "–" : number.toLocaleString("en-GB"));
  box.querySelector("tbody").replaceChildren(...waiting.asks.rows.map((row) => {
    const line = document.createElement("tr");
    const head = Object.assign(document.createElement("th"), { scope: "row", textContent: row.name });
    const cells = [row.theirs, row.ours].map((number) =>
      Object.assign(document.createElement("td"), { textContent: count(number) }));
    if (row.theirs !== row.ours) line.className = "differs";
    line.append(head, ...cells);
    return line;
  }));
  box.hidden = false;
}

/** Back to the form with everything in it: what was sent is taken back, and was never published. */
function change() {
  const waiting = item(shown);
  if (!waiting) return;
  const path = new URL(waiting.address, location.href).pathname;
  if (waiting.draft) putBack(path, waiting.draft, waiting.fields);
  takeBack(shown);
  // Another address, so that the page is loaded and not only scrolled.
  const where = waiting.asks?.state === "conflict" ? "ask" : FORMS[waiting.draft] ?? waiting.draft;
  location.assign(`${path}?again#${where ?? "result"}`);
}

function tapped(event) {
  const action = event.target.closest("[data-do]")?.dataset.do;
  if (action === "retry") drain();
  if (action === "change") change();
  if (action === "drop") {
    const back = item(shown)?.address;
    takeBack(shown);
    if (back) location.assign(back);
  }
  if (action === "reason") {
    const text = document.getElementById("why").value.trim();
    if (text) answer(shown, [["warning_reason", text]]);
    else document.getElementById("why").focus();
  }
}

export function watch() {
  document.addEventListener("outbox", draw);
  document.addEventListener("click", tapped);
}
