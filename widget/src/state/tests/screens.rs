//! Stories about the screen: what is shown, what is sent, what the page is told.

use super::*;

#[test]
fn the_token_says_where_the_server_is() {
    let mut bench = Bench::new();
    assert_eq!(sends(&bench.take(Action::Mounted)), [&Call::Start]);
    assert_eq!(bench.state.base.as_deref(), Some("https://api.example"));
}

#[test]
fn two_ticks_before_the_next_drawing_are_both_kept() {
    let mut bench = Bench::at(question("q1", QuestionKind::MultiChoice));
    for id in ["c", "a", "b", "b"] {
        bench.take(Action::ChoiceToggled(id.to_owned()));
    }
    assert_eq!(bench.state.input, Input::Choices(vec!["a".to_owned(), "c".to_owned()]));
    assert!(bench.state.is_dirty);
}

#[test]
fn the_page_may_say_where_the_server_is() {
    let mut bench = Bench::with(|state| state.fixed_base = Some("https://other.example".to_owned()));
    bench.take(Action::Mounted);
    assert_eq!(bench.state.base.as_deref(), Some("https://other.example"));
}

#[test]
fn an_unreadable_token_is_a_broken_link_and_goes_nowhere() {
    let mut bench = Bench::with(|state| state.invite_token = Some("rubbish".to_owned()));
    let effects = bench.take(Action::Mounted);
    assert!(sends(&effects).is_empty());
    assert_eq!(bench.state.screen, Screen::Failed(Failure::Unauthorized));
    assert_eq!(events(&effects), [&Event::Ready, &Event::Error(Failure::Unauthorized)]);
}

#[test]
fn the_first_screen_is_told_to_the_page_and_takes_no_focus() {
    let mut bench = Bench::new();
    bench.take(Action::Mounted);
    let effects = bench.started(snapshot(question("q1", QuestionKind::ShortText)));
    assert_eq!(events(&effects), [&Event::Ready]);
    assert!(!effects.contains(&Effect::FocusScreen));
    assert!(effects.contains(&Effect::SetTimer(Timer::Renew, 720_000)));
}

#[test]
fn a_commit_shows_the_next_question_and_focus_follows() {
    let mut bench = Bench::at_question();
    bench.ambient.now_ms.set(2_500.0);
    assert_eq!(events(&bench.type_text("Ada")), [&Event::Start]);
    let effects = bench.take(Action::Submitted);
    assert_eq!(sends(&effects).len(), 1);
    let body = bench.pending_answer();
    assert_eq!((body.value, body.seq, body.elapsed_ms, body.is_final), (json!("Ada"), 1, 2_500, true));

    let effects = bench.reply(Ok(Reply::Course(course([question("q2", QuestionKind::LongText)]))));
    assert_eq!(events(&effects), [&Event::Answer { question_id: "q1".to_owned() }]);
    assert!(effects.contains(&Effect::FocusScreen));
    assert_eq!(bench.state.question.as_ref().unwrap().id, "q2");
    assert!(bench.state.input.is_empty());
}

#[test]
fn pressing_twice_commits_once() {
    let mut bench = Bench::at_question();
    bench.type_text("Ada");
    bench.take(Action::Submitted);
    assert!(bench.take(Action::Submitted).is_empty());
    assert!(bench.take(Action::Skipped).is_empty());
}

#[test]
fn an_answer_on_its_way_cannot_be_changed() {
    let mut bench = Bench::at_question();
    bench.type_text("Ada");
    bench.take(Action::Submitted);
    bench.type_text("Bob");
    assert_eq!(bench.state.input, Input::Text("Ada".to_owned()));
}

#[test]
fn an_empty_answer_is_pointed_at_and_not_sent() {
    let mut bench = Bench::at_question();
    let effects = bench.take(Action::Submitted);
    assert_eq!(effects, [Effect::FocusField]);
    assert_eq!(bench.state.fault, Some(Fault::Required));
    bench.type_text("A");
    assert_eq!(bench.state.fault, None);
}

#[test]
fn half_a_day_is_pointed_at_and_not_sent() {
    let mut bench = Bench::at(question("q1", QuestionKind::Date));
    assert_eq!(bench.take(Action::HalfTyped), [Effect::FocusField]);
    assert_eq!(bench.state.fault, Some(Fault::NotADate));
}

#[test]
fn an_upload_under_way_is_neither_sent_nor_saved_nor_called_a_mistake() {
    let mut bench = Bench::at(question("q1", QuestionKind::File));
    let ids = vec!["upl_1".to_owned()];
    bench.take(Action::Edited(Input::Uploads { ids: ids.clone(), is_ready: false }));
    assert_eq!(bench.take(Action::TimerFired(Timer::Draft)), []);
    assert_eq!(bench.take(Action::Submitted), []);
    assert_eq!((bench.state.fault.as_ref(), bench.state.is_locked()), (None, false));
    bench.take(Action::Edited(Input::Uploads { ids, is_ready: true }));
    bench.take(Action::Submitted);
    assert_eq!(bench.pending_answer().value, json!(["upl_1"]));
}

#[test]
fn a_lost_answer_is_repeated_with_the_same_client_id() {
    let mut bench = Bench::at_question();
    bench.type_text("Ada");
    bench.take(Action::Submitted);
    let first = bench.pending_answer();
    let effects = bench.reply(Err(Problem::Unreachable));
    assert_eq!(effects, [Effect::SetTimer(Timer::Retry, 1_000)]);
    assert_eq!((bench.state.save, &bench.state.input), (Save::Retrying, &Input::Text("Ada".to_owned())));

    bench.take(Action::TimerFired(Timer::Retry));
    assert_eq!(bench.pending_answer(), first);
    assert_eq!(bench.reply(Err(refused(ErrorCode::Unavailable))), [Effect::SetTimer(Timer::Retry, 2_000)]);

    let effects = bench.take(Action::Again);
    assert_eq!(
        (sends(&effects).len(), effects.last()),
        (1, Some(&Effect::FocusStatus)),
        "its button is gone"
    );
    assert_eq!(bench.pending_answer(), first);
}

#[test]
fn a_late_reply_to_an_earlier_attempt_is_ignored() {
    let mut bench = Bench::at_question();
    bench.type_text("Ada");
    bench.take(Action::Submitted);
    let old = bench.state.pending.as_ref().unwrap().ticket;
    bench.reply(Err(Problem::Unreachable));
    bench.take(Action::Online);
    let reply = Ok(Reply::Course(course([question("q2", QuestionKind::ShortText)])));
    assert!(bench.take(Action::Replied { ticket: old, reply }).is_empty());
    assert!(bench.state.is_locked());
}

#[test]
fn pauses_between_attempts_end_at_thirty_seconds() {
    let mut bench = Bench::at_question();
    bench.type_text("Ada");
    bench.take(Action::Submitted);
    let mut last = Vec::new();
    for _ in 0..12 {
        last = bench.reply(Err(Problem::Unreachable));
        bench.take(Action::TimerFired(Timer::Retry));
    }
    assert_eq!(last, [Effect::SetTimer(Timer::Retry, 30_000)]);
}

#[test]
fn a_session_token_that_ran_out_is_replaced_once_and_the_same_commit_repeated() {
    let mut bench = Bench::at_question();
    bench.type_text("Ada");
    bench.take(Action::Submitted);
    let first = bench.pending_answer();
    assert_eq!(sends(&bench.reply(Err(refused(ErrorCode::Unauthorized)))), [&Call::Start]);
    bench.started(snapshot(question("q1", QuestionKind::ShortText)));
    assert_eq!(bench.pending_answer(), first);
    bench.reply(Err(refused(ErrorCode::Unauthorized)));
    assert_eq!(bench.state.screen, Screen::Failed(Failure::Unauthorized));
}

#[test]
fn an_expired_invite_asks_the_page_for_another_once() {
    let mut bench = Bench::with(|state| state.can_ask_for_token = true);
    bench.take(Action::Mounted);
    assert!(bench.reply(Err(refused(ErrorCode::InviteExpired))).contains(&Effect::AskForToken));
    assert_eq!(sends(&bench.take(Action::TokenGiven(Some(TOKEN.to_owned())))), [&Call::Start]);
    bench.reply(Err(refused(ErrorCode::InviteExpired)));
    assert_eq!(bench.state.screen, Screen::Failed(Failure::InviteExpired));
}

#[test]
fn an_api_key_from_the_page_is_never_sent() {
    let mut bench = Bench::with(|state| (state.invite_token, state.can_ask_for_token) = (None, true));
    assert!(bench.take(Action::Mounted).contains(&Effect::AskForToken));
    let effects = bench.take(Action::TokenGiven(Some("ir_live_sk_abc".to_owned())));
    assert!(sends(&effects).is_empty());
    assert_eq!(bench.state.screen, Screen::Failed(Failure::Unauthorized));
}

#[test]
fn a_question_answered_elsewhere_gives_way_to_the_current_one() {
    for code in [ErrorCode::Conflict, ErrorCode::NotFound] {
        let mut bench = Bench::at_question();
        bench.type_text("Ada");
        bench.take(Action::Submitted);
        assert_eq!(sends(&bench.reply(Err(refused(code)))), [&Call::Refresh]);
        bench.reply(Ok(Reply::Snapshot(Box::new(snapshot(question("q5", QuestionKind::ShortText))))));
        assert!(bench.state.was_answered_elsewhere);
        assert_eq!(bench.state.question.as_ref().unwrap().id, "q5");
    }
}

#[test]
fn what_the_server_says_about_a_value_is_shown_at_the_field() {
    let mut bench = Bench::at_question();
    bench.type_text("Ada");
    bench.take(Action::Submitted);
    assert_eq!(bench.reply(Err(refused(ErrorCode::ValidationFailed))), [Effect::FocusField]);
    assert_eq!(bench.state.fault, Some(Fault::Server("Taken.".to_owned())));
    assert!(!bench.state.is_locked());
}

#[test]
fn an_unexpected_refusal_keeps_what_was_typed() {
    let mut bench = Bench::at_question();
    bench.type_text("Ada");
    bench.take(Action::Submitted);
    bench.reply(Err(refused(ErrorCode::Forbidden)));
    assert_eq!((bench.state.save, bench.state.screen.clone()), (Save::Refused, Screen::Question));
    let effects = bench.take(Action::Again);
    assert_eq!((sends(&effects).len(), effects.last()), (1, Some(&Effect::FocusStatus)));
}

#[test]
fn a_paused_campaign_keeps_what_was_typed_for_the_next_attempt() {
    let mut bench = Bench::at_question();
    bench.type_text("Ada");
    bench.take(Action::Submitted);
    bench.reply(Err(refused(ErrorCode::CampaignPaused)));
    assert_eq!(bench.state.screen, Screen::Failed(Failure::CampaignPaused));
    bench.take(Action::Again);
    bench.started(snapshot(question("q1", QuestionKind::ShortText)));
    assert_eq!(bench.state.input, Input::Text("Ada".to_owned()));
}

#[test]
fn typing_is_saved_as_a_draft_after_a_moment() {
    let mut bench = Bench::at_question();
    assert!(bench.type_text("Ad").contains(&Effect::SetTimer(Timer::Draft, DRAFT_DELAY_MS)));
    let effects = bench.take(Action::TimerFired(Timer::Draft));
    let [Effect::SaveDraft(id, body)] = effects.as_slice() else { panic!("{effects:?}") };
    assert_eq!((id.as_str(), &body.value, body.is_final), ("q1", &json!("Ad"), false));

    bench.take(Action::DraftSaved { seq: None });
    assert_eq!(bench.state.save, Save::Idle);
    bench.take(Action::DraftSaved { seq: Some(1) });
    assert_eq!(bench.state.save, Save::Saved);
    bench.type_text("Ada");
    assert_eq!(bench.state.save, Save::Idle);
}

#[test]
fn a_draft_that_the_server_refuses_is_not_said_to_be_sent_later() {
    let mut bench = Bench::at_question();
    bench.type_text("Ad");
    bench.take(Action::TimerFired(Timer::Draft));
    bench.take(Action::Kept { what: Kept::Draft, is_kept: true });
    bench.take(Action::DraftSaved { seq: None });
    assert_eq!(bench.state.save, Save::OnDevice, "without a connection it is");
    bench.take(Action::DraftRefused);
    assert_eq!(bench.state.save, Save::Idle);
    bench.take(Action::Kept { what: Kept::Draft, is_kept: true });
    assert_eq!(bench.state.save, Save::Idle);
}

#[test]
fn who_types_without_a_pause_does_not_put_the_draft_off() {
    let timer = Effect::SetTimer(Timer::Draft, DRAFT_DELAY_MS);
    let mut bench = Bench::at_question();
    assert!(bench.type_text("A").contains(&timer));
    assert!(!bench.type_text("Ad").contains(&timer), "it runs");
    bench.take(Action::TimerFired(Timer::Draft));
    assert!(bench.type_text("Ada").contains(&timer), "it has run out");
    bench.take(Action::DraftSaved { seq: Some(1) });
    assert_eq!(bench.state.save, Save::Idle, "the last letter is not saved yet");
}

#[test]
fn a_second_draft_waits_for_the_first_and_what_is_refused_is_timed_anew() {
    let timer = Effect::SetTimer(Timer::Draft, DRAFT_DELAY_MS);
    let mut bench = Bench::at_question();
    bench.type_text("A");
    bench.take(Action::TimerFired(Timer::Draft));
    bench.type_text("Ad");
    assert_eq!(bench.take(Action::TimerFired(Timer::Draft)), std::slice::from_ref(&timer));
    bench.take(Action::DraftSaved { seq: Some(1) });
    let effects = bench.take(Action::TimerFired(Timer::Draft));
    assert!(
        matches!(effects.as_slice(), [Effect::SaveDraft(_, body)] if body.value == json!("Ad")),
        "{effects:?}"
    );

    bench.type_text("Ada");
    bench.take(Action::Submitted);
    bench.reply(Err(refused(ErrorCode::ValidationFailed)));
    assert!(bench.type_text("Adah").contains(&timer));
}

#[test]
fn a_number_is_read_as_the_language_of_the_interview_writes_it() {
    for (locale, value) in [("en", json!(1500)), ("de", json!(1.5))] {
        let mut snapshot = snapshot(question("q1", QuestionKind::Number));
        snapshot.campaign.locale = locale.to_owned();
        let mut bench = Bench::new();
        bench.take(Action::Mounted);
        bench.started(snapshot);
        bench.type_text("1,500");
        bench.take(Action::Submitted);
        assert_eq!(bench.pending_answer().value, value, "{locale}");
    }
}

#[test]
fn half_a_number_is_no_draft() {
    let mut bench = Bench::at(question("q1", QuestionKind::Number));
    bench.type_text("1.2.3");
    assert!(bench.take(Action::TimerFired(Timer::Draft)).is_empty());
}

#[test]
fn resuming_brings_back_the_draft_and_counts_on() {
    let mut bench = Bench::new();
    bench.take(Action::Mounted);
    let draft = Draft { question_id: "q1".to_owned(), seq: 7, value: json!("half a") };
    bench.started(Snapshot {
        draft: Some(draft),
        seq: 7,
        ..snapshot(question("q1", QuestionKind::ShortText))
    });
    assert_eq!(bench.state.input, Input::Text("half a".to_owned()));
    bench.take(Action::Submitted);
    assert_eq!(bench.pending_answer().seq, 8);
}

#[test]
fn a_resumed_interview_does_not_begin_again() {
    let mut bench = Bench::new();
    bench.take(Action::Mounted);
    bench.started(Snapshot { has_answers: true, ..snapshot(question("q1", QuestionKind::ShortText)) });
    assert!(events(&bench.type_text("Ada")).is_empty());
}

#[test]
fn consent_goes_out_with_the_wording_that_was_shown() {
    let mut bench = Bench::at(Turn::Consent { progress: 0.0 });
    assert_eq!(bench.take(Action::ConsentGiven), [Effect::FocusField]);
    assert_eq!(bench.state.fault, Some(Fault::MustAgree));
    bench.take(Action::ConsentToggled("rec".to_owned()));
    let effects = bench.take(Action::ConsentGiven);
    let accepted = vec![AcceptedConsent { id: "rec".to_owned(), version: 3 }];
    assert_eq!(sends(&effects), [&Call::Consent(accepted)]);
    assert_eq!(events(&effects), [&Event::Start]);
}

#[test]
fn declining_takes_a_second_press_and_is_no_completion() {
    let mut bench = Bench::at(Turn::Consent { progress: 0.0 });
    assert!(sends(&bench.take(Action::ConsentDeclined)).is_empty());
    assert_eq!(sends(&bench.take(Action::ConsentDeclined)), [&Call::Consent(Vec::new())]);
    let effects = bench.reply(Ok(Reply::Course(course([end(CONSENT_DECLINED, None)]))));
    assert_eq!(events(&effects), [&Event::Decline]);
}

#[test]
fn who_comes_back_after_a_refusal_is_told_of_again() {
    let mut bench = Bench::new();
    bench.take(Action::Mounted);
    let effects = bench.started(snapshot(end(CONSENT_DECLINED, None)));
    assert!(events(&effects).contains(&&Event::Decline), "{effects:?}");
}

#[test]
fn agreement_is_not_given_while_it_asks_whether_to_decline() {
    let mut bench = Bench::at(Turn::Consent { progress: 0.0 });
    bench.take(Action::ConsentToggled("rec".to_owned()));
    bench.take(Action::ConsentDeclined);
    assert!(bench.take(Action::ConsentGiven).is_empty());
    assert!(bench.state.is_declining);
    bench.take(Action::DeclineCancelled);
    assert_eq!(sends(&bench.take(Action::ConsentGiven)).len(), 1);
}

#[test]
fn the_end_is_told_to_the_page() {
    let mut bench = Bench::at_question();
    bench.type_text("Ada");
    bench.take(Action::Submitted);
    let effects = bench.reply(Ok(Reply::Course(course([end("thanks", None)]))));
    assert_eq!(events(&effects), [&Event::Answer { question_id: "q1".to_owned() }, &Event::Complete]);
    assert!(effects.contains(&Effect::StopTimer(Timer::Renew)));
}

#[test]
fn a_redirect_counts_down_unless_the_person_stays() {
    let go = |stays: bool| {
        let mut bench = Bench::at(end("thanks", Some("https://example.com")));
        if stays {
            bench.take(Action::Stayed);
        }
        let fired = |_| bench.take(Action::TimerFired(Timer::Redirect));
        (0..REDIRECT_DELAY_S).flat_map(fired).any(|effect| matches!(effect, Effect::Redirect(_)))
    };
    assert!(go(false));
    assert!(!go(true));
}

#[test]
fn nobody_is_taken_away_from_answers_that_could_not_be_saved() {
    let mut bench = Bench::at_question();
    bench.type_text("Ada");
    bench.take(Action::Submitted);
    let lost = bench.state.queue.clone();
    let mut bench = Bench::at(end("thanks", Some("https://example.com")));
    bench.state.unsaved = lost;
    let mut fired =
        |times| (0..times).flat_map(|_| bench.take(Action::TimerFired(Timer::Redirect))).collect::<Vec<_>>();
    let again = Effect::SetTimer(Timer::Redirect, 1_000);
    assert!(fired(10 * REDIRECT_DELAY_S).iter().all(|effect| *effect == again));
    bench.take(Action::Acknowledged);
    let fired = (0..REDIRECT_DELAY_S).flat_map(|_| bench.take(Action::TimerFired(Timer::Redirect)));
    assert!(fired.last().is_some_and(|effect| matches!(effect, Effect::Redirect(_))));
    assert_eq!(bench.state.redirect_in_s, None, "who comes back is promised nothing");
}

#[test]
fn a_redirect_that_is_no_web_address_is_not_followed() {
    let bench = Bench::at(end("thanks", Some("javascript:alert(1)")));
    assert_eq!(bench.state.redirect_in_s, None);
}

#[test]
fn a_pause_saves_the_draft_first_and_continuing_asks_where_it_stands() {
    let mut bench = Bench::at_question();
    bench.type_text("Ad");
    let effects = bench.take(Action::PauseRequested);
    assert!(
        effects
            .iter()
            .any(|effect| matches!(effect, Effect::Pause(Some((id, body))) if id == "q1" && !body.is_final))
    );
    assert_eq!(bench.state.screen, Screen::Paused);
    assert_eq!(sends(&bench.take(Action::Continued)), [&Call::Refresh]);
    bench.reply(Ok(Reply::Snapshot(Box::new(snapshot(question("q1", QuestionKind::ShortText))))));
    assert_eq!((&bench.state.screen, &bench.state.input), (&Screen::Question, &Input::Text("Ad".to_owned())));
}

#[test]
fn who_continues_without_a_connection_goes_on_with_what_was_open() {
    let mut bench = Bench::at_question();
    bench.type_text("Ad");
    bench.take(Action::PauseRequested);
    bench.take(Action::Continued);
    bench.reply(Err(Problem::Unreachable));
    let ad = Input::Text("Ad".to_owned());
    assert_eq!((&bench.state.screen, &bench.state.input), (&Screen::Question, &ad));
    bench.type_text("Ada");
    bench.reply(Ok(Reply::Snapshot(Box::new(snapshot(question("q1", QuestionKind::ShortText))))));
    assert_eq!(bench.state.input, Input::Text("Ada".to_owned()), "the reply is late and changes nothing");
}

#[test]
fn a_reply_to_what_was_asked_before_does_not_end_a_pause() {
    let mut bench = Bench::at_question();
    assert_eq!(sends(&bench.take(Action::Expired)), [&Call::Start]);
    bench.take(Action::PauseRequested);
    bench.started(snapshot(question("q1", QuestionKind::ShortText)));
    assert_eq!(bench.state.screen, Screen::Paused);
    assert_eq!(sends(&bench.take(Action::Continued)), [&Call::Refresh]);
    bench.reply(Ok(Reply::Snapshot(Box::new(snapshot(question("q1", QuestionKind::ShortText))))));
    assert_eq!(bench.state.screen, Screen::Question);
}

#[test]
fn an_answer_that_arrives_during_a_pause_counts_and_the_pause_stays() {
    let mut bench = Bench::at_question();
    bench.type_text("Ada");
    bench.take(Action::Submitted);
    bench.take(Action::PauseRequested);
    let effects = bench.reply(Ok(Reply::Course(course([question("q2", QuestionKind::ShortText)]))));
    assert_eq!(events(&effects), [&Event::Answer { question_id: "q1".to_owned() }]);
    assert_eq!(bench.state.screen, Screen::Paused);
}

#[test]
fn a_server_that_is_up_but_silent_refused_the_page() {
    let mut bench = Bench::new();
    bench.take(Action::Mounted);
    assert_eq!(bench.never_started(), [Effect::CheckOrigin]);
    bench.take(Action::OriginChecked { is_server_up: true });
    assert_eq!(bench.state.screen, Screen::Failed(Failure::OriginRefused));
    assert_eq!(sends(&bench.take(Action::Again)), [&Call::Start], "it was a guess");
}

#[test]
fn a_server_that_is_slow_has_not_refused_the_page() {
    for slow in 0..3 {
        let mut bench = Bench::new();
        bench.take(Action::Mounted);
        for attempt in 0..3 {
            let problem = if attempt == slow { Problem::Interrupted } else { Problem::Unreachable };
            let effects = bench.reply(Err(problem));
            assert!(!effects.contains(&Effect::CheckOrigin), "the attempt after {slow} that broke off");
            bench.take(Action::TimerFired(Timer::Retry));
        }
        assert_eq!(bench.state.screen, Screen::Failed(Failure::Unreachable));
    }
}

#[test]
fn a_server_that_was_down_is_tried_again_when_the_network_is_back() {
    let mut bench = Bench::new();
    bench.take(Action::Mounted);
    bench.never_started();
    bench.take(Action::OriginChecked { is_server_up: false });
    assert_eq!(bench.state.screen, Screen::Failed(Failure::Unreachable));
    assert_eq!(sends(&bench.take(Action::Online)), [&Call::Start]);
}

#[test]
fn a_choice_that_was_moved_keeps_focus_and_is_announced() {
    let mut bench = Bench::at(question("q1", QuestionKind::Ranking));
    let effects = bench.take(Action::Moved { index: 0, up: false });
    assert!(effects.contains(&Effect::FocusMoved));
    assert_eq!(bench.state.moved, Some(("a".to_owned(), false)));
    assert_eq!(bench.state.input.value(QuestionKind::Ranking, false), Some(json!(["b", "a", "c"])));
}

#[test]
fn a_statement_is_acknowledged_with_null() {
    let mut bench = Bench::at(question("q1", QuestionKind::Statement));
    bench.take(Action::Submitted);
    assert_eq!(bench.pending_answer().value, Value::Null);
}
