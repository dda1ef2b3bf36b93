/* Asks whether a reload would bring a newer page, or says that the election was withdrawn, and reloads it.
 *
 * A cache may serve a page for some seconds after the server has a newer one; a reload during that time
 * would bring the old page again. A hotspot that wants its own form filled in first answers with that. */

import { ask } from "./repeating.js";

const TRIES = 6;
const INTERVAL_MS = 2_000; // plus up to as much again, at random
const RELOADS_APART_MS = 5_000; // plus up to as much again, at random
const TAG = /([0-9a-f]{8}-[0-9a-f-]{27})-(\d+)-/; // the epoch and the sequence of a page's ETag
const WITHDRAWN = 410;
const FRESH = { cache: "no-store" };

const pause = (milliseconds) =>
  new Promise((resolve) => { setTimeout(resolve, milliseconds * (1 + Math.random())); });

/** Wait until a newer page than `page` can be loaded; false if none comes. One page reloads once in five seconds. */
export async function isRenewed(page) {
  if (Date.now() - reloadedAt() < RELOADS_APART_MS) await pause(RELOADS_APART_MS);
  for (let tries = 0; tries < TRIES; tries += 1) {
    if (await hasNewer(page).catch(({ status }) => status === WITHDRAWN)) return true;
    await pause(INTERVAL_MS);
  }
  return false;
}

export function reload() {
  try {
    sessionStorage.setItem("reloadedAt", String(Date.now()));
  } catch { /* in a sandboxed frame the storage throws; what comes next waits at random all the same */ }
  location.reload();
}

function reloadedAt() {
  try {
    return Number(sessionStorage.getItem("reloadedAt") || 0);
  } catch {
    return 0;
  }
}

async function hasNewer(page) {
  // CORS refuses a sandboxed frame its own page.
  const { epoch, sequence } = self.origin === "null" ? await published(page) : await loadable();
  return Boolean(epoch) && (epoch !== page.epoch || Number(sequence) > Number(page.sequence));
}

async function published({ address }) {
  return (await ask(`${address}now/`, FRESH)).json();
}

/** The epoch and the sequence of the page that a reload would bring; none of a page that is not the desk's. */
async function loadable() {
  const tag = TAG.exec((await ask(location.href, { ...FRESH, method: "HEAD" })).headers.get("ETag"));
  if (tag) return { epoch: tag[1], sequence: tag[2] };
  // Something on the way has removed it.
  const html = await (await ask(location.href, FRESH)).text();
  return new DOMParser().parseFromString(html, "text/html").documentElement.dataset;
}
