//! Stories about the way back: an earlier question is shown with its answer, which is changed by a commit or left as it was.

use super::{queue::text, *};
use crate::{outbox, reply::Given};

fn given(id: &str, words: Option<Value>) -> Given {
    Given { question_id: id.to_owned(), text: "?".to_owned(), words, seq: 1 }
}

fn answered(turn: Turn, answers: Vec<Given>) -> Snapshot {
    let mut snapshot = snapshot(turn);
    snapshot.campaign.allow_back = true;
    Snapshot { answers, has_answers: true, ..snapshot }
}

/// At `q3`; `q1` and `q2` are answered.
fn at_third() -> Bench {
    let mut bench = Bench::owned();
    bench.take(queue::read(Some(Vec::new())));
    let answers = ["q1", "q2"].map(|id| given(id, Some(json!("old")))).into();
    bench.started(answered(text("q3"), answers));
    bench
}

impl Bench {
    fn back_to(&mut self, id: &str) -> Vec<Effect> {
        let effects = self.take(Action::WentBack(id.to_owned()));
        assert_eq!(effects, [Effect::Look(id.to_owned())]);
        self.found(id, json!("old"))
    }

    fn found(&mut self, id: &str, value: Value) -> Vec<Effect> {
        let question = QuestionView { id: id.to_owned(), ..fixtures::question(QuestionKind::ShortText) };
        self.take(Action::Looked { question_id: id.to_owned(), found: Some(Box::new((question, value))) })
    }

    fn before(&self) -> Option<&str> {
        self.state.before().map(|answer| answer.question_id.as_str())
    }
}

fn typed(text: &str) -> Input {
    Input::Text(text.to_owned())
}

#[test]
fn an_earlier_question_comes_with_its_answer_and_goes_without_a_change() {
    let mut bench = at_third();
    bench.type_text("half a");
    let effects = bench.back_to("q2");
    assert!(effects.contains(&Effect::FocusScreen));
    assert!(effects.iter().any(|effect| matches!(effect, Effect::SaveDraft(id, _) if id == "q3")));
    assert_eq!((bench.on_screen(), &bench.state.input, bench.before()), ("q2", &typed("old"), Some("q1")));
    let effects = bench.take(Action::KeptAsItWas);
    assert!(sends(&effects).is_empty());
    assert_eq!((bench.on_screen(), &bench.state.input, bench.before()), ("q3", &typed("half a"), Some("q2")));
}

#[test]
fn files_for_a_change_that_is_not_made_are_not_kept_on_the_device() {
    let mut bench = at_third();
    bench.take(Action::WentBack("q2".to_owned()));
    let question = QuestionView { id: "q2".to_owned(), ..fixtures::question(QuestionKind::Audio) };
    let found = Some(Box::new((question, json!(["upl_1"]))));
    bench.take(Action::Looked { question_id: "q2".to_owned(), found });
    bench.take(Action::Edited(Input::Uploads { ids: vec!["upl_2".to_owned()], is_ready: true }));
    let effects = bench.take(Action::KeptAsItWas);
    assert!(effects.contains(&Effect::ForgetMedia("q2".to_owned())), "{effects:?}");
}

#[test]
fn what_is_typed_into_an_earlier_question_is_no_draft_for_the_server() {
    let mut bench = at_third();
    bench.back_to("q1");
    bench.type_text("new");
    let effects = bench.take(Action::TimerFired(Timer::Draft));
    assert!(matches!(effects.as_slice(), [Effect::Keep { .. }]), "{effects:?}");
    assert!(!bench.state.can_go_back(), "it is to be sent or left first");
    assert_eq!(bench.before(), None);
}

#[test]
fn a_change_that_was_begun_is_there_again_after_a_pause_and_a_reload() {
    let mut records = Vec::new();
    let mut bench = at_third();
    bench.back_to("q1");
    bench.type_text("new");
    queue::stored(&bench.take(Action::PauseRequested), &mut records);
    bench.take(Action::Continued);
    bench.reply(Ok(at_third_still(&["q1", "q2"])));
    assert_eq!(bench.on_screen(), "q3");
    bench.back_to("q1");
    assert_eq!(bench.state.input, typed("new"));

    let mut bench = Bench::owned();
    bench.take(queue::read(Some(records)));
    let answers = ["q1", "q2"].map(|id| given(id, Some(json!("old")))).into();
    bench.started(answered(text("q3"), answers));
    assert_eq!(bench.state.input, typed(""));
    bench.back_to("q1");
    assert_eq!(bench.state.input, typed("new"));
    bench.take(Action::KeptAsItWas);
    bench.back_to("q1");
    assert_eq!(bench.state.input, typed("old"), "it was left");
}

#[test]
fn a_changed_answer_is_committed_and_leads_where_the_server_says() {
    let mut bench = at_third();
    bench.back_to("q1");
    bench.answer("new");
    assert_eq!(bench.pending_answer().value, json!("new"));
    let effects = bench.reply(Ok(Reply::Course(course([text("q9")]))));
    assert_eq!(events(&effects), [&Event::Answer { question_id: "q1".to_owned() }]);
    assert_eq!(sends(&effects), [&Call::Refresh], "what else is answered still, the server tells");
    let answers = vec![given("q1", Some(json!("new")))];
    bench.reply(Ok(Reply::Snapshot(Box::new(answered(text("q9"), answers)))));
    assert_eq!(
        (bench.on_screen(), bench.before(), bench.state.changing.is_some()),
        ("q9", Some("q1"), false)
    );
}

#[test]
fn what_was_typed_before_is_there_again_after_the_questions_that_a_change_leads_to() {
    let mut bench = at_third();
    bench.type_text("half a");
    bench.back_to("q1");
    bench.answer("new");
    bench.reply(Ok(Reply::Course(course([text("q9")]))));
    let answers = ["q1"].map(|id| given(id, Some(json!("new")))).into();
    bench.reply(Ok(Reply::Snapshot(Box::new(answered(text("q9"), answers)))));
    bench.type_text("a c");
    bench.take(Action::TimerFired(Timer::Draft));
    bench.answer("a cat");
    bench.reply(Ok(Reply::Course(course([text("q3")]))));
    assert_eq!((bench.on_screen(), &bench.state.input), ("q3", &typed("half a")));
    let effects = bench.take(Action::TimerFired(Timer::Draft));
    assert!(
        effects.iter().any(|effect| matches!(effect, Effect::SaveDraft(id, _) if id == "q3")),
        "{effects:?}"
    );
    bench.answer("half a thought");
    assert_eq!(bench.state.drafts, []);
}

#[test]
fn what_was_typed_into_two_questions_is_there_again_after_a_reload() {
    let mut bench = at_third();
    let mut records = queue::on_device(&[text("q3")]);
    bench.type_text("half a");
    queue::stored(&bench.take(Action::TimerFired(Timer::Draft)), &mut records);
    let effects = bench.back_to("q1");
    queue::stored(&effects, &mut records);
    bench.type_text("ne");
    queue::stored(&bench.take(Action::TimerFired(Timer::Draft)), &mut records);

    let mut bench = Bench::owned();
    bench.take(queue::read(Some(records.clone())));
    let answers = ["q1", "q2"].map(|id| given(id, Some(json!("old")))).into();
    bench.started(answered(text("q3"), answers));
    assert_eq!((bench.on_screen(), &bench.state.input), ("q3", &typed("half a")));
    bench.back_to("q1");
    assert_eq!((bench.on_screen(), &bench.state.input), ("q1", &typed("ne")));

    // What is answered, or left as it was, is no draft any more.
    queue::stored(&bench.take(Action::KeptAsItWas), &mut records);
    bench.type_text("half a thought");
    queue::stored(&bench.take(Action::Submitted), &mut records);
    assert_eq!(outbox::read(&records).drafts, []);
}

#[test]
fn an_answer_given_on_another_way_comes_after_the_one_that_led_there() {
    let mut bench = at_third();
    bench.back_to("q1");
    bench.answer("new");
    bench.reply(Ok(Reply::Course(course([text("q9")]))));
    bench.take(Action::TimerFired(Timer::GoOn));
    assert_eq!((bench.on_screen(), bench.before()), ("q9", Some("q1")));
}

#[test]
fn a_refused_change_is_corrected_or_left() {
    let mut bench = at_third();
    bench.back_to("q1");
    bench.answer("bad");
    bench.reply(Err(refused(ErrorCode::ValidationFailed)));
    assert_eq!((bench.on_screen(), bench.state.fault.is_some()), ("q1", true));
    bench.take(Action::KeptAsItWas);
    assert_eq!((bench.on_screen(), &bench.state.correcting, &bench.state.fault), ("q3", &None, &None));
}

#[test]
fn there_is_no_way_back_without_a_connection_or_while_an_answer_waits() {
    let mut bench = at_third();
    bench.ambient.is_offline.set(true);
    assert!(bench.take(Action::WentBack("q1".to_owned())).is_empty());
    bench.ambient.is_offline.set(false);
    bench.answer("three");
    assert!(bench.take(Action::WentBack("q1".to_owned())).is_empty());
}

#[test]
fn a_question_that_cannot_be_had_makes_it_ask_where_the_interview_stands() {
    let mut bench = at_third();
    bench.take(Action::WentBack("q1".to_owned()));
    let effects = bench.take(Action::Looked { question_id: "q1".to_owned(), found: None });
    assert_eq!((sends(&effects), bench.on_screen()), (vec![&Call::Refresh], "q3"));
}

/// The first question was asked for, and the reply to that was lost.
fn lost_on_the_way_back() -> Bench {
    let mut bench = at_third();
    bench.take(Action::WentBack("q1".to_owned()));
    bench.take(Action::Looked { question_id: "q1".to_owned(), found: None });
    bench
}

fn at_third_still(answers: &[&str]) -> Reply {
    let answers = answers.iter().map(|id| given(id, Some(json!("old")))).collect();
    Reply::Snapshot(Box::new(answered(text("q3"), answers)))
}

#[test]
fn a_question_that_did_not_come_is_asked_for_once_more_when_the_server_is_there() {
    let mut bench = lost_on_the_way_back();
    assert!(bench.take(Action::WentBack("q1".to_owned())).is_empty(), "it is being seen to");
    let effects = bench.reply(Ok(at_third_still(&["q1", "q2"])));
    assert!(effects.contains(&Effect::Look("q1".to_owned())), "{effects:?}");
    bench.found("q1", json!("old"));
    assert_eq!((bench.on_screen(), &bench.state.opening), ("q1", &None));
}

#[test]
fn a_question_that_does_not_come_twice_is_left_until_the_button_is_pressed_again() {
    let mut bench = lost_on_the_way_back();
    bench.reply(Ok(at_third_still(&["q1", "q2"])));
    let effects = bench.take(Action::Looked { question_id: "q1".to_owned(), found: None });
    assert_eq!(sends(&effects), [&Call::Refresh]);
    let effects = bench.reply(Ok(at_third_still(&["q1", "q2"])));
    assert!(!effects.iter().any(|effect| matches!(effect, Effect::Look(_))), "{effects:?}");
    bench.back_to("q1");
    assert_eq!(bench.on_screen(), "q1");
}

#[test]
fn a_question_that_is_not_answered_any_more_or_that_the_person_has_left_is_not_asked_for_again() {
    let mut bench = lost_on_the_way_back();
    let effects = bench.reply(Ok(at_third_still(&["q2"])));
    assert!(!effects.iter().any(|effect| matches!(effect, Effect::Look(_))), "{effects:?}");

    let mut bench = lost_on_the_way_back();
    bench.type_text("on my way");
    let effects = bench.reply(Ok(at_third_still(&["q1", "q2"])));
    assert!(!effects.iter().any(|effect| matches!(effect, Effect::Look(_))), "{effects:?}");
    assert_eq!((bench.on_screen(), &bench.state.input), ("q3", &typed("on my way")));
}

#[test]
fn labels_that_are_not_known_are_fetched_one_after_another() {
    let mut bench = at_third();
    bench.state.answers = vec![given("q1", None), given("q2", None)];
    assert_eq!(bench.take(Action::Listed), [Effect::Look("q1".to_owned())]);
    assert!(bench.take(Action::Listed).is_empty());
    assert_eq!(bench.found("q1", json!("one")), [Effect::Look("q2".to_owned())]);
    assert!(bench.found("q2", json!("two")).is_empty());
    assert_eq!((bench.state.answers[0].words.as_ref(), bench.on_screen()), (Some(&json!("one")), "q3"));
}

#[test]
fn a_follow_up_stands_below_its_question() {
    let mut answers = vec![given("q1", None), given("q2", None)];
    crate::reply::put_answer(&mut answers, given("q1~1", None));
    crate::reply::put_answer(&mut answers, given("q1~2", None));
    let ids: Vec<&str> = answers.iter().map(|answer| answer.question_id.as_str()).collect();
    assert_eq!(ids, ["q1", "q1~1", "q1~2", "q2"]);
}

#[test]
fn answers_are_held_only_where_the_guide_lets_them_be_changed() {
    let mut bench = Bench::ahead();
    bench.answer("Ada");
    bench.reply(Ok(Reply::Course(course([text("q2")]))));
    assert!(bench.state.answers.is_empty() && !bench.state.has_way_back());
}

#[test]
fn a_session_that_ran_out_during_a_change_is_opened_again_behind_it() {
    let mut bench = at_third();
    bench.back_to("q2");
    bench.type_text("new");
    assert_eq!(sends(&bench.take(Action::Expired)), [&Call::Start]);
    let answers = ["q1", "q2"].map(|id| given(id, Some(json!("old")))).into();
    bench.started(answered(text("q3"), answers));
    assert_eq!((bench.on_screen(), &bench.state.input), ("q2", &typed("new")));
    assert!(bench.state.changing.is_some());
}

#[test]
fn an_earlier_question_comes_without_the_time_it_had() {
    let mut bench = at_third();
    bench.take(Action::WentBack("q1".to_owned()));
    let question = QuestionView {
        id: "q1".to_owned(),
        time_limit_ms: Some(60_000),
        ..fixtures::question(QuestionKind::ShortText)
    };
    let found = Some(Box::new((question, json!("old"))));
    bench.take(Action::Looked { question_id: "q1".to_owned(), found });
    assert_eq!((bench.on_screen(), bench.state.time_left_s), ("q1", None));
    assert!(bench.take(Action::TimerFired(Timer::Limit)).is_empty());
    assert_eq!(bench.state.time_left_s, None);
}
