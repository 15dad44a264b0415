//! Somebody who asks GraphQL: with a key, and with the token of somebody who has signed in.

use protocol::{Environment, user::Role};
use reqwest::{
    Client, Method, RequestBuilder,
    header::{HeaderMap, HeaderName},
};
use serde_json::{Value, json};
use token_server::operations::{by::By, sign_in};

use super::{Organization, TestServer, users::PASSWORD};

/// The 401 of the Exterview page, byte for byte.
pub(crate) const PLAIN_401: &str = r#"{"error":"Missing or invalid API key or token"}"#;

/// The token of somebody with this role.
pub(crate) async fn bearer(
    server: &TestServer,
    organization: &Organization,
    environment: Environment,
    role: Role,
) -> String {
    let email = format!("{}@example.com", role.as_str());
    let mut unit = server.shared.store.read().await.expect("a database");
    let known = unit.find_user_by_email(&organization.id, &email).await.expect("a database");
    drop(unit);
    if known.is_none() {
        server.user(organization, &email, role).await;
    }
    let state = server.state(environment);
    let signed_in =
        sign_in::login(&state, &By::cli(environment, organization.id.clone()), None, &email, PASSWORD).await;
    signed_in.expect("a token").token
}

/// Somebody who asks.
#[derive(Debug, Clone)]
pub(crate) struct Asker {
    http: Client,
    url: String,
    key: Option<String>,
    token: Option<String>,
}

/// What they get.
#[derive(Debug)]
pub(crate) struct Answered {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Asker {
    /// An owner of the organization, with its admin key.
    pub(crate) async fn owner(server: &TestServer, organization: &Organization) -> Self {
        Self::in_environment(server, organization, Environment::Live).await
    }

    pub(crate) async fn in_environment(
        server: &TestServer,
        organization: &Organization,
        environment: Environment,
    ) -> Self {
        let token = bearer(server, organization, environment, Role::Owner).await;
        Self {
            http: Client::builder().no_proxy().build().unwrap(),
            url: format!("{}/graphql", server.url(environment)),
            key: Some(organization.admin.credential().to_owned()),
            token: Some(token),
        }
    }

    pub(crate) fn with_key(&self, key: &str) -> Self {
        Self { key: Some(key.to_owned()), ..self.clone() }
    }

    pub(crate) fn with_token(&self, token: &str) -> Self {
        Self { token: Some(token.to_owned()), ..self.clone() }
    }

    pub(crate) fn without_token(&self) -> Self {
        Self { token: None, ..self.clone() }
    }

    pub(crate) fn without_key(&self) -> Self {
        Self { key: None, ..self.clone() }
    }

    /// A request with the credentials, that is not sent yet.
    pub(crate) fn request(&self, method: Method) -> RequestBuilder {
        self.request_to(method, "")
    }

    pub(crate) fn request_to(&self, method: Method, query: &str) -> RequestBuilder {
        let mut request = self.http.request(method, format!("{}{query}", self.url));
        if let Some(key) = &self.key {
            request = request.header("x-api-key", key);
        }
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    pub(crate) async fn ask(&self, document: &str) -> Answered {
        self.ask_with(document, json!({})).await
    }

    pub(crate) async fn ask_with(&self, document: &str, variables: Value) -> Answered {
        send(self.request(Method::POST).json(&json!({"query": document, "variables": variables}))).await
    }
}

/// Sends a request. Whatever comes back has an `X-Request-Id`.
pub(crate) async fn send(request: RequestBuilder) -> Answered {
    let response = request.send().await.expect("an answer");
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    assert!(headers.contains_key("x-request-id"));
    assert_eq!(headers["cache-control"], "no-store");
    Answered { status, headers, text: response.text().await.expect("a text") }
}

impl Answered {
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    /// The data of an answer without errors.
    #[track_caller]
    pub(crate) fn data(&self) -> Value {
        let body = self.json();
        assert_eq!((self.status, &body["errors"]), (200, &Value::Null), "{}", self.text);
        body["data"].clone()
    }

    /// The one error of a field that failed.
    #[track_caller]
    pub(crate) fn failed(&self, code: &str) -> Value {
        let body = self.json();
        let errors = body["errors"].as_array().unwrap_or_else(|| panic!("no errors: {}", self.text));
        assert_eq!((self.status, errors.len()), (200, 1), "{}", self.text);
        assert_eq!(errors[0]["extensions"]["code"], code, "{}", self.text);
        assert!(body.get("data").is_some() && errors[0]["path"].is_array(), "{}", self.text);
        errors[0].clone()
    }

    /// The one error of a document that was not begun with.
    #[track_caller]
    pub(crate) fn not_begun(&self) -> Value {
        let body = self.json();
        assert_eq!(self.status, 200, "{}", self.text);
        assert!(body.get("data").is_none(), "{}", self.text);
        let errors = body["errors"].as_array().unwrap_or_else(|| panic!("no errors: {}", self.text));
        assert_eq!(errors.len(), 1, "{}", self.text);
        assert_eq!(errors[0]["extensions"]["code"], "invalid_request", "{}", self.text);
        errors[0].clone()
    }

    /// It is `{"error":"…"}` with this status; gives the text.
    #[track_caller]
    pub(crate) fn plain(&self, status: u16) -> String {
        let body = self.json();
        assert_eq!(self.status, status, "{}", self.text);
        assert_eq!(body.as_object().map(serde_json::Map::len), Some(1), "{}", self.text);
        assert_eq!(self.header("content-type"), Some("application/json"));
        body["error"].as_str().unwrap_or_else(|| panic!("no text: {}", self.text)).to_owned()
    }

    /// It is the 401 of the Exterview page.
    #[track_caller]
    pub(crate) fn is_plain_401(&self) {
        assert_eq!((self.status, self.text.as_str()), (401, PLAIN_401));
        assert_eq!(self.header("www-authenticate"), Some("Bearer realm=\"interviewrelay\""));
    }

    pub(crate) fn header(&self, name: &'static str) -> Option<&str> {
        self.headers.get(HeaderName::from_static(name))?.to_str().ok()
    }
}
