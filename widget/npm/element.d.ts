import type { MountedInterview } from "./index.js";

/**
 * `<interview-relay invite-token="…">`: mounts when it is in the document and has a token, again when an attribute
 * changes, and unmounts when it is taken out. Attributes: `invite-token`, `api-base`, `locale`, `mode`, `color-scheme`,
 * `isolation`, and `dialog-title`, `close-label` and `wasm-url` for the options `title`, `closeLabel` and `wasmUrl`. The events
 * are those of `mount`: `interview-relay-complete` and so on.
 */
export declare class InterviewRelayElement extends HTMLElement {
  static readonly observedAttributes: readonly string[];
  /** Asked for a token when there is none, or when it has expired. */
  getInviteToken: (() => Promise<string>) | undefined;
  /** What `mount` returned, while an interview is shown. */
  readonly interview: MountedInterview | undefined;
}

declare global {
  interface HTMLElementTagNameMap {
    "interview-relay": InterviewRelayElement;
  }
}
