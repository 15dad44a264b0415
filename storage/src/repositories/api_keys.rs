//! API keys.

use async_trait::async_trait;
use domain::{api_key::StoredApiKey, organization::Plan};
use protocol::{
    Environment, Timestamp,
    ids::{ApiKeyId, OrganizationId},
};
use sqlx::AssertSqlSafe;

use super::{
    cells::{Cells, json, millis, number, text},
    link::Row,
    organizations::read_plan,
    statement::{query, sql, when},
    unit::Unit,
};
use crate::{ApiKeyRepository, HourOfUse, PageRequest, StoreError};

/// The statement that finds the key of a request.
pub(crate) const LOOKUP: &str =
    "SELECT k.*, o.plan FROM api_keys k JOIN organizations o ON o.id = k.organization_id
     WHERE k.environment = $1 AND k.lookup_id = $2";

/// The statement that finds the hours of a key.
pub(crate) const USAGE: &str =
    "SELECT * FROM api_key_usage WHERE api_key_id = $1 AND hour >= $2 AND hour < $3 ORDER BY hour DESC";

/// The statement that lists.
pub(crate) fn list_sql(page: &PageRequest) -> AssertSqlSafe<String> {
    sql(&[
        "SELECT * FROM api_keys WHERE environment = $1 AND organization_id = $2",
        when(page.before.is_some(), "AND id < $3"),
        "ORDER BY id DESC LIMIT $4",
    ])
}

fn read(row: &Row) -> Result<StoredApiKey, StoreError> {
    let cells = Cells::new(row, "api_keys", "id");
    Ok(StoredApiKey {
        id: cells.word("id")?,
        organization_id: cells.word("organization_id")?,
        environment: cells.word("environment")?,
        lookup_id: cells.get("lookup_id")?,
        hash: cells.get("hash")?,
        name: cells.get("name")?,
        kind: cells.word("kind")?,
        scopes: cells.json("scopes")?,
        allowed_cidrs: cells.json("allowed_cidrs")?,
        last4: cells.get("last4")?,
        created_at: cells.time("created_at")?,
        expires_at: cells.optional_time("expires_at")?,
        revoked_at: cells.optional_time("revoked_at")?,
        last_used_at: cells.optional_time("last_used_at")?,
        replaced_by: cells.optional_word("replaced_by")?,
    })
}

fn read_with_plan(row: &Row) -> Result<(StoredApiKey, Plan), StoreError> {
    Ok((read(row)?, read_plan(&Cells::new(row, "organizations", "organization_id"))?))
}

fn read_usage(row: &Row) -> Result<HourOfUse, StoreError> {
    let cells = Cells::new(row, "api_key_usage", "api_key_id");
    Ok(HourOfUse {
        hour: cells.time("hour")?,
        requests: cells.count("requests")?,
        errors: cells.count("errors")?,
    })
}

fn read_total(row: &Row) -> Result<u32, StoreError> {
    Cells::new(row, "api_keys", "total").count("total")
}

#[async_trait]
impl ApiKeyRepository for Unit<'_> {
    async fn add_api_key(&mut self, key: &StoredApiKey) -> Result<(), StoreError> {
        let statement = query(
            "INSERT INTO api_keys (id, organization_id, environment, lookup_id, hash, name, kind, scopes,
                 allowed_cidrs, last4, created_at, expires_at, revoked_at, last_used_at, replaced_by)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) ON CONFLICT DO NOTHING",
        )
        .bind(key.id.as_str())
        .bind(key.organization_id.as_str())
        .bind(key.environment.as_str())
        .bind(&key.lookup_id)
        .bind(&key.hash)
        .bind(&key.name)
        .bind(key.kind.as_str())
        .bind(json(&key.scopes)?)
        .bind(json(&key.allowed_cidrs)?)
        .bind(&key.last4)
        .bind(key.created_at.as_millis())
        .bind(millis(key.expires_at))
        .bind(millis(key.revoked_at))
        .bind(millis(key.last_used_at))
        .bind(text(key.replaced_by.as_ref()));
        self.insert(statement, "API key").await
    }

    async fn find_api_key(
        &mut self,
        environment: Environment,
        id: &ApiKeyId,
    ) -> Result<Option<StoredApiKey>, StoreError> {
        let statement = query("SELECT * FROM api_keys WHERE environment = $1 AND id = $2")
            .bind(environment.as_str())
            .bind(id.as_str());
        self.find(statement, read).await
    }

    async fn find_api_key_by_lookup(
        &mut self,
        environment: Environment,
        lookup_id: &str,
    ) -> Result<Option<(StoredApiKey, Plan)>, StoreError> {
        self.find(query(LOOKUP).bind(environment.as_str()).bind(lookup_id), read_with_plan).await
    }

    async fn list_api_keys(
        &mut self,
        environment: Environment,
        organization: &OrganizationId,
        page: &PageRequest,
    ) -> Result<Vec<StoredApiKey>, StoreError> {
        let statement = query(list_sql(page))
            .bind(environment.as_str())
            .bind(organization.as_str())
            .bind(&page.before)
            .bind(page.limit);
        self.list(statement, read).await
    }

    async fn count_active_api_keys(
        &mut self,
        environment: Environment,
        organization: &OrganizationId,
        now: Timestamp,
    ) -> Result<u32, StoreError> {
        let statement = query(
            "SELECT count(*) AS total FROM api_keys k WHERE environment = $1 AND organization_id = $2
             AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $3)
             AND NOT EXISTS (SELECT 1 FROM api_keys s WHERE s.id = k.replaced_by
                 AND s.replaced_by IS NULL AND s.revoked_at IS NULL)",
        )
        .bind(environment.as_str())
        .bind(organization.as_str())
        .bind(now.as_millis());
        Ok(self.find(statement, read_total).await?.unwrap_or(0))
    }

    async fn revoke_api_key(
        &mut self,
        environment: Environment,
        id: &ApiKeyId,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let statement = query(
            "UPDATE api_keys SET revoked_at = coalesce(revoked_at, $3) WHERE environment = $1 AND id = $2",
        )
        .bind(environment.as_str())
        .bind(id.as_str())
        .bind(now.as_millis());
        self.change(statement).await
    }

    async fn replace_api_key(
        &mut self,
        environment: Environment,
        id: &ApiKeyId,
        by: &ApiKeyId,
        expires_at: Timestamp,
    ) -> Result<(), StoreError> {
        let statement =
            query("UPDATE api_keys SET replaced_by = $3, expires_at = $4 WHERE environment = $1 AND id = $2")
                .bind(environment.as_str())
                .bind(id.as_str())
                .bind(by.as_str())
                .bind(expires_at.as_millis());
        self.must_change(statement).await
    }

    async fn list_aged_api_keys(
        &mut self,
        made_before: Timestamp,
        now: Timestamp,
    ) -> Result<Vec<StoredApiKey>, StoreError> {
        let statement = query(
            "SELECT * FROM api_keys WHERE created_at < $1 AND revoked_at IS NULL
             AND (expires_at IS NULL OR expires_at > $2) ORDER BY id",
        )
        .bind(made_before.as_millis())
        .bind(now.as_millis());
        self.list(statement, read).await
    }

    async fn touch_api_keys(&mut self, used: &[(ApiKeyId, Timestamp)]) -> Result<(), StoreError> {
        for (id, at) in used {
            let statement = query(
                "UPDATE api_keys SET last_used_at = $2
                 WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < $2)",
            )
            .bind(id.as_str())
            .bind(at.as_millis());
            self.change(statement).await?;
        }
        Ok(())
    }

    async fn add_usage(&mut self, counted: &[(ApiKeyId, HourOfUse)]) -> Result<(), StoreError> {
        for (id, use_) in counted {
            let statement = query(
                "INSERT INTO api_key_usage (api_key_id, hour, requests, errors)
                 SELECT id, $2, $3, $4 FROM api_keys WHERE id = $1
                 ON CONFLICT (api_key_id, hour) DO UPDATE SET requests = api_key_usage.requests + excluded.requests,
                     errors = api_key_usage.errors + excluded.errors",
            )
            .bind(id.as_str())
            .bind(use_.hour.as_millis())
            .bind(number(use_.requests)?)
            .bind(number(use_.errors)?);
            self.change(statement).await?;
        }
        Ok(())
    }

    async fn list_usage(
        &mut self,
        id: &ApiKeyId,
        from: Timestamp,
        to: Option<Timestamp>,
    ) -> Result<Vec<HourOfUse>, StoreError> {
        let statement = query(USAGE)
            .bind(id.as_str())
            .bind(from.as_millis())
            .bind(to.map_or(i64::MAX, Timestamp::as_millis));
        self.list(statement, read_usage).await
    }
}
