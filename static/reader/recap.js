/* “Since you last looked”: what this browser showed last is kept here, and nowhere else.
 *
 * Shown once to whoever comes back after a quarter of an hour and finds five declared seats more; its words are
 * the server's. It is not announced, and it moves nothing that the reader has seen: where this script comes before
 * the first paint, as it does from the browser's cache, it gives the strip its room at once. Later, and in a tab that
 * was left open, the strip comes above what is in view. Nothing waits for this script: a page on a bad line is shown
 * without it. The chart of the night gets a mark where the reader was last.
 */

(() => {
  const page = document.documentElement.dataset;
  const KEY = `seen-${page.election}`;
  const AWAY_MS = 15 * 60_000;
  const MORE = 5;
  const STORE_INTERVAL_MS = 30_000;
  /** By the server, once it has said the time. */
  let serverTime = () => null;
  import("./clock.js").then((clock) => { serverTime = clock.serverTime; }).catch(() => { /* none is said */ });

  const isTime = Number.isFinite;

  function stored() {
    try {
      const seen = JSON.parse(localStorage.getItem(KEY));
      return seen?.epoch === page.epoch ? seen : null;
    } catch {
      return null;
    }
  }

  /** The declared seats that the page shows; of one that is not parsed yet, those that it was rendered with. */
  const declared = () => Number(document.getElementById("progress")?.dataset.declared ?? page.declared);

  function keep() {
    if (page.live === undefined) return;
    try {
      const seen = { epoch: page.epoch, sequence: Number(page.sequence), declared: declared(), at: Date.now() };
      seen.time = serverTime();
      localStorage.setItem(KEY, JSON.stringify(seen));
    } catch { /* without storage nobody is told what changed */ }
  }

  let marked = null; // the visit that the chart marks

  function markVisit() {
    const chart = document.querySelector(".line");
    if (!isTime(marked?.time) || !chart || chart.querySelector(".seen")) return;
    const minutes = (marked.time / 60_000) - Number(chart.dataset.from) / 60;
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

  /** Replace the words that the strip has from the start by those of the server; without an answer those stay. */
  async function fill(strip, seen) {
    const height = strip.offsetHeight;
    const response = await fetch(`${page.address}recap/?since=${seen.sequence}`, { credentials: "omit" });
    if (!response.ok) return;
    const parsed = new DOMParser().parseFromString(await response.text(), "text/html");
    const recap = document.adoptNode(parsed.getElementById("recap"));
    if (!isTime(seen.time)) recap.querySelector("strong").textContent = recap.getAttribute("aria-label");
    else recap.querySelector(".looked").textContent = new Intl.DateTimeFormat("en-GB", {
      hour: "2-digit", minute: "2-digit", timeZone: page.zone,
    }).format(seen.time);
    if (strip.hidden) return; // dismissed meanwhile
    strip.dataset.declared = recap.dataset.declared;
    strip.replaceChildren(...recap.children);
    const listOwn = () => {
      followed(strip);
      const links = strip.querySelector(".followed");
      while (strip.offsetHeight > height && links.lastElementChild) links.lastElementChild.remove();
    };
    listOwn();
    document.addEventListener("desk:listed", listOwn, { once: true });
  }

  function show(seen) {
    const strip = document.getElementById("recap");
    strip.hidden = strip.querySelector(".dismiss").hidden = false;
    document.documentElement.classList.remove("returning");
    strip.querySelector(".recap-links a").search = `?after=${seen.sequence}`;
    marked = seen;
    markVisit();
    fill(strip, seen).catch(() => { /* its own words lead to what has happened */ });
  }

  /** What was seen last, if it is old enough and enough has been declared since; else null. */
  function whatIsNew() {
    const seen = stored();
    const isAway = seen && Date.now() - seen.at >= AWAY_MS;
    return isAway && declared() - seen.declared >= MORE ? seen : null;
  }

  /** Show the strip in a tab that is in view already, above what is in view. */
  function showAbove(seen) {
    const below = document.getElementById("recap").nextElementSibling;
    const top = below.getBoundingClientRect().top;
    show(seen);
    scrollBy({ top: below.getBoundingClientRect().top - top, behavior: "instant" });
  }

  /** In a tab that was left open: at once if the page has caught up meanwhile, else as soon as it does. */
  function comeBack() {
    const seen = whatIsNew();
    if (seen) show(seen);
    else if (stored()) caughtUp = stored();
    keep();
  }

  let caughtUp = null; // what was seen before the tab was left, until the page has caught up

  function onApplied() {
    markVisit();
    if (!caughtUp || document.hidden) return;
    if (Date.now() - caughtUp.at >= AWAY_MS && declared() - caughtUp.declared >= MORE) showAbove(caughtUp);
    caughtUp = null;
  }

  function start() {
    const strip = document.getElementById("recap");
    if (!strip) return;
    strip.addEventListener("click", (event) => {
      if (event.target.matches(".dismiss")) strip.hidden = true;
    });
    const seen = whatIsNew();
    if (seen && document.documentElement.classList.contains("returning")) show(seen);
    else if (seen) showAbove(seen);
    keep();
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) keep();
      else comeBack();
    });
    setInterval(() => { if (!document.hidden) keep(); }, STORE_INTERVAL_MS);
    document.addEventListener("desk:applied", onApplied);
  }

  /** Whether nothing is painted yet: there is no body, or a stylesheet that the first paint waits for. */
  const isUnpainted = () =>
    !document.body || [...document.head.querySelectorAll("link[rel=stylesheet]")].some(({ sheet }) => !sheet);

  document.documentElement.classList.toggle("returning", isUnpainted() && whatIsNew() !== null);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
