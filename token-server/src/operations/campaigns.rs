//! Campaigns: made, changed, moved along.

use axum::http::StatusCode;
use domain::{
    campaign::{CampaignMove, MoveRefused, StoredCampaign, StoredCounters},
    guide::{CheckedGuide, Guide},
};
use protocol::{
    Environment, ErrorCode, Timestamp,
    audit::AuditAction,
    campaign::{Campaign, CampaignSettings, CampaignStatus, CreateCampaign, UpdateCampaign},
    ids::{CampaignId, OrganizationId},
    webhook::EventType,
};
use serde_json::{Map, Value, json};
use storage::{CampaignFilter, PageRequest, UnitOfWork};

use crate::{
    error::ApiError,
    idempotency::Reply,
    operations::{bad_cursor, by::By, events::of_campaign, guides::apart},
    state::AppState,
    strict::from_value,
};

/// A campaign as it is shown, with the one counter that has to be counted: how many of its sessions were abandoned.
#[derive(Debug, Clone)]
pub struct Counted {
    /// What is stored.
    pub campaign: StoredCampaign,
    /// Sessions that were left unfinished beyond the resume window.
    pub abandoned: u64,
}

impl Counted {
    /// As the management API shows it.
    pub fn view(&self) -> Campaign {
        self.campaign.view(self.abandoned)
    }

    fn reply(&self, status: StatusCode) -> Result<Reply, ApiError> {
        Ok(Reply::json(status, &self.view())?.tagged(etag(&self.campaign)))
    }
}

/// How many sessions of a campaign were abandoned by now.
///
/// # Errors
/// When the database fails.
pub async fn abandoned(
    unit: &mut dyn UnitOfWork,
    campaign: &StoredCampaign,
    now: Timestamp,
) -> Result<u64, ApiError> {
    let ids = std::slice::from_ref(&campaign.id);
    let counted = unit.count_abandoned(campaign.environment, ids, now).await?;
    Ok(counted.get(&campaign.id).copied().unwrap_or(0))
}

/// A new campaign, as a draft.
///
/// # Errors
/// 422 with each fault.
pub fn create(
    id: CampaignId,
    environment: Environment,
    organization_id: OrganizationId,
    body: CreateCampaign,
    now: Timestamp,
) -> Result<StoredCampaign, ApiError> {
    let campaign = StoredCampaign {
        id,
        environment,
        organization_id,
        name: body.name,
        description: body.description.unwrap_or_default(),
        status: CampaignStatus::Draft,
        settings: body.settings.unwrap_or_default(),
        metadata: body.metadata.unwrap_or_default(),
        counters: StoredCounters::default(),
        published_version: None,
        revision: 1,
        created_at: now,
        updated_at: now,
    };
    ApiError::check(campaign.faults())?;
    Ok(campaign)
}

/// Adds a new campaign, as a draft, perhaps with the draft of its guide.
///
/// # Errors
/// As [`create`].
pub async fn add(
    state: &AppState,
    by: By,
    body: CreateCampaign,
    guide: Option<String>,
) -> Result<Counted, ApiError> {
    let owner = by.organization_id().clone();
    let campaign = create(state.new_id(), state.environment, owner, body, state.now())?;
    let (app, noter) = (state.clone(), by.clone());
    let created = |created: &Counted| created.reply(StatusCode::CREATED);
    by.write(state.store(), created, move |unit| {
        Box::pin(async move {
            let (entropy, now) = (app.shared.entropy.as_ref(), campaign.created_at);
            unit.add_campaign(&campaign).await?;
            noter.note(unit, entropy, now, AuditAction::CampaignCreated, &campaign.id).await?;
            if let Some(guide) = guide {
                unit.put_guide_draft(campaign.environment, &campaign.id, &guide, now).await?;
                noter.note(unit, entropy, now, AuditAction::GuideUpdated, &campaign.id).await?;
            }
            Ok(Counted { campaign, abandoned: 0 })
        })
    })
    .await
}

/// Part of the list of the caller's campaigns, newest first.
///
/// # Errors
/// 400 when the page begins after something that is no campaign of theirs.
pub async fn list(
    unit: &mut dyn UnitOfWork,
    state: &AppState,
    owner: &OrganizationId,
    filter: &CampaignFilter,
    page: &PageRequest,
) -> Result<Vec<StoredCampaign>, ApiError> {
    if let Some(cursor) = &page.before {
        // Campaigns bring their own ids, so the place of one in the list is known from its row alone.
        let cursor = CampaignId::parse(cursor).map_err(|_| bad_cursor())?;
        let row = unit.find_campaign(state.environment, &cursor).await?;
        if row.is_none_or(|row| &row.organization_id != owner) {
            return Err(bad_cursor());
        }
    }
    Ok(unit.list_campaigns(state.environment, owner, filter, page).await?)
}

/// The same with what was abandoned of each, which takes one statement for all of them.
///
/// # Errors
/// When the database fails.
pub async fn counted(
    unit: &mut dyn UnitOfWork,
    state: &AppState,
    campaigns: Vec<StoredCampaign>,
) -> Result<Vec<Counted>, ApiError> {
    let ids: Vec<_> = campaigns.iter().map(|campaign| campaign.id.clone()).collect();
    let counts = unit.count_abandoned(state.environment, &ids, state.now()).await?;
    let counted = campaigns.into_iter().map(|campaign| {
        let abandoned = counts.get(&campaign.id).copied().unwrap_or(0);
        Counted { campaign, abandoned }
    });
    Ok(counted.collect())
}

/// The campaign, if it is there, the caller's, and in the state that `if_match` names.
///
/// # Errors
/// 404, 403 and 412, in this order.
pub async fn find(
    unit: &mut dyn UnitOfWork,
    environment: Environment,
    owner: &OrganizationId,
    id: &CampaignId,
    if_match: Option<&IfMatch>,
) -> Result<StoredCampaign, ApiError> {
    let campaign = unit.find_campaign(environment, id).await?.ok_or_else(ApiError::not_found)?;
    if &campaign.organization_id != owner {
        return Err(ApiError::forbidden());
    }
    if if_match.is_some_and(|wanted| !wanted.matches(&campaign)) {
        return Err(ApiError::new(ErrorCode::PreconditionFailed));
    }
    Ok(campaign)
}

/// The header `If-Match` (RFC 9110 §13.1.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IfMatch(pub String);

impl IfMatch {
    fn matches(&self, campaign: &StoredCampaign) -> bool {
        let current = etag(campaign);
        self.0.split(',').map(str::trim).any(|tag| tag == "*" || tag == current)
    }
}

/// The campaign's entity tag: it changes with each change of what the customer writes, not with the counters.
pub fn etag(campaign: &StoredCampaign) -> String {
    format!("\"{}\"", campaign.revision)
}

/// Applies a change.
///
/// # Errors
/// 422 with each fault; 409 when it is archived.
pub fn update(campaign: &mut StoredCampaign, body: UpdateCampaign) -> Result<(), ApiError> {
    if campaign.status == CampaignStatus::Archived {
        return Err(ApiError::with_message(ErrorCode::Conflict, "An archived campaign cannot be changed."));
    }
    if let Some(name) = body.name {
        campaign.name = name;
    }
    if let Some(description) = body.description {
        campaign.description = description.unwrap_or_default();
    }
    match body.settings {
        Some(Some(patch)) => {
            let mut settings =
                serde_json::to_value(&campaign.settings).map_err(|error| ApiError::internal(&error))?;
            // Removing what was never there leaves nothing behind that would be refused.
            for (name, _) in patch.iter().filter(|(_, value)| value.is_null()) {
                let alone = json!({ name: null });
                let refused = from_value::<CampaignSettings>(alone, "/settings").err();
                refused.filter(|error| error.code == ErrorCode::UnknownField).map_or(Ok(()), Err)?;
            }
            merge(&mut settings, patch);
            campaign.settings = from_value::<CampaignSettings>(settings, "/settings")?;
        }
        Some(None) => campaign.settings = CampaignSettings::default(),
        None => {}
    }
    match body.metadata {
        Some(Some(patch)) => {
            let mut metadata = Value::Object(std::mem::take(&mut campaign.metadata));
            merge(&mut metadata, patch);
            campaign.metadata = from_value(metadata, "/metadata")?;
        }
        Some(None) => campaign.metadata = Map::new(),
        None => {}
    }
    ApiError::check(campaign.faults())
}

/// JSON Merge Patch (RFC 7396 §2).
fn merge(target: &mut Value, patch: Map<String, Value>) {
    if !target.is_object() {
        *target = Value::Object(Map::new());
    }
    let Value::Object(members) = target else { return };
    for (name, value) in patch {
        match value {
            Value::Null => {
                members.remove(&name);
            }
            Value::Object(inner) => merge(members.entry(name).or_insert(Value::Null), inner),
            value => {
                members.insert(name, value);
            }
        }
    }
}

/// Moves it along its life cycle.
///
/// # Errors
/// 409 when there is no such step.
pub fn advance(campaign: &mut StoredCampaign, step: CampaignMove) -> Result<(), ApiError> {
    campaign.status = campaign.after(step).map_err(|refused| match refused {
        MoveRefused::NoSuchStep(status) => ApiError::with_message(
            ErrorCode::InvalidTransition,
            format!("That step is not possible for a campaign that is {}.", status.as_str()),
        ),
        MoveRefused::NothingPublished => ApiError::with_message(
            ErrorCode::InvalidTransition,
            "Publish the guide before activating the campaign.",
        ),
    })?;
    Ok(())
}

/// Reads a campaign, changes it and stores it as its next revision; a change that changes nothing makes none.
///
/// # Errors
/// Those of [`find`], [`save`] and of the change.
pub async fn change(
    state: &AppState,
    by: By,
    id: CampaignId,
    if_match: Option<IfMatch>,
    action: AuditAction,
    apply: impl FnOnce(&mut StoredCampaign) -> Result<(), ApiError> + Send + 'static,
) -> Result<Counted, ApiError> {
    let (app, noter, now) = (state.clone(), by.clone(), state.now());
    let changed = |changed: &Counted| changed.reply(StatusCode::OK);
    by.write(state.store(), changed, move |unit| {
        Box::pin(async move {
            let owner = noter.organization_id();
            let before = find(unit, app.environment, owner, &id, if_match.as_ref()).await?;
            let abandoned = abandoned(unit, &before, now).await?;
            let mut campaign = before.clone();
            apply(&mut campaign)?;
            if campaign != before {
                save(unit, &mut campaign, now).await?;
                let entropy = app.shared.entropy.as_ref();
                noter.note(unit, entropy, now, action, &id).await?;
                let kind = match action {
                    AuditAction::CampaignActivated => Some(EventType::CampaignActivated),
                    AuditAction::CampaignCompleted => Some(EventType::CampaignCompleted),
                    _ => None,
                };
                if let Some(kind) = kind {
                    noter.tell(unit, entropy, now, kind, of_campaign(&campaign, abandoned)).await?;
                }
            }
            Ok(Counted { campaign, abandoned })
        })
    })
    .await
}

/// Opens a campaign for invites if it is not open and that is wanted. Gives the campaign as it then is.
///
/// # Errors
/// Those of [`change`], and 409 without anything published.
pub async fn open(state: &AppState, by: By, id: CampaignId, is_wanted: bool) -> Result<Counted, ApiError> {
    change(state, by, id, None, AuditAction::CampaignActivated, move |campaign| {
        let opens = is_wanted && campaign.status != CampaignStatus::Active;
        if opens { advance(campaign, CampaignMove::Activate) } else { Ok(()) }
    })
    .await
}

/// Stores a changed campaign as its next revision.
///
/// # Errors
/// 409 when someone else has changed it meanwhile.
pub async fn save(
    unit: &mut dyn UnitOfWork,
    campaign: &mut StoredCampaign,
    now: Timestamp,
) -> Result<(), ApiError> {
    campaign.revision += 1;
    campaign.updated_at = now;
    if unit.update_campaign(campaign).await? {
        Ok(())
    } else {
        Err(ApiError::with_message(
            ErrorCode::Conflict,
            "The campaign was changed at the same time. Read it again and repeat the change.",
        ))
    }
}

/// Reads an uploaded guide. Its shape must be right; what publishing would refuse is listed beside it.
///
/// # Errors
/// 422 for a wrong shape.
pub async fn read_guide(body: Value) -> Result<(String, Vec<domain::fault::Fault>), ApiError> {
    let read = move || {
        let guide = from_value::<Guide>(body, "")?;
        let json = serde_json::to_string(&guide).map_err(|error| ApiError::internal(&error))?;
        let faults = CheckedGuide::try_new(guide).err().unwrap_or_default();
        Ok((json, faults))
    };
    apart(read).await?
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_merge_patch_sets_removes_and_goes_deep() {
        let mut target = json!({"a": 1, "b": {"c": 2, "d": 3}, "e": 4});
        let Value::Object(patch) = json!({"a": 5, "b": {"c": null}, "e": null, "f": {"g": {"h": 1}}}) else {
            panic!()
        };
        merge(&mut target, patch);
        assert_eq!(target, json!({"a": 5, "b": {"d": 3}, "f": {"g": {"h": 1}}}));
    }
}
