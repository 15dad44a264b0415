//! Stories about what is tried again: the same as before, and nothing that the person did not mean.

use super::{queue::text, *};

fn refuse(bench: &mut Bench) {
    bench.reply(Err(refused(ErrorCode::Forbidden)));
    assert_eq!(bench.state.save, Save::Refused);
}

#[test]
fn a_refusal_that_was_not_taken_is_repeated_as_a_refusal() {
    let mut bench = Bench::at(Turn::Consent { progress: 0.0 });
    bench.take(Action::ConsentToggled("rec".to_owned()));
    for _ in 0..2 {
        bench.take(Action::ConsentDeclined);
    }
    refuse(&mut bench);
    assert_eq!(sends(&bench.take(Action::Again)), [&Call::Consent(Vec::new())]);
}

#[test]
fn a_refusal_that_is_on_its_way_cannot_be_called_back() {
    let mut bench = Bench::at(Turn::Consent { progress: 0.0 });
    for _ in 0..2 {
        bench.take(Action::ConsentDeclined);
    }
    bench.reply(Err(Problem::Unreachable));
    assert!(bench.take(Action::DeclineCancelled).is_empty());
    assert!(bench.state.is_declining);
}

#[test]
fn a_question_that_was_left_out_is_left_out_again() {
    let mut bench = Bench::at_question();
    bench.type_text("never mind");
    bench.take(Action::Skipped);
    refuse(&mut bench);
    bench.take(Action::Again);
    assert_eq!(bench.pending_answer().value, Value::Null);
}

#[test]
fn nothing_is_said_to_be_on_its_way_while_an_answer_is_corrected() {
    let mut bench = Bench::ahead();
    bench.answer("Ada");
    bench.take(Action::TimerFired(Timer::GoOn));
    bench.answer("Lovelace");
    bench.reply(Err(refused(ErrorCode::ValidationFailed)));
    assert_eq!((bench.on_screen(), bench.state.queue.len()), ("q1", 1));
    bench.type_text("Ada A");
    assert_eq!(bench.state.save, Save::Idle);
}

#[test]
fn a_reply_of_408_is_asked_again() {
    let mut bench = Bench::at_question();
    bench.type_text("Ada");
    bench.take(Action::Submitted);
    let Problem::Refused(mut error) = refused(ErrorCode::InvalidRequest) else { panic!("is refused") };
    error.status = 408;
    let effects = bench.reply(Err(Problem::Refused(error)));
    assert_eq!(effects, [Effect::SetTimer(Timer::Retry, 1_000)]);
}

#[test]
fn a_session_that_was_opened_again_can_be_opened_once_more_later() {
    let mut bench = Bench::at_question();
    for _ in 0..2 {
        bench.take(Action::PauseRequested);
        assert_eq!(sends(&bench.take(Action::Continued)), [&Call::Refresh]);
        assert_eq!(sends(&bench.reply(Err(refused(ErrorCode::Unauthorized)))), [&Call::Start]);
        bench.started(snapshot(text("q1")));
    }
    assert_eq!(bench.on_screen(), "q1");
}

#[test]
fn an_answer_that_waited_for_a_line_for_longer_than_a_session_token_lives_has_the_session_opened_once_more() {
    let mut bench = Bench::at_question();
    bench.type_text("Ada");
    bench.take(Action::Submitted);
    for _ in 0..2 {
        assert_eq!(sends(&bench.reply(Err(refused(ErrorCode::Unauthorized)))), [&Call::Start]);
        bench.started(snapshot(text("q1")));
        assert_eq!(bench.pending_answer().value, "Ada");
        bench.reply(Err(Problem::Unreachable));
        bench.take(Action::TimerFired(Timer::Retry));
    }
    bench.reply(Err(refused(ErrorCode::Unauthorized)));
    bench.started(snapshot(text("q1")));
    bench.reply(Err(refused(ErrorCode::Unauthorized)));
    assert_eq!(
        bench.state.screen,
        Screen::Failed(Failure::Unauthorized),
        "what never works is not tried for ever"
    );
}

#[test]
fn while_the_server_is_asked_what_comes_an_answered_question_is_not_shown_again() {
    let mut bench = Bench::ahead();
    bench.state.must_refresh = true;
    bench.answer("Ada");
    let effects = bench.reply(Ok(Reply::Course(course([text("q2"), text("q3")]))));
    assert_eq!(sends(&effects), [&Call::Refresh]);
    assert!(effects.contains(&Effect::SetTimer(Timer::GoOn, GO_ON_MS)));
    bench.take(Action::TimerFired(Timer::GoOn));
    assert_eq!(bench.on_screen(), "q2");
}
