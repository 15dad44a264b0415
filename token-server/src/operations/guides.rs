//! Guides: stored as drafts, published as versions, read once and kept.

use std::time::Duration;

use axum::http::StatusCode;
use domain::{
    campaign::StoredCampaign,
    fault::Fault,
    guide::{CheckedGuide, Guide},
    session::StoredSession,
};
use moka::sync::Cache;
use protocol::{
    Environment, ErrorCode, Timestamp,
    audit::AuditAction,
    campaign::{CampaignStatus, PublishedGuide},
    ids::{CampaignId, SessionId},
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

/// Bytes of guides that are kept in memory, about, whoever's they are.
const CAPACITY_BYTES: u64 = 128 * 1_024 * 1_024;
/// What one counts as at most, so that even the largest is kept for as long as it is used.
const LARGEST_BYTES: u32 = 32 * 1_024 * 1_024;
/// How long one is kept that nobody asks for.
const IDLE: Duration = Duration::from_hours(1);

/// Sessions of which it is remembered which guide they keep; of others it is looked up.
const SESSIONS: u64 = 100_000;

/// A version of a campaign's guide. A campaign that was deleted may be brought in again under its id, with other guides: when it
/// was made tells the two apart.
type Key = (Environment, CampaignId, Timestamp, u32);

fn key(campaign: &StoredCampaign, version: u32) -> Key {
    (campaign.environment, campaign.id.clone(), campaign.created_at, version)
}

/// Published guides that were read and checked. They never change, so nothing here ever goes stale.
#[derive(Debug)]
pub struct GuideCache {
    guides: Cache<Key, Kept>,
    /// Which guide is whose.
    sessions: Cache<SessionId, Key>,
    largest_upload: u64,
}

/// A guide, and about how many bytes of memory it takes.
#[derive(Debug, Clone)]
struct Kept {
    guide: CheckedGuide,
    size_bytes: u32,
}

impl Kept {
    fn of(guide: CheckedGuide, json: &str) -> Self {
        // Texts with their places take about twice what they take as JSON. A pattern is compiled forwards and backwards,
        // and what it remembers of the texts that two threads try it on is as large again.
        let bytes = json.len().saturating_mul(2).saturating_add(guide.patterns_bytes().saturating_mul(4));
        let size_bytes = u32::try_from(bytes).unwrap_or(u32::MAX).min(LARGEST_BYTES);
        Self { guide, size_bytes }
    }
}

impl GuideCache {
    /// An empty cache.
    pub fn new() -> Self {
        Self::with_largest_upload(DEFAULT_MAX_UPLOAD_BYTES)
    }

    /// An empty cache whose guides allow no larger uploads.
    pub fn with_largest_upload(bytes: u64) -> Self {
        let guides = Cache::builder()
            .max_capacity(CAPACITY_BYTES)
            .weigher(|_: &Key, kept: &Kept| kept.size_bytes)
            .time_to_idle(IDLE)
            .build();
        let sessions = Cache::builder().max_capacity(SESSIONS).time_to_idle(IDLE).build();
        Self { guides, sessions, largest_upload: bytes }
    }

    /// A published version.
    ///
    /// # Errors
    /// 500 when it is missing or no longer sound, which publishing rules out.
    pub async fn get(
        &self,
        unit: &mut dyn UnitOfWork,
        campaign: &StoredCampaign,
        version: u32,
    ) -> Result<CheckedGuide, ApiError> {
        let key = key(campaign, version);
        if let Some(kept) = self.guides.get(&key) {
            return Ok(kept.guide);
        }
        let stored = unit.find_guide(campaign.environment, &campaign.id, version).await?;
        let json = stored.ok_or_else(|| ApiError::internal(&"a published guide is missing"))?.json;
        let (guides, largest_upload) = (self.guides.clone(), self.largest_upload);
        // Whoever wants the same one at the same time waits for it here.
        let read = move || {
            let guide = parse(&json, largest_upload).and_then(CheckedGuide::of_published)?;
            Ok::<_, Vec<Fault>>(Kept::of(guide, &json))
        };
        let kept = apart(move || guides.try_get_with(key, read)).await?;
        kept.map(|kept| kept.guide).map_err(|_| ApiError::internal(&"a published guide cannot be read"))
    }

    /// The version that a session of this campaign keeps.
    ///
    /// # Errors
    /// As [`Self::get`].
    pub async fn of_session(
        &self,
        unit: &mut dyn UnitOfWork,
        campaign: &StoredCampaign,
        session: &StoredSession,
    ) -> Result<CheckedGuide, ApiError> {
        let guide = self.get(unit, campaign, session.guide_version).await?;
        if !self.sessions.contains_key(&session.id) {
            self.sessions.insert(session.id.clone(), key(campaign, session.guide_version));
        }
        Ok(guide)
    }

    /// Whether a published version is here.
    pub fn has(&self, campaign: &StoredCampaign, version: u32) -> bool {
        self.guides.contains_key(&key(campaign, version))
    }

    /// Whether a session's guide is known to be here, without a look into the database.
    pub fn has_that_of(&self, session: &SessionId) -> bool {
        self.sessions.get(session).is_some_and(|key| self.guides.contains_key(&key))
    }
}

impl Default for GuideCache {
    fn default() -> Self {
        Self::new()
    }
}

fn parse(json: &str, largest_upload: u64) -> Result<Guide, Vec<Fault>> {
    let mut guide: Guide =
        serde_json::from_str(json).map_err(|error| vec![Fault::new("", "unreadable", error.to_string())])?;
    guide.limit_uploads(largest_upload);
    Ok(guide)
}

/// Does what takes a processor for long on a thread for that: those of the runtime answer everybody.
///
/// # Errors
/// 500 when it panics.
pub async fn apart<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, ApiError> {
    tokio::task::spawn_blocking(work).await.map_err(|error| ApiError::internal(&error))
}

/// A guide, as JSON, that was found sound. Checking a large one takes a while, and the writer must not wait for it.
#[derive(Debug, Clone)]
pub struct SoundGuide(String);

impl SoundGuide {
    /// Checks a guide.
    ///
    /// # Errors
    /// 422 with every fault.
    pub async fn try_new(json: String) -> Result<Self, ApiError> {
        let checked = apart(move || {
            parse(&json, u64::MAX).and_then(CheckedGuide::try_new)?;
            Ok::<_, Vec<Fault>>(Self(json))
        });
        checked.await?.map_err(ApiError::invalid_guide)
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
        .await
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

#[cfg(test)]
mod tests {
    use super::*;

    const JSON: &str = r#"{"schema": 1, "title": "Notes", "ends": [{"id": "end", "text": "Thanks"}], "blocks": [{"id": "one",
        "questions": [{"id": "q", "kind": "short_text", "text": "?", "validate": {"pattern": "\\w{40}"}}]}]}"#;

    fn guide() -> CheckedGuide {
        CheckedGuide::try_new(parse(JSON, u64::MAX).unwrap()).unwrap()
    }

    fn key(version: u32) -> Key {
        (Environment::Live, CampaignId::parse("camp_1").unwrap(), Timestamp::from_millis(0), version)
    }

    #[test]
    fn what_is_kept_is_bounded_by_its_size_and_not_by_its_number() {
        let kept = Kept::of(guide(), JSON);
        assert!(kept.size_bytes > 4 * 1_024 * 1_024, "{}", kept.size_bytes);
        let cache = GuideCache::new();
        for version in 0..1_000 {
            cache.guides.insert(key(version), kept.clone());
        }
        cache.guides.run_pending_tasks();
        assert!(cache.guides.weighted_size() <= CAPACITY_BYTES, "{}", cache.guides.weighted_size());
        assert!((4..40).contains(&cache.guides.entry_count()), "{}", cache.guides.entry_count());
    }

    #[test]
    fn the_largest_guide_is_kept_as_well() {
        let cache = GuideCache::new();
        cache.guides.insert(key(1), Kept::of(guide(), &" ".repeat(100_000_000)));
        cache.guides.run_pending_tasks();
        assert!(cache.guides.contains_key(&key(1)));
    }
}
