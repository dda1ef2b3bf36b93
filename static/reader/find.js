/* Suggestions for the search, as a combobox with a list (ARIA Authoring Practices Guide).
 *
 * The names of all seats are fetched once, and compared here as results/reader/search.py compares
 * them. What is typed is not sent while one types. A postcode is sent with the form, in a POST: it
 * stands in no address and in no log.
 */

const page = document.documentElement.dataset;
const MOST = 8;
const SPELLINGS = { saint: "st", saints: "sts" };
const POSTCODE = /^[A-Z]{1,2}[0-9][A-Z0-9]?[0-9][A-Z]{2}$/;

/** As `normalize` in results/reader/search.py. */
function normalise(text) {
  return text.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "").replaceAll("ß", "ss")
    .replaceAll("&", " and ").replace(/['’‘]/g, "")
    .replace(/[^a-z0-9]+/g, " ").trim().split(" ").map((word) => SPELLINGS[word] ?? word).join(" ");
}

/** As `rank` there: 0 is the whole name, 3 a part in the middle, -1 none; of a name in two languages the better. */
function rank([, , , key, whole, , otherKey, otherWhole], query) {
  const ranks = [rankOne(key, whole, query)];
  if (otherKey) ranks.push(rankOne(otherKey, otherWhole, query));
  const found = ranks.filter((how) => how >= 0);
  return found.length ? Math.min(...found) : -1;
}

function rankOne(key, whole, query) {
  if (query === key || query === whole) return 0;
  if (key.startsWith(query)) return 1;
  const parts = whole.split(" ");
  if (query.split(" ").every((word) => parts.some((part) => part.startsWith(word)))) return 2;
  return query.length > 2 && whole.includes(query) ? 3 : -1;
}

function matches(names, text) {
  const query = normalise(text);
  if (!query) return [];
  return names.map((name, place) => ({ name, place, how: rank(name, query), patch: name[5] }))
    .filter(({ how }) => how >= 0)
    .sort((a, b) => b.patch - a.patch || a.how - b.how || a.place - b.place)
    .slice(0, MOST);
}

async function fetchNames() {
  const response = await fetch(`${page.address}find/names.json`, { credentials: "omit" });
  if (!response.ok) throw new Error(String(response.status));
  return response.json();
}

/** Suggest seats for the field from now on. */
export function suggest(field) {
  const form = field.form;
  const list = document.createElement("ul");
  const status = document.createElement("p");
  let known = null; // the names, once they are there
  let active = -1;

  list.id = "find-answers";
  list.className = "answers rows";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  status.className = "visually-hidden";
  status.setAttribute("role", "status");
  form.append(list, status);
  for (const [name, value] of Object.entries({
    role: "combobox", "aria-autocomplete": "list", "aria-controls": list.id, "aria-expanded": "false",
  })) field.setAttribute(name, value);

  const options = () => [...list.children];

  function activate(at) {
    active = at;
    for (const [place, option] of options().entries()) option.setAttribute("aria-selected", String(place === at));
    if (at < 0) field.removeAttribute("aria-activedescendant");
    else {
      field.setAttribute("aria-activedescendant", options()[at].id);
      options()[at].scrollIntoView({ block: "nearest" });
    }
  }

  function open(isOpen) {
    list.hidden = !isOpen;
    field.setAttribute("aria-expanded", String(isOpen));
    if (!isOpen) activate(-1);
  }

  function optionOf(words, beside, choose, at) {
    const option = document.createElement("li");
    option.id = `find-answer-${at}`;
    option.className = "row";
    option.setAttribute("role", "option");
    option.append(words);
    if (beside) {
      const small = document.createElement("span");
      small.className = "quiet small";
      small.textContent = beside;
      option.append(" ", small);
    }
    // The field keeps the focus.
    option.addEventListener("pointerdown", (event) => event.preventDefault());
    option.addEventListener("click", choose);
    return option;
  }

  function show() {
    if (!known) return;
    const compact = field.value.toUpperCase().replace(/\s+/g, "");
    let found;
    if (POSTCODE.test(compact)) {
      const postcode = `${compact.slice(0, -3)} ${compact.slice(-3)}`;
      const words = known.words.postcode.replace("%(postcode)s", postcode);
      found = [optionOf(words, "", () => form.querySelector("button").click(), 0)];
    } else {
      found = matches(known.names, field.value).map(({ name: [slug, text, beside] }, at) => (
        optionOf(text, beside, () => location.assign(`${page.address}${slug}/`), at)));
    }
    list.replaceChildren(...found);
    open(found.length > 0);
    activate(-1);
    const words = found.length ? known.words.count.replace("%(n)s", found.length) : known.words.none;
    status.textContent = field.value.trim() ? words : "";
  }

  const KEYS = {
    ArrowDown: () => {
      if (list.hidden) show();
      if (!list.hidden) activate((active + 1) % options().length);
    },
    ArrowUp: () => {
      if (list.hidden) show();
      if (!list.hidden) activate((active <= 0 ? options().length : active) - 1);
    },
    Enter: () => options()[active].click(),
    Escape: () => {
      if (list.hidden) field.value = "";
      open(false);
      status.textContent = "";
    },
  };

  field.addEventListener("keydown", (event) => {
    if (event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "Enter" && active < 0) return; // the form is sent as it is
    const act = KEYS[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
  /** Open the only seat that is called so. In an archive no server lists those of several. */
  form.addEventListener("submit", (event) => {
    const found = known ? matches(known.names, field.value) : [];
    const isArchived = form.action !== new URL(`${page.address}find/postcode/`, location.href).href;
    if (!isArchived || !found.length) return;
    event.preventDefault();
    show();
    if (found.length === 1) options()[0].click();
  });
  field.addEventListener("input", show);
  field.addEventListener("focus", () => { if (field.value) show(); });
  field.addEventListener("blur", () => open(false));

  fetchNames().then((names) => {
    known = names;
    list.setAttribute("aria-label", names.words.list);
    if (document.activeElement === field) show();
  }).catch(() => {}); // the form answers without suggestions
}
