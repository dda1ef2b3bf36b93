/* The running sum, and what is left to the total announced, above the keyboard. */

const read = (box) => {
  const digits = box?.value.replace(/[\s,\u00a0\u2009\u202f]/g, "") ?? "";
  return /^\d{1,9}$/.test(digits) ? Number(digits) : null;
};
const shown = (number) => number.toLocaleString("en-GB").replace("-", "\u2212");

export function sums(root) {
  const line = root.querySelector("[data-sum]");
  if (!line) return;
  const form = line.closest("form");
  const boxes = [...form.querySelectorAll("[data-votes]")];
  const announced = form.querySelector("[name=valid_announced]");
  const add = () => {
    const total = boxes.reduce((all, box) => all + (read(box) ?? 0), 0);
    const goal = read(announced);
    const left = goal === null ? "" : ` · ${shown(goal - total)} ${line.dataset.left}`;
    line.querySelector("output").textContent = `${shown(total)} ${line.dataset.words}${left}`;
  };
  form.addEventListener("input", add);
  add();
}

const READ_OUT = "[data-votes], [name=rejected], [name=electorate], [name=turnout_announced]";

/** The keyboard's own button goes to the next box that is still empty; from the last, to the check. */
export function goOn(root) {
  for (const box of root.querySelectorAll(`.result :is(${READ_OUT})`)) {
    box.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      const next = [...box.form.querySelectorAll(READ_OUT)].find((one) => !one.value && one !== box);
      if (next) next.focus();
      else box.form.requestSubmit(box.form.querySelector(".go"));
    });
  }
}
