//! API keys and how much they are used.

use protocol::api_key::{KeyKind, KeyStatus, Scope};
use serde_json::{Value, json};

use super::{
    Member, Named, body, boolean, fraction, integer, integer_in, list, nullable, object, of, short_text,
    text, with, with_example, words,
};

pub(super) fn all() -> Vec<Named> {
    vec![
        ("KeyKind", words("What a key is for.", &[KeyKind::Standard, KeyKind::Admin])),
        (
            "KeyStatus",
            words("Whether a key works.", &[KeyStatus::Active, KeyStatus::Revoked, KeyStatus::Expired]),
        ),
        ("Scope", words("One thing that a key may do.", Scope::ALL)),
        ("CreateApiKey", create_api_key()),
        ("RotateApiKey", rotate_api_key()),
        ("ApiKey", with_example(object("A key, without its secret.", api_key()), api_key_example())),
        ("CreatedApiKey", created_api_key()),
        ("UsageTotals", object("How many requests, and how many of them failed.", totals())),
        ("UsageBucket", usage_bucket()),
        ("KeyUsage", key_usage()),
    ]
}

fn create_api_key() -> Value {
    body(
        "A key to make.",
        [
            ("name", short_text("A name that tells the keys apart.", 1, 100)),
            ("kind?", nullable(of("KeyKind", "`standard` unless said otherwise."))),
            (
                "scopes?",
                nullable(list(
                    "What it may do: no more than your own key. All of that which the kind allows unless said otherwise.",
                    of("Scope", "A scope."),
                )),
            ),
            (
                "allowed_cidrs?",
                nullable(list(
                    "Addresses that may use it: within those of your own key. All of those unless said otherwise.",
                    text("A CIDR block, such as `203.0.113.0/24`."),
                )),
            ),
            (
                "expires_at?",
                nullable(of(
                    "Timestamp",
                    "When it stops working: no later than your own key, and with it unless said otherwise.",
                )),
            ),
        ],
        json!({
            "name": "Backend",
            "kind": "standard",
            "scopes": ["invites:write"],
            "allowed_cidrs": ["203.0.113.0/24"],
            "expires_at": "2027-01-31T12:00:00.000Z"
        }),
    )
}

fn rotate_api_key() -> Value {
    let hours =
        integer_in("For how many hours the old key goes on working; 24 unless said otherwise.", 0, 168);
    body("How to rotate.", [("overlap_hours?", nullable(hours))], json!({"overlap_hours": 24}))
}

fn api_key() -> Vec<Member> {
    vec![
        ("id", of("ApiKeyId", "Its id.")),
        ("name", text("Its name.")),
        ("prefix", text("How it begins and ends: `ir_live_...wxyz`.")),
        ("last4", text("The last four characters.")),
        ("environment", of("Environment", "Where it works.")),
        ("kind", of("KeyKind", "What it is for.")),
        ("scopes", list("What it may do.", of("Scope", "A scope."))),
        ("status", of("KeyStatus", "Whether it works.")),
        ("created_at", of("Timestamp", "When it was made.")),
        ("last_used_at", nullable(of("Timestamp", "When it was last used, to the second or so."))),
        ("expires_at", nullable(of("Timestamp", "When it stops working."))),
        ("expires_soon", boolean("Whether it works now and stops within 7 days.")),
        (
            "rotate_by",
            of("Timestamp", "When it is 90 days old and ought to have been rotated. It goes on working."),
        ),
    ]
}

fn api_key_example() -> Value {
    json!({
        "id": "key_01KGA0G8000000000000000001",
        "name": "Backend",
        "prefix": "ir_live_...wxyz",
        "last4": "wxyz",
        "environment": "live",
        "kind": "standard",
        "scopes": ["invites:write"],
        "status": "active",
        "created_at": "2026-01-31T12:00:00.000Z",
        "last_used_at": null,
        "expires_at": "2027-01-31T12:00:00.000Z",
        "expires_soon": false,
        "rotate_by": "2026-05-01T12:00:00.000Z"
    })
}

fn created_api_key() -> Value {
    let key = ("key", text("The key. It is not stored and cannot be shown again."));
    let members = std::iter::once(key).chain(api_key());
    let example = with(api_key_example(), json!({"key": "ir_live_sk_…wxyz"}));
    with_example(object("A new key: the one time that the key itself is shown.", members), example)
}

fn totals() -> Vec<Member> {
    vec![
        ("requests", integer("Requests with the key.")),
        ("errors", integer("Those of them that were answered with a status of 400 or more.")),
        ("error_rate", fraction("`errors / requests`.")),
    ]
}

fn usage_bucket() -> Value {
    let start = ("bucket_start", of("Timestamp", "When the hour or the day began, in UTC."));
    object("What a key did in an hour or a day.", std::iter::once(start).chain(totals()))
}

fn key_usage() -> Value {
    let schema = object(
        "How much a key was used.",
        [
            (
                "data",
                list("Newest first. Buckets without a request are left out.", of("UsageBucket", "A bucket.")),
            ),
            ("totals", of("UsageTotals", "All of `data` together.")),
            ("last_used_at", nullable(of("Timestamp", "When the key was last used."))),
            ("has_more", boolean("Always `false`: what was asked for comes at once.")),
            ("next_cursor", nullable(text("Always `null`."))),
        ],
    );
    let totals = json!({"requests": 40, "errors": 1, "error_rate": 0.025});
    with_example(
        schema,
        json!({
            "data": [with(totals.clone(), json!({"bucket_start": "2026-01-31T12:00:00.000Z"}))],
            "totals": totals,
            "last_used_at": "2026-01-31T12:34:56.000Z",
            "has_more": false,
            "next_cursor": null
        }),
    )
}
