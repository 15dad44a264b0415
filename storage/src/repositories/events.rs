//! Events.

use async_trait::async_trait;
use domain::{random::first_id_at, session::StoredSession, webhook::StoredEvent};
use protocol::{
    Environment, Timestamp,
    ids::{EventId, OrganizationId, SessionId, WebhookId},
    webhook::{Event, EventType},
};
use sqlx::AssertSqlSafe;

use super::{
    cells::{Cells, json},
    deliveries,
    link::Row,
    sessions,
    statement::{Statement, query, sql, when},
    unit::Unit,
};
use crate::{EndedInvite, EventFilter, EventRepository, PageRequest, StoreError};

/// Adds an event.
pub(crate) const ADD: &str = "INSERT INTO events (environment, organization_id, id, type, at, data)
     VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING";
/// Removes events before the id `$1`, `$2` of them at most.
pub(crate) const REMOVE_OLD: &str = "DELETE FROM events WHERE (environment, organization_id, id) IN (
         SELECT v.environment, v.organization_id, v.id
         FROM organizations o CROSS JOIN json_each('[\"live\",\"test\"]') e CROSS JOIN events v
         WHERE v.environment = e.value AND v.organization_id = o.id AND v.id < $1 LIMIT $2)";
/// Whether anybody is told of anything.
pub(crate) const IS_ANYBODY_TOLD: &str =
    "SELECT EXISTS (SELECT 1 FROM webhook_endpoints WHERE status = 'enabled') AS told";

/// Invites whose token has run out in a time and whose session cannot go on, and those whose session ended so when the
/// token was over already. An end that lies in the same time as the other counts once, with the first of the two.
pub(crate) const EXPIRED: &str = "
     SELECT i.id, i.environment, i.organization_id, i.campaign_id, i.participant_id
     FROM invites i INDEXED BY invites_by_expiry
     WHERE i.status IN ('pending', 'started') AND i.expires_at > $1 AND i.expires_at <= $2
         AND NOT EXISTS (SELECT 1 FROM sessions s WHERE s.invite_id = i.id AND s.status IN ('active', 'paused')
             AND s.resumable_until > $2)
     UNION ALL
     SELECT i.id, i.environment, i.organization_id, i.campaign_id, i.participant_id
     FROM campaigns c CROSS JOIN sessions e INDEXED BY sessions_open CROSS JOIN invites i
     WHERE e.environment = c.environment AND e.campaign_id = c.id AND e.status IN ('active', 'paused')
         AND e.resumable_until > $1 AND e.resumable_until <= $2
         AND i.id = e.invite_id AND i.status = 'started' AND i.expires_at <= $1
         AND NOT EXISTS (SELECT 1 FROM sessions s WHERE s.invite_id = i.id AND s.status IN ('active', 'paused')
             AND (s.resumable_until > $2 OR s.resumable_until > $1 AND s.ordinal > e.ordinal))";
/// Sessions that can be resumed no more since a time.
pub(crate) const ABANDONED: &str = "
     SELECT s.* FROM campaigns c CROSS JOIN sessions s INDEXED BY sessions_open
     WHERE s.environment = c.environment AND s.campaign_id = c.id AND s.status IN ('active', 'paused')
         AND s.resumable_until > $1 AND s.resumable_until <= $2";

/// The time of the end number `$3`, from 0, of those that the statements above find.
pub(crate) const NTH_END: &str = "
     SELECT at FROM (
         SELECT i.expires_at AS at FROM invites i INDEXED BY invites_by_expiry
         WHERE i.status IN ('pending', 'started') AND i.expires_at > $1 AND i.expires_at <= $2
         UNION ALL
         SELECT s.resumable_until AS at FROM campaigns c CROSS JOIN sessions s INDEXED BY sessions_open
         WHERE s.environment = c.environment AND s.campaign_id = c.id AND s.status IN ('active', 'paused')
             AND s.resumable_until > $1 AND s.resumable_until <= $2) AS ends
     ORDER BY at LIMIT 1 OFFSET $3";

/// The next time at which one of the statements above finds something.
pub(crate) const NEXT_END: &str = "
     SELECT min(next) AS next FROM (
         SELECT min(expires_at) AS next FROM invites INDEXED BY invites_by_expiry
         WHERE status IN ('pending', 'started') AND expires_at > $1
         UNION ALL
         SELECT (SELECT min(s.resumable_until) FROM sessions s INDEXED BY sessions_open
             WHERE s.environment = c.environment AND s.campaign_id = c.id AND s.status IN ('active', 'paused')
                 AND s.resumable_until > $1)
         FROM campaigns c) AS ends";

/// The statement that lists. It names its index, which the planner has no numbers to choose by.
pub(crate) fn list_sql(filter: &EventFilter, page: &PageRequest) -> AssertSqlSafe<String> {
    // Every mint tells of one, so they are in no index: they are found in the feed itself, which has few others.
    let has_index = filter.kind.is_some_and(|kind| kind != EventType::InviteCreated);
    sql(&[
        "SELECT * FROM events",
        when(has_index, "INDEXED BY events_by_type"),
        "WHERE environment = $1 AND organization_id = $2",
        // In the words of the index, which the planner compares.
        when(has_index, "AND type <> 'invite.created'"),
        when(filter.from.is_some(), "AND id >= $3"),
        when(filter.to.is_some(), "AND id < $4"),
        when(page.before.is_some(), "AND id < $5"),
        when(filter.kind.is_some(), "AND type = $6"),
        "ORDER BY id DESC LIMIT $7",
    ])
}

/// The statement that lists those of a session: the types that have one, as the index names them.
pub(crate) fn list_of_sql(page: &PageRequest) -> AssertSqlSafe<String> {
    sql(&[
        "SELECT * FROM events INDEXED BY events_by_session WHERE json_extract(data, '$.session_id') = $1
             AND (type = 'interview.started' OR type = 'interview.completed' OR type = 'interview.abandoned'
                 OR type = 'session.answer_recorded')",
        when(page.before.is_some(), "AND id < $2"),
        "ORDER BY id DESC LIMIT $3",
    ])
}

/// The first id of events at a time: ids begin with it.
pub(crate) fn first(at: Option<Timestamp>) -> Option<String> {
    at.map(|at| first_id_at::<EventId>(at).into())
}

pub(crate) fn read(row: &Row) -> Result<StoredEvent, StoreError> {
    let cells = Cells::new(row, "events", "id");
    Ok(StoredEvent(Event {
        id: cells.word("id")?,
        kind: cells.word("type")?,
        timestamp: cells.time("at")?,
        environment: cells.word("environment")?,
        organization_id: cells.word("organization_id")?,
        data: cells.json("data")?,
    }))
}

fn read_ended(row: &Row) -> Result<EndedInvite, StoreError> {
    let cells = Cells::new(row, "invites", "id");
    Ok(EndedInvite {
        id: cells.word("id")?,
        environment: cells.word("environment")?,
        organization_id: cells.word("organization_id")?,
        campaign_id: cells.word("campaign_id")?,
        participant_id: cells.word("participant_id")?,
    })
}

impl Unit<'_> {
    async fn insert_event(&mut self, StoredEvent(event): &StoredEvent) -> Result<(), StoreError> {
        let statement = query(ADD)
            .bind(event.environment.as_str())
            .bind(event.organization_id.as_str())
            .bind(event.id.as_str())
            .bind(event.kind.as_str())
            .bind(event.timestamp.as_millis())
            .bind(json(&event.data)?);
        self.insert(statement, "event").await
    }

    /// Which of some invites were changed by a statement that gives them back.
    pub(crate) async fn list_ended(
        &mut self,
        statement: Statement<'_>,
    ) -> Result<Vec<EndedInvite>, StoreError> {
        self.list(statement, read_ended).await
    }
}

#[async_trait]
impl EventRepository for Unit<'_> {
    async fn add_event(&mut self, event: &StoredEvent) -> Result<(), StoreError> {
        self.insert_event(event).await?;
        let StoredEvent(event) = event;
        let statement = query(deliveries::FAN_OUT)
            .bind(event.id.as_str())
            .bind(event.kind.as_str())
            .bind(event.timestamp.as_millis())
            .bind(event.environment.as_str())
            .bind(event.organization_id.as_str())
            .bind(event.kind.is_opt_in());
        self.change(statement).await.map(drop)
    }

    async fn add_event_for(&mut self, endpoint: &WebhookId, event: &StoredEvent) -> Result<(), StoreError> {
        self.insert_event(event).await?;
        let StoredEvent(event) = event;
        let statement = query(deliveries::ADD)
            .bind(endpoint.as_str())
            .bind(event.id.as_str())
            .bind(event.kind.as_str())
            .bind(event.timestamp.as_millis());
        self.insert(statement, "delivery").await
    }

    async fn list_events(
        &mut self,
        environment: Environment,
        organization: &OrganizationId,
        filter: &EventFilter,
        page: &PageRequest,
    ) -> Result<Vec<StoredEvent>, StoreError> {
        let statement = query(list_sql(filter, page))
            .bind(environment.as_str())
            .bind(organization.as_str())
            .bind(first(filter.from))
            .bind(first(filter.to))
            .bind(&page.before)
            .bind(filter.kind.map(EventType::as_str))
            .bind(page.limit);
        self.list(statement, read).await
    }

    async fn list_events_of(
        &mut self,
        session: &SessionId,
        page: &PageRequest,
    ) -> Result<Vec<StoredEvent>, StoreError> {
        let statement = query(list_of_sql(page)).bind(session.as_str()).bind(&page.before).bind(page.limit);
        self.list(statement, read).await
    }

    async fn remove_events(&mut self, before: Timestamp, limit: u32) -> Result<u64, StoreError> {
        let first = first(Some(before));
        let deliveries = self.change_many(query(deliveries::REMOVE_OLD).bind(&first).bind(limit)).await?;
        // A delivery without its event could not be sent and would be due for ever.
        if deliveries >= u64::from(limit) {
            return Ok(deliveries);
        }
        let events = self.change_many(query(REMOVE_OLD).bind(&first).bind(limit)).await?;
        Ok(deliveries + events)
    }

    async fn told_until(&mut self) -> Result<Option<Timestamp>, StoreError> {
        let read = |row: &Row| Cells::new(row, "told", "one").time("until");
        self.find(query("SELECT until FROM told"), read).await
    }

    async fn set_told_until(&mut self, until: Timestamp) -> Result<(), StoreError> {
        let statement = query(
            "INSERT INTO told (one, until) VALUES (1, $1) ON CONFLICT (one) DO UPDATE SET until = excluded.until",
        );
        self.must_change(statement.bind(until.as_millis())).await
    }

    async fn next_end(&mut self, from: Timestamp) -> Result<Option<Timestamp>, StoreError> {
        let read = |row: &Row| Cells::new(row, "sessions", "next").optional_time("next");
        Ok(self.find(query(NEXT_END).bind(from.as_millis()), read).await?.flatten())
    }

    async fn crowded_end(
        &mut self,
        from: Timestamp,
        to: Timestamp,
        most: u32,
    ) -> Result<Option<Timestamp>, StoreError> {
        let read = |row: &Row| Cells::new(row, "sessions", "at").time("at");
        let nth = query(NTH_END).bind(from.as_millis()).bind(to.as_millis()).bind(most.saturating_sub(1));
        self.find(nth, read).await
    }

    async fn expired_invites(
        &mut self,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<EndedInvite>, StoreError> {
        self.list_ended(query(EXPIRED).bind(from.as_millis()).bind(to.as_millis())).await
    }

    async fn abandoned_sessions(
        &mut self,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<StoredSession>, StoreError> {
        let statement = query(ABANDONED).bind(from.as_millis()).bind(to.as_millis());
        self.list(statement, sessions::read).await
    }
}
