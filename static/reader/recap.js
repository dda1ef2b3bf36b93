/* “Since you last looked”: what this browser showed last is kept here, and nowhere else.
 *
 * Shown once to whoever comes back after a quarter of an hour and finds five bulletins more; its words are
 * the server's. It is not announced. The chart of the night gets a mark where the reader was last.
 */

const page = document.documentElement.dataset;
const KEY = `seen-${page.election}`;
const AWAY = 15 * 60_000;
const MORE = 5;
const KEEP_EVERY = 30_000;

function stored() {
  try {
    const seen = JSON.parse(localStorage.getItem(KEY));
    return seen?.epoch === page.epoch ? seen : null;
  } catch {
    return null;
  }
}

function keep() {
  if (page.live === undefined) return;
  try {
    const seen = { epoch: page.epoch, sequence: Number(page.sequence), at: Date.now() };
    localStorage.setItem(KEY, JSON.stringify(seen));
  } catch { /* without storage nobody is told what changed */ }
}

let marked = null; // the visit that the chart marks

function markVisit() {
  const chart = document.querySelector(".line");
  if (!marked || !chart || chart.querySelector(".seen")) return;
  const minutes = (marked.at / 60_000) - Number(chart.dataset.from) / 60;
  const part = minutes / Number(chart.dataset.minutes);
  if (!(part > 0 && part < 1)) return;
  const line = document.createElementNS("http://www.w3.org/2000/svg", "line");
  const at = `${(part * 100).toFixed(2)}%`;
  for (const [name, value] of Object.entries({ x1: at, x2: at, y1: 0, y2: 132, class: "seen" })) {
    line.setAttribute(name, value);
  }
  const title = document.createElementNS(line.namespaceURI, "title");
  title.textContent = chart.dataset.seen;
  line.append(title);
  chart.append(line);
}

/** The reader's own seats among those that have declared, by their rows in the list. */
function followed(recap) {
  const declared = new Set(recap.dataset.declared.split(" "));
  const rows = document.querySelectorAll("#mine .row");
  const links = [...rows].filter((row) => declared.has(row.querySelector("a").pathname.split("/").slice(-2)[0]))
    .slice(0, 3).map((row) => {
      const link = row.querySelector("a").cloneNode(true);
      link.prepend("\u2605 ");
      link.append(`: ${row.querySelector(".outcome")?.textContent.trim() ?? ""}`);
      return link;
    });
  const place = recap.querySelector(".followed");
  if (links.length) place.replaceChildren(...links);
  place.hidden = !links.length;
}

async function show(seen) {
  const strip = document.getElementById("recap");
  if (!strip) return;
  strip.hidden = false; // its room, before its words are here
  try {
    const response = await fetch(`${page.address}recap/?since=${seen.sequence}`, { credentials: "omit" });
    if (!response.ok) throw new Error(String(response.status));
    const parsed = new DOMParser().parseFromString(await response.text(), "text/html");
    const recap = parsed.getElementById("recap");
    if (Number(recap.dataset.seats) < MORE) throw new Error("too little");
    recap.querySelector(".looked").textContent = new Intl.DateTimeFormat("en-GB", {
      hour: "2-digit", minute: "2-digit", timeZone: page.zone,
    }).format(seen.at);
    recap.querySelector(".dismiss").addEventListener("click", () => {
      recap.replaceChildren();
      recap.hidden = true;
    });
    strip.replaceWith(recap);
    followed(recap);
    document.addEventListener("desk:listed", () => followed(recap), { once: true });
  } catch {
    strip.hidden = true;
  }
}

function comeBack() {
  const seen = stored();
  if (seen && Date.now() - seen.at >= AWAY && Number(page.sequence) - seen.sequence >= MORE) {
    marked = seen;
    markVisit();
    show(seen);
  }
  keep();
}

if (document.getElementById("recap")) {
  comeBack();
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) keep();
    else setTimeout(comeBack, 3_000); // the page has caught up by then, or does so later
  });
  setInterval(() => { if (!document.hidden) keep(); }, KEEP_EVERY);
  document.addEventListener("desk:applied", markVisit);
}
