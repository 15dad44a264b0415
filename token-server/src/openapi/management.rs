//! The management API.

use serde_json::json;

use super::{operation::Operation, schemas::named};

const KEYS: &str = "API keys";
const CAMPAIGNS: &str = "Campaigns";
const INVITES: &str = "Invites";
const SESSIONS: &str = "Sessions";
const PARTICIPANTS: &str = "Participants";
const WEBHOOKS: &str = "Webhooks";

pub(super) fn all() -> Vec<Operation> {
    [
        api_keys(),
        campaigns(),
        guides(),
        campaign_steps(),
        invites(),
        invite_steps(),
        sessions(),
        participants(),
        webhooks(),
        webhook_steps(),
        events(),
        audit_log(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn api_keys() -> Vec<Operation> {
    let path = "/v1/api-keys";
    vec![
        Operation::new("post", path, (KEYS, "createApiKey"), "Create a key", "Takes an admin key, and gives no more than that has.")
            .key("keys:write")
            .body("CreateApiKey")
            .answers(201, "The key, shown this once.", "CreatedApiKey"),
        Operation::new(
            "get",
            path,
            (KEYS, "listApiKeys"),
            "List keys",
            "Without their secrets, newest first.",
        )
        .key("keys:read")
        .paged()
        .answers_page("A page of keys.", "ApiKey"),
        Operation::new(
            "delete",
            "/v1/api-keys/{id}",
            (KEYS, "revokeApiKey"),
            "Revoke a key",
            "It fails from the next request on. Doing so twice is no error.",
        )
        .key("keys:write")
        .query(
            "cancel_invites",
            &json!({"type": "boolean", "default": false}),
            "Whether to cancel the open invites that the key has minted. The bare name means yes.",
        )
        .answers(200, "The revoked key.", "ApiKey"),
        Operation::new(
            "post",
            "/v1/api-keys/{id}/rotate",
            (KEYS, "rotateApiKey"),
            "Rotate a key",
            "Makes a key that takes its place; both work until the overlap has ended. Takes an admin key that is good for as \
             much, or the same one.",
        )
        .key("keys:write")
        .optional_body("RotateApiKey")
        .answers(201, "The new key, shown this once.", "CreatedApiKey"),
        Operation::new(
            "get",
            "/v1/api-keys/{id}/usage",
            (KEYS, "getApiKeyUsage"),
            "See how much a key is used",
            "At most 31 days by the hour, or 366 by the day.",
        )
        .key("keys:read")
        .query("from", &named("Timestamp"), "The first bucket has this time in it; 24 hours or 30 days ago.")
        .query("to", &named("Timestamp"), "Buckets that begin at this time or later are left out.")
        .query(
            "bucket",
            &json!({"type": "string", "enum": ["hour", "day"], "default": "hour"}),
            "How long a bucket is.",
        )
        .answers(200, "The buckets in which it was used.", "KeyUsage"),
    ]
}

fn campaigns() -> Vec<Operation> {
    let (path, one) = ("/v1/campaigns", "/v1/campaigns/{id}");
    vec![
        Operation::new(
            "post",
            path,
            (CAMPAIGNS, "createCampaign"),
            "Create a campaign",
            "It begins as a draft.",
        )
        .key("campaigns:write")
        .body("CreateCampaign")
        .answers(201, "The campaign.", "Campaign")
        .tagged(),
        Operation::new("get", path, (CAMPAIGNS, "listCampaigns"), "List campaigns", "Newest first.")
            .key("campaigns:read")
            .paged()
            .query("status", &named("CampaignStatus"), "Only those with this status.")
            .answers_page("A page of campaigns.", "Campaign"),
        Operation::new("get", one, (CAMPAIGNS, "getCampaign"), "See a campaign", "")
            .key("campaigns:read")
            .answers(200, "The campaign.", "Campaign")
            .tagged(),
        Operation::new(
            "get",
            "/v1/campaigns/{id}/analytics",
            (CAMPAIGNS, "getAnalytics"),
            "See what a campaign's interviews come to",
            "Counted when it is asked for, so it takes longer the more there is: choose a time where there is much.",
        )
        .key("sessions:read")
        .query("from", &named("Timestamp"), "Only sessions that began then or later.")
        .query("to", &named("Timestamp"), "Only sessions that began before.")
        .answers(200, "Where the sessions stand, and the answers to each question.", "CampaignAnalytics"),
        Operation::new(
            "patch",
            one,
            (CAMPAIGNS, "updateCampaign"),
            "Change a campaign",
            "Members that are left out stay as they are.",
        )
        .key("campaigns:write")
        .if_match()
        .body("UpdateCampaign")
        .refuses(&[409])
        .answers(200, "The changed campaign.", "Campaign")
        .tagged(),
        Operation::new(
            "delete",
            one,
            (CAMPAIGNS, "deleteCampaign"),
            "Delete a campaign",
            "Only one that never invited anybody; others are archived.",
        )
        .key("campaigns:write")
        .if_match()
        .refuses(&[409])
        .answers_content(204, "It is gone.", json!(null)),
    ]
}

fn guides() -> Vec<Operation> {
    let path = "/v1/campaigns/{id}/guide";
    vec![
        Operation::new("get", path, (CAMPAIGNS, "getGuide"), "See the draft of a guide", "")
            .key("campaigns:read")
            .answers(200, "The draft, with the campaign's entity tag.", "Guide")
            .tagged(),
        Operation::new(
            "put",
            path,
            (CAMPAIGNS, "putGuide"),
            "Replace the draft of a guide",
            "Its shape must be right; what publishing would refuse is listed in the answer.",
        )
        .key("campaigns:write")
        .if_match()
        .body("Guide")
        .refuses(&[409])
        .answers(
            200,
            "It is stored; a draft that is another one gives the campaign a new entity tag.",
            "UploadedGuide",
        )
        .tagged(),
        Operation::new(
            "post",
            "/v1/campaigns/{id}/publish",
            (CAMPAIGNS, "publishGuide"),
            "Publish the guide",
            "Makes the draft a version that never changes; interviews keep the version they began with.",
        )
        .key("campaigns:write")
        .if_match()
        .answers(200, "The version.", "PublishedGuide"),
    ]
}

fn campaign_steps() -> Vec<Operation> {
    let step = |path, id, summary, description| {
        Operation::new("post", path, (CAMPAIGNS, id), summary, description)
            .key("campaigns:write")
            .if_match()
            .answers(200, "The campaign.", "Campaign")
            .tagged()
    };
    vec![
        step(
            "/v1/campaigns/{id}/activate",
            "activateCampaign",
            "Activate a campaign",
            "From draft or paused; its guide must be published.",
        ),
        step(
            "/v1/campaigns/{id}/pause",
            "pauseCampaign",
            "Pause a campaign",
            "It takes no invites for a while.",
        ),
        step("/v1/campaigns/{id}/complete", "completeCampaign", "Complete a campaign", "It takes no more."),
        step("/v1/campaigns/{id}/archive", "archiveCampaign", "Archive a campaign", "Puts it away."),
    ]
}

fn invites() -> Vec<Operation> {
    let path = "/v1/invites";
    vec![
        Operation::new(
            "post",
            path,
            (INVITES, "mintInvite"),
            "Mint an invite",
            "Gives a short-lived token for the widget. The campaign must be active.",
        )
        .key("invites:write")
        .body("MintInvite")
        .refuses(&[404])
        .answers(201, "The invite with its token.", "MintedInvite"),
        Operation::new(
            "get",
            path,
            (INVITES, "listInvites"),
            "List invites",
            "Without their tokens, newest first.",
        )
        .key("invites:read")
        .paged()
        .query("campaign_id", &named("CampaignId"), "Only those of this campaign.")
        .query("status", &named("InviteStatus"), "Only those with this status.")
        .query("external_id", &json!({"type": "string"}), "Only those of this participant of yours.")
        .answers_page("A page of invites.", "Invite"),
        Operation::new(
            "post",
            "/v1/invites/batch",
            (INVITES, "mintInvites"),
            "Mint many invites",
            "Up to 1,000. Each row succeeds or fails by itself.",
        )
        .key("invites:write")
        .body("MintBatch")
        .answers(200, "What became of each row.", "MintedBatch"),
        Operation::new("get", "/v1/invites/{id}", (INVITES, "getInvite"), "See an invite", "")
            .key("invites:read")
            .answers(200, "The invite, without its token.", "Invite"),
    ]
}

fn invite_steps() -> Vec<Operation> {
    let step = |path, id, summary, description| {
        Operation::new("post", path, (INVITES, id), summary, description).key("invites:write").refuses(&[410])
    };
    vec![
        step(
            "/v1/invites/{id}/cancel",
            "cancelInvite",
            "Cancel an invite",
            "Its tokens and its session end with the next request. Cancelling twice is no error.",
        )
        .answers(200, "The cancelled invite.", "Invite"),
        step(
            "/v1/invites/{id}/extend",
            "extendInvite",
            "Extend an invite",
            "It lives on for so long from now, and gets a fresh token.",
        )
        .body("ExtendInvite")
        .answers(200, "The invite with a fresh token.", "MintedInvite"),
        step(
            "/v1/invites/{id}/reissue",
            "reissueInvite",
            "Reissue an invite",
            "Its life begins anew, with a fresh token. Older tokens live on until their own end.",
        )
        .optional_body("ReissueInvite")
        .answers(200, "The invite with a fresh token.", "MintedInvite"),
    ]
}

/// A download, of all or of some.
fn bytes(operation: Operation) -> Operation {
    let content = || json!({"*/*": {"schema": {"type": "string", "format": "binary"}}});
    operation
        .header("Range", &json!({"type": "string"}), false, "Bytes to get, such as `bytes=0-1023`.")
        .answers_content(200, "Its bytes, to be kept: no browser shows them as part of a page.", content())
        .answers_content(206, "Some of its bytes.", content())
}

fn sessions() -> Vec<Operation> {
    let one =
        |path, id, summary| Operation::new("get", path, (SESSIONS, id), summary, "").key("sessions:read");
    vec![
        Operation::new("get", "/v1/sessions", (SESSIONS, "listSessions"), "List sessions", "Newest first.")
            .key("sessions:read")
            .paged()
            .query("campaign_id", &named("CampaignId"), "Only those of this campaign.")
            .query("invite_id", &named("InviteId"), "Only those of this invite.")
            .query("status", &named("SessionStatus"), "Only those with this status.")
            .answers_page("A page of sessions.", "Session"),
        one("/v1/sessions/{id}", "getSession", "See a session").answers(200, "The session.", "Session"),
        one("/v1/sessions/{id}/answers", "listAnswers", "List the answers of a session")
            .answers_page("All of them on one page, in the order they were given.", "Answer"),
        one("/v1/sessions/{id}/events", "listSessionEvents", "List the events of a session")
            .paged()
            .answers_page("What the feed has of it, newest first: events are kept for 30 days.", "Event"),
        bytes(one("/v1/sessions/{id}/uploads/{upload_id}", "downloadUpload", "Get a file or a recording")),
        bytes(one("/v1/uploads/{id}", "downloadAnyUpload", "Get any file by its id")),
        one("/v1/sessions/{id}/transcript", "getTranscript", "Read the transcript of a session")
            .query(
                "format",
                &json!({"type": "string", "enum": ["json", "text", "vtt"]}),
                "What to answer; else the header `Accept` decides.",
            )
            .answers_content(
                200,
                "The transcript.",
                json!({
                    "application/json": {"schema": named("Transcript")},
                    "text/plain": {"schema": {"type": "string"}},
                    "text/vtt": {"schema": {"type": "string"}}
                }),
            ),
    ]
}

fn participants() -> Vec<Operation> {
    let path = "/v1/participants/{id}";
    vec![
        Operation::new("get", path, (PARTICIPANTS, "getParticipant"), "See a participant", "")
            .key("sessions:read")
            .answers(200, "The participant.", "Participant"),
        Operation::new(
            "delete",
            path,
            (PARTICIPANTS, "eraseParticipant"),
            "Erase a participant",
            "Removes name, addresses, sessions, answers and what the invites say of them, from all files of the \
             database; the invites are cancelled. Doing so twice is no error.",
        )
        .key("sessions:write")
        .answers(200, "What is left.", "Participant"),
        Operation::new(
            "delete",
            "/v1/sessions/{id}",
            (SESSIONS, "deleteSession"),
            "Delete a session",
            "With its answers. An invite that is not completed is cancelled.",
        )
        .key("sessions:write")
        .answers_content(204, "It is gone.", json!(null)),
    ]
}

fn webhooks() -> Vec<Operation> {
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

fn webhook_steps() -> Vec<Operation> {
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
            "One, or those of a time, with the ids that they had. An endpoint gets by a time also what happened before it was made.",
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

fn audit_log() -> Vec<Operation> {
    let operation = Operation::new(
        "get",
        "/v1/audit-log",
        ("Audit log", "listAuditEvents"),
        "See who changed what",
        "Newest first.",
    );
    let operation = operation
        .key("organization:read")
        .paged()
        .query("actor", &json!({"type": "string"}), "Only what this key, participant or user has done.")
        .query("action", &named("AuditAction"), "Only this.")
        .query("target_id", &json!({"type": "string"}), "Only what was done to this.")
        .query("from", &named("Timestamp"), "Only from this time on.")
        .query("to", &named("Timestamp"), "Only before this time.")
        .answers_page("A page of changes.", "AuditEvent");
    vec![operation]
}
