/* Numbers and sentences as people type and read them. */

const GROUPED = /^[1-9]\d{0,2}(?:(?:,\d{3})+|(?: \d{3})+)$/;

const spaced = (text) => text.replace(/[ \t\u00a0\u2007\u2009\u202f]/g, " ").trim();

/** The vote count in a text box, or null where it is none. Thousands are parted by commas or by spaces,
    never by both: “34,60” may have lost a digit. As the server reads it (`arithmetic/parsing.py`). */
export function readCount(text) {
  const trimmed = spaced(text);
  if (!/^\d+$/.test(trimmed) && !GROUPED.test(trimmed)) return null;
  const digits = trimmed.replace(/[ ,]/g, "");
  return digits.length > 9 ? null : Number(digits);
}

/** The percentage in a text box, with two decimals at most, or null: “71.8”, “71,8 %”. As the server reads it. */
export function readPercentage(text) {
  const trimmed = spaced(text).replace(/ *%$/, "").replace(/[,·]/g, ".");
  return /^\d+(\.\d{1,2})?$/.test(trimmed) && Number(trimmed) <= 100 ? Number(trimmed) : null;
}

/** “34,603”, in the page's language and with a true minus sign. */
export function formatCount(number) {
  return number.toLocaleString(document.documentElement.lang).replace("-", "\u2212");
}

/** Replace each `{name}` in a translated sentence. */
export function interpolate(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (_match, name) => values[name] ?? "");
}
