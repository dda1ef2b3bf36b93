/* The rules about several figures together, as the server has them (`results/arithmetic/plausibility.py`), as far as
 * a phone can know them, and the sentences of a result with every total. The cases of both are in
 * `tests/typed_results.py`.
 *
 * A result is `{votes: [{field, name, votes}], rejected, electorate, papers, valid, turnout, lot}`, null where
 * nothing was typed; `turnout` is in hundredths of a percent, `lot` are fields. What is known besides comes with the
 * page (`results/reporter/phone_rules.py`). */

import { formatCount, interpolate } from "../shared/text.js";

export const sumOf = ({ votes }) => votes.reduce((sum, row) => sum + (row.votes ?? 0), 0);

/** `{value, source}` of the electorate: as typed, else as known; null without one. */
function electorateOf(result, known, typed = result.electorate) {
  const [source, value] = [["typed", typed], ...known.electorates].find(([, count]) => count) ?? [];
  return value ? { value, source } : null;
}

/** The same of the ballot papers at verification. */
function papersOf(result, known) {
  const [source, value] = [["typed", result.papers], ["verified", known.papers]].find(([, count]) => count) ?? [];
  return value ? { value, source } : null;
}

/** The candidates who tie for the last seat, and for how many seats. */
export function tieOf({ votes }, seats) {
  const order = votes.map((row) => row.votes).sort((first, second) => second - first);
  const last = order[seats - 1];
  if (order.length <= seats || order[seats] !== last) return { tied: [], places: 0 };
  return { tied: votes.filter((row) => row.votes === last), places: seats - order.filter((one) => one > last).length };
}

/** What is wrong or odd, in sentences: `[{code, level, field, text}]`, blocks alone, or reasons and then notes. */
export function messagesOf(result, known, { incomplete = false } = {}) {
  const blocks = [...impossible(result, known), ...(incomplete ? [] : lots(result, known))];
  const found = blocks.length || incomplete ? blocks : [...unlikely(result, known)];
  const notes = found.filter(({ level }) => level === "note");
  return [...found.filter(({ level }) => level !== "note"), ...notes].map((message) => withText(message, known));
}

const message = (level, code, field, params) => ({ level, code, field, params });
const [block, reason, note] = ["block", "reason", "note"].map((level) => message.bind(null, level));

function withText({ level, code, field, params }, { messages, sources }) {
  const shown = Object.entries(params).map(([name, value]) =>
    [name, name === "source" ? sources[value] : typeof value === "number" ? formatCount(value) : value]);
  return { code, level, field, text: interpolate(messages[code], Object.fromEntries(shown)) };
}

function* impossible(result, known) {
  const papers = papersOf(result, known);
  const found = electorateOf(result, known);
  // An old register may have fewer electors than voted.
  const electorate = found?.source === "last" ? null : found;
  const { votesPerPaper: seats } = known;
  const valid = sumOf(result);
  if (electorate && valid > electorate.value * seats) {
    const code = seats === 1 ? "sum_over_electorate" : "sum_over_electors";
    yield block(code, "electorate", { valid, seats, electorate: electorate.value, source: electorate.source });
  } else if (papers && valid > papers.value * seats) {
    const code = seats === 1 ? "votes_over_papers" : "votes_over_papers_of_seats";
    yield block(code, "papers", { valid, seats, papers: papers.value, source: papers.source });
  } else {
    yield* moreThanElectors(result, known, electorate, papers);
  }
  const most = papers ?? electorate;
  for (const { field, votes } of seats > 1 && most ? result.votes : []) {
    const params = { votes, papers: most.value, source: most.source };
    if (votes > most.value) yield block("candidate_over_total", field, params);
  }
}

function* moreThanElectors(result, { votesPerPaper }, electorate, papers) {
  const counted = votesPerPaper === 1 ? sumOf(result) + (result.rejected ?? 0) : 0;
  const used = Math.max(counted, papers?.value ?? 0);
  if (!electorate || used <= electorate.value) return;
  const params = { papers: used, electorate: electorate.value, source: electorate.source };
  yield block("papers_over_electorate", papers && used === papers.value ? "papers" : "rejected", params);
}

function* lots(result, { method, seats }) {
  if (method !== "votes") return;
  const { tied, places } = tieOf(result, seats);
  const names = tied.map(({ name }) => name).join(", ");
  const drawn = result.lot;
  const isOfTied = drawn.every((field) => tied.some((row) => row.field === field));
  if (tied.length && !drawn.length && !sumOf(result)) yield block("only_zeros", tied[0].field, {});
  else if (tied.length && !drawn.length) yield block("tie_needs_lot", "lot", { names, places });
  else if (drawn.length && !tied.length) yield block("lot_without_tie", "lot", {});
  else if (drawn.length && !(isOfTied && drawn.length === places)) {
    yield block("lot_not_tied", "lot", { names, places });
  }
}

function* unlikely(result, known) {
  const valid = sumOf(result);
  if (!valid) {
    yield reason("all_zero", "", {});
    return;
  }
  if (result.valid !== null && result.valid !== valid) {
    yield reason("valid_announced_mismatch", "valid_announced", { announced: result.valid, sum: valid });
  }
  yield* oddPapers(result, known, valid);
  yield* oddTurnout(result, known, valid);
  yield* oddRejected(result, known, valid);
  yield* oddElectorate(result, known, valid);
  yield* closeMajority(result, known, valid);
}

function* oddPapers(result, known, valid) {
  const { papersSlack, rejected: usual, used } = known.thresholds;
  const filed = known.papers;
  if (filed && result.papers && result.papers !== filed) {
    const tell = 1000 * Math.abs(result.papers - filed) > papersSlack * filed ? reason : note;
    yield tell("papers_changed", "papers", { papers: result.papers, filed });
  }
  const papers = papersOf(result, known);
  if (!papers) return;
  const { value, source } = papers;
  if (known.votesPerPaper > 1) {
    const good = value - (result.rejected ?? 0);
    const isFew = valid < good || 1000 * valid < used * good * known.seatsUsed;
    if (isFew) yield reason("few_votes", "papers", { valid, papers: value, source });
    return;
  }
  const sum = valid + (result.rejected ?? 0);
  const difference = Math.abs(value - sum);
  const isMuch = 1000 * difference > (papersSlack + (result.rejected === null ? usual : 0)) * value;
  if (!difference || (result.rejected === null && !isMuch)) return;
  const code = value > sum ? "papers_over_sum" : "papers_under_sum";
  yield (isMuch ? reason : note)(code, "papers", { papers: value, sum, difference, source });
}

function* oddTurnout(result, known, valid) {
  const electorate = electorateOf(result, known);
  if (!electorate) return;
  const { turnout: [least, most], turnoutSlack } = known.thresholds;
  const voters = votersOf(result, known, valid);
  const [first, last = first] = voters.length ? voters : [valid / known.votesPerPaper];
  const turnout = first / electorate.value;
  if (!(turnout >= least / 1000 && turnout <= most / 1000)) {
    const { value, source } = electorate;
    yield reason("turnout_unusual", "electorate", { turnout: percent(last / value), electorate: value, source });
  }
  const announced = result.turnout;
  const fewest = Math.max(Math.ceil(valid / known.votesPerPaper), ...result.votes.map(({ votes }) => votes));
  // In whole numbers.
  const above = (each) => 10_000 * each - announced * electorate.value;
  const slack = 10 * turnoutSlack * electorate.value;
  const isFar = voters.length ? voters.every((each) => Math.abs(above(each)) > slack) : above(fewest) > slack;
  if (announced !== null && isFar) {
    const told = voters.length ? last : fewest;
    const params = { announced: String(announced / 100), turnout: percent(told / electorate.value) };
    yield reason(voters.length ? "turnout_differs" : "turnout_too_low", "turnout_announced", params);
  }
}

/** The numbers of voters that an announced turnout may be of. */
function votersOf(result, known, valid) {
  if (known.votesPerPaper > 1) return [papersOf(result, known)].filter(Boolean).map(({ value }) => value);
  return result.rejected === null ? [valid] : [valid, valid + result.rejected];
}

function* oddRejected(result, known, valid) {
  const { rejected } = result;
  if (rejected === null || known.hasSpeaker) return;
  const papers = papersOf(result, known);
  const several = papers ? papers.value : Math.floor(valid / known.votesPerPaper) + rejected;
  const used = known.votesPerPaper === 1 ? valid + rejected : several;
  if (used && 1000 * rejected > known.thresholds.rejected * used) {
    yield reason("rejected_high", "rejected", { rejected, share: percent(rejected / used) });
  }
}

function* oddElectorate(result, known, valid) {
  const typed = result.electorate;
  const others = [valid, result.valid, result.papers, result.rejected, ...result.votes.map(({ votes }) => votes)];
  if (typed !== null && others.includes(typed)) {
    yield reason("electorate_repeats", "electorate", { electorate: typed });
  }
  const electorates = new Map(known.electorates);
  const now = typed || electorates.get("verified");
  // What was verified is compared with what is on record, and what is typed with either.
  const before = typed === null ? [["record", electorates.get("record")], ["last", electorates.get("last")]] : null;
  const expected = electorateOf(result, { electorates: before ?? known.electorates }, null);
  if (!now || !expected) return;
  const most = known.thresholds.electorate * (expected.source === "last" ? 2 : 1);
  if (1000 * Math.abs(now - expected.value) > most * expected.value) {
    const params = { electorate: now, expected: expected.value, source: expected.source };
    yield reason("electorate_differs", "electorate", params);
  }
}

function* closeMajority(result, known, valid) {
  const majority = known.method === "votes" ? majorityOf(result, known) : null;
  if (majority === null) return;
  const { closeVotes, closeShare } = known.thresholds;
  if (majority === 0) yield note("close_tie", "", {});
  else if (majority < closeVotes || 1000 * majority < closeShare * valid) yield note("close", "", { majority });
}

/** The votes between the last who is elected and the first who is not; null without either. */
function majorityOf({ votes }, { method, seats }) {
  if ((method !== "votes" && method !== "answers") || votes.length <= seats) return null;
  const order = votes.map((row) => row.votes).sort((first, second) => second - first);
  return order[seats - 1] - order[seats];
}

/** In percent with one decimal; a tie between two goes to the even one, as on the server. */
function percent(fraction) {
  const value = fraction * 100;
  const isTie = Number.isInteger(value * 4) && !Number.isInteger(value * 2);
  if (!isTie) return value.toFixed(1);
  const tenths = Math.floor(value * 10);
  return ((tenths + (tenths % 2)) / 10).toFixed(1);
}

// --- Sentences ------------------------------------------------------------------------------

/** The sentences about the figures, one a paragraph, as the server writes them
    (`results/reporter/statement.py`). */
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
  const turnout = electorate ? turnoutOf(voters, electorate) : "";
  return interpolate(known.sentences[name], format({ valid, rejected, papers, electorate, turnout }));
}

/** No number of papers follows from votes where each paper has several. */
function severalVotes(result, { sentences }) {
  const { rejected, papers, electorate } = result;
  const turnout = papers !== null && electorate ? turnoutOf(papers, electorate) : "";
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
const turnoutOf = (part, whole) => (Math.floor((2000 * part + whole) / (2 * whole)) / 10).toFixed(1);
