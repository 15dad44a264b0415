//! Stories about answers on the device: kept first, sent in order, gone on by what is known in advance.

use std::sync::atomic::{AtomicU32, Ordering};

use super::*;
use crate::outbox;

static LOADS: AtomicU32 = AtomicU32::new(0);

/// `{"iss":"https://api.example","jti":"inv_1"}`
const OWNED: &str = "e30.eyJpc3MiOiJodHRwczovL2FwaS5leGFtcGxlIiwianRpIjoiaW52XzEifQ.c2ln";
pub(super) const OWNER: &str = "https://api.example inv_1";

pub(super) fn text(id: &str) -> Turn {
    question(id, QuestionKind::ShortText)
}

pub(super) fn read(records: Option<Vec<(String, String)>>) -> Action {
    Action::DeviceRead { owner: OWNER.to_owned(), records }
}

/// What the device would have after these effects.
pub(super) fn stored(effects: &[Effect], records: &mut Vec<(String, String)>) {
    for effect in effects {
        let Effect::Keep { owner, changes, .. } = effect else { continue };
        assert_eq!(owner, OWNER);
        for (name, text) in changes {
            records.retain(|(known, _)| known != name);
            records.extend(text.iter().map(|text| (name.clone(), text.clone())));
        }
    }
}

/// A server's snapshot as it lies on the device.
pub(super) fn on_device(turns: &[Turn]) -> Vec<(String, String)> {
    let course = json!({"turn": turns[0], "ahead": turns[1..]});
    let campaign = json!({"title": "Title", "locale": "en", "consent": []});
    vec![("course".to_owned(), course.to_string()), ("campaign".to_owned(), campaign.to_string())]
}

impl Bench {
    /// An invite whose answers are kept on the device, which has nothing yet.
    pub(super) fn owned() -> Self {
        let mut bench = Self::with(|state| state.invite_token = Some(OWNED.to_owned()));
        // As in life, no two loads of the page make the same ids.
        bench.ambient.ids.set(LOADS.fetch_add(1000, Ordering::Relaxed));
        bench.take(Action::Mounted);
        bench
    }

    /// At `q1`, with `q2` and `q3` known in advance.
    pub(super) fn ahead() -> Self {
        let mut bench = Self::owned();
        bench.take(read(Some(Vec::new())));
        let course = course([text("q1"), text("q2"), text("q3")]);
        bench.started(Snapshot { course, ..snapshot(text("q1")) });
        bench
    }

    /// Answers the question on screen; the device takes it.
    pub(super) fn answer(&mut self, text: &str) -> Vec<Effect> {
        self.type_text(text);
        self.take(Action::Submitted);
        self.settle(true)
    }

    pub(super) fn settle(&mut self, is_kept: bool) -> Vec<Effect> {
        let client_id =
            self.state.queue.iter().find(|entry| entry.is_kept.is_none()).unwrap().body.client_id.clone();
        self.take(Action::Kept { what: Kept::Answer(client_id), is_kept })
    }

    pub(super) fn on_screen(&self) -> &str {
        match self.state.screen {
            Screen::Question => &self.state.question.as_ref().unwrap().id,
            _ => "",
        }
    }

    fn values(&self) -> Vec<Value> {
        self.state.queue.iter().map(|entry| entry.body.value.clone()).collect()
    }
}

#[test]
fn an_answer_is_sent_when_it_is_on_the_device_and_not_before() {
    let mut bench = Bench::ahead();
    bench.type_text("Ada");
    let effects = bench.take(Action::Submitted);
    assert!(sends(&effects).is_empty());
    assert!(effects.contains(&Effect::SetTimer(Timer::GoOn, GO_ON_MS)));
    let mut records = Vec::new();
    stored(&effects, &mut records);
    assert_eq!(outbox::read(&records).entries[0].body.value, json!("Ada"));
    assert_eq!(sends(&bench.settle(true)).len(), 1);
}

#[test]
fn a_confirmed_answer_is_taken_off_the_device_together_with_the_new_turn() {
    let mut bench = Bench::ahead();
    bench.type_text("Ada");
    let mut records = Vec::new();
    stored(&bench.take(Action::Submitted), &mut records);
    bench.settle(true);
    stored(&bench.reply(Ok(Reply::Course(course([text("q2")])))), &mut records);
    assert!(outbox::read(&records).entries.is_empty());
    assert_eq!((bench.on_screen(), bench.state.save), ("q2", Save::Idle));
}

#[test]
fn online_the_servers_turn_is_waited_for_and_after_two_seconds_it_goes_on() {
    let mut bench = Bench::ahead();
    bench.answer("Ada");
    assert!(bench.state.is_locked());
    assert_eq!((bench.on_screen(), bench.state.save), ("q1", Save::Sending));
    bench.take(Action::TimerFired(Timer::GoOn));
    assert_eq!((bench.on_screen(), bench.state.save), ("q2", Save::Sending));
    assert!(!bench.state.is_locked());
}

#[test]
fn a_reply_that_comes_after_going_on_disturbs_nothing() {
    let mut bench = Bench::ahead();
    bench.answer("Ada");
    bench.take(Action::TimerFired(Timer::GoOn));
    bench.type_text("half a");
    let effects = bench.reply(Ok(Reply::Course(course([text("q2"), text("q3"), text("q4")]))));
    assert_eq!((bench.on_screen(), &bench.state.input), ("q2", &Input::Text("half a".to_owned())));
    assert!(!effects.contains(&Effect::FocusScreen));
    assert_eq!(bench.state.course.len(), 3);
}

#[test]
fn the_servers_turn_wins_over_what_was_known_in_advance() {
    let mut bench = Bench::ahead();
    bench.answer("Ada");
    bench.take(Action::TimerFired(Timer::GoOn));
    bench.reply(Ok(Reply::Course(course([text("q9")]))));
    assert_eq!(bench.on_screen(), "q9");
}

#[test]
fn without_a_network_it_goes_on_at_once_until_nothing_more_is_known() {
    let mut bench = Bench::ahead();
    bench.ambient.is_offline.set(true);
    bench.answer("one");
    assert_eq!((bench.on_screen(), bench.state.save), ("q2", Save::OnDevice));
    bench.answer("two");
    bench.answer("three");
    assert_eq!(bench.state.screen, Screen::Waiting);
    assert_eq!(bench.values(), ["one", "two", "three"]);
    assert_eq!(bench.state.save, Save::OnDevice);
}

#[test]
fn what_waits_is_sent_in_order_each_once_and_then_the_server_shows_what_comes() {
    let mut bench = Bench::ahead();
    for (number, value) in ["one", "two", "three"].iter().enumerate() {
        bench.answer(value);
        if number == 0 {
            bench.reply(Err(Problem::Unreachable));
        }
    }
    assert_eq!(bench.state.screen, Screen::Waiting);
    let mut sent = Vec::new();
    let mut effects = bench.take(Action::Online);
    for next in ["q2", "q3", "q4"] {
        assert_eq!(sends(&effects).len(), 1);
        sent.push(bench.pending_answer().value);
        effects = bench.reply(Ok(Reply::Course(course([text(next)]))));
    }
    assert_eq!(sent, ["one", "two", "three"]);
    assert_eq!((bench.on_screen(), bench.state.queue.len()), ("q4", 0));
}

#[test]
fn the_only_answer_stays_on_screen_when_nothing_is_known_in_advance() {
    let mut bench = Bench::owned();
    bench.take(read(Some(Vec::new())));
    bench.started(snapshot(text("q1")));
    bench.answer("Ada");
    bench.reply(Err(Problem::Unreachable));
    assert_eq!((bench.on_screen(), bench.state.save), ("q1", Save::OnDevice));
    assert!(bench.state.is_locked());
}

#[test]
fn without_storage_it_works_in_memory_and_says_that_nothing_is_saved() {
    let mut bench = Bench::owned();
    bench.take(read(None));
    bench.started(Snapshot { course: course([text("q1"), text("q2")]), ..snapshot(text("q1")) });
    bench.type_text("Ada");
    bench.take(Action::Submitted);
    assert_eq!(sends(&bench.settle(false)).len(), 1);
    bench.reply(Err(Problem::Unreachable));
    assert_eq!((bench.on_screen(), bench.state.save), ("q2", Save::Retrying));
}

#[test]
fn a_reply_that_comes_before_the_device_was_read_waits_for_it() {
    let mut bench = Bench::owned();
    assert!(bench.started(snapshot(text("q1"))).is_empty());
    assert_eq!(bench.state.screen, Screen::Loading);
    bench.take(read(Some(Vec::new())));
    assert_eq!(bench.on_screen(), "q1");
}

/// The device after `q1` and `q2` were answered without a connection and `q3` was begun.
fn after_two() -> Vec<(String, String)> {
    let mut bench = Bench::ahead();
    let mut records = on_device(&[text("q1"), text("q2"), text("q3")]);
    bench.ambient.is_offline.set(true);
    for value in ["one", "two"] {
        bench.type_text(value);
        stored(&bench.take(Action::Submitted), &mut records);
        bench.settle(true);
    }
    bench.type_text("thr");
    stored(&bench.take(Action::TimerFired(Timer::Draft)), &mut records);
    records
}

#[test]
fn a_reload_without_a_connection_shows_the_interview_where_it_stood() {
    let mut bench = Bench::owned();
    bench.take(read(Some(after_two())));
    assert_eq!(bench.state.screen, Screen::Loading);
    let effects = bench.reply(Err(Problem::Unreachable));
    assert!(!effects.contains(&Effect::CheckOrigin));
    assert!(effects.contains(&Effect::SetTimer(Timer::Retry, 1_000)));
    assert_eq!((bench.on_screen(), &bench.state.input), ("q3", &Input::Text("thr".to_owned())));
    assert_eq!((bench.values(), bench.state.save), (vec![json!("one"), json!("two")], Save::OnDevice));
    bench.answer("three");
    assert_eq!(bench.state.screen, Screen::Waiting);
}

#[test]
fn a_slow_start_shows_the_device_after_two_seconds_and_the_server_when_it_comes() {
    let mut bench = Bench::owned();
    bench.take(read(Some(after_two())));
    bench.take(Action::TimerFired(Timer::GoOn));
    assert_eq!(bench.on_screen(), "q3");
    let course = course([text("q1"), text("q2"), text("q3")]);
    let effects = bench.started(Snapshot { course, ..snapshot(text("q1")) });
    assert_eq!(sends(&effects).len(), 1);
    assert_eq!((bench.on_screen(), bench.pending_answer().value), ("q3", json!("one")));
}

#[test]
fn after_a_reload_the_server_is_asked_where_it_stands_once_all_is_sent() {
    let mut bench = Bench::owned();
    bench.take(read(Some(after_two())));
    // `q1` had arrived; only its reply was lost.
    bench.started(Snapshot { course: course([text("q2"), text("q3")]), ..snapshot(text("q2")) });
    assert_eq!((bench.on_screen(), bench.pending_answer().value), ("q3", json!("one")));
    bench.reply(Ok(Reply::Course(course([text("q2")]))));
    let effects = bench.reply(Ok(Reply::Course(course([text("q3")]))));
    assert_eq!(sends(&effects), [&Call::Refresh]);
    bench.reply(Ok(Reply::Snapshot(Box::new(snapshot(text("q3"))))));
    assert_eq!((bench.on_screen(), &bench.state.input), ("q3", &Input::Text("thr".to_owned())));
}

#[test]
fn what_is_typed_meanwhile_stays_when_the_server_has_all_that_waits() {
    let mut bench = Bench::owned();
    bench.take(read(Some(after_two())));
    bench.take(Action::TimerFired(Timer::GoOn));
    bench.type_text("three");
    // Both had arrived; only their replies were lost.
    bench.started(Snapshot { course: course([text("q3")]), ..snapshot(text("q3")) });
    let typed = Input::Text("three".to_owned());
    assert_eq!((bench.on_screen(), &bench.state.input), ("q3", &typed));
    bench.reply(Ok(Reply::Course(course([text("q2")]))));
    bench.reply(Ok(Reply::Course(course([text("q3")]))));
    bench.reply(Ok(Reply::Snapshot(Box::new(snapshot(text("q3"))))));
    assert_eq!((bench.on_screen(), &bench.state.input), ("q3", &typed));
    assert!(bench.state.queue.is_empty());
}

#[test]
fn what_another_tab_left_behind_is_sent_when_the_page_is_looked_at_again() {
    let mut bench = Bench::ahead();
    assert_eq!(bench.take(Action::Online), [Effect::ReadDevice(OWNER.to_owned())]);
    let effects = bench.take(read(Some(after_two())));
    assert_eq!((sends(&effects).len(), bench.pending_answer().value), (1, json!("one")));
    bench.reply(Ok(Reply::Course(course([text("q2")]))));
    assert_eq!(sends(&bench.reply(Ok(Reply::Course(course([text("q3")]))))), [&Call::Refresh]);
    bench.reply(Ok(Reply::Snapshot(Box::new(snapshot(text("q3"))))));
    assert_eq!((bench.on_screen(), bench.state.was_answered_elsewhere), ("q3", true));
}

#[test]
fn what_is_under_way_here_is_not_taken_over_again() {
    let mut bench = Bench::ahead();
    bench.answer("Ada");
    assert!(bench.take(Action::Online).is_empty());
    assert!(bench.take(read(Some(after_two()))).is_empty());
    assert_eq!(bench.values(), ["Ada"]);
}

#[test]
fn a_device_that_answers_late_is_listened_to() {
    let late = |do_first: fn(&mut Bench)| {
        let mut bench = Bench::owned();
        bench.take(read(None));
        let course = course([text("q1"), text("q2"), text("q3")]);
        bench.started(Snapshot { course, ..snapshot(text("q1")) });
        do_first(&mut bench);
        let effects = bench.take(read(Some(after_two())));
        assert_eq!((sends(&effects).len(), bench.pending_answer().value), (1, json!("one")));
        assert!(!bench.state.was_answered_elsewhere, "it was answered here");
        bench
    };
    let bench = late(|_| {});
    assert_eq!((bench.on_screen(), &bench.state.input), ("q3", &Input::Text("thr".to_owned())));
    let bench = late(|bench| drop(bench.type_text("anew")));
    assert_eq!((bench.on_screen(), &bench.state.input), ("q1", &Input::Text("anew".to_owned())));
}

#[test]
fn a_device_that_answers_after_the_server_was_given_up_shows_the_interview() {
    let mut bench = Bench::owned();
    bench.ambient.is_offline.set(true);
    bench.take(read(None));
    bench.reply(Err(Problem::Unreachable));
    bench.take(Action::OriginChecked { is_server_up: false });
    assert_eq!(bench.state.screen, Screen::Failed(Failure::Unreachable));
    let effects = bench.take(read(Some(after_two())));
    assert_eq!((bench.on_screen(), sends(&effects).as_slice()), ("q3", [&Call::Start].as_slice()));
}

#[test]
fn a_late_device_brings_the_draft_of_the_question_on_screen() {
    let draft = Draft { question_id: "q1".to_owned(), seq: 9, value: json!("half a") };
    let (name, record) = outbox::keep_draft(&draft);
    let mut bench = Bench::owned();
    bench.take(read(None));
    bench.started(snapshot(text("q1")));
    bench.take(read(Some(vec![(name, record.unwrap())])));
    assert_eq!((bench.on_screen(), &bench.state.input), ("q1", &Input::Text("half a".to_owned())));
}

#[test]
fn a_draft_is_saved_again_when_another_tab_has_counted_further() {
    let mut bench = Bench::ahead();
    bench.type_text("mine");
    bench.take(Action::TimerFired(Timer::Draft));
    let effects = bench.take(Action::DraftSaved { seq: Some(40) });
    assert!(
        effects.iter().any(|effect| matches!(effect, Effect::SaveDraft(_, body) if body.seq == 41)),
        "{effects:?}"
    );
    bench.take(Action::DraftSaved { seq: Some(41) });
    assert_eq!(bench.state.save, Save::Saved);
}

#[test]
fn new_answers_count_on_from_what_the_device_has() {
    let mut bench = Bench::owned();
    bench.take(read(Some(after_two())));
    bench.reply(Err(Problem::Unreachable));
    let before = bench.state.queue.last().unwrap().order;
    bench.answer("three");
    assert!(bench.state.queue.last().unwrap().order > before + 1);
}

#[test]
fn typing_without_a_connection_is_kept_and_said_so() {
    let mut bench = Bench::ahead();
    bench.ambient.is_offline.set(true);
    bench.type_text("Ad");
    let effects = bench.take(Action::Hidden);
    let [Effect::Keep { what: Some(Kept::Draft), .. }, Effect::SaveDraft(..)] = effects.as_slice() else {
        panic!("{effects:?}")
    };
    bench.take(Action::Kept { what: Kept::Draft, is_kept: true });
    assert_eq!(bench.state.save, Save::OnDevice);
}

#[test]
fn what_is_saved_is_not_kept_again_when_the_page_is_hidden() {
    let mut bench = Bench::ahead();
    bench.type_text("Ad");
    bench.take(Action::TimerFired(Timer::Draft));
    let seq = Some(bench.state.seq);
    bench.take(Action::DraftSaved { seq });
    assert_eq!(bench.take(Action::Hidden), []);
    bench.type_text("Ada");
    assert!(!bench.take(Action::Hidden).is_empty());
}

#[test]
fn that_a_draft_is_kept_is_said_too_when_the_server_could_not_be_told_before_it_was() {
    let mut bench = Bench::ahead();
    bench.type_text("Ad");
    let effects = bench.take(Action::TimerFired(Timer::Draft));
    let [Effect::Keep { what: Some(Kept::Draft), .. }, Effect::SaveDraft(..)] = effects.as_slice() else {
        panic!("{effects:?}")
    };
    bench.take(Action::DraftSaved { seq: None });
    assert_eq!(bench.state.save, Save::Idle, "it is not kept yet");
    bench.take(Action::Kept { what: Kept::Draft, is_kept: true });
    assert_eq!(bench.state.save, Save::OnDevice);

    bench.type_text("Ada");
    bench.take(Action::TimerFired(Timer::Draft));
    bench.take(Action::Kept { what: Kept::Draft, is_kept: true });
    assert_eq!(bench.state.save, Save::Idle, "the server may yet be told");
}

#[test]
fn that_an_older_draft_is_kept_says_nothing_of_the_newer_one() {
    let mut bench = Bench::ahead();
    bench.type_text("Ad");
    bench.take(Action::TimerFired(Timer::Draft));
    bench.take(Action::DraftSaved { seq: None });
    bench.type_text("Ada");
    bench.take(Action::Kept { what: Kept::Draft, is_kept: true });
    bench.take(Action::TimerFired(Timer::Draft));
    bench.take(Action::DraftSaved { seq: None });
    assert_ne!(bench.state.save, Save::OnDevice);
    bench.take(Action::Kept { what: Kept::Draft, is_kept: true });
    assert_eq!(bench.state.save, Save::OnDevice);
}

#[test]
fn a_draft_of_a_question_that_the_server_does_not_know_to_be_open_is_kept_here_only() {
    let mut bench = Bench::ahead();
    bench.answer("one");
    bench.take(Action::TimerFired(Timer::GoOn));
    bench.type_text("tw");
    let effects = bench.take(Action::TimerFired(Timer::Draft));
    assert!(matches!(effects.as_slice(), [Effect::Keep { .. }]), "{effects:?}");
}

#[test]
fn a_pause_and_an_unmount_keep_what_is_typed_even_without_a_session() {
    let mut bench = Bench::owned();
    bench.take(read(Some(after_two())));
    bench.reply(Err(Problem::Unreachable));
    bench.type_text("three quarters");
    let effects = bench.take(Action::PauseRequested);
    let mut records = Vec::new();
    stored(&effects, &mut records);
    assert_eq!(outbox::read(&records).drafts[0].value, json!("three quarters"));
    assert!(!effects.iter().any(|effect| matches!(effect, Effect::Pause(_))));
    bench.take(Action::Continued);
    assert_eq!((bench.on_screen(), &bench.state.input), ("q3", &Input::Text("three quarters".to_owned())));
}

#[test]
fn nothing_is_left_on_the_device_when_the_interview_is_over() {
    for id in ["thanks", CONSENT_DECLINED] {
        let mut bench = Bench::ahead();
        let mut records = on_device(&[text("q1")]);
        bench.type_text("Ada");
        stored(&bench.take(Action::TimerFired(Timer::Draft)), &mut records);
        if id == "thanks" {
            // What another tab has left, of which this one does not know.
            let draft = Draft { question_id: "q1".to_owned(), seq: 90, value: json!("elsewhere") };
            records.retain(|(name, _)| *name != outbox::keep_draft(&draft).0);
            records.push((outbox::keep_draft(&draft).0, "{}".to_owned()));
            bench.state.drafts.clear();
        }
        stored(&bench.take(Action::Submitted), &mut records);
        bench.settle(true);
        stored(&bench.reply(Ok(Reply::Course(course([end(id, None)])))), &mut records);
        assert_eq!(records, []);
    }
}
