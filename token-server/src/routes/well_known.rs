//! `/.well-known/jwks.json`

use axum::{
    Json,
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};

use crate::state::AppState;

/// The keys that verify our tokens (RFC 7517), for whoever likes to check one.
pub(crate) async fn jwks(State(state): State<AppState>) -> Response {
    // Short enough that a new key is known long before the first old one is gone.
    let cache = HeaderValue::from_static("public, max-age=300");
    ([(header::CACHE_CONTROL, cache)], Json(state.tokens.jwks())).into_response()
}
