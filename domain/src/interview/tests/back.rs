//! Going back: answers that are changed.

use super::*;

fn going_back(questions: &Value) -> Session {
    let session = Session::asking(questions);
    let guide = serde_json::to_value(session.guide.guide()).unwrap();
    Session::new(with(guide, "allow_back", json!(true)))
}

fn text(id: &str) -> Value {
    question(id, "short_text")
}

fn asked(session: &Session) -> Vec<String> {
    session.interview().asked().into_iter().map(|question| question.text).collect()
}

/// `more` is asked of those who say yes, `last` of everybody.
fn branching() -> Session {
    going_back(&json!([
        question("adult", "yes_no"),
        with(text("more"), "show_if", json!({"q": "adult"})),
        with(text("last"), "text", json!("{{q.more|Nothing}}, and?")),
        text("bye"),
    ]))
}

#[test]
fn an_answer_stays_unless_the_guide_allows_to_change_it() {
    let mut fixed = Session::asking(&json!([text("first"), text("second")]));
    fixed.answer(json!("x"));
    assert_eq!(code(&fixed.interview().check_answer("first", &json!("y"))), "already answered");
    assert_eq!(code(&fixed.interview().check_draft("first", &json!("y"))), "already answered");
}

#[test]
fn a_changed_answer_is_checked_as_the_first_one_was() {
    let mut session = going_back(&json!([question("score", "rating"), text("second"), text("third")]));
    session.answer(json!(3));
    let check = |id: &str, value| code(&session.interview().check_answer(id, &value));
    assert_eq!(check("score", json!(5)), "ok");
    assert_eq!(check("score", json!(6)), "too_large");
    assert_eq!(check("third", json!("x")), "not open");
    assert_eq!(code(&session.interview().check_draft("score", &json!(5))), "ok");
    assert_eq!(session.put("score", json!(5)), "second", "the current question stays");
}

#[test]
fn an_answered_question_is_told_as_it_was_asked() {
    let mut session = branching();
    session.answer(json!(true));
    session.answer(json!("More"));
    assert_eq!(session.interview().answered("more").unwrap().text, "more?");
    assert_eq!(session.interview().answered("last"), None);
    assert_eq!(session.interview().answered("nobody"), None);
}

#[test]
fn a_changed_answer_leads_to_the_first_question_that_is_open_then() {
    let mut session = branching();
    assert_eq!(session.answer(json!(false)), "last");
    assert_eq!(session.answer(json!("x")), "bye");
    assert_eq!(session.put("adult", json!(true)), "more");
    assert_eq!(session.answer(json!("More")), "bye", "what was answered is passed over");
    assert_eq!(asked(&session), ["adult?", "More, and?", "more?"]);
}

#[test]
fn an_answer_that_is_off_the_way_says_nothing_and_cannot_be_changed() {
    let mut session = branching();
    session.answer(json!(true));
    session.answer(json!("More"));
    session.put("adult", json!(false));
    assert_eq!(session.question().text, "Nothing, and?");
    assert_eq!(session.interview().answered("more"), None);
    assert_eq!(asked(&session), ["adult?"]);
    assert_eq!(code(&session.interview().check_answer("more", &json!("x"))), "not open");
    assert_eq!(session.put("adult", json!(true)), "last", "it counts again when it is on the way again");
    assert_eq!(session.question().text, "More, and?");
}

#[test]
fn when_the_interview_is_over_nothing_can_be_changed() {
    let mut session = going_back(&json!([text("first")]));
    assert_eq!(session.answer(json!("x")), "end thanks");
    assert_eq!(code(&session.interview().check_answer("first", &json!("y"))), "over");
    assert_eq!(code(&session.interview().check_draft("first", &json!("y"))), "over");
}

/// Asked about prices or about people, by what is said.
fn probing() -> Session {
    let rule = |word: &str, probe: &str| json!({"when": {"contains_any": [word]}, "probes": [probe]});
    let rules = json!([rule("price", "Which price?"), rule("team", "Which team?")]);
    let why = with(text("why"), "follow_up", json!({"max_depth": 1, "rules": rules}));
    going_back(&json!([why, text("next")]))
}

#[test]
fn an_answer_to_a_probe_is_none_to_another_one() {
    let mut session = probing();
    assert_eq!(session.answer(json!("the price")), "why~1");
    assert_eq!(session.answer(json!("9 euros")), "next");
    assert_eq!(session.put("why", json!("my team")), "why~2");
    assert_eq!(session.question().text, "Which team?");
    assert_eq!(code(&session.interview().check_answer("why~1", &json!("late"))), "not open");
    assert_eq!(session.answer(json!("Sales")), "next");
    assert_eq!(asked(&session), ["why?", "Which team?"]);
    assert_eq!(session.put("why", json!("the price")), "next");
    assert_eq!(asked(&session), ["why?", "Which price?"], "and what was said to that one is there still");
}

#[test]
fn a_probe_that_was_only_shown_leaves_its_id_to_no_other() {
    let mut session = probing();
    assert_eq!(session.answer(json!("the price")), "why~1");
    assert_eq!(session.put("why", json!("my team")), "why~2");
    assert_eq!(code(&session.interview().check_answer("why~1", &json!("9 euros"))), "not open");
    assert_eq!(code(&session.interview().check_draft("why~1", &json!("9 eu"))), "not open");
    assert_eq!(session.put("why", json!("its price")), "why~1", "shown again it has it again");
}

#[test]
fn every_question_that_is_listed_as_answered_can_be_opened() {
    let mut session = branching();
    for value in [json!(false), json!("x")] {
        session.answer(value);
    }
    for adult in [true, false, true] {
        session.put("adult", json!(adult));
        if session.current() == "more" {
            assert_eq!(
                asked(&session),
                ["adult?"],
                "what comes after an open question is not on the way yet"
            );
            session.answer(json!("More"));
        }
        for question in session.interview().asked() {
            assert_eq!(session.interview().answered(&question.id), Some(question));
        }
    }
}

#[test]
fn an_answer_to_a_probe_stays_when_the_same_probe_follows() {
    let mut session = probing();
    session.answer(json!("the price"));
    session.answer(json!("9 euros"));
    assert_eq!(session.put("why", json!("the prices")), "next");
    assert_eq!(session.put("why~1", json!("10 euros")), "next");
    assert_eq!(session.put("why", json!("nothing")), "next");
    assert_eq!(asked(&session), ["why?"]);
    assert_eq!(session.put("why", json!("its price")), "next");
    assert_eq!(asked(&session), ["why?", "Which price?"]);
}

#[test]
fn an_answer_of_which_nobody_wrote_down_the_probe_is_to_whichever_is_asked() {
    let mut session = probing();
    session.answer(json!("the price"));
    session.answer(json!("9 euros"));
    session.answers[1].probe = None;
    assert_eq!(session.put("why", json!("my team")), "next");
}
