// What is said without the wasm; widget/locales.mjs makes first-lines.js, which says where it is in a file of texts.
import { LINES, STAMP } from "./first-lines.js";
import { tagOf } from "./locales.js";

/** Whether what a file of texts holds is of this version: in another the lines are others. */
export const isOurs = (compiled) => compiled?.startsWith(`${STAMP}\n`) ?? false;

/** The texts in what a file of texts holds, English when that is not there or not of this version. */
export function textsIn(compiled) {
  const lines = isOurs(compiled) ? compiled.split("\n") : [];
  return Object.fromEntries(Object.entries(LINES).map(([name, [line, english]]) => [name, lines[line] || english]));
}

/** The texts of a language (BCP 47); `loadLocale` fetches them. */
export const textsOf = async (language, loadLocale) => textsIn(await loadLocale(language));

/** What can be said before anything was fetched. */
export const FIRST = textsIn();

const RIGHT_TO_LEFT = ["ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"];

/** `rtl` for languages that are written from right to left, else `ltr`. */
export const direction = (language) => (RIGHT_TO_LEFT.includes(tagOf(language)) ? "rtl" : "ltr");
