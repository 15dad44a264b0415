//! Somebody who calls the API, and what they get.

use reqwest::{
    Client, Method, RequestBuilder,
    header::{HeaderMap, HeaderName},
};
use serde_json::Value;

use super::documented;

/// A caller of one environment: anonymous, or with an API key, an invite token or a session token.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    http: Client,
    base: String,
    credential: Option<String>,
}

impl Caller {
    pub(crate) fn new(base: &str) -> Self {
        let http = Client::builder().no_proxy().build().expect("a client");
        Self { http, base: base.to_owned(), credential: None }
    }

    /// The same caller with another credential.
    pub(crate) fn with(&self, credential: &str) -> Self {
        Self { credential: Some(credential.to_owned()), ..self.clone() }
    }

    /// What the caller shows.
    pub(crate) fn credential(&self) -> &str {
        self.credential.as_deref().expect("a caller with a credential")
    }

    /// A request that is not sent yet, for those who want headers of their own. End it with [`Self::send`].
    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.http.request(method, format!("{}{path}", self.base));
        match &self.credential {
            Some(credential) => request.bearer_auth(credential),
            None => request,
        }
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        send(self.request(Method::GET, path)).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Reply {
        send(self.request(Method::DELETE, path)).await
    }

    /// A POST without a body.
    pub(crate) async fn post_nothing(&self, path: &str) -> Reply {
        send(self.request(Method::POST, path)).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Reply {
        send(self.request(Method::POST, path).json(&body)).await
    }

    pub(crate) async fn put(&self, path: &str, body: Value) -> Reply {
        send(self.request(Method::PUT, path).json(&body)).await
    }

    pub(crate) async fn patch(&self, path: &str, body: Value) -> Reply {
        send(self.request(Method::PATCH, path).json(&body)).await
    }
}

/// Sends a request. Whatever comes back has an `X-Request-Id`, and every failure the envelope of [`protocol::ErrorBody`].
pub(crate) async fn send(request: RequestBuilder) -> Reply {
    try_send(request).await.unwrap_or_else(|error| panic!("{error:?}"))
}

/// As [`send`], for a server that may be gone.
pub(crate) async fn try_send(request: RequestBuilder) -> Result<Reply, reqwest::Error> {
    let (client, request) = request.build_split();
    let request = request?;
    let is_head = request.method() == Method::HEAD;
    let what = format!("{} {}", request.method(), request.url().path());
    let (method, path) = (request.method().clone(), request.url().path().to_owned());
    let response = client.execute(request).await?;
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let is_stream = headers.get("content-type").is_some_and(|value| value == "text/event-stream");
    // A stream goes on; its beginning is enough here.
    let text = if is_stream && !is_head { first_of(response).await? } else { response.text().await? };
    let reply = Reply { what, status, headers, text };
    reply.assert_has("x-request-id");
    // A person sees this one, in a frame.
    let is_page = path == "/embed" && status == 404;
    if status >= 400 && !is_head && !is_page {
        if TELLS_PLAINLY.contains(&path.as_str()) { reply.assert_plain() } else { reply.assert_envelope() }
    }
    if let Some(operation) = documented::operation(&method, &path) {
        documented::check(operation, &reply);
    }
    Ok(reply)
}

async fn first_of(mut response: reqwest::Response) -> Result<String, reqwest::Error> {
    let bytes = response.chunk().await?.unwrap_or_default();
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Where a failure is `{"error":"…"}`.
const TELLS_PLAINLY: [&str; 4] = ["/auth/login", "/auth/refresh", "/auth/logout", "/graphql"];

/// An answer of the server.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) what: String,
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Reply {
    /// The body, if it has this status.
    #[track_caller]
    pub(crate) fn expect(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}: {}", self.what, self.text);
        if self.text.is_empty() { Value::Null } else { self.json() }
    }

    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text)
            .unwrap_or_else(|error| panic!("{}: {error}: {}", self.what, self.text))
    }

    /// It failed with this status and code; gives the error.
    #[track_caller]
    pub(crate) fn refused(&self, status: u16, code: &str) -> Value {
        let error = self.expect(status)["error"].clone();
        assert_eq!(error["code"], code, "{}: {}", self.what, self.text);
        error
    }

    /// It is a 422 with exactly these faults, as `(pointer, code)`.
    #[track_caller]
    pub(crate) fn refused_with(&self, code: &str, faults: &[(&str, &str)]) {
        let error = self.refused(422, code);
        let given: Vec<_> = error["details"].as_array().into_iter().flatten().collect();
        let given: Vec<_> = given
            .iter()
            .map(|one| (one["pointer"].as_str().unwrap(), one["code"].as_str().unwrap()))
            .collect();
        assert_eq!(given, faults, "{}: {}", self.what, self.text);
    }

    /// It is the 401 of the authentication guide.
    #[track_caller]
    pub(crate) fn is_guide_401(&self) {
        assert_eq!((self.status, self.text.as_str()), (401, super::GUIDE_401), "{}", self.what);
        assert_eq!(self.header("www-authenticate"), Some("Bearer realm=\"interviewrelay\""), "{}", self.what);
    }

    /// It failed with this status and this text, and nothing else is in the body.
    #[track_caller]
    pub(crate) fn is_plain(&self, status: u16, text: &str) {
        let body = format!("{{\"error\":\"{text}\"}}");
        assert_eq!((self.status, self.text.as_str()), (status, body.as_str()), "{}", self.what);
    }

    /// It is the 401 of the second guide.
    #[track_caller]
    pub(crate) fn is_plain_401(&self) {
        self.is_plain(401, "Missing or invalid API key or token");
        assert_eq!(self.header("www-authenticate"), Some("Bearer realm=\"interviewrelay\""), "{}", self.what);
    }

    /// It is the 403 of the authentication guide.
    #[track_caller]
    pub(crate) fn is_guide_403(&self) {
        assert_eq!((self.status, self.text.as_str()), (403, super::GUIDE_403), "{}", self.what);
    }

    pub(crate) fn header(&self, name: &'static str) -> Option<&str> {
        self.headers.get(HeaderName::from_static(name))?.to_str().ok()
    }

    #[track_caller]
    pub(crate) fn assert_has(&self, name: &'static str) {
        assert!(
            self.header(name).is_some_and(|value| !value.is_empty()),
            "{} has no {name}: {}",
            self.what,
            self.text
        );
    }

    #[track_caller]
    fn assert_plain(&self) {
        assert_eq!(members(&self.json()), ["error"], "{}: {}", self.what, self.text);
        assert!(self.json()["error"].as_str().is_some_and(|text| !text.is_empty()), "{}", self.text);
        assert_eq!(self.header("content-type"), Some("application/json"), "{}", self.what);
        assert_ne!(self.status, 500, "{}: {}", self.what, self.text);
    }

    #[track_caller]
    fn assert_envelope(&self) {
        let body = self.json();
        let error =
            body["error"].as_object().unwrap_or_else(|| panic!("{}: no envelope: {}", self.what, self.text));
        assert_eq!(body.as_object().map(serde_json::Map::len), Some(1), "{}: {}", self.what, self.text);
        assert!(
            error.keys().all(|key| ["code", "message", "status", "details"].contains(&key.as_str())),
            "{}",
            self.text
        );
        assert_eq!(error["status"], self.status, "{}: {}", self.what, self.text);
        let code: protocol::ErrorCode =
            serde_json::from_value(error["code"].clone()).expect("a documented code");
        assert_ne!(code, protocol::ErrorCode::Unknown, "{}", self.text);
        let status_is_a_setting = code == protocol::ErrorCode::RateLimited && self.status == 429;
        assert!(status_is_a_setting || code.status() == self.status, "{}: {}", self.what, self.text);
        assert!(error["message"].as_str().is_some_and(|text| !text.is_empty()), "{}", self.text);
        assert_eq!(
            error.contains_key("details"),
            self.status == 422 && code != protocol::ErrorCode::IdempotencyMismatch,
            "{}",
            self.text
        );
        assert_eq!(self.header("content-type"), Some("application/json"), "{}", self.what);
        assert_ne!(self.status, 500, "{}: {}", self.what, self.text);
    }
}

/// The names of an object's members, in alphabetical order: the shape of an answer.
#[track_caller]
pub(crate) fn members(value: &Value) -> Vec<&str> {
    let mut names: Vec<_> = value.as_object().expect("an object").keys().map(String::as_str).collect();
    names.sort_unstable();
    names
}
