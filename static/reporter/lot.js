/* The boxes for who was drawn by lot, which a tie makes the phone ask for. */

import { element } from "./views.js";
import { readCount } from "../shared/text.js";

/** Show those of the tied candidates with what is asked; the first of them. One who is ticked can be unticked. */
export function showLot(form, question, tied) {
  const fieldset = makeLot(form);
  for (const box of fieldset.querySelectorAll("[name=lot]")) {
    box.parentElement.hidden = !box.checked && !tied.includes(`votes-${box.value}`);
  }
  fieldset.querySelector(".error")?.remove();
  fieldset.querySelector("legend").after(element("p", { className: "error", textContent: question }));
  return fieldset.querySelector("label:not([hidden]) input");
}

/** Show those who are ticked and who tie with one of them, as the server does. */
export function showTied(form) {
  const boxes = [...form.querySelectorAll("[name=lot]")];
  const votesOf = ({ value }) => readCount(form.elements[`votes-${value}`]?.value ?? "");
  const drawn = boxes.filter(({ checked }) => checked).map(votesOf);
  for (const box of boxes) box.parentElement.hidden = !box.checked && !drawn.includes(votesOf(box));
}

/** Make those that the page does not have, of the boxes for votes. */
export function makeLot(form) {
  const fieldset = form.querySelector("[data-lot]");
  for (const { name, dataset } of fieldset ? form.querySelectorAll("[data-votes]") : []) {
    const value = name.replace("votes-", "");
    if (fieldset.querySelector(`[name=lot][value="${value}"]`)) continue;
    const label = element("label");
    label.append(element("input", { type: "checkbox", name: "lot", value }), ` ${dataset.name}`);
    fieldset.append(label);
  }
  if (fieldset) fieldset.hidden = false;
  return fieldset;
}
