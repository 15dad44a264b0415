//! What a campaign's interviews come to.

use serde_json::{Value, json};

use super::{
    Named, anything, fraction, integer, list, named, nullable, number, object, of, text, with_example,
};

pub(super) fn all() -> Vec<Named> {
    vec![
        ("SessionCounts", session_counts()),
        ("Durations", durations()),
        ("NumberAnalytics", numbers()),
        ("ValueCount", value_count()),
        ("QuestionAnalytics", question()),
        ("CampaignAnalytics", campaign()),
    ]
}

fn session_counts() -> Value {
    object(
        "How many sessions stand where.",
        [
            ("started", integer("All of them.")),
            ("active", integer("Under way.")),
            ("paused", integer("Paused by the participant.")),
            ("completed", integer("At an end.")),
            ("declined", integer("Ended by a refused consent.")),
            ("abandoned", integer("Left unfinished for too long.")),
        ],
    )
}

fn durations() -> Value {
    object(
        "Durations in milliseconds, by nearest rank.",
        [
            ("median", integer("Half of them took no longer.")),
            ("p90", integer("Nine of ten took no longer.")),
        ],
    )
}

fn numbers() -> Value {
    object(
        "What numbers were given.",
        [("mean", number("The average.")), ("min", number("The smallest.")), ("max", number("The largest."))],
    )
}

fn value_count() -> Value {
    object(
        "How often a value was given.",
        [
            ("value", anything("`true` or `false`, a choice's id, or a rating.")),
            ("count", integer("Answers that have it.")),
            ("mean_place?", number("For `ranking`: its average place, where 1 is the best.")),
        ],
    )
}

fn question() -> Value {
    object(
        "What was answered to one question.",
        [
            ("question_id", text("The question, or a probe such as `why~1`.")),
            ("probe_of?", text("For a probe: the question it asked more about.")),
            ("kind", of("QuestionKind", "What kind of question.")),
            (
                "text",
                nullable(text(
                    "As its author wrote it, in the campaign's language; `null` for a probe and for what the published guide has no more.",
                )),
            ),
            ("answered", integer("Answers.")),
            ("skipped", integer("How often it was skipped.")),
            ("abandoned_after", integer("Sessions that were abandoned when this was the last answer given.")),
            ("mean_elapsed_ms", nullable(integer("How long it was on screen, on average."))),
            ("numbers?", of("NumberAnalytics", "For `rating` and `number`.")),
            (
                "values",
                list(
                    "How often each value was given: choices in the guide's order, ratings from the lowest. Empty for other kinds.",
                    named("ValueCount"),
                ),
            ),
        ],
    )
}

fn campaign() -> Value {
    let schema = object(
        "What the sessions of a campaign have come to. Texts, dates and files are counted, never shown.",
        [
            ("campaign_id", of("CampaignId", "Which campaign.")),
            ("from", nullable(of("Timestamp", "Sessions that began then or later are counted."))),
            ("to", nullable(of("Timestamp", "And before this."))),
            ("as_of", of("Timestamp", "When it was counted.")),
            ("sessions", of("SessionCounts", "Where they stand.")),
            (
                "completion_rate",
                nullable(fraction("Completed sessions in all that began; `null` before the first.")),
            ),
            (
                "duration_ms",
                nullable(of(
                    "Durations",
                    "How long completed ones took, from their beginning, breaks included; `null` before the first.",
                )),
            ),
            (
                "abandoned_before_first_answer",
                integer("Sessions that were abandoned before an answer was given."),
            ),
            (
                "questions",
                list(
                    "Each question of the published guide in its order, with the probes it was followed by, then those of older versions.",
                    named("QuestionAnalytics"),
                ),
            ),
        ],
    );
    with_example(
        schema,
        json!({
            "campaign_id": "camp_456abc",
            "from": null,
            "to": null,
            "as_of": "2026-01-31T12:00:00.000Z",
            "sessions": {"started": 20, "active": 1, "paused": 0, "completed": 15, "declined": 1, "abandoned": 3},
            "completion_rate": 0.75,
            "duration_ms": {"median": 184_000, "p90": 420_000},
            "abandoned_before_first_answer": 1,
            "questions": [{
                "question_id": "recommend",
                "kind": "rating",
                "text": "How likely are you to recommend us?",
                "answered": 17,
                "skipped": 1,
                "abandoned_after": 2,
                "mean_elapsed_ms": 5_200,
                "numbers": {"mean": 8.5, "min": 3.0, "max": 10.0},
                "values": [{"value": 3, "count": 1}, {"value": 8, "count": 6}, {"value": 10, "count": 10}]
            }]
        }),
    )
}
