//! Webhook endpoints.

use async_trait::async_trait;
use domain::webhook::StoredEndpoint;
use protocol::{
    Environment, Timestamp,
    ids::{OrganizationId, WebhookId},
    webhook::DisabledReason,
};
use sqlx::AssertSqlSafe;

use super::{
    cells::{Cells, json, millis},
    deliveries,
    link::Row,
    statement::{query, sql, when},
    unit::Unit,
};
use crate::{PageRequest, StoreError, WebhookRepository};

/// One that was deleted.
pub(crate) const FIND_DELETED: &str = "SELECT id FROM webhook_endpoints WHERE deleted_at IS NOT NULL LIMIT 1";
/// Removes those that were deleted, which have no deliveries any more.
pub(crate) const REMOVE_DELETED: &str = "DELETE FROM webhook_endpoints WHERE deleted_at IS NOT NULL";

/// The statement that lists.
pub(crate) fn list_sql(page: &PageRequest) -> AssertSqlSafe<String> {
    sql(&[
        "SELECT * FROM webhook_endpoints WHERE environment = $1 AND organization_id = $2 AND deleted_at IS NULL",
        when(page.before.is_some(), "AND id < $3"),
        "ORDER BY id DESC LIMIT $4",
    ])
}

pub(crate) fn read(row: &Row) -> Result<StoredEndpoint, StoreError> {
    let cells = Cells::new(row, "webhook_endpoints", "id");
    let previous: Vec<(String, i64)> = cells.json("previous_secrets")?;
    let previous = previous.into_iter().map(|(secret, until)| (secret, Timestamp::from_millis(until)));
    Ok(StoredEndpoint {
        id: cells.word("id")?,
        environment: cells.word("environment")?,
        organization_id: cells.word("organization_id")?,
        url: cells.get("url")?,
        description: cells.get("description")?,
        events: cells.json("events")?,
        secret: cells.get("secret")?,
        previous_secrets: previous.collect(),
        status: cells.word("status")?,
        disabled_reason: cells.optional_word("disabled_reason")?,
        failing_since: cells.optional_time("failing_since")?,
        created_at: cells.time("created_at")?,
        updated_at: cells.time("updated_at")?,
    })
}

/// Secrets with their ends in milliseconds, as [`read`] reads them.
fn previous(endpoint: &StoredEndpoint) -> Result<String, StoreError> {
    let previous = endpoint.previous_secrets.iter().map(|(secret, until)| (secret, until.as_millis()));
    json(&previous.collect::<Vec<_>>())
}

#[async_trait]
impl WebhookRepository for Unit<'_> {
    async fn add_endpoint(&mut self, endpoint: &StoredEndpoint) -> Result<(), StoreError> {
        let statement = query(
            "INSERT INTO webhook_endpoints (id, environment, organization_id, url, description, events, secret,
                 previous_secrets, status, disabled_reason, failing_since, created_at, updated_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT DO NOTHING",
        )
        .bind(endpoint.id.as_str())
        .bind(endpoint.environment.as_str())
        .bind(endpoint.organization_id.as_str())
        .bind(&endpoint.url)
        .bind(&endpoint.description)
        .bind(json(&endpoint.events)?)
        .bind(&endpoint.secret)
        .bind(previous(endpoint)?)
        .bind(endpoint.status.as_str())
        .bind(endpoint.disabled_reason.map(DisabledReason::as_str))
        .bind(millis(endpoint.failing_since))
        .bind(endpoint.created_at.as_millis())
        .bind(endpoint.updated_at.as_millis());
        self.insert(statement, "webhook").await
    }

    async fn find_endpoint(
        &mut self,
        environment: Environment,
        id: &WebhookId,
    ) -> Result<Option<StoredEndpoint>, StoreError> {
        let statement = query(
            "SELECT * FROM webhook_endpoints WHERE environment = $1 AND id = $2 AND deleted_at IS NULL",
        )
        .bind(environment.as_str())
        .bind(id.as_str());
        self.find(statement, read).await
    }

    async fn list_endpoints(
        &mut self,
        environment: Environment,
        organization: &OrganizationId,
        page: &PageRequest,
    ) -> Result<Vec<StoredEndpoint>, StoreError> {
        let statement = query(list_sql(page))
            .bind(environment.as_str())
            .bind(organization.as_str())
            .bind(&page.before)
            .bind(page.limit);
        self.list(statement, read).await
    }

    async fn count_endpoints(
        &mut self,
        environment: Environment,
        organization: &OrganizationId,
    ) -> Result<u64, StoreError> {
        let statement = query(
            "SELECT count(*) AS endpoints FROM webhook_endpoints
             WHERE environment = $1 AND organization_id = $2 AND deleted_at IS NULL",
        )
        .bind(environment.as_str())
        .bind(organization.as_str());
        let read = |row: &Row| Cells::new(row, "webhook_endpoints", "endpoints").count("endpoints");
        Ok(self.find(statement, read).await?.unwrap_or(0))
    }

    async fn update_endpoint(&mut self, endpoint: &StoredEndpoint) -> Result<(), StoreError> {
        let statement = query(
            "UPDATE webhook_endpoints SET url = $3, description = $4, events = $5, secret = $6,
                 previous_secrets = $7, status = $8, disabled_reason = $9, failing_since = $10, updated_at = $11
             WHERE environment = $1 AND id = $2 AND deleted_at IS NULL",
        )
        .bind(endpoint.environment.as_str())
        .bind(endpoint.id.as_str())
        .bind(&endpoint.url)
        .bind(&endpoint.description)
        .bind(json(&endpoint.events)?)
        .bind(&endpoint.secret)
        .bind(previous(endpoint)?)
        .bind(endpoint.status.as_str())
        .bind(endpoint.disabled_reason.map(DisabledReason::as_str))
        .bind(millis(endpoint.failing_since))
        .bind(endpoint.updated_at.as_millis());
        self.must_change(statement).await
    }

    async fn delete_endpoint(
        &mut self,
        environment: Environment,
        id: &WebhookId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        // Whatever asks for endpoints that are enabled need not ask for more.
        let statement = query(
            "UPDATE webhook_endpoints SET deleted_at = $3, status = 'disabled', secret = '', previous_secrets = '[]'
             WHERE environment = $1 AND id = $2 AND deleted_at IS NULL",
        )
        .bind(environment.as_str())
        .bind(id.as_str())
        .bind(now.as_millis());
        self.change(statement).await.map(drop)
    }

    async fn remove_deleted_endpoints(&mut self, limit: u32) -> Result<u64, StoreError> {
        let deliveries = self.change_many(query(deliveries::REMOVE_DELETED).bind(limit)).await?;
        if deliveries >= u64::from(limit) {
            return Ok(deliveries);
        }
        let endpoints = self.change_many(query(REMOVE_DELETED)).await?;
        Ok(deliveries + endpoints)
    }

    async fn has_deleted_endpoints(&mut self) -> Result<bool, StoreError> {
        Ok(self
            .find(query(FIND_DELETED), |row| Cells::new(row, "webhook_endpoints", "id").get::<String>("id"))
            .await?
            .is_some())
    }
}
