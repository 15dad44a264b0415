// The texts of the widget: the same in every language, whole in each, and loaded only when they are spoken.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";

import { LANGUAGES, compile, mediaLines, module, parts, read, rust, variables } from "../locales.mjs";
import { importLocale } from "../npm/locale-files.js";
import { LABELS, labelsOf, languageOf, localeLoader, patiently, tagOf } from "../npm/locales.js";
import { direction } from "../npm/first-texts.js";
import { LINES } from "../npm/media-lines.js";
import { clock, count, fill, oneOf, size, textsFor } from "../npm/media-texts.js";

const widget = join(dirname(fileURLToPath(import.meta.url)), "..");
const source = (path) => readFileSync(join(widget, path), "utf8");

/** Read by the JavaScript around the wasm. */
const OF_THE_FRAME = ["close", "load_failed"];

const forms = (message) => (typeof message === "string" ? { other: message } : message);
const english = read("en");

for (const language of LANGUAGES) {
  describe(`the texts in ${language}`, () => {
    const messages = read(language);
    const rules = new Intl.PluralRules(language);

    it("are the messages that English has", () => {
      assert.deepEqual([...messages.keys()].sort(), [...english.keys()].sort());
      for (const [name, message] of messages) assert.equal(typeof message, typeof english.get(name), name);
    });

    it("vary in the same thing", () => {
      const varying = (message) => [...new Set(Object.values(forms(message)).flatMap(variables))];
      for (const [name, message] of messages) assert.deepEqual(varying(message), varying(english.get(name)), name);
    });

    it("have a form for each plural category of the language, and no other", () => {
      const categories = rules.resolvedOptions().pluralCategories.toSorted();
      for (const [name, message] of messages) {
        if (typeof message !== "string") assert.deepEqual(Object.keys(message).sort(), categories, name);
      }
    });

    it("leave the number out only where the category stands for one number", () => {
      const numbers = (category) => [...Array(1_001).keys()].filter((number) => rules.select(number) === category);
      for (const [name, message] of messages) {
        if (typeof message === "string") continue;
        for (const [category, form] of Object.entries(message)) {
          if (variables(form).length === 0) assert.equal(numbers(category).length, 1, `${name} [${category}]`);
        }
      }
    });

    it("are written as the language is", () => {
      const wrong = {
        fr: /[^\s\u00a0\u202f][?!;]|[^\u00a0]:(?!\/)| [?!;:]|'/u,
        ar: /[,;?]/u,
        ja: /[,.?!:](?![\d\w])(?!\s*\{)/u,
        zh: /[,?!:](?!\/)|\.$/u,
      }[language] ?? /'| [?!;:]|\.\.\./u;
      for (const [name, message] of messages) {
        for (const form of Object.values(forms(message))) {
          assert.equal(form, form.trim(), name);
          assert.doesNotMatch(form, wrong, `${name}: ${form}`);
        }
      }
    });

    it("name the dialog and its button as the page does before they are loaded", () => {
      assert.deepEqual(LABELS[language], [messages.get("region"), messages.get("close")]);
    });

    if (language === "en") return;
    it("are read by media.js as the file has them", () => {
      const texts = textsFor(language, compile(language));
      assert.equal(texts.language, language);
      for (const name of parts().media) {
        const [plain] = Object.values(forms(messages.get(name))).slice(-1);
        const found = typeof messages.get(name) === "string" ? texts[name] : texts[name].split("\t").at(-1);
        assert.equal(found.replace(/[\u2068\u2069]/g, ""), plain.replace(/\{ \$\w+ \}/, "{}"), name);
      }
    });

    it("count files and retakes in the form that the number asks for", () => {
      const texts = textsFor(language, compile(language));
      for (const name of ["file_limit", "record_retakes_left"]) {
        for (const number of [0, 1, 2, 3, 11, 20]) {
          const form = messages.get(name)[rules.select(number)];
          const expected = form.replace(/\{ \$\w+ \}/, new Intl.NumberFormat(language).format(number));
          assert.equal(count(texts[name], number, language).replace(/[\u2068\u2069]/g, ""), expected, `${name}, ${number}`);
        }
      }
    });

    it("are a module that says what the file says", async () => {
      const text = await localeLoader(importLocale)(language);
      assert.equal(text, compile(language));
      assert.equal(source(`npm/locales/${language}.js`), module(language, text));
      assert.equal(text.split("\n")[3], messages.get("load_failed"), "core.js reads this line");
    });
  });
}

describe("the texts", () => {
  it("are those that Rust reads: `node widget/locales.mjs` has been run", () => {
    assert.equal(source("src/i18n/en.txt"), compile("en", english, parts().wasm));
    assert.equal(source("src/i18n/texts.rs"), rust());
    assert.equal(source("npm/media-lines.js"), mediaLines());
  });

  it("of files and recordings are no part of the wasm, but for those that it says itself", () => {
    const { wasm, media } = parts();
    const both = ["file_done", "time_left", "try_again"];
    assert.deepEqual(media.filter((name) => wasm.includes(name)), both);
    assert.deepEqual([...english.keys()].filter((name) => /^(file|record|media)_/.test(name) === wasm.includes(name) && !both.includes(name)), []);
    const lines = source("src/i18n/en.txt").split("\n");
    assert.equal(lines.length, wasm.length + 1);
    assert.equal(compile("de").split("\n").length, wasm.length + media.length - both.length + 1, "one line for both");
  });

  it("are all used", () => {
    const rustFiles = (folder) =>
      readdirSync(join(widget, folder), { withFileTypes: true }).flatMap((entry) => {
        const path = `${folder}/${entry.name}`;
        if (entry.isDirectory()) return rustFiles(path);
        return entry.name.endsWith(".rs") && !["texts.rs", "tests.rs"].includes(entry.name) ? [source(path)] : [];
      });
    const code = rustFiles("src").join("\n");
    const { wasm, media } = parts();
    const isUnused = (code) => (name) => !new RegExp(`\\.${name}\\b`).test(code);
    assert.deepEqual(wasm.filter((name) => !OF_THE_FRAME.includes(name)).filter(isUnused(code)), []);
    const files = readdirSync(join(widget, "npm")).filter((name) => /^(media|record|upload).*\.js$/.test(name) && name !== "media-lines.js");
    const js = files.map((name) => source(`npm/${name}`)).join("\n");
    assert.deepEqual(media.filter(isUnused(js)), []);
    const asked = new Set([...js.matchAll(/\btexts\.(\w+_\w+)/g)].map(([, name]) => name));
    assert.deepEqual([...asked].filter((name) => !media.includes(name)), [], "read by media.js, and not there");
  });

  it("are refused when something is in them that the widget would not read", () => {
    assert.throws(() => compile("en", new Map([...english, ["no_such_message", ""]])), /no_such_message is missing/);
    assert.throws(() => compile("de", new Map([...english, ["yes", { other: "" }]])), /yes has plural forms in one language only/);
  });
});

describe("what media.js says", () => {
  it("is English where there is no file, or one of another version", () => {
    const english = textsFor("en", null);
    assert.deepEqual([english.file_done, english.language], ["Uploaded", "en"]);
    assert.deepEqual(textsFor("sv", null), english);
    assert.deepEqual(textsFor("de", compile("de").replace(/^\w+/, "00000000")), english);
    assert.equal(textsFor("de-AT", compile("de")).language, "de");
    assert.equal(textsFor("iw", compile("he")).language, "he");
    assert.deepEqual(Object.keys(LINES), parts().media);
  });

  it("is written with the numbers, units and lists of its language", () => {
    assert.equal(size(8 * 1024 * 1024, "de"), "8 MB");
    assert.equal(size(1.5 * 1024 * 1024, "fr"), "1,5\u202fMo");
    assert.deepEqual([0, 1, 1023, 1536].map((bytes) => size(bytes, "en")), ["0 kB", "1 kB", "1 kB", "2 kB"]);
    assert.deepEqual([0, 9_001, 65_000, 3_600_000].map((ms) => clock(ms, "en")), ["0:00", "0:10", "1:05", "60:00"]);
    assert.equal(clock(9_999, "en", Math.floor), "0:09");
    assert.equal(oneOf(["PDF", "CSV", "PNG"], "es"), "PDF, CSV o PNG");
    assert.equal(fill("Remove {}", "$&.pdf"), "Remove $&.pdf", "a name is no pattern");
  });
});

describe("a language", () => {
  it("is found by its first part, whatever the script, the region and the age of the code", () => {
    const table = { "pt-BR": "pt", "zh-Hans": "zh", "zh-CN": "zh", "zh-TW": "zh", iw: "he", "IW-il": "he", de_AT: "de", sv: "sv" };
    for (const [language, tag] of Object.entries(table)) assert.equal(tagOf(language), tag);
    assert.deepEqual(labelsOf("pt-BR"), ["Entrevista", "Fechar"]);
    assert.deepEqual(labelsOf("constructor"), ["Interview", "Close"]);
  });

  it("is what the page asks for, else what the page is written in, else what the browser is", () => {
    const saved = globalThis.document;
    globalThis.document = { documentElement: { lang: "ja" } };
    try {
      assert.equal(languageOf("fr"), "fr");
      assert.equal(languageOf(undefined), "ja");
      globalThis.document.documentElement.lang = "";
      assert.equal(languageOf(undefined), globalThis.navigator?.language ?? "en");
    } finally {
      globalThis.document = saved;
    }
  });

  it("is written from right to left or not, before the wasm is there as after", () => {
    const rust = readFileSync(new URL("../src/i18n/mod.rs", import.meta.url), "utf8");
    const [, tags] = /match tag\(language\).as_str\(\) \{\s+(.*) => "rtl"/.exec(rust);
    for (const tag of [...tags.matchAll(/"(\w+)"/g)].map(([, tag]) => tag).concat("iw", "ps-AF")) assert.equal(direction(tag), "rtl", tag);
    for (const tag of ["en", "ja", "de-CH"]) assert.equal(direction(tag), "ltr", tag);
  });

  it("is loaded once for all interviews, and again after it could not be", async () => {
    const asked = [];
    let isDown = true;
    const load = localeLoader(async (tag) => {
      asked.push(tag);
      if (isDown) throw new Error("offline");
      return { default: "texts" };
    });
    assert.equal(await load("de-AT"), null, "English, and no error");
    isDown = false;
    assert.deepEqual([await load("de"), await load("de-CH")], ["texts", "texts"]);
    assert.deepEqual(asked, ["de", "de"]);
  });

  it("is not loaded when it is English or there is no file", async () => {
    const load = localeLoader(() => assert.fail("nothing to load"));
    assert.deepEqual([await load("en-GB"), await load("sv"), await load(""), await load("constructor")], [null, null, null, null]);
  });

  it("is waited for, but not for ever", async (context) => {
    context.mock.timers.enable({ apis: ["setTimeout"] });
    assert.equal(await patiently(Promise.resolve("texts")), "texts");
    const waiting = patiently(new Promise(() => {}));
    context.mock.timers.tick(2_000);
    assert.equal(await waiting, null);
  });
});
