//! Questions in advance.

use super::*;

impl Session {
    fn ahead(&self, limit: usize) -> Vec<String> {
        self.interview().ahead(limit).into_iter().map(|ahead| ahead.question.id).collect()
    }
}

fn text(id: &str) -> Value {
    question(id, "short_text")
}

/// Three questions, of which the second is changed; what comes after the first whatever it is.
fn second(name: &str, value: Value) -> Vec<String> {
    Session::asking(&json!([text("first"), with(text("second"), name, value), text("third")])).ahead(9)
}

fn answered(id: &str) -> Value {
    json!({"op": "answered", "args": [{"q": id}]})
}

/// A block with rules, two more, and what comes after its one question.
fn rules(rules: &Value) -> Vec<String> {
    Session::new(json!({
        "schema": 1, "title": "Test", "variables": [{"id": "plan", "type": "string", "default": "free"}],
        "blocks": [
            {"id": "one", "questions": [text("first")], "next": rules},
            {"id": "two", "questions": [text("second")]},
            {"id": "three", "questions": [text("third")]}],
        "ends": [{"id": "thanks", "text": "Thanks."}],
    }))
    .ahead(9)
}

#[test]
fn what_is_asked_whatever_is_answered_is_told_up_to_the_limit_and_the_end() {
    let session = Session::asking(&json!([text("a"), text("b"), text("c"), text("d")]));
    assert_eq!(session.ahead(9), ["b", "c", "d"]);
    assert_eq!(session.ahead(2), ["b", "c"]);
    assert_eq!(session.ahead(0), [""; 0]);
    let progress: Vec<f64> = session.interview().ahead(9).into_iter().map(|ahead| ahead.progress).collect();
    assert_eq!(progress, [0.25, 0.5, 0.75]);
}

#[test]
fn it_ends_before_a_question_whose_being_asked_depends_on_an_open_answer() {
    assert_eq!(second("show_if", answered("first")), [""; 0]);
    assert_eq!(
        second("show_if", json!({"op": "or", "args": [{"lit": true}, answered("first")]})),
        [""; 0],
        "the rest of a condition is not weighed"
    );
    assert_eq!(second("show_if", json!({"lit": false})), ["third"]);
    assert_eq!(second("show_if", json!({"lit": true})), ["second", "third"]);
}

#[test]
fn it_ends_before_a_question_whose_wording_depends_on_an_open_answer() {
    for name in ["text", "help"] {
        assert_eq!(second(name, json!("About {{q.first|that}}?")), [""; 0], "{name}");
    }
    let choices = with(
        question("second", "single_choice"),
        "choices",
        json!([{"id": "a", "label": "A"}, {"id": "b", "label": "Not {{q.first}}"}]),
    );
    assert_eq!(Session::asking(&json!([text("first"), choices])).ahead(9), [""; 0]);
}

#[test]
fn a_text_that_depends_in_another_language_only_is_told() {
    assert_eq!(second("text", json!({"en": "And?", "de": "Und {{q.first|das}}?"})), ["second", "third"]);
}

#[test]
fn what_depends_on_given_answers_is_told() {
    let mut session = Session::asking(&json!([
        text("first"),
        text("now"),
        with(with(text("then"), "show_if", answered("first")), "text", json!("{{q.first}} again?")),
    ]));
    session.answer(json!("Ada"));
    let ahead = session.interview().ahead(9);
    assert_eq!(ahead[0].question.text, "Ada again?");
}

#[test]
fn it_ends_after_a_question_that_may_be_followed_up() {
    let follow_up =
        |depth| json!({"max_depth": depth, "rules": [{"when": {"min_words": 1}, "probes": ["More?"]}]});
    assert_eq!(second("follow_up", follow_up(1)), ["second"]);
    assert_eq!(second("follow_up", follow_up(0)), ["second", "third"]);
    let first = with(text("first"), "follow_up", follow_up(2));
    let mut session = Session::asking(&json!([first, text("second")]));
    assert_eq!(session.ahead(9), [""; 0], "a blank answer has no probe, any other may have one");
    session.answer(json!(" "));
    assert_eq!(session.current(), "second");
}

#[test]
fn only_after_the_last_probe_that_there_can_be_it_goes_on() {
    let rules = json!([{"when": {}, "probes": ["One?", "Two?", "Three?"]}]);
    let why = with(text("why"), "follow_up", json!({"max_depth": 2, "rules": rules}));
    let mut session = Session::asking(&json!([why, text("next")]));
    assert_eq!(session.answer(json!("x")), "why~1");
    assert_eq!(session.ahead(9), [""; 0]);
    assert_eq!(session.answer(json!("x")), "why~2");
    assert_eq!(session.ahead(9), ["next"]);
}

#[test]
fn it_ends_where_a_rule_depends_on_an_open_answer_and_follows_one_that_is_certain() {
    let given = json!({"op": "eq", "args": [{"var": "plan"}, {"lit": "free"}]});
    assert_eq!(rules(&json!([])), ["second", "third"]);
    assert_eq!(rules(&json!([{"if": answered("first"), "goto": "three"}])), [""; 0]);
    assert_eq!(rules(&json!([{"if": given, "goto": "three"}])), ["third"]);
    assert_eq!(rules(&json!([{"if": {"op": "not", "args": [given]}, "goto": "three"}])), ["second", "third"]);
    assert_eq!(
        rules(&json!([{"if": given, "goto": "three"}, {"if": answered("first"), "end": "thanks"}])),
        ["third"]
    );
    assert_eq!(rules(&json!([{"if": given, "end": "thanks"}])), [""; 0], "an end is never told");
}

#[test]
fn it_ends_where_a_block_depends_on_an_open_answer() {
    let guide = |show_if: Value| {
        Session::new(json!({
            "schema": 1, "title": "Test", "ends": [{"id": "thanks", "text": "Thanks."}],
            "blocks": [
                {"id": "one", "questions": [text("first"), text("second")]},
                {"id": "two", "show_if": show_if, "questions": [text("third")]},
                {"id": "three", "questions": [text("fourth")]}],
        }))
    };
    assert_eq!(guide(answered("second")).ahead(9), ["second"]);
    let mut known = guide(answered("first"));
    known.answer(json!("x"));
    assert_eq!(known.ahead(9), ["third", "fourth"]);
}

#[test]
fn a_shuffled_block_is_told_in_the_order_of_the_seed() {
    let mut session = Session::new(json!({
        "schema": 1, "title": "Test", "ends": [{"id": "thanks", "text": "Thanks."}],
        "blocks": [{"id": "one", "order": "shuffle", "questions": [text("a"), text("b"), text("c"), text("d")]}],
    }));
    for seed in 0..20 {
        session.seed = seed;
        let mut order = vec![session.current()];
        order.extend(session.ahead(9));
        let mut asked = vec![session.current()];
        while asked.len() < 4 {
            asked.push(session.answer(json!("x")));
        }
        assert_eq!(order, asked);
        session.answers.clear();
    }
}

#[test]
fn nothing_is_told_before_consent_nor_after_its_refusal() {
    let mut session = Session::asking(&json!([text("a"), text("b")]));
    let guide = serde_json::to_value(session.guide.guide()).unwrap();
    session = Session::new(with(guide, "consent", json!([{"id": "rec", "version": 1, "text": "May we?"}])));
    for (consent, told) in [
        (ConsentState::Pending, vec![]),
        (ConsentState::Declined, vec![]),
        (ConsentState::Accepted, vec!["b".to_owned()]),
    ] {
        session.consent = consent;
        assert_eq!(session.ahead(9), told, "{consent:?}");
    }
}

#[test]
fn what_was_answered_out_of_order_is_passed_over_and_its_probe_is_not_told() {
    let follow_up = json!({"max_depth": 1, "rules": [{"when": {"min_words": 2}, "probes": ["More?"]}]});
    let mut session =
        Session::asking(&json!([text("first"), with(text("second"), "follow_up", follow_up), text("third")]));
    session.answers.push(GivenAnswer {
        question_id: "second".to_owned(),
        value: json!("two words"),
        probe: None,
    });
    assert_eq!(session.ahead(9), ["third"]);
    session.answers[0].value = json!("one");
    assert_eq!(session.ahead(9), [""; 0]);
    assert_eq!(session.answer(json!("x")), "second~1");
}

#[test]
fn it_ends_where_a_probe_depends_on_an_open_answer() {
    let follow_up =
        json!({"max_depth": 1, "rules": [{"when": {"value": answered("first")}, "probes": ["More?"]}]});
    let mut session =
        Session::asking(&json!([text("first"), with(text("second"), "follow_up", follow_up), text("third")]));
    let (question_id, value) = ("second".to_owned(), json!("x"));
    session.answers.push(GivenAnswer { question_id, value, probe: None });
    assert_eq!(session.ahead(9), [""; 0]);
}

#[test]
fn it_ends_where_it_would_be_too_much_for_a_reply() {
    let long = |number: u32| with(text(&format!("q{number}")), "text", json!("x".repeat(10_000)));
    let wide = |number: u32| {
        let choices: Vec<Value> =
            (0..9).map(|id| json!({"id": format!("c{id}"), "label": "x".repeat(1_000)})).collect();
        with(with(long(number), "kind", json!("single_choice")), "choices", json!(choices))
    };
    let told = |questions: Vec<Value>| {
        Session::asking(&json!(questions))
            .interview()
            .ahead(20)
            .iter()
            .map(|one| one.question.id.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(told((0..21).map(long).collect()).len(), 20, "200 KB");
    let most = told((0..21).map(wide).collect());
    assert_eq!(most.len(), 13, "each has 19 KB and a little");
    assert_eq!(most[12], "q13");
}
