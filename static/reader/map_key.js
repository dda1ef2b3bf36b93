/* The list beside the map, counted again from its hexagons: whose the seats are, and who took them from whom.
 * It counts and sorts as `map_key` does on the server. */

const key = document.getElementById("map-key");
const rowOf = (label) => key.querySelector(`.key-parties [data-party="${CSS.escape(label)}"]`);
const most = ([one, n], [other, m]) => m - n || (one < other ? -1 : 1);

function counted(values) {
  const counts = new Map();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort(most);
}

/** Count again. A party that the list lacks comes with a list from the server, asked for so many times. */
export function count({ SEATS, section }, tries = 3) {
  const seats = [...section.querySelectorAll(SEATS)];
  const won = seats.filter((seat) => seat.matches("[data-party]:not(.open)"));
  const tinted = seats.filter((seat) => seat.dataset.party);
  // While nothing is declared the list is what is defended.
  const parties = counted((won.length ? won : tinted).map((seat) => seat.dataset.party));
  const gained = won.filter((seat) => seat.dataset.from);
  const pairs = counted(gained.map((seat) => `${seat.dataset.party}\t${seat.dataset.from}`));
  const labels = [...parties, ...pairs].flatMap(([name]) => name.split("\t"));
  if (labels.some((label) => !rowOf(label))) {
    if (tries) fetchKey({ SEATS, section }, tries - 1);
    return;
  }
  const list = key.querySelector(".key-parties");
  const rows = parties.map(([label, number]) => show(rowOf(label), number));
  const shown = new Set(rows);
  const without = [...list.querySelectorAll("li[data-party]")].filter((row) => !shown.has(row));
  without.sort((one, other) => (one.dataset.party < other.dataset.party ? -1 : 1));
  for (const row of without) { show(row, 0).hidden = true; }
  const first = list.querySelector(".key-to-come");
  [...rows, ...without].forEach((row) => list.insertBefore(row, first));
  show(first, seats.length - won.length);
  key.querySelector(".key-note").classList.toggle("defending", !won.length && parties.length > 0);
  show(list.querySelector(".key-changed"), gained.length);
  drawFlows(pairs);
}

function show(row, number) {
  row.hidden = false;
  row.querySelector("b").textContent = number;
  return row;
}

function drawFlows(pairs) {
  const flows = key.querySelector(".flows");
  const of = Math.max(1, ...pairs.map(([, number]) => number));
  flows.hidden = !pairs.length;
  flows.querySelector("ul").replaceChildren(...pairs.map(([name, number]) => {
    const [winner, loser] = name.split("\t");
    const row = flows.querySelector("template").content.firstElementChild.cloneNode(true);
    label(row.querySelector(".winner"), winner);
    label(row.querySelector(".loser"), loser);
    row.querySelector("svg").setAttribute("viewBox", `0 0 ${of} 11`);
    const [top, under] = row.querySelectorAll("path");
    top.dataset.party = winner;
    under.dataset.party = loser;
    top.setAttribute("d", `M0 0H${number}V8H0z`);
    under.setAttribute("d", `M0 8H${number}V11H0z`);
    row.querySelector(".number").textContent = number;
    return row;
  }));
}

function label(element, party) {
  element.dataset.party = party;
  element.textContent = rowOf(party).querySelector("abbr").textContent;
}

let fetching = false;

function fetchKey(map, tries) {
  if (fetching) return;
  fetching = true;
  // Every open page of a night lacks the same party at once.
  setTimeout(async () => {
    try {
      const response = await fetch(map.section.dataset.modes, { credentials: "omit" });
      const box = document.createElement("template");
      box.innerHTML = (await response.json()).key;
      key.replaceChildren(...box.content.firstElementChild.childNodes);
      fetching = false;
      count(map, tries); // more may have been declared meanwhile, the last of the night among them
      document.dispatchEvent(new Event("desk:keyed"));
    } catch {
      fetching = false; // the next declaration tries again
    }
  }, Math.random() * 5_000);
}
