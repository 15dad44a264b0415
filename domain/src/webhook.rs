//! Webhooks: who gets which event, and when it is tried again.

use protocol::{
    Environment, Timestamp,
    ids::{
        CampaignId, EventId, InviteId, MessageId, OrganizationId, ParticipantId, PrefixedId as _, WebhookId,
    },
    webhook::{
        DeliveryAttempt, DeliveryStatus, DisabledReason, EndpointStatus, Event, EventType, WebhookDelivery,
        WebhookEndpoint,
    },
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
/// Longest description.
const MAX_DESCRIPTION: usize = 500;

/// Seconds to wait after an attempt that failed, the first after the first.
///
/// Source: the contract's schedule; ten attempts in about 76 hours.
const DELAYS_S: [u32; 9] = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];
/// How far a delay may be off, in thousandths either way, so that what failed together does not come back together.
const JITTER_PER_MILLE: i64 = 100;
/// The longest that a receiver may put us off.
const MAX_RETRY_AFTER_S: i64 = 86_400;

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
    /// What signed before, and until when it goes on doing so.
    pub previous_secret: Option<(String, Timestamp)>,
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
            previous_secret_until: self
                .previous_secret
                .as_ref()
                .map(|(_, until)| *until)
                .filter(|until| *until > now),
            created_at: self.created_at,
            updated_at: self.updated_at,
        }
    }

    /// Puts another secret in place of the present one, which goes on signing for a while.
    pub fn rotate_secret(&mut self, secret: String, overlap_hours: u32, now: Timestamp) {
        let old = std::mem::replace(&mut self.secret, secret);
        let until = now.plus_secs(i64::from(overlap_hours) * 3_600);
        self.previous_secret = (until > now).then_some((old, until));
    }

    /// What signs at `now`, the newest first.
    pub fn secrets_at(&self, now: Timestamp) -> Vec<&str> {
        let previous = self.previous_secret.as_ref().filter(|(_, until)| *until > now);
        std::iter::once(self.secret.as_str()).chain(previous.map(|(secret, _)| secret.as_str())).collect()
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

/// An event on its way to an endpoint, as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredDelivery {
    /// Which event.
    pub event_id: EventId,
    /// What has happened.
    pub kind: EventType,
    /// Where it stands.
    pub status: DeliveryStatus,
    /// When the next attempt is due.
    pub next_attempt_at: Option<Timestamp>,
    /// When it was queued.
    pub created_at: Timestamp,
    /// What was tried.
    pub attempts: Vec<DeliveryAttempt>,
}

impl StoredDelivery {
    /// One that is due at once.
    pub fn new(StoredEvent(event): &StoredEvent) -> Self {
        Self {
            event_id: event.id.clone(),
            kind: event.kind,
            status: DeliveryStatus::Pending,
            next_attempt_at: Some(event.timestamp),
            created_at: event.timestamp,
            attempts: Vec::new(),
        }
    }

    /// As the management API shows it.
    pub fn view(&self) -> WebhookDelivery {
        WebhookDelivery {
            id: message_id(&self.event_id),
            event_id: self.event_id.clone(),
            event_type: self.kind,
            status: self.status,
            next_attempt_at: self.next_attempt_at,
            created_at: self.created_at,
            attempts: self.attempts.clone(),
        }
    }
}

/// A delivery that one worker has taken for a while, with all that it takes to send it.
#[derive(Debug, Clone)]
pub struct LeasedDelivery {
    /// Where to.
    pub endpoint: StoredEndpoint,
    /// What.
    pub event: StoredEvent,
    /// How many attempts there were before.
    pub attempts: u32,
    /// How many of them since it was last queued: the place in the schedule.
    pub step: u32,
}

/// What an attempt came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The endpoint has taken it.
    Delivered,
    /// It is tried again then.
    Again(Timestamp),
    /// It was the last attempt.
    Failed,
    /// The endpoint says that it is gone for good.
    Gone,
}

/// What follows from an attempt.
///
/// `step` counts the attempts before this one, `put_off_s` is what the receiver asked for, `chance` is random.
pub fn outcome(
    status: Option<u16>,
    step: u32,
    put_off_s: Option<i64>,
    chance: u64,
    now: Timestamp,
) -> Outcome {
    match status {
        Some(200..=299) => Outcome::Delivered,
        Some(410) => Outcome::Gone,
        _ => match delay_ms(step, chance) {
            None => Outcome::Failed,
            Some(delay) => {
                let put_off = put_off_s.unwrap_or(0).clamp(0, MAX_RETRY_AFTER_S) * 1_000;
                Outcome::Again(Timestamp::from_millis(now.as_millis() + delay.max(put_off)))
            }
        },
    }
}

/// How long to wait after the attempt with this number, counted from 0; `None` when it was the last.
fn delay_ms(step: u32, chance: u64) -> Option<i64> {
    let delay = i64::from(*DELAYS_S.get(usize::try_from(step).ok()?)?);
    let spread = 2 * JITTER_PER_MILLE + 1;
    let jitter = i64::try_from(chance % u64::try_from(spread).unwrap_or(1)).unwrap_or(0) - JITTER_PER_MILLE;
    Some(delay * (1_000 + jitter))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn start() -> Timestamp {
        Timestamp::from_millis(1_000_000)
    }

    #[test]
    fn the_schedule_has_ten_attempts_and_then_an_end() {
        let due: Vec<_> = (0..11).map(|step| delay_ms(step, 100).map(|delay| delay / 1_000)).collect();
        let hours = |hours: i64| Some(hours * 3_600);
        assert_eq!(
            due,
            [
                Some(5),
                Some(300),
                Some(1_800),
                hours(2),
                hours(5),
                hours(10),
                hours(14),
                hours(20),
                hours(24),
                None,
                None
            ]
        );
    }

    proptest! {
        #[test]
        fn jitter_is_a_tenth_at_most(step in 0_u32..9, chance: u64) {
            let nominal = i64::from(DELAYS_S[step as usize]) * 1_000;
            let delay = delay_ms(step, chance).unwrap();
            prop_assert!((delay - nominal).abs() * 10 <= nominal);
        }
    }

    #[test]
    fn jitter_reaches_both_ends() {
        assert_eq!((delay_ms(0, 0), delay_ms(0, 200)), (Some(4_500), Some(5_500)));
    }

    #[test]
    fn only_a_status_of_200_to_299_counts_as_taken() {
        for (status, taken) in
            [(200, true), (204, true), (299, true), (199, false), (302, false), (304, false), (500, false)]
        {
            assert_eq!(outcome(Some(status), 0, None, 0, start()) == Outcome::Delivered, taken, "{status}");
        }
        assert_eq!(outcome(Some(410), 0, None, 0, start()), Outcome::Gone);
    }

    #[test]
    fn a_receiver_may_put_us_off_for_a_day_at_most_and_never_bring_us_back_sooner() {
        let again = |put_off| match outcome(Some(429), 0, Some(put_off), 100, start()) {
            Outcome::Again(at) => at.as_millis() - start().as_millis(),
            other => panic!("{other:?}"),
        };
        assert_eq!((again(1), again(60), again(1_000_000), again(-5)), (5_000, 60_000, 86_400_000, 5_000));
    }

    #[test]
    fn an_old_secret_signs_until_the_overlap_has_ended() {
        let mut endpoint = StoredEndpoint {
            id: WebhookId::parse("we_1").unwrap(),
            environment: Environment::Test,
            organization_id: OrganizationId::parse("org_1").unwrap(),
            url: "https://example.com".to_owned(),
            description: String::new(),
            events: Vec::new(),
            secret: "old".to_owned(),
            previous_secret: None,
            status: EndpointStatus::Enabled,
            disabled_reason: None,
            failing_since: None,
            created_at: start(),
            updated_at: start(),
        };
        endpoint.rotate_secret("new".to_owned(), 1, start());
        assert_eq!(endpoint.secrets_at(start().plus_secs(3_599)), ["new", "old"]);
        assert_eq!(endpoint.secrets_at(start().plus_secs(3_600)), ["new"]);
        endpoint.rotate_secret("newest".to_owned(), 0, start());
        assert_eq!(endpoint.secrets_at(start()), ["newest"]);
    }

    #[test]
    fn the_id_on_the_way_comes_from_the_event_and_leads_back() {
        let event = EventId::parse("evt_01KGA0G8000000000000000001").unwrap();
        assert_eq!(message_id(&event).as_str(), "msg_01KGA0G8000000000000000001");
        assert_eq!(event_id(&message_id(&event)), event);
    }
}
