//! Stories about answers that the server does not take: the person sees each of them.

use super::{queue::*, *};
use crate::outbox;

/// `q1` and `q2` answered without a connection, `q3` begun; `q1` is under way again.
fn flushing() -> Bench {
    let mut bench = Bench::ahead();
    bench.answer("one");
    bench.reply(Err(Problem::Unreachable));
    bench.answer("two");
    bench.type_text("thr");
    bench.take(Action::Online);
    bench
}

fn lost(bench: &Bench) -> Vec<Value> {
    bench.state.unsaved.iter().map(|entry| entry.words.clone()).collect()
}

#[test]
fn a_value_that_the_server_refuses_later_is_shown_again_and_its_correction_goes_first() {
    let mut bench = flushing();
    let effects = bench.reply(Err(refused(ErrorCode::ValidationFailed)));
    assert!(sends(&effects).is_empty(), "what comes behind it waits");
    assert_eq!((bench.on_screen(), &bench.state.input), ("q1", &Input::Text("one".to_owned())));
    assert_eq!(bench.state.fault, Some(Fault::Server("Taken.".to_owned())));

    bench.answer("uno");
    assert_eq!(bench.pending_answer().value, json!("uno"));
    bench.reply(Ok(Reply::Course(course([text("q2"), text("q3")]))));
    assert_eq!(bench.pending_answer().value, json!("two"));
    bench.reply(Ok(Reply::Course(course([text("q3")]))));
    assert_eq!((bench.on_screen(), &bench.state.input), ("q3", &Input::Text("thr".to_owned())));
}

#[test]
fn a_correction_is_still_first_after_a_reload() {
    let mut bench = flushing();
    bench.reply(Err(refused(ErrorCode::ValidationFailed)));
    bench.type_text("uno");
    let mut records: Vec<_> = bench.state.queue.iter().map(|entry| entry.keep(false)).collect();
    let changes = bench.take(Action::Submitted).into_iter().find_map(|effect| match effect {
        Effect::Keep { changes, .. } => Some(changes),
        _ => None,
    });
    records.extend(changes.unwrap());
    let records = records.into_iter().filter_map(|(name, text)| Some((name, text?))).collect::<Vec<_>>();
    let values: Vec<_> = outbox::read(&records).entries.into_iter().map(|entry| entry.body.value).collect();
    assert_eq!(values, ["uno", "two"]);
}

#[test]
fn what_was_typed_to_correct_an_answer_is_there_after_a_reload() {
    let mut records = Vec::new();
    let mut bench = Bench::owned();
    bench.take(read(Some(Vec::new())));
    bench.started(snapshot(text("q1")));
    bench.type_text("ABC");
    stored(&bench.take(Action::Submitted), &mut records);
    bench.settle(true);
    bench.reply(Err(refused(ErrorCode::ValidationFailed)));
    bench.type_text("a long corrected text");
    stored(&bench.take(Action::TimerFired(Timer::Draft)), &mut records);

    let mut bench = Bench::owned();
    bench.take(read(Some(records)));
    bench.started(snapshot(text("q1")));
    assert_eq!(bench.pending_answer().value, json!("ABC"));
    bench.reply(Err(refused(ErrorCode::ValidationFailed)));
    assert_eq!(bench.state.input, Input::Text("a long corrected text".to_owned()));
    bench.answer("a long corrected text");
    assert_eq!(bench.pending_answer().value, json!("a long corrected text"));
}

#[test]
fn an_answer_to_what_was_answered_elsewhere_is_told_and_stays_until_it_was_read() {
    for code in [ErrorCode::Conflict, ErrorCode::NotFound] {
        let mut bench = flushing();
        let effects = bench.reply(Err(refused(code)));
        let mut records = Vec::new();
        stored(&effects, &mut records);
        assert_eq!(outbox::read(&records).refused.len(), 1, "still on the device");
        assert_eq!(bench.pending_answer().value, json!("two"), "the next may well be taken");
        let effects = bench.reply(Err(refused(code)));
        assert_eq!(sends(&effects), [&Call::Refresh]);
        bench.reply(Ok(Reply::Snapshot(Box::new(snapshot(text("q7"))))));
        assert_eq!((bench.on_screen(), lost(&bench)), ("q7", vec![json!("one"), json!("two")]));
        assert!(bench.state.was_answered_elsewhere);

        stored(&bench.take(Action::Acknowledged), &mut records);
        assert!(outbox::read(&records).refused.is_empty() && bench.state.unsaved.is_empty());
    }
}

#[test]
fn what_could_not_be_saved_is_told_again_after_a_reload() {
    let mut bench = flushing();
    let mut records = Vec::new();
    stored(&bench.reply(Err(refused(ErrorCode::Conflict))), &mut records);
    let mut bench = Bench::owned();
    bench.take(read(Some(records)));
    let effects = bench.started(snapshot(text("q7")));
    assert_eq!((lost(&bench), sends(&effects).len()), (vec![json!("one")], 0));
}

#[test]
fn an_invite_that_was_withdrawn_says_what_was_not_sent_and_leaves_nothing_else() {
    let mut bench = flushing();
    let mut records = on_device(&[text("q1")]);
    stored(&bench.reply(Err(refused(ErrorCode::InviteCancelled))), &mut records);
    assert_eq!(bench.state.screen, Screen::Failed(Failure::InviteCancelled));
    assert_eq!((lost(&bench), bench.state.is_unsure), (vec![json!("one"), json!("two")], false));
    assert!(records.iter().all(|(name, _)| name.starts_with("answer ")), "{records:?}");
}

#[test]
fn an_interview_that_is_complete_at_the_start_may_have_the_last_answer() {
    let mut bench = flushing();
    let mut records = on_device(&[text("q1")]);
    stored(
        &[Effect::Keep {
            owner: OWNER.to_owned(),
            changes: vec![bench.state.queue[0].keep(false)],
            what: None,
        }],
        &mut records,
    );
    bench = Bench::owned();
    bench.take(read(Some(records)));
    bench.reply(Err(refused(ErrorCode::InviteCompleted)));
    assert_eq!(bench.state.screen, Screen::Failed(Failure::InviteCompleted));
    assert_eq!((lost(&bench), bench.state.is_unsure), (vec![json!("one")], true));
}

/// `q1` answered in `ses_1` and on the device, its confirmation lost; the page is loaded again.
fn loaded_again_after_an_answer() -> (Bench, Vec<(String, String)>) {
    let mut bench = Bench::owned();
    bench.take(read(Some(Vec::new())));
    bench.started(Snapshot { session: Some("ses_1".to_owned()), ..snapshot(text("q1")) });
    bench.type_text("one");
    let mut records = Vec::new();
    stored(&bench.take(Action::Submitted), &mut records);
    let mut bench = Bench::owned();
    bench.take(read(Some(records.clone())));
    (bench, records)
}

fn second(completed: Option<&str>) -> Snapshot {
    let completed_session = completed.map(str::to_owned);
    Snapshot { session: Some("ses_2".to_owned()), completed_session, ..snapshot(text("q1")) }
}

#[test]
fn an_answer_that_may_have_completed_the_session_before_is_not_sent_in_the_next() {
    let (mut bench, mut records) = loaded_again_after_an_answer();
    let effects = bench.started(second(Some("ses_1")));
    stored(&effects, &mut records);
    assert!(sends(&effects).is_empty(), "{effects:?}");
    assert_eq!((lost(&bench), bench.state.is_unsure, bench.on_screen()), (vec![json!("one")], true, "q1"));
    let kept = outbox::read(&records);
    assert_eq!((kept.entries.len(), kept.refused.len()), (0, 1), "still on the device until it was read");

    bench.take(Action::Acknowledged);
    bench.answer("two");
    assert_eq!(bench.pending_answer().value, json!("two"));
}

#[test]
fn an_answer_that_may_have_completed_the_session_before_is_not_sent_though_the_device_is_late() {
    let (_, mut records) = loaded_again_after_an_answer();
    let mut bench = Bench::owned();
    bench.take(read(None));
    bench.started(second(Some("ses_1")));
    let effects = bench.take(read(Some(records.clone())));
    stored(&effects, &mut records);
    assert!(sends(&effects).iter().all(|call| **call == Call::Refresh), "{effects:?}");
    assert_eq!((lost(&bench), bench.state.is_unsure), (vec![json!("one")], true));
    assert!(outbox::read(&records).entries.is_empty());
}

#[test]
fn an_answer_of_a_session_that_was_left_too_long_goes_on_in_the_next() {
    for completed in [None, Some("ses_0")] {
        let (mut bench, _) = loaded_again_after_an_answer();
        bench.started(second(completed));
        assert_eq!((bench.pending_answer().value, lost(&bench)), (json!("one"), Vec::<Value>::new()));
    }
}

#[test]
fn an_answer_given_before_the_session_was_known_belongs_to_the_one_that_took_it() {
    let mut records = on_device(&[text("q1"), text("q2")]);
    let mut bench = Bench::owned();
    bench.take(read(Some(records.clone())));
    bench.reply(Err(Problem::Unreachable));
    bench.type_text("one");
    stored(&bench.take(Action::Submitted), &mut records);
    assert_eq!(outbox::read(&records).entries[0].session, None);
    bench.settle(true);
    bench.take(Action::Online);
    stored(
        &bench.started(Snapshot { session: Some("ses_1".to_owned()), ..snapshot(text("q1")) }),
        &mut records,
    );
    assert_eq!(outbox::read(&records).entries[0].session.as_deref(), Some("ses_1"));
}

#[test]
fn an_unexpected_refusal_of_an_earlier_answer_shows_it_again() {
    let mut bench = flushing();
    bench.reply(Err(refused(ErrorCode::Forbidden)));
    assert_eq!((bench.on_screen(), bench.state.save), ("q1", Save::Refused));
    bench.take(Action::Again);
    bench.settle(true);
    assert_eq!(bench.pending_answer().value, json!("one"));
}

#[test]
fn a_paused_campaign_keeps_all_that_waits() {
    let mut bench = flushing();
    bench.reply(Err(refused(ErrorCode::CampaignPaused)));
    assert_eq!(
        (bench.state.screen.clone(), bench.state.queue.len()),
        (Screen::Failed(Failure::CampaignPaused), 2)
    );
    bench.take(Action::Again);
    let course = course([text("q1"), text("q2"), text("q3")]);
    bench.started(Snapshot { course, ..snapshot(text("q1")) });
    assert_eq!((bench.on_screen(), bench.pending_answer().value), ("q3", json!("one")));
}

#[test]
fn a_campaign_that_is_over_says_what_may_not_have_been_saved() {
    let (mut bench, mut records) = loaded_again_after_an_answer();
    stored(&bench.reply(Err(refused(ErrorCode::Conflict))), &mut records);
    assert_eq!(bench.state.screen, Screen::Failed(Failure::CampaignClosed));
    assert_eq!((lost(&bench), bench.state.is_unsure), (vec![json!("one")], true));
    assert!(!Failure::CampaignClosed.can_retry());
    let kept = outbox::read(&records);
    assert_eq!((kept.entries.len(), kept.refused.len()), (0, 1), "still on the device until it was read");
}
