//! One change to the sound guide in a row.

use serde_json::{Value, json};

/// A change at a pointer, and the one fault that it makes.
#[expect(clippy::too_many_lines, reason = "a table")]
pub(super) fn rows() -> Vec<(&'static str, Value, &'static str, &'static str)> {
    let q = |id: &str| json!({ "q": id });
    let lit = |value: Value| json!({ "lit": value });
    let op = |op: &str, args: Value| json!({ "op": op, "args": args });
    let show_if = "/blocks/2/show_if";
    let text = "/blocks/2/questions/0/text";
    let why = |name: &str, value: Value| {
        let mut question = json!({"id": "why", "kind": "long_text", "text": "Why?"});
        question[name] = value;
        question
    };
    let rule = |when: Value| json!({"max_depth": 1, "rules": [{"when": when, "probes": ["More?"]}]});
    let third = "/blocks/2/questions/0";
    let rating = |validate: Value| json!({"id": "why", "kind": "rating", "text": "?", "validate": validate});
    let deep = (0..32).fold(q("adult"), |inner, _| op("not", json!([inner])));
    let wide = op("or", Value::Array(vec![q("adult"); 500]));
    vec![
        ("/schema", json!(2), "/schema", "unsupported_schema"),
        ("/offline_questions", json!(21), "/offline_questions", "out_of_range"),
        // ids
        ("/blocks/0/id", json!("1st"), "/blocks/0/id", "bad_id"),
        ("/blocks/0/questions/6/id", json!("read~1"), "/blocks/0/questions/6/id", "bad_id"),
        ("/blocks/0/questions/1/choices/0/id", json!("d v"), "/blocks/0/questions/1/choices/0/id", "bad_id"),
        ("/blocks/1/id", json!("first"), "/blocks/1/id", "duplicate_id"),
        ("/blocks/1/questions/1/id", json!("name"), "/blocks/1/questions/1/id", "duplicate_id"),
        (
            "/blocks/0/questions/1/choices/1/id",
            json!("dev"),
            "/blocks/0/questions/1/choices/1/id",
            "duplicate_id",
        ),
        ("/ends/1/id", json!("thanks"), "/ends/1/id", "duplicate_id"),
        ("/consent/-", json!({"id": "rec", "version": 1, "text": "?"}), "/consent/1/id", "duplicate_id"),
        ("/variables/-", json!({"id": "plan", "type": "date"}), "/variables/3/id", "duplicate_id"),
        ("/ends/0/id", json!("consent_declined"), "/ends/0/id", "reserved_id"),
        ("/blocks/1/next", json!([{"end": "consent_declined"}]), "/blocks/1/next/0/end", "reserved_id"),
        // consent and variables
        ("/consent/0/version", json!(0), "/consent/0/version", "out_of_range"),
        ("/variables/0/default", json!(7), "/variables/0/default", "type_mismatch"),
        ("/variables/1/default", json!("soon"), "/variables/1/default", "type_mismatch"),
        ("/variables/0/default", json!("x".repeat(1_001)), "/variables/0/default", "too_long"),
        // texts
        ("/title", json!({}), "/title", "empty_text"),
        ("/title", json!({"en": " \n"}), "/title/en", "empty_text"),
        ("/title", json!({"e n": "Notes"}), "/title/e n", "invalid_locale"),
        ("/title", json!("x".repeat(1_001)), "/title/und", "too_long"),
        ("/intro", json!("x".repeat(10_001)), "/intro/und", "too_long"),
        ("/intro", json!("Hi {{q.name}}"), "/intro/und", "later_answer"),
        ("/consent/0/text", json!("Hi {{q.name}}"), "/consent/0/text/und", "later_answer"),
        (text, json!("Hi {{q.name|"), "/blocks/2/questions/0/text/und", "malformed_piping"),
        (text, json!({"en": "Hi", "de": "{{name}}"}), "/blocks/2/questions/0/text/de", "malformed_piping"),
        (text, json!("Hi {{q.nobody}}"), "/blocks/2/questions/0/text/und", "unknown_question"),
        (text, json!("Hi {{var.nothing}}"), "/blocks/2/questions/0/text/und", "unknown_variable"),
        (text, json!("Hi {{q.why}}"), "/blocks/2/questions/0/text/und", "later_answer"),
        (text, json!("Hi {{q.read}}"), "/blocks/2/questions/0/text/und", "type_mismatch"),
        (text, json!("{{q.name}}".repeat(21)), "/blocks/2/questions/0/text/und", "too_many"),
        ("/blocks/0/questions/0/help", json!("{{q.role}}"), "/blocks/0/questions/0/help/und", "later_answer"),
        (
            "/blocks/1/questions/1/text",
            json!("Beyond {{q.left}}?"),
            "/blocks/1/questions/1/text/und",
            "later_answer",
        ),
        (
            "/blocks/0/questions/1/choices/0/label",
            json!("{{q.adult}}"),
            "/blocks/0/questions/1/choices/0/label/und",
            "later_answer",
        ),
        ("/ends/1/text", json!("{{q.nobody}}"), "/ends/1/text/und", "unknown_question"),
        // questions
        (
            third,
            json!({"id": "why", "kind": "long_text", "text": "?", "validate": {"accept": ["image/png"]}}),
            "/blocks/2/questions/0/validate/accept",
            "not_for_kind",
        ),
        (
            third,
            json!({"id": "why", "kind": "long_text", "text": "?", "recording": {}}),
            "/blocks/2/questions/0/recording",
            "not_for_kind",
        ),
        (
            third,
            json!({"id": "why", "kind": "file", "text": "?", "recording": {"max_retakes": 1}}),
            "/blocks/2/questions/0/recording",
            "not_for_kind",
        ),
        (
            third,
            json!({"id": "why", "kind": "file", "text": "?", "validate": {"max_duration_ms": 5000}}),
            "/blocks/2/questions/0/validate/max_duration_ms",
            "not_for_kind",
        ),
        (
            third,
            json!({"id": "why", "kind": "file", "text": "?", "validate": {"accept": ["application/pdf", ".pdf"]}}),
            "/blocks/2/questions/0/validate/accept/1",
            "invalid_media_type",
        ),
        (
            third,
            json!({"id": "why", "kind": "file", "text": "?", "validate": {"accept": vec!["image/png"; 21]}}),
            "/blocks/2/questions/0/validate/accept",
            "too_many",
        ),
        (
            third,
            json!({"id": "why", "kind": "file", "text": "?", "validate": {"max_bytes": 0}}),
            "/blocks/2/questions/0/validate/max_bytes",
            "out_of_range",
        ),
        (
            third,
            json!({"id": "why", "kind": "video", "text": "?", "validate": {"max_bytes": 1_073_741_825_u64}}),
            "/blocks/2/questions/0/validate/max_bytes",
            "out_of_range",
        ),
        (
            third,
            json!({"id": "why", "kind": "file", "text": "?", "validate": {"max_choices": 21}}),
            "/blocks/2/questions/0/validate/max_choices",
            "out_of_range",
        ),
        (
            third,
            json!({"id": "why", "kind": "file", "text": "?", "validate": {"min_choices": 2}}),
            "/blocks/2/questions/0/validate/min_choices",
            "contradictory_limits",
        ),
        (
            third,
            json!({"id": "why", "kind": "audio", "text": "?", "validate": {"min_choices": 1}}),
            "/blocks/2/questions/0/validate/min_choices",
            "not_for_kind",
        ),
        (
            third,
            json!({"id": "why", "kind": "audio", "text": "?", "validate": {"max_duration_ms": 999}}),
            "/blocks/2/questions/0/validate/max_duration_ms",
            "out_of_range",
        ),
        (
            third,
            json!({"id": "why", "kind": "audio", "text": "?", "validate": {"max_duration_ms": 3_600_001}}),
            "/blocks/2/questions/0/validate/max_duration_ms",
            "out_of_range",
        ),
        (
            third,
            json!({"id": "why", "kind": "audio", "text": "?", "recording": {"think_time_ms": 600_001}}),
            "/blocks/2/questions/0/recording/think_time_ms",
            "out_of_range",
        ),
        (
            third,
            json!({"id": "why", "kind": "video", "text": "?", "recording": {"max_retakes": 101}}),
            "/blocks/2/questions/0/recording/max_retakes",
            "out_of_range",
        ),
        (
            third,
            json!({"id": "why", "kind": "single_choice", "text": "?"}),
            "/blocks/2/questions/0/choices",
            "choices_missing",
        ),
        (
            third,
            json!({"id": "why", "kind": "ranking", "text": "?", "choices": [{"id": "a", "label": "A"}]}),
            "/blocks/2/questions/0/choices",
            "choices_missing",
        ),
        (
            third,
            why("choices", json!([{"id": "a", "label": "A"}])),
            "/blocks/2/questions/0/choices",
            "not_for_kind",
        ),
        (third, why("time_limit_ms", json!(5)), "/blocks/2/questions/0/time_limit_ms", "out_of_range"),
        // limits on answers
        (
            third,
            why("validate", json!({"min_value": 1})),
            "/blocks/2/questions/0/validate/min_value",
            "not_for_kind",
        ),
        (
            third,
            why("validate", json!({"accept": ["image/png"]})),
            "/blocks/2/questions/0/validate/accept",
            "not_for_kind",
        ),
        (third, rating(json!({"pattern": "a"})), "/blocks/2/questions/0/validate/pattern", "not_for_kind"),
        (
            third,
            why("validate", json!({"pattern": "("})),
            "/blocks/2/questions/0/validate/pattern",
            "bad_pattern",
        ),
        (
            third,
            why("validate", json!({"max_length": 0})),
            "/blocks/2/questions/0/validate/max_length",
            "out_of_range",
        ),
        (
            third,
            why("validate", json!({"min_length": 9, "max_length": 3})),
            "/blocks/2/questions/0/validate/min_length",
            "contradictory_limits",
        ),
        (
            third,
            why("validate", json!({"min_length": 20_001})),
            "/blocks/2/questions/0/validate/min_length",
            "contradictory_limits",
        ),
        (
            third,
            rating(json!({"min": 6})),
            "/blocks/2/questions/0/validate/min_value",
            "contradictory_limits",
        ),
        (third, rating(json!({"max": 4.5})), "/blocks/2/questions/0/validate/max_value", "out_of_range"),
        (
            third,
            rating(json!({"min": 0, "max": 101})),
            "/blocks/2/questions/0/validate/max_value",
            "out_of_range",
        ),
        (
            third,
            rating(json!({"max": "2026-01-01"})),
            "/blocks/2/questions/0/validate/max_value",
            "type_mismatch",
        ),
        (
            "/blocks/0/questions/5/validate",
            json!({"min": 1}),
            "/blocks/0/questions/5/validate/min_value",
            "type_mismatch",
        ),
        (
            "/blocks/0/questions/5/validate",
            json!({"min": "2026-02-30"}),
            "/blocks/0/questions/5/validate/min_value",
            "invalid_date",
        ),
        (
            "/blocks/0/questions/5/validate",
            json!({"min": "2026-02-03", "max": "2026-02-01"}),
            "/blocks/0/questions/5/validate/min_value",
            "contradictory_limits",
        ),
        (
            "/blocks/0/questions/2/validate",
            json!({"min_choices": 3}),
            "/blocks/0/questions/2/validate/min_choices",
            "contradictory_limits",
        ),
        (
            "/blocks/0/questions/2/validate",
            json!({"min_choices": 2, "max_choices": 1}),
            "/blocks/0/questions/2/validate/min_choices",
            "contradictory_limits",
        ),
        // follow-ups
        (
            "/blocks/0/questions/6/follow_up",
            rule(json!({})),
            "/blocks/0/questions/6/follow_up",
            "not_for_kind",
        ),
        (
            "/blocks/2/questions/0/follow_up/max_depth",
            json!(6),
            "/blocks/2/questions/0/follow_up/max_depth",
            "out_of_range",
        ),
        (
            "/blocks/2/questions/0/follow_up/rules",
            json!([]),
            "/blocks/2/questions/0/follow_up/rules",
            "no_rules",
        ),
        (
            "/blocks/2/questions/0/follow_up/rules/0/probes",
            json!([]),
            "/blocks/2/questions/0/follow_up/rules/0/probes",
            "no_probes",
        ),
        (
            "/blocks/2/questions/0/follow_up/rules/0/probes/0",
            json!("{{q.x}}"),
            "/blocks/2/questions/0/follow_up/rules/0/probes/0/und",
            "unknown_question",
        ),
        (
            "/blocks/2/questions/0/follow_up/rules/0/when/min_words",
            json!(0),
            "/blocks/2/questions/0/follow_up/rules/0/when/min_words",
            "out_of_range",
        ),
        (
            "/blocks/2/questions/0/follow_up/rules/0/when/contains_any",
            json!([" "]),
            "/blocks/2/questions/0/follow_up/rules/0/when/contains_any/0",
            "empty_text",
        ),
        (
            "/blocks/2/questions/0/follow_up/rules/0/when/value",
            op("eq", json!([q("nobody"), lit(json!(1))])),
            "/blocks/2/questions/0/follow_up/rules/0/when/value/args/0/q",
            "unknown_question",
        ),
        (
            "/blocks/0/questions/4/follow_up",
            rule(json!({"vague": true})),
            "/blocks/0/questions/4/follow_up/rules/0/when/vague",
            "not_for_kind",
        ),
        (
            "/blocks/0/questions/4/follow_up",
            rule(json!({"value": op("le", json!([q("born"), lit(json!("2000-01-01"))]))})),
            "/blocks/0/questions/4/follow_up/rules/0/when/value/args/0/q",
            "later_answer",
        ),
        // expressions
        (show_if, q("nobody"), "/blocks/2/show_if/q", "unknown_question"),
        (show_if, json!({"var": "nothing"}), "/blocks/2/show_if/var", "unknown_variable"),
        (show_if, op("answered", json!([q("why")])), "/blocks/2/show_if/args/0/q", "later_answer"),
        (show_if, q("nps"), "/blocks/2/show_if", "type_mismatch"),
        (show_if, lit(json!(null)), "/blocks/2/show_if/lit", "type_mismatch"),
        (show_if, op("answered", json!([q("read")])), "/blocks/2/show_if/args/0/q", "type_mismatch"),
        (show_if, op("answered", json!([lit(json!(1))])), "/blocks/2/show_if/args/0", "type_mismatch"),
        (show_if, op("and", json!([])), "/blocks/2/show_if/args", "wrong_args"),
        (show_if, op("not", json!([q("adult"), q("adult")])), "/blocks/2/show_if/args", "wrong_args"),
        (show_if, op("eq", json!([q("adult")])), "/blocks/2/show_if/args", "wrong_args"),
        (
            show_if,
            op("eq", json!([q("nps"), lit(json!("nine"))])),
            "/blocks/2/show_if/args/1",
            "type_mismatch",
        ),
        (show_if, op("eq", json!([q("tools"), q("tools")])), "/blocks/2/show_if/args/1", "type_mismatch"),
        (show_if, op("lt", json!([q("name"), lit(json!("m"))])), "/blocks/2/show_if/args/1", "type_mismatch"),
        (
            show_if,
            op("gt", json!([q("born"), lit(json!("2000"))])),
            "/blocks/2/show_if/args/1/lit",
            "invalid_date",
        ),
        (
            show_if,
            op("in", json!([q("born"), lit(json!(["2000"]))])),
            "/blocks/2/show_if/args/1/lit/0",
            "invalid_date",
        ),
        (
            show_if,
            op("eq", json!([q("role"), lit(json!("chef"))])),
            "/blocks/2/show_if/args/1/lit",
            "unknown_choice",
        ),
        (
            show_if,
            op("in", json!([q("role"), lit(json!(["dev", "chef"]))])),
            "/blocks/2/show_if/args/1/lit/1",
            "unknown_choice",
        ),
        (
            show_if,
            op("contains", json!([q("tools"), lit(json!("c"))])),
            "/blocks/2/show_if/args/1/lit",
            "unknown_choice",
        ),
        (
            show_if,
            op("in", json!([q("nps"), lit(json!(["9"]))])),
            "/blocks/2/show_if/args/1",
            "type_mismatch",
        ),
        (
            show_if,
            op("contains", json!([q("nps"), lit(json!(9))])),
            "/blocks/2/show_if/args/1",
            "type_mismatch",
        ),
        (
            show_if,
            op("gt", json!([op("count", json!([q("name")])), lit(json!(1))])),
            "/blocks/2/show_if/args/0/args/0",
            "type_mismatch",
        ),
        (
            show_if,
            op("gt", json!([op("len", json!([q("nps")])), lit(json!(1))])),
            "/blocks/2/show_if/args/0/args/0",
            "type_mismatch",
        ),
        (show_if, deep, "/blocks/2/show_if", "expression_too_deep"),
        (show_if, wide, "/blocks/2/show_if", "expression_too_large"),
        ("/blocks/0/questions/0/show_if", q("adult"), "/blocks/0/questions/0/show_if/q", "later_answer"),
        (
            "/blocks/1/questions/1/show_if",
            op("eq", json!([q("left"), lit(json!(1))])),
            "/blocks/1/questions/1/show_if/args/0/q",
            "later_answer",
        ),
        (
            "/blocks/0/next/0/if",
            op("eq", json!([q("left"), lit(json!(1))])),
            "/blocks/0/next/0/if/args/0/q",
            "later_answer",
        ),
        // the way through
        ("/blocks/0/next/0/goto", json!("fourth"), "/blocks/0/next/0/goto", "unknown_block"),
        ("/blocks/1/next", json!([{"end": "nowhere"}]), "/blocks/1/next/0/end", "unknown_end"),
        (
            "/blocks/1/next",
            json!([{"if": {"q": "adult"}, "goto": "first"}]),
            "/blocks/1/next/0/goto",
            "backward_jump",
        ),
        (
            "/blocks/1/next",
            json!([{"if": {"q": "adult"}, "goto": "second"}]),
            "/blocks/1/next/0/goto",
            "backward_jump",
        ),
        ("/blocks/1/next", json!([{"goto": "third", "end": "out"}]), "/blocks/1/next/0", "rule_target"),
        ("/blocks/1/next", json!([{"if": {"q": "adult"}}]), "/blocks/1/next/0", "rule_target"),
        ("/blocks/0/next", json!([{"goto": "third"}]), "/blocks/1", "unreachable_block"),
        (
            "/blocks/1/next",
            json!([{"goto": "third"}, {"end": "out"}]),
            "/blocks/1/next/1",
            "unreachable_rule",
        ),
        ("/blocks/1/questions", json!([]), "/blocks/1/questions", "no_questions"),
        ("/ends/0/redirect_url", json!("javascript:alert(1)"), "/ends/0/redirect_url", "bad_url"),
        ("/ends/0/redirect_url", json!("/thanks"), "/ends/0/redirect_url", "bad_url"),
    ]
}
