//! Campaigns and the answers about their guides.

use protocol::campaign::{CampaignStatus, Reuse};
use serde_json::{Value, json};

use super::{
    Member, Named, body, integer, integer_in, list, map, nullable, object, of, short_text, text, with,
    with_example, words,
};

pub(super) fn all() -> Vec<Named> {
    use CampaignStatus::{Active, Archived, Completed, Draft, Paused};
    let statuses = [Draft, Active, Paused, Completed, Archived];
    vec![
        (
            "CampaignStatus",
            words("Where a campaign stands: draft → active ⇄ paused → completed → archived.", &statuses),
        ),
        ("Reuse", words("Whether an invite is spent by completing it.", &[Reuse::OneTime, Reuse::Reusable])),
        ("CampaignSettings", settings()),
        ("CreateCampaign", create_campaign()),
        ("UpdateCampaign", update_campaign()),
        ("Counters", counters()),
        ("Campaign", campaign()),
        ("UploadedGuide", uploaded_guide()),
        ("PublishedGuide", published_guide()),
    ]
}

fn settings() -> Value {
    body("How a campaign behaves. What is left out has its default.", setting_members(), settings_example())
}

fn setting_members() -> Vec<Member> {
    let theme = "Custom properties for the widget's look, by name.";
    vec![
        ("locale?", text("Its language (BCP 47) where an invite names none; `en`.")),
        (
            "allowed_origins?",
            list(
                "Origins whose pages may show the widget; none means any.",
                text("Such as `https://example.com`."),
            ),
        ),
        (
            "invite_ttl_s?",
            integer_in(
                "How long an invite token lives unless the invite says otherwise; 3,600.",
                60,
                604_800,
            ),
        ),
        (
            "resume_window_s?",
            integer_in(
                "How long after its last sign of life a session can be resumed; 86,400.",
                60,
                7_776_000,
            ),
        ),
        (
            "reuse?",
            of(
                "Reuse",
                "Whether an invite is spent by completing it; `one_time`. `reusable` is for one person who is asked again and \
                 again: whoever holds the token goes on with what is open, and may withdraw all that came of the invite.",
            ),
        ),
        ("theme?", map(theme)),
    ]
}

fn settings_example() -> Value {
    json!({
        "locale": "en",
        "allowed_origins": ["https://example.com"],
        "invite_ttl_s": 3_600,
        "resume_window_s": 86_400,
        "reuse": "one_time",
        "theme": {}
    })
}

fn create_campaign() -> Value {
    body(
        "A campaign to make.",
        [
            ("name", short_text("Its name.", 1, 100)),
            ("description?", nullable(short_text("What it is about.", 0, 500))),
            ("settings?", nullable(of("CampaignSettings", "How it behaves."))),
            ("metadata?", nullable(map("Whatever you like to keep with it."))),
        ],
        json!({
            "name": "Onboarding",
            "description": "What new customers think after a week.",
            "settings": settings_example(),
            "metadata": {"team": "research"}
        }),
    )
}

fn update_campaign() -> Value {
    let merge = "to change (RFC 7396): a member that is absent stays, `null` removes it.";
    body(
        "What to change of a campaign.",
        [
            ("name?", short_text("A new name. It cannot be removed.", 1, 100)),
            ("description?", nullable(short_text("A new description; `null` removes it.", 0, 500))),
            ("settings?", nullable(map(&format!("Settings {merge}")))),
            ("metadata?", nullable(map(&format!("Metadata {merge}")))),
        ],
        json!({
            "name": "Onboarding, second round",
            "description": null,
            "settings": {"invite_ttl_s": 7_200},
            "metadata": {"team": null}
        }),
    )
}

fn counters() -> Value {
    object(
        "How far its invites have come.",
        [
            ("invited", integer("Invites minted.")),
            ("started", integer("Sessions started.")),
            ("completed", integer("Sessions completed.")),
            ("abandoned", integer("Sessions left unfinished beyond the resume window.")),
        ],
    )
}

fn campaign() -> Value {
    let schema = object(
        "A campaign.",
        [
            ("id", of("CampaignId", "Its id.")),
            ("name", text("Its name.")),
            ("description", text("What it is about.")),
            ("status", of("CampaignStatus", "Where it stands.")),
            ("environment", of("Environment", "Which environment it is in.")),
            ("settings", of("CampaignSettings", "How it behaves; all of them are there.")),
            ("metadata", map("Your own data.")),
            ("counters", of("Counters", "How far its invites have come.")),
            (
                "published_version",
                nullable(integer(
                    "The guide's version that new interviews begin with; `null` before the first.",
                )),
            ),
            ("created_at", of("Timestamp", "When it was made.")),
            ("updated_at", of("Timestamp", "When it was last changed.")),
        ],
    );
    with_example(
        schema,
        json!({
            "id": "camp_01KGA0G8000000000000000002",
            "name": "Onboarding",
            "description": "What new customers think after a week.",
            "status": "active",
            "environment": "live",
            "settings": settings_example(),
            "metadata": {"team": "research"},
            "counters": {"invited": 12, "started": 7, "completed": 5, "abandoned": 1},
            "published_version": 1,
            "created_at": "2026-01-31T12:00:00.000Z",
            "updated_at": "2026-01-31T12:05:00.000Z"
        }),
    )
}

fn uploaded_guide() -> Value {
    let schema = object(
        "The draft is stored; these faults would stop its publication.",
        [
            ("campaign_id", of("CampaignId", "The campaign.")),
            ("faults", list("What publishing would refuse.", of("ErrorDetail", "A fault."))),
            ("updated_at", of("Timestamp", "When.")),
        ],
    );
    with_example(
        schema,
        json!({
            "campaign_id": "camp_01KGA0G8000000000000000002",
            "faults": [],
            "updated_at": "2026-01-31T12:00:00.000Z"
        }),
    )
}

fn published_guide() -> Value {
    let sha256 = with(text("SHA-256 of the guide's JSON as stored."), json!({"pattern": "^[0-9a-f]{64}$"}));
    let schema = object(
        "A version of a guide that never changes.",
        [
            ("campaign_id", of("CampaignId", "The campaign.")),
            ("version", integer("1, 2, 3 …")),
            ("sha256", sha256),
            ("published_at", of("Timestamp", "When.")),
        ],
    );
    with_example(
        schema,
        json!({
            "campaign_id": "camp_01KGA0G8000000000000000002",
            "version": 1,
            "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            "published_at": "2026-01-31T12:05:00.000Z"
        }),
    )
}
