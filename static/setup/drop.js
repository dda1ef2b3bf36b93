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
