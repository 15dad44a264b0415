// What `mount` refuses and promises before any WebAssembly runs, with a document that is just large enough.
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";

import { create } from "../npm/core.js";
import { importLocale } from "../npm/locale-files.js";
import { localeLoader } from "../npm/locales.js";

class FakeElement extends EventTarget {
  attributes = {};
  children = [];
  style = { setProperty: () => {} };
  setAttribute(name, value) {
    this.attributes[name] = value;
  }
  removeAttribute(name) {
    delete this.attributes[name];
  }
  append(...children) {
    this.children.push(...children);
    for (const child of children) if (child instanceof FakeElement) child.parent = this;
  }
  replaceChildren(...children) {
    this.children = [];
    this.append(...children);
  }
  /** Nothing here is drawn by tags. */
  querySelector() {
    return null;
  }
  hasChildNodes() {
    return this.children.length > 0;
  }
  attachShadow() {
    this.shadow = new FakeElement();
    return this.shadow;
  }
  remove() {
    this.parent?.children.splice(this.parent.children.indexOf(this), 1);
  }
}

describe("mount", () => {
  let box;
  let mounts;
  let wasm;
  const settled = () => new Promise((resolve) => setImmediate(resolve));

  beforeEach(() => {
    box = new FakeElement();
    mounts = [];
    wasm = {
      mount(host, options) {
        const app = { host, options, paused: 0, unmounted: 0, pause: () => app.paused++, unmount: () => app.unmounted++ };
        mounts.push(app);
        return app;
      },
    };
    globalThis.Element = FakeElement;
    globalThis.CSSStyleSheet = class {
      replaceSync() {}
    };
    globalThis.requestAnimationFrame = (draw) => setImmediate(draw);
    globalThis.document = {
      querySelector: (selector) => (selector === "#box" ? box : null),
      createElement: () => new FakeElement(),
      addEventListener() {},
      removeEventListener() {},
    };
  });

  afterEach(() => {
    delete globalThis.Element;
    delete globalThis.CSSStyleSheet;
    delete globalThis.requestAnimationFrame;
    delete globalThis.document;
  });

  const widget = (load = async () => wasm, parts) => create(load, "0.0.0", parts);

  it("names the selector that finds nothing", () => {
    assert.throws(() => widget().mount("#nope", "token"), /no element "#nope"/);
  });

  for (const key of ["ir_live_sk_secret123", " ir_test_sk_secret123"]) {
    it(`refuses an API key, without repeating it (${key.trim().slice(0, 8)})`, () => {
      for (const options of [key, { inviteToken: key }]) {
        assert.throws(() => widget().mount("#box", options), (error) => /Never put an API key/.test(error.message) && !error.message.includes("secret123"));
      }
      assert.equal(box.children.length, 0);
    });
  }

  it("refuses what it cannot do", () => {
    const refusals = [
      [undefined, /invite token or an object/],
      [{}, /`inviteToken` is missing/],
      [{ inviteToken: 7 }, /must be a string/],
      [{ getInviteToken: "token" }, /must be a function/],
      [{ inviteToken: "t", apiBase: "javascript:alert(1)" }, /http\(s\) address/],
      [{ inviteToken: "t", mode: "sidebar" }, /one of inline, popup, fullpage/],
      [{ inviteToken: "t", wasmUrl: 7 }, /`wasmUrl` must be the address/],
      [{ inviteToken: "t", session: { session_token: "t" } }, /`session` must be the promise that fetch gave/],
      [{ inviteToken: "t", title: "" }, /what a screen reader says/],
      [{ inviteToken: "t", theme: { colorScheme: "sepia" } }, /color scheme/],
    ];
    for (const [options, message] of refusals) assert.throws(() => widget().mount("#box", options), message);
  });

  it("passes the token and the look on to the wasm", async () => {
    widget().mount(box, { inviteToken: "token", theme: { colorScheme: "dark", accent: "red" } });
    await settled();
    const { inviteToken, colorScheme, theme } = mounts[0].options;
    assert.deepEqual([inviteToken, colorScheme, theme], ["token", "dark", { accent: "red" }]);
    assert.equal(box.children[0].attributes["data-interview-relay"], "");
  });

  it("passes on the texts of the language, and how to get those of another", async () => {
    const asked = [];
    const loadLocale = async (language) => {
      asked.push(language);
      return `texts in ${language}`;
    };
    widget(undefined, { loadLocale }).mount(box, { inviteToken: "token", locale: "de-AT" });
    await settled();
    const { language, texts, loadLocale: other } = mounts[0].options;
    assert.deepEqual([asked, language, texts], [["de-AT"], "de-AT", "texts in de-AT"]);
    assert.equal(await other("fr"), "texts in fr");
  });

  it("takes a language tag in the form of an operating system, and leaves out what is none", async (context) => {
    context.mock.method(console, "error", () => {});
    const tags = [["de_DE", "de-DE"], [" pt-BR ", "pt-BR"], ["de_DE.UTF-8", undefined], ["", undefined], [undefined, undefined], ["C", undefined], [7, undefined]];
    for (const [locale, tag] of tags) {
      widget().mount(new FakeElement(), { inviteToken: "token", locale });
      await settled();
      assert.equal(mounts.at(-1).options.locale, tag, String(locale));
    }
  });

  it("says in the person's language that the interview could not be loaded", async (context) => {
    context.mock.method(console, "error", () => {});
    const load = async () => {
      throw new Error("offline");
    };
    const handle = widget(load, { loadLocale: localeLoader(importLocale) }).mount(box, { inviteToken: "token", locale: "de" });
    await handle.ready;
    assert.match(box.children[0].textContent, /^Das Interview konnte nicht geladen werden\./);
    assert.equal(box.children[0].attributes.lang, "de");
  });

  it("does not read a file of texts of another version", async (context) => {
    context.mock.method(console, "error", () => {});
    const load = async () => {
      throw new Error("offline");
    };
    const loadLocale = async () => "00000000\nInterview\nSchließen\nWeiter\nÜberspringen";
    const told = [];
    const handle = widget(load, { loadLocale }).mount(box, { inviteToken: "token", locale: "de", onError: ({ message }) => told.push(message) });
    await handle.ready;
    assert.match(box.children[0].textContent, /^The interview could not be loaded\./);
    assert.equal(box.children[0].attributes.lang, "en");
    assert.deepEqual(told, [box.children[0].textContent], "the page is told the same");
  });

  it("tells listeners, callbacks and the document", async () => {
    const heard = [];
    const handle = widget().mount("#box", { inviteToken: "t", onAnswer: (detail) => heard.push(["callback", detail.questionId]) });
    const off = handle.on("answer", (detail) => heard.push(["on", detail.questionId]));
    box.children[0].addEventListener("interview-relay-answer", (event) => heard.push(["dom", event.detail.questionId]));
    await settled();
    mounts[0].options.emit("answer", { questionId: "q1" });
    off();
    mounts[0].options.emit("answer", { questionId: "q2" });
    assert.deepEqual(heard, [["dom", "q1"], ["callback", "q1"], ["on", "q1"], ["dom", "q2"], ["callback", "q2"]]);
    assert.throws(() => handle.on("finished", () => {}), /no event "finished"/);
  });

  it("replaces an interview in the same element", async () => {
    const { mount } = widget();
    const closed = [];
    mount("#box", { inviteToken: "one", onClose: () => closed.push("one") });
    await settled();
    mount("#box", { inviteToken: "two", onClose: () => closed.push("two") });
    await settled();
    assert.deepEqual(closed, ["one"]);
    assert.equal(mounts[0].unmounted, 1);
    assert.equal(box.children.length, 1);
  });

  it("can be unmounted before the wasm has arrived, and twice", async () => {
    const handle = widget().mount("#box", "token");
    handle.unmount();
    handle.unmount();
    await handle.ready;
    await settled();
    assert.deepEqual([mounts.length, box.children.length], [0, 0]);
  });

  it("saves what is typed before it takes the interview apart", async () => {
    const handle = widget().mount("#box", "token");
    await settled();
    const order = [];
    mounts[0].pause = () => order.push("pause");
    mounts[0].unmount = () => order.push("unmount");
    handle.unmount();
    assert.deepEqual(order, ["pause"], "the message to Yew has yet to be read");
    await settled();
    assert.deepEqual(order, ["pause", "unmount"]);
  });

  it("asks for the wasm where the page says it is", async () => {
    const asked = [];
    const { mount } = widget(async (wasmUrl) => {
      asked.push(String(wasmUrl));
      return wasm;
    });
    mount("#box", { inviteToken: "t", wasmUrl: new URL("https://cdn.example/widget.wasm") });
    mount(new FakeElement(), { inviteToken: "t", wasmUrl: "https://cdn.example/other.wasm" });
    await settled();
    assert.deepEqual(asked, ["https://cdn.example/widget.wasm"], "the first mount decides");
  });

  it("pauses as soon as it can", async () => {
    const handle = widget().mount("#box", "token");
    handle.pause();
    await settled();
    mounts[0].options.emit("ready");
    await settled();
    assert.equal(mounts[0].paused, 1);
  });

  it("takes a wish to pause while the wasm does not show the interview yet", async () => {
    const handle = widget().mount("#box", "token");
    await settled();
    handle.pause();
    assert.equal(mounts[0].paused, 0, "it would be lost");
    mounts[0].options.emit("ready");
    assert.equal(mounts[0].paused, 1);
    handle.unmount();
    handle.pause();
    assert.equal(mounts[0].paused, 2, "once more, to save what is typed, and never again");
  });

  it("begins to load before there is a token, and mounts with what has come", async () => {
    const asked = [];
    const { mount, preload } = widget(async (wasmUrl) => {
      asked.push(String(wasmUrl));
      return wasm;
    });
    preload({ wasmUrl: "https://cdn.example/widget.wasm" });
    assert.deepEqual(asked, ["https://cdn.example/widget.wasm"]);
    mount("#box", { inviteToken: "t", wasmUrl: "https://cdn.example/widget.wasm" });
    await settled();
    assert.deepEqual([asked.length, mounts.length], [1, 1]);
  });

  it("leaves a preload that failed to the next mount", async () => {
    let loads = 0;
    const { mount, preload } = widget(async () => {
      loads += 1;
      if (loads === 1) throw new Error("offline");
      return wasm;
    });
    preload();
    await settled();
    mount("#box", "t");
    await settled();
    assert.deepEqual([loads, mounts.length], [2, 1]);
  });

  it("asks for the session beside the wasm, and hands its reply on", async (context) => {
    const calls = [];
    context.mock.method(globalThis, "fetch", async (url, { method, headers, body, credentials, cache }) => {
      calls.push({ url, method, headers, body: Object.fromEntries(body), credentials, cache });
      return new Response("{}", { status: 410 });
    });
    const claims = Buffer.from(JSON.stringify({ iss: "https://interviews.example/", sub: "ü>?" })).toString("base64url");
    const inviteToken = `e30.${claims}.c2ln`;
    const { mount } = widget();
    mount("#box", { inviteToken, locale: "de" });
    mount(new FakeElement(), { inviteToken: "e30.e30.c2ln", apiBase: "http://localhost:8080/" });
    const call = { url: "https://interviews.example/v1/participant/session", method: "POST", headers: undefined, credentials: "omit", cache: "no-store" };
    assert.deepEqual(calls[0], { ...call, body: { access_token: inviteToken, locale: "de" } });
    assert.deepEqual(calls[1], { ...call, url: "http://localhost:8080/v1/participant/session", body: { access_token: "e30.e30.c2ln" } });
    while (mounts.length === 0) await settled();
    assert.deepEqual(await mounts[0].options.early.reply, { status: 410, text: "{}" });
  });

  for (const [name, inviteToken] of [
    ["is no JWT", "token"],
    ["has too many parts", `e30.${Buffer.from('{"iss":"https://a.example"}').toString("base64url")}.c2ln.c2ln`],
    ["names no web address", `e30.${Buffer.from('{"iss":"javascript:alert(1)"}').toString("base64url")}.c2ln`],
  ]) {
    it(`calls nobody when the token ${name}`, async (context) => {
      const fetched = context.mock.method(globalThis, "fetch", async () => new Response());
      widget().mount("#box", inviteToken);
      await settled();
      assert.deepEqual([fetched.mock.callCount(), mounts[0].options.early], [0, undefined]);
    });
  }

  it("loads the wasm once, and again after a load that failed", async (context) => {
    context.mock.method(console, "error", () => {});
    let loads = 0;
    const { mount } = widget(async () => {
      loads += 1;
      if (loads === 1) throw new Error("offline");
      return wasm;
    });
    const errors = [];
    const handle = mount("#box", { inviteToken: "t", onError: (error) => errors.push(error.code) });
    await handle.ready;
    assert.deepEqual(errors, ["load_failed"]);
    assert.match(box.children[0].textContent, /could not be loaded/);
    mount("#box", "t");
    mount(new FakeElement(), "t");
    await settled();
    assert.deepEqual([loads, mounts.length], [2, 2]);
  });
});
