/* Everything typed is kept as it is typed, and comes back into the same form. */

import { forget, read, write } from "./storage.js";

const LEFT_OUT = new Set(["csrfmiddlewaretoken", "step", "key", "base_revision", "waited"]);
const reporter = document.body.dataset.reporter;

const nameOf = (form) => `draft:${reporter}:${location.pathname}:${form.dataset.draft}`;

export function fieldsOf(form) {
  return [...new FormData(form)].filter(([, value]) => typeof value === "string");
}

export function keep(form) {
  const typed = fieldsOf(form).filter(([name]) => !LEFT_OUT.has(name));
  write(nameOf(form), typed);
}

/** What was sent is in the outbox from now on: the draft has done its work. */
export function done(draft) { forget(`draft:${reporter}:${location.pathname}:${draft}`); }

/** Put what was typed back, for a form that is opened later on this path. */
export function putBack(path, draft, fields) {
  write(`draft:${reporter}:${path}:${draft}`, fields.filter(([name]) => !LEFT_OUT.has(name)));
}

export function restore(form) {
  if (form.hasAttribute("data-typed")) return;  // the server gave back what was typed
  const typed = read(nameOf(form));
  if (!typed) return;
  const values = new Map();
  for (const [name, value] of typed) values.set(name, [...(values.get(name) ?? []), value]);
  let changed = false;
  for (const box of form.elements) {
    if (!box.name || LEFT_OUT.has(box.name) || box.type === "file" || box.type === "hidden") continue;
    const kept = values.get(box.name) ?? [];
    if (box.type === "checkbox" || box.type === "radio") {
      const on = kept.includes(box.value);
      changed ||= box.checked !== on;
      box.checked = on;
    } else if (kept.length && box.value !== kept[0]) {
      box.value = kept[0];
      changed = true;
    }
  }
  const note = form.querySelector("[data-restored]");
  if (!changed) return;
  if (note) note.hidden = false;
  const folded = form.closest("details");
  if (folded) folded.open = true;
}

export function follow(root) {
  for (const form of root.querySelectorAll("form[data-draft]")) {
    restore(form);
    form.addEventListener("input", () => keep(form));
    form.addEventListener("change", () => keep(form));
  }
}
