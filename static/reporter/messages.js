/* Messages of the desk: shown, marked read once they are on the screen, and answered in a line. */

import { keepDrafts } from "./drafts.js";
import { read, write } from "./storage.js";
import { isPressed, part } from "./views.js";

const reporter = document.body.dataset.reporter;
const name = `messages:${reporter}`;
/** Ids of those shown on the screen, until a report has sent them. */
const shown = new Set();
/** The list that each element has, as JSON. */
const written = new WeakMap();

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

/** Write the messages of the view that is shown, and note them as read while somebody looks; whether any is new. */
export function renderMessages() {
  const box = document.querySelector("main [data-messages]");
  if (!box || box.querySelector("form :focus") || isPressed()) return false;
  const list = messages();
  // The page is newer than what was received last.
  if (Number(box.dataset.newest) > (list[0]?.id ?? 0)) return false;
  box.hidden = !list.length;
  writeList(box, list);
  const isNew = !document.hidden && unread() !== null;
  if (isNew) for (const { id, read: known } of list) if (!known) shown.add(id);
  return isNew;
}

/** Write the messages, unless they are the same. What was being typed is kept as a draft. */
function writeList(box, list) {
  const text = JSON.stringify(list);
  if (written.get(box) === text) return;
  written.set(box, text);
  part(box, "messages").replaceChildren(...list.map((message) => entryOf(box, message)));
  keepDrafts(box);
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
