/* What the server has answered to this phone's submissions, and what became of them since. */

import { read, write } from "./storage.js";

const KEPT = 20;
/** What the reporter has to be told of, whenever it happens. */
const NEWS = new Set(["corrected", "withdrawn", "reworded", "set-aside", "replaced", "differs", "unknown"]);
const reporter = document.body.dataset.reporter;

/** Newest first. */
export const answers = () => read("answers", []);
export const answerTo = (key) => answers().find((answer) => answer.key === key) ?? null;

/** Keep the answer to an item of the outbox. */
export function keep({ key, label, content, at: queued, address }, answer) {
  const others = answers().filter((other) => other.key !== key);
  const kept = { address, ...answer, key, label, content, queued, settled: Date.now(), reporter };
  write("answers", [kept, ...others].slice(0, KEPT));
}

/** Take up what became of the answers with the `asked` keys; whether that changed any. */
export function remember(sent, asked) {
  let changed = false;
  const now = answers().map((answer) => {
    if (answer.reporter !== reporter || !asked.includes(answer.key)) return answer;
    const found = sent[answer.key] ?? { state: "unknown", words: "" };
    if (found.state === answer.state && found.words === answer.words) return answer;
    changed = true;
    const news = found.state !== answer.state && (NEWS.has(found.state) || wasReviewed(answer, found));
    return { ...answer, ...found, news: news || answer.news, newsAt: news ? Date.now() : answer.newsAt };
  });
  if (changed) write("answers", now);
  return changed;
}

const WAITING = ["kept", "in-review", "differs"];
const wasReviewed = (before, now) => WAITING.includes(before.state) && now.state === "published";

/** The reporter has looked at it. */
export function seen(key) {
  const now = answers();
  if (now.find((answer) => answer.key === key)?.news) {
    write("answers", now.map((answer) => (answer.key === key ? { ...answer, news: false } : answer)));
  }
}
