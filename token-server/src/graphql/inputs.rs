//! What mutations take.

use async_graphql::{ID, InputObject, Json};
use protocol::{
    campaign::{CampaignSettings, CreateCampaign},
    ids::CampaignId,
    invite::MintInvite,
};
use serde_json::{Map, Value};

use super::{objects::Reuse, query::id_of};
use crate::error::ApiError;

/// Where faults of an interview are, in the words of [`CreateInterview`].
pub(super) const OF_INTERVIEW: &[(&str, &str)] = &[
    ("/name", "/title"),
    ("/settings/allowed_origins", "/settings/allowedOrigins"),
    ("/settings/invite_ttl_s", "/settings/inviteTtlSeconds"),
    ("/settings/resume_window_s", "/settings/resumeWindowSeconds"),
];

/// Where faults of an invite are, in the words of [`CreateInvite`].
pub(super) const OF_INVITE: &[(&str, &str)] = &[
    ("/participant_email", "/candidateEmail"),
    ("/participant_name", "/candidateName"),
    ("/external_id", "/externalId"),
    ("/expires_in_s", "/expiresInSeconds"),
];

/// A new interview.
#[derive(InputObject)]
#[graphql(name = "CreateInterviewInput")]
pub(super) struct CreateInterview {
    /// What it is called, 1 to 100 characters.
    title: String,
    /// What it is about, up to 500 characters.
    description: Option<String>,
    /// How it behaves.
    settings: Option<Settings>,
    /// Your own data.
    metadata: Option<Json<Map<String, Value>>>,
    /// The draft of its guide: the questions, as `/schemas/guide/1.json` describes.
    pub(super) guide: Option<Json<Value>>,
}

/// How an interview behaves; what is left out has the default of the REST API.
#[derive(InputObject)]
#[graphql(name = "InterviewSettingsInput")]
struct Settings {
    /// Its language (BCP 47) where an invite names none.
    locale: Option<String>,
    /// Origins whose pages may show the widget; none means any.
    allowed_origins: Option<Vec<String>>,
    /// How long an invite token lives: 60 to 604,800.
    invite_ttl_seconds: Option<u32>,
    /// How long after its last sign of life a session can be resumed.
    resume_window_seconds: Option<u32>,
    /// Whether an invite is spent by completing it.
    reuse: Option<Reuse>,
    /// Custom properties for the widget's look, by name.
    theme: Option<Json<Map<String, Value>>>,
}

impl CreateInterview {
    /// As the REST API takes it, with the guide beside it.
    pub(super) fn into_parts(self) -> (CreateCampaign, Option<Value>) {
        let body = CreateCampaign {
            name: self.title,
            description: self.description,
            settings: self.settings.map(Into::into),
            metadata: self.metadata.map(|Json(metadata)| metadata),
        };
        (body, self.guide.map(|Json(guide)| guide))
    }
}

impl From<Settings> for CampaignSettings {
    fn from(given: Settings) -> Self {
        let usual = Self::default();
        Self {
            locale: given.locale.unwrap_or(usual.locale),
            allowed_origins: given.allowed_origins.unwrap_or(usual.allowed_origins),
            invite_ttl_s: given.invite_ttl_seconds.unwrap_or(usual.invite_ttl_s),
            resume_window_s: given.resume_window_seconds.unwrap_or(usual.resume_window_s),
            reuse: given.reuse.map_or(usual.reuse, Into::into),
            theme: given.theme.map_or(usual.theme, |Json(theme)| theme),
        }
    }
}

/// A new invite.
#[derive(InputObject)]
#[graphql(name = "CreateInviteInput")]
pub(super) struct CreateInvite {
    /// To what.
    interview_id: ID,
    /// Where the candidate can be reached.
    candidate_email: Option<String>,
    /// What the candidate is called.
    candidate_name: Option<String>,
    /// Your own id for the candidate.
    external_id: Option<String>,
    /// How long the token lives: 60 to 604,800; the interview's `inviteTtlSeconds` unless given.
    expires_in_seconds: Option<u32>,
    /// Values for the guide's variables.
    variables: Option<Json<Map<String, Value>>>,
    /// The one origin whose pages may use the invite.
    origin: Option<String>,
    /// The candidate's language (BCP 47).
    locale: Option<String>,
    /// Your own data.
    metadata: Option<Json<Map<String, Value>>>,
}

impl CreateInvite {
    /// As the REST API takes it.
    ///
    /// # Errors
    /// 404 for an id that is none.
    pub(super) fn into_body(self) -> Result<MintInvite, ApiError> {
        let campaign_id: CampaignId = id_of(&self.interview_id)?;
        Ok(MintInvite {
            campaign_id,
            participant_email: self.candidate_email,
            participant_name: self.candidate_name,
            external_id: self.external_id,
            expires_in_s: self.expires_in_seconds,
            variables: self.variables.map(|Json(variables)| variables),
            origin: self.origin,
            locale: self.locale,
            metadata: self.metadata.map(|Json(metadata)| metadata),
        })
    }
}
