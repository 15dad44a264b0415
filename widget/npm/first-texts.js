// What the first screen says by itself; widget/locales.mjs makes first-lines.js, which says where it is in a file of texts.
import { LINES } from "./first-lines.js";

const pick = (lines) => Object.fromEntries(Object.entries(LINES).map(([name, [line, english]]) => [name, lines?.[line] || english]));

/** The texts of a language (BCP 47), English where there are none; `loadLocale` fetches them. */
export const textsOf = async (language, loadLocale) => pick((await loadLocale(language))?.split("\n"));

/** What can be said before anything was fetched. */
export const FIRST = pick();

/** `rtl` for languages that are written from right to left, else `ltr`. */
export const direction = (language) => (["ar", "fa", "he", "ur"].includes(primary(language)) ? "rtl" : "ltr");

const primary = (language) => language.split(/[-_]/)[0].toLowerCase();
