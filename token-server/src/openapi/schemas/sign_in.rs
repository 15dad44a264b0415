//! Sign-in.

use serde_json::{Value, json};

use super::{Named, body, object, text, with, with_example};

pub(super) fn all() -> Vec<Named> {
    vec![
        ("SignIn", sign_in()),
        ("PresentRefreshToken", present_refresh_token()),
        ("SignedIn", signed_in()),
        ("PlainErrorBody", plain_error_body()),
    ]
}

fn sign_in() -> Value {
    body(
        "Who wants to sign in.",
        [
            ("email", text("The user's e-mail address, in any letter case.")),
            ("password", with(text("Their password."), json!({"format": "password"}))),
        ],
        json!({"email": "ada@example.com", "password": "correct horse battery staple"}),
    )
}

fn present_refresh_token() -> Value {
    body(
        "A refresh token.",
        [("refresh_token", text("The newest refresh token of the sign-in: `ir_rt_…`."))],
        json!({"refresh_token": "ir_rt_…"}),
    )
}

fn signed_in() -> Value {
    let schema = object(
        "A pair of tokens.",
        [
            ("token", text("What `Authorization: Bearer …` takes: a JWT.")),
            ("token_type", with(text("Always `Bearer`."), json!({"const": "Bearer"}))),
            (
                "expires_in",
                json!({"type": "integer", "minimum": 1, "description": "Seconds until `token` runs out: 900."}),
            ),
            ("refresh_token", text("What `POST /auth/refresh` takes, once, within 30 days.")),
        ],
    );
    with_example(
        schema,
        json!({"token": "eyJ…", "token_type": "Bearer", "expires_in": 900, "refresh_token": "ir_rt_…"}),
    )
}

fn plain_error_body() -> Value {
    let schema = object(
        "What a failed call of `/auth` answers.",
        [("error", text("For people: what happened and what to do."))],
    );
    with_example(schema, json!({"error": "Missing or invalid API key or token"}))
}
