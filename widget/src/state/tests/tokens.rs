//! Stories about tokens: how the session is opened again, and what `getInviteToken` may bring.

use super::{queue::*, *};

/// `{"iss":"https://api.example","jti":"inv_2"}`
const ANOTHER: &str = "e30.eyJpc3MiOiJodHRwczovL2FwaS5leGFtcGxlIiwianRpIjoiaW52XzIifQ.c2ln";

/// Two answers wait; the invite has expired, and the page is asked for another token.
fn expired() -> Bench {
    let mut bench = Bench::ahead();
    bench.state.can_ask_for_token = true;
    bench.ambient.is_offline.set(true);
    bench.answer("one");
    bench.answer("two");
    bench.ambient.is_offline.set(false);
    assert_eq!(sends(&bench.reply(Err(refused(ErrorCode::Unauthorized)))), [&Call::Start]);
    let effects = bench.reply(Err(refused(ErrorCode::InviteExpired)));
    assert!(
        effects.contains(&Effect::AskForToken) && effects.contains(&Effect::SetTimer(Timer::Token, 30_000))
    );
    bench
}

fn given(token: &str) -> Action {
    Action::TokenGiven(Some(token.to_owned()))
}

#[test]
fn an_invite_that_expired_is_renewed_once_and_the_queue_goes_on() {
    let mut bench = expired();
    let token = bench.state.invite_token.clone().unwrap();
    assert_eq!(sends(&bench.take(given(&token))), [&Call::Start]);
    let course = course([text("q1"), text("q2"), text("q3")]);
    bench.started(Snapshot { course, ..snapshot(text("q1")) });
    assert_eq!((bench.on_screen(), bench.pending_answer().value), ("q3", json!("one")));
    assert_eq!(bench.state.queue.len(), 2);
}

#[test]
fn a_session_that_rested_for_too_long_gives_way_to_another_one_of_the_same_invite() {
    let mut bench = Bench::at_question();
    bench.type_text("Ada");
    bench.take(Action::Submitted);
    assert_eq!(sends(&bench.reply(Err(refused(ErrorCode::InviteExpired)))), [&Call::Start]);
    bench.reply(Err(refused(ErrorCode::InviteExpired)));
    assert_eq!(bench.state.screen, Screen::Failed(Failure::InviteExpired), "the invite itself has expired");
}

#[test]
fn a_token_that_expires_while_there_is_no_line_is_asked_for_again() {
    let mut bench = expired();
    let token = bench.state.invite_token.clone().unwrap();
    bench.take(given(&token));
    bench.reply(Err(Problem::Unreachable));
    bench.take(Action::TimerFired(Timer::Retry));
    assert!(bench.reply(Err(refused(ErrorCode::InviteExpired))).contains(&Effect::AskForToken));
}

#[test]
fn a_token_for_another_invite_never_sends_the_answers_of_the_first() {
    let mut bench = expired();
    let effects = bench.take(given(ANOTHER));
    assert!(effects.contains(&Effect::ReadDevice("https://api.example inv_2".to_owned())));
    bench.take(Action::DeviceRead {
        owner: "https://api.example inv_2".to_owned(),
        records: Some(Vec::new()),
    });
    let effects = bench.started(snapshot(text("q1")));
    assert!(sends(&effects).is_empty());
    assert_eq!((bench.on_screen(), bench.state.input.is_empty()), ("q1", true));
    assert_eq!(bench.state.unsaved.len(), 2, "the person is told");
    assert!(!effects.iter().any(|effect| matches!(effect, Effect::Keep { owner, .. } if owner == OWNER)));
}

#[test]
fn a_device_that_answers_for_the_first_invite_too_late_is_not_listened_to() {
    let mut bench = expired();
    bench.take(given(ANOTHER));
    assert!(bench.take(read(Some(on_device(&[text("q1")])))).is_empty());
    assert!(bench.state.is_reading);
}

#[test]
fn a_page_that_gives_no_token_is_an_error_that_can_be_tried_again() {
    let silent = Action::TimerFired(Timer::Token);
    for nothing in [Action::TokenGiven(None), silent] {
        let mut bench = expired();
        let effects = bench.take(nothing);
        assert_eq!(events(&effects), [&Event::Error(Failure::TokenUnavailable)]);
        assert_eq!(bench.state.queue.len(), 2, "nothing is lost");
        assert!(bench.take(given(ANOTHER)).is_empty(), "too late");
        let token = bench.state.invite_token.clone().unwrap();
        bench.take(Action::Again);
        bench.reply(Err(refused(ErrorCode::InviteExpired)));
        assert_eq!(sends(&bench.take(given(&token))), [&Call::Start]);
    }
}

#[test]
fn an_api_key_in_place_of_a_token_ends_it_and_keeps_what_waits() {
    let mut bench = expired();
    assert!(sends(&bench.take(given("ir_live_sk_abc"))).is_empty());
    assert_eq!(bench.state.screen, Screen::Failed(Failure::Unauthorized));
    assert_eq!(bench.state.queue.len(), 2);
}

#[test]
fn a_session_token_is_renewed_in_time_by_its_life_alone() {
    let mut bench = Bench::at_question();
    assert_eq!(bench.take(Action::TimerFired(Timer::Renew)), [Effect::Renew]);
    for (life, delay) in [(100, 80_000), (u32::MAX, 2_147_483_647)] {
        let token = SessionToken { token: "new".to_owned(), expires_in_s: life };
        assert_eq!(bench.take(Action::Renewed(Some(token))), [Effect::SetTimer(Timer::Renew, delay)]);
    }
    assert_eq!(bench.state.session_token.as_deref(), Some("new"));
}

#[test]
fn a_renewal_that_failed_is_made_again_soon_and_when_the_network_is_back() {
    let mut bench = Bench::at_question();
    bench.take(Action::TimerFired(Timer::Renew));
    assert_eq!(bench.take(Action::Renewed(None)), [Effect::SetTimer(Timer::Renew, RENEW_AGAIN_MS)]);
    assert!(bench.take(Action::Online).contains(&Effect::Renew));
    assert!(!bench.take(Action::Online).contains(&Effect::Renew), "it is on its way");
    let token = SessionToken { token: "new".to_owned(), expires_in_s: 100 };
    bench.take(Action::Renewed(Some(token)));
    assert!(!bench.take(Action::Online).contains(&Effect::Renew));

    let mut bench = Bench::at(end("thanks", None));
    assert_eq!(bench.take(Action::Renewed(None)), [], "nothing is left to be renewed for");
}

#[test]
fn a_draft_or_an_upload_whose_token_ran_out_has_the_session_opened_again() {
    let mut bench = Bench::at_question();
    bench.type_text("Ad");
    bench.take(Action::TimerFired(Timer::Draft));
    assert_eq!(sends(&bench.take(Action::Expired)), [&Call::Start]);
    bench.take(Action::DraftSaved { seq: None });
    assert!(bench.take(Action::Expired).is_empty(), "it is on its way");
    let effects = bench.started(snapshot(question("q1", QuestionKind::ShortText)));
    assert_eq!(bench.state.input, Input::Text("Ad".to_owned()));
    assert!(effects.contains(&Effect::SetTimer(Timer::Draft, DRAFT_DELAY_MS)), "{effects:?}");
    assert!(bench.take(Action::Expired).is_empty(), "not over and over");
    bench.ambient.now_ms.set(REOPEN_AFTER_MS);
    assert_eq!(sends(&bench.take(Action::Expired)), [&Call::Start]);
}

#[test]
fn an_upload_whose_token_ran_out_asks_the_page_for_another_invite() {
    let mut bench = Bench::at(question("q1", QuestionKind::File));
    bench.state.can_ask_for_token = true;
    bench.take(Action::Expired);
    assert!(bench.reply(Err(refused(ErrorCode::InviteExpired))).contains(&Effect::AskForToken));
}

#[test]
fn a_session_that_ran_out_while_somebody_went_on_is_opened_again_behind_them() {
    let mut bench = Bench::ahead();
    bench.answer("one");
    bench.take(Action::TimerFired(Timer::GoOn));
    bench.type_text("tw");
    bench.reply(Err(refused(ErrorCode::Unauthorized)));
    let effects =
        bench.started(Snapshot { course: course([text("q1"), text("q2")]), ..snapshot(text("q1")) });
    assert_eq!((bench.on_screen(), &bench.state.input), ("q2", &Input::Text("tw".to_owned())));
    assert!(!effects.contains(&Effect::FocusScreen));
    assert_eq!(bench.pending_answer().value, json!("one"));
}
