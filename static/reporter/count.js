/* Help for the form at the count; everything works without it. */

const faults = document.getElementById("faults");
if (faults) faults.focus();

// The running sum, above the keyboard.
const sum = document.querySelector("[data-sum]");
if (sum) {
  const boxes = [...document.querySelectorAll("[data-votes]")];
  const add = () => {
    const total = boxes.reduce((all, box) => {
      const digits = box.value.replace(/[\s,]/g, "");
      return all + (/^\d{1,9}$/.test(digits) ? Number(digits) : 0);
    }, 0);
    sum.querySelector("output").textContent =
      `${total.toLocaleString("en-GB")} ${sum.dataset.words}`;
  };
  boxes.forEach((box) => box.addEventListener("input", add));
  add();
}

// A second tap while the first is on its way. The server answers both alike; this saves the wait.
for (const form of document.querySelectorAll("form[data-once]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    setTimeout(() => { delete form.dataset.sent; }, 8_000);
  });
}
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-once]")) delete form.dataset.sent;
});
