//! Campaigns: made, changed, moved along.

use domain::{
    campaign::{CampaignMove, MoveRefused, StoredCampaign},
    guide::{CheckedGuide, Guide},
};
use protocol::{
    Environment, ErrorCode, Timestamp,
    campaign::{CampaignSettings, CampaignStatus, Counters, CreateCampaign, UpdateCampaign},
    ids::{CampaignId, OrganizationId},
};
use serde_json::{Map, Value};
use storage::UnitOfWork;

use crate::{error::ApiError, extract::from_value};

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
        counters: Counters::default(),
        published_version: None,
        revision: 1,
        created_at: now,
        updated_at: now,
    };
    ApiError::check(campaign.faults())?;
    Ok(campaign)
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
    now: Timestamp,
) -> Result<StoredCampaign, ApiError> {
    let campaign = unit.find_campaign(environment, id, now).await?.ok_or_else(ApiError::not_found)?;
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
    if let Some(patch) = body.settings {
        let mut settings =
            serde_json::to_value(&campaign.settings).map_err(|error| ApiError::internal(&error))?;
        merge(&mut settings, patch);
        campaign.settings = from_value::<CampaignSettings>(settings, "/settings")?;
    }
    if let Some(patch) = body.metadata {
        let mut metadata = Value::Object(std::mem::take(&mut campaign.metadata));
        merge(&mut metadata, patch);
        campaign.metadata = from_value(metadata, "/metadata")?;
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
pub fn read_guide(body: Value) -> Result<(String, Vec<domain::fault::Fault>), ApiError> {
    let guide = from_value::<Guide>(body, "")?;
    let json = serde_json::to_string(&guide).map_err(|error| ApiError::internal(&error))?;
    let faults = CheckedGuide::try_new(guide).err().unwrap_or_default();
    Ok((json, faults))
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
