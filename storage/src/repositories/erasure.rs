//! Erasing.

use async_trait::async_trait;
use domain::invite::StoredParticipant;
use protocol::{
    Environment, Timestamp,
    ids::{InviteId, ParticipantId, SessionId},
};
use sqlx::AssertSqlSafe;

use super::{
    cells::{Cells, ids},
    idempotency,
    link::Row,
    participants,
    statement::{query, sql},
    unit::Unit,
};
use crate::{EndedInvite, ErasureRepository, StoreError};

/// Which invites: each names `$1` the environment and `$2` an id.
pub(crate) const OF_PARTICIPANT: &str = "environment = $1 AND participant_id = $2";
pub(crate) const ONE: &str = "environment = $1 AND id = $2";

/// Finds a participant, erased or not.
pub(crate) const PARTICIPANT: &str = "SELECT * FROM participants WHERE environment = $1 AND id = $2";

/// Invites of a participant that could still be used or gone on with at `$3`.
pub(crate) const OPEN_INVITES: &str =
    "SELECT i.id, i.environment, i.organization_id, i.campaign_id, i.participant_id FROM invites i
     WHERE i.environment = $1 AND i.participant_id = $2 AND i.status IN ('pending', 'started')
         AND (i.expires_at > $3 OR EXISTS (SELECT 1 FROM sessions s
             WHERE s.invite_id = i.id AND s.status IN ('active', 'paused') AND s.resumable_until > $3))
     ORDER BY i.id";

/// The sessions that these invites opened.
fn of_sessions(before: &'static str, invites: &'static str) -> AssertSqlSafe<String> {
    sql(&[before, "IN (SELECT id FROM invites WHERE", invites, ")"])
}

/// What belongs to these sessions.
fn of_answers(before: &'static str, invites: &'static str) -> AssertSqlSafe<String> {
    sql(&[before, "(SELECT id FROM sessions WHERE invite_id IN (SELECT id FROM invites WHERE", invites, "))"])
}

/// The statements that erase what came of some invites, in their order.
pub(crate) fn statements(invites: &'static str) -> [AssertSqlSafe<String>; 6] {
    [
        of_answers("DELETE FROM answers WHERE session_id IN", invites),
        of_answers("DELETE FROM replaced_answers WHERE session_id IN", invites),
        of_answers("DELETE FROM drafts WHERE session_id IN", invites),
        of_answers("DELETE FROM uploads WHERE session_id IN", invites),
        of_sessions("DELETE FROM sessions WHERE invite_id", invites),
        sql(&[
            "UPDATE invites SET variables = '{}', metadata = '{}', origin = NULL, locale = NULL, status = 'cancelled',
                 status_changed_at = $3
             WHERE",
            invites,
        ]),
    ]
}

fn read(row: &Row) -> Result<StoredParticipant, StoreError> {
    let cells = Cells::new(row, "participants", "id");
    let erased_at = cells.optional_time("erased_at")?;
    Ok(StoredParticipant { participant: participants::read(row)?, erased_at })
}

impl Unit<'_> {
    async fn erase_invites(
        &mut self,
        invites: &'static str,
        environment: Environment,
        id: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        for statement in statements(invites) {
            let statement = query(statement).bind(environment.as_str()).bind(id).bind(now.as_millis());
            self.change(statement).await?;
        }
        Ok(())
    }
}

#[async_trait]
impl ErasureRepository for Unit<'_> {
    async fn find_participant(
        &mut self,
        environment: Environment,
        id: &ParticipantId,
    ) -> Result<Option<StoredParticipant>, StoreError> {
        let statement = query(PARTICIPANT).bind(environment.as_str()).bind(id.as_str());
        self.find(statement, read).await
    }

    async fn find_participants(
        &mut self,
        environment: Environment,
        wanted: &[ParticipantId],
    ) -> Result<Vec<StoredParticipant>, StoreError> {
        let statement = query(
            "SELECT * FROM participants WHERE environment = $1 AND id IN (SELECT value FROM json_each($2))",
        )
        .bind(environment.as_str())
        .bind(ids(wanted)?);
        self.list(statement, read).await
    }

    async fn list_open_invites(
        &mut self,
        environment: Environment,
        id: &ParticipantId,
        at: Timestamp,
    ) -> Result<Vec<EndedInvite>, StoreError> {
        let statement = query(OPEN_INVITES).bind(environment.as_str()).bind(id.as_str()).bind(at.as_millis());
        self.list_ended(statement).await
    }

    async fn erase_participant(
        &mut self,
        environment: Environment,
        id: &ParticipantId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.erase_invites(OF_PARTICIPANT, environment, id.as_str(), now).await?;
        let answered =
            query(idempotency::EMPTY).bind(environment.as_str()).bind(id.as_str()).bind(b"".as_slice());
        self.change(answered).await?;
        let uploads = query("DELETE FROM uploads WHERE environment = $1 AND participant_id = $2")
            .bind(environment.as_str())
            .bind(id.as_str());
        self.change(uploads).await?;
        let statement = query(
            "UPDATE participants SET email = NULL, email_key = NULL, name = NULL, external_id = NULL,
                 erased_at = coalesce(erased_at, $3)
             WHERE environment = $1 AND id = $2",
        )
        .bind(environment.as_str())
        .bind(id.as_str())
        .bind(now.as_millis());
        self.change(statement).await.map(drop)
    }

    async fn erase_invite(
        &mut self,
        environment: Environment,
        id: &InviteId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.erase_invites(ONE, environment, id.as_str(), now).await?;
        let answered = query(idempotency::EMPTY_OF_INVITE)
            .bind(environment.as_str())
            .bind(id.as_str())
            .bind(b"".as_slice());
        self.change(answered).await?;
        let whose = query(
            "SELECT * FROM participants WHERE environment = $1
                 AND id = (SELECT participant_id FROM invites WHERE environment = $1 AND id = $2)
                 AND NOT EXISTS (SELECT 1 FROM invites i
                     WHERE i.participant_id = participants.id AND i.status <> 'cancelled')",
        )
        .bind(environment.as_str())
        .bind(id.as_str());
        match self.find(whose, read).await? {
            Some(whose) => self.erase_participant(environment, &whose.participant.id, now).await,
            None => Ok(()),
        }
    }

    async fn delete_session(
        &mut self,
        environment: Environment,
        id: &SessionId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let cancelled = query(
            "UPDATE invites SET status = 'cancelled', status_changed_at = $3
             WHERE environment = $1 AND status IN ('pending', 'started')
                 AND id = (SELECT invite_id FROM sessions WHERE environment = $1 AND id = $2)
                 AND NOT EXISTS (SELECT 1 FROM sessions o WHERE o.environment = $1 AND o.invite_id = invites.id
                     AND o.id <> $2 AND o.status IN ('active', 'paused') AND o.resumable_until > $3)",
        )
        .bind(environment.as_str())
        .bind(id.as_str())
        .bind(now.as_millis());
        self.change(cancelled).await?;
        for statement in [
            "DELETE FROM answers WHERE session_id = $1",
            "DELETE FROM replaced_answers WHERE session_id = $1",
            "DELETE FROM drafts WHERE session_id = $1",
            "DELETE FROM uploads WHERE session_id = $1",
        ] {
            self.change(query(statement).bind(id.as_str())).await?;
        }
        let gone = query("DELETE FROM sessions WHERE environment = $1 AND id = $2")
            .bind(environment.as_str())
            .bind(id.as_str());
        self.change(gone).await.map(drop)
    }
}
