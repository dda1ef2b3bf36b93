/* What the mouse rests upon at the night dashboard.
 *
 * An update may put the button of another row under it, or newer figures into its row. The press that comes next was
 * meant for what was there: it is not obeyed, unless the mouse was moved first. Nor is the second of a double click,
 * which may meet the row that followed.
 */

const ACTS = "button, a, input, label";
const ROOM_PX = 10; // a hand that rests moves the mouse a little
let mouse = null; // where it is
let surprised = null; // where it was when something else came under it

const partOf = (element) => element?.closest?.("[data-row], #queue-done > li, #now-newest");

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

/** Whether an update has put something else under the mouse. */
export function compare(before) {
  const now = underMouse();
  if (now && (now.act !== before?.act || now.about !== before.about)) surprised = mouse;
}

/** Call `refuse` instead of a click that was meant for something else; `isMoved` says so of the keys. */
export function guardClicks(isMoved, refuse) {
  addEventListener("click", (event) => {
    const wasSurprised = event.detail ? surprised : isMoved();
    if (event.detail) surprised = null;
    if (!event.isTrusted || !targetOf(event.target)) return;
    const isSecond = event.detail > 1 && partOf(event.target).matches("[data-row]");
    if (!wasSurprised && !isSecond) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (wasSurprised) refuse();
  }, true);
}

const isNear = (one, other) => Math.hypot(one.x - other.x, one.y - other.y) < ROOM_PX;

addEventListener("pointermove", ({ clientX: x, clientY: y, pointerType }) => {
  mouse = pointerType === "touch" ? null : { x, y };
  if (surprised && !(mouse && isNear(mouse, surprised))) surprised = null;
}, { capture: true, passive: true });
addEventListener("wheel", () => { surprised = null; }, { passive: true });
