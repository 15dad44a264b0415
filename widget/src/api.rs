//! Every fetch. The server is known through [`protocol`] alone.

use gloo_net::http::{Method, RequestBuilder};
use gloo_timers::callback::Timeout;
use js_sys::{Promise, Reflect};
use protocol::{
    error::{ErrorCode, ErrorObject},
    question::QuestionView,
    session::{AcceptedConsent, PutAnswer},
};
use serde_json::Value;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, AbortSignal, RequestCache, RequestCredentials, RequestMode};

use crate::{
    error::Problem,
    json,
    reply::{self, Course, SessionToken, Snapshot},
};

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";

/// A longer form might be more than the server reads, as it has up to three bytes for one of the answer.
const MAX_FORM_BYTES: usize = 512 * 1_024;

/// A phone on a train needs seconds; beyond this a new attempt is the better bet.
const TIMEOUT_MS: u32 = 20_000;

/// A server, and the authority to talk to it.
#[derive(Debug, Clone)]
pub struct Api {
    /// The public URL of the environment, without a slash at its end.
    pub base: String,
    /// An invite token for [`Api::start`], a session token for the rest.
    pub token: String,
}

impl Api {
    /// `POST /session`: start or resume. `early` is the reply to the same call, made before the wasm was there.
    ///
    /// # Errors
    /// [`Problem`], here and below.
    pub async fn start(
        &self,
        locale: Option<String>,
        early: Option<Promise>,
    ) -> Result<(SessionToken, Snapshot), Problem> {
        let early = match early {
            Some(early) => JsFuture::from(early).await.ok().and_then(|reply| received(&reply)),
            None => None,
        };
        let reply = if let Some(early) = early {
            early?
        } else {
            let body =
                locale.map_or_else(|| json::object([]), |locale| json::object([("locale", locale.into())]));
            self.call(Method::POST, "", Some(body)).await?
        };
        reply::session_token(&reply).zip(reply::snapshot(&reply)).ok_or(Problem::Unreadable)
    }

    /// `GET /session`.
    ///
    /// # Errors
    /// [`Problem`].
    pub async fn refresh(&self) -> Result<Snapshot, Problem> {
        reply::snapshot(&self.call(Method::GET, "", None).await?).ok_or(Problem::Unreadable)
    }

    /// `POST /session/token`.
    ///
    /// # Errors
    /// [`Problem`].
    pub async fn renew(&self) -> Result<SessionToken, Problem> {
        reply::session_token(&self.call(Method::POST, "/token", None).await?).ok_or(Problem::Unreadable)
    }

    /// `POST /session/consent`.
    ///
    /// # Errors
    /// [`Problem`].
    pub async fn consent(&self, accepted: Vec<AcceptedConsent>) -> Result<Course, Problem> {
        let item =
            |item: AcceptedConsent| json::object([("id", item.id.into()), ("version", item.version.into())]);
        let body = json::object([("accepted", accepted.into_iter().map(item).collect())]);
        reply::course(&self.call(Method::POST, "/consent", Some(body)).await?).ok_or(Problem::Unreadable)
    }

    /// `POST /session/answers/:question_id`, a commit.
    ///
    /// # Errors
    /// [`Problem`].
    pub async fn answer(&self, question_id: &str, body: &PutAnswer) -> Result<Course, Problem> {
        reply::course(&self.put(question_id, body).await?).ok_or(Problem::Unreadable)
    }

    /// `POST /session/answers/:question_id`, a draft; gives the count that is stored.
    ///
    /// # Errors
    /// [`Problem`].
    pub async fn draft(&self, question_id: &str, body: &PutAnswer) -> Result<u64, Problem> {
        reply::seq(&self.put(question_id, body).await?).ok_or(Problem::Unreadable)
    }

    /// `GET /session/answers/:question_id`: a question that was answered, and its value.
    ///
    /// # Errors
    /// [`Problem`].
    pub async fn earlier(&self, question_id: &str) -> Result<(QuestionView, Value), Problem> {
        reply::earlier(&self.call(Method::GET, &answer_path(question_id), None).await?)
            .ok_or(Problem::Unreadable)
    }

    /// `POST /session/pause`.
    ///
    /// # Errors
    /// [`Problem`].
    pub async fn pause(&self) -> Result<(), Problem> {
        self.call(Method::POST, "/pause", None).await.map(drop)
    }

    /// Whether the server answers at all, even if this page may not read what.
    pub async fn is_up(&self) -> bool {
        let (signal, _timeout) = patience();
        let request = RequestBuilder::new(&[&self.base, "/healthz"].concat()).mode(RequestMode::NoCors);
        request.credentials(RequestCredentials::Omit).abort_signal(signal.as_ref()).send().await.is_ok()
    }

    /// As a form (RFC 6750 §2.2) it needs no preflight, which would be a round trip for each question.
    async fn put(&self, question_id: &str, body: &PutAnswer) -> Result<Value, Problem> {
        let (path, answer) = (answer_path(question_id), json::write(&put_body(body)));
        let encoded = String::from(js_sys::encode_uri_component(&answer));
        if encoded.len() > MAX_FORM_BYTES {
            return self.send(Method::PUT, &path, Some((JSON, answer))).await;
        }
        let form = ["access_token=", &self.token, "&answer=", &encoded].concat();
        self.send(Method::POST, &path, Some((FORM, form))).await
    }

    async fn call(&self, method: Method, path: &str, body: Option<Value>) -> Result<Value, Problem> {
        self.send(method, path, body.map(|body| (JSON, json::write(&body)))).await
    }

    /// The body with its media type. All but a form bears the token in the header.
    async fn send(&self, method: Method, path: &str, body: Option<(&str, String)>) -> Result<Value, Problem> {
        let (signal, _timeout) = patience();
        let url = [&self.base, "/v1/participant/session", path].concat();
        let mut request = RequestBuilder::new(&url)
            .method(method)
            .credentials(RequestCredentials::Omit)
            .cache(RequestCache::NoStore)
            .abort_signal(signal.as_ref());
        if !matches!(body, Some((FORM, _))) {
            request = request.header("Authorization", &["Bearer ", &self.token].concat());
        }
        let request = match body {
            Some((media_type, body)) => request.header("Content-Type", media_type).body(body),
            None => request.build(),
        };
        let is_late = || signal.as_ref().is_some_and(AbortSignal::aborted);
        let no_answer = |_| if is_late() { Problem::Interrupted } else { Problem::Unreachable };
        let response = request.map_err(|_| Problem::Unreachable)?.send().await.map_err(no_answer)?;
        let text = response.text().await.map_err(|_| Problem::Interrupted)?;
        read(response.status(), &text)
    }
}

/// What ends a call that takes too long, as long as the timer is kept.
fn patience() -> (Option<AbortSignal>, Option<Timeout>) {
    let controller = AbortController::new().ok();
    let signal = controller.as_ref().map(AbortController::signal);
    (signal, controller.map(|controller| Timeout::new(TIMEOUT_MS, move || controller.abort())))
}

fn answer_path(question_id: &str) -> String {
    ["/answers/", &String::from(js_sys::encode_uri_component(question_id))].concat()
}

/// What JavaScript has received for us.
fn received(reply: &JsValue) -> Option<Result<Value, Problem>> {
    let get = |name: &str| Reflect::get(reply, &name.into()).ok();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a status has three digits")]
    let status = get("status")?.as_f64()? as u16;
    Some(read(status, &get("text")?.as_string()?))
}

fn read(status: u16, text: &str) -> Result<Value, Problem> {
    let reply = json::read(text);
    if (200..300).contains(&status) {
        reply.ok_or(Problem::Unreadable)
    } else {
        Err(Problem::Refused(Box::new(
            reply.and_then(|reply| reply::error(&reply, status)).unwrap_or_else(|| bare(status)),
        )))
    }
}

/// [`PutAnswer`] as it is sent.
fn put_body(body: &PutAnswer) -> Value {
    json::object([
        ("client_id", body.client_id.as_str().into()),
        ("seq", body.seq.into()),
        ("value", body.value.clone()),
        ("elapsed_ms", body.elapsed_ms.into()),
        ("final", body.is_final.into()),
    ])
}

/// What the status alone says, where something between here and the server has answered.
fn bare(status: u16) -> ErrorObject {
    ErrorObject { code: ErrorCode::Unknown, message: String::new(), status, details: Vec::new() }
}

#[cfg(test)]
mod tests {
    use serde_json::{json, to_value};

    use super::*;

    #[test]
    fn an_answer_is_sent_as_protocol_writes_it() {
        let body = PutAnswer {
            client_id: "a1".to_owned(),
            seq: 7,
            value: json!(["x"]),
            elapsed_ms: 40,
            is_final: true,
        };
        assert_eq!(put_body(&body), to_value(&body).unwrap());
    }
}
