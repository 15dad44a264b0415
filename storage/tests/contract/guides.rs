//! Guides.

use storage::{Store, StoreError, StoredGuide};

use crate::fixtures::{Live, Test, at, camp, guide};

pub(crate) async fn a_draft_takes_the_place_of_the_one_before(store: &dyn Store) {
    for json in ["{\"a\":1}", "{\"b\":2}"] {
        commit!(store, unit => unit.put_guide_draft(Live, &camp(1), json, at(1)).await).unwrap();
        let mut unit = store.read().await.unwrap();
        assert_eq!(unit.find_guide_draft(Live, &camp(1)).await.unwrap().as_deref(), Some(json));
        assert_eq!(unit.find_guide_draft(Test, &camp(1)).await.unwrap(), None);
        assert_eq!(unit.find_guide_draft(Live, &camp(2)).await.unwrap(), None);
    }
}

pub(crate) async fn a_version_is_added_once_and_comes_back(store: &dyn Store) {
    commit!(store, unit => unit.add_guide(&guide(Live, 1, 2)).await).unwrap();
    let changed = StoredGuide { json: "{}".to_owned(), ..guide(Live, 1, 2) };
    let refused = commit!(store, unit => unit.add_guide(&changed).await);
    assert!(matches!(refused, Err(StoreError::Conflict { what: "guide version" })), "{refused:?}");
    let mut unit = store.read().await.unwrap();
    for version in [1, 2] {
        assert_eq!(unit.find_guide(Live, &camp(1), version).await.unwrap(), Some(guide(Live, 1, version)));
    }
    assert_eq!(unit.find_guide(Live, &camp(1), 3).await.unwrap(), None);
    assert_eq!(unit.find_guide(Test, &camp(1), 2).await.unwrap(), None);
}

pub(crate) async fn a_guide_needs_its_campaign(store: &dyn Store) {
    let refused = commit!(store, unit => unit.put_guide_draft(Live, &camp(99), "{}", at(1)).await);
    assert!(matches!(refused, Err(StoreError::Database(_))), "{refused:?}");
    let refused = commit!(store, unit => unit.add_guide(&guide(Live, 99, 1)).await);
    assert!(matches!(refused, Err(StoreError::Database(_))), "{refused:?}");
}
