/* What this browser follows of the election: seats, parties, or the night. It is stored here only. */

const { election } = document.documentElement.dataset;
const KINDS = ["seats", "parties", "night"];
const keyOf = (kind) => `${kind}-${election}`;

export function stored(key, otherwise) {
  try {
    return JSON.parse(localStorage.getItem(key)) ?? otherwise;
  } catch {
    return otherwise;
  }
}

export function store(key, value) {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch { /* without storage it lasts as long as the page is open */ }
}

/** The slugs, labels, or `["all"]`. */
export const followed = (kind) => stored(keyOf(kind), []);
export const follows = (kind, name) => followed(kind).includes(name);
export const followsAnything = () => KINDS.some((kind) => followed(kind).length);

/** Follow it, or let go of it. */
export function toggle(kind, name) {
  const names = followed(kind);
  store(keyOf(kind), follows(kind, name) ? names.filter((other) => other !== name) : [...names, name]);
  document.dispatchEvent(new Event("desk:follow")); // seats.js then sees to the rest
}

/** Make the buttons of a region follow what they name. */
export function takeButtons(region) {
  for (const button of region.querySelectorAll("button[hidden][data-follow][data-name]")) {
    const { follow, name } = button.dataset;
    const draw = () => {
      if (button.hasAttribute("aria-pressed")) button.setAttribute("aria-pressed", String(follows(follow, name)));
    };
    button.hidden = false;
    button.addEventListener("click", () => { toggle(follow, name); draw(); });
    draw();
  }
}
