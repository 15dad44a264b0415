//! Probes.

use super::*;

fn session(kind: &str, max_depth: u32, rules: &Value) -> Session {
    let follow_up = json!({"max_depth": max_depth, "rules": rules});
    let why = with(with(question("why", kind), "follow_up", follow_up), "required", json!(false));
    Session::asking(&json!([why, question("next", "yes_no")]))
}

#[test]
fn a_probe_is_asked_while_a_rule_matches_and_no_oftener_than_the_depth() {
    let rules = json!([{"when": {"min_words": 3}, "probes": ["One?", "Two?", "Three?"]}]);
    let mut asked = session("long_text", 2, &rules);
    assert_eq!(asked.answer(json!("too short")), "why~1");
    let probe = asked.question();
    assert_eq!((probe.probe_of.as_deref(), probe.required), (Some("why"), false));
    assert_eq!(asked.answer(json!("still short")), "why~2");
    assert_ne!(asked.question().text, probe.text, "none is asked twice");
    assert_eq!(asked.answer(json!("short")), "next");

    let mut enough = session("long_text", 2, &rules);
    assert_eq!(enough.answer(json!("long enough now")), "next");
    let mut satisfied = session("long_text", 2, &rules);
    satisfied.answer(json!("short"));
    assert_eq!(satisfied.answer(json!("now it is long")), "next");
    let mut none = session("long_text", 0, &rules);
    assert_eq!(none.answer(json!("short")), "next");
}

#[test]
fn a_skipped_question_or_probe_is_not_asked_about_further() {
    let rules = json!([{"when": {}, "probes": ["One?", "Two?"]}]);
    for blank in [json!(null), json!(" ")] {
        assert_eq!(session("long_text", 2, &rules).answer(blank.clone()), "next");
        let mut probed = session("long_text", 2, &rules);
        probed.answer(json!("x"));
        assert_eq!(probed.check(&blank), "ok");
        assert_eq!(probed.answer(blank), "next");
    }
}

#[test]
fn the_first_rule_that_matches_and_has_a_probe_left_asks_it() {
    let rules = json!([
        {"when": {"contains_any": ["PRICE", "cost"], "min_words": 50}, "probes": ["Price?"]},
        {"when": {"vague": true}, "probes": ["Vague?"]},
        {"when": {"vague": false, "missing_topics": ["team", "time"]}, "probes": ["Topics?"]},
    ]);
    let mut session = session("short_text", 5, &rules);
    session.answer(json!("The prices"));
    assert_eq!(session.question().text, "Price?");
    session.answer(json!("cost, as I said"));
    assert_eq!(session.question().text, "Vague?", "the rule before has none left");
    session.answer(json!("Everyone in my team wants something cheaper"));
    assert_eq!(session.question().text, "Topics?", "time is missing");
    assert_eq!(
        session.answer(json!("It saves time otherwise spent searching folders")),
        "next",
        "all is said, in one answer or another"
    );
}

#[test]
fn topics_may_be_spread_over_the_answers() {
    let rules = json!([{"when": {"missing_topics": ["team", "time"]}, "probes": ["One?", "Two?", "Three?"]}]);
    let mut session = session("long_text", 3, &rules);
    session.answer(json!("my team"));
    session.answer(json!("nothing"));
    assert_eq!(session.current(), "why~2");
    assert_eq!(session.answer(json!("time")), "next");
}

#[test]
fn a_condition_may_read_the_answer_itself_for_any_kind() {
    let low = json!({"op": "le", "args": [{"q": "why"}, {"lit": 2}]});
    let rules = json!([{"when": {"value": low}, "probes": ["Why only {{q.why}}?"]}]);
    let mut low = session("rating", 1, &rules);
    low.answer(json!(2));
    assert_eq!(low.question().text, "Why only 2?");
    assert_eq!(session("rating", 1, &rules).answer(json!(3)), "next");
}

#[test]
fn the_seed_chooses_among_the_probes() {
    let rules = json!([{"when": {}, "probes": ["One?", "Two?", "Three?"]}]);
    let first: std::collections::HashSet<String> = (0..40)
        .map(|seed| {
            let mut session = session("long_text", 1, &rules);
            session.seed = seed;
            session.answer(json!("x"));
            session.question().text
        })
        .collect();
    assert_eq!(first.len(), 3);
}

#[test]
fn probes_do_not_count_for_progress() {
    let mut session = session("long_text", 2, &json!([{"when": {}, "probes": ["One?", "Two?"]}]));
    let mut progress = vec![];
    for value in [json!("x"), json!("x"), json!("x"), json!(true)] {
        session.answer(value);
        progress.push(session.interview().progress());
    }
    assert_eq!(progress, [0.0, 0.0, 0.5, 1.0]);
}
