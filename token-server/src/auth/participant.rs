//! Callers with an invite or a session token: the widget.

use axum::{
    extract::FromRequestParts,
    http::{header, request::Parts},
};
use url::Url;

use crate::{
    auth::bearer,
    error::ApiError,
    state::AppState,
    tokens::{Claims, TokenKind, TokenRefused},
};

/// A participant with an invite token. An expired token is let in, for the caller to say so with its status.
#[derive(Debug)]
pub struct Invited {
    /// What the token says.
    pub claims: Claims,
    /// Whether its time has run out.
    pub expired: bool,
    /// The page that asks.
    pub origin: PageOrigin,
}

/// A participant with a valid session token.
#[derive(Debug)]
pub struct Participant {
    /// What the token says.
    pub claims: Claims,
    /// The session.
    pub session_id: protocol::ids::SessionId,
    /// The page that asks.
    pub origin: PageOrigin,
}

/// The `Origin` of a request, which browsers send from pages of another origin. Pages of our own count as none: `/i`
/// is in no frame, and in whose frame `/embed` may be is told to the browser for each invite.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageOrigin(pub Option<String>);

impl PageOrigin {
    fn of(parts: &Parts, state: &AppState) -> Self {
        // A header that is not text cannot equal any allowed origin, so it must not count as absent.
        let origin =
            parts.headers.get(header::ORIGIN).map(|value| value.to_str().unwrap_or("null").to_owned());
        Self(origin.filter(|origin| !is_own(origin, state.tokens.issuer())))
    }

    /// Whether a page of this origin may run the interview. Without a list any may: the token is the authority and
    /// there are no cookies. A caller that is no page sends no origin and is not concerned.
    pub fn is_allowed(&self, invite_origin: Option<&str>, campaign_origins: &[String]) -> bool {
        let Some(origin) = &self.0 else { return true };
        match invite_origin {
            Some(only) => origin == only,
            None => campaign_origins.is_empty() || campaign_origins.contains(origin),
        }
    }
}

/// Whether this is the origin of our public URL.
fn is_own(origin: &str, public_url: &str) -> bool {
    Url::parse(public_url).is_ok_and(|url| url.origin().ascii_serialization() == origin)
}

impl FromRequestParts<AppState> for Invited {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        let token = bearer(&parts.headers).ok_or_else(ApiError::unauthorized)?;
        let clock = state.shared.clock.as_ref();
        let (claims, expired) = match state.tokens.verify(TokenKind::Invite, token, clock) {
            Ok(claims) => (claims, false),
            Err(TokenRefused::Expired(claims)) => (*claims, true),
            Err(TokenRefused::Invalid) => return Err(ApiError::unauthorized()),
        };
        Ok(Self { claims, expired, origin: PageOrigin::of(parts, state) })
    }
}

impl FromRequestParts<AppState> for Participant {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        let token = bearer(&parts.headers).ok_or_else(ApiError::unauthorized)?;
        let claims = state
            .tokens
            .verify(TokenKind::Session, token, state.shared.clock.as_ref())
            .map_err(|_| ApiError::unauthorized())?;
        let session_id = claims.sid.clone().ok_or_else(ApiError::unauthorized)?;
        Ok(Self { claims, session_id, origin: PageOrigin::of(parts, state) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_invites_own_origin_goes_before_the_campaigns_list() {
        let page = |origin: &str| PageOrigin(Some(origin.to_owned()));
        let list = ["https://a.example".to_owned()];
        assert!(page("https://any.example").is_allowed(None, &[]));
        assert!(page("https://a.example").is_allowed(None, &list));
        assert!(!page("https://b.example").is_allowed(None, &list));
        assert!(!page("null").is_allowed(None, &list));
        assert!(page("https://b.example").is_allowed(Some("https://b.example"), &list));
        assert!(!page("https://a.example").is_allowed(Some("https://b.example"), &list));
        assert!(PageOrigin(None).is_allowed(Some("https://b.example"), &list));
    }

    #[test]
    fn our_own_origin_is_that_of_the_public_url_and_nothing_like_it() {
        for url in ["https://api.example.com", "https://api.example.com/interviews"] {
            assert!(is_own("https://api.example.com", url));
            for other in [
                "https:",
                "",
                "null",
                "http://api.example.com",
                "https://api.example.com:8443",
                "https://api.example",
            ] {
                assert!(!is_own(other, url), "{other}");
            }
        }
    }
}
