//! How much there may be of something, and how much work it may be.

use serde_json::{Value, json};

use super::{changed, faults, sound};
use crate::guide::{CheckedGuide, Guide, check::limits::PATTERNS_BYTES};

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
    assert!(published.patterns_bytes() > PATTERNS_BYTES);
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
