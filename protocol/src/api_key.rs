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
