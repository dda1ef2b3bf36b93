/* The map of wards keeps in the address what it shows: `?map=gains`. Choosing needs no script. */

const modes = document.querySelectorAll("#map [name=map]");
const wanted = new URLSearchParams(location.search).get("map");

function keep(mode) {
  const address = new URL(location.href);
  if (modes[0].value === mode) address.searchParams.delete("map");
  else address.searchParams.set("map", mode);
  history.replaceState(history.state, "", address);
}

// What was chosen before this script was here goes before the address.
const chosen = [...modes].find((mode) => mode.checked && !mode.defaultChecked);
if (chosen) keep(chosen.value);

for (const mode of modes) {
  if (!chosen && mode.value === wanted) mode.checked = true;
  mode.addEventListener("change", () => keep(mode.value));
}
