/* The switch on the page of what is followed: messages also while no page is open. */

import { followed } from "../reader/follow.js";
import { ask, current, isOffered, tell } from "./subscribe.js";

const { election } = document.documentElement.dataset;
const KEY = `push-${election}`;
const box = document.getElementById("push");
const [turnOn, turnOff] = box.querySelectorAll("button");
const line = box.querySelector("[role=status]");

const isOn = () => localStorage.getItem(KEY) === "1";

const topics = () => ["seats", "parties", "night"]
  .flatMap((kind) => followed(kind).map((name) => `${kind}:${name}`))
  .map((topic) => ["topic", topic]);

/** Tell the desk what is followed now. */
async function update(subscription) {
  const told = await tell("/push/", subscription, [["election", election], ...(isOn() ? topics() : [])]);
  line.textContent = told ? "" : box.dataset.failed;
  return told;
}

function draw() {
  turnOn.hidden = isOn();
  turnOff.hidden = !isOn();
}

async function start() {
  const subscription = await ask();
  if (!subscription) {
    line.textContent = box.dataset.denied;
    return;
  }
  localStorage.setItem(KEY, "1");
  if (!(await update(subscription))) localStorage.removeItem(KEY);
  draw();
}

async function stop() {
  localStorage.removeItem(KEY);
  const subscription = await current();
  if (subscription) await update(subscription);
  draw();
}

if (await isOffered()) {
  box.hidden = false;
  if (isOn() && !(await current())) localStorage.removeItem(KEY); // the browser has ended it
  turnOn.addEventListener("click", () => start().catch(() => { line.textContent = box.dataset.failed; }));
  turnOff.addEventListener("click", () => stop().catch(() => { line.textContent = box.dataset.failed; }));
  document.addEventListener("desk:followed", async () => {
    const subscription = isOn() ? await current() : null;
    if (subscription) await update(subscription).catch(() => {});
  });
  draw();
}
