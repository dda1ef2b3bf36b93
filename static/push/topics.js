/* Keeps what the desk sends this browser equal to what it follows. */

import { followed } from "../reader/follow.js";
import { current, post } from "./subscribe.js";

const { election } = document.documentElement.dataset;
const KEY = `push-${election}`;

export function isOn() {
  try { return localStorage.getItem(KEY) === "1"; } catch { return false; }
}

export function setOn(on) {
  if (on) localStorage.setItem(KEY, "1");
  else localStorage.removeItem(KEY);
}

const topics = () => ["seats", "parties", "night"]
  .flatMap((kind) => followed(kind).map((name) => ["topic", `${kind}:${name}`]));

let updating = Promise.resolve();

/** Tell the desk what is followed now, or that nothing is to be sent; whether it took that. One after another: what
    was followed before must not arrive last. */
export function update(subscription = null) {
  const mine = updating.then(() => tell(subscription));
  updating = mine.catch(() => {});
  return mine;
}

async function tell(subscription) {
  const mine = subscription ?? await current();
  return !mine || post("/push/", mine, [["election", election], ...(isOn() ? topics() : [])]);
}
