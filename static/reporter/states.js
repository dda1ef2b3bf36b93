/* The state of a submission, and the sentence that is true of it now. */

import { handed, isHeld, isSending, isStored } from "./outbox.js";
import { progress } from "./pictures.js";
import { interpolate } from "../shared/text.js";

const texts = document.getElementById("receipt")?.content.querySelector("[data-receipt]").dataset ?? {};
const ASKED = new Set(["reason", "conflict", "faulty", "stopped"]);
/** Whether the desk waits for an answer of the reporter's. */
export const isQuestion = (state) => ASKED.has(state);
const reporter = document.body.dataset.reporter;

/** Why the server does not accept an item, in sentences; without one, a proxy found it too large. */
export function reasonsOf({ asks: { findings, words } }) {
  const reasons = (findings ?? [words]).filter(Boolean);
  return reasons.length ? reasons : [texts.tooLarge];
}

/** The name of the state of an item or an answer; `answer` where the server has answered. */
export function stateOf(item, answer = null) {
  if (answer) return answer.state;
  if (item.takenBack) return "taking-back";
  if (item.reporter !== reporter) return "another";
  if (item.asks?.state === "signed-out" && item.tried) return "unanswered";
  if (item.asks?.state === "signed-out" || item.asks?.state === "another") return item.asks.state;
  if (isQuestion(item.asks?.state)) return item.asks.state;
  if (item.asks) return "refused";
  if (isHeld(item.key)) return "held";
  if (isSending(item.key)) return "sending";
  return item.tried ? "unanswered" : "waiting";
}

/** The translated title of a state: `data-signed-out` for "signed-out"; that of a conflict names what was published,
    and by whom. What the desk keeps without saying since when, or calls by the name of a later release, it has. */
export function titleOf(state, values) {
  if (state === "conflict" && values.asks.title) return values.asks.title;
  const has = values.settled && (state === "kept" ? !values.at : !texts[camelCase(state)]);
  return interpolate(texts[has ? "inReview" : camelCase(state)] ?? texts.waiting, numbered(values));
}

/** With the number of its bulletin, as the sentences name it. */
export const numbered = (values) => ({ ...values, number: values.sequence });

/** What became of a submission, in sentences. */
export function lineOf(item, answer = null) {
  if (answer) {
    if (answer.state === "unknown") return texts.unknownLine;
    return [answer.line, answer.state === "published" && answer.line ? "" : answer.words].filter(Boolean).join(" · ");
  }
  const state = stateOf(item);
  if (state === "refused") return reasonsOf(item).join(" ");
  if (!isStored(item.key)) return texts.notStored;
  if (isQuestion(state)) return texts.keptUnsent;
  const line = state === "signed-out" ? texts.safe : texts[`${camelCase(state)}Line`];
  if (line) return line;
  const safe = handed.has(item.key) ? texts.safeClosed : texts.safe;
  return [partlyThere(item.key, texts.partly), safe].filter(Boolean).join(" ");
}

/** How much of a picture the server has, in a sentence; empty before its first part. */
export function partlyThere(key, sentence) {
  const { sent, size } = progress(key) ?? {};
  return sent ? interpolate(sentence, { percent: Math.floor((100 * sent) / size) }) : "";
}

const camelCase = (state) => state.replace(/-./g, (letters) => letters[1].toUpperCase());
