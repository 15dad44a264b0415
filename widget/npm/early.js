// `POST /session`, begun while the wasm is still on its way. The wasm takes the reply for that of its own first call, and
// makes the call itself when this one did not get through.

/** As long as the wasm would wait: `TIMEOUT_MS` of widget/src/api.rs. */
const TIMEOUT_MS = 20_000;

/**
 * Asks the page for its first token, if that is still wanted when the code that called `mount` has ended: React mounts
 * everything twice in development, and a page that mints an invite for each question would have one too many.
 * Gives `{token, getInviteToken}`: a promise of the token, and the function for whoever asks next, who gets the same.
 */
export function askAhead(getInviteToken, isWanted) {
  const token = Promise.resolve().then(() => (isWanted() ? getInviteToken() : undefined));
  // Who asks next hears of a failure.
  token.catch(() => {});
  let first = token;
  return {
    token,
    getInviteToken() {
      const given = first ?? getInviteToken();
      first = undefined;
      return given;
    },
  };
}

/**
 * Starts or resumes. `token` is an invite token or a promise of one; `session` the response, to be, of a page that has made
 * the call itself. No reply comes where the token does not say where its server is, which the wasm then tells the person.
 */
export function beginSession({ token, apiBase, locale, session }) {
  const controller = new AbortController();
  const { signal } = controller;
  let isUnderWay = false;
  const begin = (token) => {
    const base = isToken(token) && (apiBase ?? issuer(token))?.replace(/\/+$/, "");
    if (!base) throw new Error("no session to begin");
    isUnderWay = true;
    const timer = setTimeout(() => controller.abort(), TIMEOUT_MS);
    const ended = new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason), { once: true }));
    return Promise.race([read(session ?? send(base, token, locale, signal)), ended]).finally(() => clearTimeout(timer));
  };
  // A token that is here does not wait for the rest of `mount`, which is long on a slow phone.
  const reply = typeof token === "string" ? new Promise((resolve) => resolve(begin(token))) : token.then(begin);
  // Who needs the reply hears of a failure; nobody may.
  reply.catch(() => {});
  return { reply, isUnderWay: () => isUnderWay, abort: () => controller.abort() };
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

/** Whether it has the form of a JWT. What has another one, such as an API key, is sent nowhere. */
const isToken = (token) => typeof token === "string" && token.trim().split(".").length === 3;

/** The issuer (`iss`) of a JWT when it is a web address. Nothing is verified here. Source: RFC 7519 §4.1.1, RFC 7515 §3. */
function issuer(token) {
  try {
    const { iss } = JSON.parse(atob(token.trim().split(".")[1].replaceAll("-", "+").replaceAll("_", "/")));
    return /^https?:\/\//.test(iss) ? iss : undefined;
  } catch {
    return undefined;
  }
}
