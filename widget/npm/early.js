// `POST /session`, begun while the wasm is still on its way. The wasm takes the reply for that of its own first call, and
// makes the call itself when this one did not get through.

/** As long as the wasm would wait: `TIMEOUT_MS` of widget/src/api.rs. */
const TIMEOUT_MS = 20_000;

/**
 * Starts or resumes; `undefined` where the token does not say where its server is, which the wasm then tells the person.
 * `session` is the response, to be, of a page that has made the call itself.
 */
export function beginSession({ inviteToken, apiBase, locale, session }) {
  const base = inviteToken && (apiBase ?? issuer(inviteToken))?.replace(/\/+$/, "");
  if (!base) return undefined;
  const controller = new AbortController();
  const { signal } = controller;
  const timer = setTimeout(() => controller.abort(), TIMEOUT_MS);
  const ended = new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason), { once: true }));
  const reply = Promise.race([read(session ?? send(base, inviteToken, locale, signal)), ended]).finally(() => clearTimeout(timer));
  // Who needs the reply hears of a failure; nobody may.
  reply.catch(() => {});
  return { reply, abort: () => controller.abort() };
}

function send(base, inviteToken, locale, signal) {
  // As a form (RFC 6750 §2.2) it needs no preflight, which would be a round trip before it.
  const body = new URLSearchParams({ access_token: inviteToken.trim(), ...(locale && { locale }) });
  return fetch(`${base}/v1/participant/session`, { method: "POST", body, credentials: "omit", cache: "no-store", signal });
}

async function read(coming) {
  const response = await coming;
  return { status: response.status, text: await response.text() };
}

/** The issuer (`iss`) of a JWT when it is a web address. Nothing is verified here. Source: RFC 7519 §4.1.1, RFC 7515 §3. */
function issuer(token) {
  try {
    const [, payload, , ...rest] = token.trim().split(".");
    const { iss } = JSON.parse(atob(payload.replaceAll("-", "+").replaceAll("_", "/")));
    return rest.length === 0 && /^https?:\/\//.test(iss) ? iss : undefined;
  } catch {
    return undefined;
  }
}
