/* One line, always in the same place: what has been sent, what has not, what is asked. */

import { answers, drain, isSending, items, whyNot } from "./outbox.js";
import { open } from "./receipt.js";
import { storage } from "./storage.js";

const strip = document.getElementById("strip");
const words = strip?.querySelector("[data-words]");
const button = strip?.querySelector("button");
const say = strip?.dataset ?? {};
const reporter = document.body.dataset.reporter;
let stale = false;
let act = null;

const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_all, which) => values[which] ?? "");

function sentence(answer) {
  const template = { published: say.sent, unchanged: say.unchanged, kept: say.kept }[answer.state];
  return fill(template ?? say.kept, { ...answer, number: answer.sequence });
}

function state() {
  const waiting = items();
  const first = waiting[0];
  if (!reporter) return first ? ["asks", fill(say.signedOut, first), "", null] : ["empty", "", "", null];
  const asked = waiting.find((one) => one.asks);
  const strange = waiting.find((one) => one.reporter !== reporter);
  if (asked?.asks.state === "signed-out") {
    return ["asks", fill(say.signedOut, asked), say.signIn, () => location.assign(signIn())];
  }
  if (asked?.asks.state === "refused") {
    const text = fill(say.refused, { ...asked, why: whyNot(asked).join(" ") || say.tooLarge });
    return ["asks", text, say.look, () => open(asked.key)];
  }
  if (asked && asked.asks.state !== "another") return ["asks", fill(say.asks, asked), say.look, () => open(asked.key)];
  if (strange && waiting.length === 1) return ["asks", fill(say.another, strange), "", null];
  if (first) {
    const going = waiting.some((one) => isSending(one.key));
    const text = fill(going ? say.sending : say.waiting, { ...first, count: waiting.length });
    return [going ? "sending" : "waiting", text, going ? "" : say.now, drain];
  }
  const last = answers()[0];
  if (last && last.reporter === reporter) return ["sent", sentence(last), "", null];
  return ["empty", say.empty, "", null];
}

const signIn = () => `${strip.dataset.signInAddress}?next=${encodeURIComponent(location.pathname)}`;

function draw() {
  const [kind, text, label, action] = state();
  const notes = [storage.broken && say.keepsNothing, stale && say.stale].filter(Boolean);
  const line = [text, ...notes].join(" ");
  strip.dataset.state = kind;
  if (words.textContent !== line) words.textContent = line;
  button.hidden = !label;
  button.textContent = label;
  act = action;
}

export function show() {
  if (!strip) return;
  button.addEventListener("click", () => act?.());
  document.addEventListener("outbox", draw);
  navigator.serviceWorker?.addEventListener("message", (event) => {
    if (event.data === "from-cache") { stale = true; draw(); }
  });
  addEventListener("online", () => { stale = false; draw(); });
  strip.hidden = false;
  draw();
}
