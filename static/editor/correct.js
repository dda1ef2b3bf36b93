/* Adds up the votes as they are typed, and marks every figure that differs from what is published.
 *
 * The server works out both again: without this script the form is the same form.
 */

import { formatCount, readCount } from "../shared/text.js";

function isChanged(input) {
  const published = input.defaultValue;
  if (input.value.trim() === published) return false;
  const count = readCount(input.value);
  return count === null || count !== readCount(published);
}

/** What a reporter wrote to the desk becomes the reason for readers once an editor takes it. */
function offerWords(form) {
  const button = form.querySelector("[data-take-words]");
  if (!button) return;
  const reason = form.querySelector("[name=reason]");
  button.hidden = false;
  button.addEventListener("click", () => {
    reason.value = form.querySelector("[data-words]").textContent;
    reason.dispatchEvent(new Event("input", { bubbles: true }));
    reason.focus();
  });
}

/** Watch the form of figures within `root`, if it has one. */
export function watchFigures(root) {
  const form = root.querySelector(".change-of-result form");
  const sum = form?.querySelector("[data-sum]");
  if (!sum) return;
  offerWords(form);
  const votes = [...form.querySelectorAll("[data-votes] input")];
  const rows = [...form.querySelectorAll(".proposed tr")]
    // A row that the server has marked stays marked.
    .filter((row) => row.querySelector("input") && !row.classList.contains("changed"));
  const marks = form.querySelector(".proposed .published") !== null;

  function update() {
    const counts = votes.map((input) => readCount(input.value));
    const total = formatCount(counts.reduce((all, count) => all + (count ?? 0), 0));
    sum.textContent = counts.includes(null) ? `${total} …` : total;
    if (marks) for (const row of rows) row.classList.toggle("changed", isChanged(row.querySelector("input")));
  }

  const reason = form.querySelector("[name=reason][required]");

  /** Enter goes on from a figure to the reason that is still missing, without a page in between. */
  function goOn(event) {
    if (event.key !== "Enter" || event.ctrlKey || event.metaKey || event.isComposing) return;
    if (!event.target.closest(".proposed") || !reason || reason.value.trim()) return;
    event.preventDefault();
    reason.focus();
  }

  form.addEventListener("input", update);
  form.addEventListener("keydown", goOn);
  update();
}

watchFigures(document);
