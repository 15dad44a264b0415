//! Candidates: the people who are interviewed.

use async_graphql::{Context, ID, Object};
use domain::{invite::StoredParticipant, upload::StoredUpload};
use protocol::{ids::ParticipantId, participant::Participant};

use super::{UploadedFile, missing};
use crate::{
    error::ApiError,
    graphql::{budget, caller::asked, limits::lookup_cost, loaders, scalars::DateTime},
};

/// How many files a candidate is reckoned to have, when a request is weighed.
const USUAL_FILES: usize = 10;

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

    /// What `uploadFile` has stored about them, oldest first. What they have sent themselves is in their answers.
    #[graphql(complexity = "lookup_cost(USUAL_FILES.saturating_mul(child_complexity))")]
    async fn files(&self, context: &Context<'_>) -> Result<Vec<UploadedFile>, ApiError> {
        let (state, _) = asked(context)?;
        let mut unit = state.store().read().await?;
        let found = unit.list_uploads_about(state.environment, &self.0.id).await?;
        let files: Vec<_> =
            found.into_iter().filter(StoredUpload::is_of_customer).map(UploadedFile).collect();
        budget::tell_rows(context, files.len())?;
        Ok(files)
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
