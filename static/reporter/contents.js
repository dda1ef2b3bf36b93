/* What a form sends, as people read it: rows of a label and a text. */

const labelOf = (input) => input.closest("fieldset")?.querySelector("legend") ?? input.labels?.[0];
const words = (element) => element?.textContent.replace(/\s+/g, " ").trim() ?? "";

/** `[[label, text]]` of a form's boxes and of the button that was pressed, or of the statement that the
    form confirms. */
export function contentsOf(form, submitter) {
  const statement = form.closest("main")?.querySelector(".statement");
  const rows = statement && !form.matches("[data-draft]") ? stated(statement) : [];
  for (const input of form.elements) rows.push(...typed(input));
  if (submitter?.name && submitter.name !== "step") rows.push(["", words(submitter)]);
  return rows;
}

function typed(input) {
  if (!input.name || input.type === "hidden" || input.tagName === "BUTTON" || !input.value) return [];
  const label = labelOf(input)?.cloneNode(true);
  label?.querySelector(".hint")?.remove();
  if (input.type === "checkbox" || input.type === "radio") {
    return input.checked ? [[words(label), words(input.labels?.[0])]] : [];
  }
  if (input.tagName === "SELECT") return [[words(label), words(input.selectedOptions[0])]];
  if (input.type === "file") return [[words(label), input.files[0]?.name ?? ""]];
  return [[words(label), input.value]];
}

/** The figures that were read back, and who is elected by them. */
function stated(statement) {
  const rows = [...statement.querySelectorAll("tbody tr")].map((row) => {
    const [name, count] = [row.querySelector("th"), row.querySelector("td")];
    return [words(name), words(count)];
  });
  const winners = words(statement.querySelector(".winners"));
  return winners ? [...rows, ["", winners]] : rows;
}

/** As plain text, one row a line. */
export const asText = (rows) => rows.map(([label, text]) => (label ? `${label}: ${text}` : text)).join("\n");
