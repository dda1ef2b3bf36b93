// Drop files anywhere on a file field's row: an enhancement of the plain field, which keeps working.

/** Give one file to the field that it was dropped on, and several to the form's fields in turn. */
function give(files, input) {
  const fields = files.length === 1 ? [input] : [...input.form.querySelectorAll(".drop input[type=file]")];
  const refusal = input.form.querySelector(".too-many-files");
  refusal.hidden = files.length <= fields.length;
  if (!refusal.hidden) return;
  for (const [number, file] of [...files].entries()) {
    const one = new DataTransfer();
    one.items.add(file);
    fields[number].files = one.files;
  }
  fields[0].focus();
  isTooLarge(input.form);
}

/** Say whether the form's files are larger than the server takes, whose refusal the browser may never show. */
function isTooLarge(form) {
  const files = [...form.querySelectorAll("input[type=file]")].flatMap((input) => [...input.files]);
  const refusal = form.querySelector(".too-large");
  refusal.hidden = files.reduce((bytes, file) => bytes + file.size, 0) <= Number(refusal.dataset.mostBytes);
  return !refusal.hidden;
}

for (const form of new Set([...document.querySelectorAll(".drop input[type=file]")].map((input) => input.form))) {
  form.addEventListener("change", () => isTooLarge(form));
  form.addEventListener("submit", (event) => {
    if (!isTooLarge(form)) return;
    event.preventDefault();
    form.querySelector(".too-large").scrollIntoView({ block: "center" });
  });
}

for (const row of document.querySelectorAll(".drop")) {
  const input = row.querySelector("input[type=file]");
  if (!input) continue;
  const over = (is) => row.classList.toggle("is-over", is);
  row.addEventListener("dragover", (event) => {
    event.preventDefault();
    over(true);
  });
  row.addEventListener("dragleave", () => over(false));
  row.addEventListener("drop", (event) => {
    event.preventDefault();
    over(false);
    if (event.dataTransfer.files.length) give(event.dataTransfer.files, input);
  });
}
