//! The way through the blocks.

use super::*;

fn branching() -> Session {
    Session::new(json!({
        "schema": 1, "title": "Test",
        "blocks": [
            {"id": "one", "questions": [question("role", "single_choice")], "next": [
                {"if": {"op": "eq", "args": [{"q": "role"}, {"lit": "b"}]}, "goto": "three"},
                {"if": {"op": "eq", "args": [{"q": "role"}, {"lit": "c"}]}, "end": "out"}]},
            {"id": "two", "questions": [question("more", "yes_no"), with(question("detail", "short_text"), "show_if", json!({"q": "more"}))]},
            {"id": "three", "show_if": {"op": "not", "args": [{"op": "answered", "args": [{"q": "detail"}]}]},
             "questions": [question("last", "short_text")], "next": [{"end": "out"}]}],
        "ends": [{"id": "thanks", "text": "Thanks."}, {"id": "out", "text": "Bye.", "redirect_url": "https://example.com/"}],
    }))
}

#[test]
fn without_a_rule_that_holds_the_next_block_follows() {
    let mut session = branching();
    assert_eq!(session.answer(json!("a")), "more");
    assert_eq!(session.answer(json!(false)), "last", "a question that is not shown is passed over");
    assert_eq!(session.answer(json!("x")), "end out");
}

#[test]
fn a_block_that_is_not_shown_does_not_evaluate_its_rules() {
    let mut session = branching();
    session.answer(json!("a"));
    assert_eq!(session.answer(json!(true)), "detail");
    assert_eq!(session.answer(json!("x")), "end thanks");
}

#[test]
fn a_rule_leads_to_a_block_or_an_end() {
    assert_eq!(branching().answer(json!("b")), "last");
    let mut session = branching();
    assert_eq!(session.answer(json!("c")), "end out");
    let Turn::End { end, progress } = session.interview().turn() else { panic!() };
    assert_eq!((end.redirect_url.as_deref(), end.text.as_str()), (Some("https://example.com/"), "Bye."));
    assert!((progress - 1.0).abs() < f64::EPSILON && session.interview().is_over());
}

#[test]
fn progress_counts_the_most_that_can_still_come() {
    let mut session = branching();
    let mut progress = vec![session.interview().progress()];
    for value in [json!("a"), json!(true), json!("x")] {
        session.answer(value);
        progress.push(session.interview().progress());
    }
    assert_eq!(progress, [0.0, 0.25, 0.5, 1.0]);
}

#[test]
fn progress_reckons_with_the_longer_way_around_a_block() {
    let mut session = Session::new(json!({
        "schema": 1, "title": "Test", "ends": [{"id": "thanks", "text": "Thanks."}],
        "blocks": [
            {"id": "one", "questions": [question("a", "yes_no"), question("b", "yes_no")]},
            {"id": "two", "show_if": {"q": "a"}, "questions": [question("c", "yes_no")], "next": [{"end": "thanks"}]},
            {"id": "three", "questions": [question("d", "yes_no"), question("e", "yes_no"), question("f", "yes_no")]}],
    }));
    let mut progress = vec![];
    for _ in 0..5 {
        session.answer(json!(false));
        progress.push(session.interview().progress());
    }
    assert_eq!(progress, [0.2, 0.4, 0.6, 0.8, 1.0]);
}

#[test]
fn a_shuffled_block_has_an_order_for_each_seed_and_keeps_it() {
    let mut orders = std::collections::HashSet::new();
    for seed in 0..50 {
        let mut session = Session::new(json!({
            "schema": 1, "title": "Test", "ends": [{"id": "thanks", "text": "Thanks."}],
            "blocks": [{"id": "b", "order": "shuffle", "questions": [question("x", "yes_no"), question("y", "yes_no"), question("z", "yes_no")]}],
        }));
        session.seed = seed;
        let mut order = vec![session.current()];
        while !session.interview().is_over() {
            order.push(session.answer(json!(true)));
        }
        let mut sorted = order.clone();
        sorted.sort();
        assert_eq!(sorted, ["end thanks", "x", "y", "z"]);
        orders.insert(order);
    }
    assert_eq!(orders.len(), 6);
}

#[test]
fn answers_that_do_not_fit_are_passed_over() {
    let mut session = branching();
    for (id, value) in
        [("nobody", json!(1)), ("nobody~1", json!(1)), ("role~7", json!([])), ("last", json!({"a": 1}))]
    {
        session.answers.push(GivenAnswer { question_id: id.to_owned(), value, probe: None });
    }
    assert_eq!(session.current(), "role");
    assert_eq!(session.answer(json!(["not", "a", "choice"])), "more");
    assert_eq!(
        session.interview().asked().len(),
        1,
        "role; what comes after an open question is not on the way yet"
    );
}

#[test]
fn what_was_asked_is_told_in_the_order_of_the_answers_and_as_it_was_asked() {
    let mut session = Session::asking(&json!([
        question("name", "short_text"),
        with(
            with(question("why", "long_text"), "text", json!("Why, {{q.name|you}}?")),
            "follow_up",
            json!({"max_depth": 1, "rules": [{"when": {"min_words": 2}, "probes": ["{{q.why}}, {{q.name}}?"]}]})
        ),
    ]));
    for value in ["Ada", "Fun", "Really"] {
        session.answer(json!(value));
    }
    let asked = session.interview().asked();
    let asked: Vec<_> = asked.iter().map(|question| (question.id.as_str(), question.text.as_str())).collect();
    assert_eq!(asked, [("name", "name?"), ("why", "Why, Ada?"), ("why~1", "Fun, Ada?")]);
}
