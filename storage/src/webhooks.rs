//! Webhook endpoints.

use async_trait::async_trait;
use domain::webhook::StoredEndpoint;
use protocol::{
    Environment,
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

    /// Removes an endpoint with its deliveries.
    async fn delete_endpoint(&mut self, environment: Environment, id: &WebhookId) -> Result<(), StoreError>;
}
