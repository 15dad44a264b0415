//! Uploads in `SQLite`.

use async_trait::async_trait;
use domain::upload::StoredUpload;
use protocol::{
    Environment,
    ids::{ParticipantId, UploadId},
};
use sqlx::sqlite::SqliteRow;

use super::{
    cells::{Cells, ids, number, text},
    unit::SqliteUnit,
};
use crate::{StoreError, UploadRepository};

fn read(row: &SqliteRow) -> Result<StoredUpload, StoreError> {
    let cells = Cells::new(row, "uploads", "id");
    Ok(StoredUpload {
        id: cells.word("id")?,
        environment: cells.word("environment")?,
        organization_id: cells.word("organization_id")?,
        participant_id: cells.optional_word("participant_id")?,
        filename: cells.get("filename")?,
        content_type: cells.get("content_type")?,
        size_bytes: cells.count("size_bytes")?,
        sha256: cells.get("sha256")?,
        created_at: cells.time("created_at")?,
    })
}

#[async_trait]
impl UploadRepository for SqliteUnit<'_> {
    async fn add_upload(&mut self, upload: &StoredUpload) -> Result<(), StoreError> {
        let statement = sqlx::query(
            "INSERT INTO uploads (id, environment, organization_id, participant_id, filename, content_type, size_bytes,
                 sha256, created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING",
        )
        .bind(upload.id.as_str())
        .bind(upload.environment.as_str())
        .bind(upload.organization_id.as_str())
        .bind(text(upload.participant_id.as_ref()))
        .bind(&upload.filename)
        .bind(&upload.content_type)
        .bind(number(upload.size_bytes)?)
        .bind(&upload.sha256)
        .bind(upload.created_at.as_millis());
        self.insert(statement, "upload").await
    }

    async fn list_uploads_about(
        &mut self,
        environment: Environment,
        participant: &ParticipantId,
    ) -> Result<Vec<StoredUpload>, StoreError> {
        let statement =
            sqlx::query("SELECT * FROM uploads WHERE environment = $1 AND participant_id = $2 ORDER BY id")
                .bind(environment.as_str())
                .bind(participant.as_str());
        self.list(statement, read).await
    }

    async fn find_uploads(&mut self, wanted: &[UploadId]) -> Result<Vec<StoredUpload>, StoreError> {
        let statement = sqlx::query("SELECT * FROM uploads WHERE id IN (SELECT value FROM json_each($1))")
            .bind(ids(wanted)?);
        self.list(statement, read).await
    }
}
