/** How the widget looks: names of custom properties without `--interview-relay-`, in camelCase, and their values. */
export interface Theme {
  /** `auto` follows the person's own setting. */
  colorScheme?: ColorScheme;
  /** Buttons, what is chosen, the focus ring. */
  accent?: string;
  /** Text on `accent`. */
  accentText?: string;
  background?: string;
  /** Fields and choices. */
  surface?: string;
  text?: string;
  muted?: string;
  /** Outlines of fields and choices; at least 3:1 against `background`. */
  border?: string;
  /** Faint lines and the empty part of the progress bar. */
  line?: string;
  danger?: string;
  good?: string;
  /** Of corners, such as `8px`. */
  radius?: string;
  font?: string;
  fontSize?: string;
  maxWidth?: string;
}

export type Mode = "inline" | "popup" | "fullpage";

/** `auto`: in an iframe where the page's Content-Security-Policy forbids WebAssembly. */
export type Isolation = "auto" | "iframe" | "none";

export type ColorScheme = "light" | "dark" | "auto";

/** What comes with each event. Never what was answered. */
export interface EventDetails {
  /** The first screen is shown. */
  ready: Record<never, never>;
  /** The person began. */
  start: Record<never, never>;
  /** An answer is stored on the server. */
  answer: { questionId: string };
  /** The person reached the end; everything is stored. */
  complete: Record<never, never>;
  /** The person refused what has to be agreed to, now or when the same invite was opened before: there are no questions. */
  decline: Record<never, never>;
  /** Something stands in the way; `code` is for programs, `message` for people. */
  error: { code: ErrorCode; message: string };
  /** The widget left the page: the person closed the pop-up, or the page unmounted it. */
  close: Record<never, never>;
}

export type EventName = keyof EventDetails;

/** Codes of the `error` event; a newer server may send others. */
export type ErrorCode =
  | "invite_expired"
  | "invite_cancelled"
  | "invite_completed"
  | "campaign_paused"
  | "campaign_closed"
  | "unauthorized"
  | "token_unavailable"
  | "origin_refused"
  | "unreachable"
  | "load_failed"
  | (string & {});

export interface CommonOptions {
  /** The server, where it is not the one that the token names. */
  apiBase?: string;
  /** The language the person prefers (BCP 47), used when the invite names none. */
  locale?: string;
  theme?: Theme | ColorScheme;
  /**
   * `inline` shows the interview in the element, which is the default; `popup` in a dialog over the page, which the person
   * can close; `fullpage` over all of the page, until the page's code unmounts it.
   */
  mode?: Mode;
  /** What a screen reader calls the dialog of a pop-up or a full page; `Interview` by default, in the person's language. */
  title?: string;
  /** What a screen reader calls the button that closes a pop-up; `Close` by default, in the person's language. */
  closeLabel?: string;
  /** Where the wasm is, when it is not beside the script; the first mount of a page decides. */
  wasmUrl?: string | URL;
  /**
   * Whether the interview is in an iframe that your InterviewRelay server serves: `auto`, which is the default, when the page's
   * Content-Security-Policy forbids WebAssembly; `iframe` always, `none` never. The policy then needs the server in `frame-src`.
   */
  isolation?: Isolation;
  onReady?: (detail: EventDetails["ready"]) => void;
  onStart?: (detail: EventDetails["start"]) => void;
  onAnswer?: (detail: EventDetails["answer"]) => void;
  onComplete?: (detail: EventDetails["complete"]) => void;
  onDecline?: (detail: EventDetails["decline"]) => void;
  onError?: (detail: EventDetails["error"]) => void;
  onClose?: (detail: EventDetails["close"]) => void;
}

/** At least one of the two must be given. */
export type TokenOptions =
  | {
      /** The `invite_token` that your server got from `POST /v1/invites`. Never an API key. */
      inviteToken: string;
      /** Asked when the token has expired, and at the start when there is no `inviteToken`. */
      getInviteToken?: () => Promise<string>;
    }
  | { inviteToken?: undefined; getInviteToken: () => Promise<string> };

/** What only `mount` takes. */
export interface BegunOptions {
  /**
   * The response to `POST /v1/participant/session`, of a page that has made this call with the invite token while the script
   * was still on its way. It is read once; where it failed, the widget makes the call again.
   */
  session?: Promise<Response>;
}

export type MountOptions = CommonOptions & TokenOptions & BegunOptions;

export interface MountedInterview {
  /** Settles when the first screen is shown, be it a message; it never rejects. */
  readonly ready: Promise<void>;
  /** Saves what is typed and pauses the interview; the person sees a button to go on. */
  pause(): void;
  /** Saves what is typed and takes the interview out of the page; the same token resumes. A pop-up closes. */
  unmount(): void;
  /** Calls `listener` on each such event, until the function that it returns is called. */
  on<Name extends EventName>(name: Name, listener: (detail: EventDetails[Name]) => void): () => void;
}

/**
 * Shows an interview inside an element. Mounting on an element that has one replaces it.
 *
 * Throws when there is no such element, no token, or an API key in the token's place; and when a pop-up or a full page
 * is to open in an element that is hidden.
 */
export declare function mount(target: string | Element, options: string | MountOptions): MountedInterview;

/**
 * Begins to load the wasm, for a page that knows that an interview will be shown and has no token yet. It may be called more
 * than once; a failure is told by the mount that needs it.
 */
export declare function preload(options?: {
  /** Where the wasm is, when it is not beside the script; the first call of `preload` or `mount` decides. */
  wasmUrl?: string | URL;
}): void;

/** The version of this package. */
export declare const version: string;

export declare const InterviewRelay: {
  readonly mount: typeof mount;
  readonly preload: typeof preload;
  readonly version: string;
};

export default InterviewRelay;

declare global {
  interface Window {
    /** Set by the script build, `dist/interview-relay.js`. */
    InterviewRelay?: typeof InterviewRelay;
  }
  interface GlobalEventHandlersEventMap {
    "interview-relay-ready": CustomEvent<EventDetails["ready"]>;
    "interview-relay-start": CustomEvent<EventDetails["start"]>;
    "interview-relay-answer": CustomEvent<EventDetails["answer"]>;
    "interview-relay-complete": CustomEvent<EventDetails["complete"]>;
    "interview-relay-decline": CustomEvent<EventDetails["decline"]>;
    "interview-relay-error": CustomEvent<EventDetails["error"]>;
    "interview-relay-close": CustomEvent<EventDetails["close"]>;
  }
}
