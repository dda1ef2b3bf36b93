/* What a form sends, as people read it: rows of a label and a text. */

const labelOf = (input) => input.closest("fieldset")?.querySelector("legend") ?? input.labels?.[0];
const words = (element) => element?.textContent.replace(/\s+/g, " ").trim() ?? "";

/** `[[label, text]]` of a form's boxes and of the button that was pressed, or of the statement that the
    form confirms and of what was typed besides. */
export function contentsOf(form, submitter) {
  const statement = form.closest("main")?.querySelector(".statement");
  const rows = statement && !form.matches("[data-draft]") ? stated(statement, form) : [];
  for (const input of form.elements) rows.push(...rowsOf(input));
  if (submitter?.name && submitter.name !== "step") rows.push(["", words(submitter)]);
  return rows;
}

/** The label of a box, without its hints. */
export function nameOf(input) {
  const label = labelOf(input)?.cloneNode(true);
  for (const hint of label?.querySelectorAll(".hint") ?? []) hint.remove();
  return words(label);
}

/** `[[label, text]]` of a box that has something in it; of a hidden one, what it says for people. */
export function rowsOf(input) {
  if (!input.name || input.tagName === "BUTTON" || !input.value) return [];
  if (input.type === "hidden") return input.dataset.text ? [[input.dataset.label ?? "", input.dataset.text]] : [];
  const name = nameOf(input);
  if (input.type === "checkbox" || input.type === "radio") {
    const choice = words(input.labels?.[0]);
    return input.checked ? [[name === choice ? "" : name, choice]] : [];
  }
  if (input.tagName === "SELECT") return [[name, words(input.selectedOptions[0])]];
  if (input.type === "file") return [[name, input.files[0]?.name ?? ""]];
  return [[name, input.value]];
}

/** The figures that were read back, and who is elected by them; of a colleague's, also what they make. */
function stated(statement, form) {
  const isColleagues = form.dataset.outbox === "confirm";
  const rows = [...statement.querySelectorAll("tbody tr")]
    // The form has its own box for them.
    .filter((row) => isColleagues || !row.matches(".rest"))
    .map((row) => [nameIn(row), words(row.querySelector("td"))]);
  const winners = words(statement.querySelector(".winners"));
  if (winners) rows.push(["", winners]);
  const sums = isColleagues ? form.closest("main").querySelectorAll(".sums p") : [];
  return [...rows, ...[...sums].map((sentence) => ["", words(sentence)])];
}

/** The candidate of a row with the party, without last time's votes. */
function nameIn(row) {
  const name = row.querySelector("th").cloneNode(true);
  name.querySelector("[data-last-time]")?.remove();
  return words(name);
}

/** As plain text, one row a line. */
export const asText = (rows) => rows.map(([label, text]) => (label ? `${label}: ${text}` : text)).join("\n");
