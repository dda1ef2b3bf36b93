/* The pause button: frames that arrive meanwhile are merged and counted, and shown on resuming. So are those that
 * arrive while something is pressed, which are shown once it is released (live.js). */

import { isPaused } from "./connection_status.js";

const status = document.getElementById("connection-status");

let waiting = null;
let holding = false;

export const paused = () => holding;
export const held = () => (waiting ? waiting.sequence : -1);

export function hold(frame, shown) {
  waiting = {
    since: shown,
    sequence: frame.sequence,
    fragments: { ...(waiting ? waiting.fragments : {}), ...frame.fragments },
  };
  if (holding) label(shown);
}

export function release() {
  const frame = waiting;
  waiting = null;
  return frame;
}

function label(shown) {
  const count = waiting ? waiting.sequence - shown : 0;
  button.textContent = status.dataset.resume + (count ? ` (${count})` : "");
  button.setAttribute("aria-label", button.textContent + (count ? ` ${status.dataset.waiting}` : ""));
}

const button = document.createElement("button");

if (status && document.documentElement.dataset.live !== undefined) {
  button.type = "button";
  button.className = "pause";
  button.textContent = status.dataset.pause;
  button.addEventListener("click", () => {
    holding = !holding;
    status.toggleAttribute("data-paused", holding);
    isPaused(holding);
    if (holding) {
      label(Number(document.documentElement.dataset.sequence));
    } else {
      button.textContent = status.dataset.pause;
      button.removeAttribute("aria-label");
      document.dispatchEvent(new Event("desk:resumed"));
    }
  });
  status.querySelector(".controls").replaceChildren(button); // in place of the link that reloads
}
