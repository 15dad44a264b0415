//! Interviews: what the rest of the product calls campaigns.

#![expect(clippy::unused_async, reason = "async-graphql takes no other functions")]

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, Json, Object, SimpleObject};
use domain::campaign::StoredCampaign;
use protocol::{
    campaign::{CampaignSettings, CampaignStatus, Counters},
    ids::{CampaignId, InviteId, SessionId},
};
use serde_json::{Map, Value};
use storage::{InviteFilter, SessionFilter};

use super::{Invite, Session, missing};
use crate::{
    error::ApiError,
    graphql::{
        budget::{self, weight_of_interview, weight_of_invite, weight_of_members, weight_of_texts},
        caller::asked,
        limits::{DEFAULT_FIRST_WITHIN, list_cost},
        loaders,
        query::newest,
        scalars::DateTime,
    },
};

/// Where an interview stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "CampaignStatus")]
pub(in crate::graphql) enum InterviewStatus {
    /// Being written.
    Draft,
    /// Taking answers.
    Active,
    /// Taking none for now.
    Paused,
    /// Taking no more.
    Completed,
    /// Out of sight.
    Archived,
}

/// Whether an invite is spent by completing it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "protocol::campaign::Reuse")]
pub(in crate::graphql) enum Reuse {
    /// It is.
    OneTime,
    /// It can be used again after each completion.
    Reusable,
}

/// An interview: its questions are asked of everybody who is invited to it.
pub(in crate::graphql) struct Interview(Arc<StoredCampaign>);

impl From<StoredCampaign> for Interview {
    fn from(campaign: StoredCampaign) -> Self {
        Self(Arc::new(campaign))
    }
}

impl Interview {
    /// The one of this id, together with others that are asked for at the same time.
    pub(in crate::graphql) async fn find(context: &Context<'_>, id: &CampaignId) -> Result<Self, ApiError> {
        let found = loaders::of(context)?.load_one(id.clone()).await?;
        Ok(Self(found.ok_or_else(missing)?))
    }

    /// One that was read; it is charged for.
    pub(in crate::graphql) fn read(context: &Context<'_>, found: StoredCampaign) -> Result<Self, ApiError> {
        budget::of(context)?.read(weight_of_interview(&found))?;
        Ok(Self::from(found))
    }
}

/// An interview: its questions are asked of everybody who is invited to it.
#[Object]
impl Interview {
    /// Its id.
    async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// What it is called.
    async fn title(&self) -> &str {
        &self.0.name
    }

    /// What it is about.
    async fn description(&self) -> &str {
        &self.0.description
    }

    /// Where it stands.
    async fn status(&self) -> InterviewStatus {
        self.0.status.into()
    }

    /// How it behaves.
    async fn settings(&self) -> InterviewSettings<'_> {
        InterviewSettings(&self.0.settings)
    }

    /// Your own data.
    async fn metadata(&self, context: &Context<'_>) -> Result<Json<&Map<String, Value>>, ApiError> {
        budget::of(context)?.tell(weight_of_members(&self.0.metadata))?;
        Ok(Json(&self.0.metadata))
    }

    /// How far its invites have come.
    async fn counters(&self, context: &Context<'_>) -> Result<InterviewCounters, ApiError> {
        let abandoned = loaders::of(context)?.load_one(loaders::AbandonedOf(self.0.id.clone())).await?;
        Ok(self.0.counters.with(abandoned.unwrap_or(0)).into())
    }

    /// The version of the guide that new sessions begin with; `null` before the first publish.
    async fn published_version(&self) -> Option<u32> {
        self.0.published_version
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// When it was last changed.
    async fn updated_at(&self) -> DateTime {
        DateTime(self.0.updated_at)
    }

    /// Its sessions, newest first.
    #[graphql(complexity = "list_cost(first.unwrap_or(DEFAULT_FIRST_WITHIN), child_complexity)")]
    async fn sessions(
        &self,
        context: &Context<'_>,
        #[graphql(default_with = "Some(DEFAULT_FIRST_WITHIN)", desc = "At most so many, 1 to 100.")]
        first: Option<i32>,
        #[graphql(desc = "Only those after the one with this id.")] after: Option<ID>,
    ) -> Result<Vec<Session>, ApiError> {
        let (state, caller) = asked(context)?;
        let page = newest::<SessionId>(first.unwrap_or(DEFAULT_FIRST_WITHIN), after.as_ref())?;
        let filter = SessionFilter { campaign_id: Some(self.0.id.clone()), ..SessionFilter::default() };
        let mut unit = state.store().read().await?;
        let owner = caller.organization_id();
        let found = unit.list_sessions(state.environment, owner, &filter, &page, state.now()).await?;
        Ok(found.iter().map(|row| Session(row.view(state.now()))).collect())
    }

    /// Its invites, newest first.
    #[graphql(complexity = "list_cost(first.unwrap_or(DEFAULT_FIRST_WITHIN), child_complexity)")]
    async fn invites(
        &self,
        context: &Context<'_>,
        #[graphql(default_with = "Some(DEFAULT_FIRST_WITHIN)", desc = "At most so many, 1 to 100.")]
        first: Option<i32>,
        #[graphql(desc = "Only those after the one with this id.")] after: Option<ID>,
    ) -> Result<Vec<Invite>, ApiError> {
        let (state, caller) = asked(context)?;
        let page = newest::<InviteId>(first.unwrap_or(DEFAULT_FIRST_WITHIN), after.as_ref())?;
        let filter = InviteFilter { campaign_id: Some(self.0.id.clone()), ..InviteFilter::default() };
        let mut unit = state.store().read().await?;
        let owner = caller.organization_id();
        let found = unit.list_invites(state.environment, owner, &filter, &page, state.now()).await?;
        budget::of(context)?.read(found.iter().map(weight_of_invite).sum())?;
        let sees_pii = caller.sees_pii();
        Ok(found.iter().map(|row| Invite(row.view(state.now(), sees_pii))).collect())
    }
}

/// How an interview behaves.
pub(in crate::graphql) struct InterviewSettings<'a>(&'a CampaignSettings);

/// How an interview behaves.
#[Object]
impl InterviewSettings<'_> {
    /// Its language (BCP 47) where an invite names none.
    async fn locale(&self) -> &str {
        &self.0.locale
    }

    /// Origins whose pages may show the widget; none means any.
    async fn allowed_origins(&self, context: &Context<'_>) -> Result<&[String], ApiError> {
        budget::of(context)?.tell(weight_of_texts(&self.0.allowed_origins))?;
        Ok(&self.0.allowed_origins)
    }

    /// How long an invite token lives unless the invite says otherwise.
    async fn invite_ttl_seconds(&self) -> u32 {
        self.0.invite_ttl_s
    }

    /// How long after its last sign of life a session can be resumed.
    async fn resume_window_seconds(&self) -> u32 {
        self.0.resume_window_s
    }

    /// Whether an invite is spent by completing it.
    async fn reuse(&self) -> Reuse {
        self.0.reuse.into()
    }

    /// Custom properties for the widget's look, by name.
    async fn theme(&self, context: &Context<'_>) -> Result<Json<&Map<String, Value>>, ApiError> {
        budget::of(context)?.tell(weight_of_members(&self.0.theme))?;
        Ok(Json(&self.0.theme))
    }
}

/// How far the invites of an interview have come.
#[derive(Debug, SimpleObject)]
pub(in crate::graphql) struct InterviewCounters {
    /// Invites minted.
    invited: u64,
    /// Sessions started.
    started: u64,
    /// Sessions completed.
    completed: u64,
    /// Sessions left unfinished beyond the resume window.
    abandoned: u64,
}

impl From<Counters> for InterviewCounters {
    fn from(counters: Counters) -> Self {
        let Counters { invited, started, completed, abandoned } = counters;
        Self { invited, started, completed, abandoned }
    }
}
