//! Organizations.

use async_trait::async_trait;
use domain::organization::{Organization, Plan};
use protocol::ids::OrganizationId;

use crate::{PageRequest, StoreError};

/// Who owns keys, campaigns and answers.
#[async_trait]
pub trait OrganizationRepository {
    /// Adds one.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when another has the name.
    async fn add_organization(&mut self, organization: &Organization) -> Result<(), StoreError>;

    /// By id.
    async fn find_organization(&mut self, id: &OrganizationId) -> Result<Option<Organization>, StoreError>;

    /// By name.
    async fn find_organization_by_name(&mut self, name: &str) -> Result<Option<Organization>, StoreError>;

    /// All of them, newest first.
    async fn list_organizations(&mut self, page: &PageRequest) -> Result<Vec<Organization>, StoreError>;

    /// Changes what it may use, from the next request on. Whether there is such an organization.
    async fn set_plan(&mut self, id: &OrganizationId, plan: Plan) -> Result<bool, StoreError>;
}
