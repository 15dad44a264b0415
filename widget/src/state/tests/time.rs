//! Stories about questions that have to be answered within a time.

use super::*;

fn limited(id: &str, limit_ms: u64) -> Turn {
    let question = QuestionView {
        id: id.to_owned(),
        time_limit_ms: Some(limit_ms),
        ..fixtures::question(QuestionKind::ShortText)
    };
    Turn::Question { progress: 0.5, question: Box::new(question) }
}

#[test]
fn the_time_left_is_counted_by_the_clock_and_not_by_the_timers() {
    let mut bench = Bench::at(limited("q1", 90_000));
    assert_eq!(bench.state.time_left_s, Some(90));
    bench.ambient.now_ms.set(1_040.0);
    let effects = bench.take(Action::TimerFired(Timer::Limit));
    assert_eq!(bench.state.time_left_s, Some(89));
    assert_eq!(effects, [Effect::SetTimer(Timer::Limit, 960)]);
    // Browsers let the timers of a page that nobody looks at wait.
    bench.ambient.now_ms.set(61_000.0);
    bench.take(Action::TimerFired(Timer::Limit));
    assert_eq!(bench.state.time_left_s, Some(29));
}

#[test]
fn when_the_time_is_over_the_answer_is_still_taken() {
    let mut bench = Bench::at(limited("q1", 1_000));
    bench.type_text("Ada");
    bench.ambient.now_ms.set(5_000.0);
    assert!(bench.take(Action::TimerFired(Timer::Limit)).is_empty());
    assert_eq!((bench.state.time_left_s, &bench.state.screen), (Some(0), &Screen::Question));
    bench.take(Action::Submitted);
    let body = bench.pending_answer();
    assert_eq!((body.value, body.elapsed_ms), (json!("Ada"), 5_000));
}

#[test]
fn who_has_answered_is_told_no_more_of_the_time() {
    let mut bench = Bench::at(limited("q1", 10_000));
    bench.type_text("Ada");
    bench.take(Action::Submitted);
    assert_eq!(bench.state.time_left_s, None);
    bench.ambient.now_ms.set(10_000.0);
    assert!(bench.take(Action::TimerFired(Timer::Limit)).is_empty());
    assert_eq!(bench.state.time_left_s, None);
}

#[test]
fn the_time_counts_from_when_the_first_screen_has_shown_the_question() {
    let mut bench = Bench::with(|state| state.first_shown_at_ms = Some(1_000.0));
    bench.take(Action::Mounted);
    bench.ambient.now_ms.set(16_000.0);
    bench.started(snapshot(limited("q1", 60_000)));
    assert_eq!(bench.state.time_left_s, Some(45));
    bench.type_text("Ada");
    bench.take(Action::Submitted);
    assert_eq!(bench.pending_answer().elapsed_ms, 15_000);
    bench.reply(Ok(Reply::Course(course([limited("q2", 60_000)]))));
    assert_eq!(bench.state.time_left_s, Some(60));
}

#[test]
fn a_question_without_a_limit_has_no_time() {
    let mut bench = Bench::at(limited("q1", 90_000));
    bench.type_text("Ada");
    bench.take(Action::Submitted);
    bench.reply(Ok(Reply::Course(course([question("q2", QuestionKind::ShortText)]))));
    assert_eq!(bench.state.time_left_s, None);
    assert!(bench.take(Action::TimerFired(Timer::Limit)).is_empty());
    assert_eq!(bench.state.time_left_s, None);
}
