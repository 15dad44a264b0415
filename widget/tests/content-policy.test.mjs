// Which policies of a page's head forbid WebAssembly; what a browser makes of a header is tried in tests/journeys/iframe.spec.ts.
import assert from "node:assert/strict";
import { afterEach, describe, it } from "node:test";

import { isIsolated } from "../npm/content-policy.js";

const inPageWith = (...policies) => {
  globalThis.document = { head: { querySelectorAll: () => policies.map((content) => ({ content })) } };
  return isIsolated("auto");
};

describe("the policy of a page", () => {
  afterEach(() => delete globalThis.document);

  for (const policy of ["script-src 'self'", "default-src 'none'; script-src 'nonce-a'", "default-src https:", "SCRIPT-SRC 'self' ; img-src *", "script-src"]) {
    it(`forbids WebAssembly by ${policy}`, () => assert.equal(inPageWith(policy), true));
  }

  for (const policy of ["", "img-src 'none'", "script-src 'self' 'wasm-unsafe-eval'", "default-src 'none'; script-src 'Unsafe-Eval'", "default-src 'wasm-unsafe-eval'"]) {
    it(`allows it by "${policy}"`, () => assert.equal(inPageWith(policy), false));
  }

  it("forbids it when one of several does", () => assert.equal(inPageWith("script-src 'wasm-unsafe-eval'", "default-src 'self'"), true));

  it("allows it where there is none", () => assert.equal(inPageWith(), false));

  it("counts for nothing when the page has chosen", () => {
    globalThis.document = { head: { querySelectorAll: () => [{ content: "default-src 'none'" }] } };
    assert.deepEqual(["iframe", "none"].map(isIsolated), [true, false]);
  });
});
