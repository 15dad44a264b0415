// Builds the widget into widget/npm: wasm-pack and wasm-opt, then the bundles; prints what a page has to load.
// Run it from anywhere: `npm run build:widget` or `node widget/build.mjs`. Rust is compiled again only when Rust has
// changed, bundles are made again only when JavaScript or the wasm has; `--force` makes everything, `--stock` does without
// a standard library of our own.
import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

import { LANGUAGES, writeLocales } from "./locales.mjs";

/** wasm, JavaScript and CSS together, in brotli: with a standard library of our own, and with that of the compiler. */
const BUDGETS = { tuned: 109 * 1024, stock: 124 * 1024 };

const widget = dirname(fileURLToPath(import.meta.url));
const root = dirname(widget);
const npm = join(widget, "npm");
const wasm = join(npm, "wasm");
const dist = join(npm, "dist");

const env = {
  ...process.env,
  PATH: [join(root, "node_modules", ".bin"), join(process.env.HOME ?? "", ".cargo", "bin"), process.env.PATH].join(delimiter),
};

function say(text) {
  console.log(`widget: ${text}`);
}

function run(program, args, options = {}) {
  try {
    return execFileSync(program, args, { cwd: root, env, stdio: "inherit", shell: process.platform === "win32", ...options });
  } catch (error) {
    if (error.code === "ENOENT") {
      console.error(`widget: ${program} is missing. \`npm start\` installs what the build needs.`);
    } else {
      console.error(`widget: ${program} failed.`);
    }
    process.exit(1);
  }
}

function filesIn(path) {
  if (!existsSync(path)) return [];
  if (statSync(path).isFile()) return [path];
  return readdirSync(path).sort().flatMap((name) => filesIn(join(path, name)));
}

// Only what Rust's own target features name: wasm-opt would otherwise write types that browsers do not know yet.
const FEATURES = ["bulk-memory", "bulk-memory-opt", "call-indirect-overlong", "multivalue", "mutable-globals"];
FEATURES.push("nontrapping-float-to-int", "reference-types", "sign-ext");

const module = join(wasm, "widget_bg.wasm");
const glue = join(wasm, "widget.js");
const WASM_PACK = [
  ...["build", "widget", "--target", "web", "--no-pack", "--no-opt", "--no-typescript", "--no-gitignore"],
  ...["--out-dir", "npm/wasm", "--out-name", "widget", "--profile", "wasm"],
];
/**
 * The standard library compiled along with the widget, for size, and panics that only stop: a sixth of the wasm. Both are
 * not stable yet, so they are used where this compiler takes them and the library's source is there (`rustup component add
 * rust-src`); elsewhere the library is the one that comes with the compiler.
 */
const TUNED = {
  args: ["--", "-Zbuild-std=std,panic_abort", "-Zbuild-std-features=optimize_for_size"],
  flags: "-Zunstable-options -Cpanic=immediate-abort -Zlocation-detail=none -Zfmt-debug=none",
  env: { RUSTC_BOOTSTRAP: "1" },
};
// Messages of panics name files: nobody's home folder belongs into what is published.
const STOCK = { args: [], flags: `--remap-path-prefix=${process.env.HOME ?? "/home"}=~`, env: {} };
const std = canTune() ? TUNED : STOCK;
// Of the wasm alone: wasm-pack builds wasm-bindgen when that is missing, a program of this machine. RUSTFLAGS would go before.
// Optimized, that program is built in four minutes instead of two, and saves half a second; the wasm has a level of its own.
const RUST_ENV = {
  ...std.env,
  RUSTFLAGS: undefined,
  CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS: std.flags,
  CARGO_PROFILE_RELEASE_OPT_LEVEL: "0",
};
const BUDGET_BYTES = std === TUNED ? BUDGETS.tuned : BUDGETS.stock;
// Flattened first, it finds 0.4 KB more. Nothing is kept in the first KB of memory: it is the far end of the stack, and to know
// that saves 0.7 KB. Functions that do alike have names alike: brotli finds more when they are neighbours.
const WASM_OPT = [
  ...["--flatten", "--rereloop", "-Oz", "-Oz", "--converge", "--low-memory-unused", "--reorder-functions-by-name", "--strip-debug", "--strip-producers", "--strip-target-features"],
  ...["--mvp-features", ...FEATURES.map((feature) => `--enable-${feature}`)],
];
const SHORTEN = ["--minify-imports-and-exports-and-modules", "--mvp-features", ...FEATURES.map((feature) => `--enable-${feature}`)];
const BUNDLE = ["--bundle", "--minify", "--target=es2022", "--charset=utf8", "--log-level=warning"];
// The glue's own default address is never used: the address, or the module itself, is always passed.
BUNDLE.push("--define:import.meta.url=null");
const BUNDLES = [
  // What the script needs with the wasm: wasm-bindgen's own JavaScript.
  { from: "wasm/widget.js", to: "engine.js", args: ["--format=esm"] },
  { from: "inline.js", to: "inline.js", args: ["--format=esm", "--loader:.wasm=base64"] },
  { from: "isolated.js", to: "isolated.js", args: ["--format=esm"] },
  // Fetched by the script build when a question needs it.
  { from: "media.js", to: "media.js", args: ["--format=esm"] },
];
// Nearly all of it is needed at once: browsers that read this line compile it while it arrives.
const SCRIPT = { from: "script.js", to: "interview-relay.js", args: ["--format=iife", "--banner:js=//# allFunctionsCalledOnLoad"] };

/** A part of the build: what it reads and how it is made, against what it was made from the last time. */
function part(name, outputs, paths, how) {
  const hash = createHash("sha256").update(JSON.stringify(how));
  for (const file of paths.flatMap((path) => filesIn(join(root, ...path.split("/"))))) {
    hash.update(relative(root, file).split(sep).join("/")).update("\0").update(readFileSync(file)).update("\0");
  }
  const now = hash.digest("hex");
  const stamp = join(root, ".cache", `widget-${name}-built-from`);
  return {
    isBuilt: () =>
      !process.argv.includes("--force") &&
      outputs.every((output) => existsSync(join(npm, output))) &&
      existsSync(stamp) &&
      readFileSync(stamp, "utf8") === now,
    begin: () => rmSync(stamp, { force: true }),
    end: () => {
      mkdirSync(dirname(stamp), { recursive: true });
      writeFileSync(stamp, now);
    },
  };
}

/** Whether this compiler can build its own standard library, and has it. */
function canTune() {
  if (process.argv.includes("--stock")) return false;
  const ask = (...args) => spawnSync("rustc", args, { cwd: root, env: { ...env, RUSTC_BOOTSTRAP: "1" }, encoding: "utf8" });
  const sysroot = ask("--print", "sysroot");
  if (sysroot.status !== 0) return false;
  const source = join(sysroot.stdout.trim(), "lib", "rustlib", "src", "rust", "library", "std", "Cargo.toml");
  return existsSync(source) && ask(...TUNED.flags.split(" "), "--print", "cfg").status === 0;
}

/**
 * Gives what wasm and JavaScript call each other by names of one letter or two: with the hashes in them, the long ones are
 * 4 KB (brotli) that nobody reads.
 */
function shortenNames() {
  const { imports, exports } = JSON.parse(run("wasm-opt", [...SHORTEN, module, "-o", module], { stdio: ["ignore", "pipe", "inherit"] }));
  const modules = new Set(imports.map(([from]) => from));
  if (modules.size !== 1) throw new Error(`widget: the wasm imports from ${[...modules].join(", ")}; one was expected.`);
  const names = new Map([...imports.map(([, long, short]) => [long, short]), ...exports]);
  const left = new Set(names.keys());
  const short = readFileSync(glue, "utf8")
    .replaceAll(`"${[...modules][0]}"`, '"a"')
    // What is given to the wasm, in front of a colon, and what is called of it.
    .replace(/^( +)(\w+)(?=:)|\b(wasm\.)(\w+)\b/gm, (whole, indent, given, wasm, called) => {
      const name = given ?? called;
      left.delete(name);
      if (called && !names.has(called)) throw new Error(`widget: the wasm does not have ${called}.`);
      return names.has(name) ? (indent ?? wasm) + names.get(name) : whole;
    });
  const missing = imports.map(([, long]) => long).filter((long) => left.has(long));
  if (missing.length > 0) throw new Error(`widget: wasm-bindgen's JavaScript does not give ${missing.join(", ")}.`);
  writeFileSync(glue, short);
}

/** The version of a tool that the lock names: another one may build something else. */
function locked(name) {
  return JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")).packages[`node_modules/${name}`]?.version;
}

function measure() {
  const kb = (bytes) => `${(bytes / 1024).toFixed(1)} KB`.padStart(10);
  const row = (name) => {
    const bytes = readFileSync(join(dist, name));
    const brotli = brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }).length;
    console.log(`${name.padEnd(24)}${kb(bytes.length)}${kb(gzipSync(bytes, { level: 9 }).length)}${kb(brotli)}`);
    return brotli;
  };
  console.log(`\n${"what a page loads".padEnd(24)}${"raw".padStart(10)}${"gzip".padStart(10)}${"brotli".padStart(10)}`);
  const total = row("interview-relay.wasm") + row("engine.js") + row("interview-relay.js");
  console.log(`${"total, CSS included".padEnd(44)}${kb(total)}   (budget ${kb(BUDGET_BYTES).trim()})\n`);
  // Instead of the wasm, in pages whose policy forbids it.
  row("isolated.js");
  // One of them, on a page that does not speak English.
  for (const language of LANGUAGES.slice(1)) row(`locales/${language}.js`);
  // Only when a question asks for a file or a recording.
  row("media.js");
  // Instead of the three, for bundlers that cannot copy a wasm file; base64 costs what it costs.
  row("inline.js");
  const integrity = JSON.parse(readFileSync(join(dist, "integrity.json"), "utf8"))["interview-relay.js"];
  console.log(`\nintegrity of interview-relay.js: ${integrity}\n`);
  if (total > BUDGET_BYTES) {
    console.error("widget: over budget.");
    process.exit(1);
  }
}

/** Digests of files in dist, as `integrity` takes them, are written beside them; gives that of the file that is written. */
function writeDigests(to, names) {
  const digest = (name) => `sha384-${createHash("sha384").update(readFileSync(join(dist, name))).digest("base64")}`;
  const digests = Object.fromEntries(names.map((name) => [name, digest(name)]));
  writeFileSync(join(dist, to), `${JSON.stringify(digests, null, 2)}\n`);
  return digest(to);
}

/** All that the script fetches, by the name that it has for it. */
function namesOfFiles() {
  const locales = readdirSync(join(dist, "locales")).sort().map((name) => `locales/${name}`);
  return ["engine.js", "interview-relay.wasm", "isolated.js", "media.js", ...locales];
}

function buildWasm() {
  const sources = ["Cargo.toml", "Cargo.lock", "rust-toolchain.toml", "protocol/Cargo.toml", "protocol/src", "widget/Cargo.toml", "widget/src", "widget/build.mjs"];
  const rust = part("wasm", ["wasm/widget.js", "wasm/widget_bg.wasm"], sources, [WASM_PACK, std.args, RUST_ENV, WASM_OPT, SHORTEN, locked("binaryen")]);
  if (rust.isBuilt()) return false;
  say("1/3 compiling Rust to WebAssembly (the first time takes a few minutes)");
  rust.begin();
  rmSync(wasm, { recursive: true, force: true });
  run("wasm-pack", [...WASM_PACK, ...std.args], { env: { ...env, ...RUST_ENV } });
  say("2/3 making it smaller with wasm-opt");
  run("wasm-opt", [...WASM_OPT, module, "-o", module]);
  shortenNames();
  rust.end();
  return true;
}

/** The style sheet as a module: the first screen needs it before the wasm is there. */
function writeStyle() {
  const css = execFileSync("esbuild", [join(widget, "src", "style.css"), "--minify", "--target=es2022", "--charset=utf8"], { env, encoding: "utf8" });
  writeFileSync(join(npm, "style.js"), `// Made of widget/src/style.css by widget/build.mjs.\nexport default ${JSON.stringify(css.trim())};\n`);
}

function buildBundles() {
  writeStyle();
  const scripts = readdirSync(npm).filter((name) => name.endsWith(".js")).sort().map((name) => `widget/npm/${name}`);
  const outputs = [...[SCRIPT, ...BUNDLES].map(({ to }) => to), "interview-relay.wasm", "files.json", "integrity.json", "locales"].map((name) => `dist/${name}`);
  const bundles = part("bundles", outputs, [...scripts, "widget/npm/locales", "widget/npm/wasm"], [BUNDLE, BUNDLES, SCRIPT, locked("esbuild")]);
  if (bundles.isBuilt()) return false;
  say("3/3 bundling");
  bundles.begin();
  rmSync(dist, { recursive: true, force: true });
  mkdirSync(dist, { recursive: true });
  const bundle = ({ from, to, args }, ...more) => run("esbuild", [join(npm, from), ...BUNDLE, ...args, ...more, `--outfile=${join(dist, to)}`]);
  for (const one of BUNDLES) bundle(one);
  copyFileSync(module, join(dist, "interview-relay.wasm"));
  cpSync(join(npm, "locales"), join(dist, "locales"), { recursive: true });
  // A page holds the script to its digest, `<script integrity="sha384-…" crossorigin="anonymous">`, and the script all others to theirs.
  bundle(SCRIPT, `--define:FILES_DIGEST=${JSON.stringify(writeDigests("files.json", namesOfFiles()))}`);
  writeDigests("integrity.json", ["interview-relay.js", "interview-relay.wasm"]);
  bundles.end();
  return true;
}

const began = Date.now();
writeLocales();
const isNew = [buildWasm(), buildBundles()].includes(true);
say(isNew ? `built in ${Math.round((Date.now() - began) / 1000)} s` : "unchanged since the last build");
measure();
