// Compiles the widget's texts (widget/locales/*.ftl, https://projectfluent.org) into what the widget reads:
// - npm/locales/<language>.js for every language but English, loaded by a page only when it is spoken;
// - src/i18n/en.txt and src/i18n/texts.rs, which are part of the wasm: English, and the struct that has the texts;
// - npm/first-lines.js and npm/media-lines.js: what the first screen and media.js read of them, with its English.
//
// A compiled language is one string: a stamp, then each message on a line of its own, in the order of en.ftl. `{}` is
// what varies. A message with plural forms has them by category, `other` last: `one⇥…⇥other⇥…`. The stamp names the
// messages, so that a file of another version is recognised and not read. What only media.js says comes last, and the
// wasm does not have it: most interviews ask for no file.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { FluentParser } from "@fluent/syntax";

const widget = dirname(fileURLToPath(import.meta.url));
const sources = join(widget, "locales");

/** The plural categories of CLDR; `other` is the one that every language has. */
const CATEGORIES = ["zero", "one", "two", "few", "many", "other"];

/** What the loader's first screen says, before the wasm is there. */
const FIRST = ["region", "load_failed", "loading", "progress", "go_on", "skip", "agree", "decline", "yes", "no", "i_agree", "i_disagree", "optional"];
FIRST.push("choose_several", "long_text_keys", "saved", "sending", "refused", "retry");
// And what is said where there is no screen at all.
FIRST.push("try_again", "unauthorized", "unreachable", "unreachable_text");

/** The groups of en.ftl that only media.js reads, and what it reads of the others. */
const OF_MEDIA = ["Files", "Recordings"];
const ALSO_OF_MEDIA = ["file_done", "time_left", "try_again"];

/** Languages in which a name in Latin letters, put into a sentence, would turn the words around it about. */
const RIGHT_TO_LEFT = ["ar", "he"];

/** Every language that there is a file for, English first. */
export const LANGUAGES = readdirSync(sources)
  .filter((name) => name.endsWith(".ftl"))
  .map((name) => name.slice(0, -".ftl".length))
  .sort((a, b) => (b === "en") - (a === "en") || a.localeCompare(b));

/**
 * The messages of a language by name: a text, or texts by plural category; what varies is `{ $name }`. In English, which
 * alone has groups, those of media.js come last.
 *
 * @returns {Map<string, string | Record<string, string>>}
 */
export function read(language) {
  const [messages, media] = parse(language);
  return new Map([...messages, ...media]);
}

/** The names of what the wasm says, and of what media.js says. */
export function parts() {
  const [messages, media] = parse("en");
  return { wasm: [...messages.keys()], media: [...media.keys(), ...ALSO_OF_MEDIA] };
}

function parse(language) {
  const { body } = new FluentParser().parse(readFileSync(join(sources, `${language}.ftl`), "utf8"));
  const own = new Map();
  const media = new Map();
  let messages = own;
  for (const entry of body) {
    if (entry.type === "GroupComment") messages = OF_MEDIA.includes(entry.content) ? media : own;
    if (entry.type.endsWith("Comment")) continue;
    const refuse = (reason) => {
      throw new Error(`widget/locales/${language}.ftl: ${entry.id?.name ?? entry.content.trim()}: ${reason}`);
    };
    if (entry.type !== "Message") refuse("only messages are understood here.");
    if (own.has(entry.id.name) || media.has(entry.id.name)) refuse("is there twice.");
    messages.set(entry.id.name, message(entry.value, refuse));
  }
  return [own, media];
}

function message(pattern, refuse) {
  const [only] = pattern.elements;
  if (pattern.elements.length > 1 || only.expression?.type !== "SelectExpression") return text(pattern, refuse);
  const { selector, variants } = only.expression;
  if (selector.type !== "VariableReference" || selector.id.name !== "count") refuse("plural forms are chosen by { $count }.");
  const forms = Object.fromEntries(variants.map(({ key, value }) => [key.name ?? key.value, text(value, refuse)]));
  for (const name of Object.keys(forms)) if (!CATEGORIES.includes(name)) refuse(`[${name}] is no plural category.`);
  if (variants.find((variant) => variant.default).key.name !== "other") refuse("the default is *[other].");
  return Object.fromEntries(CATEGORIES.filter((name) => name in forms).map((name) => [name, forms[name]]));
}

function text({ elements }, refuse) {
  const parts = elements.map((element) => {
    if (element.type === "TextElement") return element.value;
    if (element.expression.type !== "VariableReference") refuse("only variables are put into a text.");
    return `{ $${element.expression.id.name} }`;
  });
  const whole = parts.join("");
  if (/[\n\t]/.test(whole)) refuse("a text is one line, without tabs.");
  if (new Set(variables(whole)).size > 1) refuse("one thing varies, not two.");
  return whole;
}

/** The names of what varies in a text. */
export const variables = (text) => [...text.matchAll(/\{ \$(\w+) \}/g)].map(([, name]) => name);

/** A language as the widget reads it; the messages and their order are those of English, all or the first of them. */
export function compile(language, english = read("en"), names = [...english.keys()]) {
  const messages = read(language);
  // Isolated (Unicode Standard Annex 9), so that a name keeps its own direction and the sentence keeps its own.
  const hole = RIGHT_TO_LEFT.includes(language) ? "\u2068{}\u2069" : "{}";
  const filled = (text) => text.replace(/\{ \$\w+ \}/g, hole);
  const lines = names.map((name) => {
    const message = messages.get(name);
    if (message === undefined) throw new Error(`widget/locales/${language}.ftl: ${name} is missing.`);
    if (typeof message !== typeof english.get(name)) throw new Error(`widget/locales/${language}.ftl: ${name} has plural forms in one language only.`);
    return line(message, filled);
  });
  return [stamp(english), ...lines].join("\n");
}

/** A message on one line. */
function line(message, filled) {
  return typeof message === "string" ? filled(message) : Object.entries(message).flatMap(([category, form]) => [category, filled(form)]).join("\t");
}

/** Names a set of messages. */
function stamp(english) {
  const shape = [...english].map(([name, message]) => `${name}:${typeof message}`);
  return createHash("sha256").update(shape.join()).digest("hex").slice(0, 8);
}

/** The struct that has the texts, and its reader. */
export function rust(english = read("en"), names = parts().wasm) {
  const entries = names.map((name) => ({ name, isPlural: typeof english.get(name) !== "string" }));
  const fields = entries.map(({ name, isPlural }) => `    pub ${name}: ${isPlural ? "Plural" : "&'static str"},`);
  const readers = entries.map(({ name, isPlural }) => `            ${name}: ${isPlural ? "Plural(next(lines))" : "next(lines)"},`);
  return `//! Made by \`node widget/locales.mjs\` from widget/locales/en.ftl, which is where to change it.

use super::plural::Plural;

/// Every text of the widget in one language. \`{}\` stands for the one thing that varies.
#[expect(missing_docs, reason = "the names say it, and the texts are in widget/locales")]
#[derive(Debug)]
pub struct Texts {
    pub language: &'static str,
${fields.join("\n")}
}

impl Texts {
    /// Takes the lines of a compiled language, as widget/locales.mjs writes them.
    pub(super) fn read(language: &'static str, lines: &mut dyn Iterator<Item = &'static str>) -> Self {
        Self {
            language,
${readers.join("\n")}
        }
    }
}

#[inline(never)]
fn next(lines: &mut dyn Iterator<Item = &'static str>) -> &'static str {
    lines.next().unwrap_or_default()
}
`;
}

/** Where the texts of the first screen are in a compiled language, and what they are in English; the stamp of these files. */
export function firstLines(english = read("en")) {
  const names = [...english.keys()];
  const lines = Object.fromEntries(FIRST.map((name) => [name, [names.indexOf(name) + 1, english.get(name)]]));
  return `// Made by widget/locales.mjs from widget/locales/en.ftl: the line of a file of texts, and its English.\nexport const STAMP = "${stamp(english)}";\nexport const LINES = ${JSON.stringify(lines)};\n`;
}

/** The same for what media.js says; `{}` is what varies. */
export function mediaLines(english = read("en"), names = parts().media) {
  const order = [...english.keys()];
  const lines = Object.fromEntries(names.map((name) => [name, [order.indexOf(name) + 1, line(english.get(name), (text) => text.replace(/\{ \$\w+ \}/g, "{}"))]]));
  return `// Made by widget/locales.mjs from widget/locales/en.ftl: the line of a file of texts, and its English.\nexport const STAMP = "${stamp(english)}";\nexport const LINES = ${JSON.stringify(lines)};\n`;
}

/** A language as a module; a template, so that it reads like what it holds. */
export const module = (language, compiled) =>
  `// Made by widget/locales.mjs from widget/locales/${language}.ftl.\nexport default \`${compiled.replace(/[\\`]|\$\{/g, "\\$&")}\`;\n`;

/** Writes everything that is made of the texts; leaves alone what has not changed, so that Rust is not compiled again. */
export function writeLocales() {
  const english = read("en");
  const folder = join(widget, "npm", "locales");
  const files = new Map([
    [join(widget, "src", "i18n", "en.txt"), compile("en", english, parts().wasm)],
    [join(widget, "src", "i18n", "texts.rs"), rust(english)],
    [join(widget, "npm", "first-lines.js"), firstLines(english)],
    [join(widget, "npm", "media-lines.js"), mediaLines(english)],
  ]);
  for (const language of LANGUAGES.slice(1)) files.set(join(folder, `${language}.js`), module(language, compile(language, english)));
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(folder)) if (!files.has(join(folder, name))) rmSync(join(folder, name));
  for (const [path, content] of files) {
    if (!existsSync(path) || readFileSync(path, "utf8") !== content) writeFileSync(path, content);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeLocales();
