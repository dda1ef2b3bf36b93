/* Messages of the desk: shown, marked read once they are on the screen, and answered in a line. */

import { read, write } from "./storage.js";
import { part } from "./views.js";

const reporter = document.body.dataset.reporter;
const name = `messages:${reporter}`;
/** Those on the screen, until the server knows. */
const shown = new Set();

/** Newest first: `{id, at, by, text, read, answer, address}`. */
export const messages = () => read(name, []);
export const unread = () => messages().find((message) => !message.read && !shown.has(message.id)) ?? null;
/** The ids that the next report has to name. */
export const shownIds = () => [...shown];

/** Take up what the server has; whether that changes anything. */
export function receive(list) {
  for (const { id, read: known } of list) if (known) shown.delete(id);
  const changed = JSON.stringify(list) !== JSON.stringify(messages());
  if (changed) write(name, list);
  return changed;
}

/** Write the messages of the view that is shown, and note them as read while somebody looks. */
export function renderMessages() {
  const box = document.querySelector("main [data-messages]");
  if (!box || box.contains(document.activeElement)) return;
  const list = messages();
  box.hidden = !list.length;
  part(box, "messages").replaceChildren(...list.map((message) => entryOf(box, message)));
  if (document.hidden) return;
  for (const { id, read: known } of list) if (!known) shown.add(id);
}

function entryOf(box, { at, by, text, answer, address }) {
  const entry = part(box, "message").content.firstElementChild.cloneNode(true);
  part(entry, "from").textContent = `${at} ${by}`;
  part(entry, "text").textContent = text;
  part(entry, "own").hidden = !answer;
  part(entry, "answer").textContent = answer;
  entry.querySelector("form").setAttribute("action", address);
  return entry;
}
