/* The modes of the map. The classes of all seats come with the first mode that a reader chooses; from then on
 * the page's topic has them, so that the hexagons which it is sent are of the chosen mode. */

const page = document.documentElement.dataset;
const MODES = ["winner", "gains", "majority", "swing", "turnout"];
let ready = null;

export async function choose(map, mode) {
  const address = new URL(location.href);
  if (mode === MODES[0]) address.searchParams.delete("map");
  else address.searchParams.set("map", mode);
  if (mode !== MODES[0]) {
    ready ??= page.topics.endsWith("-shades") ? Promise.resolve() : prepare(map);
    try {
      await ready;
    } catch (error) {
      ready = null;
      // The server draws the page in this mode, if it can be reached.
      if (navigator.onLine && !(error instanceof TypeError)) location.replace(address);
      else map.keepMode();
      return;
    }
  }
  history.replaceState(history.state, "", address);
  const { section } = map;
  if (section.querySelector("[name=map]:checked").value === mode) section.dataset.mode = mode;
}

async function prepare({ SEATS, drawing, section, slugOf }) {
  const [answer] = await Promise.all([fetchModes(section), loadStyles(section)]);
  const seats = [...section.querySelectorAll(SEATS)].sort((one, other) => (slugOf(one) < slugOf(other) ? -1 : 1));
  if (answer.epoch !== page.epoch || answer.codes.length !== 3 * seats.length) throw new Error("another night");
  seats.forEach((seat, at) => {
    const code = answer.codes.slice(3 * at, 3 * at + 3);
    seat.id = `shade-${slugOf(seat)}`;
    if (code !== "---") seat.dataset.k = code;
  });
  document.getElementById("mode-keys").innerHTML = answer.keys;
  if (drawing && answer.pair) [drawing.parentElement.dataset.party, drawing.dataset.party] = answer.pair;
  const topics = `${page.topics}-shades`;
  // The older of the two: what came between is sent once more.
  const sequence = Math.min(answer.sequence, Number(page.sequence));
  document.dispatchEvent(new CustomEvent("desk:topics", { detail: { topics, sequence } }));
}

async function fetchModes(section) {
  const response = await fetch(section.dataset.modes, { credentials: "omit" });
  if (!response.ok) throw new Error(String(response.status));
  return response.json();
}

function loadStyles(section) {
  return new Promise((resolve, reject) => {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = section.dataset.styles;
    link.onload = resolve;
    link.onerror = reject;
    document.head.append(link);
  });
}
