//! Webhooks: events, and the endpoints that are told of them.

mod delivery;

pub use delivery::{LeasedDelivery, Outcome, StoredDelivery, outcome};

use protocol::{
    Environment, Timestamp,
    ids::{
        CampaignId, EventId, InviteId, MessageId, OrganizationId, ParticipantId, PrefixedId as _, WebhookId,
    },
    webhook::{DisabledReason, EndpointStatus, Event, EventType, WebhookEndpoint},
};
use serde_json::{Map, Value, json};

use crate::{
    fault::Fault,
    invite::StoredInvite,
    random::{Entropy, new_id},
    session::StoredSession,
};

/// For how long events are kept.
pub const KEEP_EVENTS_FOR_DAYS: i64 = 30;
/// Endpoints that an organization may have in an environment.
pub const MAX_ENDPOINTS: u64 = 50;
/// Secrets that may sign beside the present one. More would make the header of each call longer than some receivers read.
pub const MAX_PREVIOUS_SECRETS: usize = 5;
/// Longest description.
const MAX_DESCRIPTION: usize = 500;

/// An endpoint, as stored.
#[derive(Clone, PartialEq, Eq)]
pub struct StoredEndpoint {
    /// Its id.
    pub id: WebhookId,
    /// Which environment.
    pub environment: Environment,
    /// Whose it is.
    pub organization_id: OrganizationId,
    /// Where to.
    pub url: String,
    /// What it is for.
    pub description: String,
    /// The events that it names; empty for all but those that have to be named.
    pub events: Vec<EventType>,
    /// What signs.
    pub secret: String,
    /// What signed before, and until when each goes on doing so; the oldest first.
    pub previous_secrets: Vec<(String, Timestamp)>,
    /// Whether it gets deliveries.
    pub status: EndpointStatus,
    /// Why not.
    pub disabled_reason: Option<DisabledReason>,
    /// Since when nothing was taken, if the last attempt failed.
    pub failing_since: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

impl std::fmt::Debug for StoredEndpoint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StoredEndpoint").field("id", &self.id).finish_non_exhaustive()
    }
}

impl StoredEndpoint {
    /// As the management API shows it.
    pub fn view(&self, now: Timestamp) -> WebhookEndpoint {
        WebhookEndpoint {
            id: self.id.clone(),
            url: self.url.clone(),
            description: self.description.clone(),
            events: self.events.clone(),
            environment: self.environment,
            status: self.status,
            disabled_reason: self.disabled_reason,
            previous_secret_until: self.previous_secrets_at(now).map(|(_, until)| *until).max(),
            created_at: self.created_at,
            updated_at: self.updated_at,
        }
    }

    /// Puts another secret in place of the present one, which goes on signing for a while. Those before it sign until their
    /// own ends.
    ///
    /// # Errors
    /// When the present one cannot join them, as they are as many as there may be.
    pub fn rotate_secret(
        &mut self,
        secret: String,
        overlap_hours: u32,
        now: Timestamp,
    ) -> Result<(), TooManySecrets> {
        self.previous_secrets.retain(|(_, until)| *until > now);
        let next_end = self.previous_secrets.iter().map(|(_, until)| *until).min();
        if overlap_hours > 0 && self.previous_secrets.len() >= MAX_PREVIOUS_SECRETS {
            return Err(TooManySecrets { next_end: next_end.unwrap_or(now) });
        }
        let old = std::mem::replace(&mut self.secret, secret);
        if overlap_hours > 0 {
            self.previous_secrets.push((old, now.plus_secs(i64::from(overlap_hours) * 3_600)));
        }
        Ok(())
    }

    /// What signs at `now`, the newest first.
    pub fn secrets_at(&self, now: Timestamp) -> Vec<&str> {
        let previous = self.previous_secrets_at(now).rev().map(|(secret, _)| secret.as_str());
        std::iter::once(self.secret.as_str()).chain(previous).collect()
    }

    fn previous_secrets_at(&self, now: Timestamp) -> impl DoubleEndedIterator<Item = &(String, Timestamp)> {
        self.previous_secrets.iter().filter(move |(_, until)| *until > now)
    }

    /// Switches it on or off because somebody wants it so.
    pub fn set_status(&mut self, status: EndpointStatus) {
        if status == self.status {
            return;
        }
        self.status = status;
        self.disabled_reason = (status == EndpointStatus::Disabled).then_some(DisabledReason::Requested);
        self.failing_since = None;
    }

    /// What is wrong with it, but for its address.
    pub fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        if self.description.chars().count() > MAX_DESCRIPTION {
            faults.push(Fault::new("/description", "too_long", "Must have at most 500 characters."));
        }
        for (index, event) in self.events.iter().enumerate() {
            if self.events.iter().take(index).any(|earlier| earlier == event) {
                let message = "Is in the list already.";
                faults.push(Fault::new(format!("/events/{index}"), "duplicate", message));
            }
        }
        faults
    }
}

/// [`MAX_PREVIOUS_SECRETS`] sign already beside the present one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too many secrets sign already; the next of them ends at {next_end}")]
pub struct TooManySecrets {
    /// When there is room again.
    pub next_end: Timestamp,
}

/// An event, as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredEvent(pub Event);

impl StoredEvent {
    /// Something that has just happened.
    pub fn new(
        entropy: &dyn Entropy,
        now: Timestamp,
        environment: Environment,
        organization_id: OrganizationId,
        kind: EventType,
        data: Map<String, Value>,
    ) -> Self {
        let id = new_id(now, entropy);
        Self(Event { id, kind, timestamp: now, environment, organization_id, data })
    }

    /// The id that it has on its way: made of its own, so that it is the same with each attempt.
    pub fn message_id(&self) -> MessageId {
        message_id(&self.0.id)
    }
}

/// The id of an event on its way.
pub fn message_id(event: &EventId) -> MessageId {
    MessageId::from_suffix(suffix(event.as_str()))
}

/// The event of a message.
pub fn event_id(message: &MessageId) -> EventId {
    EventId::from_suffix(suffix(message.as_str()))
}

fn suffix(id: &str) -> &str {
    id.split_once('_').map_or(id, |(_, suffix)| suffix)
}

fn members(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

/// What is told of an invite.
pub fn of_invite(
    invite: &InviteId,
    campaign: &CampaignId,
    participant: &ParticipantId,
    status: &str,
) -> Map<String, Value> {
    members(json!({
        "invite_id": invite, "campaign_id": campaign, "participant_id": participant, "status": status
    }))
}

/// The news that somebody was invited.
pub fn invite_created(id: EventId, invite: &StoredInvite) -> StoredEvent {
    let (campaign, participant) = (&invite.campaign_id, &invite.participant.id);
    StoredEvent(Event {
        id,
        kind: EventType::InviteCreated,
        timestamp: invite.created_at,
        environment: invite.environment,
        organization_id: invite.organization_id.clone(),
        data: of_invite(&invite.id, campaign, participant, invite.status.as_str()),
    })
}

/// What is told of a session.
pub fn of_session(session: &StoredSession, status: &str) -> Map<String, Value> {
    members(json!({
        "session_id": session.id, "campaign_id": session.campaign_id, "invite_id": session.invite_id,
        "participant_id": session.participant_id, "status": status, "answers": session.answers
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn start() -> Timestamp {
        Timestamp::from_millis(1_000_000)
    }

    fn endpoint() -> StoredEndpoint {
        StoredEndpoint {
            id: WebhookId::parse("we_1").unwrap(),
            environment: Environment::Test,
            organization_id: OrganizationId::parse("org_1").unwrap(),
            url: "https://example.com".to_owned(),
            description: String::new(),
            events: Vec::new(),
            secret: "old".to_owned(),
            previous_secrets: Vec::new(),
            status: EndpointStatus::Enabled,
            disabled_reason: None,
            failing_since: None,
            created_at: start(),
            updated_at: start(),
        }
    }

    #[test]
    fn each_old_secret_signs_until_its_own_overlap_has_ended() {
        let mut endpoint = endpoint();
        let after = |hours: i64| start().plus_secs(hours * 3_600);
        endpoint.rotate_secret("new".to_owned(), 24, start()).unwrap();
        endpoint.rotate_secret("newer".to_owned(), 1, after(12)).unwrap();
        endpoint.rotate_secret("newest".to_owned(), 0, after(12)).unwrap();
        assert_eq!(
            endpoint.secrets_at(after(12)),
            ["newest", "new", "old"],
            "the one without an overlap is gone"
        );
        assert_eq!(endpoint.view(after(12)).previous_secret_until, Some(after(24)), "the latest end");
        assert_eq!(endpoint.secrets_at(after(13)), ["newest", "old"]);
        assert_eq!(endpoint.secrets_at(after(24)), ["newest"]);
        assert_eq!(endpoint.view(after(24)).previous_secret_until, None);
    }

    #[test]
    fn a_sixth_old_secret_has_to_wait_for_the_end_of_another() {
        let mut endpoint = endpoint();
        let after = |hours: i64| start().plus_secs(hours * 3_600);
        for (number, hours) in (1..).zip([24, 24, 2, 24, 24]) {
            endpoint.rotate_secret(number.to_string(), hours, start()).unwrap();
        }
        let refused = endpoint.rotate_secret("6".to_owned(), 1, start());
        assert_eq!(refused, Err(TooManySecrets { next_end: after(2) }));
        assert_eq!(endpoint.secrets_at(start()), ["5", "4", "3", "2", "1", "old"], "nothing has changed");
        endpoint.rotate_secret("6".to_owned(), 0, start()).unwrap();
        endpoint.rotate_secret("7".to_owned(), 1, after(2)).unwrap();
        assert_eq!(endpoint.secrets_at(after(2)), ["7", "6", "4", "3", "1", "old"]);
    }

    #[test]
    fn the_id_on_the_way_comes_from_the_event_and_leads_back() {
        let event = EventId::parse("evt_01KGA0G8000000000000000001").unwrap();
        assert_eq!(message_id(&event).as_str(), "msg_01KGA0G8000000000000000001");
        assert_eq!(event_id(&message_id(&event)), event);
    }
}
