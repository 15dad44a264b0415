//! Candidates: the people who are interviewed.

use async_graphql::{Context, ID, Object};
use domain::invite::StoredParticipant;
use protocol::{ids::ParticipantId, participant::Participant};

use super::missing;
use crate::{
    error::ApiError,
    graphql::{caller::asked, loaders, scalars::DateTime},
};

/// Somebody who was invited.
pub(in crate::graphql) struct Candidate(Participant);

impl Candidate {
    /// As this caller may see them.
    pub(in crate::graphql) fn of(context: &Context<'_>, found: &StoredParticipant) -> Result<Self, ApiError> {
        let (_, caller) = asked(context)?;
        Ok(Self(found.view(caller.sees_pii())))
    }

    /// The one of this id, together with others that are asked for at the same time.
    pub(in crate::graphql) async fn find(
        context: &Context<'_>,
        id: &ParticipantId,
    ) -> Result<Self, ApiError> {
        let found = loaders::of(context)?.load_one(id.clone()).await?;
        Self::of(context, &found.ok_or_else(missing)?)
    }
}

/// Somebody who was invited.
#[Object]
impl Candidate {
    /// Their id.
    async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// Where they can be reached; `null` without the permission `pii:read`.
    async fn email(&self) -> Option<&str> {
        self.0.email.as_deref()
    }

    /// What they are called; `null` without the permission `pii:read`.
    async fn name(&self) -> Option<&str> {
        self.0.name.as_deref()
    }

    /// Your own id for them.
    async fn external_id(&self) -> Option<&str> {
        self.0.external_id.as_deref()
    }

    /// When they were first invited.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// When they were erased: nothing but this and their id is left.
    async fn erased_at(&self) -> Option<DateTime> {
        self.0.erased_at.map(DateTime)
    }
}
