/* Numbers and sentences as people type and read them. */

/** The vote count in a text box, or null where it is none: thousands are parted by commas or spaces. */
export function readCount(text) {
  const digits = text.replace(/[\s,]/g, "");
  return /^\d{1,9}$/.test(digits) ? Number(digits) : null;
}

/** “34,603”, in the page's language and with a true minus sign. */
export function formatCount(number) {
  return number.toLocaleString(document.documentElement.lang).replace("-", "\u2212");
}

/** Replace each `{name}` in a translated sentence. */
export function interpolate(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (_match, name) => values[name] ?? "");
}
