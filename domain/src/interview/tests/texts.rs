//! Texts with answers in them.

use super::*;

#[test]
fn answers_are_inserted_as_a_person_reads_them_in_the_language_of_the_interview() {
    let piped = json!({"en": "en", "de": "{{q.t|-}}/{{q.s|-}}/{{q.m|-}}/{{q.r|-}}/{{q.y|-}}/{{q.n|-}}/{{var.plan|-}}/{{var.none|-}}"});
    let mut single = question("s", "single_choice");
    single["choices"][1]["label"] = json!({"en": "Bee", "de": "Biene"});
    let mut session = Session::new(json!({
        "schema": 1, "title": {"en": "Hello {{var.plan}}", "de": "Hallo {{var.plan}}"}, "intro": "{{var.none|nobody}}",
        "variables": [{"id": "plan", "type": "string", "default": "free"}, {"id": "none", "type": "number"}],
        "blocks": [{"id": "b", "questions": [question("t", "short_text"), single, question("m", "multi_choice"), question("r", "ranking"),
            question("y", "yes_no"), question("n", "number"), with(with(question("last", "single_choice"), "text", piped.clone()), "help", json!("{{q.t}}"))]}],
        "ends": [{"id": "thanks", "text": "Bye {{q.t|friend}}."}],
    }));
    session.locale = "de-CH";
    session.variables.insert("plan".to_owned(), json!("pro"));
    for value in
        [json!(" Ada "), json!("b"), json!(["a", "c"]), json!(["c", "b", "a"]), json!(true), json!(2.5)]
    {
        session.answer(value);
    }
    let question = session.question();
    assert_eq!(question.text, "Ada/Biene/A, C/1. C, 2. B, 3. A/Ja/2.5/pro/-");
    assert_eq!(question.help.as_deref(), Some("Ada"));
    assert_eq!(
        (session.interview().title().as_str(), session.interview().intro().as_str()),
        ("Hallo pro", "nobody")
    );
}

#[test]
fn what_is_inserted_is_in_the_language_of_the_text_around_it() {
    let mut colour = question("s", "single_choice");
    colour["choices"][1]["label"] = json!({"en": "Red", "de": "Rot"});
    let last = with(question("last", "yes_no"), "text", json!({"de": "{{q.y}}, {{q.s}}"}));
    let last = with(last, "help", json!("{{q.y}}, {{q.s}}"));
    let mut session = Session::asking(&json!([question("y", "yes_no"), colour, last]));
    session.locale = "fr";
    session.answer(json!(true));
    session.answer(json!("b"));
    let question = session.question();
    assert_eq!(question.text, "Ja, Rot");
    assert_eq!(
        question.help.as_deref(),
        Some("Oui, Red"),
        "a text for every language has that of the interview"
    );
}

#[test]
fn a_variable_that_has_another_type_since_the_invite_has_its_default() {
    let last =
        with(question("last", "yes_no"), "text", json!("{{var.seats|-}}, {{var.trial|-}}, {{var.since|-}}"));
    let mut session = Session::new(json!({
        "schema": 1, "title": "Test", "blocks": [{"id": "b", "questions": [last]}], "ends": [{"id": "thanks", "text": "Thanks."}],
        "variables": [{"id": "seats", "type": "number", "default": 1}, {"id": "trial", "type": "bool"}, {"id": "since", "type": "date"}],
    }));
    for (id, before) in [("seats", "many"), ("trial", "yes"), ("since", "yesterday")] {
        session.variables.insert(id.to_owned(), json!(before));
    }
    assert_eq!(session.question().text, "1, -, -");
}

#[test]
fn an_answer_that_looks_like_an_insertion_or_markup_is_only_text() {
    let mut session = Session::asking(&json!([
        question("secret", "short_text"),
        question("name", "short_text"),
        with(question("last", "yes_no"), "text", json!("Hi {{q.name}}!")),
    ]));
    session.answer(json!("hidden"));
    session.answer(json!("{{q.secret}} <b>"));
    assert_eq!(session.question().text, "Hi {{q.secret}} <b>!");
}

#[test]
fn a_skipped_answer_leaves_the_fallback_and_a_long_one_is_cut() {
    let questions = json!([
        with(question("name", "long_text"), "required", json!(false)),
        with(question("last", "yes_no"), "text", json!("Hi {{q.name|there}}!")),
    ]);
    for blank in [json!(null), json!(" ")] {
        let mut session = Session::asking(&questions);
        session.answer(blank);
        assert_eq!(session.question().text, "Hi there!");
    }
    let mut session = Session::asking(&questions);
    session.answer(json!("ü".repeat(2_000)));
    assert_eq!(session.question().text, format!("Hi {}…!", "ü".repeat(1_000)));
}

#[test]
fn what_is_inserted_into_one_question_is_bounded_in_all() {
    let insertions = "{{q.name}}".repeat(20);
    let mut last = with(question("last", "single_choice"), "text", json!(insertions));
    last["choices"] = (0..100).map(|id| json!({"id": format!("c{id}"), "label": insertions})).collect();
    let mut session = Session::asking(&json!([question("name", "long_text"), last]));
    session.answer(json!("ü".repeat(1_000)));
    let question = session.question();
    assert_eq!(question.text, "ü".repeat(20_000), "one text has all of it");
    let labels: Vec<String> = question.choices.unwrap().into_iter().map(|choice| choice.label).collect();
    let inserted: usize = labels.iter().map(|label| label.replace('…', "").len()).sum();
    assert_eq!(question.text.len() + inserted, 64 * 1_024);
    assert_eq!(labels[99], "…".repeat(20));
}
