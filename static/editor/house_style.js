/* Shows in the preview's frame what is typed and chosen in the form, before it is stored. */

const form = document.querySelector("#house-style");
const frame = document.querySelector("iframe.reader-page");
const heading = document.querySelector("#as-readers-heading");
const status = document.querySelector("#contrast");
/* The tokens that results/live/house_style.py gives the colour of the text. */
const INKS = [
  "ink", "ink-2", "quiet", "quieter", "rule", "rule-strong", "accent", "focus", "amend", "alarm",
];
const PRODUCT = "Election Desk";
const [HEIGHT, WIDTH] = [32, 240];
let logo = null;
let stored = null;

/** The contrast ratio of two colours like #dc241f (WCAG 2.2), as results/live/colours.py has it. */
export function contrast(first, second) {
  const [dark, light] = [luminance(first), luminance(second)].sort((one, other) => one - other);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour) {
  const [red, green, blue] = [1, 3, 5]
    .map((start) => parseInt(colour.slice(start, start + 2), 16) / 255)
    .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function value(name) {
  return form.elements[name]?.value.trim() ?? "";
}

function checked(name) {
  return form.elements[name]?.checked ?? false;
}

function showColours(masthead) {
  const own = checked("own_colours");
  const [ground, ink] = [value("ground"), value("ink")];
  for (const name of INKS) masthead.style.setProperty(`--${name}`, own ? ink : "inherit");
  masthead.style.color = own ? ink : "inherit";
  masthead.style.background = own ? ground : "none";
  for (const name of ["ground", "ink"]) form.elements[name].closest(".form-row").hidden = !own;
  if (!own) {
    status.textContent = "";
    return;
  }
  // Not rounded up: what reads as enough is enough.
  const ratio = Math.floor(contrast(ink, ground) * 10) / 10;
  const enough = contrast(ink, ground) >= Number(status.dataset.least);
  status.textContent = (enough ? status.dataset.enough : status.dataset.tooLittle).replace("%s", ratio);
}

function showName(link) {
  const name = value("name") || PRODUCT;
  if (logo) link.replaceChildren(drawn(logo, link.ownerDocument, name));
  else if (stored && !checked("remove_logo")) link.replaceChildren(stored);
  else link.textContent = name;
}

/** A canvas: the pages' policy lets no picture come from anywhere but the server. */
function drawn(bitmap, page, name) {
  const scale = Math.min(1, HEIGHT / bitmap.height, WIDTH / bitmap.width);
  const canvas = page.createElement("canvas");
  canvas.width = Math.round(bitmap.width * scale * 2);
  canvas.height = Math.round(bitmap.height * scale * 2);
  canvas.style.width = `${canvas.width / 2}px`;
  canvas.style.display = "block";
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", name);
  canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  return canvas;
}

function showPolicy(page) {
  const foot = page.querySelector(".colophon");
  const policy = page.createElement("p");
  policy.append(value("corrections_text"), " ");
  if (value("corrections_address")) {
    const link = page.createElement("a");
    link.textContent = foot.dataset.policy;
    link.href = "#";
    policy.append(link);
  }
  foot.replaceChildren(policy);
}

function show() {
  const page = frame.contentDocument;
  const masthead = page?.querySelector(".masthead");
  if (!masthead) return;
  const link = masthead.querySelector(".title a");
  stored ??= link.querySelector("img");
  showColours(masthead);
  const serif = `${checked("system_serif") ? "" : "Desk Serif, "}var(--system-serif)`;
  page.documentElement.style.setProperty("--serif", serif);
  showName(link);
  showPolicy(page);
}

async function readLogo() {
  const [file] = form.elements.logo_file.files;
  // What is no picture has no preview: the server says why it is refused.
  logo = file ? await createImageBitmap(file).catch(() => null) : null;
  show();
}

form.addEventListener("input", () => {
  heading.textContent = heading.dataset.changed;
  show();
});
form.elements.logo_file.addEventListener("change", readLogo);
frame.addEventListener("load", show);
show();
