/* The list of everything on this phone: what waits, and what became of what was sent. */

import { ownAnswers } from "./answers.js";
import { renderMessages, shownIds } from "./messages.js";
import { items, notify } from "./outbox.js";
import { open } from "./receipt.js";
import { report } from "./report.js";
import { lineOf, stateOf, titleOf } from "./states.js";
import { mainFrom, part, swap } from "./views.js";

export function showList() {
  const main = mainFrom("outbox-list");
  swap(main);
  render();
  main.querySelector("h1").focus();
  if (shownIds().length) report();
}

/** Write the list of the page that is shown, unless it is the same. */
function render() {
  // The line at the top does not show them as well.
  if (renderMessages()) notify();
  const list = document.querySelector("main [data-outbox-list]");
  if (!list) return;
  const rows = [
    ...[...items()].reverse().map((item) => [item, null]),
    ...ownAnswers().map((answer) => [answer, answer]),
  ];
  part(list, "empty").hidden = rows.length > 0;
  const entries = part(list, "entries");
  const focused = document.activeElement?.dataset.open;
  entries.replaceChildren(...rows.map(([item, answer]) => entryOf(list, item, answer)));
  if (focused) entries.querySelector(`[data-open="${CSS.escape(focused)}"]`)?.focus();
}

function entryOf(list, item, answer) {
  const entry = part(list, "entry").content.firstElementChild.cloneNode(true);
  const state = stateOf(item, answer);
  entry.dataset.state = state;
  part(entry, "label").textContent = item.label;
  part(entry, "title").textContent = titleOf(state, { ...item, number: item.sequence });
  part(entry, "line").textContent = lineOf(item, answer);
  entry.querySelector("button").dataset.open = item.key;
  return entry;
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
