//! Each thing that can be wrong with a guide, by itself.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::guide::{CheckedGuide, Guide};

/// Sound, with a question of most kinds.
fn sound() -> Value {
    json!({
        "schema": 1,
        "title": "Notes",
        "consent": [{"id": "rec", "version": 1, "text": "May we?"}],
        "variables": [{"id": "plan", "type": "string", "default": "free"}, {"id": "since", "type": "date"}, {"id": "seats", "type": "number"}],
        "blocks": [
            {"id": "first", "questions": [
                {"id": "name", "kind": "short_text", "text": "Name?"},
                {"id": "role", "kind": "single_choice", "text": "Role?", "choices": [{"id": "dev", "label": "Dev"}, {"id": "ops", "label": "Ops"}]},
                {"id": "tools", "kind": "multi_choice", "text": "Tools?", "choices": [{"id": "a", "label": "A"}, {"id": "b", "label": "B"}]},
                {"id": "adult", "kind": "yes_no", "text": "Adult?"},
                {"id": "nps", "kind": "rating", "text": "Score?"},
                {"id": "born", "kind": "date", "text": "Born?"},
                {"id": "read", "kind": "statement", "text": "Read this."}],
             "next": [{"if": {"q": "adult"}, "goto": "third"}]},
            {"id": "second", "order": "shuffle", "questions": [
                {"id": "left", "kind": "number", "text": "Left?"},
                {"id": "right", "kind": "number", "text": "Right?"}]},
            {"id": "third", "questions": [
                {"id": "why", "kind": "long_text", "text": "Why, {{q.name|friend}}?",
                 "follow_up": {"max_depth": 2, "rules": [{"when": {"min_words": 5}, "probes": ["More about {{q.why}}?"]}]}}]}],
        "ends": [{"id": "thanks", "text": "Thanks, {{q.name|friend}}."}, {"id": "out", "text": "Bye."}],
    })
}

/// Puts values at pointers; a pointer that ends in `-` appends (as in RFC 6902).
fn changed(changes: &[(&str, Value)]) -> Value {
    let mut guide = sound();
    for (pointer, value) in changes {
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        match guide.pointer_mut(parent).unwrap_or_else(|| panic!("{parent}")) {
            Value::Object(object) => {
                object.insert(key.to_owned(), value.clone());
            }
            Value::Array(items) if key == "-" => items.push(value.clone()),
            Value::Array(items) => items[key.parse::<usize>().unwrap()] = value.clone(),
            other => panic!("{parent} is {other}"),
        }
    }
    guide
}

fn faults(guide: Value) -> Vec<(String, &'static str)> {
    let guide: Guide = serde_json::from_value(guide).unwrap();
    let faults = CheckedGuide::try_new(guide).err().unwrap_or_default();
    faults.into_iter().map(|fault| (fault.pointer, fault.code)).collect()
}

#[test]
fn the_guide_that_the_others_break_is_sound() {
    assert_eq!(faults(sound()), []);
}

/// A change at a pointer, and the one fault that it makes.
#[expect(clippy::too_many_lines, reason = "a table")]
fn table() -> Vec<(&'static str, Value, &'static str, &'static str)> {
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

#[test]
fn each_fault_is_told_by_its_place_and_code() {
    for (pointer, value, at, code) in table() {
        assert_eq!(
            faults(changed(&[(pointer, value.clone())])),
            [(at.to_owned(), code)],
            "{pointer} = {value}"
        );
    }
}

#[test]
fn what_is_missing_altogether_is_told() {
    let guide = json!({"schema": 1, "title": "x", "blocks": [], "ends": []});
    assert_eq!(faults(guide), [("/ends".to_owned(), "no_ends"), ("/blocks".to_owned(), "no_blocks")]);
}

#[test]
fn an_answer_whose_labels_insert_something_cannot_be_inserted_itself() {
    let guide = changed(&[
        ("/blocks/0/questions/1/choices/0/label", json!("{{q.name}} herself")),
        ("/blocks/2/questions/0/text", json!("As {{q.role}}?")),
    ]);
    assert_eq!(faults(guide), [("/blocks/2/questions/0/text/und".to_owned(), "nested_piping")]);
}

#[test]
fn all_faults_are_told_at_once() {
    let guide = changed(&[
        ("/schema", json!(3)),
        ("/title", json!("")),
        ("/blocks/0/next/0/goto", json!("nowhere")),
        ("/ends/1/text", json!("{{")),
    ]);
    let codes: Vec<_> = faults(guide).into_iter().map(|(_, code)| code).collect();
    assert_eq!(codes, ["unsupported_schema", "empty_text", "unknown_block", "malformed_piping"]);
}

#[test]
fn too_much_of_anything_is_all_that_is_told() {
    let question = |number: usize| json!({"id": format!("q{number}"), "kind": "yes_no", "text": "?"});
    let many = |count: usize, item: Value| Value::Array(vec![item; count]);
    let choice = json!({"id": "a", "label": "A"});
    let rule = json!({"when": {}, "probes": ["More?"]});
    let follow_up = "/blocks/2/questions/0/follow_up/rules";
    let patterns: Vec<_> = (0..21)
        .map(|number| json!({"id": format!("p{number}"), "kind": "short_text", "text": "?", "validate": {"pattern": "("}}))
        .collect();
    let table = [
        ("/consent", many(21, json!({"id": "c", "version": 1, "text": "?"})), "/consent"),
        ("/variables", many(101, json!({"id": "v", "type": "date"})), "/variables"),
        ("/ends", many(51, json!({"id": "e", "text": "?"})), "/ends"),
        ("/blocks", many(201, json!({"id": "b", "questions": []})), "/blocks"),
        ("/blocks/1/questions", (0..501).map(question).collect(), "/blocks"),
        ("/blocks/1/questions", patterns.into(), "/blocks"),
        ("/blocks/0/questions/1/choices", many(101, choice), "/blocks/0/questions/1/choices"),
        ("/blocks/1/next", many(51, json!({"end": "out"})), "/blocks/1/next"),
        (follow_up, many(51, rule.clone()), follow_up),
        (
            "/blocks/2/questions/0/follow_up/rules/0/probes",
            many(51, json!("?")),
            "/blocks/2/questions/0/follow_up/rules/0/probes",
        ),
        (
            "/blocks/2/questions/0/follow_up/rules/0/when/contains_any",
            many(51, json!("x")),
            "/blocks/2/questions/0/follow_up/rules/0/when/contains_any",
        ),
    ];
    for (pointer, value, at) in table {
        assert_eq!(faults(changed(&[(pointer, value)])), [(at.to_owned(), "too_many")], "{pointer}");
    }
}

/// The codes that the check can give, read from its own sources.
#[test]
fn every_code_is_in_one_of_the_tables() {
    let sources = concat!(
        include_str!("mod.rs"),
        include_str!("ids.rs"),
        include_str!("texts.rs"),
        include_str!("variables.rs"),
        include_str!("questions.rs"),
        include_str!("validate.rs"),
        include_str!("follow_ups.rs"),
        include_str!("expressions.rs"),
        include_str!("flow.rs"),
    );
    // A code is the only kind of literal here that has an underscore, or is one of these, between commas.
    let literals = sources.split('"').skip(1).step_by(2);
    let is_code = |text: &&str| {
        text.contains('_') && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
    };
    let members: BTreeSet<&str> = [
        "offline_questions",
        "show_if",
        "redirect_url",
        "time_limit_ms",
        "follow_up",
        "max_depth",
        "min_words",
        "missing_topics",
        "contains_any",
        "min_length",
        "max_length",
        "min_value",
        "max_value",
        "min_choices",
        "max_choices",
        "max_bytes",
        "max_duration_ms",
        "think_time_ms",
        "max_retakes",
    ]
    .into();
    let codes: BTreeSet<&str> = literals.filter(is_code).filter(|code| !members.contains(code)).collect();
    let mut tested: BTreeSet<&str> = table().into_iter().map(|(_, _, _, code)| code).collect();
    tested.extend(["no_ends", "no_blocks", "nested_piping", "too_many", "invalid_locale"]);
    let untested: Vec<_> = codes.difference(&tested).collect();
    assert!(codes.len() > 25 && untested.is_empty(), "{untested:?} of {codes:?}");
}

#[test]
fn variables_of_an_invite_are_checked_by_name_and_type() {
    let guide: Guide = serde_json::from_value(sound()).unwrap();
    let guide = CheckedGuide::try_new(guide).unwrap();
    let check = |given: Value| {
        let faults = guide.declared().check(given.as_object().unwrap()).err().unwrap_or_default();
        faults.into_iter().map(|fault| (fault.pointer, fault.code)).collect::<Vec<_>>()
    };
    assert_eq!(check(json!({"plan": "pro", "since": "2020-02-29", "seats": 3.5})), []);
    assert_eq!(
        check(json!({"a/b": 1, "plan": 7, "seats": "3", "since": "2021-02-29"})),
        [
            ("/variables/a~1b".to_owned(), "unknown_variable"),
            ("/variables/plan".to_owned(), "type_mismatch"),
            ("/variables/seats".to_owned(), "type_mismatch"),
            ("/variables/since".to_owned(), "type_mismatch"),
        ]
    );
    assert_eq!(check(json!({"plan": "x".repeat(1_001)})), [("/variables/plan".to_owned(), "too_long")]);
}

/// A server keeps the guides that are in use in memory.
#[test]
fn the_patterns_of_a_guide_may_be_so_large_together() {
    let with = |patterns: &[&str]| -> Guide {
        let questions: Vec<Value> = (0..)
            .zip(patterns)
            .map(|(number, pattern)| {
                json!({"id": format!("p{number}"), "kind": "short_text", "text": "?", "validate": {"pattern": pattern}})
            })
            .collect();
        let mut guide = sound();
        guide["blocks"].as_array_mut().unwrap().insert(0, json!({"id": "patterns", "questions": questions}));
        serde_json::from_value(guide).unwrap()
    };
    let everyday =
        [r"\d{5}", r"[a-z0-9._-]+@[a-z0-9.-]+", "[A-Z]{2}[0-9]{2}( ?[0-9]{4}){4,7}", "(yes|no|maybe)"];
    CheckedGuide::try_new(with(&everyday.repeat(4))).expect("everyday patterns fit");
    let large = [r"\w{40}"; 4];
    let faults = CheckedGuide::try_new(with(&large)).unwrap_err();
    let told: Vec<_> = faults.iter().map(|fault| (fault.pointer.as_str(), fault.code)).collect();
    assert!(told.contains(&("/blocks/0/questions/3/validate/pattern", "bad_pattern")), "{told:?}");
    assert!(faults[0].message.contains("together"), "{}", faults[0].message);
    let published = CheckedGuide::of_published(with(&large)).expect("what was published goes on");
    assert!(published.patterns_bytes() > super::limits::PATTERNS_BYTES);
}

#[test]
fn of_files_and_recordings_a_condition_asks_only_whether_and_how_many() {
    let op = |op: &str, args: Value| json!({"op": op, "args": args});
    let q = |id: &str| json!({ "q": id });
    let lit = |value: Value| json!({ "lit": value });
    let faults_of = |condition: Value| {
        let upload = |id: &str, kind: &str| json!({"id": id, "kind": kind, "text": "?"});
        faults(changed(&[
            ("/blocks/0/questions/-", upload("cv", "file")),
            ("/blocks/0/questions/-", upload("rec", "audio")),
            ("/blocks/0/questions/-", upload("film", "video")),
            ("/blocks/2/show_if", condition),
        ]))
    };
    for sound in [
        op("answered", json!([q("cv")])),
        op("not", json!([op("answered", json!([q("rec")]))])),
        op("answered", json!([q("film")])),
        op("ge", json!([op("count", json!([q("cv")])), lit(json!(2))])),
    ] {
        assert_eq!(faults_of(sound.clone()), [], "{sound}");
    }
    let at = |rest: &str| format!("/blocks/2/show_if{rest}");
    for (condition, pointer) in [
        (q("cv"), ""),
        (q("rec"), ""),
        (op("not", json!([q("film")])), "/args/0"),
        (op("eq", json!([q("cv"), lit(json!(true))])), "/args/1"),
        (op("ne", json!([lit(json!("x")), q("rec")])), "/args/1"),
        (op("eq", json!([q("cv"), q("cv")])), "/args/1"),
        (op("lt", json!([q("film"), lit(json!(3))])), "/args/1"),
        (op("gt", json!([op("len", json!([q("rec")])), lit(json!(3))])), "/args/0/args/0"),
        (op("gt", json!([op("count", json!([q("rec")])), lit(json!(1))])), "/args/0/args/0"),
        (op("contains", json!([q("cv"), lit(json!("upl_1"))])), "/args/1"),
        (op("contains", json!([q("name"), q("rec")])), "/args/1"),
        (op("in", json!([q("rec"), lit(json!(["a"]))])), "/args/1"),
        (op("in", json!([lit(json!("a")), q("cv")])), "/args/1"),
    ] {
        assert_eq!(faults_of(condition.clone()), [(at(pointer), "type_mismatch")], "{condition}");
    }
}

/// A guide with this condition on so many questions.
fn weighing(conditions: usize, condition: &Value) -> Value {
    let question =
        |number| json!({"id": format!("q{number}"), "kind": "yes_no", "text": "?", "show_if": condition});
    let mut questions = vec![json!({"id": "text", "kind": "long_text", "text": "?"})];
    questions.extend((0..conditions).map(question));
    changed(&[("/blocks/-", json!({"id": "many", "questions": questions}))])
}

#[test]
fn all_conditions_together_have_so_many_parts_and_no_more() {
    // Each of these has 499; one more stands in `next`.
    let ors = |parts: usize| {
        let answered = json!({"op": "answered", "args": [{"q": "text"}]});
        json!({"op": "or", "args": vec![answered; parts]})
    };
    assert_eq!(faults(weighing(10, &ors(249))), []);
    assert_eq!(faults(weighing(11, &ors(249))), [("/blocks".to_owned(), "too_many")]);
}

#[test]
fn all_answers_together_are_looked_through_so_often_and_no_more() {
    let contains = json!({"op": "contains", "args": [{"q": "text"}, {"lit": "x"}]});
    let condition = json!({"op": "or", "args": vec![contains; 33]});
    assert_eq!(faults(weighing(30, &condition)), [], "990 and one of the follow-up");
    assert_eq!(faults(weighing(31, &condition)), [("/blocks".to_owned(), "too_many")]);

    let rule = |words: usize| {
        let when = json!({"min_words": 1, "vague": true, "missing_topics": vec!["x"; words / 2],
            "contains_any": vec!["y"; words / 2]});
        json!({"when": when, "probes": ["More?"]})
    };
    let topics = |rules: usize| {
        let follow_up = json!({"max_depth": 1, "rules": vec![rule(48); rules]});
        changed(&[("/blocks/2/questions/0/follow_up", follow_up)])
    };
    assert_eq!(faults(topics(20)), [], "twenty times fifty");
    assert_eq!(faults(topics(21)), [("/blocks".to_owned(), "too_many")]);
}

#[test]
fn a_pattern_is_weighed_with_the_longest_answer() {
    let with = |validate: Value| {
        let question = json!({"id": "why", "kind": "long_text", "text": "?", "validate": validate});
        faults(changed(&[("/blocks/2/questions/0", question)]))
    };
    let fault = [("/blocks/2/questions/0/validate/pattern".to_owned(), "bad_pattern")];
    assert_eq!(with(json!({"pattern": "[ab]{200}c", "max_length": 10_000})), []);
    assert_eq!(with(json!({"pattern": "[ab]{200}c"})), fault, "a long text has up to 20,000 characters");
    assert_eq!(with(json!({"pattern": "[ab]*a[ab]{20000}c", "max_length": 100_000})), fault);
}

#[test]
fn what_was_published_by_the_rules_of_its_time_goes_on() {
    let contains = json!({"op": "contains", "args": [{"q": "text"}, {"lit": "x"}]});
    let many = weighing(31, &json!({"op": "or", "args": vec![contains; 33]}));
    let on_a_file = changed(&[
        ("/blocks/0/questions/-", json!({"id": "cv", "kind": "file", "text": "?"})),
        ("/blocks/2/show_if", json!({"q": "cv"})),
    ]);
    let patterned =
        json!({"id": "why", "kind": "long_text", "text": "?", "validate": {"pattern": "[ab]{200}c"}});
    for guide in [many, on_a_file, changed(&[("/blocks/2/questions/0", patterned)])] {
        assert_ne!(faults(guide.clone()), []);
        CheckedGuide::of_published(serde_json::from_value(guide).unwrap()).expect("it goes on");
    }
}
