// The package as it would be published: packed, unpacked elsewhere, imported where there is no window.
// `npm run build:widget` must have run before.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";

import { publint } from "publint";
import { formatMessage } from "publint/utils";

import { LANGUAGES } from "../locales.mjs";

/** Entries for script tags and files, which have no types: nobody imports anything from them. */
const NOT_MODULES = ["./script", "./wasm", "./custom-elements.json"];

const source = join(dirname(fileURLToPath(import.meta.url)), "..", "npm");

describe("the npm package", () => {
  let consumer;
  let installed;
  let tarball;

  before(() => {
    consumer = mkdtempSync(join(tmpdir(), "interviewrelay-widget-"));
    installed = join(consumer, "node_modules", "@interviewrelay", "widget");
    mkdirSync(installed, { recursive: true });
    const npm = process.platform === "win32" ? "npm.cmd" : "npm";
    const packed = execFileSync(npm, ["pack", "--json", "--pack-destination", consumer], {
      cwd: source,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
      shell: process.platform === "win32",
    });
    const listed = JSON.parse(packed);
    const { filename } = Array.isArray(listed) ? listed[0] : Object.values(listed)[0];
    tarball = join(consumer, filename);
    execFileSync("tar", ["-xzf", filename, "-C", installed, "--strip-components=1"], { cwd: consumer });
    writeFileSync(join(consumer, "package.json"), JSON.stringify({ type: "module" }));
  });

  after(() => rmSync(consumer, { recursive: true, force: true }));

  const inNode = (code) =>
    execFileSync(process.execPath, ["--input-type=module", "--eval", code], { cwd: consumer, encoding: "utf8" }).trim();

  it("holds what a page needs, and nothing else", () => {
    const list = (folder) =>
      readdirSync(join(installed, folder), { withFileTypes: true }).flatMap((entry) =>
        entry.isDirectory() ? list(join(folder, entry.name)) : [join(folder, entry.name).replaceAll("\\", "/")]
      );
    const wanted = ["LICENSE", "README.md", "package.json", "custom-elements.json", "wasm/widget.js", "wasm/widget_bg.wasm"];
    wanted.push("index.js", "index.d.ts", "element.js", "element.d.ts", "react.js", "react.d.ts");
    wanted.push("content-policy.js", "core.js", "custom-element.js", "frame-style.js", "frame.js", "isolated.js", "locale-files.js", "locales.js", "options.js", "scroll-lock.js");
    wanted.push("early.js", "first-lines.js", "first-markup.js", "first-screen.js", "first-texts.js", "hand-over.js", "style.js");
    wanted.push(...["", "-dom", "-files", "-lines", "-loader", "-player", "-recording", "-store", "-style", "-texts"].map((name) => `media${name}.js`));
    wanted.push("on-device.js", "recorder.js", "upload-list.js", "uploader.js");
    for (const language of LANGUAGES.slice(1)) wanted.push(`locales/${language}.js`, `dist/locales/${language}.js`);
    wanted.push(...["engine.js", "files.json", "inline.js", "integrity.json", "interview-relay.js", "interview-relay.wasm", "isolated.js", "media.js"].map((name) => `dist/${name}`));
    assert.deepEqual(list("").sort(), wanted.sort());
  });

  it("holds a WebAssembly module that compiles", async () => {
    for (const name of ["dist/interview-relay.wasm", "wasm/widget_bg.wasm"]) {
      const bytes = readFileSync(join(installed, name));
      assert.ok(await WebAssembly.compile(bytes), name);
      assert.ok(statSync(join(installed, name)).size < 1024 * 1024, name);
    }
  });

  it("names every file that its manifest points to", () => {
    const manifest = JSON.parse(readFileSync(join(installed, "package.json"), "utf8"));
    const paths = JSON.stringify([manifest.main, manifest.types, manifest.unpkg, manifest.exports, `./${manifest.customElements}`]).match(/(?<=:|,|\[)"\.\/[\w./-]+(?=")(?!":)/g).map((path) => path.slice(1));
    assert.ok(paths.length > 5);
    for (const path of paths) assert.ok(statSync(join(installed, path)).isFile(), path);
  });

  it("can be imported where there is no window", () => {
    const code = `
      const module = await import("@interviewrelay/widget");
      console.log(Object.keys(module).sort().join(), typeof window, module.default === module.InterviewRelay);`;
    assert.equal(inNode(code), "InterviewRelay,default,mount,preload,version undefined true");
  });

  for (const entry of ["element", "inline"]) {
    it(`can be imported where there is no window, twice (${entry})`, () => {
      const code = `
        const module = await import("@interviewrelay/widget/${entry}");
        await import("@interviewrelay/widget/${entry}");
        console.log(Object.keys(module).sort().join(), typeof window);`;
      const exported = { element: "InterviewRelayElement", inline: "InterviewRelay,default,mount,preload,version" };
      assert.equal(inNode(code), `${exported[entry]} undefined`);
    });
  }

  it("needs React for nothing but its React component", () => {
    assert.throws(() => inNode(`await import("@interviewrelay/widget/react")`), /Cannot find package 'react'/);
  });

  it("has a custom elements manifest that names the attributes, members and events that the code has", async () => {
    const manifest = JSON.parse(readFileSync(join(installed, "custom-elements.json"), "utf8"));
    assert.equal(manifest.schemaVersion, "1.0.0");
    const [{ attributes, members, events, cssProperties, tagName }] = manifest.modules[0].declarations;
    const names = (list) => list.map(({ name }) => name).sort();
    const observed = inNode(`
      import { InterviewRelayElement as element } from "@interviewrelay/widget/element";
      const members = Object.entries(Object.getOwnPropertyDescriptors(element.prototype)).filter(([, each]) => each.get).map(([name]) => name);
      console.log(JSON.stringify([element.observedAttributes, members]));`);
    assert.deepEqual([names(attributes), names(members)], JSON.parse(observed).map((list) => list.sort()));
    const types = readFileSync(join(installed, "index.d.ts"), "utf8");
    assert.deepEqual(names(events), [...types.matchAll(/"(interview-relay-\w+)": CustomEvent/g)].map(([, name]) => name).sort());
    const style = readFileSync(join(source, "..", "src", "style.css"), "utf8");
    assert.deepEqual(names(cssProperties), [...new Set(style.match(/--interview-relay-[a-z-]+/g))].sort());
    assert.equal(tagName, "interview-relay");
  });

  it("has the digests of what a page loads", () => {
    const digests = JSON.parse(readFileSync(join(installed, "dist", "integrity.json"), "utf8"));
    const digest = (name) => `sha384-${createHash("sha384").update(readFileSync(join(installed, "dist", name))).digest("base64")}`;
    assert.deepEqual(digests, Object.fromEntries(["interview-relay.js", "interview-relay.wasm"].map((name) => [name, digest(name)])));
  });

  it("is what publint expects of a package", async () => {
    const { messages } = await publint({ pack: { tarball: new Uint8Array(readFileSync(tarball)).buffer }, strict: true });
    assert.deepEqual(messages.map((message) => formatMessage(message, JSON.parse(readFileSync(join(installed, "package.json"), "utf8")))), []);
  });

  it("has types that every resolver of ES modules finds and believes", () => {
    const args = [tarball, "--profile", "esm-only", "--format", "ascii", "--no-color", "--no-definitely-typed", "--exclude-entrypoints", ...NOT_MODULES];
    const cli = createRequire(import.meta.url).resolve("@arethetypeswrong/cli/package.json");
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(dirname(cli), "dist", "index.js"), ...args], { encoding: "utf8" });
    assert.equal(status, 0, stdout + stderr);
    assert.match(stdout, /"@interviewrelay\/widget\/react"/, "all entries were looked at");
  });

  it("has the version of its manifest", () => {
    const { version } = JSON.parse(readFileSync(join(installed, "package.json"), "utf8"));
    assert.equal(inNode(`import { version } from "@interviewrelay/widget"; console.log(version);`), version);
  });

  it("says that mount needs a browser", () => {
    const code = `
      import { mount } from "@interviewrelay/widget";
      try { mount("#a", "token"); } catch (error) { console.log(error.message); }`;
    assert.match(inNode(code), /needs a browser/);
  });

  it("puts nothing on the global object when imported", () => {
    const code = `
      const before = new Set(Object.getOwnPropertyNames(globalThis));
      await import("@interviewrelay/widget");
      console.log(Object.getOwnPropertyNames(globalThis).filter((name) => !before.has(name)).length);`;
    assert.equal(inNode(code), "0");
  });
});
