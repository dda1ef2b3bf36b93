/* The check page without a load; and without signal, a check of the phone's own. */

import { done, fieldsOf } from "./drafts.js";
import { drain, newKey, send } from "./outbox.js";
import { toPicture } from "./pictures.js";
import { open } from "./receipt.js";
import { timeout } from "./timeout.js";
import { back, depth, swap } from "./views.js";

const PATIENCE = 8_000;
/** Sent and forgotten about: the strip says what becomes of them, the page stays. */
const IN_PASSING = new Set(["status", "count", "quote", "photo", "notice"]);

export function takeForms() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const step = event.submitter?.name === "step" ? event.submitter.value : form.elements.step?.value;
    if (step === "change" && depth()) {
      event.preventDefault();
      back();
    } else if (form.hasAttribute("data-check")) {
      event.preventDefault();
      check(form, event.submitter);
    } else if (form.hasAttribute("data-outbox") && step !== "change") {
      event.preventDefault();
      hand(form, event.submitter, step);
    }
  });
}

// --- The check ------------------------------------------------------------------------------

async function check(form, submitter) {
  if (form.dataset.asking) return;
  form.dataset.asking = "1";
  form.setAttribute("aria-busy", "true");
  const body = dataOf(form, submitter);
  try {
    const response = await fetch(location.pathname, {
      method: "POST", body, headers: { Accept: "text/html" }, signal: timeout(PATIENCE),
    });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const main = page.querySelector("main[data-desk]");
    if (!main) throw new Error("not a page of the desk");
    drain();
    swap(main, page.title);
    (main.querySelector("#faults") ?? main.querySelector("h1")).focus();
  } catch {
    checkHere(form, submitter);
  } finally {
    delete form.dataset.asking;
    form.removeAttribute("aria-busy");
  }
}

function dataOf(form, submitter) {
  const data = new FormData(form);
  if (submitter?.name) data.set(submitter.name, submitter.value);
  return data;
}

const plain = (text) => text.replace(/[\s,\u00a0\u2009\u202f]/g, "");
const isCount = (text) => /^\d{1,8}$/.test(plain(text));

function checkHere(form, submitter) {
  if (form.dataset.check === "flash") return checkWinner(form, submitter);
  const boxes = [...form.querySelectorAll("[data-votes]")];
  const wrong = boxes.filter((box) => !isCount(box.value));
  boxes.forEach((box) => mark(form, box, wrong.includes(box)));
  if (wrong.length) { wrong[0].focus(); return; }
  const rows = boxes.map((box) => ({ name: box.dataset.name, votes: Number(plain(box.value)) }));
  const seats = Number(form.dataset.seats);
  const order = rows.map((row) => row.votes).sort((one, other) => other - one);
  const line = order[seats - 1] ?? 0;
  const tied = order[seats] === line;
  const main = offline(form, "publish");
  main.querySelector("tbody").replaceChildren(...rows.map((row) => {
    const elected = !tied && row.votes >= line;
    const tr = document.createElement("tr");
    if (elected) tr.className = "elected";
    tr.append(
      Object.assign(document.createElement("th"), { scope: "row", textContent: row.name }),
      Object.assign(document.createElement("td"), { textContent: row.votes.toLocaleString("en-GB") }),
    );
    return tr;
  }));
  const total = rows.reduce((sum, row) => sum + row.votes, 0).toLocaleString("en-GB");
  const names = rows.filter((row) => !tied && row.votes >= line).map((row) => row.name).join(", ");
  const sum = main.querySelector("[data-part=sum]");
  sum.textContent = sum.dataset.words.replace("{total}", total);
  main.querySelector("[data-part=winner]").textContent = names;
  main.querySelector("[data-part=tied]").hidden = !tied;
  main.querySelector("[data-part=elected]").hidden = tied;
  show(main);
}

function checkWinner(form, submitter) {
  const main = offline(form, "flash", submitter);
  const chosen = [...form.querySelectorAll("[name=winners]")]
    .filter((box) => box.checked || box === submitter).map((box) => box.dataset.name);
  if (!chosen.length) { form.querySelector("[name=winners]").focus(); return; }
  main.querySelector("table").remove();
  main.querySelector("[data-part=sum]").remove();
  main.querySelector("[data-part=winner]").textContent = chosen.join(", ");
  show(main);
}

function mark(form, box, wrong) {
  const field = box.closest(".field");
  field.classList.toggle("wrong", wrong);
  box.toggleAttribute("aria-invalid", wrong);
  let fault = field.querySelector(".fault");
  if (wrong && !fault) {
    fault = Object.assign(document.createElement("p"), { className: "fault", textContent: form.dataset.fault });
    box.before(fault);
  } else if (!wrong) fault?.remove();
}

function offline(form, step, submitter) {
  const main = document.createElement("main");
  main.append(document.getElementById("offline-check").content.cloneNode(true));
  const send = main.querySelector("form");
  const fields = [...dataOf(form, submitter)].filter(([name]) => name !== "step" && name !== "key");
  for (const [name, value] of [...fields, ["key", newKey()], ["step", step]]) {
    send.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
  }
  return main;
}

function show(main) {
  swap(main);
  main.querySelector("h1").focus();
}

// --- To the outbox --------------------------------------------------------------------------

async function hand(form, submitter, step) {
  const fields = fieldsOf(form);
  if (submitter?.name) fields.push([submitter.name, submitter.value]);
  if (!fields.some(([name]) => name === "step")) fields.push(["step", step]);
  const file = form.querySelector("input[type=file]");
  let picture = null;
  if (file) {
    if (!file.files.length || !form.reportValidity()) { form.reportValidity(); return; }
    picture = await toPicture(file.files[0]);
  }
  const key = form.elements.key?.value || newKey();
  send({
    key,
    address: form.getAttribute("action")?.split("#")[0] || location.pathname,
    fields: fields.filter(([name]) => name !== "csrfmiddlewaretoken" && name !== "key"),
    label: form.dataset.label,
    draft: form.dataset.outbox,
    picture,
  });
  done(form.dataset.outbox);
  if (!IN_PASSING.has(step)) { open(key); return; }
  if (form.elements.key) form.elements.key.value = newKey();
  if (step !== "status") cleared(form);
}

/** Ready for the next one: the same speaker often goes on. */
function cleared(form) {
  for (const box of form.querySelectorAll("textarea, input[type=text], input[type=file]")) {
    if (!box.hasAttribute("data-stays")) box.value = "";
  }
  for (const fault of form.querySelectorAll(".fault, .faults")) fault.remove();
  form.querySelector("textarea, input[type=text]")?.focus();
}
