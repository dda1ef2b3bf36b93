/* Keeps the preview of an admin form as it is typed: posts it to an address that saves nothing. */

import { fitFrames } from "./preview.js";

const TYPING_PAUSE_MS = 500;
const section = document.querySelector("#form-preview");
const form = section.querySelector("button").form;
const frame = section.querySelector("iframe");
let timer = 0;
let asked = null;

/** Ask for the preview of what the form has now; what was asked before is not waited for. */
async function show() {
  asked?.abort();
  asked = new AbortController();
  const body = new FormData(form);
  try {
    const answer = await fetch(section.dataset.address, { method: "POST", body, signal: asked.signal });
    // 422 is a page as well: what is wrong in the form.
    if (!answer.ok && answer.status !== 422) return;
    frame.srcdoc = await answer.text();
    frame.hidden = false;
  } catch (error) {
    if (error.name !== "AbortError") console.warn(error);
  }
}

function later() {
  clearTimeout(timer);
  timer = setTimeout(show, TYPING_PAUSE_MS);
}

form.addEventListener("input", later);
form.addEventListener("change", later);
// A list that is searched tells jQuery alone.
globalThis.django?.jQuery(form).on("change", later);
fitFrames(section);
show();
