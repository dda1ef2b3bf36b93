/* localStorage as JSON. What it does not take (private browsing, a full memory) lives as long as the page. */

const unkept = new Map();

/** Whether something of this page is lost when it is closed. */
export const isBroken = () => unkept.size > 0;
export const isKept = (name) => !unkept.has(name);

export function read(name, otherwise = null) {
  try {
    const text = unkept.get(name) ?? localStorage.getItem(name);
    return text === null ? otherwise : JSON.parse(text);
  } catch { return otherwise; }
}

/** Whether the value is kept after the page is closed. */
export function write(name, value) {
  const text = JSON.stringify(value);
  try {
    localStorage.setItem(name, text);
    return unkept.delete(name) || true;
  } catch {
    unkept.set(name, text);
    return false;
  }
}

export function forget(name) {
  unkept.delete(name);
  try { localStorage.removeItem(name); } catch { /* nothing was stored */ }
  // There may be room now for what was refused before.
  for (const [refused, text] of unkept) {
    try { localStorage.setItem(refused, text); } catch { continue; }
    unkept.delete(refused);
  }
}

/** The names that begin with a prefix, sorted. */
export function named(prefix) {
  let stored = [];
  try { stored = Object.keys(localStorage); } catch { /* nothing was stored */ }
  return [...new Set([...stored, ...unkept.keys()])].filter((name) => name.startsWith(prefix)).sort();
}

/** A new idempotency key. randomUUID is missing on pages that are not served over HTTPS. */
export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
