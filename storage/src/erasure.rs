//! Erasing people, and what they have said.

use async_trait::async_trait;
use domain::invite::StoredParticipant;
use protocol::{
    Environment, Timestamp,
    ids::{InviteId, ParticipantId, SessionId},
};

use crate::{EndedInvite, StoreError};

/// Participants by themselves, and their end. What is erased is gone from the rows at once, and from the files after
/// [`crate::Store::scrub`]. What a campaign has counted stays counted.
#[async_trait]
pub trait ErasureRepository {
    /// By id, in one environment, whoever owns them.
    async fn find_participant(
        &mut self,
        environment: Environment,
        id: &ParticipantId,
    ) -> Result<Option<StoredParticipant>, StoreError>;

    /// Those of these ids that there are in one environment, whoever owns them, in no order.
    async fn find_participants(
        &mut self,
        environment: Environment,
        ids: &[ParticipantId],
    ) -> Result<Vec<StoredParticipant>, StoreError>;

    /// Invites of a participant that were neither completed nor cancelled nor expired at a time: erasing the participant ends
    /// them.
    async fn list_open_invites(
        &mut self,
        environment: Environment,
        id: &ParticipantId,
        at: Timestamp,
    ) -> Result<Vec<EndedInvite>, StoreError>;

    /// Erases a participant: the files about them, their sessions with answers, drafts and uploads, what their invites say of them, name and
    /// addresses, and the answers kept for requests that tell of them. Their invites are cancelled. One who was erased before keeps the time of that.
    async fn erase_participant(
        &mut self,
        environment: Environment,
        id: &ParticipantId,
        now: Timestamp,
    ) -> Result<(), StoreError>;

    /// Erases what came of an invite: its sessions with answers, drafts and uploads, what it says of its participant, and all
    /// answers kept for requests that tell of them, whichever invite those are about. It is cancelled. When it was the participant's last one that was not, they are erased as well.
    async fn erase_invite(
        &mut self,
        environment: Environment,
        id: &InviteId,
        now: Timestamp,
    ) -> Result<(), StoreError>;

    /// Deletes a session with its answers, its draft and its uploads, and cancels the invite that opened it unless that is completed.
    async fn delete_session(
        &mut self,
        environment: Environment,
        id: &SessionId,
        now: Timestamp,
    ) -> Result<(), StoreError>;
}
