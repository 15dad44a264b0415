// The class of `<interview-relay>`; `element.js` and `script.js` hand it their `mount`.

// `dialog-title` is the option `title`: an attribute `title` would be a tooltip over everything.
const ATTRIBUTES = ["invite-token", "api-base", "locale", "mode", "color-scheme", "dialog-title", "close-label", "wasm-url", "isolation"];

/** Defines `<interview-relay>` where there are custom elements and nobody has; gives the class that was made. */
export function define(mount) {
  // On a server there is no HTMLElement to extend: importing must be safe there all the same.
  const Base = globalThis.HTMLElement ?? class {};

  class InterviewRelayElement extends Base {
    static observedAttributes = ATTRIBUTES;
    #getInviteToken;
    #handle;
    #shown;
    #isDue = false;

    /** What `mount` returned, while an interview is shown. */
    get interview() {
      return this.#handle;
    }

    /** Asked for a token when there is none, or when it has expired. */
    get getInviteToken() {
      return this.#getInviteToken;
    }
    set getInviteToken(ask) {
      this.#getInviteToken = ask ?? undefined;
      this.#update();
    }

    connectedCallback() {
      // A property that was set before the element was defined hides the one of the class.
      if (Object.hasOwn(this, "getInviteToken")) {
        const { getInviteToken } = this;
        delete this.getInviteToken;
        this.getInviteToken = getInviteToken;
      }
      if (!this.shadowRoot) layOut(this);
      this.#update();
    }

    disconnectedCallback() {
      // A dialog that was moved is no longer above the page: it has to be opened anew.
      if (this.#shown && (this.getAttribute("mode") || "inline") !== "inline") this.#shown = null;
      this.#update();
    }

    attributeChangedCallback() {
      this.#update();
    }

    /** Once for all that changes together, so that moving the element or setting two attributes mounts once. */
    #update() {
      if (this.#isDue) return;
      this.#isDue = true;
      queueMicrotask(() => {
        this.#isDue = false;
        this.#mountAsWanted();
      });
    }

    #mountAsWanted() {
      const values = ATTRIBUTES.map((name) => this.getAttribute(name) || undefined);
      const [inviteToken, apiBase, locale, mode, colorScheme, title, closeLabel, wasmUrl, isolation] = values;
      const isWanted = this.isConnected && Boolean(inviteToken || this.#getInviteToken);
      const wanted = isWanted ? JSON.stringify([values, Boolean(this.#getInviteToken)]) : undefined;
      if (wanted === this.#shown) return;
      this.#handle?.unmount();
      this.#handle = undefined;
      this.#shown = wanted;
      if (!isWanted) return;
      const getInviteToken = this.#getInviteToken && (() => this.#getInviteToken());
      const options = { inviteToken, apiBase, locale, mode, theme: { colorScheme }, title, closeLabel, wasmUrl, isolation };
      const handle = mount(this, { ...options, getInviteToken });
      handle.on("close", () => {
        if (this.#handle === handle) this.#handle = undefined;
      });
      this.#handle = handle;
    }
  }

  const registry = globalThis.customElements;
  if (registry && !registry.get("interview-relay")) registry.define("interview-relay", InterviewRelayElement);
  return InterviewRelayElement;
}

/** A block like any other element with content; the interview itself is a child, so that styles reach its parts. */
function layOut(element) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(":host { display: block } :host([hidden]) { display: none }");
  const shadow = element.attachShadow({ mode: "open" });
  shadow.adoptedStyleSheets = [sheet];
  shadow.append(document.createElement("slot"));
}
