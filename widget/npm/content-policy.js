// Whether the page's Content-Security-Policy (CSP Level 3) forbids WebAssembly. Trying is the only sure way to know, but
// what is refused is also reported to the page's owner: so a policy that can be read is read, and a refusal is remembered.

const KEY = "interview-relay-isolation";
let wasRefused = false;

/** Whether the interview goes into an iframe from the start. */
export function isIsolated(isolation) {
  return isolation === "auto" ? wasRefused || isForbidden() || isRemembered() || isRefusedNow() : isolation === "iframe";
}

/** Watches a load of the wasm. Gives what ends that, and tells whether the load failed because of the policy. */
export function watchLoad() {
  let isRefused = false;
  const notice = ({ blockedURI, disposition }) => {
    isRefused ||= disposition === "enforce" && /^wasm-eval$|\.wasm\b/.test(blockedURI);
  };
  document.addEventListener("securitypolicyviolation", notice);
  return async (error) => {
    // The browser tells of it in a task of its own. Some say it in the error alone, each with words of its own.
    if (error) await new Promise((done) => setTimeout(done));
    document.removeEventListener("securitypolicyviolation", notice);
    return isRefused || /unsafe-eval|content[ -]security|\bCSP\b/i.test(error?.message);
  };
}

/** Until the page's tab is closed, its pages try no more. */
export function remember() {
  wasRefused = true;
  try {
    sessionStorage.setItem(KEY, "iframe");
  } catch {
    // Storage is blocked; this page remembers it all the same.
  }
}

/** The frame was no better: the next page may try WebAssembly again. */
export function forget() {
  try {
    sessionStorage.removeItem(KEY);
  } catch {
    // Nothing was remembered then.
  }
}

function isRemembered() {
  try {
    return sessionStorage.getItem(KEY) === "iframe";
  } catch {
    return false;
  }
}

/**
 * Whether the smallest module there is may be compiled. Where a header forbids it this is the one refusal that is reported:
 * nothing was fetched yet, and nobody was called whom the policy may not name.
 */
function isRefusedNow() {
  try {
    return !new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0));
  } catch {
    remember();
    return true;
  }
}

/** What the page itself says in its head. A policy that came as a header cannot be read. */
function isForbidden() {
  const policies = document.head?.querySelectorAll('meta[http-equiv="content-security-policy" i]') ?? [];
  return [...policies].some(({ content }) => {
    const directives = content.toLowerCase().split(";").map((directive) => directive.trim().split(/\s+/));
    const sources = ["script-src", "default-src"].map((name) => directives.find(([known]) => known === name)).find(Boolean);
    return sources && !sources.includes("'wasm-unsafe-eval'") && !sources.includes("'unsafe-eval'");
  });
}
