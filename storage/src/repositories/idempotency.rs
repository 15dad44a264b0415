//! Idempotency records.

use async_trait::async_trait;
use protocol::{Environment, Timestamp, ids::OrganizationId};

use super::{cells::Cells, link::Row, statement::query, unit::Unit};
use crate::{IdempotencyRecord, IdempotencyRepository, StoreError};

/// Finds one by its name, for as long as it is kept.
pub(crate) const FIND: &str = "SELECT * FROM idempotency_records
     WHERE environment = $1 AND organization_id = $2 AND name = $3 AND expires_at > $4";

/// Removes a few that have expired, the oldest first. More than one for each that is added, so they cannot pile up,
/// and not so many that the request to which it happens would notice.
pub(crate) const REMOVE_EXPIRED: &str = "DELETE FROM idempotency_records WHERE (environment, organization_id, name) IN (
     SELECT environment, organization_id, name FROM idempotency_records WHERE expires_at <= $1 ORDER BY expires_at LIMIT 10)";

fn read(row: &Row) -> Result<IdempotencyRecord, StoreError> {
    let cells = Cells::new(row, "idempotency_records", "api_key_id");
    Ok(IdempotencyRecord {
        environment: cells.word("environment")?,
        organization_id: cells.word("organization_id")?,
        name: cells.get("name")?,
        api_key_id: cells.word("api_key_id")?,
        fingerprint: cells.get("fingerprint")?,
        sealed: cells.get("sealed")?,
        expires_at: cells.time("expires_at")?,
    })
}

#[async_trait]
impl IdempotencyRepository for Unit<'_> {
    async fn find_idempotency_record(
        &mut self,
        environment: Environment,
        organization: &OrganizationId,
        name: &[u8],
        now: Timestamp,
    ) -> Result<Option<IdempotencyRecord>, StoreError> {
        let statement = query(FIND)
            .bind(environment.as_str())
            .bind(organization.as_str())
            .bind(name)
            .bind(now.as_millis());
        self.find(statement, read).await
    }

    async fn add_idempotency_record(
        &mut self,
        record: &IdempotencyRecord,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.change(query(REMOVE_EXPIRED).bind(now.as_millis())).await?;
        let statement = query(
            "INSERT INTO idempotency_records
                 (environment, organization_id, name, api_key_id, fingerprint, sealed, expires_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7)
             ON CONFLICT (environment, organization_id, name) DO UPDATE
             SET api_key_id = $4, fingerprint = $5, sealed = $6, expires_at = $7
             WHERE idempotency_records.expires_at <= $8",
        )
        .bind(record.environment.as_str())
        .bind(record.organization_id.as_str())
        .bind(&record.name)
        .bind(record.api_key_id.as_str())
        .bind(&record.fingerprint)
        .bind(&record.sealed)
        .bind(record.expires_at.as_millis())
        .bind(now.as_millis());
        self.insert(statement, "idempotency key").await
    }
}
