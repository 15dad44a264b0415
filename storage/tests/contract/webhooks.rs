//! Endpoints, events and deliveries: who is told, by whom, how often, and what only the time makes happen.

use domain::{
    random::first_id_at,
    webhook::{LeasedDelivery, StoredDelivery, StoredEndpoint, StoredEvent, of_invite},
};
use protocol::{
    Environment, Timestamp,
    ids::{EventId, InviteId, OrganizationId, ParticipantId, SessionId, WebhookId},
    invite::InviteStatus,
    session::SessionStatus,
    webhook::{DeliveryAttempt, DeliveryStatus, DisabledReason, EndpointStatus, Event, EventType},
};
use storage::{EventFilter, Lease, PageRequest, Recorded, Store, StoreError};

use crate::{
    fixtures::{Live, Test, at, camp, id, invite, org, page, participant, session},
    mints::{generation, mint},
};

fn endpoint(environment: Environment, number: u32) -> StoredEndpoint {
    StoredEndpoint {
        id: id(environment, number),
        environment,
        organization_id: org(1),
        url: format!("https://example.com/{number}"),
        description: "CRM".to_owned(),
        events: Vec::new(),
        secret: "whsec_new".to_owned(),
        previous_secrets: vec![("whsec_older".to_owned(), at(9_000)), ("whsec_old".to_owned(), at(8_500))],
        status: EndpointStatus::Enabled,
        disabled_reason: None,
        failing_since: Some(at(8_000)),
        created_at: at(1_000),
        updated_at: at(2_000),
    }
}

/// An event of this moment; two of the same moment need different numbers.
fn event(environment: Environment, owner: OrganizationId, millis: i64, kind: EventType) -> StoredEvent {
    let invite: InviteId = id(environment, 1);
    let participant: ParticipantId = id(environment, 1);
    StoredEvent(Event {
        id: first_id_at::<EventId>(at(millis)),
        kind,
        timestamp: at(millis),
        environment,
        organization_id: owner,
        data: of_invite(&invite, &camp(1), &participant, "pending"),
    })
}

async fn add(store: &dyn Store, endpoints: Vec<StoredEndpoint>, events: Vec<StoredEvent>) {
    commit!(store, unit => {
        for endpoint in &endpoints {
            unit.add_endpoint(endpoint).await?;
        }
        for event in &events {
            unit.add_event(event).await?;
        }
        Ok::<_, StoreError>(())
    })
    .unwrap();
}

/// So many of each endpoint.
fn lease(now: i64) -> Lease {
    Lease { now: at(now), until: at(now + 1_000), limit: 100 }
}

async fn take(store: &dyn Store, lease: Lease) -> Vec<LeasedDelivery> {
    commit!(store, unit => {
        let mut leased = Vec::new();
        for endpoint in unit.list_due_endpoints(lease.now).await? {
            leased.extend(unit.lease_deliveries(&endpoint, &lease).await?);
        }
        Ok::<_, StoreError>(leased)
    })
    .unwrap()
}

/// Endpoint and event, each by the number or time that made it.
fn names(leased: &[LeasedDelivery]) -> Vec<(String, i64)> {
    let mut names: Vec<_> = leased
        .iter()
        .map(|one| {
            (one.endpoint.url.rsplit('/').next().unwrap().to_owned(), one.event.0.timestamp.as_millis())
        })
        .collect();
    names.sort();
    names
}

pub(crate) async fn an_endpoint_comes_back_as_it_was_stored_and_changed(store: &dyn Store) {
    let mut stored = endpoint(Live, 1);
    add(store, vec![stored.clone()], vec![]).await;
    let find = |environment| async move {
        store.read().await.unwrap().find_endpoint(environment, &id(Live, 1)).await.unwrap()
    };
    assert_eq!(find(Live).await.as_ref(), Some(&stored));
    assert_eq!(find(Test).await, None);
    stored.url.push_str("/other");
    stored.events = vec![EventType::Ping, EventType::InviteCreated];
    stored.secret.push_str("est");
    stored.previous_secrets.remove(0);
    stored.status = EndpointStatus::Disabled;
    stored.disabled_reason = Some(DisabledReason::Gone);
    stored.failing_since = None;
    stored.updated_at = at(3_000);
    let changed = stored.clone();
    commit!(store, unit => unit.update_endpoint(&changed).await).unwrap();
    assert_eq!(find(Live).await, Some(stored));
    commit!(store, unit => unit.delete_endpoint(Test, &id(Live, 1), at(4_000)).await).unwrap();
    assert!(find(Live).await.is_some());
    commit!(store, unit => unit.delete_endpoint(Live, &id(Live, 1), at(4_000)).await).unwrap();
    assert_eq!(find(Live).await, None);
}

pub(crate) async fn endpoints_are_listed_newest_first_and_counted(store: &dyn Store) {
    let foreign = StoredEndpoint { organization_id: org(2), ..endpoint(Live, 9) };
    let all = vec![endpoint(Live, 1), endpoint(Live, 2), endpoint(Live, 3), endpoint(Test, 4), foreign];
    add(store, all, vec![]).await;
    let mut unit = store.read().await.unwrap();
    let mut request = page(2);
    let ids = |rows: Vec<StoredEndpoint>| rows.into_iter().map(|row| row.id).collect::<Vec<WebhookId>>();
    let first = ids(unit.list_endpoints(Live, &org(1), &request).await.unwrap());
    assert_eq!(first, [id(Live, 3), id(Live, 2)]);
    request.before = Some(first[1].to_string());
    assert_eq!(ids(unit.list_endpoints(Live, &org(1), &request).await.unwrap()), [id(Live, 1)]);
    assert_eq!(unit.count_endpoints(Live, &org(1)).await.unwrap(), 3);
}

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
fn recorded(leased_until: i64, status: DeliveryStatus, next_attempt_at: Option<Timestamp>) -> Recorded {
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
        let (endpoint, filter) = (new.clone(), EventFilter { kind: None, from, to });
        async move {
            commit!(store, unit => unit.redeliver_time(&endpoint, &filter, include_delivered, at(20_000)).await)
                .unwrap()
        }
    };
    assert_eq!(again(Some(at(7_001)), Some(at(10_001)), false).await, 0, "taken, a ping, opt-in, too early");
    assert_eq!(again(Some(at(7_000)), None, false).await, 1, "what is due already is left alone");
    assert_eq!(again(Some(at(10_000)), Some(at(10_001)), true).await, 1);
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
    let filter = EventFilter { kind: None, from: Some(at(11_000)), to: None };
    let queued = commit!(store, unit => unit.redeliver_time(&endpoint, &filter, false, at(20_000)).await);
    assert_eq!(queued.unwrap(), 1, "neither what was before nor what is due");
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

pub(crate) async fn a_deleted_endpoint_is_gone_at_once_and_its_rows_in_batches(store: &dyn Store) {
    let kind = EventType::InviteCreated;
    let events = (0..5).map(|number| event(Live, org(1), 10_000 + number, kind)).collect();
    add(store, vec![endpoint(Live, 1), endpoint(Live, 2)], events).await;
    assert!(!store.read().await.unwrap().has_deleted_endpoints().await.unwrap());
    assert_eq!(commit!(store, unit => unit.remove_deleted_endpoints(9).await).unwrap(), 0);
    commit!(store, unit => unit.delete_endpoint(Live, &id(Live, 1), at(20_000)).await).unwrap();
    let mut unit = store.read().await.unwrap();
    assert_eq!(unit.find_endpoint(Live, &id(Live, 1)).await.unwrap(), None);
    let listed = unit.list_endpoints(Live, &org(1), &page(9)).await.unwrap();
    assert_eq!(listed, [endpoint(Live, 2)]);
    assert_eq!(unit.count_endpoints(Live, &org(1)).await.unwrap(), 1);
    assert!(unit.has_deleted_endpoints().await.unwrap());
    assert_eq!(unit.list_deliveries(&id(Live, 1), None, &page(9)).await.unwrap().len(), 5);
    drop(unit);
    let again = endpoint(Live, 1);
    let changed = commit!(store, unit => unit.update_endpoint(&again).await);
    assert!(changed.is_err(), "nothing brings it back");
    add(store, vec![], vec![event(Live, org(1), 11_000, kind)]).await;
    let told = names(&take(store, lease(20_000)).await).into_iter().map(|(name, _)| name);
    assert!(told.eq(std::iter::repeat_n("2", 6)), "it is told of nothing more");
    for expected in [2, 2, 2, 0] {
        let removed = commit!(store, unit => unit.remove_deleted_endpoints(2).await).unwrap();
        assert_eq!(removed, expected, "five deliveries and the endpoint");
    }
    let mut unit = store.read().await.unwrap();
    assert_eq!(unit.list_deliveries(&id(Live, 1), None, &page(9)).await.unwrap(), []);
    assert_eq!(unit.list_deliveries(&id(Live, 2), None, &page(9)).await.unwrap().len(), 6);
    assert!(!unit.has_deleted_endpoints().await.unwrap());
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
    for step in [1_000, 1_500, 2_500, 10_000] {
        let mut unit = store.read().await.unwrap();
        let (mut expired, mut abandoned, mut from) = (Vec::new(), Vec::new(), 0);
        while from < 10_000 {
            let to = from + step;
            expired
                .extend(unit.expired_invites(at(from), at(to)).await.unwrap().into_iter().map(|one| one.id));
            let gone = unit.abandoned_sessions(at(from), at(to)).await.unwrap();
            abandoned.extend(gone.into_iter().map(|one| one.id.to_string()));
            from = to;
        }
        expired.sort();
        abandoned.sort();
        assert_eq!(expired, expected, "in steps of {step}");
        assert_eq!(abandoned.len(), 5, "in steps of {step}");
    }
    let mut unit = store.read().await.unwrap();
    for (from, next) in
        [(0, Some(2_000)), (1_999, Some(2_000)), (2_000, Some(3_000)), (4_000, Some(5_000)), (6_000, None)]
    {
        assert_eq!(unit.next_end(at(from)).await.unwrap(), next.map(at), "after {from}");
    }
}
