//! Each thing that can be wrong with a guide, by itself.
//!
//! - `table`: one change, one fault · `limits`: too much of something · `conditions`: what a condition may ask

mod conditions;
mod limits;
mod table;

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

#[test]
fn each_fault_is_told_by_its_place_and_code() {
    for (pointer, value, at, code) in table::rows() {
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

/// The codes that the check can give, read from its own sources.
#[test]
fn every_code_is_in_one_of_the_tables() {
    let sources = concat!(
        include_str!("../mod.rs"),
        include_str!("../ids.rs"),
        include_str!("../texts.rs"),
        include_str!("../variables.rs"),
        include_str!("../questions.rs"),
        include_str!("../validate.rs"),
        include_str!("../follow_ups.rs"),
        include_str!("../expressions.rs"),
        include_str!("../flow.rs"),
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
    let mut tested: BTreeSet<&str> = table::rows().into_iter().map(|(_, _, _, code)| code).collect();
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
