//! Failures as `/auth` and `/graphql` tell them: `{"error":"…"}`.

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use protocol::{ErrorCode, error::PlainErrorBody};
use storage::StoreError;

use crate::error::ApiError;

/// The one text of every 401, which never says why. Source: the Exterview authentication page, byte for byte.
pub const PLAIN_UNAUTHORIZED: &str = "Missing or invalid API key or token";

/// Why a call failed: a status for programs and a text for people.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{status}: {message}")]
pub struct PlainError {
    /// The status of the answer.
    pub status: StatusCode,
    /// For people.
    pub message: String,
    /// In how many seconds another try may succeed.
    pub retry_after_s: Option<u32>,
}

impl PlainError {
    /// A failure.
    pub fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self { status, message: message.into(), retry_after_s: None }
    }

    /// No key, token or password, or not the right one. Which of them, and why, is told to nobody.
    pub fn unauthorized() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, PLAIN_UNAUTHORIZED)
    }

    /// The request cannot be understood.
    pub fn bad_request(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, message)
    }

    /// A valid caller who may not do this.
    pub fn forbidden() -> Self {
        Self::new(StatusCode::FORBIDDEN, ErrorCode::Forbidden.default_message())
    }

    /// Too many requests; in so many seconds another may succeed.
    pub fn too_many_requests(retry_after_s: u32) -> Self {
        let message = ErrorCode::TooManyRequests.default_message();
        Self { retry_after_s: Some(retry_after_s), ..Self::new(StatusCode::TOO_MANY_REQUESTS, message) }
    }

    /// The path has no such method.
    pub fn method_not_allowed() -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, ErrorCode::MethodNotAllowed.default_message())
    }
}

impl From<ApiError> for PlainError {
    fn from(error: ApiError) -> Self {
        let status = match error.code {
            ErrorCode::Unauthorized => return Self::unauthorized(),
            // `rate_limit_status` is a matter of the management API.
            ErrorCode::RateLimited | ErrorCode::TooManyRequests => StatusCode::TOO_MANY_REQUESTS,
            ErrorCode::UnsupportedMediaType | ErrorCode::ValidationFailed | ErrorCode::UnknownField => {
                StatusCode::BAD_REQUEST
            }
            _ => StatusCode::from_u16(error.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
        };
        let message = match error.details.first() {
            Some(fault) if error.code == ErrorCode::ValidationFailed => {
                format!("{}: {}", fault.pointer.trim_start_matches('/'), fault.message)
            }
            _ => error.message,
        };
        Self { status, message, retry_after_s: error.retry_after_s }
    }
}

impl From<StoreError> for PlainError {
    fn from(error: StoreError) -> Self {
        ApiError::from(error).into()
    }
}

impl IntoResponse for PlainError {
    fn into_response(self) -> Response {
        let status = self.status;
        let mut response = (status, Json(PlainErrorBody { error: self.message })).into_response();
        if status == StatusCode::UNAUTHORIZED {
            let challenge = HeaderValue::from_static("Bearer realm=\"interviewrelay\"");
            response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
        }
        if let Some(seconds) = self.retry_after_s {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
