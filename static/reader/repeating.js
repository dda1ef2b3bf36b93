/* Requests for a part of a page, made again where no answer comes: after ten to twenty seconds, later each time. */

const FIRST_MS = 10_000; // plus up to as much again, at random
const MAX_MS = 60_000;
const MAX_GONE_MS = 60 * 60_000; // an election that is a draft again may come back
const TIMEOUT_MS = 15_000;

/** Whether an HTTP status says that the desk has it no more. */
export const isGone = (status) => status === 404 || status === 410;

/** The desk's answer; throws where there is none, with the HTTP status in `status`. */
export async function ask(address, options = {}) {
  const signal = AbortSignal.timeout?.(TIMEOUT_MS);
  const response = await fetch(address, { credentials: "omit", signal, ...options });
  if (!response.ok) throw Object.assign(new Error(String(response.status)), { status: response.status });
  return response;
}

/** When to call `again`: later, as long as it has failed. */
export function repeating(again) {
  let timer = null;
  let wait = FIRST_MS;
  return {
    failed(status) {
      clearTimeout(timer);
      timer = setTimeout(again, wait * (1 + Math.random()));
      wait = Math.min(2 * wait, isGone(status) ? MAX_GONE_MS : MAX_MS);
    },
    answered() {
      clearTimeout(timer);
      wait = FIRST_MS;
    },
  };
}
