//! Who may read `/metrics`.

use axum::{extract::FromRequestParts, http::request::Parts};

use crate::{
    auth::address::{client_address, contains, is_forwarded_by_a_stranger},
    error::ApiError,
    state::AppState,
};

/// Somebody at an address that `metrics_allowed_cidrs` names. Others get what they get for any path that is not there.
#[derive(Debug, Clone, Copy)]
pub struct MetricsReader;

impl FromRequestParts<AppState> for MetricsReader {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        let rules = &state.callers;
        // A proxy on this machine that nobody has listed would make the whole world a caller from this machine.
        if is_forwarded_by_a_stranger(parts, &rules.trusted_proxies) {
            return Err(ApiError::not_found());
        }
        let address = client_address(parts, &rules.trusted_proxies);
        let is_allowed = address
            .is_some_and(|address| rules.metrics_allowed_cidrs.iter().any(|net| contains(net, address)));
        if is_allowed { Ok(Self) } else { Err(ApiError::not_found()) }
    }
}
