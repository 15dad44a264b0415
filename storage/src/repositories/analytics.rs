//! Counts.

use async_trait::async_trait;
use domain::{analytics::AnswerTally, random::first_id_at};
use protocol::{Timestamp, analytics::SessionCounts, ids::SessionId, question::QuestionKind};
use sqlx::AssertSqlSafe;

use super::{
    cells::{Cells, number},
    link::Row,
    statement::{Statement, query, sql, when},
    unit::Unit,
};
use crate::{AnalyticsRepository, SessionSpan, StoreError};

/// Ids of sessions begin with the time at which they began, so a time is a part of the index.
fn of_span(before: &'static str, span: &SessionSpan, after: &'static str) -> AssertSqlSafe<String> {
    sql(&[
        before,
        "WHERE s.environment = $1 AND s.campaign_id = $2",
        when(span.from.is_some(), "AND s.id >= $3"),
        when(span.to.is_some(), "AND s.id < $4"),
        after,
    ])
}

fn in_span(statement: AssertSqlSafe<String>, span: &SessionSpan) -> Statement<'_> {
    let first = |at: Option<Timestamp>| at.map(|at| first_id_at::<SessionId>(at).to_string());
    query(statement)
        .bind(span.environment.as_str())
        .bind(span.campaign_id.as_str())
        .bind(first(span.from))
        .bind(first(span.to))
}

/// How many are where; `$5` is the time.
pub(crate) fn count_sql(span: &SessionSpan) -> AssertSqlSafe<String> {
    of_span(
        "SELECT count(*) AS started,
             count(*) FILTER (WHERE s.status = 'active' AND s.resumable_until > $5) AS active,
             count(*) FILTER (WHERE s.status = 'paused' AND s.resumable_until > $5) AS paused,
             count(*) FILTER (WHERE s.status = 'completed') AS completed,
             count(*) FILTER (WHERE s.status = 'declined') AS declined,
             count(*) FILTER (WHERE s.status IN ('active', 'paused') AND s.resumable_until <= $5) AS abandoned
         FROM sessions s INDEXED BY sessions_by_campaign",
        span,
        "",
    )
}

/// The durations of the completed ones in order, from the `$5`th.
pub(crate) fn duration_sql(span: &SessionSpan) -> AssertSqlSafe<String> {
    of_span(
        "SELECT max(s.completed_at - s.started_at, 0) AS ms FROM sessions s INDEXED BY sessions_by_campaign_status",
        span,
        "AND s.status = 'completed' ORDER BY ms LIMIT 1 OFFSET $5",
    )
}

/// Answers by question and value. What was written by hand is not read out, only whether it was (see
/// `domain::analytics::has_values`).
pub(crate) fn tally_sql(span: &SessionSpan) -> AssertSqlSafe<String> {
    of_span(
        "SELECT a.question_id, a.kind,
             CASE WHEN a.value = 'null' OR a.kind IN ('consent', 'yes_no', 'single_choice', 'multi_choice', 'ranking',
                 'rating', 'number') THEN a.value END AS shown,
             count(*) AS answers, CAST(sum(a.elapsed_ms) AS BIGINT) AS elapsed_ms
         FROM sessions s INDEXED BY sessions_by_campaign CROSS JOIN answers a",
        span,
        "AND a.session_id = s.id GROUP BY a.question_id, a.kind, shown",
    )
}

/// Abandoned sessions by their last answer; `$5` is the time.
pub(crate) fn abandoned_sql(span: &SessionSpan) -> AssertSqlSafe<String> {
    of_span(
        "SELECT a.question_id, a.kind, count(*) AS sessions
         FROM sessions s INDEXED BY sessions_open
         LEFT JOIN answers a ON a.session_id = s.id AND a.position = s.answers - 1",
        span,
        "AND s.status IN ('active', 'paused') AND s.resumable_until <= $5 GROUP BY a.question_id, a.kind",
    )
}

fn read_counts(row: &Row) -> Result<SessionCounts, StoreError> {
    let cells = Cells::new(row, "sessions", "campaign_id");
    Ok(SessionCounts {
        started: cells.count("started")?,
        active: cells.count("active")?,
        paused: cells.count("paused")?,
        completed: cells.count("completed")?,
        declined: cells.count("declined")?,
        abandoned: cells.count("abandoned")?,
    })
}

fn read_tally(row: &Row) -> Result<AnswerTally, StoreError> {
    let cells = Cells::new(row, "answers", "question_id");
    Ok(AnswerTally {
        question_id: cells.get("question_id")?,
        kind: cells.word("kind")?,
        value: cells.optional_json("shown")?,
        answers: cells.count("answers")?,
        elapsed_ms: cells.count("elapsed_ms")?,
    })
}

#[async_trait]
impl AnalyticsRepository for Unit<'_> {
    async fn count_sessions(
        &mut self,
        span: &SessionSpan,
        now: Timestamp,
    ) -> Result<SessionCounts, StoreError> {
        let statement = in_span(count_sql(span), span).bind(now.as_millis());
        Ok(self.find(statement, read_counts).await?.unwrap_or_default())
    }

    async fn session_duration(&mut self, span: &SessionSpan, rank: u64) -> Result<Option<u64>, StoreError> {
        let statement = in_span(duration_sql(span), span).bind(number(rank)?);
        self.find(statement, |row| Cells::new(row, "sessions", "ms").count("ms")).await
    }

    async fn tally_answers(&mut self, span: &SessionSpan) -> Result<Vec<AnswerTally>, StoreError> {
        self.list(in_span(tally_sql(span), span), read_tally).await
    }

    async fn tally_abandoned(
        &mut self,
        span: &SessionSpan,
        now: Timestamp,
    ) -> Result<Vec<(Option<(String, QuestionKind)>, u64)>, StoreError> {
        let statement = in_span(abandoned_sql(span), span).bind(now.as_millis());
        self.list(statement, |row| {
            let cells = Cells::new(row, "answers", "question_id");
            let question: Option<String> = cells.get("question_id")?;
            Ok((question.zip(cells.optional_word("kind")?), cells.count("sessions")?))
        })
        .await
    }
}
