//! Interviews: what the rest of the product calls campaigns.

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
    graphql::{caller::asked, limits::list_cost, loaders, query::newest, scalars::DateTime},
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
pub(in crate::graphql) struct Interview(pub(in crate::graphql) StoredCampaign);

impl Interview {
    /// The one of this id, together with others that are asked for at the same time.
    pub(in crate::graphql) async fn find(context: &Context<'_>, id: &CampaignId) -> Result<Self, ApiError> {
        let found = loaders::of(context)?.load_one(id.clone()).await?;
        Ok(Self(found.ok_or_else(missing)?))
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
    async fn settings(&self) -> InterviewSettings {
        self.0.settings.clone().into()
    }

    /// Your own data.
    async fn metadata(&self) -> Json<Map<String, Value>> {
        Json(self.0.metadata.clone())
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
    #[graphql(complexity = "list_cost(first, child_complexity)")]
    async fn sessions(
        &self,
        context: &Context<'_>,
        #[graphql(
            default_with = "crate::graphql::limits::DEFAULT_FIRST_WITHIN",
            desc = "At most so many, 1 to 100."
        )]
        first: i32,
        #[graphql(desc = "Only those after the one with this id.")] after: Option<ID>,
    ) -> Result<Vec<Session>, ApiError> {
        let (state, caller) = asked(context)?;
        let page = newest::<SessionId>(first, after.as_ref())?;
        let filter = SessionFilter { campaign_id: Some(self.0.id.clone()), ..SessionFilter::default() };
        let mut unit = state.store().read().await?;
        let owner = caller.organization_id();
        let found = unit.list_sessions(state.environment, owner, &filter, &page, state.now()).await?;
        Ok(found.iter().map(|row| Session(row.view(state.now()))).collect())
    }

    /// Its invites, newest first.
    #[graphql(complexity = "list_cost(first, child_complexity)")]
    async fn invites(
        &self,
        context: &Context<'_>,
        #[graphql(
            default_with = "crate::graphql::limits::DEFAULT_FIRST_WITHIN",
            desc = "At most so many, 1 to 100."
        )]
        first: i32,
        #[graphql(desc = "Only those after the one with this id.")] after: Option<ID>,
    ) -> Result<Vec<Invite>, ApiError> {
        let (state, caller) = asked(context)?;
        let page = newest::<InviteId>(first, after.as_ref())?;
        let filter = InviteFilter { campaign_id: Some(self.0.id.clone()), ..InviteFilter::default() };
        let mut unit = state.store().read().await?;
        let owner = caller.organization_id();
        let found = unit.list_invites(state.environment, owner, &filter, &page, state.now()).await?;
        let sees_pii = caller.sees_pii();
        Ok(found.iter().map(|row| Invite(row.view(state.now(), sees_pii))).collect())
    }
}

/// How an interview behaves.
#[derive(Debug, SimpleObject)]
pub(in crate::graphql) struct InterviewSettings {
    /// Its language (BCP 47) where an invite names none.
    locale: String,
    /// Origins whose pages may show the widget; none means any.
    allowed_origins: Vec<String>,
    /// How long an invite token lives unless the invite says otherwise.
    invite_ttl_seconds: u32,
    /// How long after its last sign of life a session can be resumed.
    resume_window_seconds: u32,
    /// Whether an invite is spent by completing it.
    reuse: Reuse,
    /// Custom properties for the widget's look, by name.
    theme: Json<Map<String, Value>>,
}

impl From<CampaignSettings> for InterviewSettings {
    fn from(settings: CampaignSettings) -> Self {
        Self {
            locale: settings.locale,
            allowed_origins: settings.allowed_origins,
            invite_ttl_seconds: settings.invite_ttl_s,
            resume_window_seconds: settings.resume_window_s,
            reuse: settings.reuse.into(),
            theme: Json(settings.theme),
        }
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
