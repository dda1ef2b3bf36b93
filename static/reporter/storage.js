/* localStorage as JSON. Where it fails (private browsing, a full memory) `storage.broken` is set. */

export const storage = { broken: false };

export function read(name, otherwise = null) {
  try {
    const text = localStorage.getItem(name);
    return text === null ? otherwise : JSON.parse(text);
  } catch { return otherwise; }
}

/** Whether the value was stored; one that does not fit changes nothing. */
export function write(name, value) {
  try {
    localStorage.setItem(name, JSON.stringify(value));
    return true;
  } catch {
    storage.broken = true;
    return false;
  }
}

export function forget(name) {
  try { localStorage.removeItem(name); } catch { /* nothing was stored */ }
}

/** The names that begin with a prefix, sorted. */
export function named(prefix) {
  try { return Object.keys(localStorage).filter((name) => name.startsWith(prefix)).sort(); }
  catch { return []; }
}

/** A new idempotency key. randomUUID is missing on pages that are not served over HTTPS. */
export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
