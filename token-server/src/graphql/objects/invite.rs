//! Invites.

#![expect(clippy::unused_async, reason = "async-graphql takes no other functions")]

use async_graphql::{Context, Enum, ID, Json, Object};
use protocol::invite::{Invite as InviteView, MintedInvite};
use serde_json::{Map, Value};

use super::{Candidate, Interview};
use crate::{
    error::ApiError,
    graphql::{
        budget::{self, weight_of_members, weight_of_texts},
        scalars::DateTime,
    },
};

/// Where an invite stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "protocol::invite::InviteStatus")]
pub(in crate::graphql) enum InviteStatus {
    /// Not opened yet.
    Pending,
    /// A session is under way.
    Started,
    /// The session was completed.
    Completed,
    /// Its time ran out.
    Expired,
    /// It was cancelled.
    Cancelled,
}

/// An invite, without its token.
pub(in crate::graphql) struct Invite(pub(in crate::graphql) InviteView);

/// An invite, without its token.
#[Object]
impl Invite {
    /// Its id.
    async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// Where it stands.
    async fn status(&self) -> InviteStatus {
        self.0.status.into()
    }

    /// Values for the guide's variables.
    async fn variables(&self, context: &Context<'_>) -> Result<Json<&Map<String, Value>>, ApiError> {
        budget::of(context)?.tell(weight_of_members(&self.0.variables))?;
        Ok(Json(&self.0.variables))
    }

    /// The one origin whose pages may use it.
    async fn origin(&self, context: &Context<'_>) -> Result<Option<&str>, ApiError> {
        budget::of(context)?.tell(weight_of_texts(&self.0.origin))?;
        Ok(self.0.origin.as_deref())
    }

    /// The candidate's language.
    async fn locale(&self) -> Option<&str> {
        self.0.locale.as_deref()
    }

    /// Your own data.
    async fn metadata(&self, context: &Context<'_>) -> Result<Json<&Map<String, Value>>, ApiError> {
        budget::of(context)?.tell(weight_of_members(&self.0.metadata))?;
        Ok(Json(&self.0.metadata))
    }

    /// When the newest token runs out.
    async fn expires_at(&self) -> DateTime {
        DateTime(self.0.expires_at)
    }

    /// When it was minted.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// What they are invited to.
    async fn interview(&self, context: &Context<'_>) -> Result<Interview, ApiError> {
        Interview::find(context, &self.0.campaign_id).await
    }

    /// Who is invited.
    async fn candidate(&self, context: &Context<'_>) -> Result<Candidate, ApiError> {
        Candidate::find(context, &self.0.participant_id).await
    }
}

/// A new invite with its token, which is stored nowhere and cannot be shown again.
pub(in crate::graphql) struct CreatedInvite(pub(in crate::graphql) MintedInvite);

/// A new invite with its token, which is stored nowhere and cannot be shown again.
#[Object]
impl CreatedInvite {
    /// For the widget: `InterviewRelay.mount('#id', inviteToken)`.
    async fn invite_token(&self) -> &str {
        &self.0.invite_token
    }

    /// A page of ours that shows the interview.
    async fn invite_url(&self) -> &str {
        &self.0.invite_url
    }

    /// The invite.
    async fn invite(&self) -> Invite {
        Invite(self.0.invite.clone())
    }
}
