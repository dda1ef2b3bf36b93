/* Stores each form as it is typed, and fills it in again when the page is opened later. */

import { nameOf } from "./contents.js";
import { makeLot, showTied } from "./lot.js";
import { notify } from "./outbox.js";
import { forget, read, write } from "./storage.js";
import { interpolate, readCount } from "../shared/text.js";

const NOT_STORED = new Set(["csrfmiddlewaretoken", "step", "key", "base_revision", "waited"]);
const reporter = document.body.dataset.reporter;

/** The page that takes what a form sends: each message of the desk has its own. */
const pathOf = (form) => new URL(form.action).pathname;
const keyOf = (draft, path) => `draft:${reporter}:${path}:${draft}`;

export function fieldsOf(form) {
  return [...new FormData(form)].filter(([, value]) => typeof value === "string");
}

const worthStoring = (fields) => fields.filter(([name]) => !NOT_STORED.has(name));

/** What a form had before anything was typed, as `fieldsOf` has what was. */
export function defaultsOf(form) {
  return [...form.elements].flatMap((input) => {
    if (!isTyped(input)) return [];
    if (isTicked(input)) return input.defaultChecked ? [[input.name, input.value]] : [];
    if (input.tagName !== "SELECT") return [[input.name, input.defaultValue]];
    return [...input.options].filter((option) => option.defaultSelected).map(({ value }) => [input.name, value]);
  });
}

const UNTYPED = new Set(["file", "hidden", "submit"]);
const isTyped = ({ name, type }) => name && !NOT_STORED.has(name) && !UNTYPED.has(type);
const isTicked = ({ type }) => type === "checkbox" || type === "radio";
const revisionOf = (fields) => new Map(fields).get("base_revision");

/** Forget the draft of what a form sends: its fields are in the outbox. */
export const discard = (form) => forget(keyOf(form.dataset.outbox, pathOf(form)));

/** Store fields as the draft of a form that sends to this path. `was` is what the form had before:
    without it the draft stands whatever is published by then. */
export const store = (draft, fields, path, was = null) =>
  write(keyOf(draft, path), { fields: worthStoring(fields), was, revision: revisionOf(fields) });

/** Values by name, of pairs. */
function byName(fields) {
  const values = new Map();
  for (const [name, value] of fields) values.set(name, [...(values.get(name) ?? []), value]);
  return values;
}

function restore(form) {
  if (form.hasAttribute("data-typed")) return; // the server returned what was typed
  const draft = read(keyOf(form.dataset.draft, pathOf(form)));
  if (!draft) return;
  // An earlier release stored the fields alone.
  const { fields, was, revision } = Array.isArray(draft) ? { fields: draft } : draft;
  const mine = byName(fields);
  if (mine.has("lot")) makeLot(form);
  const overtaken = was && revision !== form.elements.base_revision?.value ? byName(was) : null;
  const newer = overtaken ? [...form.elements].filter((input) => isNewer(input, mine, overtaken)) : [];
  const filled = [...form.elements].filter((input) => !newer.includes(input));
  const changed = filled.filter((input) => fill(input, mine.get(input.name) ?? []));
  if (mine.has("lot")) showTied(form);
  sayWhatIsNewer(form, newer, mine, overtaken);
  if (!changed.length && !newer.length) return;
  // As the figures were typed: the server compares it with the ballot paper of now.
  const [ballot] = mine.get("ballot") ?? [];
  if (ballot && form.elements.ballot) form.elements.ballot.value = ballot;
  const notice = form.querySelector("[data-restored]");
  if (notice) notice.hidden = !changed.length;
  const folded = form.closest("details");
  if (folded) folded.open = true;
}

const isSame = (one, other) => (readCount(one) ?? one.trim()) === (readCount(other) ?? other.trim());

/** Whether the page has another figure than the draft began with, and than the draft has. */
function isNewer(input, mine, was) {
  if (!isTyped(input) || isTicked(input) || !mine.has(input.name)) return false;
  if (!input.value && input.form.dataset.check) return false; // nothing is published any more
  const [typed, before] = [mine.get(input.name)[0], was.get(input.name)?.[0] ?? ""];
  return !isSame(input.value, before) && !isSame(input.value, typed);
}

/** Name each figure that is newer than the draft, and offer back what was typed otherwise. */
function sayWhatIsNewer(form, newer, mine, was) {
  const notice = form.querySelector("[data-newer]");
  if (!notice || !newer.length) return;
  const { words, unchanged } = notice.dataset;
  const own = newer.filter(({ name }) => !isSame(mine.get(name)[0], was.get(name)?.[0] ?? ""));
  notice.querySelector("ul").replaceChildren(...newer.map((input) => {
    const values = { name: nameOf(input), now: input.value || "–", mine: mine.get(input.name)[0] };
    return Object.assign(document.createElement("li"), {
      textContent: interpolate(own.includes(input) ? words : unchanged, values),
    });
  }));
  const button = notice.querySelector("button");
  button.hidden = !own.length;
  button.addEventListener("click", () => {
    for (const input of own) fill(input, mine.get(input.name));
    notice.hidden = true;
    form.dispatchEvent(new Event("input"));
    own[0].focus();
  });
  notice.hidden = false;
}

/** Put stored values into an input; whether that changed it. */
function fill(input, values) {
  if (!isTyped(input)) return false;
  if (isTicked(input)) {
    const checked = values.includes(input.value);
    const changed = input.checked !== checked;
    input.checked = checked;
    return changed;
  }
  if (!values.length || input.value === values[0]) return false;
  input.value = values[0];
  return true;
}

export function keepDrafts(root) {
  for (const form of root.querySelectorAll("form[data-draft]")) {
    const save = () => {
      const kept = store(form.dataset.draft, fieldsOf(form), pathOf(form), defaultsOf(form));
      if (!kept) notify(); // the strip says so at once
    };
    restore(form);
    // An item that is taken back is the draft again, and its form may be in a view that is shown again.
    document.addEventListener("view", () => restore(form));
    form.addEventListener("input", save);
    form.addEventListener("change", save);
  }
}
