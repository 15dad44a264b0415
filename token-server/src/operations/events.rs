//! Events: told in the transaction of what they tell of.

use domain::{
    campaign::StoredCampaign,
    random::Entropy,
    webhook::{StoredEvent, of_invite},
};
use protocol::{
    Environment, Timestamp,
    api_key::ApiKey,
    ids::{OrganizationId, ParticipantId},
    webhook::EventType,
};
use serde_json::{Map, Value, json};
use storage::{EndedInvite, UnitOfWork};

use crate::error::ApiError;

/// Adds an event to what is done in `unit`, and a delivery of it for each endpoint that is to be told.
///
/// # Errors
/// When the database fails.
pub async fn tell(
    unit: &mut dyn UnitOfWork,
    entropy: &dyn Entropy,
    now: Timestamp,
    (environment, owner): (Environment, &OrganizationId),
    kind: EventType,
    data: Map<String, Value>,
) -> Result<(), ApiError> {
    let event = StoredEvent::new(entropy, now, environment, owner.clone(), kind, data);
    Ok(unit.add_event(&event).await?)
}

/// Tells of an invite that is over.
///
/// # Errors
/// When the database fails.
pub async fn tell_ended(
    unit: &mut dyn UnitOfWork,
    entropy: &dyn Entropy,
    now: Timestamp,
    invite: &EndedInvite,
    kind: EventType,
) -> Result<(), ApiError> {
    let status = if kind == EventType::InviteExpired { "expired" } else { "cancelled" };
    let data = of_invite(&invite.id, &invite.campaign_id, &invite.participant_id, status);
    tell(unit, entropy, now, (invite.environment, &invite.organization_id), kind, data).await
}

/// What is told of a campaign, with the number of its sessions that were abandoned by now.
pub fn of_campaign(campaign: &StoredCampaign, abandoned: u64) -> Map<String, Value> {
    let counters = campaign.counters.with(abandoned);
    members(json!({
        "campaign_id": campaign.id, "status": campaign.status, "published_version": campaign.published_version,
        "counters": {
            "invited": counters.invited, "started": counters.started, "completed": counters.completed,
            "abandoned": counters.abandoned
        }
    }))
}

/// What is told of a key.
pub fn of_key(key: &ApiKey) -> Map<String, Value> {
    members(json!({"api_key_id": key.id, "kind": key.kind, "status": key.status}))
}

/// What is told of somebody who is gone.
pub fn of_erased(participant: &ParticipantId) -> Map<String, Value> {
    members(json!({"participant_id": participant, "status": "erased"}))
}

/// The members of an object.
pub fn members(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}
