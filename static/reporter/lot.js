/* The boxes for who was drawn by lot, which a tie makes the phone ask for. */

import { element } from "./views.js";

/** Show them with what is asked; the first of them. */
export function showLot(form, question) {
  const fieldset = makeLot(form);
  fieldset.querySelector(".error")?.remove();
  fieldset.querySelector("legend").after(element("p", { className: "error", textContent: question }));
  return fieldset.querySelector("input");
}

/** Make them of the boxes for votes, unless the page has them. */
export function makeLot(form) {
  const fieldset = form.querySelector("[data-lot]");
  if (!fieldset || form.querySelector("[name=lot]")) return fieldset;
  fieldset.append(...[...form.querySelectorAll("[data-votes]")].map(({ name, dataset }) => {
    const label = element("label");
    label.append(element("input", { type: "checkbox", name: "lot", value: name.replace("votes-", "") }));
    label.append(` ${dataset.name}`);
    return label;
  }));
  fieldset.hidden = false;
  return fieldset;
}
