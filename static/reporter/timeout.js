/** An AbortSignal that aborts after so many milliseconds. Safari has AbortSignal.timeout since iOS 16. */
export function timeout(milliseconds) {
  const controller = new AbortController();
  setTimeout(() => controller.abort(), milliseconds);
  return controller.signal;
}
