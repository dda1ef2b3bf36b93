/* The switch on My counts: messages of what becomes of what this phone sent, also while no page is open. */

import { ask, current, isOffered, post } from "./subscribe.js";

const ADDRESS = "/push/phone/";
const KEY = `push:${document.body.dataset.reporter}`;
const box = document.getElementById("push");
const [turnOn, turnOff] = box.querySelectorAll("button");
const line = box.querySelector("[role=status]");
// The language that was chosen; without a choice, that of each election.
const LANGUAGE = [["language", box.dataset.language]];
/** Null where the browser keeps nothing: a switch would not know whether it is on. */
const storage = (() => { try { return localStorage; } catch { return null; } })();
const isOn = () => storage.getItem(KEY) === "1";

function draw() {
  turnOn.hidden = isOn();
  turnOff.hidden = !isOn();
}

async function start() {
  const subscription = await ask();
  if (subscription) storage.setItem(KEY, "1"); // fails on a full memory, before the desk is told
  const isDone = subscription && await post(ADDRESS, subscription, LANGUAGE).catch(() => false);
  if (!isDone) storage.removeItem(KEY);
  line.textContent = isDone ? box.dataset.on : subscription ? box.dataset.failed : box.dataset.denied;
  draw();
}

async function stop() {
  const subscription = await current();
  const isDone = !subscription || await post(ADDRESS, subscription, [["stop", "1"]]);
  if (isDone) storage.removeItem(KEY);
  line.textContent = isDone ? box.dataset.off : box.dataset.failed;
  draw();
}

if (storage && await isOffered()) {
  box.hidden = false;
  const subscription = isOn() ? await current() : null;
  // Signed in again, the phone is told again; what the browser has ended is over.
  if (isOn() && !(subscription && await post(ADDRESS, subscription, LANGUAGE))) storage.removeItem(KEY);
  const failed = () => { line.textContent = box.dataset.failed; };
  turnOn.addEventListener("click", () => start().catch(failed));
  turnOff.addEventListener("click", () => stop().catch(failed));
  draw();
}
