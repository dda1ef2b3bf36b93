/* The night dashboard: keeps it up to date, and makes it work by keyboard alone.
 *
 * Without this script the page is the same page: its buttons are forms and its acts are links.
 */

import { merge } from "./night_merge.js";
import * as panel from "./night_panel.js";
import { setting, watchSettings } from "./night_settings.js";
import { beep } from "./night_sound.js";
import { hears, keepListening } from "../shared/socket.js";

const htmx = globalThis.htmx;
const root = document.querySelector(".night");
const night = document.getElementById("night");
const said = document.getElementById("night-said");
const keysDialog = document.getElementById("night-keys");
let waiting = waits();
/** The link that opened the panel, and the number of its row: the focus returns there. */
let opener = null;
let openerRow = null;

const rows = () => [...document.querySelectorAll("#queue-rows > [data-row]")];
const rowOf = (element) => element?.closest?.("[data-row]");
const currentRow = () => rowOf(document.activeElement) ?? rows().find((row) => isOpen(row)) ?? rows()[0];
const isOpen = (row) => row.querySelector("details").open;
const summaryOf = (row) => row.querySelector("summary");

function waits() {
  return Number(document.getElementById("night-queue")?.dataset.waiting ?? 0);
}

// --- What the server sends -----------------------------------------------------------------

htmx.defineExtension("night", {
  isInlineSwap: (style) => style === "night",
  handleSwap: (style, target, fragment) => style === "night" && update(fragment),
});

/** Merge new parts into the page. The focus stays where it is, or goes to what took its place. */
function update(fragment) {
  say(fragment.querySelector("#night-said"));
  const before = rows();
  const at = before.indexOf(rowOf(document.activeElement));
  const opened = before.findIndex(isOpen);
  const focused = document.activeElement;
  const added = merge(night, fragment);
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
  count();
  return added;
}

function say(fresh) {
  if (!fresh) return;
  fresh.remove();
  if (fresh.children.length) said.replaceChildren(...fresh.children);
}

/** The number of what waits, in the tab's title; a sound when it has grown. */
function count() {
  const now = waits();
  if (now > waiting && setting("sound")) beep();
  waiting = now;
  document.title = now ? `(${now}) ${root.dataset.title}` : root.dataset.title;
}

document.body.addEventListener("htmx:beforeSwap", (event) => {
  if (panel.isSignIn(event.detail.xhr.responseURL)) {
    event.detail.shouldSwap = false;
    location.reload();
  }
});

for (const name of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
  document.body.addEventListener(name, (event) => {
    // A question that was not answered is asked again; an act is not repeated by itself.
    if (event.detail.requestConfig?.verb === "post") {
      said.replaceChildren(panel.paragraph("error", root.dataset.noAnswer));
    }
  });
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
  focusRow(at < 0 ? 0 : Math.min(Math.max(at + step, 0), all.length - 1));
}

function openPanel(link) {
  opener = link;
  openerRow = rows().indexOf(rowOf(link));
  panel.open(link.href);
}

panel.hooks.closed = () => {
  if (opener?.isConnected) opener.focus();
  else if (openerRow >= 0) focusRow(Math.min(openerRow, rows().length - 1));
};
panel.hooks.done = (page) => {
  const parts = document.createDocumentFragment();
  say(page.getElementById("night-said"));
  parts.append(...page.getElementById("night").childNodes);
  for (const element of update(parts)) htmx.process(element);
  panel.hooks.closed();
};

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-panel], a[data-focus], a[data-keys]");
  if (!link || link.closest("dialog") || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  if (link.dataset.keys !== undefined) keysDialog.showModal();
  else if (link.dataset.panel !== undefined) openPanel(link);
  else focusField(document.getElementById(link.hash.slice(1)));
});

function focusField(field) {
  for (let details = field.closest("details"); details; details = details.parentElement.closest("details")) {
    details.open = true;
  }
  field.focus();
  field.select();
}

// --- Keys ----------------------------------------------------------------------------------

const FIELDS = "input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]";
const MOVES = { j: () => move(1), k: () => move(-1), o: toggle, m: toggle };

function toggle() {
  const row = currentRow();
  if (!row) return;
  const details = row.querySelector("details");
  details.open = !details.open;
  summaryOf(row).focus();
}

/** The button or link of a key: of the current row, else of the page. */
function verb(key) {
  const selector = `[data-key="${CSS.escape(key)}"]`;
  const own = currentRow()?.querySelector(selector);
  return own ?? document.querySelector(`.acts ${selector}, #several ${selector}, #queue-done ${selector}`);
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && event.target.closest?.("#night")) return leaveField(event);
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || !setting("keys")) return;
  if (event.target.closest?.(FIELDS) || document.querySelector("dialog[open]")) return;
  const act = MOVES[event.key];
  const button = act ? null : verb(event.key);
  if (!act && !button) return;
  event.preventDefault();
  if (act) act();
  else if (!event.repeat) button.click();
});

/** Escape in a field of a row leads back to the row. */
function leaveField(event) {
  const row = rowOf(event.target);
  if (!row) return;
  event.target.closest(".in-row-act")?.removeAttribute("open");
  summaryOf(row).focus();
}

// --- When to ask again ---------------------------------------------------------------------

/** Between two questions: while the socket is heard, they only keep the ages right. */
const HEARD = 30_000;
const UNHEARD = 5000;
let lookedAt = performance.now();

function look() {
  lookedAt = performance.now();
  htmx.trigger(night, "look");
}

setInterval(() => {
  if (performance.now() - lookedAt >= (hears() ? HEARD : UNHEARD)) look();
}, 1000);
document.body.dataset.socket = root.dataset.socket;
keepListening(look);

root.classList.add("has-script");
watchSettings((name, on) => {
  if (name === "keys") root.classList.toggle("without-keys", !on);
});
count();
