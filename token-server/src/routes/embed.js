'use strict';

// The inside of an interview in an iframe; widget/npm/isolated.js is the other side. The browser has already kept this
// page out of frames that are not allowed (`frame-ancestors`). That the page which speaks is an allowed one, and its token one
// of the invite that the answer was about, is checked here: else a page could have the frame of one invite for another.
(() => {
  const EVENTS = ['ready', 'start', 'answer', 'complete', 'decline', 'error'];
  const place = document.getElementById('interview');
  const origins = document.documentElement.dataset.origins.split(' ');
  const invite = new URLSearchParams(location.search).get('invite');

  const sheet = new CSSStyleSheet();
  sheet.replaceSync('html { overflow: hidden } body { display: flow-root; margin: 0 }');
  document.adoptedStyleSheets = [sheet];

  // A file and a sandboxed page are called "null", and are never allowed.
  const isAllowed = (origin) => /^https?:\/\//.test(origin) && (origins.includes('*') || origins.includes(origin));

  if (window.parent === window || ![...(location.ancestorOrigins ?? [])].every(isAllowed)) {
    say('This interview cannot be shown on this page.');
  } else if (!window.InterviewRelay) {
    say('The interview could not be loaded. Please try again later.');
  } else {
    addEventListener('message', function greet({ source, origin, data, ports }) {
      const isGreeting = source === window.parent && isAllowed(origin) && data?.type === 'interview-relay' && ports.length === 1;
      if (!isGreeting || !isOfThisInvite(data.inviteToken)) return;
      removeEventListener('message', greet);
      begin(data, ports[0]);
    });
  }

  function begin({ inviteToken, canAsk, locale, language, colorScheme, theme, inherited, mode }, port) {
    const tell = (type, more) => port.postMessage({ type, ...more });
    let give;
    const ask = () => new Promise((done) => {
      give = done;
      tell('ask');
    });

    for (const [name, value] of Object.entries(inherited)) {
      if (name.startsWith('--interview-relay-')) document.documentElement.style.setProperty(name, value);
    }
    // Of the page around this one: until the interview's own is known, the widget speaks it.
    if (typeof language === 'string') document.documentElement.lang = language;
    stayWithThePage();
    tell('hello');
    let settled;
    // What was recorded is kept on the device after the calls are made.
    const calls = watchCalls(async () => {
      await settled?.();
      tell('left');
    });
    const handle = window.InterviewRelay.mount(place, {
      inviteToken,
      getInviteToken: canAsk ? ask : undefined,
      apiBase: new URL('.', location.href).href.replace(/\/$/, ''),
      locale,
      theme: { ...theme, colorScheme },
      isolation: 'none',
      navigate: (url) => tell('navigate', { url }),
      left: calls.areMade,
      keeping: (promise) => (settled = promise),
      ...Object.fromEntries(EVENTS.map((name) => [`on${name[0].toUpperCase()}${name.slice(1)}`, (detail) => happened(name, detail)])),
    });
    const host = place.querySelector('[data-interview-relay]');
    handle.ready.then(() => tell('settled'));
    const leave = () => {
      calls.keep();
      handle.unmount();
      if (settled?.()) tell('keeping');
    };

    function happened(name, detail) {
      const root = host.shadowRoot?.querySelector('[part~=root]');
      if (name !== 'ready' || !root) return tell('event', { name, detail });
      tellScreens(root, tell);
      // The dialog around the frame has the corners.
      if (mode !== 'inline') root.style.borderRadius = '0';
      const names = [...host.style].filter((property) => property.startsWith('--interview-relay-'));
      const look = names.map((property) => [property, host.style.getPropertyValue(property)]);
      tell('event', { name, detail, dir: root.dir, lang: root.lang, look });
    }

    port.onmessage = ({ data }) => {
      if (data.type === 'token') give?.(isOfThisInvite(data.token) ? data.token : null);
      else if (data.type === 'pause') handle.pause();
      else if (data.type === 'focus') host.shadowRoot?.querySelector('[data-focus]')?.focus({ preventScroll: true });
      else if (data.type === 'unmount') leave();
    };
    new ResizeObserver(() => tell('height', { height: Math.ceil(document.body.getBoundingClientRect().height) })).observe(document.body);
    addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && !event.defaultPrevented && !event.isComposing) tell('escape');
    });
    // A link leads the whole page away, as it does without a frame, unless the person wants another tab.
    addEventListener('click', (event) => {
      const link = event.composedPath().find((element) => element instanceof HTMLAnchorElement);
      if (!link || link.target === '_blank' || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      tell('navigate', { url: link.href });
    });
    // The frame was taken out of the page without a word, or the page was left.
    addEventListener('pagehide', ({ persisted }) => persisted || leave());
  }

  /** Tells when another screen comes. It is another one when it is headed otherwise. */
  function tellScreens(root, tell) {
    const heading = () => root.getRootNode().querySelector('[part~=root] h2')?.textContent;
    let before = heading();
    new MutationObserver(() => {
      const now = heading();
      if (now !== undefined && now !== before) tell('screen');
      before = now ?? before;
    }).observe(root.getRootNode(), { childList: true, characterData: true, subtree: true });
  }

  /**
   * Who writes in the page around this one stays there: focus that is set in a frame takes theirs (HTML, focusing steps), and what
   * is scrolled into view in it scrolls the page as well. Focus is set when they are here again.
   */
  function stayWithThePage() {
    const { focus } = HTMLElement.prototype;
    const { scrollIntoView } = Element.prototype;
    Element.prototype.scrollIntoView = function (options) {
      if (document.hasFocus()) scrollIntoView.call(this, options);
    };
    let later;
    HTMLElement.prototype.focus = function (options) {
      if (document.hasFocus()) focus.call(this, options);
      else later = () => this.isConnected && focus.call(this, options);
    };
    addEventListener('focus', () => {
      later?.();
      later = undefined;
    });
  }

  /** From `keep` on, calls outlive the frame, and `left` is called when what was typed is stored. */
  function watchCalls(left) {
    const send = window.fetch;
    let open = 0;
    let isLeaving = false;
    // Only the calls themselves tell when they are over, and only this lets them outlive the frame (Fetch, keepalive).
    window.fetch = async (request, options) => {
      open += 1;
      try {
        if (!isLeaving || !(request instanceof Request)) return await send(request, options);
        const spare = request.clone();
        return await send(new Request(request, { keepalive: true }), options).catch(() => send(spare, options));
      } finally {
        open -= 1;
        if (isLeaving && request.url?.endsWith('/pause')) left();
      }
    };
    return {
      keep: () => (isLeaving = true),
      /** The interview has ended, and has made the calls that it had to make. */
      areMade: () => setTimeout(() => open === 0 && left()),
    };
  }

  /** Whether this token is for the invite that this page was asked for. That it is genuine, the server sees. */
  function isOfThisInvite(token) {
    try {
      const payload = token.split('.')[1].replaceAll('-', '+').replaceAll('_', '/');
      return JSON.parse(atob(payload)).jti === invite;
    } catch {
      return false;
    }
  }

  function say(text) {
    const paragraph = document.createElement('p');
    paragraph.textContent = text;
    place.replaceChildren(paragraph);
  }
})();
