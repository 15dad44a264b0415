//! Counts over the sessions of a campaign.

use domain::{analytics::AnswerTally, random::first_id_at, session::StoredSession};
use protocol::{analytics::SessionCounts, question::QuestionKind, session::SessionStatus};
use serde_json::{Value, json};
use storage::{SessionSpan, Store};

use crate::fixtures::{Live, Test, answer, at, camp, invite, session};

/// Of the first campaign, in the live environment.
fn span() -> SessionSpan {
    SessionSpan { environment: Live, campaign_id: camp(1), from: None, to: None }
}

/// A session that began at a time, as its id says.
fn began(millis: i64) -> StoredSession {
    StoredSession { id: first_id_at(at(millis)), started_at: at(millis), ..session(Live, 1, 1) }
}

async fn add(store: &dyn Store, sessions: Vec<StoredSession>) {
    commit!(store, unit => {
        unit.add_invite(&invite(Live, 1)).await?;
        unit.add_invite(&invite(Test, 1)).await?;
        for session in &sessions {
            unit.add_session(session).await?;
        }
        // Neither is of this campaign in this environment.
        unit.add_session(&StoredSession { campaign_id: camp(2), ..session(Live, 99, 1) }).await?;
        unit.add_session(&session(Test, 99, 1)).await
    })
    .unwrap();
}

pub(crate) async fn sessions_are_counted_by_where_they_stand_at_a_time(store: &dyn Store) {
    use SessionStatus::{Active, Completed, Declined, Paused};
    let with = |millis, status| StoredSession { status, ..began(millis) };
    let statuses = [Active, Active, Paused, Completed, Declined];
    add(store, (1_000..).zip(statuses).map(|(millis, status)| with(millis, status)).collect()).await;
    let mut unit = store.read().await.unwrap();
    let counted = SessionCounts { started: 5, active: 2, paused: 1, completed: 1, declined: 1, abandoned: 0 };
    assert_eq!(unit.count_sessions(&span(), at(6_999)).await.unwrap(), counted);
    let later = SessionCounts { active: 0, paused: 0, abandoned: 3, ..counted };
    assert_eq!(unit.count_sessions(&span(), at(7_000)).await.unwrap(), later);
    let some = SessionSpan { from: Some(at(1_001)), to: Some(at(1_003)), ..span() };
    let of_a_time = SessionCounts { started: 2, active: 1, paused: 1, ..SessionCounts::default() };
    assert_eq!(unit.count_sessions(&some, at(6_999)).await.unwrap(), of_a_time);
}

pub(crate) async fn durations_of_completed_sessions_are_ranked_from_the_shortest(store: &dyn Store) {
    let took = |millis, ms| StoredSession {
        status: SessionStatus::Completed,
        completed_at: Some(at(millis + ms)),
        ..began(millis)
    };
    // A clock that was set back makes none of them negative.
    add(store, vec![took(1_000, 700), took(2_000, 50), took(3_000, -10), began(4_000)]).await;
    let mut unit = store.read().await.unwrap();
    for (rank, expected) in [(0, Some(0)), (1, Some(50)), (2, Some(700)), (3, None)] {
        assert_eq!(unit.session_duration(&span(), rank).await.unwrap(), expected, "rank {rank}");
    }
}

pub(crate) async fn answers_are_taken_together_and_texts_left_where_they_are(store: &dyn Store) {
    let sessions: Vec<_> = (1..=4).map(|number| began(number * 1_000)).collect();
    add(store, sessions.clone()).await;
    let chosen = ["pen", "app", "pen"].map(Value::from).into_iter().chain([Value::Null]);
    let answers = sessions.iter().zip(chosen).flat_map(|(session, choice)| {
        let written = answer(session, 0, json!(format!("Written in {}", session.id)));
        let chosen =
            domain::session::StoredAnswer { kind: QuestionKind::SingleChoice, ..answer(session, 1, choice) };
        [written, chosen]
    });
    let answers: Vec<_> = answers.collect();
    commit!(store, unit => {
        for answer in &answers {
            unit.add_answer(answer).await?;
        }
        Ok(())
    })
    .unwrap();
    let tally = |question: &str, kind, value, answers| AnswerTally {
        question_id: question.to_owned(),
        kind,
        value,
        answers,
        elapsed_ms: answers * 1_234,
    };
    let choice = |value, answers| tally("q1", QuestionKind::SingleChoice, Some(value), answers);
    let mut unit = store.read().await.unwrap();
    let all = unit.tally_answers(&span()).await.unwrap();
    assert_eq!(all.len(), 4, "{all:?}");
    for expected in [
        tally("q0", QuestionKind::LongText, None, 4),
        choice(json!("pen"), 2),
        choice(json!("app"), 1),
        choice(Value::Null, 1),
    ] {
        assert!(all.contains(&expected), "{expected:?} is not in {all:?}");
    }
    let some = SessionSpan { from: Some(at(2_000)), to: Some(at(3_000)), ..span() };
    let of_one = unit.tally_answers(&some).await.unwrap();
    assert_eq!(of_one.len(), 2, "{of_one:?}");
    assert!(of_one.contains(&choice(json!("app"), 1)), "{of_one:?}");
}

pub(crate) async fn abandoned_sessions_are_counted_by_their_last_answer(store: &dyn Store) {
    let with = |millis, answers| StoredSession { answers, ..began(millis) };
    let over = StoredSession { status: SessionStatus::Completed, ..with(5_000, 1) };
    let sessions = vec![with(1_000, 0), with(2_000, 2), with(3_000, 2), with(4_000, 1), over];
    add(store, sessions.clone()).await;
    commit!(store, unit => {
        for session in &sessions {
            for position in 0..session.answers {
                unit.add_answer(&answer(session, position, json!("Because"))).await?;
            }
        }
        Ok(())
    })
    .unwrap();
    let mut unit = store.read().await.unwrap();
    assert_eq!(unit.tally_abandoned(&span(), at(6_999)).await.unwrap(), []);
    let mut counted = unit.tally_abandoned(&span(), at(7_000)).await.unwrap();
    let order = |counted: &mut Vec<(Option<(String, QuestionKind)>, u64)>| {
        counted.sort_by_key(|(last, _)| last.clone().map(|(question, _)| question));
    };
    order(&mut counted);
    let of = |question: &str| Some((question.to_owned(), QuestionKind::LongText));
    assert_eq!(counted, [(None, 1), (of("q0"), 1), (of("q1"), 2)]);
    let some = SessionSpan { from: Some(at(3_000)), to: Some(at(4_001)), ..span() };
    let mut counted = unit.tally_abandoned(&some, at(7_000)).await.unwrap();
    order(&mut counted);
    assert_eq!(counted, [(of("q0"), 1), (of("q1"), 1)]);
}
