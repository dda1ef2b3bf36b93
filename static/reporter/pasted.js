/* A pasted column of figures: it is shown beside the boxes that it would fill, fills them with one tap, and can be
 * undone. */

import { element, part } from "./views.js";
import { formatCount, interpolate, readCount } from "../shared/text.js";

/** `[{line, figure}]` of a column, the figure being at the end of its line; empty for a single line. */
function rowsIn(text) {
  const lines = text.split(/\r?\n/).map((line) => line.trim()).filter(Boolean);
  return lines.length > 1 ? lines.map((line) => ({ line: line.replace(/\s+/g, " "), figure: lastFigureIn(line) })) : [];
}

/** “Ann Hall 21 000” ends in one, and of a table the last column: “1\t21000”. */
function lastFigureIn(line) {
  const [figure] = line.split("\t").pop().match(/(^|\s)\d[\d,\s]*$/) ?? [""];
  return readCount(figure);
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
    if (offered.length) preview(panel, offered, count);
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
function preview(panel, offered, count) {
  say(panel, "offered", { count }, ["rows", "fill", "leave"]);
  part(panel, "rows").replaceChildren(...offered.map(({ line, figure, box }) => {
    const now = formatCount(figure);
    const entry = element("li", { textContent: `${box.dataset.name}: ${now}` });
    const typed = box.value.trim();
    const instead = typed && readCount(typed) !== figure ? interpolate(panel.dataset.instead, { typed }) : "";
    const pasted = readCount(line) === figure ? "" : interpolate(panel.dataset.line, { line });
    const hints = [pasted, instead].filter(Boolean).join(" ");
    if (hints) entry.append(" ", element("span", { className: "hint", textContent: hints }));
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
