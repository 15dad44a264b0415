//! Invites and the participants they are for.

use async_trait::async_trait;
use domain::invite::{Participant, StoredInvite};
use protocol::{
    Environment, Timestamp,
    ids::{ApiKeyId, CampaignId, InviteId, OrganizationId},
    invite::InviteStatus,
};

use crate::{EndedInvite, PageRequest, StoreError};

/// Which invites to list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InviteFilter {
    /// Only those of this campaign.
    pub campaign_id: Option<CampaignId>,
    /// Only those that stand there at `now` (see `StoredInvite::status_at`: `expired` follows from the time).
    pub status: Option<InviteStatus>,
    /// Only those of the participant whom the customer calls so.
    pub external_id: Option<String>,
}

/// Invites; tokens are never stored.
#[async_trait]
pub trait InviteRepository {
    /// The participant with this `external_id`, or without one this `email` (letter case aside), if there is one:
    /// given members that are not `None` take the place of the stored ones. Else adds `participant`. Gives what is stored.
    async fn merge_participant(&mut self, participant: &Participant) -> Result<Participant, StoreError>;

    /// Adds an invite, whose participant is stored, and counts it in its campaign.
    async fn add_invite(&mut self, invite: &StoredInvite) -> Result<(), StoreError>;

    /// By id, in one environment, whoever owns it.
    async fn find_invite(
        &mut self,
        environment: Environment,
        id: &InviteId,
    ) -> Result<Option<StoredInvite>, StoreError>;

    /// Newest first.
    async fn list_invites(
        &mut self,
        environment: Environment,
        organization: &OrganizationId,
        filter: &InviteFilter,
        page: &PageRequest,
        now: Timestamp,
    ) -> Result<Vec<StoredInvite>, StoreError>;

    /// Sets the stored status, if it is one of `from` at present; whether it did.
    async fn move_invite(
        &mut self,
        environment: Environment,
        id: &InviteId,
        from: &[InviteStatus],
        to: InviteStatus,
        now: Timestamp,
    ) -> Result<bool, StoreError>;

    /// Cancels pending and started invites that a key minted, `limit` at most; which. Fewer than that when none is left, so
    /// call it until then, each time in a transaction of its own, as nobody else writes meanwhile.
    async fn cancel_invites_of_key(
        &mut self,
        environment: Environment,
        key: &ApiKeyId,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<EndedInvite>, StoreError>;

    /// Sets when the newest token runs out.
    async fn set_invite_expiry(
        &mut self,
        environment: Environment,
        id: &InviteId,
        expires_at: Timestamp,
    ) -> Result<(), StoreError>;
}
