//! Ids, times, errors, the audit log.

use protocol::{
    Environment, ErrorCode,
    audit::{ActorType, AuditAction, TargetType},
    ids::{
        AnswerId, ApiKeyId, AuditEventId, CampaignId, EventId, InviteId, MessageId, OrganizationId,
        ParticipantId, PrefixedId, SessionId, UploadId, UserId, WebhookId,
    },
};
use serde_json::{Value, json};

use super::{Named, integer_in, list, nullable, object, of, text, with, with_example, words};

pub(super) fn all() -> Vec<Named> {
    vec![
        ("Timestamp", timestamp()),
        ("Environment", words("Live, or the sandbox.", &Environment::ALL)),
        ("ApiKeyId", id::<ApiKeyId>("An API key's id; not a secret.")),
        ("CampaignId", id::<CampaignId>("A campaign's id.")),
        ("ParticipantId", id::<ParticipantId>("A participant's id.")),
        ("InviteId", id::<InviteId>("An invite's id; also the `jti` of its tokens.")),
        ("SessionId", id::<SessionId>("A session's id.")),
        ("AnswerId", id::<AnswerId>("A committed answer's id.")),
        ("AuditEventId", id::<AuditEventId>("An entry's id.")),
        ("OrganizationId", id::<OrganizationId>("An organization's id.")),
        ("WebhookId", id::<WebhookId>("A webhook endpoint's id.")),
        ("EventId", id::<EventId>("An event's id.")),
        ("MessageId", id::<MessageId>("The id of an event on its way to endpoints.")),
        ("UploadId", id::<UploadId>("The id of a file or recording that a participant sends.")),
        ("UserId", id::<UserId>("A user's id.")),
        ("ErrorCode", words("For programs: match on this, never on the message.", ErrorCode::ALL)),
        ("ErrorBody", error_body()),
        ("ErrorObject", error_object()),
        ("ErrorDetail", error_detail()),
        ("AuditAction", words("What was done.", AuditAction::ALL)),
        ("AuditActor", audit_actor()),
        ("AuditTarget", audit_target()),
        ("AuditEvent", audit_event()),
    ]
}

fn timestamp() -> Value {
    let schema = with(
        text("RFC 3339. Answers have UTC with three fraction digits; other offsets are understood."),
        json!({"format": "date-time"}),
    );
    with_example(schema, json!("2026-01-31T12:00:00.000Z"))
}

fn id<I: PrefixedId>(description: &str) -> Value {
    with(text(description), json!({"pattern": format!("^{}_[0-9A-Za-z]+$", I::PREFIX), "maxLength": 64}))
}

fn error_body() -> Value {
    let schema =
        object("What every failed call answers.", [("error", of("ErrorObject", "The error itself."))]);
    with_example(
        schema,
        json!({"error": {
            "code": "validation_failed",
            "message": ErrorCode::ValidationFailed.default_message(),
            "status": 422,
            "details": [{"pointer": "/expires_in_s", "code": "out_of_range", "message": "Must be 60 seconds to 7 days (604800)."}]
        }}),
    )
}

fn error_object() -> Value {
    object(
        "The members of an error.",
        [
            ("code", of("ErrorCode", "Why.")),
            ("message", text("For people: what happened and what to do.")),
            ("status", integer_in("The HTTP status, repeated.", 400, 599)),
            (
                "details?",
                list("Each fault of a refused body, with where it is.", of("ErrorDetail", "A fault.")),
            ),
        ],
    )
}

fn error_detail() -> Value {
    object(
        "One fault in a body.",
        [
            ("pointer", text("Where, as a JSON pointer (RFC 6901); empty for the whole body.")),
            ("code", text("For programs, such as `unknown_field` or `too_long`.")),
            ("message", text("For people.")),
        ],
    )
}

fn audit_actor() -> Value {
    object(
        "Who did it.",
        [
            ("type", words("What kind of actor.", ActorType::ALL)),
            (
                "id",
                nullable(text(
                    "The id of the key, the participant or the user; `null` for those that have none.",
                )),
            ),
        ],
    )
}

fn audit_target() -> Value {
    object(
        "What it was done to.",
        [
            ("type", words("What kind of thing.", TargetType::ALL)),
            ("id", text("Its id. The thing may be gone.")),
        ],
    )
}

fn audit_event() -> Value {
    let schema = object(
        "One change. There are no secrets, names, addresses of people or answers in it.",
        [
            ("id", of("AuditEventId", "Its id.")),
            ("at", of("Timestamp", "When it happened.")),
            ("environment", of("Environment", "Where.")),
            ("actor", of("AuditActor", "Who did it.")),
            ("action", of("AuditAction", "What was done.")),
            ("target", of("AuditTarget", "What it was done to.")),
            ("request_id", nullable(text("The `X-Request-Id` of the answer; `null` on the command line."))),
            ("ip", nullable(text("The address that the request came from, if it is known."))),
            ("user_id?", of("UserId", "Who was signed in beside the API key; absent where nobody was.")),
        ],
    );
    with_example(
        schema,
        json!({
            "id": "aud_01KGA0G8000000000000000007",
            "at": "2026-01-31T12:00:00.000Z",
            "environment": "live",
            "actor": {"type": "api_key", "id": "key_01KGA0G8000000000000000001"},
            "action": "campaign.published",
            "target": {"type": "campaign", "id": "camp_01KGA0G8000000000000000002"},
            "request_id": "req_3vQxT0mW8fK2nB5yLd7a",
            "ip": "203.0.113.7",
            "user_id": "usr_01KGA0G8000000000000000008"
        }),
    )
}
