/** A signal that aborts after so many milliseconds: AbortSignal.timeout is missing before iOS 16. */
export function timeout(milliseconds) {
  const controller = new AbortController();
  setTimeout(() => controller.abort(), milliseconds);
  return controller.signal;
}
