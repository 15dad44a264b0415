//! Deliveries.

use std::{borrow::Cow, collections::HashSet};

use async_trait::async_trait;
use domain::webhook::{LeasedDelivery, StoredDelivery, StoredEndpoint};
use protocol::{
    Environment, Timestamp,
    ids::{EventId, WebhookId},
    webhook::{DeliveryAttempt, DeliveryStatus, EventType},
};
use serde::Serialize;
use sqlx::AssertSqlSafe;

use super::{
    cells::{Cells, json, millis},
    events,
    link::{Row, without_nul},
    statement::{query, sql, when},
    unit::Unit,
    webhooks,
};
use crate::{DeliveryRepository, Lease, PageRequest, Recorded, Redelivering, Redelivery, StoreError};

/// Adds a delivery that is due at once.
pub(crate) const ADD: &str = "INSERT INTO webhook_deliveries
         (endpoint_id, event_id, event_type, status, attempts, step, next_attempt_at, created_at)
     VALUES ($1, $2, $3, 'pending', 0, 0, $4, $4) ON CONFLICT DO NOTHING";
/// Adds a delivery of an event for each endpoint that is to be told: `$1` the event, `$2` its type, `$3` the time, `$4` and
/// `$5` where and whose, `$6` whether it has to be named.
pub(crate) const FAN_OUT: &str = "INSERT INTO webhook_deliveries
         (endpoint_id, event_id, event_type, status, attempts, step, next_attempt_at, created_at)
     SELECT e.id, $1, $2, 'pending', 0, 0, $3, $3 FROM webhook_endpoints e
     WHERE e.environment = $4 AND e.organization_id = $5 AND e.status = 'enabled' AND (
         e.events = '[]' AND NOT $6 OR EXISTS (SELECT 1 FROM json_each(e.events) WHERE value = $2))";

/// Removes deliveries of events before the id `$1`, `$2` of them at most. Their attempts go with them.
pub(crate) const REMOVE_OLD: &str = "DELETE FROM webhook_deliveries WHERE (endpoint_id, event_id) IN (
         SELECT d.endpoint_id, d.event_id FROM webhook_endpoints e CROSS JOIN webhook_deliveries d
         WHERE d.endpoint_id = e.id AND d.event_id < $1 LIMIT $2)";
/// Removes deliveries of deleted endpoints, `$1` of them at most.
pub(crate) const REMOVE_DELETED: &str = "DELETE FROM webhook_deliveries WHERE (endpoint_id, event_id) IN (
         SELECT d.endpoint_id, d.event_id FROM webhook_endpoints e CROSS JOIN webhook_deliveries d
         WHERE e.deleted_at IS NOT NULL AND d.endpoint_id = e.id LIMIT $1)";

/// Endpoints for which something is due.
pub(crate) const DUE_ENDPOINTS: &str =
    "SELECT * FROM webhook_endpoints e WHERE e.status = 'enabled' AND EXISTS (
         SELECT 1 FROM webhook_deliveries d INDEXED BY webhook_deliveries_due
         WHERE d.endpoint_id = e.id AND d.status = 'pending' AND d.next_attempt_at <= $1)";
/// What is due for one of them, the longest due first.
pub(crate) const DUE: &str = "SELECT d.attempts, d.step, v.*
     FROM webhook_deliveries d INDEXED BY webhook_deliveries_due CROSS JOIN events v
     WHERE d.endpoint_id = $1 AND d.status = 'pending' AND d.next_attempt_at <= $2
         AND v.environment = $3 AND v.organization_id = $4 AND v.id = d.event_id
     ORDER BY d.next_attempt_at LIMIT $5";

/// The first event that is too many: `$1` and `$2` where and whose, `$3` and `$4` from which id and before which, `$5` how
/// many are not.
pub(crate) const BEYOND: &str = "SELECT id FROM events
     WHERE environment = $1 AND organization_id = $2 AND id >= $3 AND id < $4 ORDER BY id LIMIT 1 OFFSET $5";
/// Puts off the deliveries of some events, which are a list in JSON.
pub(crate) const PUT_OFF: &str = "UPDATE webhook_deliveries SET next_attempt_at = $2
     WHERE endpoint_id = $1 AND event_id IN (SELECT value FROM json_each($3))";
/// Makes due now what waits for an endpoint.
pub(crate) const HASTEN: &str = "UPDATE webhook_deliveries INDEXED BY webhook_deliveries_due
     SET step = 0, next_attempt_at = min(next_attempt_at, $2) WHERE endpoint_id = $1 AND status = 'pending'";
/// Moves deliveries on that are still leased until the given times; `$1` is a list of [`AttemptRow`]s in JSON, in which
/// each delivery is once.
pub(crate) const MOVE: &str = "WITH r AS MATERIALIZED (SELECT value FROM json_each($1))
     UPDATE webhook_deliveries
     SET attempts = attempts + 1, status = json_extract(r.value, '$.status'),
         step = CAST(json_extract(r.value, '$.step') AS BIGINT),
         next_attempt_at = CAST(json_extract(r.value, '$.next_attempt_at') AS BIGINT)
     FROM r
     WHERE endpoint_id = json_extract(r.value, '$.endpoint') AND event_id = json_extract(r.value, '$.event')
         AND webhook_deliveries.status = 'pending'
         AND next_attempt_at = CAST(json_extract(r.value, '$.leased_until') AS BIGINT)
     RETURNING endpoint_id, event_id";
/// Counts an attempt of a delivery that went on without it.
pub(crate) const COUNT: &str =
    "UPDATE webhook_deliveries SET attempts = attempts + 1 WHERE endpoint_id = $1 AND event_id = $2";
/// The same, of an attempt that was taken after all.
pub(crate) const DELIVER: &str = "UPDATE webhook_deliveries
     SET attempts = attempts + 1, status = 'delivered', next_attempt_at = NULL WHERE endpoint_id = $1 AND event_id = $2";
/// Adds the attempts that were counted last, of the same list. Where the count once went back, its number may be taken; then it
/// is not shown, which is better than that nothing is written down.
pub(crate) const ADD_ATTEMPTS: &str = "WITH r AS MATERIALIZED (SELECT value FROM json_each($1))
     INSERT INTO webhook_attempts
         (endpoint_id, event_id, number, at, duration_ms, status, error, response_excerpt)
     SELECT d.endpoint_id, d.event_id, d.attempts, CAST(json_extract(r.value, '$.at') AS BIGINT),
         CAST(json_extract(r.value, '$.duration_ms') AS BIGINT), CAST(json_extract(r.value, '$.answered') AS BIGINT),
         json_extract(r.value, '$.error'), json_extract(r.value, '$.excerpt')
     FROM r CROSS JOIN webhook_deliveries d
     WHERE d.endpoint_id = json_extract(r.value, '$.endpoint') AND d.event_id = json_extract(r.value, '$.event')
     ON CONFLICT DO NOTHING";

/// How many attempts are shown of a delivery.
const SHOWN_ATTEMPTS: u32 = 20;

/// A [`Recorded`], as the statements look into it.
#[derive(Debug, Serialize)]
struct AttemptRow<'r> {
    endpoint: &'r WebhookId,
    event: &'r EventId,
    leased_until: i64,
    status: &'static str,
    step: u32,
    next_attempt_at: Option<i64>,
    at: i64,
    duration_ms: u32,
    answered: Option<u16>,
    error: Option<Cow<'r, str>>,
    excerpt: Option<Cow<'r, str>>,
}

impl<'r> AttemptRow<'r> {
    fn of(recorded: &'r Recorded) -> Self {
        let attempt = &recorded.attempt;
        // `PostgreSQL` takes no NUL, in JSON neither.
        let text = |text: &'r Option<String>| text.as_deref().map(|text| without_nul(text.into()));
        Self {
            endpoint: &recorded.endpoint,
            event: &recorded.event,
            leased_until: recorded.leased_until.as_millis(),
            status: recorded.status.as_str(),
            step: recorded.step,
            next_attempt_at: millis(recorded.next_attempt_at),
            at: attempt.at.as_millis(),
            duration_ms: attempt.duration_ms,
            answered: attempt.status,
            error: text(&attempt.error),
            excerpt: text(&attempt.response_excerpt),
        }
    }
}

/// The statement that lists. It names its index, which the planner has no numbers to choose by.
pub(crate) fn list_sql(status: Option<DeliveryStatus>, page: &PageRequest) -> AssertSqlSafe<String> {
    // Nearly all are taken in the end, so those are in no index: they are found in the list itself, which has few others.
    let has_index = status.is_some_and(|status| status != DeliveryStatus::Delivered);
    sql(&[
        "SELECT * FROM webhook_deliveries",
        when(has_index, "INDEXED BY webhook_deliveries_by_status"),
        "WHERE endpoint_id = $1",
        // In the words of the index, which the planner compares.
        when(has_index, "AND status <> 'delivered'"),
        when(status.is_some(), "AND status = $2"),
        when(page.before.is_some(), "AND event_id < $3"),
        "ORDER BY event_id DESC LIMIT $4",
    ])
}

fn read(row: &Row) -> Result<StoredDelivery, StoreError> {
    let cells = Cells::new(row, "webhook_deliveries", "event_id");
    Ok(StoredDelivery {
        event_id: cells.word("event_id")?,
        kind: cells.word("event_type")?,
        status: cells.word("status")?,
        next_attempt_at: cells.optional_time("next_attempt_at")?,
        created_at: cells.time("created_at")?,
        attempts: Vec::new(),
    })
}

fn read_attempt(row: &Row) -> Result<DeliveryAttempt, StoreError> {
    let cells = Cells::new(row, "webhook_attempts", "event_id");
    Ok(DeliveryAttempt {
        number: cells.count("number")?,
        at: cells.time("at")?,
        duration_ms: cells.count("duration_ms")?,
        status: cells.optional_count("status")?,
        error: cells.get("error")?,
        response_excerpt: cells.get("response_excerpt")?,
    })
}

fn read_key(row: &Row) -> Result<(WebhookId, EventId), StoreError> {
    let cells = Cells::new(row, "webhook_deliveries", "event_id");
    Ok((cells.word("endpoint_id")?, cells.word("event_id")?))
}

fn read_due(row: &Row) -> Result<(u32, u32, domain::webhook::StoredEvent), StoreError> {
    let cells = Cells::new(row, "webhook_deliveries", "id");
    Ok((cells.count("attempts")?, cells.count("step")?, events::read(row)?))
}

#[async_trait]
impl DeliveryRepository for Unit<'_> {
    async fn list_deliveries(
        &mut self,
        endpoint: &WebhookId,
        status: Option<DeliveryStatus>,
        page: &PageRequest,
    ) -> Result<Vec<StoredDelivery>, StoreError> {
        let statement = query(list_sql(status, page))
            .bind(endpoint.as_str())
            .bind(status.map(DeliveryStatus::as_str))
            .bind(&page.before)
            .bind(page.limit);
        let mut deliveries = self.list(statement, read).await?;
        for delivery in &mut deliveries {
            let statement = query(
                "SELECT * FROM webhook_attempts WHERE endpoint_id = $1 AND event_id = $2 ORDER BY number DESC LIMIT $3",
            )
            .bind(endpoint.as_str())
            .bind(delivery.event_id.as_str())
            .bind(SHOWN_ATTEMPTS);
            delivery.attempts = self.list(statement, read_attempt).await?;
            delivery.attempts.reverse();
        }
        Ok(deliveries)
    }

    async fn redeliver(
        &mut self,
        endpoint: &WebhookId,
        event: &EventId,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let statement = query(
            "UPDATE webhook_deliveries SET status = 'pending', step = 0, next_attempt_at = $3
             WHERE endpoint_id = $1 AND event_id = $2",
        )
        .bind(endpoint.as_str())
        .bind(event.as_str())
        .bind(now.as_millis());
        self.change(statement).await
    }

    async fn redeliver_time(
        &mut self,
        endpoint: &StoredEndpoint,
        which: &Redelivery,
        now: Timestamp,
    ) -> Result<Redelivering, StoreError> {
        let beyond = query(BEYOND)
            .bind(endpoint.environment.as_str())
            .bind(endpoint.organization_id.as_str())
            .bind(which.from.as_str())
            .bind(which.to.as_str())
            .bind(which.limit);
        let read_id = |row: &Row| Cells::new(row, "events", "id").word::<EventId>("id");
        let next = self.find(beyond, read_id).await?;
        let named = if endpoint.events.is_empty() {
            EventType::ALL.iter().filter(|kind| !kind.is_opt_in()).copied().collect()
        } else {
            endpoint.events.clone()
        };
        let statement = query(
            "INSERT INTO webhook_deliveries
                 (endpoint_id, event_id, event_type, status, attempts, step, next_attempt_at, created_at)
             SELECT $1, v.id, v.type, 'pending', 0, 0, $6, $6 FROM events v
             WHERE v.environment = $2 AND v.organization_id = $3 AND v.id >= $4 AND v.id < $5
                 AND v.type <> 'ping' AND v.type IN (SELECT value FROM json_each($7))
             ON CONFLICT (endpoint_id, event_id) DO UPDATE
                 SET status = 'pending', step = 0, next_attempt_at = excluded.next_attempt_at
                 WHERE webhook_deliveries.status = 'failed' OR webhook_deliveries.status = 'delivered' AND $8
                     OR webhook_deliveries.status = 'pending' AND webhook_deliveries.next_attempt_at > excluded.next_attempt_at",
        )
        .bind(endpoint.id.as_str())
        .bind(endpoint.environment.as_str())
        .bind(endpoint.organization_id.as_str())
        .bind(which.from.as_str())
        .bind(next.as_ref().unwrap_or(&which.to).as_str())
        .bind(now.as_millis())
        .bind(json(&named)?)
        .bind(which.include_delivered);
        Ok(Redelivering { queued: self.change_many(statement).await?, next })
    }

    async fn hasten_deliveries(&mut self, endpoint: &WebhookId, now: Timestamp) -> Result<(), StoreError> {
        let statement = query(HASTEN).bind(endpoint.as_str()).bind(now.as_millis());
        self.change(statement).await.map(drop)
    }

    async fn list_due_endpoints(&mut self, now: Timestamp) -> Result<Vec<StoredEndpoint>, StoreError> {
        self.list(query(DUE_ENDPOINTS).bind(now.as_millis()), webhooks::read).await
    }

    async fn lease_deliveries(
        &mut self,
        endpoint: &StoredEndpoint,
        lease: &Lease,
    ) -> Result<Vec<LeasedDelivery>, StoreError> {
        let due = query(DUE)
            .bind(endpoint.id.as_str())
            .bind(lease.now.as_millis())
            .bind(endpoint.environment.as_str())
            .bind(endpoint.organization_id.as_str())
            .bind(lease.limit);
        let due = self.list(due, read_due).await?;
        if due.is_empty() {
            return Ok(Vec::new());
        }
        let events: Vec<_> = due.iter().map(|(_, _, event)| &event.0.id).collect();
        let taken =
            query(PUT_OFF).bind(endpoint.id.as_str()).bind(lease.until.as_millis()).bind(json(&events)?);
        self.must_change(taken).await?;
        let leased = |(attempts, step, event)| LeasedDelivery {
            endpoint: endpoint.clone(),
            event,
            attempts,
            step,
            until: lease.until,
        };
        Ok(due.into_iter().map(leased).collect())
    }

    async fn next_delivery_at(
        &mut self,
        environment: Option<Environment>,
    ) -> Result<Option<Timestamp>, StoreError> {
        let statement = query(
            "SELECT min((SELECT min(d.next_attempt_at) FROM webhook_deliveries d INDEXED BY webhook_deliveries_due
                 WHERE d.endpoint_id = e.id AND d.status = 'pending')) AS due
             FROM webhook_endpoints e WHERE e.status = 'enabled' AND ($1 IS NULL OR e.environment = $1)",
        )
        .bind(environment.map(Environment::as_str));
        let read = |row: &Row| Cells::new(row, "webhook_deliveries", "due").optional_time("due");
        Ok(self.find(statement, read).await?.flatten())
    }

    async fn record_attempts(&mut self, recorded: &[Recorded]) -> Result<(), StoreError> {
        let mut left: Vec<_> = recorded.iter().collect();
        while !left.is_empty() {
            let mut seen = HashSet::new();
            let (first, later) = left.into_iter().partition(|one| seen.insert((&one.endpoint, &one.event)));
            self.record_first_attempts(first).await?;
            left = later;
        }
        Ok(())
    }
}

impl Unit<'_> {
    /// Of each delivery one attempt.
    async fn record_first_attempts(&mut self, recorded: Vec<&Recorded>) -> Result<(), StoreError> {
        let rows = json(&recorded.iter().copied().map(AttemptRow::of).collect::<Vec<_>>())?;
        let moved: HashSet<_> = self.list(query(MOVE).bind(&rows), read_key).await?.into_iter().collect();
        for late in recorded {
            if !moved.contains(&(late.endpoint.clone(), late.event.clone())) {
                let was_taken = late.status == DeliveryStatus::Delivered;
                let counted = query(if was_taken { DELIVER } else { COUNT })
                    .bind(late.endpoint.as_str())
                    .bind(late.event.as_str());
                self.change(counted).await?;
            }
        }
        self.change(query(ADD_ATTEMPTS).bind(&rows)).await.map(drop)
    }
}
