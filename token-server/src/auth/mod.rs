//! Who is calling. A handler that has one of these extractors is authenticated; one without is public.

pub mod address;
pub mod api_key;
pub mod bearer_user;
pub mod directory;
pub mod guesses;
pub mod key_cache;
pub mod metrics_reader;
pub mod participant;
pub mod passwords;
pub mod throttle;

use axum::http::{HeaderMap, header};

/// The token of `Authorization: Bearer <token>` (RFC 6750 §2.1). Two such headers are as good as none.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let value = values.next()?.to_str().ok()?;
    if values.next().is_some() {
        return None;
    }
    let (scheme, token) = value.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}
