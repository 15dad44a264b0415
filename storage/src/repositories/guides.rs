//! Guides.

use async_trait::async_trait;
use protocol::{Environment, Timestamp, ids::CampaignId};

use super::{cells::Cells, link::Row, statement::query, unit::Unit};
use crate::{GuideRepository, StoreError, StoredGuide};

fn read(row: &Row) -> Result<StoredGuide, StoreError> {
    let cells = Cells::new(row, "guides", "campaign_id");
    Ok(StoredGuide {
        environment: cells.word("environment")?,
        campaign_id: cells.word("campaign_id")?,
        version: cells.count("version")?,
        sha256: cells.get("sha256")?,
        json: cells.get("json")?,
        published_at: cells.time("published_at")?,
    })
}

fn read_draft(row: &Row) -> Result<String, StoreError> {
    Cells::new(row, "guide_drafts", "campaign_id").get("json")
}

#[async_trait]
impl GuideRepository for Unit<'_> {
    async fn put_guide_draft(
        &mut self,
        environment: Environment,
        campaign: &CampaignId,
        json: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let statement = query(
            "INSERT INTO guide_drafts (environment, campaign_id, json, updated_at) VALUES ($1, $2, $3, $4)
             ON CONFLICT (environment, campaign_id)
             DO UPDATE SET json = excluded.json, updated_at = excluded.updated_at",
        )
        .bind(environment.as_str())
        .bind(campaign.as_str())
        .bind(json)
        .bind(now.as_millis());
        self.must_change(statement).await
    }

    async fn find_guide_draft(
        &mut self,
        environment: Environment,
        campaign: &CampaignId,
    ) -> Result<Option<String>, StoreError> {
        let statement = query("SELECT * FROM guide_drafts WHERE environment = $1 AND campaign_id = $2")
            .bind(environment.as_str())
            .bind(campaign.as_str());
        self.find(statement, read_draft).await
    }

    async fn add_guide(&mut self, guide: &StoredGuide) -> Result<(), StoreError> {
        let statement = query(
            "INSERT INTO guides (environment, campaign_id, version, sha256, json, published_at)
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
        )
        .bind(guide.environment.as_str())
        .bind(guide.campaign_id.as_str())
        .bind(guide.version)
        .bind(&guide.sha256)
        .bind(&guide.json)
        .bind(guide.published_at.as_millis());
        self.insert(statement, "guide version").await
    }

    async fn find_guide(
        &mut self,
        environment: Environment,
        campaign: &CampaignId,
        version: u32,
    ) -> Result<Option<StoredGuide>, StoreError> {
        let statement =
            query("SELECT * FROM guides WHERE environment = $1 AND campaign_id = $2 AND version = $3")
                .bind(environment.as_str())
                .bind(campaign.as_str())
                .bind(version);
        self.find(statement, read).await
    }
}
