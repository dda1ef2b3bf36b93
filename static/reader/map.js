/* The map for mouse, finger and keyboard: one tab stop, arrow keys to the next seat that way. */

const section = document.getElementById("map");
const drawing = section?.querySelector(".hexmap");
const caption = document.getElementById("map-caption");

const slugOf = (hex) => hex.id.slice("hex-".length);

function words(hex) {
  const row = document.getElementById(`row-${slugOf(hex)}`);
  return row ? [...row.children].filter((part) => !part.matches("button"))
    .map((part) => part.textContent).join(" · ") : slugOf(hex);
}

function describe(hex) {
  const link = document.createElement("a");
  link.href = hex.getAttribute("href");
  link.textContent = words(hex);
  caption.replaceChildren(link);
}

function middle(hex) {
  const box = hex.getBoundingClientRect();
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

function next(from, [dx, dy]) {
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

function go(hex) {
  drawing.querySelector('.hex[tabindex="0"]')?.setAttribute("tabindex", "-1");
  hex.setAttribute("tabindex", "0");
  hex.focus();
}

if (drawing) {
  drawing.removeAttribute("aria-hidden");
  drawing.setAttribute("role", "group");
  drawing.setAttribute("aria-labelledby", "map-heading");
  drawing.setAttribute("aria-description", section.dataset.hint);
  // Names are given when somebody comes by: 650 of them need not be in every reader's page.
  for (const hex of drawing.querySelectorAll(".hex")) hex.setAttribute("aria-label", words(hex));
  drawing.querySelector(".hex")?.setAttribute("tabindex", "0");
  drawing.addEventListener("pointerover", (event) => {
    const hex = event.target.closest(".hex");
    if (hex) describe(hex);
  });
  drawing.addEventListener("focusin", (event) => {
    const hex = event.target.closest(".hex");
    if (!hex) return;
    hex.setAttribute("aria-label", words(hex));
    describe(hex);
  });
  drawing.addEventListener("keydown", (event) => {
    const way = WAYS[event.key];
    const hex = event.target.closest(".hex");
    if (!way || !hex) return;
    event.preventDefault();
    const to = next(hex, way);
    if (to) go(to);
  });
  let touched = null;
  drawing.addEventListener("click", (event) => {
    // A finger covers a dozen hexagons: the first touch says which one, the second opens it.
    const hex = event.target.closest(".hex");
    if (!hex || event.pointerType !== "touch" || touched === hex) return;
    event.preventDefault();
    touched = hex;
    describe(hex);
  });
  document.addEventListener("desk:applied", (event) => {
    for (const id of event.detail.ids) {
      const hex = id.startsWith("hex-") && document.getElementById(id);
      if (hex) hex.setAttribute("aria-label", words(hex));
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
