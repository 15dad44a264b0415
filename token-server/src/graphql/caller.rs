//! Who asks: an API key and, but for signing in, somebody who has signed in.

use std::net::IpAddr;

use async_graphql::Context;
use axum::http::{HeaderMap, StatusCode, header, request::Parts};
use domain::api_key::StoredApiKey;
use protocol::{api_key::Scope, ids::OrganizationId};

use crate::{
    auth::{
        address::client_address,
        api_key::x_api_key,
        bearer_user::{self, Bearer},
    },
    error::{ApiError, PlainError},
    operations::{by::By, invites::Minter},
    state::AppState,
};

/// The 401 of the Exterview page, byte for byte.
const UNAUTHORIZED: &str = "Missing or invalid API key or token";

/// Who asks.
#[derive(Debug, Clone)]
pub(super) struct Caller {
    /// With which key.
    pub(super) key: StoredApiKey,
    /// What they do is done by them.
    pub(super) by: By,
    /// Who has signed in.
    pub(super) bearer: Option<Bearer>,
    /// Where they are.
    pub(super) address: Option<IpAddr>,
}

/// No key or token, or not a valid one, or not one of each that belong together.
pub(super) fn unauthorized() -> PlainError {
    PlainError::new(StatusCode::UNAUTHORIZED, UNAUTHORIZED)
}

impl Caller {
    /// Whoever the headers name.
    ///
    /// # Errors
    /// 401 for the key and the token, 400 for an `Authorization` of another form, 403 for an address or a rate that is
    /// not allowed. Without any token there is no [`Self::bearer`], which is for the document to decide.
    pub(super) async fn of(parts: &Parts, state: &AppState) -> Result<Self, PlainError> {
        let (key, by) = x_api_key(parts, state).await?;
        let address = client_address(parts, &state.callers.trusted_proxies);
        let Some(token) = token(&parts.headers)? else { return Ok(Self { key, by, bearer: None, address }) };
        let bearer = bearer_user::verify(state, &key.organization_id, token).await?;
        let belong_together = bearer.organization_id == key.organization_id
            && bearer.environment == key.environment
            && key.environment == state.environment;
        if !belong_together {
            return Err(unauthorized());
        }
        let by = by.with_user(&bearer);
        Ok(Self { key, by, bearer: Some(bearer), address })
    }

    /// Whether both the key and the role allow it.
    pub(super) fn allows(&self, scope: Scope) -> bool {
        self.key.allows(scope) && self.bearer.as_ref().is_some_and(|bearer| bearer.role.allows(scope))
    }

    /// Whether names and e-mail addresses may be shown.
    pub(super) fn sees_pii(&self) -> bool {
        self.allows(Scope::PiiRead)
    }

    /// Whose organization.
    pub(super) const fn organization_id(&self) -> &OrganizationId {
        &self.key.organization_id
    }

    /// As somebody who mints.
    pub(super) fn minter(&self) -> Minter {
        Minter { sees_pii: self.sees_pii(), ..Minter::of(&self.key) }
    }
}

/// State and caller of a request, for a resolver.
///
/// # Errors
/// 500 when the request was not given them.
pub(super) fn asked<'a>(context: &Context<'a>) -> Result<(&'a AppState, &'a Caller), ApiError> {
    let missing = || ApiError::internal(&"a request without its caller");
    let state = context.data_opt::<AppState>().ok_or_else(missing)?;
    Ok((state, context.data_opt::<Caller>().ok_or_else(missing)?))
}

/// The token of `Authorization: Bearer …`; an absent or blank one is none.
fn token(headers: &HeaderMap) -> Result<Option<&str>, PlainError> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let Some(value) = values.next() else { return Ok(None) };
    let malformed = || {
        let message = "Send the header Authorization once, in the form: Bearer YOUR_TOKEN";
        PlainError::new(StatusCode::BAD_REQUEST, message)
    };
    let text = value.to_str().map_err(|_| malformed())?.trim();
    if values.next().is_some() {
        return Err(malformed());
    }
    let (scheme, token) = text.split_once(' ').unwrap_or((text, ""));
    match (scheme, token.trim()) {
        ("", _) => Ok(None),
        (scheme, _) if !scheme.eq_ignore_ascii_case("bearer") => Err(malformed()),
        (_, token) if token.contains(char::is_whitespace) => Err(malformed()),
        (_, token) => Ok(Some(token).filter(|token| !token.is_empty())),
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn read(values: &[&'static str]) -> Result<Option<String>, u16> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(header::AUTHORIZATION, HeaderValue::from_static(value));
        }
        token(&headers).map(|token| token.map(str::to_owned)).map_err(|error| error.status.as_u16())
    }

    #[test]
    fn a_blank_token_is_none_and_another_scheme_is_an_error() {
        assert_eq!(read(&["Bearer abc"]), Ok(Some("abc".to_owned())));
        assert_eq!(read(&["bearer  abc "]), Ok(Some("abc".to_owned())));
        for none in [&[][..], &[""], &["  "], &["Bearer"], &["Bearer "]] {
            assert_eq!(read(none), Ok(None), "{none:?}");
        }
        for malformed in
            [&["abc"][..], &["Basic abc"], &["Token abc"], &["Bearer a b"], &["Bearer a", "Bearer a"]]
        {
            assert_eq!(read(malformed), Err(400), "{malformed:?}");
        }
    }
}
