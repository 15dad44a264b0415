//! The audit log.

use async_trait::async_trait;
use domain::audit::StoredAuditEvent;
use protocol::{
    Environment,
    audit::{AuditAction, AuditActor, AuditEvent, AuditTarget},
    ids::OrganizationId,
};
use sqlx::AssertSqlSafe;

use super::{
    cells::{Cells, millis, text},
    link::Row,
    statement::{query, sql, when},
    unit::Unit,
};
use crate::{AuditFilter, AuditRepository, PageRequest, StoreError};

/// The statement that lists. It names its index, which the planner has no numbers to choose by.
pub(crate) fn list_sql(filter: &AuditFilter, page: &PageRequest) -> AssertSqlSafe<String> {
    let index = match (&filter.target_id, &filter.actor_id, filter.action) {
        (Some(_), _, _) => "INDEXED BY audit_events_by_target",
        (None, Some(_), _) => "INDEXED BY audit_events_by_actor",
        (None, None, Some(_)) => "INDEXED BY audit_events_by_action",
        (None, None, None) => "INDEXED BY audit_events_newest",
    };
    sql(&[
        "SELECT * FROM audit_events",
        index,
        "WHERE environment = $1 AND organization_id = $2",
        when(filter.actor_id.is_some(), "AND actor_id = $3"),
        when(filter.action.is_some(), "AND action = $4"),
        when(filter.target_id.is_some(), "AND target_id = $5"),
        when(filter.from.is_some(), "AND at >= $6"),
        when(filter.to.is_some(), "AND at < $7"),
        when(
            page.before.is_some(),
            "AND (at, ordinal) < (SELECT c.at, c.ordinal FROM audit_events c
                 WHERE c.id = $8 AND c.environment = $1 AND c.organization_id = $2)",
        ),
        "ORDER BY at DESC, ordinal DESC LIMIT $9",
    ])
}

fn read(row: &Row) -> Result<StoredAuditEvent, StoreError> {
    let cells = Cells::new(row, "audit_events", "id");
    Ok(StoredAuditEvent {
        organization_id: cells.word("organization_id")?,
        event: AuditEvent {
            id: cells.word("id")?,
            at: cells.time("at")?,
            environment: cells.word("environment")?,
            actor: AuditActor { kind: cells.word("actor_type")?, id: cells.get("actor_id")? },
            action: cells.word("action")?,
            target: AuditTarget { kind: cells.word("target_type")?, id: cells.get("target_id")? },
            request_id: cells.get("request_id")?,
            ip: cells.get("ip")?,
            user_id: cells.optional_word("user_id")?,
        },
    })
}

#[async_trait]
impl AuditRepository for Unit<'_> {
    async fn add_audit_event(&mut self, stored: &StoredAuditEvent) -> Result<(), StoreError> {
        let event = &stored.event;
        let statement = query(
            "INSERT INTO audit_events (id, environment, organization_id, at, actor_type, actor_id, action,
                 target_type, target_id, request_id, ip, user_id)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT DO NOTHING",
        )
        .bind(event.id.as_str())
        .bind(event.environment.as_str())
        .bind(stored.organization_id.as_str())
        .bind(event.at.as_millis())
        .bind(event.actor.kind.as_str())
        .bind(&event.actor.id)
        .bind(event.action.as_str())
        .bind(event.target.kind.as_str())
        .bind(&event.target.id)
        .bind(&event.request_id)
        .bind(&event.ip)
        .bind(text(event.user_id.as_ref()));
        self.insert(statement, "audit event").await
    }

    async fn list_audit_events(
        &mut self,
        environment: Environment,
        organization: &OrganizationId,
        filter: &AuditFilter,
        page: &PageRequest,
    ) -> Result<Vec<StoredAuditEvent>, StoreError> {
        let statement = query(list_sql(filter, page))
            .bind(environment.as_str())
            .bind(organization.as_str())
            .bind(&filter.actor_id)
            .bind(filter.action.map(AuditAction::as_str))
            .bind(&filter.target_id)
            .bind(millis(filter.from))
            .bind(millis(filter.to))
            .bind(&page.before)
            .bind(page.limit);
        self.list(statement, read).await
    }
}
