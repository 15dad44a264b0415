//! Endpoints, their deliveries, and the feed of events.

use serde_json::json;

use crate::openapi::{operation::Operation, schemas::named};

const WEBHOOKS: &str = "Webhooks";

pub(super) fn all() -> Vec<Operation> {
    [objects(), steps(), events()].into_iter().flatten().collect()
}

fn objects() -> Vec<Operation> {
    let (path, one) = ("/v1/webhooks", "/v1/webhooks/{id}");
    vec![
        Operation::new(
            "post",
            path,
            (WEBHOOKS, "createWebhook"),
            "Create an endpoint",
            "It is told of what happens from now on. At most 50 in each environment.",
        )
        .key("webhooks:write")
        .body("CreateWebhook")
        .answers(201, "The endpoint, with its secret shown this once.", "CreatedWebhook"),
        Operation::new("get", path, (WEBHOOKS, "listWebhooks"), "List endpoints", "Newest first.")
            .key("webhooks:read")
            .paged()
            .answers_page("A page of endpoints.", "WebhookEndpoint"),
        Operation::new("get", one, (WEBHOOKS, "getWebhook"), "See an endpoint", "")
            .key("webhooks:read")
            .answers(200, "The endpoint.", "WebhookEndpoint"),
        Operation::new(
            "patch",
            one,
            (WEBHOOKS, "updateWebhook"),
            "Change an endpoint",
            "Members that are left out stay as they are. What waits for one that is enabled again is due at once.",
        )
        .key("webhooks:write")
        .body("UpdateWebhook")
        .answers(200, "The endpoint.", "WebhookEndpoint"),
        Operation::new("delete", one, (WEBHOOKS, "deleteWebhook"), "Delete an endpoint", "With its deliveries.")
            .key("webhooks:write")
            .answers_content(204, "It is gone.", json!(null)),
    ]
}

fn steps() -> Vec<Operation> {
    vec![
        Operation::new(
            "post",
            "/v1/webhooks/{id}/rotate-secret",
            (WEBHOOKS, "rotateWebhookSecret"),
            "Rotate the secret of an endpoint",
            "The old one signs as well until the overlap has ended, and those before it until theirs: up to five.",
        )
        .key("webhooks:write")
        .optional_body("RotateWebhookSecret")
        .answers(200, "The endpoint, with its new secret shown this once.", "CreatedWebhook"),
        Operation::new(
            "post",
            "/v1/webhooks/{id}/test",
            (WEBHOOKS, "testWebhook"),
            "Try an endpoint",
            "Sends it an event `ping`.",
        )
        .key("webhooks:write")
        .answers(202, "The delivery, which is due at once.", "WebhookDelivery"),
        Operation::new(
            "post",
            "/v1/webhooks/{id}/redeliver",
            (WEBHOOKS, "redeliver"),
            "Send deliveries again",
            "One, or those of a time, with the ids that they had. An endpoint gets by a time also what happened before it was made; a second such call to it meanwhile is 409.",
        )
        .key("webhooks:write")
        .body("Redeliver")
        .answers(202, "How many are due now.", "Redelivered"),
        Operation::new(
            "get",
            "/v1/webhooks/{id}/deliveries",
            (WEBHOOKS, "listDeliveries"),
            "List the deliveries of an endpoint",
            "Newest event first, with what was tried.",
        )
        .key("webhooks:read")
        .paged()
        .query("status", &named("DeliveryStatus"), "Only those that stand there.")
        .answers_page("A page of deliveries.", "WebhookDelivery"),
    ]
}

fn events() -> Vec<Operation> {
    let operation = Operation::new(
        "get",
        "/v1/events",
        (WEBHOOKS, "listEvents"),
        "See what has happened",
        "The events of the last 30 days, newest first, for those who cannot be called.",
    );
    let operation = operation
        .key("webhooks:read")
        .paged()
        .query("type", &named("EventType"), "Only these.")
        .query("from", &named("Timestamp"), "Only from this time on.")
        .query("to", &named("Timestamp"), "Only before this time.")
        .answers_page("A page of events.", "Event");
    vec![operation]
}
