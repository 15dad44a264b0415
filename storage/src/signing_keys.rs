//! Keys that sign tokens.

use async_trait::async_trait;
use domain::signing_key::SigningKey;
use protocol::Environment;

use crate::StoreError;

/// Signing keys.
#[async_trait]
pub trait SigningKeyRepository {
    /// Adds one.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the `kid` is taken.
    async fn add_signing_key(&mut self, key: &SigningKey) -> Result<(), StoreError>;

    /// Removes one; that it is not there is no error.
    async fn remove_signing_key(&mut self, environment: Environment, kid: &str) -> Result<(), StoreError>;

    /// All of an environment, newest first.
    async fn list_signing_keys(&mut self, environment: Environment) -> Result<Vec<SigningKey>, StoreError>;
}
