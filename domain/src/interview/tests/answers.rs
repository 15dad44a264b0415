//! What may be committed, and what kept as a draft.

use super::*;

#[test]
fn only_the_current_question_is_open() {
    let mut session = Session::asking(&json!([question("x", "yes_no"), question("y", "yes_no")]));
    session.answer(json!(true));
    let check = |id: &str| code(&session.interview().check_answer(id, &json!(true)));
    assert_eq!(
        [check("x"), check("y"), check("nobody"), check("y~1")],
        ["already answered", "ok", "not open", "not open"]
    );
    session.answer(json!(true));
    let check = |id: &str| code(&session.interview().check_draft(id, &json!(true)));
    assert_eq!([check("x"), check("nobody")], ["already answered", "over"]);
}

/// Kind, limits, answer, and what is said to it.
#[test]
fn answers_are_checked_by_kind_and_limits() {
    let no = || json!({});
    let table = [
        ("statement", no(), json!(null), "ok"),
        ("statement", no(), json!("read"), "wrong_type"),
        ("consent", no(), json!(true), "ok"),
        ("consent", no(), json!(false), "not_accepted"),
        ("consent", no(), json!("yes"), "wrong_type"),
        ("short_text", no(), json!("x"), "ok"),
        ("short_text", no(), json!(" \n\t"), "required"),
        ("short_text", no(), json!(null), "required"),
        ("short_text", no(), json!(7), "wrong_type"),
        ("short_text", no(), json!("ü".repeat(1_000)), "ok"),
        ("short_text", no(), json!("ü".repeat(1_001)), "too_long"),
        ("long_text", no(), json!("x".repeat(20_000)), "ok"),
        ("long_text", no(), json!("x".repeat(20_001)), "too_long"),
        ("long_text", json!({"min_length": 3, "max_length": 4}), json!("ab"), "too_short"),
        ("long_text", json!({"min_length": 3, "max_length": 4}), json!("abcde"), "too_long"),
        ("short_text", json!({"pattern": "[0-9]{4}|x"}), json!("1234"), "ok"),
        ("short_text", json!({"pattern": "[0-9]{4}|x"}), json!("12345"), "pattern_mismatch"),
        ("email", no(), json!("ada@example.com"), "ok"),
        ("email", no(), json!("ada@example"), "invalid_email"),
        ("email", no(), json!("ada@exa mple.com"), "invalid_email"),
        ("email", no(), json!("@example.com"), "invalid_email"),
        ("email", no(), json!("a@b@example.com"), "invalid_email"),
        ("email", no(), json!("ada@.com"), "invalid_email"),
        ("email", no(), json!(format!("ada@{}.com", "x".repeat(250))), "too_long"),
        ("yes_no", no(), json!(false), "ok"),
        ("yes_no", no(), json!(null), "required"),
        ("yes_no", no(), json!(0), "wrong_type"),
        ("yes_no", no(), json!(""), "wrong_type"),
        ("single_choice", no(), json!("b"), "ok"),
        ("single_choice", no(), json!("d"), "unknown_choice"),
        ("single_choice", no(), json!(["b"]), "wrong_type"),
        ("multi_choice", no(), json!(["c", "a"]), "ok"),
        ("multi_choice", no(), json!([]), "required"),
        ("multi_choice", no(), json!(["a", "a"]), "duplicate_choice"),
        ("multi_choice", no(), json!(["a", 1]), "wrong_type"),
        ("multi_choice", no(), json!("a"), "wrong_type"),
        ("multi_choice", json!({"min_choices": 2, "max_choices": 2}), json!(["a"]), "too_few_choices"),
        (
            "multi_choice",
            json!({"min_choices": 2, "max_choices": 2}),
            json!(["a", "b", "c"]),
            "too_many_choices",
        ),
        ("ranking", no(), json!(["c", "a", "b"]), "ok"),
        ("ranking", no(), json!(["c", "a"]), "incomplete_ranking"),
        ("ranking", no(), json!(["c", "a", "a"]), "duplicate_choice"),
        ("ranking", no(), json!(["c", "a", "d"]), "unknown_choice"),
        ("rating", no(), json!(5), "ok"),
        ("rating", no(), json!(5.0), "ok"),
        ("rating", no(), json!(0), "too_small"),
        ("rating", no(), json!(6), "too_large"),
        ("rating", no(), json!(2.5), "not_whole"),
        ("rating", json!({"min": 0, "max": 10}), json!(0), "ok"),
        ("number", no(), json!(-1.5e300), "ok"),
        ("number", no(), json!("7"), "wrong_type"),
        ("number", json!({"min": 0, "max": 1}), json!(-0.1), "too_small"),
        ("number", json!({"min": 0, "max": 1}), json!(1.1), "too_large"),
        ("date", no(), json!("2024-02-29"), "ok"),
        ("date", no(), json!("2023-02-29"), "invalid_date"),
        ("date", no(), json!("20240229"), "invalid_date"),
        ("date", no(), json!("2024-2-29"), "invalid_date"),
        ("date", no(), json!("2024-02-29T00:00"), "invalid_date"),
        ("date", no(), json!("----------"), "invalid_date"),
        ("date", json!({"min": "2024-01-01", "max": "2024-12-31"}), json!("2023-12-31"), "too_early"),
        ("date", json!({"min": "2024-01-01", "max": "2024-12-31"}), json!("2025-01-01"), "too_late"),
    ];
    for (kind, validate, value, expected) in table {
        let session = Session::asking(&json!([with(question("q", kind), "validate", validate.clone())]));
        assert_eq!(
            session.check(&value),
            expected,
            "{kind} {validate} {}",
            value.to_string().get(..40.min(value.to_string().len())).unwrap_or("…")
        );
    }
}

#[test]
fn a_question_that_is_not_required_is_skipped_by_null_or_by_nothing_in_it() {
    for kind in [
        "consent",
        "short_text",
        "long_text",
        "email",
        "yes_no",
        "single_choice",
        "multi_choice",
        "ranking",
        "rating",
        "number",
        "date",
    ] {
        let session = Session::asking(&json!([with(question("q", kind), "required", json!(false))]));
        assert_eq!(session.check(&json!(null)), "ok", "{kind}");
        assert_eq!(session.check(&json!({})), "wrong_type", "{kind}");
    }
    for (kind, value) in [
        ("long_text", json!(" ")),
        ("email", json!("")),
        ("multi_choice", json!([])),
        ("ranking", json!([])),
        ("consent", json!(false)),
    ] {
        let session = Session::asking(&json!([with(question("q", kind), "required", json!(false))]));
        assert_eq!(session.check(&value), "ok", "{kind}");
    }
}

#[test]
fn what_nobody_can_see_is_no_answer() {
    let session = Session::asking(&json!([question("q", "short_text")]));
    for nothing in ["\u{200b}", " \u{200e}\u{feff}\n", "\u{ad}", "\u{3164}", "\u{0}", "\u{e0020}", "\u{fe0f}"]
    {
        assert_eq!(session.check(&json!(nothing)), "required", "{nothing:?}");
    }
    // Between what is seen they have their use.
    for something in ["👩\u{200d}🔬", "می\u{200c}خواهم", "-", "❤\u{fe0f}"] {
        assert_eq!(session.check(&json!(something)), "ok", "{something:?}");
    }
}

#[test]
fn a_draft_may_break_limits_but_not_the_shape() {
    let table = [
        ("short_text", json!("x".repeat(1_001)), "ok"),
        ("long_text", json!("x".repeat(100_001)), "too_long"),
        ("short_text", json!(7), "wrong_type"),
        ("long_text", json!(null), "ok"),
        ("email", json!("ada@"), "ok"),
        ("number", json!("1."), "ok"),
        ("number", json!("1".repeat(101)), "too_long"),
        ("number", json!([]), "wrong_type"),
        ("rating", json!(99), "ok"),
        ("date", json!("2024-"), "ok"),
        ("multi_choice", json!(["a", "a"]), "ok"),
        ("multi_choice", json!(["a", "b", "c", "a"]), "wrong_type"),
        ("ranking", json!(["a"]), "ok"),
        ("ranking", json!([["a"]]), "wrong_type"),
        ("single_choice", json!({}), "wrong_type"),
        ("yes_no", json!(true), "ok"),
        ("statement", json!("x"), "wrong_type"),
    ];
    for (kind, value, expected) in table {
        let session = Session::asking(&json!([question("q", kind)]));
        assert_eq!(code(&session.interview().check_draft("q", &value)), expected, "{kind}");
    }
}

#[test]
fn the_question_tells_the_limits_that_hold() {
    let limits = |kind: &str| {
        let session = Session::asking(&json!([question("q", kind)]));
        serde_json::to_value(session.question().validate).unwrap()
    };
    assert_eq!(limits("short_text"), json!({"max_length": 1_000}));
    assert_eq!(limits("long_text"), json!({"max_length": 20_000}));
    assert_eq!(limits("email"), json!({"max_length": 254}));
    assert_eq!(limits("rating"), json!({"min_value": 1.0, "max_value": 5.0}));
    assert_eq!(limits("multi_choice"), json!({"min_choices": 1}));
    assert_eq!(limits("yes_no"), json!({}));
}
