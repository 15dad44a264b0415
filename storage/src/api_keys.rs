//! API keys.

use async_trait::async_trait;
use domain::api_key::StoredApiKey;
use protocol::{
    Environment, Timestamp,
    ids::{ApiKeyId, OrganizationId},
};

use crate::{PageRequest, StoreError};

/// API keys: hashes and who may use them, never the secrets.
#[async_trait]
pub trait ApiKeyRepository {
    /// Adds one.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the lookup id is taken.
    async fn add_api_key(&mut self, key: &StoredApiKey) -> Result<(), StoreError>;

    /// By id, in one environment, whoever owns it.
    async fn find_api_key(
        &mut self,
        environment: Environment,
        id: &ApiKeyId,
    ) -> Result<Option<StoredApiKey>, StoreError>;

    /// By the public part of the key.
    async fn find_api_key_by_lookup(
        &mut self,
        environment: Environment,
        lookup_id: &str,
    ) -> Result<Option<StoredApiKey>, StoreError>;

    /// Newest first.
    async fn list_api_keys(
        &mut self,
        environment: Environment,
        organization: &OrganizationId,
        page: &PageRequest,
    ) -> Result<Vec<StoredApiKey>, StoreError>;

    /// How many are neither revoked nor expired at `now`.
    async fn count_active_api_keys(
        &mut self,
        environment: Environment,
        organization: &OrganizationId,
        now: Timestamp,
    ) -> Result<u32, StoreError>;

    /// Revokes it; one that was revoked keeps its first time. Whether there is such a key.
    async fn revoke_api_key(
        &mut self,
        environment: Environment,
        id: &ApiKeyId,
        now: Timestamp,
    ) -> Result<bool, StoreError>;

    /// Remembers when keys were last used; an earlier time than the stored one changes nothing.
    async fn touch_api_keys(&mut self, used: &[(ApiKeyId, Timestamp)]) -> Result<(), StoreError>;
}
