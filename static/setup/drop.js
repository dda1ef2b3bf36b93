// Drop a file anywhere on a file field's row: an enhancement of the plain field, which keeps working.

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
    if (event.dataTransfer.files.length !== 1) return;
    input.files = event.dataTransfer.files;
    input.focus();
  });
}
