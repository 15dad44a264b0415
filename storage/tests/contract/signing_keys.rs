//! Keys that sign tokens.

use domain::signing_key::SigningKey;
use protocol::Environment;
use storage::{Store, StoreError};

use crate::fixtures::{Live, Test, at};

fn key(environment: Environment, kid: &str, created_at: i64) -> SigningKey {
    SigningKey { kid: kid.to_owned(), environment, pkcs8: vec![0, 255, 1, 0], created_at: at(created_at) }
}

pub(crate) async fn keys_are_listed_newest_first_in_each_environment(store: &dyn Store) {
    let keys = [key(Live, "b", 1), key(Live, "a", 3), key(Test, "c", 2), key(Live, "d", 2)];
    let added = keys.clone();
    commit!(store, unit => {
        for key in &added {
            unit.add_signing_key(key).await?;
        }
        Ok(())
    })
    .unwrap();
    let [b, a, c, d] = keys;
    let mut unit = store.read().await.unwrap();
    assert_eq!(unit.list_signing_keys(Live).await.unwrap(), [a, d, b]);
    assert_eq!(unit.list_signing_keys(Test).await.unwrap(), [c]);
}

pub(crate) async fn a_key_is_removed_from_its_own_environment_only(store: &dyn Store) {
    commit!(store, unit => unit.add_signing_key(&key(Live, "a", 1)).await).unwrap();
    commit!(store, unit => unit.remove_signing_key(Test, "a").await).unwrap();
    assert_eq!(store.read().await.unwrap().list_signing_keys(Live).await.unwrap().len(), 1);
    for _ in 0..2 {
        commit!(store, unit => unit.remove_signing_key(Live, "a").await).unwrap();
    }
    assert_eq!(store.read().await.unwrap().list_signing_keys(Live).await.unwrap(), []);
}

pub(crate) async fn a_kid_is_taken_once(store: &dyn Store) {
    commit!(store, unit => unit.add_signing_key(&key(Live, "a", 1)).await).unwrap();
    let refused = commit!(store, unit => unit.add_signing_key(&key(Test, "a", 2)).await);
    assert!(matches!(refused, Err(StoreError::Conflict { what: "signing key" })), "{refused:?}");
}
