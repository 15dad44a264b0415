//! Bodies, queries and paths that are refused with our own error body, never with a framework's text.

use axum::{
    body::Bytes,
    extract::{FromRequest, FromRequestParts, Path, Request},
    http::{HeaderMap, Method, header, request::Parts},
};
use domain::media_type::essence;
use protocol::ErrorCode;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Map, Value};

use crate::{
    error::{ApiError, PlainError},
    idempotency::Ticket,
    strict::{from_value, parse},
};

/// A JSON body. Members that the type does not have are refused by name.
#[derive(Debug)]
pub struct JsonBody<T>(pub T);

/// A JSON body that may also be absent.
#[derive(Debug)]
pub struct OptionalJsonBody<T>(pub T);

/// A JSON body where failures are told plainly.
#[derive(Debug)]
pub struct PlainJson<T>(pub T);

/// The parameters of an `application/x-www-form-urlencoded` body, each of them text.
#[derive(Debug)]
pub struct Form(Map<String, Value>);

/// The last parameter of a handler that takes no body, where there could be a body parameter. What a `POST` has in one is
/// refused by name, as it would not happen; nothing and `{}` are the same, whatever they call themselves.
#[derive(Debug)]
pub struct NoBody;

/// The members of no body.
#[derive(Debug, Deserialize)]
struct Nothing {}

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for JsonBody<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let bytes = read(request, state, |is_json, _| is_json).await?;
        parse(&bytes).map(Self)
    }
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for PlainJson<T> {
    type Rejection = PlainError;

    async fn from_request(request: Request, state: &S) -> Result<Self, PlainError> {
        let JsonBody(body) = JsonBody::from_request(request, state).await?;
        Ok(Self(body))
    }
}

impl<S: Send + Sync, T: DeserializeOwned + Default> FromRequest<S> for OptionalJsonBody<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let bytes = read(request, state, |is_json, bytes| is_json || bytes.is_empty()).await?;
        if bytes.is_empty() { Ok(Self(T::default())) } else { parse(&bytes).map(Self) }
    }
}

impl Form {
    /// Whether a request with these headers has such a body.
    pub fn is_in(headers: &HeaderMap) -> bool {
        media_type(headers).is_some_and(|media_type| media_type == "application/x-www-form-urlencoded")
    }

    /// Takes a parameter out, so that [`Self::parse`] does not see it.
    pub fn take(&mut self, name: &str) -> Option<String> {
        match self.0.remove(name)? {
            Value::String(value) => Some(value),
            _ => None,
        }
    }

    /// Reads a type out of the parameters, as strictly as from JSON.
    ///
    /// # Errors
    /// As [`from_value`].
    pub fn parse<T: DeserializeOwned>(self) -> Result<T, ApiError> {
        from_value(Value::Object(self.0), "")
    }
}

impl<S: Send + Sync> FromRequest<S> for Form {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let bytes = read(request, state, |_, _| true).await?;
        let mut parameters = Map::new();
        for (name, value) in url::form_urlencoded::parse(&bytes) {
            // Which of two is meant nobody can know (RFC 6749 §3.2).
            if parameters.insert(name.into_owned(), value.into()).is_some() {
                let message = "A parameter is given more than once.";
                return Err(ApiError::with_message(ErrorCode::InvalidRequest, message));
            }
        }
        Ok(Self(parameters))
    }
}

impl<S: Send + Sync> FromRequest<S> for NoBody {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        // The content of a DELETE means nothing (RFC 9110 §9.3.5).
        if request.method() == Method::POST {
            let bytes = read(request, state, |_, _| true).await?;
            if !bytes.is_empty() {
                parse::<Nothing>(&bytes)?;
            }
        }
        Ok(Self)
    }
}

/// Reads the body. `is_right` decides by whether it calls itself JSON, and by what it is. What could be read is what an
/// `Idempotency-Key` stands for.
async fn read<S: Send + Sync>(
    request: Request,
    state: &S,
    is_right: fn(bool, &Bytes) -> bool,
) -> Result<Bytes, ApiError> {
    let is_json = is_json(request.headers());
    let ticket = Ticket::of(request.extensions());
    let bytes = Bytes::from_request(request, state).await.map_err(|rejection| {
        let code = match rejection.status().as_u16() {
            413 => ErrorCode::PayloadTooLarge,
            _ => ErrorCode::InvalidRequest,
        };
        ApiError::new(code)
    })?;
    if !is_right(is_json, &bytes) {
        return Err(ApiError::new(ErrorCode::UnsupportedMediaType));
    }
    if let Some(ticket) = ticket {
        ticket.enter(&bytes).await?;
    }
    Ok(bytes)
}

/// The media type of the body, without its parameters.
fn media_type(headers: &HeaderMap) -> Option<String> {
    headers.get(header::CONTENT_TYPE)?.to_str().ok().map(essence)
}

fn is_json(headers: &HeaderMap) -> bool {
    media_type(headers).is_some_and(|media_type| {
        media_type == "application/json"
            || (media_type.starts_with("application/") && media_type.ends_with("+json"))
    })
}

/// An id in the path; what is not of its form names nothing, so it is not found.
#[derive(Debug)]
pub struct PathId<T>(pub T);

impl<S: Send + Sync, T: std::str::FromStr> FromRequestParts<S> for PathId<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let Path(text) =
            Path::<String>::from_request_parts(parts, state).await.map_err(|_| ApiError::not_found())?;
        text.parse().map(Self).map_err(|_| ApiError::not_found())
    }
}

/// Two ids in the path, as [`PathId`].
#[derive(Debug)]
pub struct PathIds<A, B>(pub A, pub B);

impl<S: Send + Sync, A: std::str::FromStr, B: std::str::FromStr> FromRequestParts<S> for PathIds<A, B> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let ids = Path::<(String, String)>::from_request_parts(parts, state).await;
        let Path((one, other)) = ids.map_err(|_| ApiError::not_found())?;
        match (one.parse(), other.parse()) {
            (Ok(one), Ok(other)) => Ok(Self(one, other)),
            _ => Err(ApiError::not_found()),
        }
    }
}

/// The query string, as pairs that are taken out by name; what is left over is ignored, as on the web in general.
#[derive(Debug)]
pub struct Query(Vec<(String, String)>);

impl<S: Send + Sync> FromRequestParts<S> for Query {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, ApiError> {
        let pairs = url::form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes());
        Ok(Self(pairs.into_owned().collect()))
    }
}

impl Query {
    /// The value of a parameter, if it is there and not empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, value)| key == name && !value.is_empty()).map(|(_, value)| value.as_str())
    }

    /// The value of a parameter, read as a type.
    ///
    /// # Errors
    /// 400 `invalid_request` that names the parameter.
    pub fn parse<T>(&self, name: &str, read: impl Fn(&str) -> Option<T>) -> Result<Option<T>, ApiError> {
        let Some(text) = self.get(name) else { return Ok(None) };
        read(text).map(Some).ok_or_else(|| not_allowed(name))
    }

    /// Whether a parameter is set: `?name=true`, or the bare `?name` and `?name=`, by which nobody can mean no.
    ///
    /// # Errors
    /// As [`Self::parse`], for anything but `true` and `false`.
    pub fn flag(&self, name: &str) -> Result<bool, ApiError> {
        match self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str()) {
            Some("" | "true") => Ok(true),
            Some("false") | None => Ok(false),
            Some(_) => Err(not_allowed(name)),
        }
    }
}

fn not_allowed(name: &str) -> ApiError {
    let message = format!("The query parameter {name} has a value that is not allowed.");
    ApiError::with_message(ErrorCode::InvalidRequest, message)
}
