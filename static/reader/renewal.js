/* Asks whether a reload would bring a newer page.
 *
 * A cache may serve a page for some seconds after the server has a newer one; a reload during that time
 * would bring the old page again.
 */

const TRIES = 6;
const INTERVAL_MS = 2_000; // plus up to as much again, at random
const TAG = /([0-9a-f]{8}-[0-9a-f-]{27})-(\d+)-/; // the epoch and the sequence of a page's ETag

/** Wait until a newer page than `page` can be loaded; false if none comes. */
export async function isRenewed(page) {
  for (let tries = 0; tries < TRIES; tries += 1) {
    if (await hasNewer(page)) return true;
    const wait = INTERVAL_MS + Math.random() * INTERVAL_MS;
    await new Promise((resolve) => { setTimeout(resolve, wait); });
  }
  return false;
}

async function hasNewer(page) {
  if (self.origin === "null") return true; // CORS refuses a sandboxed frame its own page
  try {
    const options = { method: "HEAD", cache: "no-store", credentials: "omit" };
    const response = await fetch(location.href, options);
    return response.ok && isNewer(response.headers.get("ETag"), page);
  } catch {
    return false;
  }
}

function isNewer(tag, page) {
  const match = TAG.exec(tag ?? "");
  if (!match) return true;
  const [, epoch, sequence] = match;
  return epoch !== page.epoch || Number(sequence) > Number(page.sequence);
}
