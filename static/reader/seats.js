/* The search, and "my seats", which are stored in this browser only. */

import { followsAnything } from "./follow.js";
import { restoringFocus } from "./replace.js";

const page = document.documentElement.dataset;
const KEY = `seats-${page.election}`;
const POSITION_KEY = `told-${page.election}`; // as alerts.js has it

/** Have the rows of every seat, which the page of a large election fetches when they are first used. */
const listed = () => import("./seat_list.js").then(({ seatList }) => seatList())
  .catch(() => {}); // without them the page does what it can

const headings = document.querySelector("#seats[data-apart]");
// A region may have been opened before this script was here.
if (headings?.querySelector("details[open]")) listed();
headings?.addEventListener("pointerover", listed, { once: true });
headings?.addEventListener("click", async (event) => {
  const summary = event.target.closest("summary");
  if (!summary) return;
  event.preventDefault();
  const at = [...headings.querySelectorAll("summary")].indexOf(summary);
  await listed();
  document.querySelectorAll("#seats details")[at].open = true;
});

/* --- search ------------------------------------------------------------------------------- */

// What it needs is fetched when it is first used; without network, when it is next used.
const field = document.querySelector(".find input");
const suggest = () => import("./find.js").then((find) => {
  field.removeEventListener("focus", suggest);
  find.suggest(field);
}, () => {});
field?.addEventListener("focus", suggest);

const nameOf = (row) => row.querySelector("a").textContent;

function copyOf(row) {
  const copy = row.cloneNode(true);
  copy.removeAttribute("id");
  copy.querySelector(".star")?.remove();
  return copy;
}

/* --- my seats ----------------------------------------------------------------------------- */

const mine = document.getElementById("mine");

function stored() {
  try {
    return JSON.parse(localStorage.getItem(KEY)) || [];
  } catch {
    return [];
  }
}

function store(slugs) {
  try {
    localStorage.setItem(KEY, JSON.stringify(slugs));
  } catch {
    // Without storage they last as long as the page is open.
  }
}

let slugs = stored();

/** Store from where on there are alerts: of what is published before the module is here, too. While nothing is
 * followed no position is stored, so that whoever follows again has no alerts of what came between. */
function storePosition() {
  const position = { epoch: page.epoch, sequence: Number(page.sequence) };
  try {
    if (!followsAnything()) localStorage.removeItem(POSITION_KEY);
    else if (page.live !== undefined) localStorage[POSITION_KEY] ??= JSON.stringify(position);
  } catch { /* without storage nothing is followed */ }
}

/** Import what shows alerts; without network, again with the next bulletin. */
const importAlerts = () => import("./alerts.js").catch(() => {
  document.addEventListener("desk:applied", importAlerts, { once: true });
});

/** Show alerts of what is followed, from now on. */
function startAlerts() {
  storePosition();
  importAlerts().then(() => document.dispatchEvent(new Event("desk:followed")));
}
document.addEventListener("desk:follow", startAlerts);

storePosition();
if (followsAnything()) importAlerts();

function addStar(row) {
  const slug = row.id.slice("row-".length);
  const button = document.createElement("button");
  button.type = "button";
  button.className = "star";
  const draw = () => {
    const isMine = slugs.includes(slug);
    button.setAttribute("aria-pressed", String(isMine));
    button.textContent = isMine ? "\u2605" : "\u2606";
  };
  button.setAttribute("aria-label", `${mine.dataset.keep}: ${nameOf(row)}`);
  button.addEventListener("click", () => {
    slugs = slugs.includes(slug) ? slugs.filter((other) => other !== slug) : [...slugs, slug];
    store(slugs);
    draw();
    show();
    startAlerts();
  });
  draw();
  row.append(button);
}

function updateFeedLink() {
  for (const link of document.querySelectorAll(".filters .of-mine:not([aria-current])")) {
    link.hidden = !slugs.length;
    // As much as the desk reads: an address has 4,000 characters at most.
    link.search = `?seats=${slugs.map(encodeURIComponent).join(",").slice(0, 2000)}`;
  }
}

updateFeedLink();
document.addEventListener("htmx:afterSwap", updateFeedLink);

function show() {
  updateFeedLink();
  const list = mine.querySelector("ul");
  const present = slugs.map((slug) => document.getElementById(`row-${slug}`)).filter(Boolean);
  const now = list.cloneNode();
  now.append(...present.map(copyOf));
  restoringFocus(list, now);
  mine.hidden = !present.length;
}

if (mine) {
  const label = document.createElement("label");
  label.className = "sound";
  const sound = document.createElement("input");
  sound.type = "checkbox";
  label.append(sound, mine.dataset.sound);
  mine.append(label);
  // Only in open regions: hundreds of buttons that nobody sees would make the page slow.
  const addStars = (region) => {
    for (const row of region.querySelectorAll(".row")) if (!row.querySelector(".star")) addStar(row);
  };
  const addAllStars = () => {
    for (const region of document.querySelectorAll("#seats details")) {
      if (region.open) addStars(region);
      region.addEventListener("toggle", () => region.open && addStars(region));
    }
    show();
  };
  addAllStars();
  document.addEventListener("desk:listed", addAllStars);
  if (slugs.length && mine.hidden) {
    // Their room is kept until the rows are here, so that nothing below moves.
    mine.hidden = false;
    mine.querySelector("ul").style.minHeight = `${slugs.length * 2.45}rem`;
    listed();
  }
  document.addEventListener("desk:applied", (event) => {
    const changed = event.detail.ids.filter((id) => id.startsWith("row-"));
    for (const id of changed) {
      const row = document.getElementById(id);
      if (row?.closest("details")?.open && !row.querySelector(".star")) addStar(row);
    }
    if (!changed.some((id) => slugs.includes(id.slice("row-".length)))) return;
    show();
  });
}
