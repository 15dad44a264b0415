//! Sessions.

use async_graphql::{Context, Enum, ID, Object};
use protocol::interview::Session as SessionView;

use super::{Answer, Candidate, Interview};
use crate::{
    error::ApiError,
    graphql::{budget, limits::USUAL_ANSWERS, loaders, scalars::DateTime},
};

/// Where a session stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "protocol::session::SessionStatus")]
pub(in crate::graphql) enum SessionStatus {
    /// Under way.
    Active,
    /// The candidate has paused.
    Paused,
    /// An end was reached.
    Completed,
    /// A required consent was refused.
    Declined,
    /// Left unfinished for too long.
    Abandoned,
}

/// One run through an interview.
pub(in crate::graphql) struct Session(pub(in crate::graphql) SessionView);

/// One run through an interview.
#[Object]
impl Session {
    /// Its id.
    async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// Where it stands.
    async fn status(&self) -> SessionStatus {
        self.0.status.into()
    }

    /// How far it has come, 0 to 1.
    async fn progress(&self) -> f64 {
        self.0.progress
    }

    /// The language of the interview (BCP 47).
    async fn locale(&self) -> &str {
        &self.0.locale
    }

    /// When it began.
    async fn started_at(&self) -> DateTime {
        DateTime(self.0.started_at)
    }

    /// When it was completed.
    async fn completed_at(&self) -> Option<DateTime> {
        self.0.completed_at.map(DateTime)
    }

    /// The answers, in the order they were given.
    #[graphql(complexity = "USUAL_ANSWERS.saturating_mul(child_complexity)")]
    async fn answers(&self, context: &Context<'_>) -> Result<Vec<Answer>, ApiError> {
        let answers = loaders::of(context)?.load_one(self.0.id.clone()).await?.unwrap_or_default();
        budget::tell_rows(context, answers.len())?;
        Ok(answers.into_iter().map(Answer).collect())
    }

    /// Who is interviewed.
    async fn candidate(&self, context: &Context<'_>) -> Result<Candidate, ApiError> {
        Candidate::find(context, &self.0.participant_id).await
    }

    /// What they are asked.
    async fn interview(&self, context: &Context<'_>) -> Result<Interview, ApiError> {
        Interview::find(context, &self.0.campaign_id).await
    }
}
