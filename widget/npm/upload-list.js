// The files or the recording of one question: what is kept, what is sent, what is through.
import { forget, keep } from "./media-store.js";
import { freshId, Refused, upload } from "./uploader.js";

/** What an item is kept with; the rest is of this page only. */
const KEPT = ["clientId", "session", "question", "order", "name", "type", "size", "durationMs", "takes", "blob", "uploadId", "status"];

/**
 * Items are `{clientId, name, type, size, blob, status, …}`, and a status is `held` (recorded, and not said to be used),
 * `open` (waiting or on its way), `done` or `failed`.
 */
export class UploadList {
  items = [];
  #options;
  #aborts = new Map();
  #turn = Promise.resolve();
  #isOver = false;

  /** `report` is called after each change, `say` with what is to be read out. */
  constructor(options) {
    this.#options = options;
  }

  /** Goes on with what is kept on the device, and shows what the server's draft says is there: `ids`. */
  async resume(records, ids = this.#options.ids ?? []) {
    const { report } = this.#options;
    const found = await records;
    if (this.#isOver) return;
    const isHere = ({ clientId, uploadId }) => this.items.some((item) => item.clientId === clientId || (uploadId && item.uploadId === uploadId));
    const kept = found.filter((item) => !isHere(item));
    const unknown = ids.filter((id) => !isHere({ uploadId: id }) && !kept.some(({ uploadId, status }) => uploadId === id && status === "done"));
    const described = unknown.map((uploadId, order) => ({ clientId: uploadId, uploadId, order: order - unknown.length, name: "", status: "done" }));
    this.items = [...described, ...kept, ...this.items];
    // An interview that was left for long has begun anew since, and the server knows nothing of what was sent for the one before.
    for (const item of [...described, ...kept]) if (item.status === "done") this.#describe(item);
    for (const item of kept) if (item.status === "open") this.#enqueue(item);
    if (kept.length + described.length > 0) report();
  }

  /** Takes a file or a recording in; it is kept on the device first, and sent at once unless it is `held`. */
  add(blob, { name, type, durationMs, takes, status = "open" }) {
    const { session, question, report } = this.#options;
    const item = { clientId: freshId(), session, question, order: Date.now() + this.items.length, name, type, size: blob.size, durationMs, takes, blob, status };
    this.items.push(item);
    this.#keep(item);
    if (status === "open") this.#enqueue(item);
    if (!this.#isOver) report();
    return item;
  }

  /** As `add`, in the place of all that is here, which is forgotten once this is kept. */
  replace(blob, options) {
    const before = this.items;
    this.items = [];
    const item = this.add(blob, options);
    for (const other of before) this.#drop(other);
    return item;
  }

  /** Sends what was held, or what has failed. */
  send(item) {
    item.status = "open";
    item.message = undefined;
    this.#keep(item);
    this.#enqueue(item);
    this.#options.report();
  }

  remove(item) {
    this.items = this.items.filter((other) => other !== item);
    this.#drop(item);
    this.#options.report();
  }

  #drop(item) {
    this.#aborts.get(item)?.abort();
    forget(item.clientId);
  }

  /** Something else than an item has changed. */
  changed() {
    if (!this.#isOver) this.#options.report();
  }

  ids() {
    return this.items.filter(({ status }) => status === "done").map(({ uploadId }) => uploadId);
  }

  isReady() {
    return this.items.every(({ status }) => status === "done");
  }

  failed() {
    return this.items.find(({ status }) => status === "failed");
  }

  /** Stops sending; what is kept stays kept. */
  destroy() {
    this.#isOver = true;
    for (const abort of this.#aborts.values()) abort.abort();
  }

  #keep(item) {
    return keep(Object.fromEntries(KEPT.filter((name) => item[name] !== undefined).map((name) => [name, item[name]])));
  }

  /** One after the other: a line that is bad for one is worse for two. */
  #enqueue(item) {
    const abort = new AbortController();
    this.#aborts.set(item, abort);
    Object.assign(item, { sentBytes: 0, isPaused: !navigator.onLine });
    this.#turn = this.#turn.then(() => (abort.signal.aborted ? undefined : this.#send(item, abort.signal)));
  }

  async #send(item, signal) {
    const { connection, texts, report, say } = this.#options;
    const { clientId } = item;
    const tell = ({ sentBytes, isPaused }) => {
      if (signal.aborted) return;
      if (isPaused && !item.isPaused) say(texts.file_paused);
      Object.assign(item, { sentBytes, isPaused });
      report();
    };
    try {
      await upload(item, connection, { tell, signal });
      if (signal.aborted) return;
      item.status = "done";
      say(`${item.name}: ${texts.file_done}`);
      // The file itself is the server's now; a page that still shows it has it in memory.
      this.#keep({ ...item, blob: undefined });
    } catch (error) {
      if (signal.aborted) return;
      item.status = "failed";
      item.message = (error instanceof Refused && error.message) || texts.file_failed;
      say(`${item.name}: ${item.message}`);
    }
    if (item.clientId !== clientId) forget(clientId);
    report();
  }

  /** What the server knows of an upload that this device has forgotten. */
  async #describe(item) {
    try {
      const { upload } = await this.#options.connection.call("GET", `/session/uploads/${encodeURIComponent(item.uploadId)}`, {});
      Object.assign(item, { name: upload.filename, size: upload.size_bytes, type: upload.content_type });
      if (!this.#isOver) this.#options.report();
    } catch (error) {
      if (error.status === 404 && !this.#isOver) this.remove(item);
    }
  }
}
