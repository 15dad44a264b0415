//! Endpoints.

use domain::{
    random::first_id_at,
    webhook::{LeasedDelivery, StoredEndpoint, StoredEvent, of_invite},
};
use protocol::{
    Environment,
    ids::{EventId, InviteId, OrganizationId, ParticipantId, WebhookId},
    webhook::{DisabledReason, EndpointStatus, Event, EventType},
};
use storage::{Lease, Store, StoreError};

use crate::fixtures::{Live, Test, at, camp, id, org, page};

pub(crate) fn endpoint(environment: Environment, number: u32) -> StoredEndpoint {
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
pub(crate) fn event(
    environment: Environment,
    owner: OrganizationId,
    millis: i64,
    kind: EventType,
) -> StoredEvent {
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

pub(crate) async fn add(store: &dyn Store, endpoints: Vec<StoredEndpoint>, events: Vec<StoredEvent>) {
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
pub(crate) fn lease(now: i64) -> Lease {
    Lease { now: at(now), until: at(now + 1_000), limit: 100 }
}

pub(crate) async fn take(store: &dyn Store, lease: Lease) -> Vec<LeasedDelivery> {
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
pub(crate) fn names(leased: &[LeasedDelivery]) -> Vec<(String, i64)> {
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
