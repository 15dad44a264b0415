//! What the tokens say.

use protocol::{
    Environment, Timestamp,
    ids::{CampaignId, InviteId, OrganizationId, ParticipantId, SessionId},
};
use serde::{Deserialize, Serialize};

/// The two kinds of token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// Opens an interview.
    Invite,
    /// Carries it on.
    Session,
}

impl TokenKind {
    /// The header's `typ` (explicit typing, RFC 8725 §3.11).
    pub const fn typ(self) -> &'static str {
        match self {
            Self::Invite => "invite+jwt",
            Self::Session => "session+jwt",
        }
    }

    /// The claim `aud`.
    pub const fn audience(self) -> &'static str {
        match self {
            Self::Invite => "interviewrelay:participant",
            Self::Session => "interviewrelay:session",
        }
    }
}

/// The claims of both kinds. No e-mail, no answer, nothing secret: anyone who has the token can read them.
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
