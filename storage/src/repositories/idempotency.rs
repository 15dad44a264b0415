//! Idempotency records.

use async_trait::async_trait;
use protocol::{
    Environment, Timestamp,
    ids::{OrganizationId, ParticipantId},
};

use super::{
    cells::{Cells, ids},
    link::Row,
    statement::query,
    unit::Unit,
};
use crate::{IdempotencyRecord, IdempotencyRepository, StoreError};

/// Finds one by its name, for as long as it is kept.
pub(crate) const FIND: &str = "SELECT * FROM idempotency_records
     WHERE environment = $1 AND organization_id = $2 AND name = $3 AND expires_at > $4";

/// Removes those that have expired by `$1`, the oldest first, `$2` of them at most.
pub(crate) const REMOVE_EXPIRED: &str = "DELETE FROM idempotency_records WHERE (environment, organization_id, name) IN (
     SELECT environment, organization_id, name FROM idempotency_records WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2)";

/// How many go as another one comes: more than one, so they cannot pile up, and not so many that the request to which it
/// happens would notice.
const A_FEW: u32 = 10;

/// Empties the answers that tell of a participant.
pub(crate) const EMPTY: &str =
    "UPDATE idempotency_records SET sealed = $3 WHERE (environment, organization_id, name) IN (
     SELECT s.environment, s.organization_id, s.name FROM idempotency_subjects s
     WHERE s.participant_id = $2 AND s.environment = $1)";
/// Empties the answers that tell of whoever has this invite. Which of them tell of the invite itself, nobody has noted.
pub(crate) const EMPTY_OF_INVITE: &str =
    "UPDATE idempotency_records SET sealed = $3 WHERE (environment, organization_id, name) IN (
     SELECT s.environment, s.organization_id, s.name FROM idempotency_subjects s
     WHERE s.participant_id = (SELECT i.participant_id FROM invites i WHERE i.environment = $1 AND i.id = $2)
         AND s.environment = $1)";

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
        about: &[ParticipantId],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.remove_idempotency_records(now, A_FEW).await?;
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
        self.insert(statement, "idempotency key").await?;
        let of_record = |statement| {
            query(statement)
                .bind(record.environment.as_str())
                .bind(record.organization_id.as_str())
                .bind(&record.name)
        };
        // Of the one that had expired.
        let forgotten =
            "DELETE FROM idempotency_subjects WHERE environment = $1 AND organization_id = $2 AND name = $3";
        self.change(of_record(forgotten)).await?;
        if about.is_empty() {
            return Ok(());
        }
        let subjects = of_record(
            "INSERT INTO idempotency_subjects (environment, organization_id, name, participant_id)
             SELECT $1, $2, $3, value FROM json_each($4) WHERE true ON CONFLICT DO NOTHING",
        );
        self.change(subjects.bind(ids(about)?)).await.map(drop)
    }

    async fn remove_idempotency_records(&mut self, now: Timestamp, limit: u32) -> Result<u64, StoreError> {
        self.change_many(query(REMOVE_EXPIRED).bind(now.as_millis()).bind(limit)).await
    }
}
