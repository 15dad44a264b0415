//! The server's own description: `OpenAPI` 3.1, as JSON and as a page to read.
//!
//! It is written here by hand, below the types it speaks of, and held to them by tests: each route of the router is in
//! it and no other, each schema has the members of the type of the same name, and whatever the server answers in any
//! test has a status and a body that it names.

mod graphql;
mod management;
mod operation;
mod page;
mod participant;
mod schemas;
mod sign_in;

use axum::body::Bytes;
use protocol::{ErrorBody, ErrorCode};
use serde_json::{Map, Value, json};

pub use page::STYLE;

/// What is served, made once.
#[derive(Debug, Clone)]
pub struct Published {
    /// The document.
    pub json: Bytes,
    /// The page.
    pub page: Bytes,
}

impl Published {
    /// For the server at this URL.
    pub fn at(public_url: &str) -> Self {
        let document = document(public_url);
        Self { json: document.to_string().into(), page: page::render(&document).into() }
    }
}

/// The document, for the server at this URL.
pub fn document(public_url: &str) -> Value {
    let mut paths: Map<String, Value> = Map::new();
    let operations = management::all().into_iter().chain(participant::all()).chain(sign_in::all());
    for operation in operations.chain(graphql::all()) {
        let (method, path) = (operation.method, operation.path);
        let methods = paths.entry(path).or_insert_with(|| json!({}));
        methods[method] = operation.into_json();
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "InterviewRelay",
            "version": env!("CARGO_PKG_VERSION"),
            "summary": "Interviews inside your own web pages.",
            "description": INTRODUCTION,
            "license": {"name": env!("CARGO_PKG_LICENSE"), "identifier": env!("CARGO_PKG_LICENSE")}
        },
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "servers": [{"url": public_url}],
        "tags": [
            {"name": "API keys", "description": "Secrets of your backend."},
            {"name": "Campaigns", "description": "Interviews with their settings and guides."},
            {"name": "Invites", "description": "A short-lived token for each participant."},
            {"name": "Sessions", "description": "What participants have answered."},
            {"name": "Participants", "description": "Who was invited, and their right to be forgotten."},
            {"name": "Webhooks", "description": "Your servers are told of what happens."},
            {"name": "Audit log", "description": "Who changed what."},
            {"name": "GraphQL", "description": "The same operations behind one document, for somebody who has signed in."},
            {"name": "Participant", "description": "What the widget calls. No API key works here."},
            {"name": "Sign-in", "description": "Users with passwords, for those who hold an API key of the organization."},
            {"name": "Public", "description": "What needs no credential."}
        ],
        "paths": paths,
        "components": {
            "schemas": schemas::all(),
            "responses": error_responses().into_iter().chain(sign_in::error_responses()).collect::<Map<_, _>>(),
            "parameters": parameters(),
            "headers": headers(),
            "securitySchemes": security_schemes()
        }
    })
}

const INTRODUCTION: &str = "Your backend exchanges its secret API key for an invite token, the widget in your page \
    runs the interview with that token. JSON, snake_case; times are RFC 3339 in UTC with milliseconds. Unknown members \
    of a body are refused by name. Every failure has the same envelope: match on `error.code`, never on the message; only `/auth` answers `{\"error\":\"…\"}` with a text. An \
    unknown path is a 404 `not_found`, a method that a path does not have a 405 `method_not_allowed`, both in that envelope.";

/// A response for each status that an error has, from the codes themselves.
fn error_responses() -> Map<String, Value> {
    let mut by_status: std::collections::BTreeMap<u16, Vec<ErrorCode>> = std::collections::BTreeMap::new();
    for code in ErrorCode::ALL {
        by_status.entry(code.status()).or_default().push(*code);
    }
    // `rate_limit_status` chooses between the two.
    by_status.entry(429).or_default().push(ErrorCode::RateLimited);
    by_status
        .into_iter()
        .map(|(status, codes)| (format!("Error{status}"), error_response(status, &codes)))
        .collect()
}

fn error_response(status: u16, codes: &[ErrorCode]) -> Value {
    let names: Vec<_> = codes.iter().map(|code| format!("`{code}`")).collect();
    let examples: Map<String, Value> = codes
        .iter()
        .map(|code| {
            let mut body = ErrorBody::new(*code, code.default_message(), Vec::new());
            body.error.status = status;
            (code.to_string(), json!({"value": body}))
        })
        .collect();
    let mut headers = json!({"X-Request-Id": {"$ref": "#/components/headers/RequestId"}});
    let more: &[(&str, &str)] = match status {
        401 => &[("WWW-Authenticate", "WwwAuthenticate")],
        403 | 429 => &[
            ("Retry-After", "RetryAfter"),
            ("RateLimit", "RateLimit"),
            ("RateLimit-Policy", "RateLimitPolicy"),
        ],
        503 => &[("Retry-After", "RetryAfter")],
        _ => &[],
    };
    for (name, component) in more {
        headers[*name] = json!({"$ref": format!("#/components/headers/{component}")});
    }
    json!({
        "description": format!("{}.", names.join(", ")),
        "headers": headers,
        "content": {"application/json": {"schema": schemas::named("ErrorBody"), "examples": examples}}
    })
}

fn parameters() -> Value {
    json!({
        "IdempotencyKey": {
            "name": "Idempotency-Key", "in": "header",
            "description": "Sent again with the same key within 24 hours, the request gets its first answer and changes nothing more.",
            "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[ -~]+$"}
        },
        "IfMatch": {
            "name": "If-Match", "in": "header",
            "description": "The `ETag` of the campaign as it was read; 412 if it has changed since.",
            "schema": {"type": "string"}
        },
        "Limit": {
            "name": "limit", "in": "query", "description": "Objects on a page.",
            "schema": {"type": "integer", "minimum": 1, "maximum": 100, "default": 50}
        },
        "Cursor": {
            "name": "cursor", "in": "query", "description": "The `next_cursor` of the page before.",
            "schema": {"type": "string"}
        }
    })
}

fn headers() -> Value {
    let header = |description: &str, schema: Value| json!({"description": description, "schema": schema});
    let text = || json!({"type": "string"});
    json!({
        "RequestId": header("Names the request; say it when you report a problem.", text()),
        "ETag": header("Changes with each change of what you write.", text()),
        "RateLimit": header(
            "What is left of the minute, such as `\"default\";r=42;t=18`. Where the plan has a limit.",
            text(),
        ),
        "RateLimitPolicy": header(
            "The limit, such as `\"default\";q=100;w=60`. Where the plan has one.",
            text(),
        ),
        "RetryAfter": header("In how many seconds to try again.", json!({"type": "integer", "minimum": 1})),
        "WwwAuthenticate": header("`Bearer realm=\"interviewrelay\"`.", text()),
        "IdempotentReplayed": header(
            "`true` where the answer was given before.",
            json!({"type": "string", "const": "true"}),
        )
    })
}

fn security_schemes() -> Value {
    let bearer = |format: &str, description: &str| json!({"type": "http", "scheme": "bearer", "bearerFormat": format, "description": description});
    json!({
        "apiKey": bearer(
            "ir_live_sk_… or ir_test_sk_…",
            "A secret API key of this environment. For backends only: never put one into a page.",
        ),
        "xApiKey": {
            "type": "apiKey", "in": "header", "name": "x-api-key",
            "description": "A secret API key of this environment, where `Authorization` is for the user."
        },
        "userToken": bearer("JWT", "The token of somebody who has signed in; it lives 15 minutes."),
        "inviteToken": bearer("JWT", "The `invite_token` of an invite."),
        "sessionToken": bearer("JWT", "The `session_token` of a started session; it lives 15 minutes.")
    })
}
