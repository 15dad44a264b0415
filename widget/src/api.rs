//! Every fetch. The server is known through [`protocol`] alone.

use gloo_net::http::{Method, RequestBuilder, Response};
use gloo_timers::callback::Timeout;
use protocol::{
    error::{ErrorBody, ErrorCode, ErrorObject},
    session::{
        AcceptedConsent, AnswerReceipt, GiveConsent, PutAnswer, RenewedToken, SessionSnapshot, SessionTurn,
        StartSession, StartedSession,
    },
};
use serde::{Serialize, de::DeserializeOwned};
use web_sys::{AbortController, RequestMode};

use crate::error::Problem;

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
    /// `POST /session`.
    pub async fn start(&self, locale: Option<String>) -> Result<StartedSession, Problem> {
        self.call(Method::POST, "", Some(&StartSession { locale })).await
    }

    /// `GET /session`.
    pub async fn refresh(&self) -> Result<SessionSnapshot, Problem> {
        self.call(Method::GET, "", None::<&()>).await
    }

    /// `POST /session/token`.
    pub async fn renew(&self) -> Result<RenewedToken, Problem> {
        self.call(Method::POST, "/token", None::<&()>).await
    }

    /// `POST /session/consent`.
    pub async fn consent(&self, accepted: Vec<AcceptedConsent>) -> Result<SessionTurn, Problem> {
        self.call(Method::POST, "/consent", Some(&GiveConsent { accepted })).await
    }

    /// `PUT /session/answers/:question_id`.
    pub async fn answer(&self, question_id: &str, body: &PutAnswer) -> Result<AnswerReceipt, Problem> {
        let id = js_sys::encode_uri_component(question_id);
        self.call(Method::PUT, &["/answers/", &String::from(id)].concat(), Some(body)).await
    }

    /// `POST /session/pause`.
    pub async fn pause(&self) -> Result<SessionTurn, Problem> {
        self.call(Method::POST, "/pause", None::<&()>).await
    }

    /// Whether the server answers at all, even if this page may not read what.
    pub async fn is_up(&self) -> bool {
        let request = RequestBuilder::new(&[&self.base, "/healthz"].concat()).mode(RequestMode::NoCors);
        request.send().await.is_ok()
    }

    async fn call<B: Serialize, R: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: Option<&B>,
    ) -> Result<R, Problem> {
        let text = self.text(method, path, body.and_then(|body| serde_json::to_string(body).ok())).await?;
        serde_json::from_str(&text).map_err(|_| Problem::Unreadable)
    }

    // Apart from `call`, so that it is compiled once and not once for each kind of reply.
    async fn text(&self, method: Method, path: &str, body: Option<String>) -> Result<String, Problem> {
        let controller = AbortController::new().ok();
        let signal = controller.as_ref().map(AbortController::signal);
        let _timeout = controller.map(|controller| Timeout::new(TIMEOUT_MS, move || controller.abort()));

        let url = [&self.base, "/v1/participant/session", path].concat();
        let request = RequestBuilder::new(&url)
            .method(method)
            .header("Authorization", &["Bearer ", &self.token].concat())
            .credentials(web_sys::RequestCredentials::Omit)
            .cache(web_sys::RequestCache::NoStore)
            .abort_signal(signal.as_ref());
        let request = match body {
            Some(body) => request.header("Content-Type", "application/json").body(body),
            None => request.build(),
        };
        let response = request.map_err(|_| Problem::Unreachable)?.send().await.map_err(|_| Problem::Unreachable)?;
        let text = response.text().await.map_err(|_| Problem::Unreachable)?;
        if response.ok() { Ok(text) } else { Err(refusal(&response, &text)) }
    }
}

/// The error body, or what the status alone says where something in between has answered.
fn refusal(response: &Response, text: &str) -> Problem {
    let status = response.status();
    let mut error = serde_json::from_str::<ErrorBody>(text).map(|body| body.error).unwrap_or_else(|_| ErrorObject {
        code: ErrorCode::Unknown,
        message: String::new(),
        status,
        details: Vec::new(),
    });
    error.status = status;
    Problem::Refused(Box::new(error))
}
