/* Takes the forms of a count's page: the check without a page load, everything else to the outbox.
 *
 * Without an answer of the server within the timeout, the phone makes a check page of its own. */

import { answerTo } from "./answers.js";
import { contentsOf } from "./contents.js";
import { discard, fieldsOf } from "./drafts.js";
import { drain, item, newKey, send } from "./outbox.js";
import { toPicture } from "./pictures.js";
import { open } from "./receipt.js";
import { timeout } from "./timeout.js";
import { sendLater } from "./undo.js";
import { back, depth, element, mainFrom, part, swap } from "./views.js";
import { formatCount, interpolate, readCount, readPercentage } from "../shared/text.js";

const CHECK_TIMEOUT = 8_000;
/** As the server reads it (`results/forms.py`). */
const TYPED_TIME = /^([0-9]{1,2})[:.·h ]?([0-9]{2})$/;
/** Boxes that the phone reads as the server does, besides those for votes. */
const CHECKED = "[data-most], [data-time], [data-percentage]";
/** Steps that are sent while the page stays open: the strip shows what becomes of them. */
const STAYS_OPEN = new Set(["status", "count", "quote", "photo", "notice", "answer"]);

export function takeForms() {
  // Safari has `submitter` since iOS 15.4: before, it is the button that was pressed last.
  let pressed = null;
  document.addEventListener("click", ({ target }) => { pressed = target.closest("button"); }, true);
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const submitter = "submitter" in event ? event.submitter : pressed?.form === form ? pressed : null;
    const step = submitter?.name === "step" ? submitter.value : form.elements.step?.value;
    if (step === "change" && depth()) {
      event.preventDefault();
      back();
    } else if (form.hasAttribute("data-check")) {
      event.preventDefault();
      check(form, submitter).catch(() => submitPlainly(form, submitter));
    } else if (form.hasAttribute("data-outbox") && step !== "change") {
      event.preventDefault();
      prepare(form, submitter, step).then(
        (entry) => !entry || queue(form, step, entry),
        () => false,
      ).then((taken) => taken || submitPlainly(form, submitter));
    }
  });
}

/** Submit the form as without scripts: one of them has failed, for want of something in this browser. */
function submitPlainly(form, submitter) {
  if (submitter?.name) {
    form.append(element("input", { type: "hidden", name: submitter.name, value: submitter.value }));
  }
  HTMLFormElement.prototype.submit.call(form);
}

// --- The check ------------------------------------------------------------------------------

async function check(form, submitter) {
  if (form.hasAttribute("aria-busy")) return;
  form.setAttribute("aria-busy", "true");
  const body = dataOf(form, submitter);
  try {
    const response = await fetch(location.pathname, {
      method: "POST", body, headers: { Accept: "text/html" }, signal: timeout(CHECK_TIMEOUT),
    });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const main = page.querySelector("main[data-desk]");
    if (!main) throw new Error("the answer is not a page of this server");
    drain();
    swap(main, page.title);
    const first = ["[data-incomplete]:not([hidden])", "#error-summary", "h1"].map((part) => main.querySelector(part));
    first.find(Boolean).focus();
  } catch {
    if (form.dataset.check === "flash") checkWinnersOffline(form, submitter);
    else checkResultOffline(form, submitter);
  } finally {
    form.removeAttribute("aria-busy");
  }
}

function dataOf(form, submitter) {
  const data = new FormData(form);
  if (submitter?.name) data.set(submitter.name, submitter.value);
  return data;
}

function checkResultOffline(form, submitter) {
  const inputs = [...form.querySelectorAll("[data-votes]")];
  const missing = inputs.filter((input) => !input.value.trim());
  const incomplete = submitter?.name === "incomplete" && missing.length > 0 && missing.length < inputs.length;
  const invalid = inputs.filter((input) => readCount(input.value) === null && !(incomplete && missing.includes(input)));
  const wrong = markWrong(form);
  for (const input of inputs) markValidity(form, input, invalid.includes(input));
  offerIncomplete(form, !incomplete && invalid.length === missing.length && invalid.length < inputs.length, missing);
  if (invalid.length) { focusFirst(form, invalid[0]); return; }
  if (focusWrong(wrong)) return;
  const rows = inputs.map((input) => ({ name: input.dataset.name, votes: readCount(input.value) }));
  const { method } = form.dataset;
  const elected = incomplete ? [] : method ? chosenOf(form) : electedOf(rows, Number(form.dataset.seats));
  const main = offlinePage(form, "publish", incomplete ? submitter : null);
  if (incomplete) sayIncomplete(main, missing);
  main.querySelector("tbody").replaceChildren(...rows.map((row) => rowOf(row, elected.includes(row))));
  const total = rows.reduce((sum, row) => sum + row.votes, 0);
  const sum = part(main, "sum");
  sum.textContent = interpolate(sum.dataset.words, { total: formatCount(total) });
  refuseMoreThan(main, total, mostVotes(form));
  part(main, "winner").textContent = listing(elected.map((row) => row.name), main);
  part(main, "tied").hidden = incomplete || elected.length > 0 || Boolean(method);
  part(main, "elected").hidden = elected.length === 0;
  show(main);
}

/** The boxes with something that the server refuses, each marked. */
function markWrong(form) {
  const boxes = [...form.querySelectorAll(CHECKED)];
  const wrong = boxes.filter(isWrong);
  for (const input of boxes) markValidity(form, input, wrong.includes(input));
  return wrong;
}

/** Lead to the first of these boxes, if there is one. */
function focusWrong([first]) {
  first?.closest("details")?.setAttribute("open", "");
  first?.focus();
  return Boolean(first);
}

/** Whether a box has no count, a stage beyond the last, no time of day or no percentage. */
function isWrong({ value, dataset }) {
  const text = value.trim();
  if (!text) return false;
  if ("time" in dataset) {
    const [, hour, minute] = TYPED_TIME.exec(text) ?? [];
    return !(Number(hour) < 24 && Number(minute) < 60);
  }
  if ("percentage" in dataset) return readPercentage(text) === null;
  const count = readCount(text);
  return count === null || count > Number(dataset.most);
}

/** Ask whether what is there is to be sent as incomplete, naming whose votes are missing. */
function offerIncomplete(form, offered, missing) {
  const question = form.querySelector("[data-incomplete]");
  if (!question) return;
  question.hidden = !offered || !missing.length;
  question.querySelector("[data-missing]").textContent = namesOf(missing);
}

const namesOf = (inputs) => inputs.map((input) => input.dataset.name).join(", ");

/** The question is asked first; without one, the box to put right is. */
function focusFirst(form, input) {
  const question = form.querySelector("[data-incomplete]:not([hidden])");
  (question ?? input).focus();
}

/** The phone's check page of some totals: they are no result. */
function sayIncomplete(main, missing) {
  part(main, "incomplete").hidden = false;
  part(main, "missing").textContent = namesOf(missing);
  const send = part(main, "send");
  send.textContent = send.dataset.incomplete;
  main.querySelector("form").dataset.label = send.dataset.label;
}

/** The most votes that the ballot papers and electors allow: as typed, or known to the page. */
function mostVotes(form) {
  const known = (name) => readCount(form.elements[name]?.value ?? "") ?? readCount(form.dataset[name] ?? "");
  const each = [known("papers"), known("electorate")].filter((count) => count !== null);
  const votesPerPaper = form.dataset.method ? 1 : Number(form.dataset.seats);
  return each.length ? Math.min(...each) * votesPerPaper : Infinity;
}

/** The server blocks more votes as well: they are not kept to be sent. */
function refuseMoreThan(main, total, most) {
  if (total <= most) return;
  const over = part(main, "over");
  over.textContent = interpolate(over.dataset.words, { most: formatCount(most) });
  over.hidden = false;
  main.querySelector("form .primary").remove();
}

/** Those ticked as elected: the phone computes nothing from lists and first preferences. */
function chosenOf(form) {
  return [...form.querySelectorAll("[name=winners]:checked")].map((input) => ({ name: input.dataset.name }));
}

/** The rows that win a seat; none where the last seat is tied. */
function electedOf(rows, seats) {
  const votes = rows.map((row) => row.votes).sort((first, second) => second - first);
  const threshold = votes[seats - 1] ?? 0;
  if (votes[seats] === threshold) return [];
  return rows.filter((row) => row.votes >= threshold);
}

function rowOf({ name, votes }, elected) {
  const row = element("tr");
  if (elected) row.className = "elected";
  row.append(
    element("th", { scope: "row", textContent: name }),
    element("td", { textContent: votes === null ? "–" : formatCount(votes) }),
  );
  return row;
}

function checkWinnersOffline(form, submitter) {
  const main = offlinePage(form, "flash", submitter);
  const chosen = [...form.querySelectorAll("[name=winners]")]
    .filter((input) => input.checked || input === submitter).map((input) => input.dataset.name);
  if (chosen.length !== Number(form.dataset.seats)) { sayHowMany(form); return; }
  main.querySelector("table").remove();
  part(main, "sum").remove();
  part(main, "winner").textContent = listing(chosen, main);
  show(main);
}

/** “Ann Hall, Bob Rice and Cat Moss”. */
function listing(names, main) {
  const { and } = part(main, "elected").dataset;
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} ${and} ${names[names.length - 1]}`;
}

function sayHowMany(form) {
  form.querySelector(".error")?.remove();
  form.querySelector("fieldset").prepend(
    element("p", { className: "error", role: "alert", textContent: form.dataset.error }),
  );
  form.querySelector("[name=winners]").focus();
}

function markValidity(form, input, invalid) {
  const field = input.closest(".field");
  field.classList.toggle("invalid", invalid);
  input.toggleAttribute("aria-invalid", invalid);
  const error = field.querySelector(".error");
  if (invalid && !error) {
    input.before(element("p", { className: "error", textContent: input.dataset.error ?? form.dataset.error }));
  } else if (!invalid) error?.remove();
}

/** The phone's own check page, with a form that sends what was typed. */
function offlinePage(form, step, submitter) {
  const main = mainFrom("offline-check");
  const target = main.querySelector("form");
  const fields = [...dataOf(form, submitter)].filter(([name]) => name !== "step" && name !== "key");
  for (const [name, value] of [...fields, ["key", newKey()], ["step", step]]) {
    target.append(element("input", { type: "hidden", name, value }));
  }
  return main;
}

function show(main) {
  swap(main);
  main.querySelector("h1").focus();
}

// --- To the outbox --------------------------------------------------------------------------

/** What a form sends, as an entry of the outbox; null where something is missing or wrong. */
async function prepare(form, submitter, step) {
  if (form.hasAttribute("aria-busy")) return null; // a second tap while a picture is scaled
  if (focusWrong(markWrong(form))) return null;
  const fields = fieldsOf(form);
  if (submitter?.name) fields.push([submitter.name, submitter.value]);
  if (!fields.some(([name]) => name === "step")) fields.push(["step", step]);
  const entry = {
    key: form.elements.key?.value || newKey(),
    address: form.getAttribute("action")?.split("#")[0] || location.pathname,
    fields: fields.filter(([name]) => name !== "csrfmiddlewaretoken" && name !== "key"),
    label: form.dataset.label,
    content: contentsOf(form, submitter),
    draft: form.dataset.outbox,
  };
  const file = form.querySelector("input[type=file]");
  if (!file) return entry;
  if (!file.files.length || !form.reportValidity()) { form.reportValidity(); return null; }
  form.setAttribute("aria-busy", "true");
  try {
    return { ...entry, picture: await toPicture(file.files[0]) };
  } finally {
    form.removeAttribute("aria-busy");
  }
}

/** Whether the outbox has the entry. */
function queue(form, step, entry) {
  try {
    if (step === "status") sendLater(form, entry);
    else send(entry);
  } catch (error) { console.error(error); }
  if (!item(entry.key) && !answerTo(entry.key)) return false;
  discard(form.dataset.outbox);
  if (!STAYS_OPEN.has(step)) { open(entry.key); return true; }
  if (form.elements.key) form.elements.key.value = newKey();
  if (step !== "status") clear(form);
  return true;
}

/** Empty the form for the next entry; the speaker and the credit often stay the same. */
function clear(form) {
  for (const input of form.querySelectorAll("textarea, input[type=text], input[type=file]")) {
    if (!input.hasAttribute("data-stays")) input.value = "";
  }
  for (const error of form.querySelectorAll(".error, .error-summary")) error.remove();
  form.querySelector("textarea, input[type=text]")?.focus();
}
