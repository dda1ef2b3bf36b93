/* Stores each form as it is typed, and fills it in again when the page is opened later. */

import { notify } from "./outbox.js";
import { forget, read, write } from "./storage.js";

const NOT_STORED = new Set(["csrfmiddlewaretoken", "step", "key", "base_revision", "waited"]);
const reporter = document.body.dataset.reporter;

const nameOf = (draft, path = location.pathname) => `draft:${reporter}:${path}:${draft}`;

export function fieldsOf(form) {
  return [...new FormData(form)].filter(([, value]) => typeof value === "string");
}

const worthStoring = (fields) => fields.filter(([name]) => !NOT_STORED.has(name));

/** Forget a draft: its fields are in the outbox. */
export const discard = (draft) => forget(nameOf(draft));

/** Store fields as the draft of a form that is opened later on this path. */
export const store = (draft, fields, path) => write(nameOf(draft, path), worthStoring(fields));

function restore(form) {
  if (form.hasAttribute("data-typed")) return; // the server returned what was typed
  const fields = read(nameOf(form.dataset.draft));
  if (!fields) return;
  const values = new Map();
  for (const [name, value] of fields) values.set(name, [...(values.get(name) ?? []), value]);
  const changed = [...form.elements].filter((input) => fill(input, values.get(input.name) ?? []));
  if (!changed.length) return;
  // As the figures were typed: the server compares it with the ballot paper of now.
  const [ballot] = values.get("ballot") ?? [];
  if (ballot && form.elements.ballot) form.elements.ballot.value = ballot;
  const notice = form.querySelector("[data-restored]");
  if (notice) notice.hidden = false;
  const folded = form.closest("details");
  if (folded) folded.open = true;
}

/** Put stored values into an input; whether that changed it. */
function fill(input, values) {
  if (!input.name || NOT_STORED.has(input.name) || input.type === "file" || input.type === "hidden") return false;
  if (input.type === "checkbox" || input.type === "radio") {
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
      const kept = store(form.dataset.draft, fieldsOf(form));
      if (!kept) notify(); // the strip says so at once
    };
    restore(form);
    form.addEventListener("input", save);
    form.addEventListener("change", save);
  }
}
