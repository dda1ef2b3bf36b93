/* The sentences of a result with every total, as the server writes them (`results/reporter/statement.py`). The cases of
 * both are in `tests/typed_results.py`. */

import { majorityOf, sumOf } from "./rules.js";
import { formatCount, interpolate } from "../shared/text.js";

/** The sentences about the figures of `rules.js`, one a paragraph. */
export function sentencesOf(result, known) {
  const { sentences } = known;
  const majority = majorityOf(result, known);
  const isTied = majority === 0 && known.method === "votes";
  return [
    ...(known.votesPerPaper > 1 ? severalVotes(result, known) : [totals(result, known)]),
    isTied ? sentences.byLot : majority === null ? ""
      : interpolate(sentences.majority, { votes: formatCount(majority) }),
    result.turnout === null ? "" : interpolate(sentences.announced, { turnout: String(result.turnout / 100) }),
    sentences.lastTime,
  ].filter(Boolean);
}

const format = (values) => Object.fromEntries(
  Object.entries(values).map(([name, value]) => [name, typeof value === "number" ? formatCount(value) : value]),
);

/** “Your six totals make 53,805; with 227 rejected that is 54,032 of 75,162, 71.9%.” */
function totals(result, known) {
  const valid = sumOf(result);
  const { rejected } = result;
  const record = known.seats === 1 ? new Map(known.electorates).get("record") : null;
  const isOfRecord = Boolean(record && !result.electorate);
  const electorate = isOfRecord ? record : result.electorate;
  const papers = rejected === null ? result.papers : valid + rejected;
  const voters = papers || valid;
  const name = (rejected === null ? "votes" : "withRejected")
    + (electorate ? (isOfRecord ? "OfRecord" : "Of") : "");
  const turnout = electorate ? percent(voters, electorate) : "";
  return interpolate(known.sentences[name], format({ valid, rejected, papers, electorate, turnout }));
}

/** No number of papers follows from votes where each paper has several. */
function severalVotes(result, { sentences }) {
  const { rejected, papers, electorate } = result;
  const turnout = papers !== null && electorate ? percent(papers, electorate) : "";
  const values = format({ valid: sumOf(result), rejected, papers, electorate, turnout });
  const ofPapers = electorate ? sentences.papersOf : sentences.papers;
  return [
    sentences.votes,
    rejected === null ? "" : sentences.rejected,
    papers !== null ? ofPapers : electorate ? sentences.electorate : "",
    papers === null && (electorate || rejected !== null) ? sentences.severalVotes : "",
  ].filter(Boolean).map((sentence) => interpolate(sentence, values));
}

/** In percent with one decimal, rounded half up. */
const percent = (part, whole) => (Math.floor((2000 * part + whole) / (2 * whole)) / 10).toFixed(1);
