//! The audit log: in order, by filter, and nobody else's.

use domain::audit::{Audited as _, Cause, StoredAuditEvent};
use protocol::{
    Environment,
    audit::AuditAction,
    ids::{ApiKeyId, AuditEventId, OrganizationId},
};
use storage::{AuditFilter, PageRequest, Store, StoreError};

use crate::fixtures::{Live, Test, at, camp, id, org, page};

fn event(environment: Environment, number: u32, millis: i64) -> StoredAuditEvent {
    let cause =
        Cause::api_key(&id(environment, 1), Some(format!("req_{number}")), Some("192.0.2.1".to_owned()));
    let (id, target) = (id::<AuditEventId>(environment, number), camp(1).target());
    cause.event(id, at(millis), environment, org(1), AuditAction::CampaignUpdated, target)
}

async fn add(store: &dyn Store, events: Vec<StoredAuditEvent>) -> Result<(), StoreError> {
    commit!(store, unit => {
        for event in &events {
            unit.add_audit_event(event).await?;
        }
        Ok(())
    })
}

async fn list(
    store: &dyn Store,
    owner: &OrganizationId,
    filter: AuditFilter,
    page: &PageRequest,
) -> Vec<String> {
    let mut unit = store.read().await.unwrap();
    let events = unit.list_audit_events(Live, owner, &filter, page).await.unwrap();
    events.into_iter().map(|stored| stored.event.id.to_string()).collect()
}

fn ids(numbers: &[u32]) -> Vec<String> {
    numbers.iter().map(|number| id::<AuditEventId>(Live, *number).to_string()).collect()
}

pub(crate) async fn an_event_comes_back_as_it_was_stored(store: &dyn Store) {
    let cli = Cause::cli().event(
        id(Live, 2),
        at(2),
        Live,
        org(1),
        AuditAction::ApiKeyCreated,
        id::<ApiKeyId>(Live, 7).target(),
    );
    let events = vec![cli, event(Live, 1, 1)];
    add(store, events.clone()).await.unwrap();
    let mut unit = store.read().await.unwrap();
    let stored = unit.list_audit_events(Live, &org(1), &AuditFilter::default(), &page(10)).await.unwrap();
    assert_eq!(stored, events);
}

pub(crate) async fn events_are_listed_newest_first_and_pages_join_up(store: &dyn Store) {
    // Ids in no order: those of one millisecond come in the order in which they were added.
    add(
        store,
        vec![
            event(Live, 5, 10),
            event(Live, 3, 20),
            event(Live, 4, 20),
            event(Live, 1, 20),
            event(Live, 2, 30),
        ],
    )
    .await
    .unwrap();
    let mut listed = Vec::new();
    let mut request = page(2);
    loop {
        let page = list(store, &org(1), AuditFilter::default(), &request).await;
        let Some(last) = page.last() else { break };
        request.before = Some(last.clone());
        listed.extend(page);
    }
    assert_eq!(listed, ids(&[2, 1, 4, 3, 5]));
}

pub(crate) async fn events_are_listed_by_each_filter_and_by_all_of_them(store: &dyn Store) {
    let mut other = event(Live, 2, 20);
    other.event.actor.id = Some("key_other".to_owned());
    let mut paused = event(Live, 3, 30);
    paused.event.action = AuditAction::CampaignPaused;
    let mut elsewhere = event(Live, 4, 40);
    elsewhere.event.target = camp(2).target();
    add(store, vec![event(Live, 1, 10), other, paused, elsewhere]).await.unwrap();
    let listed = async |filter| list(store, &org(1), filter, &page(10)).await;
    let none = AuditFilter::default;
    let actor_id = Some("key_other".to_owned());
    assert_eq!(listed(AuditFilter { actor_id, ..none() }).await, ids(&[2]));
    let action = Some(AuditAction::CampaignPaused);
    assert_eq!(listed(AuditFilter { action, ..none() }).await, ids(&[3]));
    let target_id = Some(camp(2).to_string());
    assert_eq!(listed(AuditFilter { target_id, ..none() }).await, ids(&[4]));
    assert_eq!(listed(AuditFilter { from: Some(at(20)), ..none() }).await, ids(&[4, 3, 2]));
    assert_eq!(listed(AuditFilter { to: Some(at(30)), ..none() }).await, ids(&[2, 1]));
    let all = AuditFilter {
        actor_id: Some(id::<ApiKeyId>(Live, 1).to_string()),
        action: Some(AuditAction::CampaignUpdated),
        target_id: Some(camp(1).to_string()),
        from: Some(at(10)),
        to: Some(at(11)),
    };
    assert_eq!(listed(all).await, ids(&[1]));
}

pub(crate) async fn nobody_sees_the_events_of_others(store: &dyn Store) {
    let other = StoredAuditEvent { organization_id: org(2), ..event(Live, 2, 20) };
    add(store, vec![event(Live, 1, 10), other, event(Test, 3, 30)]).await.unwrap();
    assert_eq!(list(store, &org(1), AuditFilter::default(), &page(10)).await, ids(&[1]));
    assert_eq!(list(store, &org(2), AuditFilter::default(), &page(10)).await, ids(&[2]));
    let foreign = PageRequest { before: Some(id::<AuditEventId>(Live, 2).to_string()), limit: 10 };
    assert_eq!(list(store, &org(1), AuditFilter::default(), &foreign).await, Vec::<String>::new());
}
