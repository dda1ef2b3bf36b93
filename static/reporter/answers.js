/* What the server has answered to this phone's submissions, what became of them since, and what it said of the
 * counts whose pages are open. */

import { read, write } from "./storage.js";

/** Besides these, all with news that the reporter has not seen. */
const KEPT = 40;
/** What the reporter has to be told of, whenever it happens. */
const NEWS = new Set(["corrected", "withdrawn", "reworded", "set-aside", "replaced", "differs", "unknown"]);
/** Nothing of it was wanted any more: that the desk has gone back to older records changes nothing. */
const OVER = new Set(["taken-back", "set-aside", "superseded"]);
export const reporter = document.body.dataset.reporter;

/** Newest first. */
export const answers = () => read("answers", []);
export const ownAnswers = () => answers().filter((answer) => answer.reporter === reporter);
export const answerTo = (key) => answers().find((answer) => answer.key === key) ?? null;

const without = (key) => answers().filter((answer) => answer.key !== key);
/** Forget an answer: its item is sent again. */
export const forgetAnswer = (key) => write("answers", without(key));

/** Keep the answer to an item of the outbox, and what it would be sent again with: not a picture, nor an answer to the
    desk, whose message may be another one by then. */
export function keep({ key, label, content, at: queued, address, fields, draft, picture, takenBack }, answer) {
  const isOnce = picture || takenBack || draft === "message";
  const again = isOnce ? null : { address, fields, draft };
  const kept = { address, label, ...answer, key, content, queued, again, settled: Date.now(), reporter };
  write("answers", [kept, ...without(key)].filter(({ news }, at) => news || at < KEPT));
}

const isSame = (one, other) => one.state === other.state && one.words === other.words;

/** Take up what became of the `asked` answers, as they were then. Whether that `changed` any, and whether another tab
    has heard of one meanwhile, which this may be older than (`again`). */
export function remember(sent, asked) {
  let changed = false;
  let again = false;
  const now = answers().map((answer) => {
    const before = asked.find(({ key }) => key === answer.key);
    if (answer.reporter !== reporter || !before) return answer;
    const found = sent[answer.key] ?? (OVER.has(answer.state) ? answer : { state: "unknown", words: "" });
    if (isSame(found, answer)) return answer;
    if (!isSame(before, answer)) { again = true; return answer; }
    changed = true;
    const news = found.state !== answer.state && (NEWS.has(found.state) || wasReviewed(answer, found));
    // What the reporter has put right since is no news to them.
    const isNews = news || (answer.news && found.state !== "superseded");
    return { ...answer, ...found, news: isNews, newsAt: news ? Date.now() : answer.newsAt };
  });
  if (changed) write("answers", now);
  return { changed, again };
}

const WAITING = ["kept", "in-review", "differs"];
const wasReviewed = (before, now) => WAITING.includes(before.state) && now.state === "published";

/** The reporter has looked at it; whether there was news of it. */
export function seen(key) {
  if (!answerTo(key)?.news) return false;
  write("answers", answers().map((answer) => (answer.key === key ? { ...answer, news: false } : answer)));
  return true;
}

/** Say that something of what the page shows has changed. */
export function notify(detail = {}) {
  document.dispatchEvent(new CustomEvent("outbox", { detail }));
}

/** The sentence about each page, by its path; null once nobody is signed in. */
let said = {};

export function receiveCounts(counts) {
  if (JSON.stringify(counts) === JSON.stringify(said)) return;
  said = counts;
  notify();
}

/** Whether what the desk does now would not come to this page. */
let silent = null;
/** Whether the page is of a time before. */
export let isOld = false;

export function receiveSilence(now) {
  if (now === silent) return;
  silent = now;
  notify();
}

/** A page came from the worker's cache: the desk has not answered, unless a report has been since. */
export function expectSilence() {
  isOld = true;
  silent ??= true;
  notify();
}

/** That what is said of the desk may be out of date, where something is. */
export const silence = (text) =>
  silent && (isOld || ownAnswers().length) && text.silent;

export const isSignedOut = () => said === null;

/** What the reporter has to know of this page's count; "" where it is as the page says. */
export const countState = (ended) => (said === null ? ended : said[location.pathname] ?? "");
