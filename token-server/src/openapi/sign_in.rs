//! Sign-in: who takes an API key as `x-api-key`, and tells failures plainly.

use serde_json::{Map, Value, json};

use super::{
    operation::{Operation, PLAIN_STATUSES},
    schemas::named,
};
use crate::error::PlainError;

const SIGN_IN: &str = "Sign-in";

pub(super) fn all() -> Vec<Operation> {
    vec![
        Operation::new(
            "post",
            "/auth/login",
            (SIGN_IN, "signIn"),
            "Sign in",
            "Ten times a minute for each address at most; then 429.",
        )
        .plain("SignIn")
        .answers(200, "The user is signed in.", "SignedIn"),
        Operation::new(
            "post",
            "/auth/refresh",
            (SIGN_IN, "refreshSignIn"),
            "Go on being signed in",
            "Takes the newest refresh token and gives the next pair. Sent again within 10 seconds, as when the answer was lost, \
             it gives another pair in place of the one before; a token that is used again later, or when the next one was \
             used, ends the whole sign-in.",
        )
        .plain("PresentRefreshToken")
        .answers(200, "The next pair of tokens.", "SignedIn"),
        Operation::new(
            "post",
            "/auth/logout",
            (SIGN_IN, "signOut"),
            "Sign out",
            "Ends the sign-in: its tokens fail from the next request on. Doing so twice is no error.",
        )
        .plain("PresentRefreshToken")
        .answers_content(204, "It has ended.", json!(null)),
    ]
}

/// A response for each status with which these may fail.
pub(super) fn error_responses() -> Map<String, Value> {
    PLAIN_STATUSES.iter().map(|status| (format!("PlainError{status}"), error_response(*status))).collect()
}

fn error_response(status: u16) -> Value {
    let (description, more): (&str, &[(&str, &str)]) = match status {
        400 => ("The body or its type cannot be understood.", &[]),
        401 => {
            ("No key, token or password, or not the right one.", &[("WWW-Authenticate", "WwwAuthenticate")])
        }
        403 => ("The key may not be used from this address.", &[]),
        413 => ("The body is too large.", &[]),
        429 => (
            "Too many requests of the organization, or tries of a password.",
            &[("Retry-After", "RetryAfter")],
        ),
        503 => ("Not at the moment.", &[("Retry-After", "RetryAfter")]),
        _ => ("Our fault.", &[]),
    };
    let mut headers = json!({"X-Request-Id": {"$ref": "#/components/headers/RequestId"}});
    for (name, component) in more {
        headers[*name] = json!({"$ref": format!("#/components/headers/{component}")});
    }
    let mut content = json!({"schema": named("PlainErrorBody")});
    if status == 401 {
        content["examples"] =
            json!({"unauthorized": {"value": {"error": PlainError::unauthorized().message}}});
    }
    json!({"description": description, "headers": headers, "content": {"application/json": content}})
}
