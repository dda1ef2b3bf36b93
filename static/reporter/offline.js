/* The check pages that the phone makes by itself, without an answer of the server. It says what the server would, as
 * far as a phone can know it (`rules.js`). */

import { focusWrong, markValidity, markWrong, problemOfVotes } from "./checks.js";
import { rowsOf } from "./contents.js";
import { showLot } from "./lot.js";
import { newKey } from "./outbox.js";
import { messagesOf, sentencesOf, sumOf, tieOf } from "./rules.js";
import { element, mainFrom, part, swap } from "./views.js";
import { formatCount, interpolate, readCount, readPercentage } from "../shared/text.js";

export function dataOf(form, submitter) {
  const data = new FormData(form);
  if (submitter?.name) data.set(submitter.name, submitter.value);
  return data;
}

/** What the page has of the contest: the rules' thresholds and texts (`results/reporter/phone_rules.py`). */
export const knownOf = (form) => JSON.parse(form.querySelector("script[type='application/json']").textContent);

/** What was typed, as `rules.js` reads it. Without a box there is no figure. */
export function resultOf(form) {
  const text = (name) => form.elements[name]?.value ?? "";
  const percentage = readPercentage(text("turnout_announced"));
  const votes = [...form.querySelectorAll("[data-votes]")]
    .map(({ name, value, dataset }) => ({ field: name, name: dataset.name, votes: readCount(value) }));
  return {
    votes,
    rejected: readCount(text("rejected")),
    electorate: readCount(text("electorate")),
    papers: readCount(text("papers")),
    valid: readCount(text("valid_announced")),
    turnout: percentage === null ? null : Math.round(percentage * 100),
    lot: [...form.querySelectorAll("[name=lot]:checked")].map(({ value }) => `votes-${value}`),
  };
}

export function checkResult(form, submitter) {
  const inputs = [...form.querySelectorAll("[data-votes]")];
  const missing = inputs.filter((input) => !input.value.trim());
  const incomplete = submitter?.name === "incomplete" && missing.length > 0 && missing.length < inputs.length;
  const invalid = inputs.filter((input) => readCount(input.value) === null && !(incomplete && missing.includes(input)));
  const wrong = markWrong(form);
  form.querySelector("[data-lot] .error")?.remove();
  for (const input of inputs) markValidity(input, invalid.includes(input) && problemOfVotes(input));
  offerIncomplete(form, !incomplete && invalid.length === missing.length && invalid.length < inputs.length, missing);
  if (invalid.length) { focusFirst(form, invalid[0]); return; }
  if (focusWrong(wrong)) return;
  const [result, known] = [resultOf(form), knownOf(form)];
  const messages = known.method === "declared" ? [] : messagesOf(result, known, { incomplete });
  const blocks = messages.filter(({ level }) => level === "block");
  if (blocks.length) { markBlocks(form, blocks, tieOf(result, known.seats).tied); return; }
  const main = offlinePage(form, "publish", incomplete ? submitter : null);
  if (incomplete) sayIncomplete(main, result, missing);
  else sayResult(main, form, result, known);
  if (result.rejected === null) part(main, "rest").remove();
  else part(main, "rejected").textContent = formatCount(result.rejected);
  askWhy(main, messages);
  show(main);
}

/** Say at each box what is impossible, as the server does. A tie is asked for who was drawn by lot. */
function markBlocks(form, blocks, tied) {
  const boxes = blocks.map(({ field, text }) => {
    if (field === "lot") return showLot(form, text, tied.map((row) => row.field));
    markValidity(form.elements[field], text);
    return form.elements[field];
  });
  focusWrong(boxes);
}

/** Ask whether what is there is to be sent as incomplete, naming whose votes are missing. */
function offerIncomplete(form, offered, missing) {
  const question = form.querySelector("[data-incomplete]");
  if (!question) return;
  question.hidden = !offered || !missing.length;
  question.querySelector("[data-missing]").textContent = namesOf(missing);
}

const namesOf = (inputs) => inputs.map((input) => input.dataset.name).join(", ");

/** The question is asked first; without one, the box to put right is. */
function focusFirst(form, input) {
  const question = form.querySelector("[data-incomplete]:not([hidden])");
  (question ?? input).focus();
}

/** The phone's check page of some totals: they are no result. */
function sayIncomplete(main, result, missing) {
  part(main, "rows").prepend(...result.votes.map((row) => rowOf(row)));
  const sum = part(main, "sum");
  sum.textContent = interpolate(sum.dataset.words, { total: formatCount(sumOf(result)) });
  part(main, "incomplete").hidden = false;
  part(main, "missing").textContent = namesOf(missing);
  const send = part(main, "send");
  send.textContent = send.dataset.incomplete;
  main.querySelector("form").dataset.label = send.dataset.label;
}

/** The result as it is read out, with its sums in sentences. */
function sayResult(main, form, result, known) {
  const isDeclared = known.method === "declared";
  const rows = isDeclared ? declaredRows(form) : result.votes;
  const elected = isDeclared ? rows.filter((row) => row.isElected) : electedOf(result, known);
  const withStage = (row) => ({ ...row, stage: row.stage && interpolate(known.sentences.stage, row) });
  part(main, "rows").prepend(...rows.map((row) => rowOf(withStage(row), elected.includes(row))));
  sayElected(main, elected.map(({ name }) => name), known);
  const sentences = isDeclared ? [] : sentencesOf(result, known);
  part(main, "sums").replaceChildren(...sentences.map((textContent) => element("p", { textContent })));
}

/** “Ann Hall and Bob Rice are duly elected as councillors for Abbey.” Nobody is, where only others know it. */
function sayElected(main, names, { method, sentences }) {
  const line = part(main, "elected");
  line.hidden = !names.length && method !== "answers";
  part(main, "winner").textContent = listing(names, main);
  part(main, "words").textContent = `${sentences.elected[names.length]}.`;
}

/** Those who are elected by these figures, in ballot order; by lists and in counting areas a phone names nobody. */
function electedOf(result, { method, seats }) {
  if (method !== "votes" && method !== "answers") return [];
  const { tied } = tieOf(result, seats);
  const votes = result.votes.map((row) => row.votes).sort((first, second) => second - first);
  const threshold = votes[seats - 1] ?? 0;
  return result.votes.filter((row) =>
    (tied.includes(row) ? result.lot.includes(row.field) : row.votes >= threshold));
}

/** Who is ticked as elected, at which stage, and the first preferences, of each candidate. */
const declaredRows = (form) => [...form.querySelectorAll("[name=winners]")].map(({ value, checked, dataset }) => ({
  name: dataset.name,
  stage: form.elements[`stage-${value}`]?.value.trim(),
  votes: readCount(form.elements[`votes-${value}`]?.value ?? ""),
  isElected: checked,
}));

function rowOf({ name, votes, stage }, isElected = false) {
  const row = element("tr");
  if (isElected) row.className = "elected";
  const heading = element("th", { scope: "row", textContent: name });
  if (stage) heading.append(" ", element("span", { className: "hint", textContent: stage }));
  row.append(heading, element("td", { textContent: votes === null ? "–" : formatCount(votes) }));
  return row;
}

/** Ask for the reason of what is odd, and say what is worth a look. */
function askWhy(main, messages) {
  const odd = messages.filter(({ level }) => level === "reason");
  const notes = messages.filter(({ level }) => level === "note");
  part(main, "sums").append(...notes.map(({ text }) => element("p", { textContent: text })));
  const warnings = part(main, "warnings");
  if (!odd.length) { warnings.remove(); return; }
  const entries = odd.map(({ text }) => element("li", { textContent: text }));
  warnings.querySelector("ul").replaceChildren(...entries);
  const seen = odd.map(({ code }) => code).join(",");
  main.querySelector("form").append(element("input", { type: "hidden", name: "seen_warnings", value: seen }));
}

export function checkWinners(form, submitter) {
  const main = offlinePage(form, "winner", submitter);
  const chosen = [...form.querySelectorAll("[name=winners]")]
    .filter((input) => input.checked || input === submitter).map((input) => input.dataset.name);
  if (chosen.length !== Number(form.dataset.seats)) { sayHowMany(form); return; }
  main.querySelector("table").remove();
  part(main, "warnings").remove();
  const line = part(main, "elected");
  part(main, "winner").textContent = listing(chosen, main);
  part(main, "words").textContent = part(main, "to-follow").textContent.trim();
  line.hidden = false;
  // An entry and a draft of its own: the votes that are half typed stay.
  const send = part(main, "send");
  send.textContent = send.dataset.winner;
  Object.assign(main.querySelector("form").dataset, { outbox: "winner", label: send.dataset.winnerLabel });
  show(main);
}

/** “Ann Hall, Bob Rice and Cat Moss”. */
function listing(names, main) {
  const { and } = part(main, "elected").dataset;
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} ${and} ${names[names.length - 1]}`;
}

function sayHowMany(form) {
  form.querySelector(".error")?.remove();
  form.querySelector("fieldset").prepend(
    element("p", { className: "error", role: "alert", textContent: form.dataset.error }),
  );
  form.querySelector("[name=winners]").focus();
}

/** The phone's own check page, with a form that sends what was typed. */
function offlinePage(form, step, submitter) {
  const main = mainFrom("offline-check");
  const target = main.querySelector("form");
  const fields = [...dataOf(form, submitter)].filter(([name]) => name !== "step" && name !== "key");
  for (const [name, value] of [...fields, ["key", newKey()], ["step", step]]) {
    const input = element("input", { type: "hidden", name, value });
    const [[label, text] = []] = besides(form, name, value).flatMap(rowsOf);
    if (text) Object.assign(input.dataset, { label, text });
    target.append(input);
  }
  return main;
}

/** The box of a value that the phone's statement does not have: it has votes, and who is elected. */
const besides = (form, name, value) => [...form.elements].filter((input) => input.name === name
  && !/^(winners|votes-|stage-)/.test(name) && input.type !== "hidden"
  && (input.type !== "checkbox" || input.value === value));

function show(main) {
  swap(main);
  main.querySelector("h1").focus();
}
