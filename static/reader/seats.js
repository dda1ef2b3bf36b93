/* The search, and "my seats", which are stored in this browser only. */

const page = document.documentElement.dataset;
const KEY = `seats-${page.election}`;

/** Have the rows of every seat, which the page of a large election fetches when they are first used. */
const listed = async () => {
  const { seatList } = await import("./seat_list.js");
  await seatList().catch(() => {}); // without them the page does what it can
};

const headings = document.querySelector("#seats[data-apart]");
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

// What it needs is fetched when it is first used.
const field = document.querySelector(".find input");
field?.addEventListener("focus", async () => (await import("./find.js")).suggest(field), { once: true });

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
  });
  draw();
  row.append(button);
}

function updateFeedLink() {
  for (const link of document.querySelectorAll(".filters .of-mine:not([aria-current])")) {
    link.hidden = !slugs.length;
    link.search = `?seats=${slugs.map(encodeURIComponent).join(",")}`;
  }
}

updateFeedLink();

function show() {
  updateFeedLink();
  const list = mine.querySelector("ul");
  const present = slugs.map((slug) => document.getElementById(`row-${slug}`)).filter(Boolean);
  list.replaceChildren(...present.map(copyOf));
  mine.hidden = !present.length;
}

/** Show a changed seat of the reader's at the foot of the screen, until it is closed. */
function showAlert(id) {
  document.querySelector(".seat-alert")?.remove();
  const alert = document.createElement("aside");
  alert.className = "seat-alert";
  const row = copyOf(document.getElementById(id));
  const close = document.createElement("button");
  close.type = "button";
  close.textContent = mine.dataset.close;
  close.addEventListener("click", () => alert.remove());
  alert.setAttribute("aria-label", document.getElementById("mine-heading").textContent);
  alert.append(...row.childNodes, close);
  document.body.append(alert);
}

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

if (mine) {
  const label = document.createElement("label");
  label.className = "sound";
  const sound = document.createElement("input");
  sound.type = "checkbox";
  label.append(sound, mine.dataset.sound);
  mine.append(label);
  // Only in open regions: hundreds of buttons that nobody sees would make the page slow.
  const addStars = (region) => {
    for (const row of region.querySelectorAll(".row:not(:has(.star))")) addStar(row);
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
  if (slugs.length) listed();
  document.addEventListener("desk:applied", (event) => {
    const changed = event.detail.ids.filter((id) => id.startsWith("row-"));
    for (const id of changed) {
      const row = document.getElementById(id);
      if (row?.closest("details")?.open && !row.querySelector(".star")) addStar(row);
    }
    if (!changed.some((id) => slugs.includes(id.slice("row-".length)))) return;
    show();
    showAlert(changed.find((id) => slugs.includes(id.slice("row-".length))));
    if (sound.checked) beep();
  });
}
