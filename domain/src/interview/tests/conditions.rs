//! Conditions, operator by operator.

use super::*;

/// Whether a question with this condition is asked after these answers to one question of each kind.
fn shows(condition: &Value, answers: &[(&str, Value)]) -> bool {
    let kinds = ["short_text", "single_choice", "multi_choice", "yes_no", "number", "date", "ranking"];
    let mut questions: Vec<Value> =
        kinds.iter().map(|kind| with(question(kind, kind), "required", json!(false))).collect();
    questions.push(with(question("last", "statement"), "show_if", condition.clone()));
    let mut session = Session::new(json!({
        "schema": 1, "title": "Test", "blocks": [{"id": "b", "questions": questions}], "ends": [{"id": "thanks", "text": "Thanks."}],
        "variables": [{"id": "plan", "type": "string", "default": "free"}, {"id": "since", "type": "date"}, {"id": "beta", "type": "boolean"}],
    }));
    session.variables.insert("beta".to_owned(), json!(true));
    for kind in kinds {
        let value =
            answers.iter().find(|(id, _)| *id == kind).map_or(Value::Null, |(_, value)| value.clone());
        session.answer(value);
    }
    session.current() == "last"
}

#[test]
fn operators_do_what_their_names_say() {
    let q = |id: &str| json!({ "q": id });
    let var = |id: &str| json!({ "var": id });
    let lit = |value: Value| json!({ "lit": value });
    let op = |op: &str, args: Value| json!({ "op": op, "args": args });
    let t = || lit(json!(true));
    let f = || lit(json!(false));
    let answers = [
        ("short_text", json!("Größe XL")),
        ("single_choice", json!("b")),
        ("multi_choice", json!(["a", "c"])),
        ("yes_no", json!(true)),
        ("number", json!(7)),
        ("date", json!("2026-03-01")),
    ];
    let table = [
        (op("and", json!([t(), t()])), true),
        (op("and", json!([t(), f()])), false),
        (op("or", json!([f(), t()])), true),
        (op("or", json!([f()])), false),
        (op("not", json!([f()])), true),
        (q("yes_no"), true),
        (var("beta"), true),
        (op("eq", json!([q("number"), lit(json!(7.0))])), true),
        (op("ne", json!([q("number"), lit(json!(7))])), false),
        (op("lt", json!([q("number"), lit(json!(7))])), false),
        (op("le", json!([q("number"), lit(json!(7))])), true),
        (op("gt", json!([q("number"), lit(json!(6.5))])), true),
        (op("ge", json!([q("number"), lit(json!(7.5))])), false),
        (op("lt", json!([q("date"), lit(json!("2026-10-01"))])), true),
        (op("gt", json!([lit(json!("2026-03-02")), q("date")])), true),
        (op("eq", json!([q("single_choice"), lit(json!("b"))])), true),
        (op("eq", json!([var("plan"), lit(json!("free"))])), true),
        (op("in", json!([q("single_choice"), lit(json!(["a", "b"]))])), true),
        (op("in", json!([q("number"), lit(json!([1, 2]))])), false),
        (op("in", json!([q("single_choice"), q("multi_choice")])), false),
        (op("contains", json!([q("multi_choice"), lit(json!("c"))])), true),
        (op("contains", json!([q("multi_choice"), lit(json!("b"))])), false),
        (op("contains", json!([q("short_text"), lit(json!("GRÖSSE"))])), false),
        (op("contains", json!([q("short_text"), lit(json!("GRÖ"))])), true),
        (op("answered", json!([q("short_text")])), true),
        (op("answered", json!([q("ranking")])), false),
        (op("answered", json!([var("plan")])), true),
        (op("answered", json!([var("since")])), false),
        (op("eq", json!([op("count", json!([q("multi_choice")])), lit(json!(2))])), true),
        (op("eq", json!([op("count", json!([q("ranking")])), lit(json!(0))])), true),
        (op("eq", json!([op("len", json!([q("short_text")])), lit(json!(8))])), true),
    ];
    for (condition, expected) in table {
        assert_eq!(shows(&condition, &answers), expected, "{condition}");
    }
}

#[test]
fn a_comparison_with_something_unanswered_is_false_except_that_it_differs() {
    let number = json!([{"q": "number"}, {"lit": 0}]);
    let text = json!([{"q": "short_text"}, {"lit": ""}]);
    for (op, args, expected) in [
        ("eq", &number, false),
        ("lt", &number, false),
        ("le", &number, false),
        ("gt", &number, false),
        ("ge", &number, false),
        ("ne", &number, true),
        ("contains", &text, false),
        ("eq", &text, false),
    ] {
        assert_eq!(shows(&json!({"op": op, "args": args}), &[]), expected, "{op}");
        assert_eq!(
            shows(&json!({"op": op, "args": args}), &[("short_text", json!("  "))]),
            expected,
            "blank {op}"
        );
    }
    assert!(!shows(&json!({"q": "yes_no"}), &[]));
}

#[test]
fn an_answer_is_lower_cased_once_however_many_conditions_look_for_a_word_in_it() {
    let text = question("text", "long_text");
    let contains = |word: &str| json!({"op": "contains", "args": [{"q": "text"}, {"lit": word}]});
    let mut questions = vec![text];
    for number in 0..40 {
        let words: Vec<Value> = ["Alpha", "Beta", "Gamma"].iter().map(|word| contains(word)).collect();
        let more = question(&format!("q{number}"), "yes_no");
        questions.push(with(more, "show_if", json!({"op": "or", "args": words})));
    }
    let mut session = Session::asking(&json!(questions));
    let answer = "Nothing of that. ".repeat(1_000);
    assert_eq!(session.answer(json!(answer)), "end thanks");
    let work = session.interview().walk.known.searches.work.get();
    // 120 words in 120 places of the guide are looked for once each, and the answer is lower-cased once.
    assert!(work <= 121 * answer.len() + 2_000, "{work}");
}
