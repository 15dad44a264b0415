//! Campaigns.

use std::collections::HashMap;

use async_trait::async_trait;
use domain::campaign::StoredCampaign;
use protocol::{
    Environment, Timestamp,
    campaign::CampaignStatus,
    ids::{CampaignId, OrganizationId},
};

use crate::{PageRequest, StoreError};

/// Which campaigns to list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CampaignFilter {
    /// Only those that stand there.
    pub status: Option<CampaignStatus>,
}

/// Campaigns; ids are unique within an environment.
#[async_trait]
pub trait CampaignRepository {
    /// Adds one.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the id is taken in that environment.
    async fn add_campaign(&mut self, campaign: &StoredCampaign) -> Result<(), StoreError>;

    /// By id, in one environment, whoever owns it.
    async fn find_campaign(
        &mut self,
        environment: Environment,
        id: &CampaignId,
    ) -> Result<Option<StoredCampaign>, StoreError>;

    /// Those of these ids that there are in one environment, whoever owns them, in no order.
    async fn find_campaigns(
        &mut self,
        environment: Environment,
        ids: &[CampaignId],
    ) -> Result<Vec<StoredCampaign>, StoreError>;

    /// Newest first (by `created_at`, then id; the cursor is the id).
    async fn list_campaigns(
        &mut self,
        environment: Environment,
        organization: &OrganizationId,
        filter: &CampaignFilter,
        page: &PageRequest,
    ) -> Result<Vec<StoredCampaign>, StoreError>;

    /// How many sessions of each of these campaigns were left alone until their resume window ended at `now` or before.
    /// It looks at every one of them, so it is for those who show the number. A campaign without any may be left out.
    async fn count_abandoned(
        &mut self,
        environment: Environment,
        ids: &[CampaignId],
        now: Timestamp,
    ) -> Result<HashMap<CampaignId, u64>, StoreError>;

    /// Stores name, description, status, settings, metadata, published version, revision and `updated_at`, if the
    /// stored revision is one less than the given one; never the counters. Whether it did.
    async fn update_campaign(&mut self, campaign: &StoredCampaign) -> Result<bool, StoreError>;

    /// Removes a campaign with its guides. Whether it did: one that has invites stays.
    async fn delete_campaign(
        &mut self,
        environment: Environment,
        id: &CampaignId,
    ) -> Result<bool, StoreError>;
}
