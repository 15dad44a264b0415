//! Deliveries: to whom, by whom, how often.

use domain::{random::first_id_at, webhook::StoredEndpoint};
use protocol::{
    Timestamp,
    ids::EventId,
    webhook::{DeliveryAttempt, DeliveryStatus, EndpointStatus, EventType},
};
use storage::{Lease, Recorded, Redelivery, Store};

use crate::{
    fixtures::{Live, Test, at, id, org, page},
    webhooks::{add, endpoint, event, lease, names, take},
};

pub(crate) async fn an_event_is_on_its_way_to_those_who_want_it_and_nobody_else(store: &dyn Store) {
    let named =
        |number, events: &[EventType]| StoredEndpoint { events: events.to_vec(), ..endpoint(Live, number) };
    let endpoints = vec![
        endpoint(Live, 1),
        named(2, &[EventType::InviteCreated]),
        named(3, &[EventType::SessionAnswerRecorded]),
        StoredEndpoint { status: EndpointStatus::Disabled, ..endpoint(Live, 4) },
        StoredEndpoint { organization_id: org(2), ..endpoint(Live, 5) },
        endpoint(Test, 6),
    ];
    let events = vec![
        event(Live, org(1), 10_000, EventType::InviteCreated),
        event(Live, org(1), 11_000, EventType::SessionAnswerRecorded),
        event(Live, org(1), 12_000, EventType::CampaignActivated),
    ];
    add(store, endpoints, events.clone()).await;
    let leased = take(store, lease(12_000)).await;
    let expected = [("1", 10_000), ("1", 12_000), ("2", 10_000), ("3", 11_000)];
    assert_eq!(names(&leased), expected.map(|(name, time)| (name.to_owned(), time)));
    assert!(leased.iter().all(|one| events.contains(&one.event)), "they come as they were stored");
}

pub(crate) async fn what_was_taken_comes_up_again_only_when_its_time_is_over(store: &dyn Store) {
    let kind = EventType::InviteCreated;
    add(store, vec![endpoint(Live, 1)], vec![event(Live, org(1), 10_000, kind)]).await;
    assert_eq!(take(store, lease(9_999)).await.len(), 0, "it is not due yet");
    assert_eq!(take(store, lease(10_000)).await.len(), 1);
    assert_eq!(take(store, lease(10_999)).await.len(), 0);
    for (environment, due) in [(None, Some(at(11_000))), (Some(Live), Some(at(11_000))), (Some(Test), None)] {
        assert_eq!(store.read().await.unwrap().next_delivery_at(environment).await.unwrap(), due);
    }
    assert_eq!(take(store, lease(11_000)).await.len(), 1);
}

pub(crate) async fn a_lease_takes_so_many_of_an_endpoint_the_longest_due_first(store: &dyn Store) {
    let events = (0..5).map(|n| event(Live, org(1), 10_000 + n, EventType::InviteCreated)).collect();
    let disabled = StoredEndpoint { status: EndpointStatus::Disabled, ..endpoint(Live, 3) };
    add(store, vec![endpoint(Live, 1), endpoint(Live, 2)], events).await;
    add(store, vec![disabled], vec![]).await;
    let leased = take(store, Lease { limit: 2, ..lease(20_000) }).await;
    let expected = [("1", 10_000), ("1", 10_001), ("2", 10_000), ("2", 10_001)];
    assert_eq!(names(&leased), expected.map(|(name, time)| (name.to_owned(), time)));
    let none =
        commit!(store, unit => unit.lease_deliveries(&endpoint(Live, 3), &lease(20_000)).await).unwrap();
    assert_eq!(none.len(), 0, "nothing is due for it");
}

fn attempt(number: u32) -> DeliveryAttempt {
    DeliveryAttempt {
        number,
        at: at(10_000),
        duration_ms: 42,
        status: Some(500),
        error: None,
        response_excerpt: Some("no".to_owned()),
    }
}

/// What came of an attempt at the event of 10,000.
pub(crate) fn recorded(
    leased_until: i64,
    status: DeliveryStatus,
    next_attempt_at: Option<Timestamp>,
) -> Recorded {
    Recorded {
        endpoint: id(Live, 1),
        event: first_id_at(at(10_000)),
        attempt: attempt(1),
        leased_until: at(leased_until),
        step: 1,
        status,
        next_attempt_at,
    }
}

pub(crate) async fn attempts_are_kept_and_sending_again_begins_the_schedule_anew(store: &dyn Store) {
    let kind = EventType::InviteCreated;
    add(store, vec![endpoint(Live, 1)], vec![event(Live, org(1), 10_000, kind)]).await;
    let event_id = first_id_at::<EventId>(at(10_000));
    for (until, status, next) in
        [(10_000, DeliveryStatus::Pending, Some(at(15_000))), (15_000, DeliveryStatus::Failed, None)]
    {
        let recorded = recorded(until, status, next);
        commit!(store, unit => unit.record_attempts(&[recorded]).await).unwrap();
    }
    let mut unit = store.read().await.unwrap();
    let listed = unit.list_deliveries(&id(Live, 1), None, &page(10)).await.unwrap();
    assert_eq!(
        (listed.len(), listed[0].status, listed[0].next_attempt_at),
        (1, DeliveryStatus::Failed, None)
    );
    assert_eq!(listed[0].attempts, [attempt(1), attempt(2)]);
    let pending = unit.list_deliveries(&id(Live, 1), Some(DeliveryStatus::Pending), &page(10)).await.unwrap();
    assert_eq!(pending, []);
    drop(unit);
    let event = event_id.clone();
    let known = commit!(store, unit => unit.redeliver(&id(Live, 1), &event, at(20_000)).await).unwrap();
    let unknown = commit!(store, unit => unit.redeliver(&id(Live, 2), &event_id, at(20_000)).await).unwrap();
    assert_eq!((known, unknown), (true, false));
    let leased = take(store, lease(20_000)).await;
    assert_eq!((leased[0].attempts, leased[0].step), (2, 0));
}

pub(crate) async fn what_comes_of_a_call_that_was_overtaken_is_written_down_and_moves_nothing_but_by_a_success(
    store: &dyn Store,
) {
    let kind = EventType::InviteCreated;
    add(store, vec![endpoint(Live, 1)], vec![event(Live, org(1), 10_000, kind)]).await;
    let leased = take(store, lease(10_000)).await;
    assert_eq!(leased[0].until, at(11_000));
    let event_id = first_id_at::<EventId>(at(10_000));
    let again = commit!(store, unit => unit.redeliver(&id(Live, 1), &event_id, at(10_500)).await);
    assert!(again.unwrap());
    let stands = async || {
        let mut unit = store.read().await.unwrap();
        let listed = unit.list_deliveries(&id(Live, 1), None, &page(10)).await.unwrap().remove(0);
        let numbers: Vec<_> = listed.attempts.iter().map(|attempt| attempt.number).collect();
        (listed.status, listed.next_attempt_at, numbers)
    };

    // The call that was under way when it was queued again fails for good.
    let late = recorded(11_000, DeliveryStatus::Failed, None);
    commit!(store, unit => unit.record_attempts(&[late]).await).unwrap();
    assert_eq!(stands().await, (DeliveryStatus::Pending, Some(at(10_500)), vec![1]));
    let leased = take(store, lease(12_000)).await;
    assert_eq!((leased.len(), leased[0].step), (1, 0));

    // One whose lease is over succeeds, and then the one that took its place fails.
    let slow = recorded(11_000, DeliveryStatus::Delivered, None);
    let failed = recorded(13_000, DeliveryStatus::Pending, Some(at(99_000)));
    commit!(store, unit => unit.record_attempts(&[slow, failed]).await).unwrap();
    assert_eq!(stands().await, (DeliveryStatus::Delivered, None, vec![1, 2, 3]));
}

pub(crate) async fn many_attempts_are_written_down_at_once_each_as_it_came_out(store: &dyn Store) {
    let events =
        (10..13).map(|second| event(Live, org(1), second * 1_000, EventType::InviteCreated)).collect();
    add(store, vec![endpoint(Live, 1), endpoint(Live, 2)], events).await;
    let until = take(store, lease(20_000)).await[0].until.as_millis();
    let of = |number, second: i64, status: DeliveryStatus, next| Recorded {
        endpoint: id(Live, number),
        event: first_id_at(at(second * 1_000)),
        ..recorded(until, status, next)
    };
    let [mut taken, mut refused, failed] = [
        of(1, 10, DeliveryStatus::Delivered, None),
        of(1, 11, DeliveryStatus::Pending, Some(at(50_000))),
        of(2, 10, DeliveryStatus::Failed, None),
    ];
    taken.attempt = DeliveryAttempt { status: Some(204), response_excerpt: None, ..attempt(1) };
    // A stranger's text. One database cannot keep a NUL, so neither does.
    let said = "\"no\"\0 $1 \u{1f980}\r\n".to_owned();
    refused.attempt = DeliveryAttempt { duration_ms: 7, response_excerpt: Some(said), ..attempt(1) };
    refused.step = 3;
    let mut hung = of(2, 11, DeliveryStatus::Pending, Some(at(51_000)));
    hung.attempt = DeliveryAttempt { status: None, error: Some("Hung.".to_owned()), ..attempt(1) };
    let unknown = of(3, 10, DeliveryStatus::Delivered, None);
    let rows = vec![taken.clone(), refused.clone(), failed, unknown, hung.clone()];
    commit!(store, unit => unit.record_attempts(&rows).await).unwrap();

    refused.attempt.response_excerpt = Some("\"no\"\u{fffd} $1 \u{1f980}\r\n".to_owned());
    let stands = async |number| {
        let mut unit = store.read().await.unwrap();
        let mut listed = unit.list_deliveries(&id(Live, number), None, &page(10)).await.unwrap();
        listed.reverse();
        listed.into_iter().map(|row| (row.status, row.next_attempt_at, row.attempts)).collect::<Vec<_>>()
    };
    let waiting = (DeliveryStatus::Pending, Some(at(until)), vec![]);
    assert_eq!(
        stands(1).await,
        [
            (DeliveryStatus::Delivered, None, vec![taken.attempt]),
            (DeliveryStatus::Pending, Some(at(50_000)), vec![refused.attempt]),
            waiting.clone(),
        ]
    );
    assert_eq!(
        stands(2).await,
        [
            (DeliveryStatus::Failed, None, vec![attempt(1)]),
            (DeliveryStatus::Pending, Some(at(51_000)), vec![hung.attempt]),
            waiting,
        ]
    );
    let due = take(store, lease(50_000)).await;
    let steps = due.iter().filter(|one| one.endpoint.id == id(Live, 1)).map(|one| (one.attempts, one.step));
    assert_eq!(steps.collect::<Vec<_>>(), [(0, 0), (1, 3)]);
}

pub(crate) async fn a_time_is_sent_again_with_what_was_missed_and_without_what_was_taken(store: &dyn Store) {
    let kinds = [EventType::InviteCreated, EventType::Ping, EventType::SessionAnswerRecorded];
    let missed = kinds.into_iter().zip(7_000..).map(|(kind, time)| event(Live, org(1), time, kind));
    let foreign = event(Live, org(2), 7_500, EventType::InviteCreated);
    let events = missed.chain([foreign]).collect();
    add(store, vec![], events).await;
    let new = endpoint(Live, 1);
    let later = vec![
        event(Live, org(1), 10_000, EventType::InviteCreated),
        event(Live, org(1), 11_000, EventType::InviteCreated),
    ];
    add(store, vec![new.clone()], later).await;
    let taken = recorded(10_000, DeliveryStatus::Delivered, None);
    commit!(store, unit => unit.record_attempts(&[taken]).await).unwrap();
    let again = |from, to, include_delivered| {
        let (endpoint, which) = (new.clone(), span(from, to, include_delivered));
        async move {
            commit!(store, unit => unit.redeliver_time(&endpoint, &which, at(20_000)).await).unwrap().queued
        }
    };
    assert_eq!(again(7_001, 10_001, false).await, 0, "taken, a ping, opt-in, too early");
    assert_eq!(again(7_000, 20_000, false).await, 1, "what is due already is left alone");
    assert_eq!(again(10_000, 10_001, true).await, 1);
}

/// What happened in a time, in milliseconds.
fn span(from: i64, to: i64, include_delivered: bool) -> Redelivery {
    Redelivery { from: first_id_at(at(from)), to: first_id_at(at(to)), include_delivered, limit: 100 }
}

pub(crate) async fn a_time_is_sent_again_in_pieces_of_so_many_events(store: &dyn Store) {
    let events =
        (10..15).map(|second| event(Live, org(1), second * 1_000, EventType::InviteCreated)).collect();
    add(store, vec![], events).await;
    let new = endpoint(Live, 1);
    add(store, vec![new.clone()], vec![]).await;
    let mut which = Redelivery { limit: 2, ..span(10_000, 20_000, false) };
    let mut pieces = Vec::new();
    loop {
        let (endpoint, piece) = (new.clone(), which.clone());
        let done = commit!(store, unit => unit.redeliver_time(&endpoint, &piece, at(20_000)).await).unwrap();
        pieces.push(done.queued);
        let Some(next) = done.next else { break };
        which.from = next;
    }
    assert_eq!(pieces, [2, 2, 1]);
    assert_eq!(take(store, lease(20_000)).await.len(), 5);
}

/// Deliveries of two events that have failed once and wait for a day, and of one that is due at 12,000.
async fn waiting(store: &dyn Store) -> StoredEndpoint {
    let waiting = endpoint(Live, 1);
    let events =
        (10..13).map(|second| event(Live, org(1), second * 1_000, EventType::InviteCreated)).collect();
    add(store, vec![waiting.clone(), endpoint(Live, 2)], events).await;
    for second in [10, 11] {
        let event = first_id_at::<EventId>(at(second * 1_000));
        let failed = recorded(second * 1_000, DeliveryStatus::Pending, Some(at(86_400_000)));
        let rows: Vec<_> =
            [1, 2].map(|n| Recorded { endpoint: id(Live, n), event: event.clone(), ..failed.clone() }).into();
        commit!(store, unit => unit.record_attempts(&rows).await).unwrap();
    }
    waiting
}

/// Times at which they are due and steps in the schedule, of the first endpoint.
async fn schedule(store: &dyn Store) -> Vec<(Option<i64>, u32)> {
    let mut unit = store.read().await.unwrap();
    let rows = unit.list_deliveries(&id(Live, 1), Some(DeliveryStatus::Pending), &page(10)).await.unwrap();
    drop(unit);
    let due = rows.iter().map(|row| row.next_attempt_at.map(Timestamp::as_millis)).rev().collect::<Vec<_>>();
    let mut leased = take(store, lease(86_400_000)).await;
    leased.retain(|one| one.endpoint.id == id(Live, 1));
    leased.sort_by_key(|one| one.event.0.timestamp);
    due.into_iter().zip(leased.iter().map(|one| one.step)).collect()
}

pub(crate) async fn a_time_is_sent_again_with_what_waits_for_its_next_attempt(store: &dyn Store) {
    let endpoint = waiting(store).await;
    let which = span(11_000, 20_001, false);
    let done = commit!(store, unit => unit.redeliver_time(&endpoint, &which, at(20_000)).await);
    assert_eq!(done.unwrap().queued, 1, "neither what was before nor what is due");
    assert_eq!(schedule(store).await, [(Some(86_400_000), 1), (Some(20_000), 0), (Some(12_000), 0)]);
}

pub(crate) async fn what_waits_for_an_endpoint_can_be_hastened_and_then_begins_its_schedule_anew(
    store: &dyn Store,
) {
    let endpoint = waiting(store).await;
    commit!(store, unit => unit.hasten_deliveries(&endpoint.id, at(20_000)).await).unwrap();
    assert_eq!(schedule(store).await, [(Some(20_000), 0), (Some(20_000), 0), (Some(12_000), 0)]);
    let mut unit = store.read().await.unwrap();
    let other = unit.list_deliveries(&id(Live, 2), Some(DeliveryStatus::Pending), &page(10)).await.unwrap();
    assert_eq!(other.iter().filter(|row| row.next_attempt_at == Some(at(20_000))).count(), 0);
}
