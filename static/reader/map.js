/* The map for mouse, touch and keyboard: one tab stop, and arrow keys from seat to seat. */

const section = document.getElementById("map");
const drawing = section?.querySelector(".hexmap");
const caption = document.getElementById("map-caption");

const slugOf = (hex) => hex.id.slice("hex-".length);

/** The seat and its result, as its row in the list has them; the name's letters until that was fetched. */
function labelOf(hex) {
  const row = document.getElementById(`row-${slugOf(hex)}`);
  if (!row) return slugOf(hex).replaceAll("-", " ");
  const parts = [...row.children].filter((part) => !part.matches("button"));
  return parts.map((part) => part.textContent).join(" · ");
}

let shown = null; // the hexagon that the caption is about

function describe(hex) {
  shown = hex;
  const link = document.createElement("a");
  link.href = hex.getAttribute("href");
  link.textContent = labelOf(hex);
  caption.replaceChildren(link);
}

function middle(hex) {
  const box = hex.getBoundingClientRect();
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

const DIRECTIONS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** The nearest hexagon in a direction; sideways distance counts double. */
function nearest(from, [dx, dy]) {
  const at = middle(from);
  let best = null;
  let least = Infinity;
  for (const hex of drawing.querySelectorAll(".hex")) {
    const to = middle(hex);
    const along = (to.x - at.x) * dx + (to.y - at.y) * dy;
    const aside = Math.abs((to.x - at.x) * dy) + Math.abs((to.y - at.y) * dx);
    if (along > 1 && along + 2 * aside < least) {
      best = hex;
      least = along + 2 * aside;
    }
  }
  return best;
}

function focus(hex) {
  drawing.querySelector('.hex[tabindex="0"]')?.setAttribute("tabindex", "-1");
  hex.setAttribute("tabindex", "0");
  hex.focus();
}

if (drawing) {
  drawing.removeAttribute("aria-hidden");
  drawing.setAttribute("role", "group");
  drawing.setAttribute("aria-labelledby", "map-heading");
  drawing.setAttribute("aria-description", section.dataset.hint);
  // Labels are set here and not in the page's HTML, which 650 of them would make heavy.
  const labelAll = () => {
    for (const hex of drawing.querySelectorAll(".hex")) hex.setAttribute("aria-label", labelOf(hex));
  };
  labelAll();
  document.addEventListener("desk:listed", () => {
    labelAll();
    if (shown?.isConnected) describe(shown);
  });
  const listed = async () => {
    const { seatList } = await import("./seat_list.js");
    await seatList().catch(() => {});
  };
  section.addEventListener("pointerover", listed, { once: true });
  // Whoever goes by keyboard has the results before the map is reached.
  addEventListener("keydown", listed, { once: true });
  drawing.querySelector(".hex")?.setAttribute("tabindex", "0");
  drawing.addEventListener("pointerover", (event) => {
    const hex = event.target.closest(".hex");
    if (hex) describe(hex);
  });
  drawing.addEventListener("focusin", (event) => {
    const hex = event.target.closest(".hex");
    if (!hex) return;
    hex.setAttribute("aria-label", labelOf(hex));
    describe(hex);
  });
  drawing.addEventListener("keydown", (event) => {
    const direction = DIRECTIONS[event.key];
    const hex = event.target.closest(".hex");
    if (!direction || !hex) return;
    event.preventDefault();
    const to = nearest(hex, direction);
    if (to) focus(to);
  });
  let touched = null;
  drawing.addEventListener("click", (event) => {
    // A finger covers a dozen hexagons: the first touch names one, the second opens it.
    const hex = event.target.closest(".hex");
    if (!hex || event.pointerType !== "touch" || touched === hex) return;
    event.preventDefault();
    touched = hex;
    describe(hex);
  });
  document.addEventListener("desk:applied", (event) => {
    for (const id of event.detail.ids) {
      const hex = id.startsWith("hex-") && document.getElementById(id);
      if (hex) hex.setAttribute("aria-label", labelOf(hex));
    }
  });
  const frame = drawing.parentElement;
  const zoom = document.createElement("button");
  zoom.type = "button";
  zoom.textContent = section.dataset.nearer;
  zoom.addEventListener("click", () => {
    const near = frame.classList.toggle("nearer");
    zoom.textContent = near ? section.dataset.farther : section.dataset.nearer;
    if (near) frame.scrollTo(frame.scrollWidth / 3, frame.scrollHeight / 2);
  });
  section.querySelector(".map-buttons").append(zoom);
}
