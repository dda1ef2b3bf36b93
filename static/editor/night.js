/* The night dashboard: keeps it up to date, and makes it work by keyboard only.
 *
 * Without this script the page is the same page: its buttons are forms and its actions are links.
 */

import { merge } from "./night_merge.js";
import * as panel from "./night_panel.js";
import { compare, guardClicks, underMouse } from "./night_pointer.js";
import { setting, watchSettings } from "./night_settings.js";
import { beep } from "./night_sound.js";
import { isPressed, whenReleased } from "../shared/presses.js";
import { isListening, keepListening } from "../shared/socket.js";

const htmx = globalThis.htmx;
const root = document.querySelector(".night");
const night = document.getElementById("night");
const messages = document.getElementById("night-messages");
const unanswered = document.getElementById("night-unanswered");
const keysDialog = document.getElementById("night-keys");
let waiting = waits();
/** Where the focus was when the panel was opened, and the number of its row: it returns there. */
let opener = null;
let openerRow = null;
/** The element whose request is being answered. */
let asked = null;
/** Whether the next answer follows an action of this page, even if the socket's question gets it. */
let ownAct = false;
/** How many actions were done in the panel: by now, and before the newest question. */
let actionsDone = 0;
let actionsBefore = 0;
/** A row that another editor settled, and that stays while something is written in it. */
let kept = null;
/** Whether the newest question has no answer. */
let isUnanswered = false;
/** Whether the keys are on something else than before, by no action of this page. */
let moved = false;

const rows = () => [...document.querySelectorAll("#queue-rows > [data-row]")];
const rowOf = (element) => element?.closest?.("[data-row]");
const currentRow = () => rowOf(document.activeElement) ?? rows().find((row) => isOpen(row)) ?? rows()[0];
const isOpen = (row) => row.querySelector("details").open;
const summaryOf = (row) => row.querySelector("summary");
/** The keys of what a row is about: they change where its sender sends something newer. */
const itemsOf = (row) => [...row?.querySelectorAll("[name=item]") ?? []].map((field) => field.value).join();

function waits() {
  return Number(document.getElementById("night-queue")?.dataset.waiting ?? 0);
}

// --- What the server sends -----------------------------------------------------------------

htmx.defineExtension("night", {
  isInlineSwap: (style) => style === "night",
  handleSwap: (style, target, fragment) => {
    if (style === "night") update(fragment, asked);
    return style === "night";
  },
});

/** Merge new parts into the page: the answer to `element`. The focus stays, or goes to what took its place. */
function update(fragment, element) {
  if (isPressed()) {
    // What is pressed acts upon what it was pressed on, and stays where it is.
    whenReleased().then(() => update(fragment, element));
    return;
  }
  const pointed = underMouse();
  say(fragment.querySelector("#night-messages"));
  // It shows the night as it was before the panel's action.
  if (element === night && actionsBefore !== actionsDone) { refresh(); return; }
  const isOthers = element === night && !ownAct;
  ownAct = false;
  if (element === night) keepWrittenRow(fragment);
  const before = rows();
  const current = currentRow();
  const judged = itemsOf(current);
  const at = before.indexOf(rowOf(document.activeElement));
  const opened = before.findIndex(isOpen);
  const focused = document.activeElement;
  // At once: htmx would do it after it has settled, and a button that is pressed before would load a whole page.
  for (const element of merge(night, fragment)) htmx.process(element);
  const now = rows();
  if (opened >= 0 && now.length && !now.some(isOpen)) {
    now[Math.min(opened, now.length - 1)].querySelector("details").open = true;
  }
  if (focused.isConnected) {
    // A row that changed its place took the focus with it.
    if (document.activeElement !== focused && focused !== document.body) focused.focus();
  } else if (at >= 0 && !panel.isOpen()) {
    focusRow(Math.min(at, now.length - 1));
  }
  const isOther = current && (!current.isConnected || itemsOf(current) !== judged);
  if (isOthers && isOther && now.length && !panel.isOpen()) {
    moved = true;
    warn(root.dataset.moved);
  }
  // Nothing is left that it would be about.
  if (!now.length && [root.dataset.moved, root.dataset.slid].includes(messages.textContent.trim())) {
    messages.replaceChildren();
  }
  compare(pointed, !isOthers);
  count();
}

/** Keep a settled row while its form has the focus: the letters of a note must not become keys. */
function keepWrittenRow(fragment) {
  const row = rowOf(document.activeElement?.closest(".in-row"));
  const list = fragment.querySelector("#queue-rows");
  if (!row || !list || list.querySelector(`#${CSS.escape(row.id)}`)) return;
  list.insertBefore(row.cloneNode(true), list.children[rows().indexOf(row)] ?? null);
  if (kept !== row) warn(root.dataset.settled);
  kept = row;
}

document.addEventListener("focusout", (event) => {
  if (!kept || rowOf(event.target) !== kept || event.relatedTarget?.closest(".in-row")) return;
  kept = null;
  refresh();
});

function say(fresh) {
  if (!fresh) return;
  fresh.remove();
  if (fresh.children.length) messages.replaceChildren(...fresh.children);
}

/** Say something, which takes room above all that can be pressed. */
async function warn(words, className = "warning") {
  await whenReleased();
  put(words, className, messages);
}

function put(words, className, place) {
  const pointed = underMouse();
  place.replaceChildren(...words ? [panel.paragraph(className, words)] : []);
  compare(pointed);
}

/** The number of what waits, in the tab's title; a sound when it has grown. */
function count() {
  const now = waits();
  if (now > waiting && setting("sound")) beep();
  waiting = now;
  document.title = now ? `(${now}) ${root.dataset.title}` : root.dataset.title;
}

document.body.addEventListener("htmx:beforeSwap", (event) => {
  const { requestConfig, xhr } = event.detail;
  if (panel.isInterrupted(xhr.responseURL, xhr.status)) {
    event.detail.shouldSwap = false;
    if (requestConfig.verb === "post") panel.sendAsPage(requestConfig.path, requestConfig.formData);
    // What is being typed would be lost: it is kept once it is sent.
    else if (!panel.isOpen() && !document.activeElement?.matches("input, textarea")) location.reload();
  }
  asked = requestConfig.elt;
});

document.body.addEventListener("htmx:beforeRequest", ({ detail }) => {
  if (detail.elt !== night) return;
  actionsBefore = actionsDone;
  askedAt = performance.now();
});

document.body.addEventListener("htmx:afterRequest", ({ detail }) => {
  if (detail.elt === night) askedAt = Infinity;
  if (detail.successful) sayUnanswered(false);
});

// What was sent from a row leaves its form: the next key is a key again.
document.body.addEventListener("htmx:afterRequest", async ({ target, detail }) => {
  if (!detail.successful || !target.matches?.(".in-row")) return;
  await whenReleased(); // with the answer
  if (messages.querySelector(".error")) return;
  target.reset();
  if (target.contains(document.activeElement)) leaveField(target);
});

for (const name of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
  document.body.addEventListener(name, ({ detail: { requestConfig, xhr } }) => {
    // A question that was not answered is asked again; an action is not repeated by itself.
    if (requestConfig?.verb === "post") warn(root.dataset.noAnswer, "error");
    else if (!panel.isInterrupted(xhr.responseURL, xhr.status)) sayUnanswered();
  });
}

/** Say that the desk does not answer, or say it no longer: as it is once nothing is pressed any more. */
async function sayUnanswered(now = true) {
  isUnanswered = now;
  await whenReleased();
  if (isUnanswered === unanswered.hasChildNodes()) return;
  put(isUnanswered && root.dataset.unanswered, "error", unanswered);
}

// --- The focus -----------------------------------------------------------------------------

function focusRow(number) {
  const row = rows()[number];
  if (row) {
    // What the keys act on is in sight, with its figures.
    row.querySelector("details").open = true;
    summaryOf(row).focus();
  } else document.getElementById("queue-heading").focus();
}

function move(step) {
  const all = rows();
  const at = all.indexOf(rowOf(document.activeElement));
  // From elsewhere, first to the row that is open.
  focusRow(at < 0 ? Math.max(all.findIndex(isOpen), 0) : Math.min(Math.max(at + step, 0), all.length - 1));
}

function openPanel(link) {
  opener = document.activeElement === document.body ? link : document.activeElement;
  openerRow = rows().indexOf(rowOf(opener));
  panel.open(link.href);
}

panel.hooks.closed = () => {
  if (opener?.isConnected) opener.focus();
  else if (openerRow >= 0) focusRow(Math.min(openerRow, rows().length - 1));
};
panel.hooks.done = (page) => {
  actionsDone += 1;
  const said = page.getElementById("night-messages");
  if (location.search) {
    // The answer is the whole night, this page is narrowed to a part of it.
    say(said);
    ownAct = true;
    refresh();
  } else {
    const parts = document.createDocumentFragment();
    parts.append(...[said, ...page.getElementById("night").childNodes].filter(Boolean));
    update(parts, null);
  }
  const edited = opener?.closest(".in-place[open]");
  if (edited) closeInPlace(edited);
  else panel.hooks.closed();
};

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-panel], a[data-focus], a[data-keys]");
  if (!link || link.closest("dialog") || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  if (link.dataset.keys !== undefined) keysDialog.showModal();
  else if (link.dataset.panel !== undefined) openPanel(link);
  else focusField(document.getElementById(link.hash.slice(1)));
});

// --- Edit in place -------------------------------------------------------------------------

// The answer to what is edited in place opens over the night, with what readers will see.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("form[data-panel]")) return;
  event.preventDefault();
  opener = form.querySelector("input[type=text]");
  openerRow = -1;
  panel.open(form.getAttribute("action"), { method: "post", body: new FormData(form, event.submitter) });
});

/** Close it, with what stands there again. */
function closeInPlace(details) {
  details.querySelector("form").reset();
  details.open = false;
  details.querySelector("summary").focus();
}

document.addEventListener("toggle", ({ target }) => {
  if (!target.matches?.(".in-place")) return;
  if (target.open) focusField(target.querySelector("input[type=text]"));
  else target.querySelector("form").reset();
}, true);

function focusField(field) {
  for (let details = field.closest("details"); details; details = details.parentElement.closest("details")) {
    details.open = true;
  }
  field.focus();
  field.select();
}

// --- Keys ----------------------------------------------------------------------------------

const FIELDS = "input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]";
/** Between two characters of words that are being written. */
const WRITING_MS = 1000;
let wroteAt = -Infinity;
const MOVES = { j: () => move(1), k: () => move(-1), o: toggle, m: toggle, f: openFilters };

function toggle() {
  const row = currentRow();
  if (!row) return;
  const details = row.querySelector("details");
  details.open = !details.open;
  summaryOf(row).focus();
}

function openFilters() {
  const filters = document.querySelector(".night-filters");
  filters.open = true;
  filters.querySelector("label:not(.of-election) select").focus();
}

/** The button or link of a key: of the current row, else of the page. */
function actionOf(key) {
  const selector = `[data-key="${CSS.escape(key)}"]`;
  const own = currentRow()?.querySelector(selector);
  const places = [".night-head", "#several", "#queue-done", "#now-newest"];
  return own ?? document.querySelector(places.map((place) => `${place} ${selector}`).join());
}

/** Whether a character follows one that is no key: somebody is writing words that no field receives. */
function isOfWords({ key, timeStamp }, isNoKey) {
  const isCharacter = key.length === 1 && key !== " "; // which presses a button, or opens a row
  const follows = isCharacter && timeStamp - wroteAt < WRITING_MS;
  if (isCharacter && (isNoKey || follows)) wroteAt = timeStamp;
  return follows;
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && event.target.closest?.("#night, .night-filters")) return leaveField(event.target);
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) return sendForm(event);
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || !setting("keys")) return;
  if (event.target.closest?.(FIELDS) || document.querySelector("dialog[open]")) return;
  const move = MOVES[event.key];
  const button = move ? null : actionOf(event.key);
  if (isOfWords(event, !move && !button) || (!move && !button)) return;
  event.preventDefault();
  if (move) {
    moved = false;
    move();
  } else if (!wasMoved(button) && !event.repeat) button.click();
});

/** Whether a key was meant for another row than it would act on. Said once: the next key is meant for this row. */
function wasMoved(element) {
  if (!moved || !rowOf(element)) return false;
  moved = false;
  warn(root.dataset.moved);
  return true;
}

document.addEventListener("pointerdown", () => { moved = false; });
guardClicks(() => moved, (isOfMouse) => {
  moved = false;
  warn(isOfMouse ? root.dataset.slid : root.dataset.moved);
});

/** Leave a form of a row and go back to the row, or close what is edited in place and the filters. */
function leaveField(element) {
  const opened = element.closest(".in-place[open], .night-filters[open]");
  if (opened) return closeInPlace(opened);
  const row = rowOf(element);
  if (!row) return;
  element.closest(".in-row-action")?.removeAttribute("open");
  summaryOf(row).focus();
}

/** Ctrl and Enter do in every field what Enter does in a short one. */
function sendForm(event) {
  const form = event.target.closest?.("input, textarea, select")?.form;
  if (!form) return;
  event.preventDefault();
  if (!wasMoved(form)) form.querySelector("[type=submit]:enabled")?.click();
}

// --- When to ask again ---------------------------------------------------------------------

/** Between two questions: while the socket is heard, they only keep the ages right. */
const POLL_WHILE_CONNECTED_MS = 30_000;
const POLL_MS = 5000;
/** After which a question has no answer, even if the line does not say so. */
const SILENCE_MS = 15_000;
let refreshedAt = performance.now();
/** When the question was asked that has no answer yet. */
let askedAt = Infinity;

function refresh() {
  refreshedAt = performance.now();
  htmx.trigger(night, "refresh");
}

setInterval(() => {
  const isWell = isListening() && !isUnanswered;
  if (performance.now() - refreshedAt >= (isWell ? POLL_WHILE_CONNECTED_MS : POLL_MS)) refresh();
  if (performance.now() - askedAt > SILENCE_MS) sayUnanswered();
}, 1000);
document.body.dataset.socket = root.dataset.socket;
keepListening(refresh);

root.classList.add("has-script");
watchSettings((name, on, byHand) => {
  if (name === "keys") root.classList.toggle("without-keys", !on);
  // Heard once, so that it is known; the browser lets the page sound from then on.
  if (name === "sound" && on && byHand) beep();
});
count();
