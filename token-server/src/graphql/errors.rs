//! Failures, as GraphQL has them: `errors[].extensions.code` is the code of the REST routes.

use async_graphql::ServerError;
use axum::http::StatusCode;
use protocol::ErrorCode;

use crate::error::{ApiError, PlainError};

/// Why a document is not even begun with.
#[derive(Debug, Clone)]
pub(super) struct Refused {
    message: String,
    limit: Option<(&'static str, usize)>,
}

impl Refused {
    /// Something that is not allowed here.
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), limit: None }
    }

    /// More of something than `max`.
    pub(super) fn limit(what: &'static str, max: usize) -> Self {
        let message = format!("The document is over the limit: {what}, at most {max}. Ask for less at once.");
        Self { message, limit: Some((what, max)) }
    }

    /// A text without its end.
    pub(super) fn unclosed_text() -> Self {
        Self::new("The document has a text that is not closed: a quotation mark is missing.")
    }

    /// Which limit it was.
    #[cfg(test)]
    pub(super) fn limit_name(&self) -> Option<&'static str> {
        self.limit.map(|(name, _)| name)
    }
}

impl From<Refused> for ServerError {
    fn from(refused: Refused) -> Self {
        let mut error = Self::new(refused.message, None);
        if let Some((what, max)) = refused.limit {
            let extensions = error.extensions.get_or_insert_default();
            extensions.set("limit", what);
            extensions.set("max", max);
        }
        error
    }
}

/// Says in an error's extensions which of our codes it has. What failed in an operation has its own code and message,
/// what failed before is `invalid_request`.
pub(super) fn with_code(mut error: ServerError) -> ServerError {
    let (code, details) = if let Some(failed) = error.source::<ApiError>() {
        (failed.code, failed.details.clone())
    } else if let Some(failed) = error.source::<PlainError>() {
        (code_of(failed.status), Vec::new())
    } else {
        (ErrorCode::InvalidRequest, Vec::new())
    };
    let message = match (error.source::<ApiError>(), error.source::<PlainError>()) {
        (Some(failed), _) => Some(failed.message.clone()),
        (_, Some(failed)) => Some(failed.message.clone()),
        _ => None,
    };
    error.message = message.unwrap_or(error.message);
    let extensions = error.extensions.get_or_insert_default();
    extensions.set("code", code.as_str());
    if !details.is_empty()
        && let Ok(details) = async_graphql::to_value(details)
    {
        extensions.set("details", details);
    }
    error
}

/// The code that goes with a status of signing in.
const fn code_of(status: StatusCode) -> ErrorCode {
    match status {
        StatusCode::BAD_REQUEST => ErrorCode::InvalidRequest,
        StatusCode::UNAUTHORIZED => ErrorCode::Unauthorized,
        StatusCode::FORBIDDEN => ErrorCode::Forbidden,
        StatusCode::UNPROCESSABLE_ENTITY => ErrorCode::ValidationFailed,
        StatusCode::TOO_MANY_REQUESTS => ErrorCode::TooManyRequests,
        StatusCode::SERVICE_UNAVAILABLE => ErrorCode::Unavailable,
        _ => ErrorCode::Internal,
    }
}

/// The same failure with the places of its faults in the words of an input object.
pub(super) fn renamed(mut error: ApiError, names: &[(&str, &str)]) -> ApiError {
    for detail in &mut error.details {
        for (from, to) in names {
            let rest = detail.pointer.strip_prefix(from);
            if let Some(rest) = rest.filter(|rest| rest.is_empty() || rest.starts_with('/')) {
                detail.pointer = format!("{to}{rest}");
                break;
            }
        }
    }
    error
}
