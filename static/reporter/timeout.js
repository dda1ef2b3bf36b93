/** An AbortSignal that aborts after so many milliseconds. Safari has AbortSignal.timeout since iOS 16. */
export function timeout(milliseconds) {
  return timeout.controller(milliseconds).signal;
}

/** As its controller, which says in `timedOut` whether the time was up. */
timeout.controller = (milliseconds) => {
  const controller = new AbortController();
  controller.timedOut = false;
  setTimeout(() => { controller.timedOut = true; controller.abort(); }, milliseconds);
  return controller;
};
