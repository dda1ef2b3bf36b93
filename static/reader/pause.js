/* Holding the page at its number: what arrives meanwhile waits, merged, and is counted. */

const sign = document.getElementById("sign-of-life");

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
  tell(shown);
}

export function release() {
  const frame = waiting;
  waiting = null;
  return frame;
}

function tell(shown) {
  const count = waiting ? waiting.sequence - shown : 0;
  button.textContent = sign.dataset.resume + (count ? ` (${count})` : "");
  button.setAttribute("aria-label", button.textContent + (count ? ` ${sign.dataset.waiting}` : ""));
}

const button = document.createElement("button");

if (sign && document.documentElement.dataset.live !== undefined) {
  button.type = "button";
  button.className = "pause";
  button.textContent = sign.dataset.pause;
  button.addEventListener("click", () => {
    holding = !holding;
    sign.toggleAttribute("data-paused", holding);
    if (holding) {
      tell(Number(document.documentElement.dataset.sequence));
    } else {
      button.textContent = sign.dataset.pause;
      button.removeAttribute("aria-label");
      document.dispatchEvent(new Event("desk:resumed"));
    }
  });
  sign.querySelector(".controls").replaceChildren(button); // in place of the link to load again
}

// A screen on a wall has nobody to read it closely, and nobody to touch it. A frame is no screen.
const root = document.documentElement.classList;
const wall = new URLSearchParams(location.search).get("display") === "screen";
root.toggle("on-a-wall", wall && !root.contains("embedded"));
