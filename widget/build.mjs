// Builds the widget into widget/npm: wasm-pack, wasm-opt, then the script build; prints what a page has to load.
// Run it from anywhere: `npm run build:widget` or `node widget/build.mjs`. Nothing happens when nothing has changed.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

/** SPEC and issue 2: wasm, JavaScript and CSS together, in brotli. */
const BUDGET_BYTES = 120 * 1024;

const widget = dirname(fileURLToPath(import.meta.url));
const root = dirname(widget);
const npm = join(widget, "npm");
const wasm = join(npm, "wasm");
const dist = join(npm, "dist");
const stamp = join(root, ".cache", "widget-built-from");

const env = {
  ...process.env,
  PATH: [join(root, "node_modules", ".bin"), join(process.env.HOME ?? "", ".cargo", "bin"), process.env.PATH].join(delimiter),
};

function say(text) {
  console.log(`widget: ${text}`);
}

function run(program, args) {
  try {
    execFileSync(program, args, { cwd: root, env, stdio: "inherit", shell: process.platform === "win32" });
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

/** A hash over everything that the build reads. */
function inputs() {
  const paths = ["Cargo.toml", "Cargo.lock", "rust-toolchain.toml", "package-lock.json", "protocol/Cargo.toml", "protocol/src"];
  paths.push("widget/Cargo.toml", "widget/src", "widget/build.mjs", "widget/npm/core.js", "widget/npm/script.js");
  const hash = createHash("sha256");
  for (const file of paths.flatMap((path) => filesIn(join(root, ...path.split("/"))))) {
    hash.update(relative(root, file).split(sep).join("/")).update("\0").update(readFileSync(file)).update("\0");
  }
  return hash.digest("hex");
}

function measure() {
  const kb = (bytes) => `${(bytes / 1024).toFixed(1)} KB`.padStart(10);
  let total = 0;
  console.log(`\n${"what a page loads".padEnd(24)}${"raw".padStart(10)}${"gzip".padStart(10)}${"brotli".padStart(10)}`);
  for (const name of ["interview-relay.wasm", "interview-relay.js"]) {
    const bytes = readFileSync(join(dist, name));
    const brotli = brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }).length;
    total += brotli;
    console.log(`${name.padEnd(24)}${kb(bytes.length)}${kb(gzipSync(bytes, { level: 9 }).length)}${kb(brotli)}`);
  }
  console.log(`${"total, CSS included".padEnd(44)}${kb(total)}   (budget ${kb(BUDGET_BYTES).trim()})\n`);
  if (total > BUDGET_BYTES) {
    console.error("widget: over budget.");
    process.exit(1);
  }
}

const hash = inputs();
const outputs = ["wasm/widget.js", "wasm/widget_bg.wasm", "dist/interview-relay.js", "dist/interview-relay.wasm"];
const isBuilt = outputs.every((name) => existsSync(join(npm, name))) && existsSync(stamp);
if (isBuilt && readFileSync(stamp, "utf8") === hash && !process.argv.includes("--force")) {
  say("unchanged since the last build");
  measure();
  process.exit(0);
}

const began = Date.now();
say("1/3 compiling Rust to WebAssembly (the first time takes a few minutes)");
rmSync(stamp, { force: true });
rmSync(wasm, { recursive: true, force: true });
run("wasm-pack", [
  ...["build", "widget", "--target", "web", "--no-pack", "--no-opt", "--no-typescript", "--no-gitignore"],
  ...["--out-dir", "npm/wasm", "--out-name", "widget", "--profile", "wasm"],
]);

// Only what Rust's own target features name: wasm-opt would otherwise write types that browsers do not know yet.
const FEATURES = ["bulk-memory", "bulk-memory-opt", "call-indirect-overlong", "multivalue", "mutable-globals"];
FEATURES.push("nontrapping-float-to-int", "reference-types", "sign-ext");

say("2/3 making it smaller with wasm-opt");
const module = join(wasm, "widget_bg.wasm");
run("wasm-opt", [
  ...["-Oz", "--converge", "--strip-debug", "--strip-producers", "--strip-target-features", "--mvp-features"],
  ...FEATURES.map((feature) => `--enable-${feature}`),
  ...[module, "-o", module],
]);

say("3/3 bundling the script build");
rmSync(dist, { recursive: true, force: true });
mkdirSync(dist, { recursive: true });
run("esbuild", [
  ...[join(npm, "script.js"), "--bundle", "--minify", "--format=iife", "--target=es2022", "--charset=utf8"],
  // The glue's own default address is never used: the address is always passed.
  ...["--define:import.meta.url=null", "--log-level=warning", `--outfile=${join(dist, "interview-relay.js")}`],
]);
copyFileSync(module, join(dist, "interview-relay.wasm"));
mkdirSync(dirname(stamp), { recursive: true });
writeFileSync(stamp, hash);
say(`built in ${Math.round((Date.now() - began) / 1000)} s`);
measure();
