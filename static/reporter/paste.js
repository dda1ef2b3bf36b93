/* A column of figures pasted into a box fills that box and those that follow. */

import { formatCount, interpolate, readCount } from "../shared/text.js";

/** The figure at the end of each line; null unless every line has one. */
function figuresIn(text) {
  const lines = text.split(/\r?\n/).map((line) => line.trim()).filter(Boolean);
  return lines.length > 1 ? lines.map((line) => readCount(line) ?? lastFigureIn(line)) : [];
}

/** “Ann Hall\t21,000” and “Ann Hall 21,000” end in one. */
function lastFigureIn(line) {
  const [figure] = line.match(/\s[\d,]+$/) ?? [""];
  return readCount(figure);
}

export function takeColumns(root) {
  const notice = root.querySelector("[data-pasted]");
  if (!notice) return;
  const form = notice.closest("form");
  form.addEventListener("paste", (event) => {
    const boxes = [...form.querySelectorAll("[data-votes]")];
    const first = boxes.indexOf(event.target);
    const figures = figuresIn(event.clipboardData?.getData("text/plain") ?? "");
    if (first < 0 || !figures.length) return;
    event.preventDefault();
    const fits = figures.length <= boxes.length - first && !figures.includes(null);
    if (fits) figures.forEach((figure, at) => { boxes[first + at].value = formatCount(figure); });
    const template = fits ? notice.dataset.filled : notice.dataset.refused;
    notice.textContent = interpolate(template, { count: figures.length, boxes: boxes.length - first });
    event.target.dispatchEvent(new Event("input", { bubbles: true }));
  });
}
