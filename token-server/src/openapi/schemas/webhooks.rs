//! Webhooks: endpoints, deliveries, events.

use protocol::webhook::{DeliveryStatus, DisabledReason, EndpointStatus, EventType};
use serde_json::{Value, json};

use super::{
    Member, Named, body, boolean, integer, integer_in, list, map, nullable, object, of, short_text, text,
    with, with_example, words,
};

pub(super) fn all() -> Vec<Named> {
    vec![
        ("EventType", words("What has happened.", EventType::ALL)),
        ("Event", event()),
        ("EndpointStatus", words("Whether an endpoint gets deliveries.", EndpointStatus::ALL)),
        ("DisabledReason", words("Why an endpoint is disabled.", DisabledReason::ALL)),
        ("CreateWebhook", create()),
        ("UpdateWebhook", update()),
        (
            "WebhookEndpoint",
            with_example(object("An endpoint, without its secret.", endpoint()), endpoint_example()),
        ),
        ("CreatedWebhook", created()),
        ("RotateWebhookSecret", rotate()),
        ("DeliveryStatus", words("Where a delivery stands.", DeliveryStatus::ALL)),
        ("WebhookDelivery", delivery()),
        ("DeliveryAttempt", attempt()),
        ("Redeliver", redeliver()),
        ("Redelivered", redelivered()),
    ]
}

fn event() -> Value {
    let schema = object(
        "An event: the body of each delivery. `JSON.stringify(JSON.parse(body))` gives the body again.",
        [
            ("id", of("EventId", "Its id.")),
            ("type", of("EventType", "What has happened.")),
            ("timestamp", of("Timestamp", "When it happened.")),
            ("environment", of("Environment", "Where.")),
            ("organization_id", of("OrganizationId", "Whose it is.")),
            ("data", map("Ids, statuses and counts of what it is about; no names, addresses or answers.")),
        ],
    );
    with_example(
        schema,
        json!({
            "id": "evt_01KGA0G8000000000000000001", "type": "invite.created",
            "timestamp": "2026-01-31T12:00:00.000Z", "environment": "live",
            "organization_id": "org_01KGA0G8000000000000000001",
            "data": {
                "campaign_id": "camp_456abc", "invite_id": "inv_01KGA0G8000000000000000001",
                "participant_id": "part_01KGA0G8000000000000000001", "status": "pending"
            }
        }),
    )
}

fn events(description: &str) -> Value {
    with(list(description, of("EventType", "A type.")), json!({"uniqueItems": true}))
}

fn url() -> Value {
    with(short_text("Where to: an https address on the public internet.", 1, 2_048), json!({"format": "uri"}))
}

fn create() -> Value {
    body(
        "An endpoint to make.",
        [
            ("url", url()),
            ("description?", nullable(short_text("What it is for.", 0, 500))),
            (
                "events?",
                nullable(events("Which events; all but `session.answer_recorded` unless said otherwise.")),
            ),
            ("status?", nullable(of("EndpointStatus", "`enabled` unless said otherwise."))),
        ],
        json!({
            "url": "https://example.com/webhooks/interviewrelay", "description": "Our CRM",
            "events": ["interview.completed"], "status": "enabled"
        }),
    )
}

fn update() -> Value {
    body(
        "What to change. Members that are left out or `null` stay as they are.",
        [
            ("url?", nullable(url())),
            ("description?", nullable(short_text("What it is for; an empty text removes it.", 0, 500))),
            (
                "events?",
                nullable(events("Which events; an empty list for all but `session.answer_recorded`.")),
            ),
            ("status?", nullable(of("EndpointStatus", "Whether it gets deliveries."))),
        ],
        json!({
            "url": "https://example.com/webhooks/interviewrelay", "description": "Our CRM",
            "events": ["interview.completed"], "status": "enabled"
        }),
    )
}

fn endpoint() -> Vec<Member> {
    vec![
        ("id", of("WebhookId", "Its id.")),
        ("url", text("Where to, in the spelling that is called.")),
        ("description", text("What it is for.")),
        (
            "events",
            list(
                "The events that it names; empty for all but those that have to be named.",
                of("EventType", "A type."),
            ),
        ),
        ("environment", of("Environment", "Where it works.")),
        ("status", of("EndpointStatus", "Whether it gets deliveries.")),
        ("disabled_reason", nullable(of("DisabledReason", "Why not."))),
        (
            "previous_secret_until",
            nullable(of(
                "Timestamp",
                "Until when a secret from before signs as well; of several the latest end.",
            )),
        ),
        ("created_at", of("Timestamp", "When it was made.")),
        ("updated_at", of("Timestamp", "When it was last changed.")),
    ]
}

fn endpoint_example() -> Value {
    json!({
        "id": "we_01KGA0G8000000000000000001", "url": "https://example.com/webhooks/interviewrelay",
        "description": "Our CRM", "events": ["interview.completed"], "environment": "live", "status": "enabled",
        "disabled_reason": null, "previous_secret_until": null, "created_at": "2026-01-31T12:00:00.000Z",
        "updated_at": "2026-01-31T12:00:00.000Z"
    })
}

fn created() -> Value {
    let secret =
        ("secret", text("`whsec_` and 32 bytes in base64: what signs. It is shown at no other time."));
    let members = std::iter::once(secret).chain(endpoint());
    let example = with(endpoint_example(), json!({"secret": "whsec_…"}));
    with_example(object("An endpoint with its new secret.", members), example)
}

fn rotate() -> Value {
    let hours =
        integer_in("For how many hours the old secret signs as well; 24 unless said otherwise.", 0, 168);
    body("How to rotate.", [("overlap_hours?", nullable(hours))], json!({"overlap_hours": 24}))
}

fn delivery() -> Value {
    let schema = object(
        "An event on its way to an endpoint.",
        [
            ("id", of("MessageId", "Its id: the header `webhook-id` of each attempt.")),
            ("event_id", of("EventId", "Which event.")),
            ("event_type", of("EventType", "What has happened.")),
            ("status", of("DeliveryStatus", "Where it stands.")),
            ("next_attempt_at", nullable(of("Timestamp", "When the next attempt is due."))),
            ("created_at", of("Timestamp", "When it was queued.")),
            (
                "attempts",
                list("What was tried, oldest first; the last 20.", of("DeliveryAttempt", "A call.")),
            ),
        ],
    );
    with_example(
        schema,
        json!({
            "id": "msg_01KGA0G8000000000000000001", "event_id": "evt_01KGA0G8000000000000000001",
            "event_type": "invite.created", "status": "pending", "next_attempt_at": "2026-01-31T12:00:05.000Z",
            "created_at": "2026-01-31T12:00:00.000Z",
            "attempts": [{
                "number": 1, "at": "2026-01-31T12:00:00.000Z", "duration_ms": 42, "status": 500, "error": null,
                "response_excerpt": "Internal Server Error"
            }]
        }),
    )
}

fn attempt() -> Value {
    object(
        "One call of an endpoint.",
        [
            ("number", integer("The first is 1.")),
            ("at", of("Timestamp", "When it began.")),
            ("duration_ms", integer("How long it took, in milliseconds.")),
            ("status", nullable(integer_in("The status that the endpoint answered.", 100, 999))),
            ("error", nullable(text("Why there is none."))),
            ("response_excerpt", nullable(text("How the body of the answer begins."))),
        ],
    )
}

fn redeliver() -> Value {
    let schema = body(
        "Which deliveries to send again: either one, or those of a time.",
        [
            ("delivery_id?", nullable(of("MessageId", "This one."))),
            ("from?", nullable(of("Timestamp", "All that happened then or later."))),
            ("to?", nullable(of("Timestamp", "And before this; until now unless said otherwise."))),
            (
                "include_delivered?",
                nullable(boolean("Whether those that were taken are sent again as well.")),
            ),
        ],
        json!({"from": "2026-01-31T00:00:00.000Z", "to": "2026-01-31T12:00:00.000Z", "include_delivered": false}),
    );
    let absent = || json!({"type": "null"});
    let one = json!({"required": ["delivery_id"], "properties": {
        "delivery_id": {"type": "string"}, "from": absent(), "to": absent(), "include_delivered": absent()
    }});
    let time = json!({"required": ["from"], "properties": {
        "from": {"type": "string"}, "to": {"type": ["string", "null"]},
        "include_delivered": {"type": ["boolean", "null"]}, "delivery_id": absent()
    }});
    with(schema, json!({"oneOf": [one, time]}))
}

fn redelivered() -> Value {
    with_example(
        object("How many.", [("queued", integer("Deliveries that are due now."))]),
        json!({"queued": 3}),
    )
}
