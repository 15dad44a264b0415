//! Webhook endpoints.

use async_trait::async_trait;
use domain::webhook::StoredEndpoint;
use protocol::{
    Environment, Timestamp,
    ids::{OrganizationId, WebhookId},
};

use crate::{PageRequest, StoreError};

/// Who is told of events.
#[async_trait]
pub trait WebhookRepository {
    /// Adds an endpoint.
    async fn add_endpoint(&mut self, endpoint: &StoredEndpoint) -> Result<(), StoreError>;

    /// By id, in one environment, whoever owns it.
    async fn find_endpoint(
        &mut self,
        environment: Environment,
        id: &WebhookId,
    ) -> Result<Option<StoredEndpoint>, StoreError>;

    /// Newest first.
    async fn list_endpoints(
        &mut self,
        environment: Environment,
        organization: &OrganizationId,
        page: &PageRequest,
    ) -> Result<Vec<StoredEndpoint>, StoreError>;

    /// How many an organization has.
    async fn count_endpoints(
        &mut self,
        environment: Environment,
        organization: &OrganizationId,
    ) -> Result<u64, StoreError>;

    /// Stores what may change of an endpoint.
    async fn update_endpoint(&mut self, endpoint: &StoredEndpoint) -> Result<(), StoreError>;

    /// Makes an endpoint nothing for everybody: it is found and told no more, and its secret is gone. What is left of it
    /// goes with [`Self::remove_deleted_endpoints`].
    async fn delete_endpoint(
        &mut self,
        environment: Environment,
        id: &WebhookId,
        now: Timestamp,
    ) -> Result<(), StoreError>;

    /// Removes so many deliveries of deleted endpoints at most, and the endpoints once they have none left. How many rows
    /// that were: fewer than `limit` when nothing is left, so call it until then, each time in a transaction of its own.
    async fn remove_deleted_endpoints(&mut self, limit: u32) -> Result<u64, StoreError>;

    /// Whether there is anything for [`Self::remove_deleted_endpoints`].
    async fn has_deleted_endpoints(&mut self) -> Result<bool, StoreError>;
}
