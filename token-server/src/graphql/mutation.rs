//! What can be done. One after the other, in the order of the document.

use async_graphql::{Context, ID, Object};
use protocol::ids::{CampaignId, InviteId, ParticipantId, UploadId};

use super::{
    caller::{Caller, asked},
    errors::renamed,
    inputs::{CreateInterview, CreateInvite, OF_INTERVIEW, OF_INVITE},
    limits::lookup_cost,
    multipart::Files,
    objects::{Candidate, CreatedInvite, Interview, Invite, SignedIn, UploadedFile},
    query::id_of,
    scalars::Upload,
};
use crate::{
    error::{ApiError, PlainError},
    operations::{campaigns, erasure, guides, invites, sign_in, uploads},
    state::AppState,
};

/// What can be done.
#[derive(Debug, Clone, Copy)]
pub struct Mutation;

/// As [`asked`], for calls that fail in the plain way.
fn asked_plainly<'a>(context: &Context<'a>) -> Result<(&'a AppState, &'a Caller), PlainError> {
    asked(context)
        .map_err(|error| PlainError::new(axum::http::StatusCode::INTERNAL_SERVER_ERROR, error.message))
}

/// What can be done.
#[Object]
impl Mutation {
    /// Signs in. Needs the header `x-api-key` and no `Authorization`.
    #[graphql(complexity = "lookup_cost(child_complexity)")]
    async fn login(
        &self,
        context: &Context<'_>,
        email: String,
        #[graphql(secret)] password: String,
    ) -> Option<Result<SignedIn, PlainError>> {
        Some(login(context, email, password).await)
    }

    /// Gives a new pair of tokens for a refresh token, which is spent; sent again within ten seconds it gives another pair in
    /// place of the one before, unless that was used. Needs the header `x-api-key` and no `Authorization`.
    #[graphql(complexity = "lookup_cost(child_complexity)")]
    async fn refresh_token(
        &self,
        context: &Context<'_>,
        #[graphql(secret)] refresh_token: String,
    ) -> Option<Result<SignedIn, PlainError>> {
        Some(refresh(context, refresh_token).await)
    }

    /// Makes an interview, as a draft.
    #[graphql(complexity = "lookup_cost(child_complexity)")]
    async fn create_interview(
        &self,
        context: &Context<'_>,
        input: CreateInterview,
    ) -> Option<Result<Interview, ApiError>> {
        Some(create_interview(context, input).await)
    }

    /// Publishes the draft of an interview's guide as a version that never changes, and opens the interview for invites,
    /// a paused one too, unless `activate` is false.
    #[graphql(complexity = "lookup_cost(child_complexity)")]
    async fn publish_interview(
        &self,
        context: &Context<'_>,
        id: ID,
        #[graphql(default_with = "Some(true)")] activate: Option<bool>,
    ) -> Option<Result<Interview, ApiError>> {
        Some(publish_interview(context, id, activate.unwrap_or(true)).await)
    }

    /// Invites somebody to an interview that is active.
    #[graphql(complexity = "lookup_cost(child_complexity)")]
    async fn create_invite(
        &self,
        context: &Context<'_>,
        input: CreateInvite,
    ) -> Option<Result<CreatedInvite, ApiError>> {
        Some(create_invite(context, input).await)
    }

    /// Cancels an invite: its tokens and its session end at once. Cancelling twice is no error.
    #[graphql(complexity = "lookup_cost(child_complexity)")]
    async fn cancel_invite(&self, context: &Context<'_>, id: ID) -> Option<Result<Invite, ApiError>> {
        Some(cancel_invite(context, id).await)
    }

    /// Stores a file of a multipart request, perhaps about a candidate: it goes when they are erased.
    #[graphql(complexity = "lookup_cost(child_complexity)")]
    async fn upload_file(
        &self,
        context: &Context<'_>,
        file: Upload,
        candidate_id: Option<ID>,
    ) -> Option<Result<UploadedFile, ApiError>> {
        Some(upload_file(context, file, candidate_id).await)
    }

    /// Deletes a file that was stored by `uploadFile`, and gives what was known of it.
    #[graphql(complexity = "lookup_cost(child_complexity)")]
    async fn delete_file(&self, context: &Context<'_>, id: ID) -> Option<Result<UploadedFile, ApiError>> {
        Some(delete_file(context, id).await)
    }

    /// Erases a candidate: name, addresses, sessions, answers and files. What is left is the id. Doing so again is no error.
    #[graphql(complexity = "lookup_cost(child_complexity)")]
    async fn erase_candidate(&self, context: &Context<'_>, id: ID) -> Option<Result<Candidate, ApiError>> {
        Some(erase_candidate(context, id).await)
    }
}

// A field whose type is an option of a result is null where it fails, and those after it are done all the same.

async fn login(context: &Context<'_>, email: String, password: String) -> Result<SignedIn, PlainError> {
    let (state, caller) = asked_plainly(context)?;
    let signed_in = sign_in::login(state, &caller.by, caller.address, &email, &password).await?;
    Ok(signed_in.into())
}

async fn refresh(context: &Context<'_>, refresh_token: String) -> Result<SignedIn, PlainError> {
    let (state, caller) = asked_plainly(context)?;
    let signed_in = sign_in::refresh(state, caller.organization_id(), &refresh_token).await?;
    Ok(signed_in.into())
}

async fn create_interview(context: &Context<'_>, input: CreateInterview) -> Result<Interview, ApiError> {
    let (state, caller) = asked(context)?;
    let (body, guide) = input.into_parts();
    let guide = match guide {
        Some(guide) => Some(campaigns::read_guide(guide).await.map_err(|error| error.below("/guide"))?.0),
        None => None,
    };
    let created = campaigns::add(state, caller.by.clone(), body, guide).await;
    Ok(Interview::from(created.map_err(|error| renamed(error, OF_INTERVIEW))?.campaign))
}

async fn publish_interview(context: &Context<'_>, id: ID, activate: bool) -> Result<Interview, ApiError> {
    let (state, caller) = asked(context)?;
    let id: CampaignId = id_of(&id)?;
    guides::publish_draft(state, caller.by.clone(), id.clone(), None).await?;
    let opened = campaigns::open(state, caller.by.clone(), id, activate).await?;
    Ok(Interview::from(opened.campaign))
}

async fn create_invite(context: &Context<'_>, input: CreateInvite) -> Result<CreatedInvite, ApiError> {
    let (state, caller) = asked(context)?;
    let body = input.into_body()?;
    let minted = invites::mint(state, caller.by.clone(), caller.minter(), body).await;
    Ok(CreatedInvite(minted.map_err(|error| renamed(error, OF_INVITE))?))
}

async fn cancel_invite(context: &Context<'_>, id: ID) -> Result<Invite, ApiError> {
    let (state, caller) = asked(context)?;
    let id: InviteId = id_of(&id)?;
    let cancelled = invites::cancel(state, caller.by.clone(), caller.minter(), id).await?;
    Ok(Invite(cancelled))
}

async fn upload_file(
    context: &Context<'_>,
    file: Upload,
    candidate_id: Option<ID>,
) -> Result<UploadedFile, ApiError> {
    let (state, caller) = asked(context)?;
    let about: Option<ParticipantId> = candidate_id.as_ref().map(id_of).transpose()?;
    let file = Files::take(context, file.place)?;
    uploads::store(state, &caller.by, file, about).await.map(UploadedFile)
}

async fn delete_file(context: &Context<'_>, id: ID) -> Result<UploadedFile, ApiError> {
    let (state, caller) = asked(context)?;
    let id: UploadId = id_of(&id)?;
    uploads::delete(state, &caller.by, id).await.map(UploadedFile)
}

async fn erase_candidate(context: &Context<'_>, id: ID) -> Result<Candidate, ApiError> {
    let (state, caller) = asked(context)?;
    let id: ParticipantId = id_of(&id)?;
    let erased = erasure::erase_participant(state, caller.by.clone(), id).await?;
    Candidate::of(context, &erased)
}
