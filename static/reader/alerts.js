/* Alerts of what has happened to what this browser follows: one sentence for each, once.
 *
 * The position in the log up to which alerts were shown is stored for all tabs. Under a lock, a tab that is
 * seen fetches what came after it, shows what concerns this reader, and moves the position: nothing is lost
 * over a pause or a reconnect, and nothing is shown twice. Only the server decides what there are alerts of. */

import { followed, followsAnything, store, stored } from "./follow.js";
import { ask, repeating } from "./repeating.js";
import { whenReleased } from "../shared/presses.js";

const page = document.documentElement.dataset;
const KEY = `told-${page.election}`; // as browsers have stored it
/** More at once are counted, not read out one by one. */
const MOST = 6;
const INTERVAL_MS = 3_000;

let list = null;
let due = null;
let fetchedAt = 0;

const position = () => ({ epoch: page.epoch, sequence: Number(page.sequence) });

/** The position up to which alerts were shown. Of another epoch, what is there now may be earlier. */
function shownUpTo() {
  const shown = stored(KEY, null);
  if (!shown) return null;
  return shown.epoch === page.epoch ? shown.sequence : Math.min(shown.sequence, position().sequence);
}

const concerns = ({ contest, parties, kind }) => followed("seats").includes(contest)
  || parties.some((label) => followed("parties").includes(label))
  || (kind === "night" && followed("night").length > 0);

async function fetchAlerts() {
  if (document.hidden || !followsAnything()) return;
  const since = shownUpTo();
  const now = position();
  if (since === null || since >= now.sequence) {
    if (since === null || stored(KEY, null).epoch !== now.epoch) store(KEY, now);
    return;
  }
  const address = `${page.address}following/${page.epoch}/${since}-${now.sequence}/`;
  const response = await ask(address);
  const { epoch, sequence, news: alerts, words, stylesheet } = await response.json();
  if (epoch !== page.epoch) return; // the page is about to reload
  const mine = alerts.filter((item) => item.sequence > since && concerns(item));
  if (mine.length) await show(mine, words, stylesheet);
  if (followsAnything()) store(KEY, { epoch, sequence }); // else seats.js has removed the position meanwhile
}

/** One tab at a time; without locks, each tab by itself. */
const inTurn = (work) => (navigator.locks ? navigator.locks.request(KEY, work) : work());

/** Fetch soon, and not more often than every few seconds. */
function schedule() {
  due ??= setTimeout(async () => {
    due = null;
    fetchedAt = Date.now();
    // What failed is fetched later, with the next bulletin, or when the page is next looked at.
    await inTurn(fetchAlerts).then(repeats.answered, ({ status }) => repeats.failed(status));
  }, Math.max(0, fetchedAt + INTERVAL_MS - Date.now()));
}

const repeats = repeating(schedule);

/* --- the alerts --------------------------------------------------------------------------- */

/** The region must be there before its first sentence is, or it is not read out. */
async function prepare(words, stylesheet) {
  if (list?.isConnected) return;
  const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href: stylesheet });
  const loaded = new Promise((resolve) => { link.onload = link.onerror = resolve; });
  document.head.append(link);
  const section = document.createElement("section");
  section.className = "alerts";
  section.setAttribute("aria-label", words.label);
  list = document.createElement("ul");
  list.setAttribute("role", "log");
  list.setAttribute("aria-label", words.label);
  section.append(list);
  await loaded;
  document.body.append(section);
  await new Promise((resolve) => { setTimeout(resolve, 100); });
}

async function show(items, words, stylesheet) {
  await prepare(words, stylesheet);
  await whenReleased(); // they cover the end of the page
  const shown = items.slice(-MOST);
  const earlier = items.length - shown.length;
  if (earlier) {
    add({ text: words.more.replace("{count}", earlier), address: words.address }, words);
  }
  for (const item of shown) {
    add({ ...item, address: item.contest ? `${page.address}${item.contest}/` : words.address }, words);
  }
  makeRoom();
  if (document.querySelector("#mine .sound input:checked")) beep();
}

function add({ kind = "night", text, address }, { close }) {
  const entry = document.createElement("li");
  entry.dataset.kind = kind;
  const link = Object.assign(document.createElement("a"), { href: address, textContent: text });
  const button = Object.assign(document.createElement("button"), { type: "button", textContent: close });
  button.setAttribute("aria-label", `${close}: ${text}`);
  button.addEventListener("click", () => dismiss(entry));
  entry.append(link, button);
  list.append(entry);
}

/** Close one; the focus goes to the next one's button, or back to the page. */
function dismiss(entry) {
  const next = entry.nextElementSibling ?? entry.previousElementSibling;
  entry.remove();
  next?.querySelector("button").focus();
  makeRoom();
}

/** The end of the page, and what has the focus, are never under the alerts. */
function makeRoom() {
  const height = list.children.length ? `${list.parentElement.offsetHeight}px` : "";
  document.body.style.paddingBottom = height;
  document.documentElement.style.scrollPaddingBottom = height;
}

document.addEventListener("focusin", ({ target }) => {
  if (!list?.children.length || list.contains(target)) return;
  const covered = target.getBoundingClientRect().bottom - list.parentElement.getBoundingClientRect().top;
  if (covered > 0) scrollBy(0, covered + 8);
});

document.addEventListener("keydown", ({ key }) => {
  const entry = document.activeElement?.closest?.(".alerts li");
  if (key === "Escape" && entry) dismiss(entry);
});

function beep() {
  const audio = new AudioContext();
  const tone = audio.createOscillator();
  const volume = audio.createGain();
  volume.gain.setValueAtTime(0.15, audio.currentTime);
  volume.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + 0.4);
  tone.frequency.value = 660;
  tone.connect(volume).connect(audio.destination);
  tone.start();
  tone.stop(audio.currentTime + 0.4);
}

/** What is followed now is also what is sent while no page is open. */
function updatePush() {
  if (stored(`push-${page.election}`, null)) {
    import("../push/topics.js").then(({ update }) => update()).catch(() => {});
  }
}

if (page.live !== undefined) {
  document.addEventListener("desk:followed", updatePush);
  document.addEventListener("desk:applied", schedule);
  document.addEventListener("visibilitychange", schedule);
  document.addEventListener("desk:followed", schedule);
  schedule();
}
