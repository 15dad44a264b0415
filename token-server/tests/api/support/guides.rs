//! Guides for tests.

use serde_json::{Value, json};

/// Ids of the questions of [`every_kind`], in the order they are asked when each gets its usual answer.
pub(crate) const EVERY_KIND: [&str; 12] =
    ["welcome", "name", "email", "agree", "likes", "tool", "uses", "order", "score", "notes", "since", "why"];

/// A consent item, a variable, each kind of question, a branch, a follow-up, two ends.
pub(crate) fn every_kind() -> Value {
    json!({
        "schema": 1,
        "title": {"en": "How you take notes", "de": "Wie Sie Notizen machen"},
        "intro": {"en": "Hello {{var.first_name|there}}!", "de": "Hallo {{var.first_name|Sie}}!"},
        "consent": [
            {"id": "research", "version": 2, "text": {"en": "You may keep my answers.", "de": "Sie dürfen sie behalten."}},
            {"id": "quotes", "version": 1, "required": false, "text": {"en": "You may quote me."}}
        ],
        "variables": [
            {"id": "first_name", "type": "string"},
            {"id": "seats", "type": "number", "default": 1},
            {"id": "beta", "type": "boolean"},
            {"id": "joined", "type": "date"}
        ],
        "blocks": [
            {"id": "about_you", "questions": [
                {"id": "welcome", "kind": "statement", "text": {"en": "We begin with you."}},
                {"id": "name", "kind": "short_text", "text": {"en": "What may we call you?", "de": "Wie heißen Sie?"},
                 "help": {"en": "A first name is enough."}, "validate": {"max_length": 20, "pattern": "[^0-9]+"}},
                {"id": "email", "kind": "email", "required": false, "text": {"en": "Where can we reach you, {{q.name}}?"}},
                {"id": "agree", "kind": "consent", "text": {"en": "Shall we go on?"}}
            ]},
            {"id": "tools", "questions": [
                {"id": "likes", "kind": "yes_no", "text": {"en": "Do you like notes?"}},
                {"id": "tool", "kind": "single_choice", "text": {"en": "Which tool?"},
                 "choices": [{"id": "paper", "label": {"en": "Paper"}}, {"id": "app", "label": {"en": "An app"}}]},
                {"id": "uses", "kind": "multi_choice", "text": {"en": "What for?"}, "validate": {"min_choices": 1, "max_choices": 2},
                 "choices": [{"id": "work", "label": {"en": "Work"}}, {"id": "home", "label": {"en": "Home"}},
                             {"id": "play", "label": {"en": "Play"}}]},
                {"id": "order", "kind": "ranking", "text": {"en": "What matters most?"},
                 "choices": [{"id": "speed", "label": {"en": "Speed"}}, {"id": "price", "label": {"en": "Price"}},
                             {"id": "looks", "label": {"en": "Looks"}}]}
            ], "next": [{"if": {"op": "eq", "args": [{"q": "likes"}, {"lit": false}]}, "end": "screen_out"}]},
            {"id": "numbers", "questions": [
                {"id": "score", "kind": "rating", "text": {"en": "Would you recommend it?"}, "validate": {"min_value": 0, "max_value": 10}},
                {"id": "notes", "kind": "number", "text": {"en": "How many a day?"}, "validate": {"min_value": 1, "max_value": 500}},
                {"id": "since", "kind": "date", "text": {"en": "Since when?"},
                 "validate": {"min_value": "2000-01-01", "max_value": "2026-12-31"}},
                {"id": "why", "kind": "long_text", "text": {"en": "What is hard about it?"}, "validate": {"max_length": 5000},
                 "follow_up": {"max_depth": 2, "rules": [
                    {"when": {"vague": true}, "probes": [{"en": "Could you say more?"}, {"en": "What happened the last time?"}]}]}}
            ]}
        ],
        "ends": [
            {"id": "thanks", "text": {"en": "Thank you, {{q.name}}."}, "redirect_url": "https://example.com/thanks"},
            {"id": "screen_out", "text": {"en": "That is all for now."}}
        ]
    })
}

/// Three questions, nothing else.
pub(crate) fn short() -> Value {
    let question =
        |id: &str| json!({"id": id, "kind": "short_text", "text": {"en": format!("Question {id}?")}});
    json!({
        "schema": 1,
        "title": {"en": "Short"},
        "blocks": [{"id": "all", "questions": [question("one"), question("two"), question("three")]}],
        "ends": [{"id": "thanks", "text": {"en": "Thank you."}}]
    })
}

/// A file, a recording and a text, the last of which ends it.
pub(crate) fn uploads() -> Value {
    json!({
        "schema": 1,
        "title": "Uploads",
        "blocks": [{"id": "all", "questions": [
            {"id": "photo", "kind": "file", "text": "Your desk?",
             "validate": {"accept": ["image/*", "text/plain"], "max_bytes": 104_857_600, "max_choices": 2}},
            {"id": "voice", "kind": "audio", "text": "In your words?", "required": false,
             "recording": {"think_time_ms": 5_000, "max_retakes": 2}},
            {"id": "last", "kind": "short_text", "text": "Anything else?"}
        ]}],
        "ends": [{"id": "thanks", "text": "Thank you."}]
    })
}

/// This many questions, `q0` and so on.
pub(crate) fn long(questions: usize) -> Value {
    let question = |number| json!({"id": format!("q{number}"), "kind": "short_text", "text": format!("Question {number}?")});
    let mut guide = short();
    guide["blocks"][0]["questions"] = (0..questions).map(question).collect();
    guide
}
