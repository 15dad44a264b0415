//! Guides: the draft of each campaign, and the versions that were published.

use async_trait::async_trait;
use protocol::{Environment, Timestamp, ids::CampaignId};

use crate::StoreError;

/// A published version of a guide; it never changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredGuide {
    /// Which environment.
    pub environment: Environment,
    /// Whose guide.
    pub campaign_id: CampaignId,
    /// 1, 2, 3 …
    pub version: u32,
    /// SHA-256 of `json` in lowercase hex.
    pub sha256: String,
    /// The guide.
    pub json: String,
    /// When it was published.
    pub published_at: Timestamp,
}

/// Guides of campaigns.
#[async_trait]
pub trait GuideRepository {
    /// Stores the draft, in place of the one before.
    async fn put_guide_draft(
        &mut self,
        environment: Environment,
        campaign: &CampaignId,
        json: &str,
        now: Timestamp,
    ) -> Result<(), StoreError>;

    /// The draft, as JSON.
    async fn find_guide_draft(
        &mut self,
        environment: Environment,
        campaign: &CampaignId,
    ) -> Result<Option<String>, StoreError>;

    /// Adds a version.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when that version exists.
    async fn add_guide(&mut self, guide: &StoredGuide) -> Result<(), StoreError>;

    /// One version.
    async fn find_guide(
        &mut self,
        environment: Environment,
        campaign: &CampaignId,
        version: u32,
    ) -> Result<Option<StoredGuide>, StoreError>;
}
