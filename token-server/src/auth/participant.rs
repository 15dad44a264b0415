//! Callers with an invite or a session token: the widget.

use axum::{
    extract::{FromRequest, FromRequestParts, Request},
    http::{HeaderMap, header, request::Parts},
};
use protocol::session::{PutAnswer, StartSession};
use serde::Deserialize;
use url::Url;

use crate::{
    auth::bearer,
    error::ApiError,
    extract::{Form, JsonBody, OptionalJsonBody},
    state::AppState,
    strict,
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

/// What opens an interview: the invite token and what is said with it. The token is in the header with a JSON body, or
/// both are in a form as RFC 6750 §2.2 has it, where the token is called `access_token`. A browser sends the form to
/// another origin without asking first (no CORS preflight), so a page's first question comes one round trip earlier. The
/// token is the whole authority, and no browser sends it by itself, so nothing is lost by that.
#[derive(Debug)]
pub struct Opening {
    /// Who opens it.
    pub invited: Invited,
    /// What is said.
    pub body: StartSession,
}

/// An answer and who gives it: as for [`Opening`], with the session token and, in a form, the body as the text `answer`.
#[derive(Debug)]
pub struct Answering {
    /// Who answers.
    pub participant: Participant,
    /// The answer, or a draft of it.
    pub body: PutAnswer,
}

/// What is in a form beside the token.
#[derive(Deserialize)]
struct AnswerForm {
    answer: String,
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

/// A participant who sends a part of an upload, of which a large one has many.
#[derive(Debug)]
pub struct PartSender(pub Participant);

/// The `Origin` of a request, which browsers send from pages of another origin. Pages of our own count as none: `/i`
/// is in no frame, and in whose frame `/embed` may be is told to the browser for each invite.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageOrigin(pub Option<String>);

impl PageOrigin {
    fn of(headers: &HeaderMap, state: &AppState) -> Self {
        // A header that is not text cannot equal any allowed origin, so it must not count as absent.
        let origin = headers.get(header::ORIGIN).map(|value| value.to_str().unwrap_or("null").to_owned());
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

impl Invited {
    fn by(token: &str, headers: &HeaderMap, state: &AppState) -> Result<Self, ApiError> {
        let clock = state.shared.clock.as_ref();
        let (claims, expired) = match state.tokens.verify(TokenKind::Invite, token, clock) {
            Ok(claims) => (claims, false),
            Err(TokenRefused::Expired(claims)) => (*claims, true),
            Err(TokenRefused::Invalid) => return Err(ApiError::unauthorized()),
        };
        state.shared.limits.participants.start(&claims.jti)?;
        Ok(Self { claims, expired, origin: PageOrigin::of(headers, state) })
    }
}

impl FromRequest<AppState> for Opening {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, ApiError> {
        if !has_token_in_form(request.headers()) {
            let token = bearer(request.headers()).ok_or_else(ApiError::unauthorized)?;
            let invited = Invited::by(token, request.headers(), state)?;
            let OptionalJsonBody(body) = OptionalJsonBody::from_request(request, state).await?;
            return Ok(Self { invited, body });
        }
        let headers = request.headers().clone();
        let mut form = Form::from_request(request, state).await?;
        let token = form.take("access_token").ok_or_else(ApiError::unauthorized)?;
        Ok(Self { invited: Invited::by(&token, &headers, state)?, body: form.parse()? })
    }
}

impl FromRequest<AppState> for Answering {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, ApiError> {
        let headers = request.headers().clone();
        if !has_token_in_form(&headers) {
            let token = bearer(&headers).ok_or_else(ApiError::unauthorized)?;
            let participant = Participant::by(token, &headers, state)?;
            let JsonBody(body) = JsonBody::from_request(request, state).await?;
            return Ok(Self { participant, body });
        }
        let mut form = Form::from_request(request, state).await?;
        let token = form.take("access_token").ok_or_else(ApiError::unauthorized)?;
        let participant = Participant::by(&token, &headers, state)?;
        let AnswerForm { answer } = form.parse()?;
        Ok(Self { participant, body: strict::parse(answer.as_bytes())? })
    }
}

/// A request with the header is one of that kind, whatever its body: RFC 6750 §2 allows one way at a time.
fn has_token_in_form(headers: &HeaderMap) -> bool {
    !headers.contains_key(header::AUTHORIZATION) && Form::is_in(headers)
}

impl Participant {
    fn by(token: &str, headers: &HeaderMap, state: &AppState) -> Result<Self, ApiError> {
        let participant = Self::verified(token, headers, state)?;
        state.shared.limits.participants.call(&participant.session_id)?;
        Ok(participant)
    }

    fn verified(token: &str, headers: &HeaderMap, state: &AppState) -> Result<Self, ApiError> {
        let claims = state
            .tokens
            .verify(TokenKind::Session, token, state.shared.clock.as_ref())
            .map_err(|_| ApiError::unauthorized())?;
        let session_id = claims.sid.clone().ok_or_else(ApiError::unauthorized)?;
        Ok(Self { claims, session_id, origin: PageOrigin::of(headers, state) })
    }
}

impl FromRequestParts<AppState> for PartSender {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        let token = bearer(&parts.headers).ok_or_else(ApiError::unauthorized)?;
        let participant = Participant::verified(token, &parts.headers, state)?;
        state.shared.limits.participants.part(&participant.session_id)?;
        Ok(Self(participant))
    }
}

impl FromRequestParts<AppState> for Participant {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        let token = bearer(&parts.headers).ok_or_else(ApiError::unauthorized)?;
        Self::by(token, &parts.headers, state)
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
