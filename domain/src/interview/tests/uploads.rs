//! Files and recordings: what participants are told, and what an answer holds.

use super::*;

fn limited(kind: &str, limits: Value) -> Session {
    Session::asking(&json!([with(question("q", kind), "validate", limits)]))
}

#[test]
fn the_limits_that_hold_are_always_told() {
    let told =
        |kind: &str, limits: Value| serde_json::to_value(limited(kind, limits).question().validate).unwrap();
    assert_eq!(told("file", json!({})), json!({"min_choices": 1, "max_choices": 1, "max_bytes": 26_214_400}));
    let recording =
        |range: &str| json!({"accept": [range], "max_bytes": 104_857_600, "max_duration_ms": 300_000});
    assert_eq!(told("audio", json!({})), recording("audio/*"));
    assert_eq!(told("video", json!({})), recording("video/*"));
    let own = json!({"accept": ["video/mp4"], "max_bytes": 5, "max_duration_ms": 1_000});
    assert_eq!(told("video", own.clone()), own);
    let own = json!({"accept": ["image/*"], "max_bytes": 5, "min_choices": 2, "max_choices": 3});
    assert_eq!(told("file", own.clone()), own);
}

#[test]
fn a_server_that_takes_less_than_the_guide_allows_says_so() {
    let questions = json!([question("q", "file"), question("r", "short_text")]);
    let mut guide: Guide = serde_json::from_value(json!({
        "schema": 1, "title": "Test", "blocks": [{"id": "b", "questions": questions}], "ends": [{"id": "e", "text": "Bye."}],
    }))
    .unwrap();
    let most = |guide: &Guide| {
        let mut questions = guide.blocks[0].questions.iter();
        let mut next = || effective_limits(questions.next().unwrap()).max_bytes;
        (next(), next())
    };
    guide.limit_uploads(1 << 40);
    assert_eq!(most(&guide), (Some(26_214_400), None));
    guide.limit_uploads(1_000);
    assert_eq!(most(&guide), (Some(1_000), None));
}

#[test]
fn how_a_recording_goes_is_told_as_it_is_written() {
    let recording = json!({"think_time_ms": 30_000, "max_retakes": 2});
    let asked =
        |question: Value| serde_json::to_value(Session::asking(&json!([question])).question()).unwrap();
    assert_eq!(asked(with(question("q", "audio"), "recording", recording.clone()))["recording"], recording);
    assert_eq!(asked(with(question("q", "video"), "recording", json!({})))["recording"], json!({}));
    assert_eq!(asked(question("q", "video")).get("recording"), None);
}

#[test]
fn an_answer_holds_ids_of_uploads_and_nothing_else() {
    let two = || json!({"max_choices": 2, "min_choices": 2});
    for (kind, limits, value, expected) in [
        ("file", json!({}), json!(["upl_1"]), "ok"),
        ("file", json!({}), json!(["upl_1", "upl_2"]), "too_many_files"),
        ("file", two(), json!(["upl_1"]), "too_few_files"),
        ("file", two(), json!(["upl_1", "upl_2"]), "ok"),
        ("file", two(), json!(["upl_1", "upl_1"]), "duplicate_upload"),
        ("file", json!({}), json!([]), "required"),
        ("file", json!({}), json!(null), "required"),
        ("file", json!({}), json!("upl_1"), "wrong_type"),
        ("file", json!({}), json!(["photo.png"]), "wrong_type"),
        ("file", json!({}), json!([7]), "wrong_type"),
        ("audio", json!({}), json!("upl_1"), "ok"),
        ("audio", json!({}), json!(["upl_1"]), "wrong_type"),
        ("audio", json!({}), json!("ses_1"), "wrong_type"),
        ("audio", json!({}), json!(""), "wrong_type"),
        ("video", json!({}), json!(null), "required"),
        ("video", json!({}), json!({"id": "upl_1"}), "wrong_type"),
    ] {
        assert_eq!(limited(kind, limits.clone()).check(&value), expected, "{kind} {limits} {value}");
    }
    let optional = with(question("q", "audio"), "required", json!(false));
    assert_eq!(Session::asking(&json!([optional])).check(&json!(null)), "ok");
}

#[test]
fn a_draft_holds_those_that_are_there_so_far() {
    let draft = |kind: &str, value: Value| {
        let session = limited(
            kind,
            if kind == "file" { json!({"max_choices": 2, "min_choices": 2}) } else { json!({}) },
        );
        code(&session.interview().check_draft("q", &value))
    };
    assert_eq!(draft("file", json!(["upl_1"])), "ok");
    assert_eq!(draft("file", json!([])), "ok");
    assert_eq!(draft("file", json!(["upl_1", "upl_2", "upl_3"])), "wrong_type");
    assert_eq!(draft("file", json!(["photo.png"])), "wrong_type");
    assert_eq!(draft("audio", json!("upl_1")), "ok");
    assert_eq!(draft("audio", json!(null)), "ok");
    assert_eq!(draft("audio", json!("anything")), "wrong_type");
}

#[test]
fn only_the_current_question_takes_uploads_and_only_if_it_is_for_them() {
    let mut session =
        Session::asking(&json!([question("x", "file"), question("y", "short_text"), question("z", "audio")]));
    let open = |session: &Session, id: &str| code(&session.interview().check_upload(id).map(drop));
    assert_eq!(
        [open(&session, "x"), open(&session, "y"), open(&session, "z")],
        ["ok", "not open", "not open"]
    );
    session.answer(json!(["upl_1"]));
    assert_eq!([open(&session, "x"), open(&session, "y")], ["already answered", "not open"]);
    session.answer(json!("text"));
    assert_eq!(open(&session, "z"), "ok");
    session.answer(json!("upl_2"));
    assert_eq!(open(&session, "nobody"), "over");
}

#[test]
fn what_was_sent_is_known_by_whether_it_is_there_and_how_many() {
    let answered = json!({"op": "answered", "args": [{"q": "x"}]});
    let two = json!({"op": "eq", "args": [{"op": "count", "args": [{"q": "x"}]}, {"lit": 2}]});
    let files =
        with(with(question("x", "file"), "required", json!(false)), "validate", json!({"max_choices": 3}));
    let next = |value: Value| {
        let mut session = Session::asking(&json!([
            files.clone(),
            with(question("two", "yes_no"), "show_if", two.clone()),
            with(question("some", "yes_no"), "show_if", answered.clone())
        ]));
        session.answer(value)
    };
    assert_eq!(next(json!(["upl_1", "upl_2"])), "two");
    assert_eq!(next(json!(["upl_1"])), "some");
    assert_eq!(next(json!(null)), "end thanks");
}
