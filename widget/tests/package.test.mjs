// The package as it would be published: packed, unpacked elsewhere, imported where there is no window.
// `npm run build:widget` must have run before.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";

const source = join(dirname(fileURLToPath(import.meta.url)), "..", "npm");

describe("the npm package", () => {
  let consumer;
  let installed;

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
    const wanted = ["LICENSE", "README.md", "core.js", "dist/interview-relay.js", "dist/interview-relay.wasm", "index.d.ts"];
    wanted.push("index.js", "package.json", "wasm/widget.js", "wasm/widget_bg.wasm");
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
    const paths = JSON.stringify([manifest.main, manifest.types, manifest.unpkg, manifest.exports]).match(/(?<=:|,|\[)"\.\/[\w./-]+(?=")(?!":)/g).map((path) => path.slice(1));
    assert.ok(paths.length > 5);
    for (const path of paths) assert.ok(statSync(join(installed, path)).isFile(), path);
  });

  it("can be imported where there is no window", () => {
    const code = `
      const module = await import("@interviewrelay/widget");
      console.log(Object.keys(module).sort().join(), typeof window, module.default === module.InterviewRelay);`;
    assert.equal(inNode(code), "InterviewRelay,default,mount,version undefined true");
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
