/* The switch on the page of what is followed: messages also while no page is open. */

import { ask, current, isOffered } from "./subscribe.js";
import { isOn, setOn, update } from "./topics.js";

const box = document.getElementById("push");
const [turnOn, turnOff] = box.querySelectorAll("button");
const line = box.querySelector("[role=status]");
const fail = () => { line.textContent = box.dataset.failed; };

function draw() {
  const hadFocus = box.contains(document.activeElement);
  turnOn.hidden = isOn();
  turnOff.hidden = !isOn();
  document.getElementById("kept-here").hidden = isOn(); // the desk has it as well then
  if (hadFocus) (isOn() ? turnOff : turnOn).focus();
}

async function start() {
  const subscription = await ask();
  if (!subscription) {
    line.textContent = box.dataset.denied;
    return;
  }
  setOn(true);
  const isDone = await update(subscription).catch(() => false);
  setOn(isDone);
  line.textContent = isDone ? box.dataset.on : box.dataset.failed;
  draw();
}

async function stop() {
  setOn(false);
  const isDone = await update().catch(() => false);
  setOn(!isDone);
  line.textContent = isDone ? box.dataset.off : box.dataset.failed;
  draw();
}

// The page may have been open, or kept, for longer than anything is sent.
if (Date.now() < Date.parse(box.dataset.until) && await isOffered()) {
  box.hidden = false;
  if (isOn()) {
    const subscription = await current();
    // The desk may have lost it since, as after a restore; what the browser has ended is over.
    if (subscription) update(subscription).catch(() => {});
    else setOn(false);
  }
  turnOn.addEventListener("click", () => start().catch(fail));
  turnOff.addEventListener("click", () => stop().catch(fail));
  draw();
}
