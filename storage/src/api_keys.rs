//! API keys.

use async_trait::async_trait;
use domain::{api_key::StoredApiKey, organization::Plan};
use protocol::{
    Environment, Timestamp,
    ids::{ApiKeyId, OrganizationId},
};

use crate::{PageRequest, StoreError};

/// What one key did in one hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HourOfUse {
    /// When the hour began.
    pub hour: Timestamp,
    /// Requests that were answered.
    pub requests: u64,
    /// Those of them with a status of 400 or more.
    pub errors: u64,
}

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

    /// By the public part of the key, with the plan of its organization: all that a request is judged by, in one
    /// statement.
    async fn find_api_key_by_lookup(
        &mut self,
        environment: Environment,
        lookup_id: &str,
    ) -> Result<Option<(StoredApiKey, Plan)>, StoreError>;

    /// Newest first.
    async fn list_api_keys(
        &mut self,
        environment: Environment,
        organization: &OrganizationId,
        page: &PageRequest,
    ) -> Result<Vec<StoredApiKey>, StoreError>;

    /// How many are neither revoked nor expired at `now`. A key that is being rotated out is not counted beside the one
    /// that takes its place; should that one be rotated out or revoked as well, it is.
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

    /// Says which key takes the place of this one, and until when this one works. It must exist.
    async fn replace_api_key(
        &mut self,
        environment: Environment,
        id: &ApiKeyId,
        by: &ApiKeyId,
        expires_at: Timestamp,
    ) -> Result<(), StoreError>;

    /// Those that work at `now` and were made before `made_before`, in both environments.
    async fn list_aged_api_keys(
        &mut self,
        made_before: Timestamp,
        now: Timestamp,
    ) -> Result<Vec<StoredApiKey>, StoreError>;

    /// Remembers when keys were last used; an earlier time than the stored one changes nothing.
    async fn touch_api_keys(&mut self, used: &[(ApiKeyId, Timestamp)]) -> Result<(), StoreError>;

    /// Adds to what the hours of keys have counted. Keys that are not stored are left out.
    async fn add_usage(&mut self, counted: &[(ApiKeyId, HourOfUse)]) -> Result<(), StoreError>;

    /// The hours of a key that began at `from` or later, and before `to`, newest first.
    async fn list_usage(
        &mut self,
        id: &ApiKeyId,
        from: Timestamp,
        to: Option<Timestamp>,
    ) -> Result<Vec<HourOfUse>, StoreError>;
}
