//! Sessions.

use async_trait::async_trait;
use domain::session::StoredSession;
use protocol::{
    Environment, Timestamp,
    ids::{InviteId, OrganizationId, SessionId},
    session::SessionStatus,
};
use sqlx::AssertSqlSafe;

use super::{
    cells::{Cells, ids, json, millis, number, text},
    link::Row,
    statement::{query, sql, when},
    unit::Unit,
};
use crate::{PageRequest, SessionFilter, SessionMark, SessionRepository, StoreError};

/// How some sessions stand, of a list of ids in JSON.
pub(crate) const MARKS: &str =
    "SELECT s.id, s.status, s.answers, s.last_activity_at, i.status AS invite, i.expires_at
     FROM sessions s JOIN invites i ON i.id = s.invite_id WHERE s.id IN (SELECT value FROM json_each($1))";

/// The newest session of an invite.
pub(crate) const OF_INVITE: &str =
    "SELECT * FROM sessions WHERE environment = $1 AND invite_id = $2 ORDER BY ordinal DESC LIMIT $3";

/// Whether the resume window has ended at `$6` (see `StoredSession::status_at`).
const OVER: &str = "AND resumable_until <= $6";
const OPEN: &str = "AND resumable_until > $6";

/// A stored status, and what the time must make of it.
pub(crate) type Part = (Option<SessionStatus>, &'static str);

/// What together has this status. Each part is in order, so two are joined here rather than sorted by the database.
pub(crate) const fn parts(status: Option<SessionStatus>) -> &'static [Part] {
    use SessionStatus::{Abandoned, Active, Completed, Declined, Paused};
    match status {
        None => &[(None, "")],
        Some(Active) => &[(Some(Active), OPEN)],
        Some(Paused) => &[(Some(Paused), OPEN)],
        Some(Abandoned) => &[(Some(Active), OVER), (Some(Paused), OVER)],
        Some(Completed) => &[(Some(Completed), "")],
        Some(Declined) => &[(Some(Declined), "")],
    }
}

/// The statement that lists one part. It names its index, which the planner has no numbers to choose by.
pub(crate) fn list_sql(
    filter: &SessionFilter,
    (stored, over): Part,
    page: &PageRequest,
) -> AssertSqlSafe<String> {
    let index = match (&filter.invite_id, &filter.campaign_id, stored) {
        (Some(_), _, _) => "FROM sessions INDEXED BY sessions_by_invite",
        (None, Some(_), Some(_)) => "FROM sessions INDEXED BY sessions_by_campaign_status",
        (None, Some(_), None) => "FROM sessions INDEXED BY sessions_by_campaign",
        (None, None, Some(_)) => "FROM sessions INDEXED BY sessions_by_status",
        (None, None, None) => "FROM sessions INDEXED BY sessions_newest",
    };
    sql(&[
        "SELECT *",
        index,
        "WHERE environment = $1 AND organization_id = $2",
        when(filter.campaign_id.is_some(), "AND campaign_id = $3"),
        when(filter.invite_id.is_some(), "AND invite_id = $4"),
        when(stored.is_some(), "AND status = $5"),
        over,
        when(page.before.is_some(), "AND id < $7"),
        "ORDER BY id DESC LIMIT $8",
    ])
}

pub(crate) fn read(row: &Row) -> Result<StoredSession, StoreError> {
    let cells = Cells::new(row, "sessions", "id");
    Ok(StoredSession {
        id: cells.word("id")?,
        environment: cells.word("environment")?,
        organization_id: cells.word("organization_id")?,
        campaign_id: cells.word("campaign_id")?,
        invite_id: cells.word("invite_id")?,
        participant_id: cells.word("participant_id")?,
        guide_version: cells.count("guide_version")?,
        seed: cells.count("seed")?,
        locale: cells.get("locale")?,
        fallback_locale: cells.get("fallback_locale")?,
        status: cells.word("status")?,
        consent: cells.optional_json("consent")?,
        probes: cells.optional_json("probes")?.unwrap_or_default(),
        resume_window_s: cells.count("resume_window_s")?,
        progress: cells.get("progress")?,
        answers: cells.count("answers")?,
        started_at: cells.time("started_at")?,
        last_activity_at: cells.time("last_activity_at")?,
        completed_at: cells.optional_time("completed_at")?,
    })
}

fn read_mark(row: &Row) -> Result<(SessionId, SessionMark), StoreError> {
    let cells = Cells::new(row, "sessions", "id");
    let mark = SessionMark {
        status: cells.word("status")?,
        answers: cells.count("answers")?,
        last_activity_at: cells.time("last_activity_at")?,
        invite: cells.word("invite")?,
        invite_expires_at: cells.time("expires_at")?,
    };
    Ok((cells.word("id")?, mark))
}

/// Most sessions have none.
fn probes(session: &StoredSession) -> Result<Option<String>, StoreError> {
    Some(&session.probes).filter(|probes| !probes.is_empty()).map(json).transpose()
}

#[async_trait]
impl SessionRepository for Unit<'_> {
    async fn add_session(&mut self, session: &StoredSession) -> Result<(), StoreError> {
        let statement = query(
            "INSERT INTO sessions (id, environment, organization_id, campaign_id, invite_id, participant_id,
                 guide_version, seed, locale, fallback_locale, status, consent, resume_window_s, progress, answers,
                 started_at, last_activity_at, completed_at, probes)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
             ON CONFLICT DO NOTHING",
        )
        .bind(session.id.as_str())
        .bind(session.environment.as_str())
        .bind(session.organization_id.as_str())
        .bind(session.campaign_id.as_str())
        .bind(session.invite_id.as_str())
        .bind(session.participant_id.as_str())
        .bind(session.guide_version)
        .bind(number(session.seed)?)
        .bind(&session.locale)
        .bind(&session.fallback_locale)
        .bind(session.status.as_str())
        .bind(session.consent.as_ref().map(json).transpose()?)
        .bind(session.resume_window_s)
        .bind(session.progress)
        .bind(session.answers)
        .bind(session.started_at.as_millis())
        .bind(session.last_activity_at.as_millis())
        .bind(millis(session.completed_at))
        .bind(probes(session)?);
        self.insert(statement, "session").await?;
        let counted = query("UPDATE campaigns SET started = started + 1 WHERE environment = $1 AND id = $2")
            .bind(session.environment.as_str())
            .bind(session.campaign_id.as_str());
        self.must_change(counted).await
    }

    async fn find_session(
        &mut self,
        environment: Environment,
        id: &SessionId,
    ) -> Result<Option<StoredSession>, StoreError> {
        let statement = query("SELECT * FROM sessions WHERE environment = $1 AND id = $2")
            .bind(environment.as_str())
            .bind(id.as_str());
        self.find(statement, read).await
    }

    async fn find_session_marks(
        &mut self,
        wanted: &[SessionId],
    ) -> Result<Vec<(SessionId, SessionMark)>, StoreError> {
        self.list(query(MARKS).bind(ids(wanted)?), read_mark).await
    }

    async fn list_sessions_of_invite(
        &mut self,
        environment: Environment,
        invite: &InviteId,
        limit: u32,
    ) -> Result<Vec<StoredSession>, StoreError> {
        let statement =
            query(OF_INVITE).bind(environment.as_str()).bind(invite.as_str()).bind(i64::from(limit));
        self.list(statement, read).await
    }

    async fn list_sessions(
        &mut self,
        environment: Environment,
        organization: &OrganizationId,
        filter: &SessionFilter,
        page: &PageRequest,
        now: Timestamp,
    ) -> Result<Vec<StoredSession>, StoreError> {
        let mut sessions = Vec::new();
        for part in parts(filter.status) {
            let statement = query(list_sql(filter, *part, page))
                .bind(environment.as_str())
                .bind(organization.as_str())
                .bind(text(filter.campaign_id.as_ref()))
                .bind(text(filter.invite_id.as_ref()))
                .bind(part.0.map(SessionStatus::as_str))
                .bind(now.as_millis())
                .bind(&page.before)
                .bind(page.limit);
            sessions.extend(self.list(statement, read).await?);
        }
        sessions.sort_by(|one, other| other.id.cmp(&one.id));
        sessions.truncate(page.limit as usize);
        Ok(sessions)
    }

    async fn update_session(&mut self, session: &StoredSession) -> Result<(), StoreError> {
        if session.status == SessionStatus::Completed {
            let counted = query(
                "UPDATE campaigns SET completed = completed + 1 WHERE environment = $1 AND id = (
                     SELECT campaign_id FROM sessions
                     WHERE sessions.environment = $1 AND sessions.id = $2 AND sessions.status <> 'completed'
                 )",
            )
            .bind(session.environment.as_str())
            .bind(session.id.as_str());
            self.change(counted).await?;
        }
        let statement = query(
            "UPDATE sessions SET status = $3, consent = $4, progress = $5, answers = $6, last_activity_at = $7,
                 completed_at = $8, probes = $9
             WHERE environment = $1 AND id = $2",
        )
        .bind(session.environment.as_str())
        .bind(session.id.as_str())
        .bind(session.status.as_str())
        .bind(session.consent.as_ref().map(json).transpose()?)
        .bind(session.progress)
        .bind(session.answers)
        .bind(session.last_activity_at.as_millis())
        .bind(millis(session.completed_at))
        .bind(probes(session)?);
        self.must_change(statement).await
    }
}
