//! What can be asked.

use async_graphql::{Context, ID, Object};
use protocol::ids::{CampaignId, ParticipantId, SessionId};
use storage::{CampaignFilter, PageRequest};

use super::{
    caller::asked,
    limits::{DEFAULT_FIRST, MAX_FIRST, list_cost, lookup_cost},
    objects::{Candidate, Interview, InterviewStatus, Session, User},
};
use crate::{
    error::ApiError,
    operations::{bad_cursor, campaigns, erasure, sessions},
};

/// The rows after the one with the id `after`.
///
/// # Errors
/// 400 for a number that is not allowed and for an id of another kind.
pub(super) fn newest<I: std::str::FromStr + ToString>(
    first: i32,
    after: Option<&ID>,
) -> Result<PageRequest, ApiError> {
    let limit = u32::try_from(first).ok().filter(|_| (1..=MAX_FIRST).contains(&first)).ok_or_else(|| {
        let message = format!("The argument first must be 1 to {MAX_FIRST}.");
        ApiError::with_message(protocol::ErrorCode::InvalidRequest, message)
    })?;
    let before = after.map(|id| id.parse::<I>().map(|id| id.to_string()).map_err(|_| bad_cursor()));
    Ok(PageRequest { before: before.transpose()?, limit })
}

/// An id; what is not of its form names nothing.
pub(super) fn id_of<I: std::str::FromStr>(id: &ID) -> Result<I, ApiError> {
    id.parse().map_err(|_| ApiError::not_found())
}

/// What can be asked.
#[derive(Debug, Clone, Copy)]
pub struct Query;

// An argument with a default may be null all the same: a variable of the client that has no value comes as null, and so
// does one that the client sets to null. The default is meant by both.

/// What can be asked.
#[Object]
impl Query {
    /// Whoever has signed in.
    async fn me(&self, context: &Context<'_>) -> Option<User> {
        let (_, caller) = asked(context).ok()?;
        caller.bearer.clone().map(User)
    }

    /// Interviews, newest first.
    #[graphql(complexity = "list_cost(first.unwrap_or(DEFAULT_FIRST), child_complexity)")]
    async fn interviews(
        &self,
        context: &Context<'_>,
        #[graphql(default_with = "Some(super::limits::DEFAULT_FIRST)", desc = "At most so many, 1 to 100.")]
        first: Option<i32>,
        #[graphql(desc = "Only those after the one with this id.")] after: Option<ID>,
        #[graphql(desc = "Only those that stand there.")] status: Option<InterviewStatus>,
    ) -> Result<Vec<Interview>, ApiError> {
        let (state, caller) = asked(context)?;
        let page = newest::<CampaignId>(first.unwrap_or(DEFAULT_FIRST), after.as_ref())?;
        let filter = CampaignFilter { status: status.map(Into::into) };
        let mut unit = state.store().read().await?;
        let owner = caller.organization_id();
        let found = campaigns::list(unit.as_mut(), state, owner, &filter, &page).await?;
        found.into_iter().map(|row| Interview::read(context, row)).collect()
    }

    /// One interview.
    #[graphql(complexity = "lookup_cost(child_complexity)")]
    async fn interview(&self, context: &Context<'_>, id: ID) -> Option<Result<Interview, ApiError>> {
        Some(interview(context, &id).await)
    }

    /// One session.
    #[graphql(complexity = "lookup_cost(child_complexity)")]
    async fn session(&self, context: &Context<'_>, id: ID) -> Option<Result<Session, ApiError>> {
        Some(session(context, &id).await)
    }

    /// One candidate.
    #[graphql(complexity = "lookup_cost(child_complexity)")]
    async fn candidate(&self, context: &Context<'_>, id: ID) -> Option<Result<Candidate, ApiError>> {
        Some(candidate(context, &id).await)
    }
}

// A field whose type is an option of a result is null where it fails, and the others are answered all the same.

async fn interview(context: &Context<'_>, id: &ID) -> Result<Interview, ApiError> {
    let (state, caller) = asked(context)?;
    let (id, owner): (CampaignId, _) = (id_of(id)?, caller.organization_id());
    let mut unit = state.store().read().await?;
    let found = campaigns::find(unit.as_mut(), state.environment, owner, &id, None).await?;
    Interview::read(context, found)
}

async fn session(context: &Context<'_>, id: &ID) -> Result<Session, ApiError> {
    let (state, caller) = asked(context)?;
    let id: SessionId = id_of(id)?;
    let mut unit = state.store().read().await?;
    let found = sessions::find(unit.as_mut(), state, caller.organization_id(), &id).await?;
    Ok(Session(found.view(state.now())))
}

async fn candidate(context: &Context<'_>, id: &ID) -> Result<Candidate, ApiError> {
    let (state, caller) = asked(context)?;
    let id: ParticipantId = id_of(id)?;
    let mut unit = state.store().read().await?;
    let found = erasure::find(unit.as_mut(), state, caller.organization_id(), &id).await?;
    Candidate::of(context, &found)
}
