//! API keys, as the management API shows them.

use serde::{Deserialize, Serialize};

use crate::{Environment, Timestamp, ids::ApiKeyId};

/// What a key is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyKind {
    /// For backends: everything but creating keys and changing the organization.
    Standard,
    /// Everything.
    Admin,
}

impl KeyKind {
    /// The kind as it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Standard => "standard",
            Self::Admin => "admin",
        }
    }
}

/// Whether a key works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyStatus {
    /// It does.
    Active,
    /// It was revoked and never will again.
    Revoked,
    /// Its `expires_at` has passed.
    Expired,
}

macro_rules! scopes {
    ($($(#[$doc:meta])* $name:ident = $text:literal;)*) => {
        /// One thing that a key may do.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Scope { $($(#[$doc])* #[serde(rename = $text)] $name,)* }

        impl Scope {
            /// Every scope there is.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The scope as it is written.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text),* }
            }
        }
    };
}

scopes! {
    /// See campaigns and guides.
    CampaignsRead = "campaigns:read";
    /// Change campaigns and guides.
    CampaignsWrite = "campaigns:write";
    /// See invites.
    InvitesRead = "invites:read";
    /// Mint, cancel and reissue invites.
    InvitesWrite = "invites:write";
    /// See sessions, answers and transcripts.
    SessionsRead = "sessions:read";
    /// Remove sessions.
    SessionsWrite = "sessions:write";
    /// See webhook endpoints.
    WebhooksRead = "webhooks:read";
    /// Change webhook endpoints.
    WebhooksWrite = "webhooks:write";
    /// List keys.
    KeysRead = "keys:read";
    /// Revoke keys; creating one also needs an admin key.
    KeysWrite = "keys:write";
    /// See the organization.
    OrganizationRead = "organization:read";
    /// Change the organization.
    OrganizationWrite = "organization:write";
    /// See names and e-mail addresses of participants.
    PiiRead = "pii:read";
}

/// Body of `POST /v1/api-keys`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreateApiKey {
    /// A name that tells the keys apart, 1 to 100 characters.
    pub name: String,
    /// `standard` unless said otherwise.
    #[serde(default)]
    pub kind: Option<KeyKind>,
    /// Fewer scopes than the kind allows.
    #[serde(default)]
    pub scopes: Option<Vec<Scope>>,
    /// Addresses that may use it, as CIDR blocks.
    #[serde(default)]
    pub allowed_cidrs: Option<Vec<String>>,
    /// When it stops working.
    #[serde(default)]
    pub expires_at: Option<Timestamp>,
}

/// A key, without its secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiKey {
    /// Its id.
    pub id: ApiKeyId,
    /// Its name.
    pub name: String,
    /// How it begins and ends: `ir_live_...wxyz`.
    pub prefix: String,
    /// The last four characters.
    pub last4: String,
    /// Where it works.
    pub environment: Environment,
    /// What it is for.
    pub kind: KeyKind,
    /// What it may do.
    pub scopes: Vec<Scope>,
    /// Whether it works.
    pub status: KeyStatus,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last used, to the second or so.
    pub last_used_at: Option<Timestamp>,
    /// When it stops working.
    pub expires_at: Option<Timestamp>,
    /// Whether it works now and stops within 7 days.
    pub expires_soon: bool,
    /// When it is 90 days old and ought to have been rotated. It goes on working.
    pub rotate_by: Timestamp,
}

/// Body of `POST /v1/api-keys/:id/rotate`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RotateApiKey {
    /// For how many hours the old key goes on working, 0 to 168; 24 unless said otherwise.
    #[serde(default)]
    pub overlap_hours: Option<u32>,
}

/// Answer to `GET /v1/api-keys/:id/usage`: the buckets in which the key was used, newest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct KeyUsage {
    /// Buckets without a request are left out.
    pub data: Vec<UsageBucket>,
    /// All of `data` together.
    pub totals: UsageTotals,
    /// When the key was last used.
    pub last_used_at: Option<Timestamp>,
    /// Always `false`: what was asked for comes at once.
    pub has_more: bool,
    /// Always `null`.
    pub next_cursor: Option<String>,
}

/// What a key did in an hour or a day.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct UsageBucket {
    /// When the hour or the day began, in UTC.
    pub bucket_start: Timestamp,
    /// The numbers.
    #[serde(flatten)]
    pub totals: UsageTotals,
}

/// How many requests, and how many of them failed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct UsageTotals {
    /// Requests with the key.
    pub requests: u64,
    /// Those of them that were answered with a status of 400 or more.
    pub errors: u64,
    /// `errors / requests`, 0 to 1.
    pub error_rate: f64,
}

impl UsageTotals {
    /// With the rate that follows from the numbers.
    #[expect(clippy::cast_precision_loss, reason = "a rate of 2^53 requests need not be exact")]
    pub fn new(requests: u64, errors: u64) -> Self {
        let error_rate = if requests == 0 { 0.0 } else { errors as f64 / requests as f64 };
        Self { requests, errors, error_rate }
    }
}

/// Answer to `POST /v1/api-keys`: the one time that the key itself is shown.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreatedApiKey {
    /// The key. It is not stored and cannot be shown again.
    pub key: String,
    /// The rest.
    #[serde(flatten)]
    pub api_key: ApiKey,
}

impl std::fmt::Debug for CreatedApiKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CreatedApiKey").field("key", &"…").field("api_key", &self.api_key).finish()
    }
}
