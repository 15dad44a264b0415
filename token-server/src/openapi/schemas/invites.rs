//! Invites.

use protocol::invite::InviteStatus;
use serde_json::{Value, json};

use super::{
    Member, Named, body, integer, integer_in, list, map, nullable, object, of, short_text, text, with,
    with_example, words,
};

pub(super) fn all() -> Vec<Named> {
    vec![
        (
            "InviteStatus",
            words(
                "Where an invite stands: pending → started → completed; pending or started → expired or cancelled.",
                &InviteStatus::ALL,
            ),
        ),
        ("MintInvite", mint_invite()),
        ("MintBatch", mint_batch()),
        ("ReissueInvite", reissue_invite()),
        ("ExtendInvite", extend_invite()),
        ("Invite", with_example(object("An invite, without its token.", invite()), invite_example())),
        ("MintedInvite", minted_invite()),
        ("MintedRow", minted_row()),
        ("RefusedRow", refused_row()),
        ("MintedBatch", minted_batch()),
    ]
}

fn life(description: &str) -> Value {
    integer_in(description, 60, 604_800)
}

fn mint_invite() -> Value {
    body(
        "An invite to mint.",
        [
            ("campaign_id", of("CampaignId", "Which interview.")),
            (
                "participant_email?",
                nullable(with(text("Where the participant can be reached."), json!({"format": "email"}))),
            ),
            ("participant_name?", nullable(short_text("What the participant is called.", 1, 200))),
            ("external_id?", nullable(short_text("Your own id for the participant.", 1, 200))),
            (
                "expires_in_s?",
                nullable(life("How long the token lives; the campaign's `invite_ttl_s` unless given.")),
            ),
            ("variables?", nullable(map("Values for the guide's variables."))),
            ("origin?", nullable(text("The one origin whose pages may use this invite."))),
            ("locale?", nullable(text("The participant's language (BCP 47)."))),
            ("metadata?", nullable(map("Your own data."))),
        ],
        mint_example(),
    )
}

fn mint_example() -> Value {
    json!({
        "campaign_id": "camp_01KGA0G8000000000000000002",
        "participant_email": "ada@example.com",
        "participant_name": "Ada",
        "external_id": "42",
        "expires_in_s": 3_600,
        "variables": {"plan": "pro"},
        "origin": "https://example.com",
        "locale": "en",
        "metadata": {"source": "newsletter"}
    })
}

fn mint_batch() -> Value {
    let rows = with(
        list("The invites. Each is read by itself.", of("MintInvite", "An invite.")),
        json!({"minItems": 1, "maxItems": 1_000}),
    );
    body("Invites to mint.", [("invites", rows)], json!({"invites": [mint_example()]}))
}

fn reissue_invite() -> Value {
    let seconds = life("How long the new token lives; the campaign's `invite_ttl_s` unless given.");
    body("How to reissue.", [("expires_in_s?", nullable(seconds))], json!({"expires_in_s": 3_600}))
}

fn extend_invite() -> Value {
    let seconds = life("How long it is to live from now. An invite that lives longer already keeps its end.");
    body("How to extend.", [("expires_in_s", seconds)], json!({"expires_in_s": 86_400}))
}

fn invite() -> Vec<Member> {
    vec![
        ("id", of("InviteId", "Its id; also the token's `jti`.")),
        ("campaign_id", of("CampaignId", "Which interview.")),
        ("participant_id", of("ParticipantId", "Who is invited.")),
        (
            "participant_email",
            nullable(text("Where the participant can be reached; `null` without the scope `pii:read`.")),
        ),
        (
            "participant_name",
            nullable(text("What the participant is called; `null` without the scope `pii:read`.")),
        ),
        ("external_id", nullable(text("Your own id for the participant."))),
        ("api_key_id", nullable(of("ApiKeyId", "The key that minted it; `null` where none is on record."))),
        ("status", of("InviteStatus", "Where it stands.")),
        ("variables", map("Values for the guide's variables.")),
        ("origin", nullable(text("The one origin whose pages may use it."))),
        ("locale", nullable(text("The participant's language."))),
        ("metadata", map("Your own data.")),
        ("expires_at", of("Timestamp", "When the newest token runs out.")),
        ("created_at", of("Timestamp", "When it was minted.")),
    ]
}

fn invite_example() -> Value {
    json!({
        "id": "inv_01KGA0G8000000000000000004",
        "campaign_id": "camp_01KGA0G8000000000000000002",
        "participant_id": "part_01KGA0G8000000000000000003",
        "participant_email": "ada@example.com",
        "participant_name": "Ada",
        "external_id": "42",
        "api_key_id": "key_01KGA0G8000000000000000001",
        "status": "pending",
        "variables": {"plan": "pro"},
        "origin": "https://example.com",
        "locale": "en",
        "metadata": {"source": "newsletter"},
        "expires_at": "2026-01-31T13:00:00.000Z",
        "created_at": "2026-01-31T12:00:00.000Z"
    })
}

fn minted_example() -> Value {
    let token = "eyJ0eXAiOiJpbnZpdGUrand0IiwiYWxnIjoiRWREU0EifQ.…";
    let url = format!("https://interviews.example.com/i#{token}");
    with(invite_example(), json!({"invite_token": token, "invite_url": url}))
}

fn minted_invite() -> Value {
    let secrets = [
        (
            "invite_token",
            text("For the widget: `InterviewRelay.mount('#id', invite_token)`. It is not stored."),
        ),
        (
            "invite_url",
            text(
                "A page of ours that shows the interview; the token is in its fragment, which no server sees.",
            ),
        ),
    ];
    let members = secrets.into_iter().chain(invite());
    with_example(object("An invite with a fresh token.", members), minted_example())
}

fn minted_row() -> Value {
    object(
        "The invite was minted.",
        [
            ("index", integer("Its place in the body, from 0.")),
            ("status", json!({"const": 201, "description": "It was created."})),
            ("invite", of("MintedInvite", "As `POST /v1/invites` answers.")),
        ],
    )
}

fn refused_row() -> Value {
    object(
        "Nothing of this row was stored.",
        [
            ("index", integer("Its place in the body, from 0.")),
            ("status", integer_in("The status that `POST /v1/invites` would have answered with.", 400, 499)),
            ("error", of("ErrorObject", "Why. Pointers are into the whole body.")),
        ],
    )
}

fn minted_batch() -> Value {
    let row = json!({"oneOf": [super::named("MintedRow"), super::named("RefusedRow")]});
    let schema = object(
        "What became of each row, in the order of the body.",
        [("data", list("One for each row.", row))],
    );
    let refused = json!({"code": "not_found", "message": "There is nothing at this address.", "status": 404});
    with_example(
        schema,
        json!({"data": [
            {"index": 0, "status": 201, "invite": minted_example()},
            {"index": 1, "status": 404, "error": refused}
        ]}),
    )
}
