//! Organizations.

use domain::organization::{Organization, Plan};
use storage::{Store, StoreError};

use crate::fixtures::{org, organization};

pub(crate) async fn an_organization_is_found_by_id_and_by_name(store: &dyn Store) {
    for (number, plan) in (10..).zip(Plan::ALL) {
        let organization = Organization { plan, ..organization(number) };
        let added = organization.clone();
        commit!(store, unit => unit.add_organization(&added).await).unwrap();
        let mut unit = store.read().await.unwrap();
        assert_eq!(unit.find_organization(&organization.id).await.unwrap(), Some(organization.clone()));
        let found = unit.find_organization_by_name(&organization.name).await.unwrap();
        assert_eq!(found, Some(organization));
        assert_eq!(unit.find_organization(&org(99)).await.unwrap(), None);
        assert_eq!(unit.find_organization_by_name("Nobody").await.unwrap(), None);
    }
}

pub(crate) async fn a_name_is_taken_once(store: &dyn Store) {
    let again = Organization { name: organization(1).name, ..organization(10) };
    let refused = commit!(store, unit => unit.add_organization(&again).await);
    assert!(matches!(refused, Err(StoreError::Conflict { what: "organization name" })), "{refused:?}");
    assert_eq!(store.read().await.unwrap().find_organization(&org(10)).await.unwrap(), None);
}

pub(crate) async fn a_plan_can_be_changed(store: &dyn Store) {
    for (number, is_there) in [(1, true), (9, false)] {
        let changed = commit!(store, unit => unit.set_plan(&org(number), Plan::Pro).await);
        assert_eq!(changed.unwrap(), is_there);
    }
    let mut unit = store.read().await.unwrap();
    for (number, plan) in [(1, Plan::Pro), (2, Plan::SelfHosted)] {
        assert_eq!(unit.find_organization(&org(number)).await.unwrap().unwrap().plan, plan);
    }
}
