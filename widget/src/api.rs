//! Every fetch. The server is known through [`protocol`] alone.

use gloo_net::http::{Method, RequestBuilder};
use gloo_timers::callback::Timeout;
use protocol::{
    error::{ErrorCode, ErrorObject},
    session::{AcceptedConsent, GiveConsent, PutAnswer, StartSession},
};
use serde_json::Value;
use web_sys::{AbortController, RequestCache, RequestCredentials, RequestMode};

use crate::{
    error::Problem,
    reply::{self, Course, SessionToken, Snapshot},
};

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
    /// `POST /session`: start or resume.
    ///
    /// # Errors
    /// [`Problem`], here and below.
    pub async fn start(&self, locale: Option<String>) -> Result<(SessionToken, Snapshot), Problem> {
        let body = serde_json::to_string(&StartSession { locale }).ok();
        let reply = self.call(Method::POST, "", body).await?;
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
        let body = serde_json::to_string(&GiveConsent { accepted }).ok();
        reply::course(&self.call(Method::POST, "/consent", body).await?).ok_or(Problem::Unreadable)
    }

    /// `PUT /session/answers/:question_id`, a commit.
    ///
    /// # Errors
    /// [`Problem`].
    pub async fn answer(&self, question_id: &str, body: &PutAnswer) -> Result<Course, Problem> {
        reply::course(&self.put(question_id, body).await?).ok_or(Problem::Unreadable)
    }

    /// `PUT /session/answers/:question_id`, a draft; gives the count that is stored.
    ///
    /// # Errors
    /// [`Problem`].
    pub async fn draft(&self, question_id: &str, body: &PutAnswer) -> Result<u64, Problem> {
        reply::seq(&self.put(question_id, body).await?).ok_or(Problem::Unreadable)
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
        let request = RequestBuilder::new(&[&self.base, "/healthz"].concat()).mode(RequestMode::NoCors);
        request.credentials(RequestCredentials::Omit).send().await.is_ok()
    }

    async fn put(&self, question_id: &str, body: &PutAnswer) -> Result<Value, Problem> {
        let id = String::from(js_sys::encode_uri_component(question_id));
        self.call(Method::PUT, &["/answers/", &id].concat(), serde_json::to_string(body).ok()).await
    }

    async fn call(&self, method: Method, path: &str, body: Option<String>) -> Result<Value, Problem> {
        let controller = AbortController::new().ok();
        let signal = controller.as_ref().map(AbortController::signal);
        let _timeout = controller.map(|controller| Timeout::new(TIMEOUT_MS, move || controller.abort()));

        let url = [&self.base, "/v1/participant/session", path].concat();
        let request = RequestBuilder::new(&url)
            .method(method)
            .header("Authorization", &["Bearer ", &self.token].concat())
            .credentials(RequestCredentials::Omit)
            .cache(RequestCache::NoStore)
            .abort_signal(signal.as_ref());
        let request = match body {
            Some(body) => request.header("Content-Type", "application/json").body(body),
            None => request.build(),
        };
        let response =
            request.map_err(|_| Problem::Unreachable)?.send().await.map_err(|_| Problem::Unreachable)?;
        let text = response.text().await.map_err(|_| Problem::Unreachable)?;
        let reply: Result<Value, _> = serde_json::from_str(&text);
        if response.ok() {
            reply.map_err(|_| Problem::Unreadable)
        } else {
            let status = response.status();
            Err(Problem::Refused(Box::new(
                reply.ok().and_then(|reply| reply::error(&reply, status)).unwrap_or_else(|| bare(status)),
            )))
        }
    }
}

/// What the status alone says, where something between here and the server has answered.
fn bare(status: u16) -> ErrorObject {
    ErrorObject { code: ErrorCode::Unknown, message: String::new(), status, details: Vec::new() }
}
