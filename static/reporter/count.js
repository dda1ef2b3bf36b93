/* Starts the scripts of a count's page. Every page works without them. */

import { keepDrafts } from "./drafts.js";
import { takeForms } from "./forms.js";
import { items, keepTrying } from "./outbox.js";
import { watchList } from "./outbox_list.js";
import { show } from "./outbox_status.js";
import { takeColumns } from "./pasted.js";
import { watch } from "./receipt.js";
import { keepReporting, report } from "./report.js";
import { cookie } from "./request.js";
import { forget, read, write } from "./storage.js";
import { goOn, sums } from "./sums.js";
import { watchUndo } from "./undo.js";

const reporter = document.body.dataset.reporter;
/** Without one of these the forms are sent as without scripts (docs/browsers.md). */
const NEEDED = [
  () => [fetch, AbortController, DOMParser, crypto.getRandomValues, Element.prototype.replaceChildren],
  () => [new FormData()[Symbol.iterator], document.createElement("template").content],
];
const runs = NEEDED.every((needed) => { try { return needed().every(Boolean); } catch { return false; } });

/** Add behaviour to the forms of the view that is shown, once. */
function enhance() {
  const main = document.querySelector("main");
  if (main.dataset.enhanced) return;
  main.dataset.enhanced = "1";
  // First: the sum is that of what is there again.
  if (reporter) keepDrafts(main);
  sums(main);
  goOn(main);
  takeColumns(main);
}

/** Press the button of this count's state once the state is published, and say that it is the count's, unless the
    page is newer. A time that was expected before is no longer said. */
function pressPublishedState({ detail }) {
  const { state, address, time, at, decided } = detail?.answer ?? {};
  const served = document.querySelector("main [data-served]")?.dataset.served;
  if (!address?.startsWith(location.pathname) || time <= served) return;
  // What a view before asks and expects is over with a result (reporter.css).
  if (decided) document.body.className = "decided";
  if (state !== "published" || !served) return;
  const fields = new Map(detail.fields);
  if (fields.get("expected_at")) document.querySelector("main [data-expected]")?.remove();
  const status = fields.get("status");
  if (!status) return;
  for (const button of document.querySelectorAll(".status-buttons button[name=status]")) {
    button.toggleAttribute("aria-pressed", false);
    if (button.value !== status) continue;
    button.setAttribute("aria-pressed", "true");
    document.querySelector("main [data-now]").textContent = `${button.textContent} (${at})`;
  }
}

/** Have the worker keep this page: it came before there was a worker, on a fresh phone. The worker may control it
    by now, and still have nothing of it. */
async function keepFirstPage() {
  if (!navigator.serviceWorker) return;
  const [{ workerStart } = {}] = performance.getEntriesByType("navigation");
  if (workerStart ?? navigator.serviceWorker.controller) return;
  const { active } = await navigator.serviceWorker.ready;
  active.postMessage({ keep: location.pathname });
}

/** A phone may change hands: the next reporter must not see cached pages of the one before. */
const forgetPages = () => navigator.serviceWorker?.controller?.postMessage("forget");

/** Ask the browser to keep its storage, once there is something to lose: some browsers then ask the reporter. */
function keepStorage() {
  if (!items().length) return;
  document.removeEventListener("outbox", keepStorage);
  navigator.storage?.persist?.().catch(() => {});
}

/** Have the worker send what waits after the page is closed, where the browser can do that. */
async function handOver() {
  if (!globalThis.SyncManager) return;
  const { keepHandingOver } = await import("./background.js");
  await keepHandingOver();
}

/** Give a form the token of now before it is sent: signing in in another tab has changed it. */
function renewToken({ target }) {
  const field = target.elements.csrfmiddlewaretoken;
  if (field) field.value = cookie("csrftoken") || field.value;
}

/** The behaviour of a page whose reporter is signed in. */
function start() {
  watch();
  watchList();
  takeForms();
  watchUndo();
  keepTrying().then(report);
  keepReporting();
  navigator.serviceWorker?.register(document.body.dataset.worker).then(keepFirstPage).catch(() => {});
  // At once: without a signal the script cannot be loaded any more.
  handOver().catch(() => {});
  document.addEventListener("outbox", keepStorage);
  if (read("reporter", reporter) !== reporter) forgetPages();
  write("reporter", reporter);
  forget("signing-out");
}

document.getElementById("error-summary")?.focus();
if (runs) {
  enhance();
  show();
  if (reporter) start();
  else if (read("signing-out")) forgetPages();
  document.addEventListener("submit", renewToken, true);
  document.addEventListener("view", enhance);
  document.addEventListener("outbox", pressPublishedState);
  // Only a page that says so proves that the phone was signed out: without a signal it was not.
  document.querySelector("form[data-sign-out]")?.addEventListener("submit", () => write("signing-out", true));
}
