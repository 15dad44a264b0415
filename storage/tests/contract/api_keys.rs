//! API keys.

use domain::{
    api_key::{StoredApiKey, scopes_of},
    organization::Plan,
};
use protocol::{
    api_key::KeyKind,
    ids::{ApiKeyId, PrefixedId},
};
use storage::{HourOfUse, PageRequest, Store, StoreError};

use crate::fixtures::{Live, Test, api_key, at, org, page};

async fn add(store: &dyn Store, keys: &[StoredApiKey]) {
    let keys = keys.to_vec();
    commit!(store, unit => {
        for key in &keys {
            unit.add_api_key(key).await?;
        }
        Ok(())
    })
    .unwrap();
}

async fn find(store: &dyn Store, number: u32) -> StoredApiKey {
    store.read().await.unwrap().find_api_key(Live, &api_key(Live, number).id).await.unwrap().unwrap()
}

pub(crate) async fn a_key_comes_back_as_it_was_stored(store: &dyn Store) {
    let plain = api_key(Live, 1);
    let full = StoredApiKey {
        kind: KeyKind::Admin,
        scopes: scopes_of(KeyKind::Admin),
        allowed_cidrs: vec!["10.0.0.0/8".to_owned(), "::1/128".to_owned()],
        expires_at: Some(at(1)),
        revoked_at: Some(at(2)),
        last_used_at: Some(at(3)),
        ..api_key(Live, 2)
    };
    add(store, &[plain.clone(), full.clone()]).await;
    let mut unit = store.read().await.unwrap();
    for key in [plain, full] {
        assert!(unit.find_api_key(Live, &key.id).await.unwrap() == Some(key.clone()));
        assert!(
            unit.find_api_key_by_lookup(Live, &key.lookup_id).await.unwrap() == Some((key, Plan::SelfHosted))
        );
    }
}

pub(crate) async fn a_lookup_id_is_taken_once(store: &dyn Store) {
    add(store, &[api_key(Live, 1)]).await;
    let again = StoredApiKey { lookup_id: api_key(Live, 1).lookup_id, ..api_key(Live, 2) };
    let refused = commit!(store, unit => unit.add_api_key(&again).await);
    assert!(matches!(refused, Err(StoreError::Conflict { what: "API key" })), "{refused:?}");
}

pub(crate) async fn a_key_is_found_in_its_own_environment_only(store: &dyn Store) {
    let key = api_key(Live, 1);
    add(store, std::slice::from_ref(&key)).await;
    let mut unit = store.read().await.unwrap();
    assert_eq!(unit.find_api_key(Test, &key.id).await.unwrap(), None);
    assert_eq!(unit.find_api_key_by_lookup(Test, &key.lookup_id).await.unwrap(), None);
    assert_eq!(unit.list_api_keys(Test, &org(1), &page(9)).await.unwrap(), []);
    let revoked = { commit!(store, unit => unit.revoke_api_key(Test, &api_key(Live, 1).id, at(9)).await) };
    assert!(!revoked.unwrap());
}

pub(crate) async fn keys_are_listed_newest_first_and_pages_join_up(store: &dyn Store) {
    let keys: Vec<StoredApiKey> = (1..=5).map(|number| api_key(Live, number)).collect();
    add(store, &keys).await;
    add(store, &[StoredApiKey { organization_id: org(2), ..api_key(Live, 6) }, api_key(Test, 7)]).await;
    let mut unit = store.read().await.unwrap();
    let mut request = page(2);
    let mut seen = Vec::new();
    loop {
        assert!(seen.len() < 50, "pages repeat what was on the page before");
        let part = unit.list_api_keys(Live, &org(1), &request).await.unwrap();
        let Some(last) = part.last() else { break };
        request = PageRequest { before: Some(last.id.to_string()), ..request };
        seen.extend(part);
    }
    assert!(seen.iter().eq(keys.iter().rev()), "{seen:?}");
}

pub(crate) async fn active_keys_are_those_neither_revoked_nor_expired(store: &dyn Store) {
    add(
        store,
        &[
            api_key(Live, 1),
            StoredApiKey { expires_at: Some(at(100)), ..api_key(Live, 2) },
            StoredApiKey { revoked_at: Some(at(1)), ..api_key(Live, 3) },
            StoredApiKey { organization_id: org(2), ..api_key(Live, 4) },
            api_key(Test, 5),
        ],
    )
    .await;
    let mut unit = store.read().await.unwrap();
    for (now, expected) in [(99, 2), (100, 1)] {
        assert_eq!(unit.count_active_api_keys(Live, &org(1), at(now)).await.unwrap(), expected, "at {now}");
    }
}

pub(crate) async fn a_revoked_key_keeps_its_first_time(store: &dyn Store) {
    add(store, &[api_key(Live, 1)]).await;
    for now in [50, 60] {
        let revoked = commit!(store, unit => unit.revoke_api_key(Live, &api_key(Live, 1).id, at(now)).await);
        assert!(revoked.unwrap());
        assert_eq!(find(store, 1).await.revoked_at, Some(at(50)));
    }
    let absent = commit!(store, unit => unit.revoke_api_key(Live, &ApiKeyId::from_suffix("9"), at(1)).await);
    assert!(!absent.unwrap());
}

pub(crate) async fn the_last_use_moves_only_forwards(store: &dyn Store) {
    add(store, &[api_key(Live, 1), api_key(Live, 2)]).await;
    for (now, expected) in [(50, 50), (40, 50), (60, 60)] {
        let used = [(api_key(Live, 1).id, at(now)), (ApiKeyId::from_suffix("absent"), at(now))];
        commit!(store, unit => unit.touch_api_keys(&used).await).unwrap();
        assert_eq!(find(store, 1).await.last_used_at, Some(at(expected)), "used at {now}");
    }
    assert_eq!(find(store, 2).await.last_used_at, None);
}

pub(crate) async fn a_key_that_is_rotated_out_is_not_counted_beside_its_successor(store: &dyn Store) {
    add(store, &[api_key(Live, 1), api_key(Live, 2), api_key(Live, 3)]).await;
    let replace = async |old: u32, new: u32| {
        let (old, new) = (api_key(Live, old).id, api_key(Live, new).id);
        commit!(store, unit => unit.replace_api_key(Live, &old, &new, at(100)).await).unwrap();
    };
    let count = async |now: i64| {
        store.read().await.unwrap().count_active_api_keys(Live, &org(1), at(now)).await.unwrap()
    };
    assert_eq!(count(10).await, 3);
    replace(1, 2).await;
    let old = find(store, 1).await;
    assert_eq!((old.replaced_by, old.expires_at), (Some(api_key(Live, 2).id), Some(at(100))));
    assert_eq!(count(10).await, 2, "the first makes room for the second");
    replace(2, 3).await;
    assert_eq!(
        count(10).await,
        2,
        "a chain of overlaps is no way around the cap: the first is counted again"
    );
    assert_eq!(count(100).await, 1, "the overlaps have ended");
}

pub(crate) async fn the_predecessor_of_a_revoked_key_is_counted(store: &dyn Store) {
    add(store, &[api_key(Live, 1), api_key(Live, 2)]).await;
    let count =
        async || store.read().await.unwrap().count_active_api_keys(Live, &org(1), at(10)).await.unwrap();
    commit!(store, unit => {
        unit.replace_api_key(Live, &api_key(Live, 1).id, &api_key(Live, 2).id, at(100)).await
    })
    .unwrap();
    assert_eq!(count().await, 1);
    commit!(store, unit => unit.revoke_api_key(Live, &api_key(Live, 2).id, at(5)).await).unwrap();
    assert_eq!(count().await, 1, "the first, which still works");
}

pub(crate) async fn aged_keys_are_those_that_still_work(store: &dyn Store) {
    add(
        store,
        &[
            api_key(Live, 1),
            api_key(Test, 2),
            StoredApiKey { created_at: at(5_000), ..api_key(Live, 3) },
            StoredApiKey { expires_at: Some(at(9_000)), ..api_key(Live, 4) },
            StoredApiKey { revoked_at: Some(at(3_000)), ..api_key(Live, 5) },
        ],
    )
    .await;
    let aged = store.read().await.unwrap().list_aged_api_keys(at(5_000), at(9_000)).await.unwrap();
    let ids: Vec<_> = aged.into_iter().map(|key| key.id).collect();
    assert_eq!(ids, [api_key(Live, 1).id, api_key(Test, 2).id]);
}

pub(crate) async fn what_an_hour_has_counted_adds_up(store: &dyn Store) {
    add(store, &[api_key(Live, 1), api_key(Live, 2)]).await;
    let hour = |hour: i64, requests: u64, errors: u64| HourOfUse { hour: at(hour), requests, errors };
    let key = |number: u32| api_key(Live, number).id;
    let first = [(key(1), hour(0, 3, 1)), (key(1), hour(3_600_000, 1, 1)), (key(2), hour(0, 9, 0))];
    commit!(store, unit => unit.add_usage(&first).await).unwrap();
    let second = [(key(1), hour(0, 4, 0)), (ApiKeyId::from_suffix("absent"), hour(0, 1, 1))];
    commit!(store, unit => unit.add_usage(&second).await).unwrap();
    let mut unit = store.read().await.unwrap();
    let mut list =
        async |from: i64, to: Option<i64>| unit.list_usage(&key(1), at(from), to.map(at)).await.unwrap();
    assert_eq!(list(0, None).await, [hour(3_600_000, 1, 1), hour(0, 7, 1)], "newest first");
    assert_eq!(list(0, Some(3_600_000)).await, [hour(0, 7, 1)], "`to` is not part of it");
    assert_eq!(list(1, None).await, [hour(3_600_000, 1, 1)], "`from` is");
}
