// What the widget says about files and recordings, and how plural forms, sizes and times are written in its language;
// widget/locales.mjs makes media-lines.js, which says where the texts are in a file of texts.
import { tagOf } from "./locales.js";
import { LINES, STAMP } from "./media-lines.js";

/**
 * The texts by name, and `language`, which they are in: English when `compiled`, what the file for a tag (BCP 47) holds, is
 * not there or not of this version.
 */
export function textsFor(tag, compiled) {
  const lines = compiled?.split("\n") ?? [];
  const isThere = lines[0] === STAMP;
  const texts = Object.entries(LINES).map(([name, [line, english]]) => [name, isThere ? lines[line] : english]);
  return { ...Object.fromEntries(texts), language: isThere ? tagOf(tag) : "en" };
}

/** Puts what varies into a text. */
export const fill = (text, value) => text.replace("{}", () => value);

/** A text with a number in it, in the form that this number asks for: `one⇥…⇥other⇥…`, `other` last. */
export function count(text, number, language) {
  const parts = text.split("\t");
  const at = parts.indexOf(new Intl.PluralRules(language).select(number));
  return fill(at < 0 ? parts.at(-1) : parts[at + 1], written(number, language));
}

/** `1.2 MB`. */
export function size(bytes, language) {
  const [unit, divisor] = bytes >= 1e6 ? ["megabyte", 1024 * 1024] : ["kilobyte", 1024];
  const style = { style: "unit", unit, unitDisplay: "short", maximumFractionDigits: unit === "megabyte" ? 1 : 0 };
  return written(Math.max(bytes / divisor, bytes > 0 && unit === "kilobyte" ? 1 : 0), language, style);
}

/** `4:05`; of what is left, a second that has begun counts as whole. */
export function clock(milliseconds, language, round = Math.ceil) {
  const seconds = round(milliseconds / 1000);
  return `${written(Math.floor(seconds / 60), language)}:${written(seconds % 60, language, { minimumIntegerDigits: 2 })}`;
}

/** `PDF or CSV`. */
export const oneOf = (words, language) => new Intl.ListFormat(language, { type: "disjunction" }).format(words);

/** A clock is written with each frame, and a format is dear to make. */
const formats = new Map();
function written(number, language, style = {}) {
  const key = `${language} ${Object.values(style)}`;
  if (!formats.has(key)) formats.set(key, new Intl.NumberFormat(language, style));
  return formats.get(key).format(number);
}
