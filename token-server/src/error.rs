//! The one place that turns a failure into a response.

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::fault::Fault;
use protocol::{
    ErrorBody, ErrorCode,
    error::{ErrorDetail, ErrorObject},
};
use storage::StoreError;

pub use crate::plain_error::{PLAIN_UNAUTHORIZED, PlainError};

/// Faults that an answer names at most. A request may have as many as it has bytes; who has that many does not read them.
pub const MAX_DETAILS: usize = 100;

/// Why a call failed: a code for programs, a message for people, and never the cause, which only the log gets.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{code}: {message}")]
pub struct ApiError {
    /// For programs.
    pub code: ErrorCode,
    /// For people.
    pub message: String,
    /// Each fault of a refused body.
    pub details: Vec<ErrorDetail>,
    /// The status of the answer; usually the code's own.
    pub status: u16,
    /// In how many seconds another try may succeed.
    pub retry_after_s: Option<u32>,
    /// Whether scripts of the page that asked may not even read the answer.
    pub hidden_from_page: bool,
}

impl ApiError {
    /// A failure with the code's own message.
    pub fn new(code: ErrorCode) -> Self {
        Self::with_message(code, code.default_message())
    }

    /// A failure that has something better to say.
    pub fn with_message(code: ErrorCode, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            details: Vec::new(),
            status: code.status(),
            retry_after_s: (code == ErrorCode::Unavailable).then_some(1),
            hidden_from_page: false,
        }
    }

    /// No credential or not a valid one. Which of the two, and why, is told to nobody.
    pub fn unauthorized() -> Self {
        Self::new(ErrorCode::Unauthorized)
    }

    /// A valid credential that may not do this.
    pub fn forbidden() -> Self {
        Self::new(ErrorCode::Forbidden)
    }

    /// No such thing.
    pub fn not_found() -> Self {
        Self::new(ErrorCode::NotFound)
    }

    /// Our own fault; the cause goes to the log.
    pub fn internal(cause: &dyn std::fmt::Display) -> Self {
        tracing::error!(%cause, "a request failed");
        Self::new(ErrorCode::Internal)
    }

    /// A body that was understood and is not valid. Of very many faults the first [`MAX_DETAILS`] are told.
    pub fn invalid(faults: Vec<Fault>) -> Self {
        Self::invalid_guide(faults).with_at_most(MAX_DETAILS)
    }

    /// The same with every fault, as an author wants to see all of them; the size of a guide bounds their number.
    pub fn invalid_guide(faults: Vec<Fault>) -> Self {
        let details = faults.into_iter().map(|fault| ErrorDetail {
            pointer: fault.pointer,
            code: fault.code.to_owned(),
            message: fault.message,
        });
        Self { details: details.collect(), ..Self::new(ErrorCode::ValidationFailed) }
    }

    /// The same with at most so many details.
    #[must_use]
    pub fn with_at_most(mut self, most: usize) -> Self {
        let count = self.details.len();
        if count > most {
            self.details.truncate(most);
            // The message of unknown members says itself how many there are.
            if self.code == ErrorCode::ValidationFailed {
                self.message = format!(
                    "The request body is not valid. The details name the first {most} of {count} faults."
                );
            }
        }
        self
    }

    /// [`Self::invalid`], if there is any fault.
    ///
    /// # Errors
    /// When there is.
    pub fn check(faults: Vec<Fault>) -> Result<(), Self> {
        if faults.is_empty() { Ok(()) } else { Err(Self::invalid(faults)) }
    }
}

impl ApiError {
    /// The same fault in something that lies at `place` in the body.
    #[must_use]
    pub fn below(mut self, place: &str) -> Self {
        for detail in &mut self.details {
            detail.pointer.insert_str(0, place);
        }
        self
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        match &error {
            StoreError::Conflict { what } => Self::with_message(
                ErrorCode::Conflict,
                format!("There is already something with that {what}."),
            ),
            StoreError::Unavailable(_) | StoreError::Unsure(_) | StoreError::Closed => {
                tracing::error!(error = %with_sources(&error), "the database is not available");
                Self::new(ErrorCode::Unavailable)
            }
            _ => Self::internal(&with_sources(&error)),
        }
    }
}

impl From<ApiError> for ErrorBody {
    fn from(error: ApiError) -> Self {
        Self {
            error: ErrorObject {
                code: error.code,
                message: error.message,
                status: error.status,
                details: error.details,
            },
        }
    }
}

/// An error and what caused it, in one line for the log. Some errors repeat their cause themselves; it is said once.
pub fn with_sources(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let told = cause.to_string();
        if !text.ends_with(&told) {
            text.push_str(": ");
            text.push_str(&told);
        }
        source = cause.source();
    }
    text
}

/// Marks an answer that the page's scripts may not read: the origin was refused.
#[derive(Debug, Clone, Copy)]
pub struct HiddenFromPage;

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let (code, retry_after_s, hidden_from_page) = (self.code, self.retry_after_s, self.hidden_from_page);
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, Json(ErrorBody::from(self))).into_response();
        if code == ErrorCode::Unauthorized {
            let challenge = HeaderValue::from_static("Bearer realm=\"interviewrelay\"");
            response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
        }
        if let Some(seconds) = retry_after_s {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if hidden_from_page {
            response.extensions_mut().insert(HiddenFromPage);
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("not ready")]
    struct Plain(#[source] std::io::Error);

    #[derive(Debug, thiserror::Error)]
    #[error("storage: {0}")]
    struct Repeating(#[source] Plain);

    #[test]
    fn each_cause_is_said_once() {
        let error = Repeating(Plain(std::io::Error::other("disk on fire")));
        assert_eq!(with_sources(&error), "storage: not ready: disk on fire");
    }
}
