//! Sessions.

use async_trait::async_trait;
use domain::session::StoredSession;
use protocol::{
    Environment, Timestamp,
    ids::{CampaignId, InviteId, OrganizationId, SessionId},
    invite::InviteStatus,
    session::SessionStatus,
};

use crate::{PageRequest, StoreError};

/// Which sessions to list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SessionFilter {
    /// Only those of this campaign.
    pub campaign_id: Option<CampaignId>,
    /// Only those of this invite.
    pub invite_id: Option<InviteId>,
    /// Only those that stand there at `now` (see `StoredSession::status_at`: `abandoned` follows from the time).
    pub status: Option<SessionStatus>,
}

/// How a session stands, in little: when it differs from an earlier one, something has happened to the session or its invite.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionMark {
    /// As it is stored: that it was abandoned follows from the time.
    pub status: SessionStatus,
    /// How many answers stand.
    pub answers: u32,
    /// When the participant last did something.
    pub last_activity_at: Timestamp,
    /// The status of its invite, as it is stored.
    pub invite: InviteStatus,
    /// When the invite's tokens run out.
    pub invite_expires_at: Timestamp,
}

/// Sessions.
#[async_trait]
pub trait SessionRepository {
    /// Adds one and counts it as started in its campaign.
    async fn add_session(&mut self, session: &StoredSession) -> Result<(), StoreError>;

    /// By id, in one environment, whoever owns it.
    async fn find_session(
        &mut self,
        environment: Environment,
        id: &SessionId,
    ) -> Result<Option<StoredSession>, StoreError>;

    /// The marks of those of these sessions that are there, in any order and of both environments.
    async fn find_session_marks(
        &mut self,
        ids: &[SessionId],
    ) -> Result<Vec<(SessionId, SessionMark)>, StoreError>;

    /// The sessions that the invite opened, `limit` at most; newest first.
    async fn list_sessions_of_invite(
        &mut self,
        environment: Environment,
        invite: &InviteId,
        limit: u32,
    ) -> Result<Vec<StoredSession>, StoreError>;

    /// Newest first.
    async fn list_sessions(
        &mut self,
        environment: Environment,
        organization: &OrganizationId,
        filter: &SessionFilter,
        page: &PageRequest,
        now: Timestamp,
    ) -> Result<Vec<StoredSession>, StoreError>;

    /// Stores status, consent, progress, the number of answers, `last_activity_at` and `completed_at`. A session that
    /// becomes completed is counted in its campaign, once.
    async fn update_session(&mut self, session: &StoredSession) -> Result<(), StoreError>;
}
