/* Finding a seat as one types, and the seats a reader keeps: in this browser and nowhere else. */

const page = document.documentElement.dataset;
const KEY = `seats-${page.election}`;

/* --- finding ------------------------------------------------------------------------------ */

function plain(text) {
  return text.toLocaleLowerCase().normalize("NFKD").replace(/\p{M}/gu, "")
    .replaceAll("&", " and ").replace(/[^a-z0-9]+/g, " ").trim();
}

const rows = () => [...document.querySelectorAll("#seats .row")];
const nameOf = (row) => row.querySelector("a").textContent;

function found(asked) {
  const words = plain(asked).split(" ").filter(Boolean);
  if (!words.length) return [];
  return rows().filter((row) => {
    const parts = plain(nameOf(row)).split(" ");
    return words.every((word) => parts.some((part) => part.startsWith(word)));
  }).slice(0, 8);
}

function copyOf(row) {
  const copy = row.cloneNode(true);
  copy.removeAttribute("id");
  copy.querySelector(".star")?.remove();
  return copy;
}

const form = document.querySelector(".find");
const field = form?.querySelector("input");

if (field && rows().length) {
  const list = document.createElement("ul");
  list.className = "answers rows";
  list.id = "find-answers";
  list.hidden = true;
  form.append(list);
  const show = () => {
    const answers = found(field.value).map(copyOf);
    list.replaceChildren(...answers);
    list.hidden = !answers.length;
  };
  field.addEventListener("input", show);
  field.addEventListener("focus", show);
  field.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" && !list.hidden) {
      event.preventDefault();
      list.querySelector("a").focus();
    }
  });
  list.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const links = [...list.querySelectorAll("a")];
    (links[links.indexOf(document.activeElement) + step] || field).focus();
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape") list.hidden = true;
  });
  form.addEventListener("focusout", (event) => {
    if (!form.contains(event.relatedTarget)) setTimeout(() => { list.hidden = true; }, 150);
  });
}

/* --- my seats ----------------------------------------------------------------------------- */

const mine = document.getElementById("mine");

function kept() {
  try {
    return JSON.parse(localStorage.getItem(KEY)) || [];
  } catch {
    return [];
  }
}

function keep(slugs) {
  try {
    localStorage.setItem(KEY, JSON.stringify(slugs));
  } catch {
    // A browser that keeps nothing still shows them for as long as the page is open.
  }
}

let slugs = kept();

function star(row) {
  const slug = row.id.slice("row-".length);
  const button = document.createElement("button");
  button.type = "button";
  button.className = "star";
  const tell = () => {
    const is = slugs.includes(slug);
    button.setAttribute("aria-pressed", String(is));
    button.textContent = is ? "\u2605" : "\u2606";
  };
  button.setAttribute("aria-label", `${mine.dataset.keep}: ${nameOf(row)}`);
  button.addEventListener("click", () => {
    slugs = slugs.includes(slug) ? slugs.filter((one) => one !== slug) : [...slugs, slug];
    keep(slugs);
    tell();
    show();
  });
  tell();
  row.append(button);
}

function linkToTheirFeed() {
  for (const link of document.querySelectorAll(".filters .of-mine:not([aria-current])")) {
    link.hidden = !slugs.length;
    link.search = `?seats=${slugs.map(encodeURIComponent).join(",")}`;
  }
}

linkToTheirFeed();

function show() {
  linkToTheirFeed();
  const list = mine.querySelector("ul");
  const found = slugs.map((slug) => document.getElementById(`row-${slug}`)).filter(Boolean);
  list.replaceChildren(...found.map(copyOf));
  mine.hidden = !found.length;
}

/* A line at the foot of the screen, until it is put away: asked for by keeping the seat. */
function alertOf(id) {
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
  // Stars only where a region is open: thirteen hundred of them would be a slow page for nobody.
  const give = (region) => {
    for (const row of region.querySelectorAll(".row:not(:has(.star))")) star(row);
  };
  for (const region of document.querySelectorAll("#seats details")) {
    if (region.open) give(region);
    region.addEventListener("toggle", () => region.open && give(region));
  }
  show();
  document.addEventListener("desk:applied", (event) => {
    const changed = event.detail.ids.filter((id) => id.startsWith("row-"));
    for (const id of changed) {
      const row = document.getElementById(id);
      if (row?.closest("details")?.open && !row.querySelector(".star")) star(row);
    }
    if (!changed.some((id) => slugs.includes(id.slice("row-".length)))) return;
    show();
    alertOf(changed.find((id) => slugs.includes(id.slice("row-".length))));
    if (sound.checked) beep();
  });
}
