/* The boxes for what is read out: the running sum, and the Enter key. */

import { leaveRoom } from "./sticky.js";
import { formatCount, interpolate, readCount } from "../shared/text.js";

/** Keep the sum above the keyboard, with what is left of the total announced. */
export function sums(root) {
  const line = root.querySelector("[data-sum]");
  if (!line) return;
  const form = line.closest("form");
  const inputs = [...form.querySelectorAll("[data-votes]")];
  const announced = form.querySelector("[name=valid_announced]");
  const update = () => {
    const sum = inputs.reduce((total, input) => total + (readCount(input.value) ?? 0), 0);
    const goal = readCount(announced?.value ?? "");
    const left = goal === null ? "" : ` · ${formatCount(goal - sum)} ${line.dataset.left}`;
    line.querySelector("output").textContent = `${formatCount(sum)} ${line.dataset.words}${left}`;
  };
  form.addEventListener("input", update);
  // What is taken back is in the boxes again.
  document.addEventListener("view", update);
  update();
  leaveRoom(line, "bottom");
}

const READ_OUT = "[data-votes], [name=rejected], [name=electorate], [name=turnout_announced]";

/** Let Enter go to the next box that is still empty, and from the last one to the check. */
export function goOn(root) {
  for (const input of root.querySelectorAll(`.result :is(${READ_OUT})`)) {
    input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      const next = [...input.form.querySelectorAll(READ_OUT)].find((other) => !other.value && other !== input);
      if (next) next.focus();
      else input.form.querySelector(".primary").click(); // Safari has requestSubmit since iOS 16
    });
  }
}
