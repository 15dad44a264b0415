//! Idempotency records: one for each name until it expires, and only together with the effect.

use domain::invite::StoredInvite;
use protocol::{
    Environment,
    ids::{InviteId, ParticipantId, PrefixedId},
};
use storage::{IdempotencyRecord, Store, StoreError};

use crate::fixtures::{Live, Test, api_key, at, id, invite, org, organization, participant};

fn record(environment: Environment, name: &[u8], expires_at: i64) -> IdempotencyRecord {
    IdempotencyRecord {
        environment,
        organization_id: org(1),
        name: name.to_vec(),
        api_key_id: id(environment, 1),
        fingerprint: vec![0, 159, 146, 150],
        sealed: vec![255; 3],
        expires_at: at(expires_at),
    }
}

async fn seed(store: &dyn Store) {
    commit!(store, unit => {
        unit.add_api_key(&api_key(Live, 1)).await?;
        unit.add_api_key(&api_key(Test, 1)).await?;
        unit.add_api_key(&domain::api_key::StoredApiKey { organization_id: org(2), ..api_key(Live, 2) }).await
    })
    .unwrap();
}

async fn add(store: &dyn Store, record: IdempotencyRecord, now: i64) -> Result<(), StoreError> {
    commit!(store, unit => unit.add_idempotency_record(&record, &[], at(now)).await)
}

async fn find(store: &dyn Store, record: &IdempotencyRecord, now: i64) -> Option<IdempotencyRecord> {
    let mut unit = store.read().await.unwrap();
    let (environment, organization) = (record.environment, &record.organization_id);
    unit.find_idempotency_record(environment, organization, &record.name, at(now)).await.unwrap()
}

pub(crate) async fn a_record_comes_back_until_it_expires(store: &dyn Store) {
    seed(store).await;
    let kept = record(Live, b"a", 1_000);
    add(store, kept.clone(), 0).await.unwrap();
    assert_eq!(find(store, &kept, 999).await, Some(kept.clone()));
    assert_eq!(find(store, &kept, 1_000).await, None);
}

pub(crate) async fn a_name_is_taken_until_it_expires(store: &dyn Store) {
    seed(store).await;
    add(store, record(Live, b"a", 1_000), 0).await.unwrap();
    let second = record(Live, b"a", 2_000);
    let taken = add(store, second.clone(), 999).await;
    assert!(matches!(taken, Err(StoreError::Conflict { .. })), "{taken:?}");
    add(store, second.clone(), 1_000).await.unwrap();
    assert_eq!(find(store, &second, 1_500).await, Some(second));
}

pub(crate) async fn environments_and_organizations_have_names_of_their_own(store: &dyn Store) {
    seed(store).await;
    let live = record(Live, b"a", 1_000);
    let test = record(Test, b"a", 1_000);
    let other = IdempotencyRecord { organization_id: org(2), api_key_id: id(Live, 2), ..live.clone() };
    for one in [&live, &test, &other] {
        assert_eq!(find(store, one, 0).await, None);
        add(store, one.clone(), 0).await.unwrap();
        assert_eq!(find(store, one, 0).await.as_ref(), Some(one));
    }
}

pub(crate) async fn what_has_expired_goes_as_others_come(store: &dyn Store) {
    seed(store).await;
    for number in 0..25_u8 {
        add(store, record(Live, &[number], 1_000), 0).await.unwrap();
    }
    for number in 100..103_u8 {
        add(store, record(Live, &[number], 3_000), 2_000).await.unwrap();
    }
    for number in 0..25_u8 {
        assert_eq!(find(store, &record(Live, &[number], 0), 0).await, None, "{number}");
    }
    for number in 100..103_u8 {
        assert!(find(store, &record(Live, &[number], 0), 2_500).await.is_some());
    }
}

pub(crate) async fn a_record_and_its_effect_are_kept_together_or_not_at_all(store: &dyn Store) {
    seed(store).await;
    let kept = record(Live, b"a", 1_000);
    let (one, other) = (kept.clone(), kept.clone());
    let failed: Result<(), StoreError> = commit!(store, unit => {
        unit.add_organization(&organization(10)).await?;
        unit.add_idempotency_record(&one, &[], at(0)).await?;
        Err(StoreError::Conflict { what: "something later" })
    });
    assert!(failed.is_err());
    assert_eq!(find(store, &kept, 0).await, None);
    add(store, kept, 0).await.unwrap();
    let lost: Result<(), StoreError> = commit!(store, unit => {
        unit.add_organization(&organization(11)).await?;
        unit.add_idempotency_record(&other, &[], at(0)).await
    });
    assert!(matches!(lost, Err(StoreError::Conflict { .. })), "{lost:?}");
    let mut unit = store.read().await.unwrap();
    for number in [10, 11] {
        let organization = protocol::ids::OrganizationId::from_suffix(&number.to_string());
        assert_eq!(unit.find_organization(&organization).await.unwrap(), None);
    }
}

pub(crate) async fn an_answer_that_tells_of_somebody_is_emptied_when_they_are_erased(store: &dyn Store) {
    seed(store).await;
    let person = participant(Live, 20);
    let (one, batch, other) =
        (record(Live, b"one", 1_000), record(Live, b"batch", 1_000), record(Live, b"other", 1_000));
    let (id, stored) = (person.id.clone(), [one.clone(), batch.clone(), other.clone()]);
    commit!(store, unit => {
        unit.merge_participant(&person).await?;
        let somebody = ParticipantId::from_suffix("somebody");
        let about = [vec![id.clone()], vec![somebody.clone(), id.clone()], vec![somebody]];
        for (record, about) in stored.iter().zip(&about) {
            unit.add_idempotency_record(record, about, at(0)).await?;
        }
        unit.erase_participant(Live, &id, at(1)).await
    })
    .unwrap();
    for emptied in [one, batch] {
        let expected = IdempotencyRecord { sealed: Vec::new(), ..emptied.clone() };
        assert_eq!(find(store, &emptied, 999).await, Some(expected), "its name stays taken");
    }
    assert_eq!(find(store, &other, 999).await, Some(other));
}

pub(crate) async fn an_answer_that_tells_of_who_withdraws_is_emptied_while_they_have_other_invites(
    store: &dyn Store,
) {
    seed(store).await;
    let (one, other) = (record(Live, b"one", 1_000), record(Live, b"other", 1_000));
    let stored = [one.clone(), other.clone()];
    commit!(store, unit => {
        let person = participant(Live, 20);
        unit.merge_participant(&person).await?;
        for number in [20, 21] {
            let participant = person.clone();
            unit.add_invite(&StoredInvite { participant, ..invite(Live, number) }).await?;
        }
        unit.add_idempotency_record(&stored[0], &[person.id], at(0)).await?;
        unit.add_idempotency_record(&stored[1], &[id(Live, 1)], at(0)).await
    })
    .unwrap();
    commit!(store, unit => unit.erase_invite(Test, &id::<InviteId>(Live, 20), at(1)).await).unwrap();
    assert_eq!(find(store, &one, 999).await.as_ref(), Some(&one), "another environment is not concerned");

    commit!(store, unit => unit.erase_invite(Live, &id::<InviteId>(Live, 20), at(1)).await).unwrap();
    let person = id::<ParticipantId>(Live, 20);
    let left = store.read().await.unwrap().find_participant(Live, &person).await.unwrap().unwrap();
    assert_eq!(left.erased_at, None, "the other invite is still theirs");
    let expected = IdempotencyRecord { sealed: Vec::new(), ..one.clone() };
    assert_eq!(find(store, &one, 999).await, Some(expected));
    assert_eq!(find(store, &other, 999).await, Some(other));
}

pub(crate) async fn what_has_expired_can_be_removed_in_batches(store: &dyn Store) {
    seed(store).await;
    for (name, expires_at) in [(b"a", 1_000), (b"b", 1_001), (b"c", 1_002), (b"d", 5_000)] {
        add(store, record(Live, name, expires_at), 0).await.unwrap();
    }
    for expected in [2, 1, 0] {
        let removed = commit!(store, unit => unit.remove_idempotency_records(at(1_002), 2).await).unwrap();
        assert_eq!(removed, expected);
    }
    assert!(find(store, &record(Live, b"d", 5_000), 1_002).await.is_some());
}
