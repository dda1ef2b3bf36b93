/* What the mouse rests upon at the night dashboard.
 *
 * An update may put the button of another row under it, or newer figures into its row. The press that comes next was
 * meant for what was there: it is not obeyed, unless the mouse was moved first. Nor is the second of a double click,
 * which may meet the row that followed.
 */

const ACTS = "button, a, input, label";
const REST_RADIUS_PX = 10; // a hand that rests moves the mouse a little
let mouse = null; // where it is
let changedAt = null; // where it was when something else came under it
let clickedAt = null; // where it was at its last click: what the answer brings there is expected

const partOf = (element) => element?.closest?.("[data-row], #several, #queue-done > li, #now-newest");

/** What a press would act upon: the element, and the keys of what it is about. */
function targetOf(element) {
  const part = partOf(element);
  const act = part && element.closest(ACTS);
  if (!act) return null;
  const keys = [...part.querySelectorAll("[name=item], [name=contest]")].map(({ value }) => value);
  return { act, about: [act.href ?? "", ...keys].join() };
}

/** What is under the mouse; call it before an update and give it to `compare` afterwards. */
export const underMouse = () => mouse && targetOf(document.elementFromPoint(mouse.x, mouse.y));

/** Note where the mouse is if an update has put something else under it; `isOwn` is that of an action from here. */
export function compare(before, isOwn = false) {
  if (isOwn && mouse && clickedAt && isNear(mouse, clickedAt)) return;
  const now = underMouse();
  if (now && (now.act !== before?.act || now.about !== before.about)) changedAt = mouse;
}

/** Call `refuse` instead of a click that was meant for something else; `isMoved` says so of the keys. */
export function guardClicks(isMoved, refuse) {
  addEventListener("click", (event) => {
    const isOfMouse = event.detail > 0;
    const isUnseen = isOfMouse ? changedAt : isMoved();
    if (isOfMouse) changedAt = null;
    clickedAt = isOfMouse ? mouse : null; // the answer to a key is expected elsewhere
    if (!event.isTrusted || !targetOf(event.target)) return;
    const isSecond = event.detail > 1 && partOf(event.target).matches("[data-row]");
    if (!isUnseen && !isSecond) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (isUnseen) refuse(isOfMouse);
  }, true);
}

const isNear = (one, other) => Math.hypot(one.x - other.x, one.y - other.y) < REST_RADIUS_PX;

addEventListener("pointermove", ({ clientX: x, clientY: y, pointerType }) => {
  mouse = pointerType === "touch" ? null : { x, y };
  if (changedAt && !(mouse && isNear(mouse, changedAt))) changedAt = null;
}, { capture: true, passive: true });
addEventListener("wheel", () => { changedAt = null; }, { passive: true });
