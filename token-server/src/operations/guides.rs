//! Guides: stored as drafts, published as versions, read once and kept.

use axum::http::StatusCode;
use domain::{
    campaign::StoredCampaign,
    fault::Fault,
    guide::{CheckedGuide, Guide},
};
use moka::sync::Cache;
use protocol::{
    Environment, ErrorCode, Timestamp,
    audit::AuditAction,
    campaign::{CampaignStatus, PublishedGuide},
    ids::CampaignId,
};
use storage::{StoredGuide, UnitOfWork};

use crate::{
    config::DEFAULT_MAX_UPLOAD_BYTES,
    error::ApiError,
    hex,
    idempotency::Reply,
    operations::{
        by::By,
        campaigns::{self, IfMatch},
    },
    state::AppState,
};

/// How many guides are kept in memory.
const CAPACITY: u64 = 1_000;

/// Published guides that were read and checked. They never change, so nothing here ever goes stale.
#[derive(Debug)]
pub struct GuideCache {
    guides: Cache<(Environment, CampaignId, u32), CheckedGuide>,
    largest_upload: u64,
}

impl GuideCache {
    /// An empty cache.
    pub fn new() -> Self {
        Self::with_largest_upload(DEFAULT_MAX_UPLOAD_BYTES)
    }

    /// An empty cache whose guides allow no larger uploads.
    pub fn with_largest_upload(bytes: u64) -> Self {
        Self { guides: Cache::new(CAPACITY), largest_upload: bytes }
    }

    /// A published version.
    ///
    /// # Errors
    /// 500 when it is missing or no longer sound, which publishing rules out.
    pub async fn get(
        &self,
        unit: &mut dyn UnitOfWork,
        environment: Environment,
        campaign: &CampaignId,
        version: u32,
    ) -> Result<CheckedGuide, ApiError> {
        let key = (environment, campaign.clone(), version);
        if let Some(guide) = self.guides.get(&key) {
            return Ok(guide);
        }
        let stored = unit.find_guide(environment, campaign, version).await?;
        let stored = stored.ok_or_else(|| ApiError::internal(&"a published guide is missing"))?;
        let guide = read(&stored.json, self.largest_upload)
            .map_err(|_| ApiError::internal(&"a published guide cannot be read"))?;
        self.guides.insert(key, guide.clone());
        Ok(guide)
    }
}

impl Default for GuideCache {
    fn default() -> Self {
        Self::new()
    }
}

fn read(json: &str, largest_upload: u64) -> Result<CheckedGuide, Vec<Fault>> {
    let mut guide: Guide =
        serde_json::from_str(json).map_err(|error| vec![Fault::new("", "unreadable", error.to_string())])?;
    guide.limit_uploads(largest_upload);
    CheckedGuide::try_new(guide)
}

/// A guide, as JSON, that was found sound. Checking a large one takes a while, and the writer must not wait for it.
#[derive(Debug, Clone)]
pub struct SoundGuide(String);

impl SoundGuide {
    /// Checks a guide.
    ///
    /// # Errors
    /// 422 with every fault.
    pub fn try_new(json: String) -> Result<Self, ApiError> {
        read(&json, u64::MAX).map_err(ApiError::invalid)?;
        Ok(Self(json))
    }

    /// Checks the campaign's draft.
    ///
    /// # Errors
    /// 409 without a draft, 422 with every fault of the draft.
    pub async fn of_draft(unit: &mut dyn UnitOfWork, campaign: &StoredCampaign) -> Result<Self, ApiError> {
        let draft = unit.find_guide_draft(campaign.environment, &campaign.id).await?;
        Self::try_new(draft.ok_or_else(|| {
            ApiError::with_message(ErrorCode::Conflict, "There is no guide to publish. Upload one first.")
        })?)
    }
}

/// Makes the campaign's draft its next version, unless it is the same as the one before.
///
/// # Errors
/// 409 when the draft is no longer the one that was checked.
pub async fn publish(
    unit: &mut dyn UnitOfWork,
    campaign: &mut StoredCampaign,
    SoundGuide(json): SoundGuide,
    now: Timestamp,
) -> Result<PublishedGuide, ApiError> {
    let draft = unit.find_guide_draft(campaign.environment, &campaign.id).await?;
    if draft.as_ref() != Some(&json) {
        let message = "The guide was changed at the same time. Publish it again.";
        return Err(ApiError::with_message(ErrorCode::Conflict, message));
    }
    let sha256 = hex_sha256(&json);
    if let Some(version) = campaign.published_version {
        let current = unit.find_guide(campaign.environment, &campaign.id, version).await?;
        if let Some(current) = current.filter(|current| current.sha256 == sha256) {
            return Ok(view(&current));
        }
    }
    let version = campaign.published_version.unwrap_or(0) + 1;
    let guide = StoredGuide {
        environment: campaign.environment,
        campaign_id: campaign.id.clone(),
        version,
        sha256,
        json,
        published_at: now,
    };
    unit.add_guide(&guide).await?;
    campaign.published_version = Some(version);
    campaigns::save(unit, campaign, now).await?;
    Ok(view(&guide))
}

/// Whether the campaign's guide may still be changed.
///
/// # Errors
/// 409 when it may not.
pub fn check_open(campaign: &StoredCampaign) -> Result<(), ApiError> {
    match campaign.status {
        CampaignStatus::Completed | CampaignStatus::Archived => {
            let message =
                format!("The guide of a campaign that is {} cannot be changed.", campaign.status.as_str());
            Err(ApiError::with_message(ErrorCode::Conflict, message))
        }
        _ => Ok(()),
    }
}

/// Makes the draft of a campaign's guide a version that never changes.
///
/// # Errors
/// Those of [`campaigns::find`], [`check_open`], [`SoundGuide::of_draft`] and [`publish`].
pub async fn publish_draft(
    state: &AppState,
    by: By,
    id: CampaignId,
    if_match: Option<IfMatch>,
) -> Result<PublishedGuide, ApiError> {
    let (environment, now) = (state.environment, state.now());
    let owner = by.organization_id().clone();
    let mut unit = state.store().read().await?;
    let campaign = campaigns::find(unit.as_mut(), environment, &owner, &id, if_match.as_ref()).await?;
    check_open(&campaign)?;
    let guide = SoundGuide::of_draft(unit.as_mut(), &campaign).await?;
    drop(unit);
    let (app, noter) = (state.clone(), by.clone());
    let answer = |published: &PublishedGuide| Reply::json(StatusCode::OK, published);
    let published = by.write(state.store(), answer, move |unit| {
        Box::pin(async move {
            let mut campaign = campaigns::find(unit, environment, &owner, &id, if_match.as_ref()).await?;
            check_open(&campaign)?;
            let before = campaign.published_version;
            let published = publish(unit, &mut campaign, guide, now).await?;
            if campaign.published_version != before {
                let (entropy, action) = (app.shared.entropy.as_ref(), AuditAction::CampaignPublished);
                noter.note(unit, entropy, now, action, &id).await?;
            }
            Ok(published)
        })
    });
    published.await
}

fn view(guide: &StoredGuide) -> PublishedGuide {
    PublishedGuide {
        campaign_id: guide.campaign_id.clone(),
        version: guide.version,
        sha256: guide.sha256.clone(),
        published_at: guide.published_at,
    }
}

/// SHA-256 in lowercase hex.
fn hex_sha256(text: &str) -> String {
    hex::lower(aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, text.as_bytes()).as_ref())
}
