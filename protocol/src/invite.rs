//! Invites, as the management API shows them.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{
    Timestamp,
    error::ErrorObject,
    ids::{ApiKeyId, CampaignId, InviteId, ParticipantId},
};

/// Where an invite stands: pending → started → completed; pending or started → expired or cancelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InviteStatus {
    /// Not opened yet.
    Pending,
    /// An interview is under way.
    Started,
    /// The interview was completed.
    Completed,
    /// Its time ran out.
    Expired,
    /// It was cancelled.
    Cancelled,
}

impl InviteStatus {
    /// Every status.
    pub const ALL: [Self; 5] =
        [Self::Pending, Self::Started, Self::Completed, Self::Expired, Self::Cancelled];

    /// The status as it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Started => "started",
            Self::Completed => "completed",
            Self::Expired => "expired",
            Self::Cancelled => "cancelled",
        }
    }
}

/// Body of `POST /v1/invites`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MintInvite {
    /// Which interview.
    pub campaign_id: CampaignId,
    /// Where the participant can be reached.
    #[serde(default)]
    pub participant_email: Option<String>,
    /// What the participant is called.
    #[serde(default)]
    pub participant_name: Option<String>,
    /// The customer's own id for the participant.
    #[serde(default)]
    pub external_id: Option<String>,
    /// How long the token lives: 60 s to 7 days; the campaign's `invite_ttl_s` unless given.
    #[serde(default)]
    pub expires_in_s: Option<u32>,
    /// Values for the guide's variables.
    #[serde(default)]
    pub variables: Option<Map<String, Value>>,
    /// The one origin whose pages may use this invite.
    #[serde(default)]
    pub origin: Option<String>,
    /// The participant's language (BCP 47).
    #[serde(default)]
    pub locale: Option<String>,
    /// The customer's own data.
    #[serde(default)]
    pub metadata: Option<Map<String, Value>>,
}

/// Body of `POST /v1/invites/:id/reissue`; it may also be absent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ReissueInvite {
    /// How long the new token lives: 60 s to 7 days.
    pub expires_in_s: Option<u32>,
}

/// Body of `POST /v1/invites/:id/extend`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExtendInvite {
    /// How long it is to live from now: 60 s to 7 days. An invite that lives longer already keeps its end.
    pub expires_in_s: u32,
}

/// Body of `POST /v1/invites/batch`. The server reads each row by itself, so it asks for rows of any form.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MintBatch<R = MintInvite> {
    /// 1 to 1,000 invites.
    pub invites: Vec<R>,
}

/// Answer to `POST /v1/invites/batch`: what became of each row, in the order of the body.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MintedBatch {
    /// One for each row.
    pub data: Vec<BatchRow>,
}

/// What became of one row: it succeeds or fails by itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum BatchRow {
    /// The invite was minted.
    Minted {
        /// Its place in the body, from 0.
        index: u32,
        /// 201.
        status: u16,
        /// As `POST /v1/invites` answers.
        invite: Box<MintedInvite>,
    },
    /// Nothing of it was stored.
    Refused {
        /// Its place in the body, from 0.
        index: u32,
        /// The status that `POST /v1/invites` would have answered with.
        status: u16,
        /// Why. Pointers are into the whole body: `/invites/3/participant_email`.
        error: ErrorObject,
    },
}

/// An invite, without its token.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Invite {
    /// Its id; also the token's `jti`.
    pub id: InviteId,
    /// Which interview.
    pub campaign_id: CampaignId,
    /// Who is invited.
    pub participant_id: ParticipantId,
    /// Where the participant can be reached; `null` without the scope `pii:read`.
    pub participant_email: Option<String>,
    /// What the participant is called; `null` without the scope `pii:read`.
    pub participant_name: Option<String>,
    /// The customer's own id for the participant.
    pub external_id: Option<String>,
    /// The key that minted it; `null` where none is on record.
    pub api_key_id: Option<ApiKeyId>,
    /// Where it stands.
    pub status: InviteStatus,
    /// Values for the guide's variables.
    pub variables: Map<String, Value>,
    /// The one origin whose pages may use it.
    pub origin: Option<String>,
    /// The participant's language.
    pub locale: Option<String>,
    /// The customer's own data.
    pub metadata: Map<String, Value>,
    /// When the newest token runs out.
    pub expires_at: Timestamp,
    /// When it was minted.
    pub created_at: Timestamp,
}

/// Answer to `POST /v1/invites`, `…/reissue` and `…/extend`: the invite with a fresh token, which is not stored.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct MintedInvite {
    /// For the widget: `InterviewRelay.mount('#id', invite_token)`.
    pub invite_token: String,
    /// A page of ours that shows the interview; the token is in its fragment, which no server sees.
    pub invite_url: String,
    /// The rest.
    #[serde(flatten)]
    pub invite: Invite,
}

impl std::fmt::Debug for MintedInvite {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MintedInvite")
            .field("invite_token", &"…")
            .field("invite", &self.invite)
            .finish_non_exhaustive()
    }
}
