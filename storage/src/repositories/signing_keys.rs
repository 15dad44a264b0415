//! Signing keys.

use async_trait::async_trait;
use domain::signing_key::SigningKey;
use protocol::Environment;

use super::{cells::Cells, link::Row, statement::query, unit::Unit};
use crate::{SigningKeyRepository, StoreError};

/// Those of an environment, newest first.
pub(crate) const OF_ENVIRONMENT: &str =
    "SELECT * FROM signing_keys WHERE environment = $1 ORDER BY created_at DESC, kid DESC";

fn read(row: &Row) -> Result<SigningKey, StoreError> {
    let cells = Cells::new(row, "signing_keys", "kid");
    Ok(SigningKey {
        kid: cells.get("kid")?,
        environment: cells.word("environment")?,
        pkcs8: cells.get("pkcs8")?,
        created_at: cells.time("created_at")?,
    })
}

#[async_trait]
impl SigningKeyRepository for Unit<'_> {
    async fn add_signing_key(&mut self, key: &SigningKey) -> Result<(), StoreError> {
        let statement = query(
            "INSERT INTO signing_keys (kid, environment, pkcs8, created_at) VALUES ($1, $2, $3, $4)
             ON CONFLICT DO NOTHING",
        )
        .bind(&key.kid)
        .bind(key.environment.as_str())
        .bind(&key.pkcs8)
        .bind(key.created_at.as_millis());
        self.insert(statement, "signing key").await
    }

    async fn remove_signing_key(&mut self, environment: Environment, kid: &str) -> Result<(), StoreError> {
        let statement = query("DELETE FROM signing_keys WHERE environment = $1 AND kid = $2")
            .bind(environment.as_str())
            .bind(kid);
        self.change(statement).await.map(drop)
    }

    async fn list_signing_keys(&mut self, environment: Environment) -> Result<Vec<SigningKey>, StoreError> {
        self.list(query(OF_ENVIRONMENT).bind(environment.as_str()), read).await
    }
}
