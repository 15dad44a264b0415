//! Events: of mints, of sessions, those that only time makes happen, and how old ones go.

use domain::webhook::StoredDelivery;
use protocol::{
    ids::{InviteId, SessionId},
    invite::InviteStatus,
    session::SessionStatus,
    webhook::{DeliveryStatus, EventType},
};
use storage::{EventFilter, PageRequest, Store, StoreError};

use crate::{
    deliveries::recorded,
    fixtures::{Live, Test, at, id, invite, org, page, participant, session},
    mints::{generation, mint},
    webhooks::{add, endpoint, event},
};

pub(crate) async fn a_mint_tells_of_itself_in_its_own_commit(store: &dyn Store) {
    let before = generation(store).await;
    store.mint(mint(before, 41, None, None)).await.unwrap();
    add(store, vec![endpoint(Live, 1)], vec![]).await;
    let before = generation(store).await;
    store.mint(mint(before, 42, Some("ada@example.com"), None)).await.unwrap();
    let mut unit = store.read().await.unwrap();
    let events = unit.list_events(Live, &org(1), &EventFilter::default(), &page(10)).await.unwrap();
    let told: Vec<_> = events.iter().map(|event| (event.0.kind, event.0.data["invite_id"].clone())).collect();
    let of = |number| (EventType::InviteCreated, id::<InviteId>(Live, number).to_string().into());
    assert_eq!(told, [of(42), of(41)]);
    let deliveries = unit.list_deliveries(&id(Live, 1), None, &page(10)).await.unwrap();
    assert_eq!(deliveries.len(), 1);
    assert_eq!(deliveries[0].event_id, events[0].0.id);
}

pub(crate) async fn events_of_a_session_are_listed_newest_first(store: &dyn Store) {
    let about = |millis, kind, session: u32| {
        let mut event = event(Live, org(1), millis, kind);
        event.0.data.insert("session_id".to_owned(), id::<SessionId>(Live, session).to_string().into());
        event
    };
    let events = vec![
        about(10_000, EventType::InterviewStarted, 1),
        about(10_001, EventType::InterviewStarted, 2),
        about(10_002, EventType::SessionAnswerRecorded, 1),
        about(10_003, EventType::InterviewCompleted, 1),
        event(Live, org(1), 10_004, EventType::InviteCompleted),
    ];
    add(store, vec![], events.clone()).await;
    let mut unit = store.read().await.unwrap();
    let mut listed = async |session, page| unit.list_events_of(&id(Live, session), &page).await.unwrap();
    assert_eq!(listed(1, page(10)).await, [events[3].clone(), events[2].clone(), events[0].clone()]);
    assert_eq!(listed(1, page(1)).await, [events[3].clone()]);
    let older = PageRequest { before: Some(events[3].0.id.to_string()), limit: 10 };
    assert_eq!(listed(1, older).await, [events[2].clone(), events[0].clone()]);
    assert_eq!(listed(3, page(10)).await, []);
}

pub(crate) async fn old_events_go_with_their_deliveries(store: &dyn Store) {
    let kind = EventType::InviteCreated;
    let events = vec![
        event(Live, org(1), 10_000, kind),
        event(Live, org(1), 20_000, kind),
        event(Test, org(2), 9_999, kind),
    ];
    add(store, vec![endpoint(Live, 1)], events).await;
    let attempt = recorded(1, DeliveryStatus::Pending, Some(at(15_000)));
    commit!(store, unit => unit.record_attempts(&[attempt]).await).unwrap();
    assert_eq!(
        commit!(store, unit => unit.remove_events(at(20_000), 500).await).unwrap(),
        3,
        "two events and a delivery"
    );
    let mut unit = store.read().await.unwrap();
    let left = unit.list_events(Live, &org(1), &EventFilter::default(), &page(10)).await.unwrap();
    assert_eq!(left.len(), 1);
    let deliveries = unit.list_deliveries(&id(Live, 1), None, &page(10)).await.unwrap();
    assert_eq!(deliveries.len(), 1);
}

/// A batch is one job, and nobody else writes meanwhile.
pub(crate) async fn old_events_go_in_batches_and_after_their_deliveries(store: &dyn Store) {
    let kind = EventType::InviteCreated;
    let old = (0..5).map(|number| event(Live, org(1), 10_000 + number, kind));
    let foreign = (0..2).map(|number| event(Test, org(2), 11_000 + number, kind));
    let new = event(Live, org(1), 20_000, kind);
    add(store, vec![endpoint(Live, 1)], old.chain(foreign).chain([new]).collect()).await;
    let (mut batches, mut seen) = (Vec::new(), Vec::new());
    while batches.last().is_none_or(|batch| *batch >= 3) {
        batches.push(commit!(store, unit => unit.remove_events(at(20_000), 3).await).unwrap());
        let mut unit = store.read().await.unwrap();
        let events = unit.list_events(Live, &org(1), &EventFilter::default(), &page(10)).await.unwrap();
        let deliveries = unit.list_deliveries(&id(Live, 1), None, &page(10)).await.unwrap();
        let is_there = |delivery: &StoredDelivery| events.iter().any(|event| event.0.id == delivery.event_id);
        assert!(deliveries.iter().all(is_there), "a delivery without its event would be due for ever");
        seen.push((deliveries.len(), events.len()));
    }
    assert!(batches.iter().all(|batch| *batch < 6), "{batches:?}");
    assert_eq!(batches.iter().sum::<u64>(), 5 + 5 + 2);
    assert_eq!(seen.first(), Some(&(3, 6)));
    assert_eq!(seen.last(), Some(&(1, 1)));
}

/// However the time is cut, each end lies in one piece.
pub(crate) async fn each_end_that_time_brings_is_told_in_one_piece_of_it(store: &dyn Store) {
    // Invite by number: its status, its expiry, and until when its sessions can be resumed.
    let scene: [(u32, InviteStatus, i64, &[i64]); 7] = [
        (21, InviteStatus::Pending, 3_000, &[]),
        (22, InviteStatus::Started, 4_000, &[2_000]),
        (23, InviteStatus::Started, 2_000, &[5_000]),
        (24, InviteStatus::Started, 2_000, &[3_000, 6_000]),
        (25, InviteStatus::Completed, 3_000, &[]),
        (26, InviteStatus::Cancelled, 3_000, &[]),
        (27, InviteStatus::Started, 3_000, &[3_000]),
    ];
    commit!(store, unit => {
        let mut sessions = 100;
        for (number, status, expires_at, resumable) in scene {
            let participant = participant(Live, 1);
            let stored = domain::invite::StoredInvite { participant, expires_at: at(expires_at), ..invite(Live, number) };
            unit.add_invite(&stored).await?;
            unit.move_invite(Live, &stored.id, &InviteStatus::ALL, status, at(0)).await?;
            for until in resumable {
                sessions += 1;
                let stored = domain::session::StoredSession {
                    status: SessionStatus::Active,
                    resume_window_s: 1,
                    last_activity_at: at(until - 1_000),
                    ..session(Live, sessions, number)
                };
                unit.add_session(&stored).await?;
            }
        }
        Ok::<_, StoreError>(())
    })
    .unwrap();
    let expected: Vec<InviteId> = [21, 22, 23, 24, 27].map(|number| id(Live, number)).into();
    for (step, most) in
        [(1_000, 100), (1_500, 100), (2_500, 100), (10_000, 100), (10_000, 4), (10_000, 1), (1_500, 2)]
    {
        let mut unit = store.read().await.unwrap();
        let (mut expired, mut abandoned, mut from) = (Vec::new(), Vec::new(), at(0));
        while from < at(10_000) {
            let to = at(from.as_millis() - at(0).as_millis() + step);
            let to = unit.crowded_end(from, to, most).await.unwrap().unwrap_or(to);
            expired.extend(unit.expired_invites(from, to).await.unwrap().into_iter().map(|one| one.id));
            let gone = unit.abandoned_sessions(from, to).await.unwrap();
            abandoned.extend(gone.into_iter().map(|one| one.id.to_string()));
            from = to;
        }
        expired.sort();
        abandoned.sort();
        assert_eq!(expired, expected, "in steps of {step}, {most} at most");
        assert_eq!(abandoned.len(), 5, "in steps of {step}, {most} at most");
    }
    let mut unit = store.read().await.unwrap();
    for (from, next) in
        [(0, Some(2_000)), (1_999, Some(2_000)), (2_000, Some(3_000)), (4_000, Some(5_000)), (6_000, None)]
    {
        assert_eq!(unit.next_end(at(from)).await.unwrap(), next.map(at), "after {from}");
    }
    for (from, to, most, end) in [
        (0, 10_000, 1, Some(2_000)),
        (0, 10_000, 3, Some(2_000)),
        (0, 10_000, 4, Some(3_000)),
        (0, 10_000, 10, Some(6_000)),
        (0, 10_000, 11, None),
        (2_000, 4_000, 5, Some(4_000)),
        (2_000, 4_000, 6, None),
    ] {
        let found = unit.crowded_end(at(from), at(to), most).await.unwrap();
        assert_eq!(found, end.map(at), "{most} after {from} until {to}");
    }
}
