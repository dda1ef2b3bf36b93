/* The list of everything on this phone: what waits, and what became of what was sent. */

import { isOld, ownAnswers } from "./answers.js";
import { renderMessages, shownIds } from "./messages.js";
import { items, notify } from "./outbox.js";
import { open } from "./receipt.js";
import { report } from "./report.js";
import { lineOf, stateOf, titleOf } from "./states.js";
import { arrange, mainFrom, part, swap } from "./views.js";

let wasOld = false;

/** Show everything, and go to its start, or to the first element that `goal` selects. */
export function showList(goal = "h1") {
  const main = mainFrom("outbox-list");
  swap(main);
  render();
  main.querySelector(goal).focus();
  if (shownIds().length) report();
}

/** What the list of a view has: everything; on a count's page, what is of it and newer than the page. */
function rowsOf({ dataset: { served } }) {
  const isHere = ({ address }) => !served || address?.startsWith(location.pathname);
  return [
    // On a page that is not old, the line at the top says enough of what waits.
    ...(served && !isOld ? [] : items()).reverse().map((item) => [item, null]),
    ...ownAnswers().filter(({ time }) => !served || time > served).map((answer) => [answer, answer]),
  ].filter(([item]) => isHere(item));
}

/** Write the list of the page that is shown. An entry stays the same element: one that is pressed opens. */
function render({ type } = {}) {
  // The line at the top does not show them as well.
  if (renderMessages()) notify();
  const list = document.querySelector("main [data-outbox-list]");
  if (!list) return;
  const entries = part(list, "entries");
  const before = new Map([...entries.children].map((entry) => [keyOf(entry), entry]));
  // The forms of a count's page do not move under a finger: what is sent from them is listed once it is shown again.
  // Unless it is only now known to be an old page.
  const isFixed = type === "outbox" && list.dataset.served && wasOld === isOld;
  wasOld = isOld;
  const rows = rowsOf(list).filter(([{ key }]) => !isFixed || before.has(key));
  list.hidden = list.dataset.served && !rows.length;
  part(list, "empty")?.toggleAttribute("hidden", rows.length > 0);
  arrange(entries, rows.map(([item, answer]) =>
    write(before.get(item.key) ?? part(list, "entry").content.firstElementChild.cloneNode(true), item, answer)));
}

const keyOf = (entry) => entry.querySelector("button").dataset.open;

function write(entry, item, answer) {
  const state = stateOf(item, answer);
  entry.dataset.state = state;
  say(part(entry, "label"), item.label);
  say(part(entry, "title"), titleOf(state, item));
  say(part(entry, "line"), lineOf(item, answer));
  entry.querySelector("button").dataset.open = item.key;
  return entry;
}

function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

export function watchList() {
  document.addEventListener("outbox", render);
  document.addEventListener("view", render);
  document.addEventListener("click", (event) => {
    const target = event.target.closest("[data-open], [data-show-outbox]");
    if (!target) return;
    event.preventDefault();
    if (target.dataset.open) open(target.dataset.open);
    else if (!document.querySelector("main > [data-outbox-list].whole")) showList();
  });
  document.addEventListener("visibilitychange", render);
  render();
}
