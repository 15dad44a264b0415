//! What can go wrong, and what it means for the person in front of the screen.

use protocol::error::{ErrorCode, ErrorObject};

/// How a call failed.
#[derive(Debug, Clone, PartialEq)]
pub enum Problem {
    /// No answer: no network, no server, or a page whose origin was refused.
    Unreachable,
    /// It took too long or broke off in the middle. An origin is refused sooner than that.
    Interrupted,
    /// The server said no.
    Refused(Box<ErrorObject>),
    /// There was an answer, but not one that this build understands.
    Unreadable,
}

impl Problem {
    /// What the server said, if it said something.
    pub fn code(&self) -> Option<ErrorCode> {
        match self {
            Self::Refused(error) => Some(error.code),
            Self::Unreachable | Self::Interrupted | Self::Unreadable => None,
        }
    }

    /// Whether the same call can never succeed; with another token it may.
    pub fn is_final(&self) -> bool {
        !self.is_passing() && self.code() != Some(ErrorCode::Unauthorized)
    }

    /// Whether the same call may well succeed a little later.
    pub fn is_passing(&self) -> bool {
        match self {
            // An answer that is none comes from something between here and the server, and may be gone next time.
            Self::Unreachable | Self::Interrupted | Self::Unreadable => true,
            Self::Refused(error) => {
                error.status >= 500
                    || matches!(error.status, 408 | 429)
                    || error.code == ErrorCode::RateLimited
            }
        }
    }
}

/// Why there is nothing to show but a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// The invite's time is over.
    InviteExpired,
    /// The invite was withdrawn.
    InviteCancelled,
    /// The interview was already completed.
    InviteCompleted,
    /// The campaign takes no answers for now.
    CampaignPaused,
    /// The campaign takes no answers any more.
    CampaignClosed,
    /// The token is not one, or not one of this server's.
    Unauthorized,
    /// The page was asked for a token and gave none.
    TokenUnavailable,
    /// The page's origin is not one of the campaign's `allowed_origins`.
    OriginRefused,
    /// The server cannot be reached, or is not well.
    Unreachable,
    /// Anything else, with the code that the server gave.
    Unknown(ErrorCode),
}

impl Failure {
    /// What to show after this problem.
    pub fn after(problem: &Problem) -> Self {
        match problem.code() {
            Some(ErrorCode::InviteExpired) => Self::InviteExpired,
            Some(ErrorCode::InviteCancelled) => Self::InviteCancelled,
            Some(ErrorCode::InviteCompleted) => Self::InviteCompleted,
            Some(ErrorCode::CampaignPaused) => Self::CampaignPaused,
            Some(ErrorCode::Unauthorized) => Self::Unauthorized,
            _ if problem.is_passing() => Self::Unreachable,
            Some(code) => Self::Unknown(code),
            None => Self::Unknown(ErrorCode::Unknown),
        }
    }

    /// The `code` of the error event.
    pub const fn code(self) -> &'static str {
        match self {
            Self::InviteExpired => "invite_expired",
            Self::InviteCancelled => "invite_cancelled",
            Self::InviteCompleted => "invite_completed",
            Self::CampaignPaused => "campaign_paused",
            Self::CampaignClosed => "campaign_closed",
            Self::Unauthorized => "unauthorized",
            Self::TokenUnavailable => "token_unavailable",
            Self::OriginRefused => "origin_refused",
            Self::Unreachable => "unreachable",
            Self::Unknown(code) => code.as_str(),
        }
    }

    /// Whether trying again makes sense. That an origin is refused is a guess: the browser does not tell.
    pub const fn can_retry(self) -> bool {
        matches!(
            self,
            Self::CampaignPaused
                | Self::TokenUnavailable
                | Self::OriginRefused
                | Self::Unreachable
                | Self::Unknown(_)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(code: ErrorCode) -> Problem {
        let (message, status) = (code.default_message().to_owned(), code.status());
        Problem::Refused(Box::new(ErrorObject { code, message, status, details: Vec::new() }))
    }

    #[test]
    fn every_code_that_the_server_knows_leads_to_a_message() {
        for code in ErrorCode::ALL {
            let failure = Failure::after(&refused(*code));
            assert!(failure.code() == code.as_str() || failure == Failure::Unreachable, "{code}");
        }
    }

    #[test]
    fn only_what_may_pass_is_tried_again_by_itself() {
        assert!(Problem::Unreachable.is_passing());
        assert!(Problem::Interrupted.is_passing());
        assert!(refused(ErrorCode::Unavailable).is_passing());
        assert!(refused(ErrorCode::TooManyRequests).is_passing());
        assert!(!refused(ErrorCode::Conflict).is_passing());
        assert!(!refused(ErrorCode::ValidationFailed).is_passing());
        assert!(refused(ErrorCode::Conflict).is_final());
        assert!(!refused(ErrorCode::Unauthorized).is_final() && !Problem::Unreachable.is_final());
    }
}
