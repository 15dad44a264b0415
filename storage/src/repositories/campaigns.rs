//! Campaigns.

use std::collections::HashMap;

use async_trait::async_trait;
use domain::campaign::{StoredCampaign, StoredCounters};
use protocol::{
    Environment, Timestamp,
    campaign::CampaignStatus,
    ids::{CampaignId, OrganizationId},
};
use sqlx::AssertSqlSafe;

use super::{
    cells::{Cells, ids, json},
    link::Row,
    statement::{query, sql, when},
    unit::Unit,
};
use crate::{CampaignFilter, CampaignRepository, PageRequest, StoreError};

/// Finds one. Every call of a participant does, so it reads nothing but the campaign's row.
pub(crate) const FIND: &str = "SELECT * FROM campaigns WHERE environment = $1 AND id = $2";
/// Finds those of a list of ids in JSON.
pub(crate) const FIND_MANY: &str =
    "SELECT * FROM campaigns WHERE environment = $1 AND id IN (SELECT value FROM json_each($2))";
/// Counts what was abandoned by `$3` in each campaign of a list of ids in JSON.
pub(crate) const COUNT_ABANDONED: &str = "SELECT wanted.value AS id, (
         SELECT count(*) FROM sessions INDEXED BY sessions_open
         WHERE environment = $1 AND campaign_id = wanted.value AND status IN ('active', 'paused')
             AND resumable_until <= $3
     ) AS abandoned
     FROM json_each($2) AS wanted";

/// The statement that lists. Ids may be the customer's own and then do not sort by age, so the cursor's row says how
/// old it is.
pub(crate) fn list_sql(filter: &CampaignFilter, page: &PageRequest) -> AssertSqlSafe<String> {
    sql(&[
        "SELECT * FROM campaigns WHERE environment = $1 AND organization_id = $2",
        when(filter.status.is_some(), "AND status = $3"),
        when(
            page.before.is_some(),
            "AND (created_at, id) < (SELECT c.created_at, c.id FROM campaigns c WHERE c.environment = $1 AND c.id = $4)",
        ),
        "ORDER BY created_at DESC, id DESC LIMIT $5",
    ])
}

fn read(row: &Row) -> Result<StoredCampaign, StoreError> {
    let cells = Cells::new(row, "campaigns", "id");
    Ok(StoredCampaign {
        id: cells.word("id")?,
        environment: cells.word("environment")?,
        organization_id: cells.word("organization_id")?,
        name: cells.get("name")?,
        description: cells.get("description")?,
        status: cells.word("status")?,
        settings: cells.json("settings")?,
        metadata: cells.json("metadata")?,
        counters: StoredCounters {
            invited: cells.count("invited")?,
            started: cells.count("started")?,
            completed: cells.count("completed")?,
        },
        published_version: cells.optional_count("published_version")?,
        revision: cells.count("revision")?,
        created_at: cells.time("created_at")?,
        updated_at: cells.time("updated_at")?,
    })
}

#[async_trait]
impl CampaignRepository for Unit<'_> {
    async fn add_campaign(&mut self, campaign: &StoredCampaign) -> Result<(), StoreError> {
        // Nothing was counted before the campaign was there.
        let statement = query(
            "INSERT INTO campaigns (environment, id, organization_id, name, description, status, settings, metadata,
                 published_version, revision, created_at, updated_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT DO NOTHING",
        )
        .bind(campaign.environment.as_str())
        .bind(campaign.id.as_str())
        .bind(campaign.organization_id.as_str())
        .bind(&campaign.name)
        .bind(&campaign.description)
        .bind(campaign.status.as_str())
        .bind(json(&campaign.settings)?)
        .bind(json(&campaign.metadata)?)
        .bind(campaign.published_version)
        .bind(campaign.revision)
        .bind(campaign.created_at.as_millis())
        .bind(campaign.updated_at.as_millis());
        self.insert(statement, "campaign").await
    }

    async fn find_campaign(
        &mut self,
        environment: Environment,
        id: &CampaignId,
    ) -> Result<Option<StoredCampaign>, StoreError> {
        let statement = query(FIND).bind(environment.as_str()).bind(id.as_str());
        self.find(statement, read).await
    }

    async fn find_campaigns(
        &mut self,
        environment: Environment,
        wanted: &[CampaignId],
    ) -> Result<Vec<StoredCampaign>, StoreError> {
        let statement = query(FIND_MANY).bind(environment.as_str()).bind(ids(wanted)?);
        self.list(statement, read).await
    }

    async fn list_campaigns(
        &mut self,
        environment: Environment,
        organization: &OrganizationId,
        filter: &CampaignFilter,
        page: &PageRequest,
    ) -> Result<Vec<StoredCampaign>, StoreError> {
        let statement = query(list_sql(filter, page))
            .bind(environment.as_str())
            .bind(organization.as_str())
            .bind(filter.status.map(CampaignStatus::as_str))
            .bind(&page.before)
            .bind(page.limit);
        self.list(statement, read).await
    }

    async fn count_abandoned(
        &mut self,
        environment: Environment,
        wanted: &[CampaignId],
        now: Timestamp,
    ) -> Result<HashMap<CampaignId, u64>, StoreError> {
        let statement =
            query(COUNT_ABANDONED).bind(environment.as_str()).bind(ids(wanted)?).bind(now.as_millis());
        let read = |row: &Row| {
            let cells = Cells::new(row, "sessions", "id");
            Ok((cells.word("id")?, cells.count("abandoned")?))
        };
        Ok(self.list(statement, read).await?.into_iter().collect())
    }

    async fn update_campaign(&mut self, campaign: &StoredCampaign) -> Result<bool, StoreError> {
        let statement = query(
            "UPDATE campaigns SET name = $3, description = $4, status = $5, settings = $6, metadata = $7,
                 published_version = $8, revision = $9, updated_at = $10
             WHERE environment = $1 AND id = $2 AND revision = $9 - 1",
        )
        .bind(campaign.environment.as_str())
        .bind(campaign.id.as_str())
        .bind(&campaign.name)
        .bind(&campaign.description)
        .bind(campaign.status.as_str())
        .bind(json(&campaign.settings)?)
        .bind(json(&campaign.metadata)?)
        .bind(campaign.published_version)
        .bind(campaign.revision)
        .bind(campaign.updated_at.as_millis());
        self.change(statement).await
    }

    async fn delete_campaign(
        &mut self,
        environment: Environment,
        id: &CampaignId,
    ) -> Result<bool, StoreError> {
        // The guides go with it: their tables say ON DELETE CASCADE.
        let statement = query(
            "DELETE FROM campaigns WHERE environment = $1 AND id = $2 AND NOT EXISTS (
                 SELECT 1 FROM invites WHERE invites.environment = $1 AND invites.campaign_id = $2
             )",
        )
        .bind(environment.as_str())
        .bind(id.as_str());
        self.change(statement).await
    }
}
