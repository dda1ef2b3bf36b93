/* A pasted column of figures: it is shown beside the boxes that it would fill, fills them with one tap, and can be
 * undone. */

import { element, part } from "./views.js";
import { formatCount, interpolate, readCount } from "../shared/text.js";

const GROUPS = /(^| )\d{1,3}( \d{3})+$/; // “Ann Hall 21 000”

/** `[{line, figure}]` of a column, the figure being at the end of its line; empty for a single line. */
function rowsIn(text) {
  const lines = text.split(/\r?\n/).map((line) => line.trim()).filter(Boolean);
  const cells = lines.map((line) => line.split("\t").pop().replace(/\s+/g, " "));
  // “Ann Hall 2 8,415” has a number before the figure: so has each line, and “2 456” is no thousands.
  const isTable = cells.some((cell) => /\d (?!0\d)[\d,]+$/.test(cell) && !GROUPS.test(cell));
  const figureIn = (cell) => (!isTable && GROUPS.exec(cell)) || /(^| )(?!0\d)[\d,]+$/.exec(cell) || [""];
  return lines.length > 1 ? cells.map((cell, at) =>
    ({ line: lines[at].replace(/\s+/g, " "), figure: readCount(figureIn(cell)[0]) })) : [];
}

/** Offer what is pasted into a box of votes, and let it be undone. */
export function takeColumns(root) {
  const panel = root.querySelector("[data-pasted]");
  if (!panel) return;
  const form = panel.closest("form");
  let [offered, before] = [[], []];
  form.addEventListener("paste", (event) => {
    const boxes = [...form.querySelectorAll("[data-votes]")];
    const first = boxes.indexOf(event.target);
    const rows = rowsIn(event.clipboardData?.getData("text/plain") ?? "");
    if (first < 0 || !rows.length) return;
    event.preventDefault();
    const [count, room] = [rows.length, boxes.length - first];
    const unread = rows.find(({ figure }) => figure === null);
    offered = !unread && count <= room ? rows.map((row, at) => ({ ...row, box: boxes[first + at] })) : [];
    if (offered.length) preview(panel, offered);
    else if (unread) say(panel, "unread", { line: unread.line });
    else say(panel, "tooMany", { count, boxes: room });
  });
  const fill = (values) => {
    for (const [box, value] of values) box.value = value;
    // The sum follows, and the draft.
    values[0][0].dispatchEvent(new Event("input", { bubbles: true }));
    values[0][0].focus();
  };
  part(panel, "fill").addEventListener("click", () => {
    before = offered.map(({ box }) => [box, box.value]);
    fill(offered.map(({ box, figure }) => [box, formatCount(figure)]));
    say(panel, "filled", { count: offered.length }, ["undo-paste"]);
  });
  part(panel, "leave").addEventListener("click", () => {
    say(panel, "left");
    offered[0].box.focus();
  });
  part(panel, "undo-paste").addEventListener("click", () => {
    fill(before);
    say(panel, "undone");
  });
}

/** Show each figure beside the name of its box, and what it takes the place of. */
function preview(panel, offered) {
  say(panel, "offered", { count: offered.length }, ["rows", "fill", "leave"]);
  part(panel, "rows").replaceChildren(...offered.map(({ line, figure, box }) => {
    const entry = element("li", { textContent: `${box.dataset.name}: ${formatCount(figure)}` });
    for (const [name, text] of Object.entries({ line, instead: box.value.trim() })) {
      if (!text || readCount(text) === figure) continue;
      const textContent = interpolate(panel.dataset[name], { line, typed: text });
      entry.append(" ", element("span", { className: "hint", textContent }));
    }
    return entry;
  }));
  part(panel, "fill").focus();
}

/** Say what is so of the pasted figures, and show these parts. */
function say(panel, state, values = {}, shown = []) {
  panel.hidden = false;
  part(panel, "words").textContent = interpolate(panel.dataset[state], values);
  for (const name of ["rows", "fill", "leave", "undo-paste"]) part(panel, name).hidden = !shown.includes(name);
}
