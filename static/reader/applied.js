/* Bulletins that live.js has applied, for the modules that follow them.
 *
 * The page's modules run in order, each when its file is here. On a slow line bulletins are applied before the
 * last of them runs. */

const EVENT = "desk:applied";
const applied = new Set(); // the ids of all their fragments
let any = false; // a bulletin may have no fragment for this page

const eventOf = (ids) => new CustomEvent(EVENT, { detail: { ids } });

/** Tell every module that a bulletin has been applied. */
export function isApplied(ids) {
  any = true;
  for (const id of ids) applied.add(id);
  document.dispatchEvent(eventOf(ids));
}

/** Call `listener` with each bulletin's event, and at once with one event for those that came before. */
export function onApplied(listener) {
  document.addEventListener(EVENT, listener);
  if (any) listener(eventOf([...applied]));
}
