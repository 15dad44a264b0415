//! Answers to requests that may be sent again.

use async_trait::async_trait;
use protocol::{
    Environment, Timestamp,
    ids::{ApiKeyId, OrganizationId, ParticipantId},
};

use crate::StoreError;

/// The answer to a request that bore an `Idempotency-Key`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyRecord {
    /// Which environment.
    pub environment: Environment,
    /// Whose request it was.
    pub organization_id: OrganizationId,
    /// A digest of the route and of what the caller named the request.
    pub name: Vec<u8>,
    /// The key that the caller had.
    pub api_key_id: ApiKeyId,
    /// A keyed digest of what was sent.
    pub fingerprint: Vec<u8>,
    /// The answer, as only that caller can read it. Empty once somebody was erased whom it told of.
    pub sealed: Vec<u8>,
    /// When the name is free again.
    pub expires_at: Timestamp,
}

/// Idempotency records. One is added in the transaction of the effect that it tells of.
#[async_trait]
pub trait IdempotencyRepository {
    /// The one that has not expired at `now`, if there is one.
    async fn find_idempotency_record(
        &mut self,
        environment: Environment,
        organization: &OrganizationId,
        name: &[u8],
        now: Timestamp,
    ) -> Result<Option<IdempotencyRecord>, StoreError>;

    /// Adds one whose answer tells of these participants, in the place of one that has expired at `now`, and removes a few
    /// others that have.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when there is one that has not expired.
    async fn add_idempotency_record(
        &mut self,
        record: &IdempotencyRecord,
        about: &[ParticipantId],
        now: Timestamp,
    ) -> Result<(), StoreError>;

    /// Removes those that have expired at `now`, the oldest first and `limit` of them at most. How many.
    async fn remove_idempotency_records(&mut self, now: Timestamp, limit: u32) -> Result<u64, StoreError>;
}
