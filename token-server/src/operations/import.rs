//! A campaign from a file: made or brought up to date, published and activated. Repeating it changes nothing.

use std::sync::Arc;

use domain::{
    campaign::CampaignMove,
    random::{Entropy, new_id},
};
use protocol::{
    Environment, ErrorCode, Timestamp,
    audit::AuditAction,
    campaign::{Campaign, CampaignSettings, CampaignStatus, CreateCampaign},
    ids::CampaignId,
    webhook::EventType,
};
use serde::Deserialize;
use serde_json::{Map, Value};
use storage::Store;

use crate::{
    error::ApiError,
    operations::{
        by::By,
        campaigns,
        events::of_campaign,
        guides::{self, SoundGuide},
        organizations::Owner,
    },
};

/// The file.
#[derive(Debug, Clone, Deserialize)]
pub struct CampaignFile {
    /// The campaign's id; a new one when it is absent.
    #[serde(default)]
    pub id: Option<CampaignId>,
    /// Its name.
    pub name: String,
    /// What it is about.
    #[serde(default)]
    pub description: Option<String>,
    /// How it behaves.
    #[serde(default)]
    pub settings: Option<CampaignSettings>,
    /// The customer's own data.
    #[serde(default)]
    pub metadata: Option<Map<String, Value>>,
    /// The guide.
    pub guide: Value,
}

/// Brings the file's campaign into the database, and its organization when that is new. Of one that is there already, members
/// that the file does not have stay as they are, and so does a pause. The audit log tells what was changed by it.
///
/// # Errors
/// 422 with each fault, 409 for a campaign that is closed, 403 when another organization has that id, and those of
/// [`Owner::find_or_add`].
pub async fn campaign(
    store: &dyn Store,
    environment: Environment,
    owner: Owner,
    file: CampaignFile,
    entropy: Arc<dyn Entropy>,
    now: Timestamp,
) -> Result<Campaign, ApiError> {
    let (guide, _) = campaigns::read_guide(file.guide).await.map_err(|error| error.below("/guide"))?;
    let sound = SoundGuide::try_new(guide.clone()).await.map_err(|error| error.below("/guide"))?;
    let id = file.id.unwrap_or_else(|| new_id(now, entropy.as_ref()));
    let named = (file.description.is_some(), file.settings.is_some(), file.metadata.is_some());
    let body = CreateCampaign {
        name: file.name,
        description: file.description,
        settings: file.settings,
        metadata: file.metadata,
    };
    storage::write(store, move |unit| {
        Box::pin(async move {
            let organization = owner.find_or_add(unit, entropy.as_ref(), now).await?;
            let by = By::cli(environment, organization.id.clone());
            let mut wanted = campaigns::create(id, environment, organization.id, body, now)?;
            let mut campaign = match unit.find_campaign(environment, &wanted.id).await? {
                Some(stored) if stored.organization_id != wanted.organization_id => {
                    return Err(ApiError::with_message(
                        ErrorCode::Forbidden,
                        "Another organization has a campaign with that id.",
                    ));
                }
                Some(stored) => {
                    let (description, settings, metadata) = named;
                    if !description {
                        wanted.description.clone_from(&stored.description);
                    }
                    if !settings {
                        wanted.settings = stored.settings.clone();
                    }
                    if !metadata {
                        wanted.metadata = stored.metadata.clone();
                    }
                    stored
                }
                None => {
                    unit.add_campaign(&wanted).await?;
                    by.note(unit, entropy.as_ref(), now, AuditAction::CampaignCreated, &wanted.id).await?;
                    wanted.clone()
                }
            };
            let same = campaign.name == wanted.name
                && campaign.description == wanted.description
                && campaign.settings == wanted.settings
                && campaign.metadata == wanted.metadata;
            if !same {
                campaign.name = wanted.name;
                campaign.description = wanted.description;
                campaign.settings = wanted.settings;
                campaign.metadata = wanted.metadata;
                campaigns::save(unit, &mut campaign, now).await?;
                by.note(unit, entropy.as_ref(), now, AuditAction::CampaignUpdated, &campaign.id).await?;
            }
            if unit.find_guide_draft(environment, &campaign.id).await?.as_ref() != Some(&guide) {
                unit.put_guide_draft(environment, &campaign.id, &guide, now).await?;
                by.note(unit, entropy.as_ref(), now, AuditAction::GuideUpdated, &campaign.id).await?;
            }
            let before = campaign.published_version;
            guides::publish(unit, &mut campaign, sound, now).await?;
            if campaign.published_version != before {
                by.note(unit, entropy.as_ref(), now, AuditAction::CampaignPublished, &campaign.id).await?;
            }
            let abandoned = campaigns::abandoned(unit, &campaign, now).await?;
            if !matches!(campaign.status, CampaignStatus::Active | CampaignStatus::Paused) {
                campaigns::advance(&mut campaign, CampaignMove::Activate)?;
                campaigns::save(unit, &mut campaign, now).await?;
                by.note(unit, entropy.as_ref(), now, AuditAction::CampaignActivated, &campaign.id).await?;
                let (kind, data) = (EventType::CampaignActivated, of_campaign(&campaign, abandoned));
                by.tell(unit, entropy.as_ref(), now, kind, data).await?;
            }
            Ok(campaign.view(abandoned))
        })
    })
    .await
}
