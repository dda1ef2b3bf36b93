/* What the phone refuses before it keeps anything, as the server does: the cases of both are in
 * `tests/typed_texts.py` and `tests/typed_counts.py`. */

import { countError, interpolate, percentageError, readCount } from "../shared/text.js";

/** As the server reads it (`results/forms.py`). */
const TYPED_TIME = /^([0-9]{1,2})[:.·h ]?([0-9]{2})$/;
/** Boxes that the phone reads as the server does, besides those for votes. */
const CHECKED = "[data-most], [data-time], [data-percentage], [data-longest]";
/** Of `results/arithmetic/text.py`: what is dropped, what has a glyph, and what is stripped from the ends. */
const UNWANTED = /(?![\t\n\r])[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]/u;
const VISIBLE = /[^\p{C}\p{Z}\p{M}\u115f\u1160\u3164\uffa0\u2800]/u;
const BLANK = "[\\s\\u00ad\\u034f\\u061c\\u115f\\u1160\\u180e\\u200b\\u200e\\u200f\\u2060\\u2800\\u3164\\uffa0]+";
const ENDS = new RegExp(`^${BLANK}|${BLANK}$`, "g");
const QUOTATION_MARKS = ["“”", '""', "‘’", "''"];

const isUnwanted = (letter) => UNWANTED.test(letter) || (letter.codePointAt(0) & 0xfffe) === 0xfffe;

/** A text without what nobody sees; empty if there is nothing else. */
function cleanText(text) {
  const plain = [...text].filter((letter) => !isUnwanted(letter)).join("");
  return VISIBLE.test(plain) ? plain.replace(ENDS, "") : "";
}

/** As many as the server counts: a line break is sent as two. */
const lengthOf = (text) => [...text.replace(/\r?\n/g, "\r\n")].length;

/** What is wrong with a text, in a sentence; empty where nothing is. */
function problemOfText({ value, dataset, form }) {
  const text = cleanText(value);
  const [longest, length] = [Number(dataset.longest), lengthOf(text)];
  if (length > longest) return interpolate(dataset.tooLong, { longest, length });
  if (dataset.unless && form.elements[dataset.unless].value) return "";
  const marked = "quoted" in dataset && QUOTATION_MARKS.includes(text[0] + text[text.length - 1]);
  const words = marked && text.length > 1 ? cleanText(text.slice(1, -1)) : text;
  return words ? "" : dataset.required ?? "";
}

/** What is wrong with a time of day, a percentage, a count or a stage, in a sentence. */
function problemOfNumber({ value, dataset }) {
  const text = value.trim();
  if (!text) return "";
  if ("time" in dataset) {
    const [, hour, minute] = TYPED_TIME.exec(text) ?? [];
    return Number(hour) < 24 && Number(minute) < 60 ? "" : dataset.error;
  }
  const error = sentenceOf("percentage" in dataset ? percentageError(text) : countError(text));
  return error || (readCount(text) > Number(dataset.most) ? dataset.error : "");
}

/** The server's sentence for one of its codes. */
const sentenceOf = (code) => code && JSON.parse(document.getElementById("number-errors").textContent)[code];

/** What is wrong with a box for votes, in which there has to be a figure. */
export const problemOfVotes = ({ value }) => sentenceOf(countError(value));

const problemOf = (input) => ("longest" in input.dataset ? problemOfText(input) : problemOfNumber(input));

/** The boxes with something that the server refuses, each marked. */
export function markWrong(form) {
  const wrong = [...form.querySelectorAll(CHECKED)].filter((input) => markValidity(input, problemOf(input)));
  return wrong.length || !form.dataset.any ? wrong : markAnnounced(form);
}

/** The same of a verification as a whole: something was announced, and no more papers than electors. */
function markAnnounced(form) {
  const { any, over } = form.dataset;
  const { papers, electorate } = form.elements;
  const isEmpty = [...form.querySelectorAll("input[type=text]")].every(({ value }) => !value.trim());
  const isOver = readCount(papers.value) > (readCount(electorate.value) ?? Infinity);
  return markValidity(papers, isEmpty ? any : isOver ? over : "") ? [papers] : [];
}

/** Show what is wrong with a box, in a sentence; empty where nothing is. Whether something is. */
export function markValidity(input, problem) {
  const field = input.closest(".field, label");
  field.classList.toggle("invalid", Boolean(problem));
  field.querySelector(".error")?.remove();
  for (const name of ["aria-invalid", "aria-describedby"]) input.removeAttribute(name);
  if (!problem) return false;
  const error = Object.assign(document.createElement("p"), { className: "error", textContent: problem });
  error.id = `${input.id || input.name}-error`;
  input.setAttribute("aria-invalid", "true");
  input.setAttribute("aria-describedby", error.id);
  input.before(error);
  return true;
}

/** Lead to the first of these boxes, if there is one. */
export function focusWrong([first]) {
  first?.closest("details")?.setAttribute("open", "");
  first?.focus();
  return Boolean(first);
}
