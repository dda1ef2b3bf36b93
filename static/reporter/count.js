/* Help for the phone at the count; every page works without it. */

import { follow } from "./drafts.js";
import { keepTrying } from "./outbox.js";
import { takeForms } from "./pages.js";
import { watch } from "./receipt.js";
import { read, write } from "./storage.js";
import { show } from "./strip.js";
import { goOn, sums } from "./sums.js";

const reporter = document.body.dataset.reporter;

function dress() {
  const main = document.querySelector("main");
  if (main.dataset.dressed) return;
  main.dataset.dressed = "1";
  sums(main);
  goOn(main);
  if (reporter) follow(main);
}

document.addEventListener("view", dress);
document.addEventListener("outbox", ({ detail }) => {
  // A state of the count that has been published is the one that stands.
  if (detail?.answer?.state !== "published") return;
  const told = new Map(detail.fields);
  if (told.get("step") !== "status") return;
  for (const tap of document.querySelectorAll(".taps button[name=status]")) {
    tap.toggleAttribute("aria-pressed", false);
    if (tap.value === told.get("status")) tap.setAttribute("aria-pressed", "true");
  }
});

dress();
document.getElementById("faults")?.focus();
show();
if (reporter) {
  watch();
  takeForms();
  keepTrying();
  navigator.serviceWorker?.register(document.body.dataset.worker).catch(() => {});
}
// A phone that changes hands: the pages of who was signed in are not the next one's to see.
const forgetPages = () => navigator.serviceWorker?.controller?.postMessage("forget");
if (reporter && read("reporter", reporter) !== reporter) forgetPages();
if (reporter) write("reporter", reporter);
document.querySelector("form[data-sign-out]")?.addEventListener("submit", forgetPages);
