// Sends one Blob in parts, each with its digest (RFC 9530), for as long as it takes: a part that got lost is sent again,
// an upload that was begun before is gone on with, and what the server has is asked of the server.

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;
const CALL_TIMEOUT_MS = 20_000;
/** A part is 1 MiB in general; slower than 70 kbit/s a new attempt is the better bet. */
const PART_TIMEOUT_MS = 120_000;
/** How often to look whether the answers given before have arrived: until then this question is not the open one. */
const AHEAD_MS = 1_000;
/** How often to look whether there is another token, and how often in all before the call counts as one that got lost. */
const TOKEN_MS = 100;
const TOKEN_LOOKS = 300;
/** The digest of a whole file needs all of it in memory; each part has its own in any case. */
const DIGEST_WHOLE_BYTES = 32 * 1024 * 1024;

/** What the server said no to for good; `message` is its own words. */
export class Refused extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/** Digests need a secure context: https, or this machine. */
export const canUpload = () => globalThis.crypto?.subtle !== undefined;

/**
 * Sends `item.blob` and gives the upload when it is complete.
 *
 * `item` is `{clientId, question, name, type, blob, durationMs?, uploadId?}`; `uploadId` is set as soon as it is known.
 * `tell` is called with `{sentBytes, isPaused, uploadId}`. `signal` ends it; what is on the server then stays there.
 */
export async function upload(item, connection, { tell = () => {}, signal } = {}) {
  const { blob } = item;
  let state = { sentBytes: 0, isPaused: false };
  const say = (news) => tell((state = { ...state, ...news, uploadId: item.uploadId }));
  const attempt = (call, retryOn) => persist(call, { say, signal, retryOn });
  const get = () => connection.call("GET", path(item.uploadId), { signal });

  while (connection.isAhead()) {
    say({ isPaused: true });
    await rest(AHEAD_MS, signal);
    signal?.throwIfAborted();
  }
  let view;
  if (item.uploadId) {
    view = await attempt(get).catch((error) => {
      // Erased, or too old: begin anew, for the server remembers the first id as what was erased.
      if (error.status !== 404) throw error;
      item.uploadId = undefined;
      item.clientId = freshId();
    });
  }
  view ??= await attempt(() => connection.call("POST", "/session/uploads", { json: description(item), signal }));
  item.uploadId = view.upload.id;

  while (view.upload.status !== "complete") {
    const { part_size_bytes: size } = view.upload;
    const parts = Math.max(1, Math.ceil(blob.size / size));
    const there = new Set(view.upload.parts_received);
    const bytesOf = (number) => Math.min(size, blob.size - (number - 1) * size);
    let sentBytes = [...there].reduce((sum, number) => sum + bytesOf(number), 0);
    say({ sentBytes });
    for (let number = 1; number <= parts; number += 1) {
      if (there.has(number)) continue;
      const bytes = await blob.slice((number - 1) * size, number * size).arrayBuffer();
      const headers = { "Content-Digest": `sha-256=:${base64(await digest(bytes))}:`, "Content-Type": "application/octet-stream" };
      const send = () => connection.call("PUT", `${path(item.uploadId)}/parts/${number}`, { body: bytes, headers, signal, timeoutMs: PART_TIMEOUT_MS });
      // A digest that does not match means that the line has changed something: it may be right the next time.
      await attempt(send, { 422: 3 });
      say({ sentBytes: (sentBytes += bytes.byteLength), isPaused: false });
    }
    const sha256 = blob.size <= DIGEST_WHOLE_BYTES ? hex(await digest(await blob.arrayBuffer())) : undefined;
    const complete = () => connection.call("POST", `${path(item.uploadId)}/complete`, { json: { sha256 }, signal });
    view = await attempt(complete).catch((error) => {
      // Parts are missing after all: ask which.
      if (error.status !== 409) throw error;
      return attempt(get);
    });
  }
  say({ sentBytes: blob.size, isPaused: false });
  return view.upload;
}

/**
 * Calls of the participant API. `context` is `{base, token, isAhead, expired()}` and may change at any time; of a session token that ran
 * out while the computer slept the wasm is told, which opens the session again and may have to ask the page for that.
 */
export function connect(context) {
  const send = async (method, path, { json, body, headers, signal, timeoutMs = CALL_TIMEOUT_MS }, token) => {
    const timeout = new AbortController();
    const end = () => timeout.abort();
    const timer = setTimeout(end, timeoutMs);
    signal?.addEventListener("abort", end);
    try {
      const response = await fetch(`${context.base}/v1/participant${path}`, {
        method,
        headers: { Authorization: `Bearer ${token}`, ...(json && { "Content-Type": "application/json" }), ...headers },
        body: json ? JSON.stringify(json) : body,
        credentials: "omit",
        cache: "no-store",
        signal: timeout.signal,
      });
      const text = await response.text();
      let reply;
      try {
        reply = JSON.parse(text);
      } catch {
        // Something between here and the server has answered.
        throw new TypeError("no JSON");
      }
      if (response.ok) return reply;
      throw new Refused(response.status, reply.error?.details?.[0]?.message ?? reply.error?.message ?? "");
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", end);
    }
  };
  return {
    /** Whether the server does not know yet that the interview has come to this question. */
    isAhead: () => context.isAhead,
    async call(method, path, options) {
      const given = context.token;
      try {
        return await send(method, path, options, given);
      } catch (error) {
        if (error.status !== 401) throw error;
      }
      context.expired();
      for (let looks = 0; context.token === given; looks += 1) {
        if (looks === TOKEN_LOOKS) throw new TypeError("no session yet");
        await rest(TOKEN_MS, options.signal);
        options.signal?.throwIfAborted();
      }
      return send(method, path, options, context.token);
    },
  };
}

/** Repeats a call until it is answered. `retryOn` says how often a refusal of this status is asked again. */
async function persist(call, { say, signal, retryOn = {} }) {
  const left = { ...retryOn };
  for (let failures = 0; ; failures += 1) {
    signal?.throwIfAborted();
    try {
      const reply = await call();
      if (failures > 0) say({ isPaused: false });
      return reply;
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof Refused && !isPassing(error.status) && !(left[error.status]-- > 0)) throw error;
    }
    say({ isPaused: true });
    const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(failures, 5));
    // Half of it by chance, so that a server that comes back is not met by everybody at once.
    await rest(pause * (0.5 + Math.random() / 2), signal);
  }
}

const isPassing = (status) => status >= 500 || status === 429 || status === 408;

/** Waits; the network coming back ends it early. */
function rest(milliseconds, signal) {
  return new Promise((done) => {
    const end = () => {
      clearTimeout(timer);
      globalThis.removeEventListener?.("online", end);
      signal?.removeEventListener("abort", end);
      done();
    };
    const timer = setTimeout(end, milliseconds);
    globalThis.addEventListener?.("online", end);
    signal?.addEventListener("abort", end);
  });
}

const path = (id) => `/session/uploads/${encodeURIComponent(id)}`;

const description = ({ clientId, question, name, type, blob, durationMs }) => ({
  client_id: clientId,
  question_id: question,
  filename: name,
  content_type: type,
  size_bytes: blob.size,
  ...(durationMs !== undefined && { duration_ms: durationMs }),
});

const digest = async (bytes) => new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
const base64 = (bytes) => btoa(String.fromCharCode(...bytes));
const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

/** `randomUUID` is there in secure contexts, and nothing is uploaded in others. */
export const freshId = () => crypto.randomUUID?.() ?? hex(crypto.getRandomValues(new Uint8Array(16)));
