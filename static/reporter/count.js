/* Starts the scripts of a count's page. Every page works without them. */

import { follow } from "./drafts.js";
import { takeForms } from "./forms.js";
import { keepTrying } from "./outbox.js";
import { watch } from "./receipt.js";
import { read, write } from "./storage.js";
import { show } from "./outbox_status.js";
import { goOn, sums } from "./sums.js";

const reporter = document.body.dataset.reporter;

/** Add behaviour to the forms of the view that is shown, once. */
function enhance() {
  const main = document.querySelector("main");
  if (main.dataset.enhanced) return;
  main.dataset.enhanced = "1";
  sums(main);
  goOn(main);
  if (reporter) follow(main);
}

/** Press the button of a count's state once the state is published. */
function pressPublishedState({ detail }) {
  if (detail?.answer?.state !== "published") return;
  const fields = new Map(detail.fields);
  if (fields.get("step") !== "status") return;
  for (const button of document.querySelectorAll(".status-buttons button[name=status]")) {
    button.toggleAttribute("aria-pressed", false);
    if (button.value === fields.get("status")) button.setAttribute("aria-pressed", "true");
  }
}

document.addEventListener("view", enhance);
document.addEventListener("outbox", pressPublishedState);

enhance();
document.getElementById("error-summary")?.focus();
show();
if (reporter) {
  watch();
  takeForms();
  keepTrying();
  navigator.serviceWorker?.register(document.body.dataset.worker).catch(() => {});
}
// A phone may change hands: the next reporter must not see cached pages of the one before.
const forgetPages = () => navigator.serviceWorker?.controller?.postMessage("forget");
if (reporter && read("reporter", reporter) !== reporter) forgetPages();
if (reporter) write("reporter", reporter);
document.querySelector("form[data-sign-out]")?.addEventListener("submit", forgetPages);
