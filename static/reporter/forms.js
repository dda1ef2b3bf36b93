/* Takes the forms of a count's page: the check without a page load, everything else to the outbox.
 *
 * Without an answer of the server within the timeout, the phone makes a check page of its own. */

import { answerTo } from "./answers.js";
import { focusWrong, markValidity, markWrong } from "./checks.js";
import { contentsOf } from "./contents.js";
import { defaultsOf, discard, fieldsOf } from "./drafts.js";
import { checkResult, checkWinners, dataOf } from "./offline.js";
import { drain, item, newKey, send } from "./outbox.js";
import { toPicture } from "./pictures.js";
import { open } from "./receipt.js";
import { timeout } from "./request.js";
import { sendLater } from "./undo.js";
import { back, depth, element, swap, whenShown } from "./views.js";

const CHECK_TIMEOUT_MS = 8_000;
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
  try {
    const page = await checkedByDesk(form, submitter);
    if (page) drain();
    // What the reporter has opened meanwhile stays: the check is shown when they are back at the form.
    await whenShown(form);
    if (page) showCheck(page);
    else if (form.dataset.check === "winner") checkWinners(form, submitter);
    else checkResult(form, submitter);
  } finally {
    form.removeAttribute("aria-busy");
  }
}

/** The desk's check page; null without one in time. */
async function checkedByDesk(form, submitter) {
  const body = dataOf(form, submitter);
  try {
    const response = await fetch(location.pathname, {
      method: "POST", body, headers: { Accept: "text/html" }, signal: timeout(CHECK_TIMEOUT_MS),
    });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    // Another answer is not a page of this server.
    return page.querySelector("main[data-desk]") && page;
  } catch { return null; }
}

function showCheck(page) {
  const main = page.querySelector("main[data-desk]");
  swap(main, page.title);
  const first = ["[data-incomplete]:not([hidden])", "#error-summary", "h1"].map((part) => main.querySelector(part));
  first.find(Boolean).focus();
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
    was: form.matches("[data-draft]") ? defaultsOf(form) : null,
  };
  const file = form.querySelector("input[type=file]");
  if (!file) return entry;
  if (!file.files.length || !form.reportValidity()) { form.reportValidity(); return null; }
  form.setAttribute("aria-busy", "true");
  try {
    const { picture, problem } = await toPicture(file.files[0]);
    if (markValidity(file, problem && file.dataset[problem])) return focusWrong([file]) && null;
    return { ...entry, picture };
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
  discard(form);
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
