//! Events: what has happened, and what only the time makes happen.

use async_trait::async_trait;
use domain::{session::StoredSession, webhook::StoredEvent};
use protocol::{
    Environment, Timestamp,
    ids::{CampaignId, InviteId, OrganizationId, ParticipantId, SessionId, WebhookId},
    webhook::EventType,
};

use crate::{PageRequest, StoreError};

/// Which events to list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct EventFilter {
    /// Only these.
    pub kind: Option<EventType>,
    /// Only then or later.
    pub from: Option<Timestamp>,
    /// Only before.
    pub to: Option<Timestamp>,
}

/// An invite that is over, by itself or by somebody's wish.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndedInvite {
    /// Which one.
    pub id: InviteId,
    /// Where.
    pub environment: Environment,
    /// Whose.
    pub organization_id: OrganizationId,
    /// To what.
    pub campaign_id: CampaignId,
    /// Who was invited.
    pub participant_id: ParticipantId,
}

/// Events. One is added in the transaction of what it tells of, and with it a delivery for each endpoint that is to be
/// told.
#[async_trait]
pub trait EventRepository {
    /// Adds an event, and a delivery of it for each enabled endpoint of its organization that wants it.
    async fn add_event(&mut self, event: &StoredEvent) -> Result<(), StoreError>;

    /// Adds an event for one endpoint only.
    async fn add_event_for(&mut self, endpoint: &WebhookId, event: &StoredEvent) -> Result<(), StoreError>;

    /// Newest first.
    async fn list_events(
        &mut self,
        environment: Environment,
        organization: &OrganizationId,
        filter: &EventFilter,
        page: &PageRequest,
    ) -> Result<Vec<StoredEvent>, StoreError>;

    /// Those of a session, newest first.
    async fn list_events_of(
        &mut self,
        session: &SessionId,
        page: &PageRequest,
    ) -> Result<Vec<StoredEvent>, StoreError>;

    /// Removes so many deliveries of events that happened before at most, and as many of the events once none of them has
    /// a delivery left. How many rows that were: fewer than `limit` when nothing is left, so call it until then, each time
    /// in a transaction of its own, as nobody else writes meanwhile.
    async fn remove_events(&mut self, before: Timestamp, limit: u32) -> Result<u64, StoreError>;

    /// Until when expired invites and abandoned interviews were told of.
    async fn told_until(&mut self) -> Result<Option<Timestamp>, StoreError>;

    /// Writes that down.
    async fn set_told_until(&mut self, until: Timestamp) -> Result<(), StoreError>;

    /// When the next invite expires, or the next interview can be resumed no more, after `from`. What is told of it may
    /// still be nothing: an invite whose session can be resumed expires with that.
    async fn next_end(&mut self, from: Timestamp) -> Result<Option<Timestamp>, StoreError>;

    /// When so many invites and interviews have ended after `from`, if as many do until `to`. More may have at that very time.
    async fn crowded_end(
        &mut self,
        from: Timestamp,
        to: Timestamp,
        most: u32,
    ) -> Result<Option<Timestamp>, StoreError>;

    /// Invites that expired after `from`, and at `to` the latest.
    async fn expired_invites(
        &mut self,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<EndedInvite>, StoreError>;

    /// Interviews that can no longer be resumed since after `from`, and since `to` the latest.
    async fn abandoned_sessions(
        &mut self,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<StoredSession>, StoreError>;
}
