//! Organizations.

use domain::organization::{Organization, Plan};
use storage::{PageRequest, Store, StoreError};

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

pub(crate) async fn organizations_are_listed_newest_first_page_by_page(store: &dyn Store) {
    for number in 10..14 {
        commit!(store, unit => unit.add_organization(&organization(number)).await).unwrap();
    }
    let mut unit = store.read().await.unwrap();
    let mut listed = Vec::new();
    let mut page = PageRequest { before: None, limit: 2 };
    loop {
        let part = unit.list_organizations(&page).await.unwrap();
        let Some(last) = part.last() else { break };
        assert!(part.len() <= 2);
        page.before = Some(last.id.to_string());
        listed.extend(part);
    }
    assert!(listed.is_sorted_by(|one, next| one.id.as_str() > next.id.as_str()), "{listed:?}");
    for number in 10..14 {
        assert!(listed.contains(&organization(number)), "{number}");
    }
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
