//! What GraphQL shows, each over the view that the REST routes show.

mod answer;
mod candidate;
mod interview;
mod invite;
mod session;
mod sign_in;
mod upload;
mod user;

pub(super) use answer::Answer;
pub(super) use candidate::Candidate;
pub(super) use interview::{Interview, InterviewStatus, Reuse};
pub(super) use invite::{CreatedInvite, Invite};
pub(super) use session::Session;
pub(super) use sign_in::SignedIn;
pub(super) use upload::UploadedFile;
pub(super) use user::User;

use crate::error::ApiError;

/// What every row refers to is there.
fn missing() -> ApiError {
    ApiError::internal(&"a row refers to something that is missing")
}
