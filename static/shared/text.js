/* Numbers and sentences as people type and read them. */

const GROUPED = /^[1-9]\d{0,2}(?:(?:,\d{3})+|(?: \d{3})+)$/;

const NEGATIVE = /^[-–−]\s*[\d.]/;

const spaced = (text) => text.replace(/[ \t\u00a0\u2007\u2009\u202f]/g, " ").trim();

/** What is wrong with a vote count, by the server's code (`arithmetic/parsing.py`); empty where nothing is. Thousands
    are parted by commas or by spaces, never by both: “34,60” may have lost a digit. */
export function countError(text) {
  const trimmed = spaced(text);
  if (!trimmed) return "blank";
  if (trimmed.includes("%")) return "percent";
  if (NEGATIVE.test(trimmed)) return "negative";
  if (/^[\d, ]*[.·]\d*$/.test(trimmed) && /\d/.test(trimmed)) return "decimal";
  if (!/^\d[\d, ]*$/.test(trimmed)) return "not_a_number";
  if (/[ ,]/.test(trimmed) && !GROUPED.test(trimmed)) return "grouping";
  return digitsOf(trimmed).length > 9 ? "too_long" : "";
}

const digitsOf = (text) => text.replace(/[ ,]/g, "");

/** The vote count in a text box, or null where it is none. */
export const readCount = (text) => (countError(text) ? null : Number(digitsOf(spaced(text))));

const pointed = (text) => spaced(text).replace(/ *%$/, "").replace(/[,·]/g, ".");

/** The same of a percentage, with two decimals at most: “71.8”, “71,8 %”. */
export function percentageError(text) {
  const trimmed = pointed(text);
  if (!trimmed) return "blank";
  if (NEGATIVE.test(trimmed)) return "negative";
  if (!/^\d+(\.\d{1,2})?$/.test(trimmed)) return "not_a_percentage";
  return Number(trimmed) > 100 ? "out_of_range" : "";
}

export const readPercentage = (text) => (percentageError(text) ? null : Number(pointed(text)));

/** “34,603”, in the page's language and with a true minus sign. */
export function formatCount(number) {
  return number.toLocaleString(document.documentElement.lang).replace("-", "\u2212");
}

/** Replace each `{name}` in a translated sentence. */
export function interpolate(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (_match, name) => values[name] ?? "");
}
