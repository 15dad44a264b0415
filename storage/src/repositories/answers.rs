//! Answers and drafts.

use async_trait::async_trait;
use domain::session::{StoredAnswer, StoredDraft, StoredReply};
use protocol::ids::SessionId;

use super::{
    cells::{Cells, ids, json, number, word},
    fault::fault,
    link::Row,
    statement::query,
    unit::Unit,
};
use crate::{AnswerRepository, StoreError};

fn read(row: &Row) -> Result<StoredAnswer, StoreError> {
    let cells = Cells::new(row, "answers", "id");
    Ok(StoredAnswer {
        id: cells.word("id")?,
        session_id: cells.word("session_id")?,
        position: cells.count("position")?,
        question_id: cells.get("question_id")?,
        kind: cells.word("kind")?,
        value: cells.json("value")?,
        probe: cells.get("probe")?,
        seq: cells.count("seq")?,
        client_id: cells.get("client_id")?,
        elapsed_ms: cells.count("elapsed_ms")?,
        answered_at: cells.time("answered_at")?,
        reply: cells.get("reply")?,
    })
}

fn read_reply(row: &Row) -> Result<StoredReply, StoreError> {
    let cells = Cells::new(row, "answers", "question_id");
    Ok(StoredReply { question_id: cells.get("question_id")?, json: cells.get("reply")? })
}

/// Those of a session, in the order they were given.
pub(crate) const OF_SESSION: &str = "SELECT * FROM answers WHERE session_id = $1 ORDER BY position";

/// The reply to a client id, of an answer that stands or of one that was replaced.
pub(crate) const FIND_REPLY: &str =
    "SELECT question_id, reply FROM answers WHERE session_id = $1 AND client_id = $2
     UNION ALL SELECT question_id, reply FROM replaced_answers WHERE session_id = $1 AND client_id = $2";

fn read_draft(row: &Row) -> Result<StoredDraft, StoreError> {
    let cells = Cells::new(row, "drafts", "session_id");
    Ok(StoredDraft {
        session_id: cells.word("session_id")?,
        question_id: cells.get("question_id")?,
        seq: cells.count("seq")?,
        value: cells.json("value")?,
        saved_at: cells.time("saved_at")?,
    })
}

impl Unit<'_> {
    /// Removes the draft of what has been answered.
    async fn spend_draft(&mut self, answer: &StoredAnswer) -> Result<(), StoreError> {
        let spent = query("DELETE FROM drafts WHERE session_id = $1 AND question_id = $2")
            .bind(answer.session_id.as_str())
            .bind(&answer.question_id);
        self.change(spent).await.map(drop)
    }
}

#[async_trait]
impl AnswerRepository for Unit<'_> {
    async fn add_answer(&mut self, answer: &StoredAnswer) -> Result<(), StoreError> {
        let statement = query(
            "INSERT INTO answers (session_id, position, id, question_id, kind, value, probe, seq, client_id, elapsed_ms,
                 answered_at, reply)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT DO NOTHING",
        )
        .bind(answer.session_id.as_str())
        .bind(answer.position)
        .bind(answer.id.as_str())
        .bind(&answer.question_id)
        .bind(word(&answer.kind)?)
        .bind(json(&answer.value)?)
        .bind(&answer.probe)
        .bind(number(answer.seq)?)
        .bind(&answer.client_id)
        .bind(number(answer.elapsed_ms)?)
        .bind(answer.answered_at.as_millis())
        .bind(&answer.reply);
        self.insert(statement, "answer").await?;
        self.spend_draft(answer).await
    }

    async fn replace_answer(&mut self, answer: &StoredAnswer) -> Result<(), StoreError> {
        let kept = query(
            "INSERT INTO replaced_answers (session_id, client_id, question_id, reply)
             SELECT session_id, client_id, question_id, reply FROM answers
             WHERE session_id = $1 AND question_id = $2 AND client_id <> $3
             ON CONFLICT DO NOTHING",
        )
        .bind(answer.session_id.as_str())
        .bind(&answer.question_id)
        .bind(&answer.client_id);
        self.insert(kept, "answer").await?;
        let statement = query(
            "UPDATE answers SET id = $3, kind = $4, value = $5, probe = $6, seq = $7, client_id = $8,
                 elapsed_ms = $9, answered_at = $10, reply = $11
             WHERE session_id = $1 AND question_id = $2 AND NOT EXISTS (SELECT 1 FROM answers other
                 WHERE other.session_id = $1 AND other.client_id = $8 AND other.question_id <> $2)",
        )
        .bind(answer.session_id.as_str())
        .bind(&answer.question_id)
        .bind(answer.id.as_str())
        .bind(word(&answer.kind)?)
        .bind(json(&answer.value)?)
        .bind(&answer.probe)
        .bind(number(answer.seq)?)
        .bind(&answer.client_id)
        .bind(number(answer.elapsed_ms)?)
        .bind(answer.answered_at.as_millis())
        .bind(&answer.reply);
        self.insert(statement, "answer").await?;
        self.spend_draft(answer).await
    }

    async fn find_reply(
        &mut self,
        session: &SessionId,
        client_id: &str,
    ) -> Result<Option<StoredReply>, StoreError> {
        let statement = query(FIND_REPLY).bind(session.as_str()).bind(client_id);
        self.find(statement, read_reply).await
    }

    async fn list_answers(&mut self, session: &SessionId) -> Result<Vec<StoredAnswer>, StoreError> {
        self.list(query(OF_SESSION).bind(session.as_str()), read).await
    }

    async fn list_answers_of(&mut self, sessions: &[SessionId]) -> Result<Vec<StoredAnswer>, StoreError> {
        let statement = query(
            "SELECT * FROM answers WHERE session_id IN (SELECT value FROM json_each($1))
             ORDER BY session_id, position",
        )
        .bind(ids(sessions)?);
        self.list(statement, read).await
    }

    async fn count_answer_bytes_of(&mut self, sessions: &[SessionId]) -> Result<u64, StoreError> {
        // How long a text is in bytes is told without reading the text.
        let statement = query(
            "SELECT coalesce(sum(octet_length(value) + octet_length(reply)), 0) AS bytes FROM answers
             WHERE session_id IN (SELECT value FROM json_each($1))",
        )
        .bind(ids(sessions)?);
        let found = self.find(statement, |row| Cells::new(row, "answers", "bytes").count("bytes")).await?;
        Ok(found.unwrap_or_default())
    }

    async fn put_draft(&mut self, draft: &StoredDraft) -> Result<StoredDraft, StoreError> {
        let statement = query(
            "INSERT INTO drafts (session_id, question_id, seq, value, saved_at) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (session_id) DO UPDATE SET question_id = excluded.question_id, seq = excluded.seq,
                 value = excluded.value, saved_at = excluded.saved_at
             WHERE drafts.question_id <> excluded.question_id OR drafts.seq <= excluded.seq",
        )
        .bind(draft.session_id.as_str())
        .bind(&draft.question_id)
        .bind(number(draft.seq)?)
        .bind(json(&draft.value)?)
        .bind(draft.saved_at.as_millis());
        self.change(statement).await?;
        self.find_draft(&draft.session_id).await?.ok_or_else(|| fault(sqlx::Error::RowNotFound))
    }

    async fn find_draft(&mut self, session: &SessionId) -> Result<Option<StoredDraft>, StoreError> {
        self.find(query("SELECT * FROM drafts WHERE session_id = $1").bind(session.as_str()), read_draft)
            .await
    }
}
