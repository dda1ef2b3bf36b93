/* Whether the desk, or a cache in front of it, has a newer page than the one that is shown.
 *
 * A shared cache may go on with a page for some seconds after the desk has another: loading it again
 * then would only mean loading it once more.
 */

const TRIES = 6;
const PAUSE = 2_000; // plus up to as much again, at random
const TAG = /([0-9a-f]{8}-[0-9a-f-]{27})-(\d+)-/; // the epoch and the sequence of a page's ETag

/** Wait for a newer page than `page` shows; false where there is none after all. */
export async function isRenewed(page) {
  for (let tries = 0; tries < TRIES; tries += 1) {
    if (await hasNewer(page)) return true;
    const pause = PAUSE + Math.random() * PAUSE;
    await new Promise((resolve) => { setTimeout(resolve, pause); });
  }
  return false;
}

async function hasNewer(page) {
  if (self.origin === "null") return true; // a sandboxed frame may not ask for its own page
  try {
    const options = { method: "HEAD", cache: "no-store", credentials: "omit" };
    const answer = await fetch(location.href, options);
    return answer.ok && isNewer(answer.headers.get("ETag"), page);
  } catch {
    return false; // a page that cannot be had is not loaded either
  }
}

function isNewer(tag, page) {
  const found = TAG.exec(tag ?? "");
  if (!found) return true;
  const [, epoch, sequence] = found;
  return epoch !== page.epoch || Number(sequence) > Number(page.sequence);
}
