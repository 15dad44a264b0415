//! Deliveries: events on their way to endpoints.

use async_trait::async_trait;
use domain::webhook::{LeasedDelivery, StoredDelivery, StoredEndpoint};
use protocol::{
    Environment, Timestamp,
    ids::{EventId, WebhookId},
    webhook::{DeliveryAttempt, DeliveryStatus},
};

use crate::{PageRequest, StoreError};

/// Which deliveries of an endpoint to take, and until when nobody else does.
#[derive(Debug, Clone)]
pub struct Lease {
    /// What is due now.
    pub now: Timestamp,
    /// When it comes up again unless it was recorded.
    pub until: Timestamp,
    /// So many.
    pub limit: u32,
}

/// What an attempt has made of a delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// Where to.
    pub endpoint: WebhookId,
    /// What.
    pub event: EventId,
    /// The call itself; its number is the next one of the delivery, whatever is given here.
    pub attempt: DeliveryAttempt,
    /// [`Lease::until`] of the lease that it was made under. A delivery that is no longer leased so long was queued again
    /// meanwhile, or taken by another: then only a success moves it.
    pub leased_until: Timestamp,
    /// Its place in the schedule after it.
    pub step: u32,
    /// Where the delivery stands after it.
    pub status: DeliveryStatus,
    /// When it is tried again.
    pub next_attempt_at: Option<Timestamp>,
}

/// Which events to send again.
#[derive(Debug, Clone)]
pub struct Redelivery {
    /// From this id on,
    pub from: EventId,
    /// and before this one.
    pub to: EventId,
    /// Whether what was taken already is sent as well.
    pub include_delivered: bool,
    /// So many events at most, the oldest: nobody else writes meanwhile.
    pub limit: u32,
}

/// What became of a [`Redelivery`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redelivering {
    /// So many were made due, without those that were due already.
    pub queued: u64,
    /// Where the rest begins; `None` when that was all.
    pub next: Option<EventId>,
}

/// Events on their way to endpoints.
#[async_trait]
pub trait DeliveryRepository {
    /// Newest event first, each with its last 20 attempts.
    async fn list_deliveries(
        &mut self,
        endpoint: &WebhookId,
        status: Option<DeliveryStatus>,
        page: &PageRequest,
    ) -> Result<Vec<StoredDelivery>, StoreError>;

    /// Makes one delivery due now, from the beginning of the schedule. Whether there is one.
    async fn redeliver(
        &mut self,
        endpoint: &WebhookId,
        event: &EventId,
        now: Timestamp,
    ) -> Result<bool, StoreError>;

    /// Makes due now what happened in a time, even before there was the endpoint, from the beginning of the schedule; what
    /// was taken already only if that is wanted.
    async fn redeliver_time(
        &mut self,
        endpoint: &StoredEndpoint,
        which: &Redelivery,
        now: Timestamp,
    ) -> Result<Redelivering, StoreError>;

    /// Makes all that waits for an endpoint due now, from the beginning of the schedule. What was due already keeps its place.
    async fn hasten_deliveries(&mut self, endpoint: &WebhookId, now: Timestamp) -> Result<(), StoreError>;

    /// Enabled endpoints for which something is due, in no order.
    async fn list_due_endpoints(&mut self, now: Timestamp) -> Result<Vec<StoredEndpoint>, StoreError>;

    /// Takes deliveries of an endpoint that are due, the longest due first.
    async fn lease_deliveries(
        &mut self,
        endpoint: &StoredEndpoint,
        lease: &Lease,
    ) -> Result<Vec<LeasedDelivery>, StoreError>;

    /// When the next delivery of an enabled endpoint is due, in one environment or in both.
    async fn next_delivery_at(
        &mut self,
        environment: Option<Environment>,
    ) -> Result<Option<Timestamp>, StoreError>;

    /// Writes down attempts and what they have made of their deliveries, but for deliveries that are gone.
    async fn record_attempts(&mut self, recorded: &[Recorded]) -> Result<(), StoreError>;
}
