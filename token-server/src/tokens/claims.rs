//! What the tokens say.

use domain::user::{Role, StoredUser};
use protocol::{
    Environment, Timestamp,
    ids::{CampaignId, GrantId, InviteId, OrganizationId, ParticipantId, SessionId, UserId},
};
use serde::{Deserialize, Serialize};

/// The kinds of token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// Opens an interview.
    Invite,
    /// Carries it on.
    Session,
    /// Says which user is signed in.
    Access,
}

impl TokenKind {
    /// The header's `typ` (explicit typing, RFC 8725 §3.11).
    pub const fn typ(self) -> &'static str {
        match self {
            Self::Invite => "invite+jwt",
            Self::Session => "session+jwt",
            // Source: RFC 9068 §2.1.
            Self::Access => "at+jwt",
        }
    }

    /// The claim `aud`.
    pub const fn audience(self) -> &'static str {
        match self {
            Self::Invite => "interviewrelay:participant",
            Self::Session => "interviewrelay:session",
            Self::Access => "interviewrelay:user",
        }
    }
}

/// The claims of the two kinds that participants have. No e-mail, no answer, nothing secret: anyone who has the token can read them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// The environment's public URL: where the widget finds the API.
    pub iss: String,
    /// [`TokenKind::audience`].
    pub aud: String,
    /// The participant.
    pub sub: ParticipantId,
    /// The invite.
    pub jti: InviteId,
    /// Unix seconds.
    pub iat: i64,
    /// Unix seconds.
    pub nbf: i64,
    /// Unix seconds.
    pub exp: i64,
    /// The organization.
    pub org: OrganizationId,
    /// The campaign.
    pub camp: CampaignId,
    /// `live` or `test`.
    pub env: Environment,
    /// The session; only in session tokens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sid: Option<SessionId>,
}

impl Claims {
    /// Claims for an invite token that is good from `now` until `expires_at`.
    pub fn for_invite(issuer: &str, invite: &domain::invite::StoredInvite, now: Timestamp) -> Self {
        Self {
            iss: issuer.to_owned(),
            aud: TokenKind::Invite.audience().to_owned(),
            sub: invite.participant.id.clone(),
            jti: invite.id.clone(),
            iat: now.as_secs(),
            nbf: now.as_secs(),
            exp: invite.expires_at.as_secs(),
            org: invite.organization_id.clone(),
            camp: invite.campaign_id.clone(),
            env: invite.environment,
            sid: None,
        }
    }

    /// Claims for a session token that is good from `now` for `ttl_s` seconds.
    pub fn for_session(
        issuer: &str,
        session: &domain::session::StoredSession,
        now: Timestamp,
        ttl_s: u32,
    ) -> Self {
        Self {
            iss: issuer.to_owned(),
            aud: TokenKind::Session.audience().to_owned(),
            sub: session.participant_id.clone(),
            jti: session.invite_id.clone(),
            iat: now.as_secs(),
            nbf: now.as_secs(),
            exp: now.plus_secs(i64::from(ttl_s)).as_secs(),
            org: session.organization_id.clone(),
            camp: session.campaign_id.clone(),
            env: session.environment,
            sid: Some(session.id.clone()),
        }
    }
}

/// The claims of an access token. No e-mail: anyone who has the token can read them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessClaims {
    /// The environment's public URL.
    pub iss: String,
    /// [`TokenKind::audience`].
    pub aud: String,
    /// The user.
    pub sub: UserId,
    /// Unix seconds.
    pub iat: i64,
    /// Unix seconds.
    pub nbf: i64,
    /// Unix seconds.
    pub exp: i64,
    /// The organization.
    pub org: OrganizationId,
    /// `live` or `test`.
    pub env: Environment,
    /// The sign-in that it came of.
    pub sid: GrantId,
    /// What the user might do when it was signed; it is worthless once they may do something else.
    pub role: Role,
}

impl AccessClaims {
    /// Claims for an access token that is good from `now` for `ttl_s` seconds.
    pub fn for_user(
        issuer: &str,
        environment: Environment,
        user: &StoredUser,
        grant: &GrantId,
        now: Timestamp,
        ttl_s: u32,
    ) -> Self {
        Self {
            iss: issuer.to_owned(),
            aud: TokenKind::Access.audience().to_owned(),
            sub: user.id.clone(),
            iat: now.as_secs(),
            nbf: now.as_secs(),
            exp: now.plus_secs(i64::from(ttl_s)).as_secs(),
            org: user.organization_id.clone(),
            env: environment,
            sid: grant.clone(),
            role: user.role,
        }
    }
}
