/* What this phone keeps. A phone that keeps nothing (private browsing, a full memory) says so. */

export const storage = { broken: false };

export function read(name, otherwise = null) {
  try {
    const text = localStorage.getItem(name);
    return text === null ? otherwise : JSON.parse(text);
  } catch { return otherwise; }
}

/** True when it is kept; a picture that does not fit leaves everything else as it was. */
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
  try { localStorage.removeItem(name); } catch { /* it is not there */ }
}

export function named(prefix) {
  try { return Object.keys(localStorage).filter((name) => name.startsWith(prefix)).sort(); }
  catch { return []; }
}

/** Made once for each thing one means to send. randomUUID is missing where a page is not secure. */
export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
