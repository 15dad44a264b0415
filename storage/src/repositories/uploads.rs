//! Uploads.

use async_trait::async_trait;
use domain::upload::{SentIn, StoredPart, StoredUpload};
use protocol::{
    Environment, Timestamp,
    ids::{AnswerId, ParticipantId, SessionId, UploadId},
};

use super::{
    cells::{Cells, ids, number, text},
    link::Row,
    statement::query,
    unit::Unit,
};
use crate::{StoreError, UploadRepository};

/// Those of a session.
pub(crate) const OF_SESSION: &str = "SELECT * FROM uploads WHERE session_id = $1 ORDER BY id";

/// Those about a participant, whoever sent them.
pub(crate) const ABOUT: &str =
    "SELECT * FROM uploads WHERE environment = $1 AND participant_id = $2 ORDER BY id";

/// The parts of one.
pub(crate) const PARTS: &str = "SELECT * FROM upload_parts WHERE upload_id = $1 ORDER BY number";

/// Those that no answer holds or will hold, by how long they have waited.
pub(crate) const STALE: &str = "SELECT u.* FROM uploads u INDEXED BY uploads_unanswered
    JOIN sessions s ON s.id = u.session_id
    WHERE u.session_id IS NOT NULL AND u.answer_id IS NULL
        AND (s.status NOT IN ('active', 'paused') OR s.resumable_until <= $2 OR (u.sha256 IS NULL AND u.last_part_at <= $1))
    ORDER BY u.last_part_at LIMIT $3";

fn read(row: &Row) -> Result<StoredUpload, StoreError> {
    let cells = Cells::new(row, "uploads", "id");
    let session_id = cells.optional_word("session_id")?;
    let sent_in = session_id.map(|session_id| read_sent_in(&cells, session_id)).transpose()?;
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
        sent_in,
    })
}

fn read_sent_in(cells: &Cells<'_>, session_id: SessionId) -> Result<SentIn, StoreError> {
    Ok(SentIn {
        session_id,
        question_id: cells.get("question_id")?,
        client_id: cells.get("client_id")?,
        duration_ms: cells.optional_count("duration_ms")?,
        part_size_bytes: cells.count("part_size_bytes")?,
        last_part_at: cells.time("last_part_at")?,
        answer_id: cells.optional_word("answer_id")?,
    })
}

fn read_part(row: &Row) -> Result<StoredPart, StoreError> {
    let cells = Cells::new(row, "upload_parts", "upload_id");
    Ok(StoredPart { number: cells.count("number")?, sha256: cells.get("sha256")? })
}

#[async_trait]
impl UploadRepository for Unit<'_> {
    async fn add_upload(&mut self, upload: &StoredUpload) -> Result<(), StoreError> {
        let sent = upload.sent_in.as_ref();
        let statement = query(
            "INSERT INTO uploads (id, environment, organization_id, participant_id, filename, content_type, size_bytes,
                 sha256, created_at, session_id, question_id, client_id, duration_ms, part_size_bytes, last_part_at,
                 answer_id)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) ON CONFLICT DO NOTHING",
        )
        .bind(upload.id.as_str())
        .bind(upload.environment.as_str())
        .bind(upload.organization_id.as_str())
        .bind(text(upload.participant_id.as_ref()))
        .bind(&upload.filename)
        .bind(&upload.content_type)
        .bind(number(upload.size_bytes)?)
        .bind(&upload.sha256)
        .bind(upload.created_at.as_millis())
        .bind(text(sent.map(|sent| &sent.session_id)))
        .bind(sent.map(|sent| &sent.question_id))
        .bind(sent.map(|sent| &sent.client_id))
        .bind(sent.and_then(|sent| sent.duration_ms).map(number).transpose()?)
        .bind(sent.map(|sent| sent.part_size_bytes))
        .bind(sent.map(|sent| sent.last_part_at.as_millis()))
        .bind(text(sent.and_then(|sent| sent.answer_id.as_ref())));
        self.insert(statement, "upload").await
    }

    async fn list_uploads_about(
        &mut self,
        environment: Environment,
        participant: &ParticipantId,
    ) -> Result<Vec<StoredUpload>, StoreError> {
        let statement = query(ABOUT).bind(environment.as_str()).bind(participant.as_str());
        self.list(statement, read).await
    }

    async fn list_uploads_of(&mut self, session: &SessionId) -> Result<Vec<StoredUpload>, StoreError> {
        self.list(query(OF_SESSION).bind(session.as_str()), read).await
    }

    async fn find_uploads(&mut self, wanted: &[UploadId]) -> Result<Vec<StoredUpload>, StoreError> {
        let statement =
            query("SELECT * FROM uploads WHERE id IN (SELECT value FROM json_each($1))").bind(ids(wanted)?);
        self.list(statement, read).await
    }

    async fn remove_upload_of_customer(&mut self, id: &UploadId) -> Result<bool, StoreError> {
        self.change(query("DELETE FROM uploads WHERE id = $1 AND session_id IS NULL").bind(id.as_str())).await
    }

    async fn list_upload_parts(&mut self, id: &UploadId) -> Result<Vec<StoredPart>, StoreError> {
        self.list(query(PARTS).bind(id.as_str()), read_part).await
    }

    async fn add_upload_part(
        &mut self,
        id: &UploadId,
        part: &StoredPart,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let statement = query(
            "INSERT INTO upload_parts (upload_id, number, sha256) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        )
        .bind(id.as_str())
        .bind(part.number)
        .bind(&part.sha256);
        self.change(statement).await?;
        let touched = query("UPDATE uploads SET last_part_at = max(last_part_at, $2) WHERE id = $1")
            .bind(id.as_str())
            .bind(now.as_millis());
        self.must_change(touched).await
    }

    async fn complete_upload(&mut self, id: &UploadId, sha256: &str) -> Result<(), StoreError> {
        let statement = query("UPDATE uploads SET sha256 = $2 WHERE id = $1").bind(id.as_str()).bind(sha256);
        self.must_change(statement).await
    }

    async fn claim_uploads(
        &mut self,
        session: &SessionId,
        question: &str,
        wanted: &[UploadId],
        answer: &AnswerId,
    ) -> Result<u64, StoreError> {
        let statement = query(
            "UPDATE uploads SET answer_id = $4
             WHERE session_id = $1 AND question_id = $2 AND sha256 IS NOT NULL
                 AND id IN (SELECT value FROM json_each($3))",
        )
        .bind(session.as_str())
        .bind(question)
        .bind(ids(wanted)?)
        .bind(answer.as_str());
        let claimed = self.change_many(statement).await?;
        // An answer that was changed holds no more what the one before it held.
        let let_go = query(
            "UPDATE uploads SET answer_id = NULL
             WHERE session_id = $1 AND question_id = $2 AND answer_id IS NOT NULL AND answer_id <> $3",
        )
        .bind(session.as_str())
        .bind(question)
        .bind(answer.as_str());
        self.change_many(let_go).await?;
        Ok(claimed)
    }

    async fn remove_stale_uploads(
        &mut self,
        open_since: Timestamp,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<UploadId>, StoreError> {
        let statement = query(STALE).bind(open_since.as_millis()).bind(now.as_millis()).bind(limit);
        let stale: Vec<UploadId> = self.list(statement, read).await?.into_iter().map(|row| row.id).collect();
        let gone =
            query("DELETE FROM uploads WHERE id IN (SELECT value FROM json_each($1))").bind(ids(&stale)?);
        self.change(gone).await?;
        Ok(stale)
    }
}
