//! Webhooks: what is sent, and how endpoints and deliveries are shown.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{
    Environment, Timestamp,
    ids::{EventId, MessageId, OrganizationId, WebhookId},
};

words! {
    /// What has happened.
    EventType {
        /// Somebody was invited.
        InviteCreated = "invite.created";
        /// An invite was opened for the first time.
        InviteStarted = "invite.started";
        /// An invite was used to the end.
        InviteCompleted = "invite.completed";
        /// The time of an invite has run out.
        InviteExpired = "invite.expired";
        /// An invite was cancelled.
        InviteCancelled = "invite.cancelled";
        /// An interview began.
        InterviewStarted = "interview.started";
        /// An interview came to its end.
        InterviewCompleted = "interview.completed";
        /// An interview was left for too long.
        InterviewAbandoned = "interview.abandoned";
        /// An answer was committed. Only endpoints that name this one get it.
        SessionAnswerRecorded = "session.answer_recorded";
        /// A campaign takes invites.
        CampaignActivated = "campaign.activated";
        /// A campaign is over.
        CampaignCompleted = "campaign.completed";
        /// An API key was made.
        ApiKeyCreated = "api_key.created";
        /// An API key was replaced.
        ApiKeyRotated = "api_key.rotated";
        /// An API key was revoked.
        ApiKeyRevoked = "api_key.revoked";
        /// A participant was erased.
        ParticipantErased = "participant.erased";
        /// A webhook endpoint failed for so long that it was disabled.
        WebhookEndpointDisabled = "webhook.endpoint_disabled";
        /// Somebody tries an endpoint. It goes to that endpoint only.
        Ping = "ping";
    }
}

impl EventType {
    /// Whether an endpoint has to name it to get it.
    pub const fn is_opt_in(self) -> bool {
        matches!(self, Self::SessionAnswerRecorded)
    }
}

/// An event: the body of each delivery, and a row of the feed.
///
/// `data` has ids, statuses and counts, no names, addresses or answers, and no number that is not whole: so that
/// `JSON.stringify(JSON.parse(body))` gives the body again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// Its id.
    pub id: EventId,
    /// What has happened.
    #[serde(rename = "type")]
    pub kind: EventType,
    /// When it happened.
    pub timestamp: Timestamp,
    /// Where.
    pub environment: Environment,
    /// Whose it is.
    pub organization_id: OrganizationId,
    /// What it is about.
    pub data: Map<String, Value>,
}

words! {
    /// Whether an endpoint gets deliveries.
    EndpointStatus {
        /// It does.
        Enabled = "enabled";
        /// It does not; what is due waits.
        Disabled = "disabled";
    }
}

words! {
    /// Why an endpoint is disabled.
    DisabledReason {
        /// Somebody wanted it so.
        Requested = "requested";
        /// It answered 410.
        Gone = "gone";
        /// A delivery failed to its last attempt, and nothing was taken meanwhile.
        Failing = "failing";
    }
}

/// Body of `POST /v1/webhooks`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreateWebhook {
    /// Where to, https.
    pub url: String,
    /// What it is for, at most 500 characters.
    #[serde(default)]
    pub description: Option<String>,
    /// Which events; all but those that have to be named, unless said otherwise.
    #[serde(default)]
    pub events: Option<Vec<EventType>>,
    /// Whether it gets deliveries from now on; it does unless said otherwise.
    #[serde(default)]
    pub status: Option<EndpointStatus>,
}

/// Body of `PATCH /v1/webhooks/:id`. What is left out or `null` stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct UpdateWebhook {
    /// Where to.
    pub url: Option<String>,
    /// What it is for; an empty text removes it.
    pub description: Option<String>,
    /// Which events; an empty list means all but those that have to be named.
    pub events: Option<Vec<EventType>>,
    /// Whether it gets deliveries.
    pub status: Option<EndpointStatus>,
}

/// An endpoint, without its secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebhookEndpoint {
    /// Its id.
    pub id: WebhookId,
    /// Where to, in the spelling that is called.
    pub url: String,
    /// What it is for.
    pub description: String,
    /// The events that it names; empty for all but those that have to be named.
    pub events: Vec<EventType>,
    /// Where it works.
    pub environment: Environment,
    /// Whether it gets deliveries.
    pub status: EndpointStatus,
    /// Why not.
    pub disabled_reason: Option<DisabledReason>,
    /// Until when a secret from before is good as well; of several the latest end.
    pub previous_secret_until: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// Answer to `POST /v1/webhooks` and `POST /v1/webhooks/:id/rotate-secret`: the one time that the secret is shown.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreatedWebhook {
    /// `whsec_` and 32 bytes in base64.
    pub secret: String,
    /// The rest.
    #[serde(flatten)]
    pub endpoint: WebhookEndpoint,
}

impl std::fmt::Debug for CreatedWebhook {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CreatedWebhook").field("secret", &"…").field("endpoint", &self.endpoint).finish()
    }
}

/// Body of `POST /v1/webhooks/:id/rotate-secret`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RotateWebhookSecret {
    /// For how many hours the old secret signs as well, 0 to 168; 24 unless said otherwise.
    #[serde(default)]
    pub overlap_hours: Option<u32>,
}

words! {
    /// Where a delivery stands.
    DeliveryStatus {
        /// It is due, now or later.
        Pending = "pending";
        /// The endpoint has taken it.
        Delivered = "delivered";
        /// No attempt is left.
        Failed = "failed";
    }
}

/// An event on its way to an endpoint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebhookDelivery {
    /// Its id, which each attempt has as `webhook-id`.
    pub id: MessageId,
    /// Which event.
    pub event_id: EventId,
    /// What has happened.
    pub event_type: EventType,
    /// Where it stands.
    pub status: DeliveryStatus,
    /// When the next attempt is due.
    pub next_attempt_at: Option<Timestamp>,
    /// When it was queued.
    pub created_at: Timestamp,
    /// What was tried, oldest first; the last 20.
    pub attempts: Vec<DeliveryAttempt>,
}

/// One call of an endpoint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliveryAttempt {
    /// The first is 1.
    pub number: u32,
    /// When it began.
    pub at: Timestamp,
    /// How long it took, in milliseconds.
    pub duration_ms: u32,
    /// The status that the endpoint answered.
    pub status: Option<u16>,
    /// Why there is none.
    pub error: Option<String>,
    /// How the answer's body begins.
    pub response_excerpt: Option<String>,
}

/// Body of `POST /v1/webhooks/:id/redeliver`: either one delivery or a time.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Redeliver {
    /// Which delivery.
    pub delivery_id: Option<MessageId>,
    /// All events that happened then or later.
    pub from: Option<Timestamp>,
    /// And before this; until now unless said otherwise.
    pub to: Option<Timestamp>,
    /// Whether those that were taken are sent again as well.
    pub include_delivered: Option<bool>,
}

/// Answer to `POST /v1/webhooks/:id/redeliver`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Redelivered {
    /// How many deliveries are due now.
    pub queued: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_written_as_they_say() {
        for kind in EventType::ALL {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.as_str());
        }
    }

    #[test]
    fn the_body_has_its_members_in_the_documented_order() {
        let event = Event {
            id: EventId::parse("evt_1").unwrap(),
            kind: EventType::InviteCreated,
            timestamp: Timestamp::from_millis(0),
            environment: Environment::Live,
            organization_id: OrganizationId::parse("org_1").unwrap(),
            data: Map::new(),
        };
        assert_eq!(
            serde_json::to_string(&event).unwrap(),
            r#"{"id":"evt_1","type":"invite.created","timestamp":"1970-01-01T00:00:00.000Z","environment":"live","organization_id":"org_1","data":{}}"#
        );
    }
}
