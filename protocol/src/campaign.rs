//! Campaigns, as the management API shows them.

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

use crate::{Environment, Timestamp, ids::CampaignId};

/// Where a campaign stands: draft → active ⇄ paused → completed → archived.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CampaignStatus {
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

impl CampaignStatus {
    /// The status as it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Active => "active",
            Self::Paused => "paused",
            Self::Completed => "completed",
            Self::Archived => "archived",
        }
    }
}

/// Whether an invite is spent by completing it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reuse {
    /// It is.
    #[default]
    OneTime,
    /// It can be used again after each completion.
    Reusable,
}

/// How a campaign behaves.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct CampaignSettings {
    /// Its language (BCP 47) where an invite names none.
    pub locale: String,
    /// Origins whose pages may show the widget, such as `https://example.com`; none means any.
    pub allowed_origins: Vec<String>,
    /// How long an invite token lives unless the invite says otherwise: 60 s to 7 days.
    pub invite_ttl_s: u32,
    /// How long after its last sign of life a session can be resumed.
    pub resume_window_s: u32,
    /// Whether an invite is spent by completing it.
    pub reuse: Reuse,
    /// Custom properties for the widget's look, by name.
    pub theme: Map<String, Value>,
}

impl Default for CampaignSettings {
    fn default() -> Self {
        Self {
            locale: "en".to_owned(),
            allowed_origins: Vec::new(),
            invite_ttl_s: 3_600,
            resume_window_s: 86_400,
            reuse: Reuse::OneTime,
            theme: Map::new(),
        }
    }
}

/// Body of `POST /v1/campaigns`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CreateCampaign {
    /// Its name, 1 to 100 characters.
    pub name: String,
    /// What it is about, up to 500 characters.
    #[serde(default)]
    pub description: Option<String>,
    /// How it behaves.
    #[serde(default)]
    pub settings: Option<CampaignSettings>,
    /// Whatever the customer likes to keep with it.
    #[serde(default)]
    pub metadata: Option<Map<String, Value>>,
}

/// Body of `PATCH /v1/campaigns/:id`. `settings` and `metadata` follow RFC 7396: a member that is absent stays, `null` removes it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct UpdateCampaign {
    /// A new name. It cannot be removed.
    #[serde(deserialize_with = "present")]
    pub name: Option<String>,
    /// A new description; `null` removes it.
    #[serde(deserialize_with = "given")]
    pub description: Option<Option<String>>,
    /// Settings to change; `null` gives all of them their defaults.
    #[serde(deserialize_with = "given")]
    pub settings: Option<Option<Map<String, Value>>>,
    /// Metadata to change; `null` removes all of it.
    #[serde(deserialize_with = "given")]
    pub metadata: Option<Option<Map<String, Value>>>,
}

/// Refuses `null` where nothing can be removed.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    String::deserialize(deserializer).map(Some)
}

/// Tells a member that is `null` from one that is absent.
#[expect(clippy::option_option, reason = "a merge patch has three cases: absent, null and a value")]
fn given<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// How far its invites have come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counters {
    /// Invites minted.
    pub invited: u64,
    /// Sessions started.
    pub started: u64,
    /// Sessions completed.
    pub completed: u64,
    /// Sessions left unfinished beyond the resume window.
    pub abandoned: u64,
}

/// A campaign.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Campaign {
    /// Its id.
    pub id: CampaignId,
    /// Its name.
    pub name: String,
    /// What it is about.
    pub description: String,
    /// Where it stands.
    pub status: CampaignStatus,
    /// Which environment it is in.
    pub environment: Environment,
    /// How it behaves.
    pub settings: CampaignSettings,
    /// The customer's own data.
    pub metadata: Map<String, Value>,
    /// How far its invites have come.
    pub counters: Counters,
    /// The version of the guide that new interviews begin with; `null` before the first publish.
    pub published_version: Option<u32>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// Answer to `POST /v1/campaigns/:id/publish`: an immutable version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublishedGuide {
    /// The campaign.
    pub campaign_id: CampaignId,
    /// 1, 2, 3 …
    pub version: u32,
    /// SHA-256 of the guide's JSON as stored, in lowercase hex.
    pub sha256: String,
    /// When.
    pub published_at: Timestamp,
}
