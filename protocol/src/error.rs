//! The one error body, and every code it can carry.

use serde::{Deserialize, Serialize};

/// What every failed call answers: `{"error":{"code","message","status"}}`, and `details` on 422.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorBody {
    /// The error itself.
    pub error: ErrorObject,
}

/// The members of an error.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorObject {
    /// For programs: match on this, never on the message.
    pub code: ErrorCode,
    /// For people: what happened and what to do.
    pub message: String,
    /// The HTTP status, repeated.
    pub status: u16,
    /// Each fault of a refused body, with where it is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub details: Vec<ErrorDetail>,
}

/// One fault in a body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorDetail {
    /// Where, as a JSON pointer (RFC 6901); empty for the whole body.
    pub pointer: String,
    /// For programs, such as `unknown_field` or `too_long`.
    pub code: String,
    /// For people.
    pub message: String,
}

/// What a failed call of `/auth` and `/graphql` answers: `{"error":"…"}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlainErrorBody {
    /// For people: what happened and what to do.
    pub error: String,
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $text:literal, $status:literal, $message:literal;)*) => {
        /// Why a call failed.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum ErrorCode {
            $($(#[$doc])* #[serde(rename = $text)] $name,)*
            /// A code that this build does not know: an old widget survives a newer server.
            #[serde(other, rename = "unknown")]
            Unknown,
        }

        impl ErrorCode {
            /// Every code that a server sends.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The code as it is written in a body.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* Self::Unknown => "unknown" }
            }

            /// The HTTP status that goes with it unless configured otherwise.
            pub const fn status(self) -> u16 {
                match self { $(Self::$name => $status,)* Self::Unknown => 500 }
            }

            /// What to tell people when the place where it happened has nothing better to say.
            pub const fn default_message(self) -> &'static str {
                match self { $(Self::$name => $message,)* Self::Unknown => "Something went wrong." }
            }
        }
    };
}

codes! {
    /// The request cannot be understood at all.
    InvalidRequest = "invalid_request", 400, "The request could not be understood.";
    /// No credential, or not a valid one. The message is the published guide's, byte for byte.
    Unauthorized = "unauthorized", 401, "Invalid or missing API key. Provide a valid key in the Authorization header.";
    /// A valid credential that may not do this. The message is the published guide's, byte for byte.
    Forbidden = "forbidden", 403, "Your API key does not have permission to access this resource.";
    /// The plan allows no more of these.
    PlanLimitExceeded = "plan_limit_exceeded", 403, "Your plan's limit is reached. Remove something you no longer need, or upgrade the plan.";
    /// The key may not be used from this address.
    IpNotAllowed = "ip_not_allowed", 403, "This API key may not be used from your address.";
    /// Too many requests.
    RateLimited = "rate_limited", 403, "Too many requests. Wait as long as the Retry-After header says, then try again.";
    /// No such thing.
    NotFound = "not_found", 404, "There is nothing at this address.";
    /// The path exists, the method does not.
    MethodNotAllowed = "method_not_allowed", 405, "This address does not support that method. The Allow header lists those it does.";
    /// It contradicts what is stored.
    Conflict = "conflict", 409, "The request conflicts with the current state.";
    /// The life cycle has no such step from here.
    InvalidTransition = "invalid_transition", 409, "That step is not possible from the current status.";
    /// The campaign takes no answers at present.
    CampaignPaused = "campaign_paused", 409, "This interview is paused at present. Try again later.";
    /// The invite has run out.
    InviteExpired = "invite_expired", 410, "This invite has expired. Ask for a new one.";
    /// The invite was withdrawn by whoever made it.
    InviteCancelled = "invite_cancelled", 410, "This invite was cancelled.";
    /// The invite was used to the end.
    InviteCompleted = "invite_completed", 410, "This interview has been completed already.";
    /// `If-Match` names another version.
    PreconditionFailed = "precondition_failed", 412, "The object has changed since you read it. Read it again and repeat the change.";
    /// The body is too large.
    PayloadTooLarge = "payload_too_large", 413, "The body is too large. At most 1 MiB is accepted.";
    /// The body is not JSON by its `Content-Type`.
    UnsupportedMediaType = "unsupported_media_type", 415, "Send the body as JSON, with Content-Type: application/json.";
    /// A member has a value that is not allowed.
    ValidationFailed = "validation_failed", 422, "The request body is not valid. The details name each fault.";
    /// A member that does not exist here.
    UnknownField = "unknown_field", 422, "The request body has members that are not known here. The details name each one.";
    /// An idempotency key was used again with another body.
    IdempotencyMismatch = "idempotency_mismatch", 422, "This idempotency key was used before with a different request.";
    /// Too many requests, on the participant's side.
    TooManyRequests = "too_many_requests", 429, "Too many requests. Wait as long as the Retry-After header says, then try again.";
    /// Our fault.
    Internal = "internal", 500, "Something went wrong on our side. Try again; if it persists, report the X-Request-Id.";
    /// Not at the moment.
    Unavailable = "unavailable", 503, "The service is not available at the moment. Try again shortly.";
}

impl std::fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl ErrorBody {
    /// A body with the code's own status.
    pub fn new(code: ErrorCode, message: impl Into<String>, details: Vec<ErrorDetail>) -> Self {
        Self { error: ErrorObject { code, message: message.into(), status: code.status(), details } }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_two_bodies_of_the_authentication_guide_are_byte_for_byte() {
        let body = |code: ErrorCode| {
            serde_json::to_string(&ErrorBody::new(code, code.default_message(), vec![])).unwrap()
        };
        assert_eq!(
            body(ErrorCode::Unauthorized),
            r#"{"error":{"code":"unauthorized","message":"Invalid or missing API key. Provide a valid key in the Authorization header.","status":401}}"#
        );
        assert_eq!(
            body(ErrorCode::Forbidden),
            r#"{"error":{"code":"forbidden","message":"Your API key does not have permission to access this resource.","status":403}}"#
        );
    }

    #[test]
    fn a_code_from_a_newer_server_is_unknown_and_not_an_error() {
        assert_eq!(serde_json::from_str::<ErrorCode>("\"brand_new\"").unwrap(), ErrorCode::Unknown);
    }

    #[test]
    fn each_code_is_written_as_it_says_and_has_an_error_status_and_a_message() {
        for code in ErrorCode::ALL {
            assert_eq!(serde_json::to_string(code).unwrap(), format!("\"{}\"", code.as_str()));
            assert!((400..=599).contains(&code.status()), "{code}");
            assert!(code.default_message().ends_with('.'), "{code}");
        }
    }
}
