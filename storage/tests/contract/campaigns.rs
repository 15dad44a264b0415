//! Campaigns.

use domain::campaign::{StoredCampaign, StoredCounters};
use protocol::{
    Environment,
    campaign::{CampaignSettings, CampaignStatus, Reuse},
};
use serde_json::json;
use storage::{CampaignFilter, PageRequest, Store, StoreError};

use crate::fixtures::{Live, Test, at, camp, campaign, guide, invite, org, page};

async fn add(store: &dyn Store, campaigns: &[StoredCampaign]) {
    let campaigns = campaigns.to_vec();
    commit!(store, unit => {
        for campaign in &campaigns {
            unit.add_campaign(campaign).await?;
        }
        Ok(())
    })
    .unwrap();
}

async fn find(store: &dyn Store, environment: Environment, number: u32) -> Option<StoredCampaign> {
    store.read().await.unwrap().find_campaign(environment, &camp(number)).await.unwrap()
}

pub(crate) async fn a_campaign_comes_back_as_it_was_stored(store: &dyn Store) {
    let full = StoredCampaign {
        description: "What it is about".to_owned(),
        status: CampaignStatus::Paused,
        settings: CampaignSettings {
            locale: "de".to_owned(),
            allowed_origins: vec!["https://example.com".to_owned()],
            reuse: Reuse::Reusable,
            theme: json!({"--accent": "#123"}).as_object().unwrap().clone(),
            ..CampaignSettings::default()
        },
        metadata: json!({"team": "blue", "size": 1.1}).as_object().unwrap().clone(),
        published_version: Some(7),
        revision: 12,
        updated_at: at(3_001),
        ..campaign(Live, 10)
    };
    add(store, std::slice::from_ref(&full)).await;
    assert_eq!(find(store, Live, 10).await, Some(full));
    assert_eq!(find(store, Test, 10).await, None);
}

pub(crate) async fn an_id_is_taken_once_in_each_environment(store: &dyn Store) {
    add(store, &[campaign(Live, 10), campaign(Test, 10)]).await;
    let again = StoredCampaign { organization_id: org(2), ..campaign(Live, 10) };
    let refused = commit!(store, unit => unit.add_campaign(&again).await);
    assert!(matches!(refused, Err(StoreError::Conflict { what: "campaign" })), "{refused:?}");
}

pub(crate) async fn campaigns_are_listed_newest_first_and_pages_join_up(store: &dyn Store) {
    // Ids against the order of time, and three of the same time; the seeded 1 and 2 are older than all of them.
    let times = [(30, 4_001), (20, 4_002), (11, 4_003), (13, 4_003), (12, 4_003), (10, 4_004)];
    let campaigns =
        times.map(|(number, time)| StoredCampaign { created_at: at(time), ..campaign(Live, number) });
    add(store, &campaigns).await;
    let expected = [10, 13, 12, 11, 20, 30, 2, 1].map(camp);
    let mut unit = store.read().await.unwrap();
    for limit in 1..=9 {
        let mut request = page(limit);
        let mut seen = Vec::new();
        loop {
            assert!(seen.len() < 50, "pages repeat what was on the page before");
            let filter = CampaignFilter::default();
            let part = unit.list_campaigns(Live, &org(1), &filter, &request).await.unwrap();
            assert!(part.len() <= limit as usize);
            let Some(last) = part.last() else { break };
            request = PageRequest { before: Some(last.id.to_string()), limit };
            seen.extend(part.into_iter().map(|campaign| campaign.id));
        }
        assert_eq!(seen, expected, "pages of {limit}");
    }
}

pub(crate) async fn campaigns_are_listed_by_status(store: &dyn Store) {
    let paused = StoredCampaign { status: CampaignStatus::Paused, ..campaign(Live, 10) };
    let elsewhere = StoredCampaign { organization_id: org(2), ..paused.clone() };
    let elsewhere = StoredCampaign { id: camp(11), ..elsewhere };
    add(store, &[paused.clone(), elsewhere, StoredCampaign { environment: Test, ..paused.clone() }]).await;
    let mut unit = store.read().await.unwrap();
    for (status, expected) in [
        (CampaignStatus::Paused, vec![camp(10)]),
        (CampaignStatus::Active, vec![camp(2), camp(1)]),
        (CampaignStatus::Draft, vec![]),
    ] {
        let filter = CampaignFilter { status: Some(status) };
        let listed = unit.list_campaigns(Live, &org(1), &filter, &page(9)).await.unwrap();
        let listed: Vec<_> = listed.into_iter().map(|campaign| campaign.id).collect();
        assert_eq!(listed, expected, "{status:?}");
    }
}

pub(crate) async fn an_update_needs_the_revision_before(store: &dyn Store) {
    for (revision, expected) in [(2, true), (2, false), (1, false), (4, false), (3, true)] {
        let name = format!("Renamed in {revision}");
        let update = StoredCampaign { revision, name: name.clone(), ..campaign(Live, 1) };
        let updated = commit!(store, unit => unit.update_campaign(&update).await);
        assert_eq!(updated.unwrap(), expected, "to revision {revision}");
    }
    assert_eq!(find(store, Live, 1).await.unwrap().name, "Renamed in 3");
    assert_eq!(find(store, Test, 1).await, Some(campaign(Test, 1)));
    let absent = StoredCampaign { revision: 2, ..campaign(Live, 99) };
    assert!(!commit!(store, unit => unit.update_campaign(&absent).await).unwrap());
}

pub(crate) async fn an_update_leaves_the_counters_alone(store: &dyn Store) {
    commit!(store, unit => unit.add_invite(&invite(Live, 1)).await).unwrap();
    let counters = StoredCounters { invited: 100, started: 100, completed: 100 };
    let update = StoredCampaign {
        revision: 2,
        counters,
        published_version: Some(3),
        description: "New".to_owned(),
        status: CampaignStatus::Completed,
        updated_at: at(9_000),
        metadata: json!({"a": null}).as_object().unwrap().clone(),
        ..campaign(Live, 1)
    };
    let stored = StoredCampaign {
        counters: StoredCounters { invited: 1, ..StoredCounters::default() },
        ..update.clone()
    };
    assert!(commit!(store, unit => unit.update_campaign(&update).await).unwrap());
    assert_eq!(find(store, Live, 1).await, Some(stored));
}

pub(crate) async fn a_campaign_goes_with_its_guides_unless_it_has_invites(store: &dyn Store) {
    commit!(store, unit => {
        unit.put_guide_draft(Live, &camp(1), "{}", at(1)).await?;
        unit.put_guide_draft(Test, &camp(1), "{}", at(1)).await?;
        unit.add_invite(&invite(Test, 1)).await
    })
    .unwrap();
    for (environment, number, expected) in
        [(Live, 1, true), (Live, 1, false), (Test, 1, false), (Live, 99, false)]
    {
        let deleted = commit!(store, unit => unit.delete_campaign(environment, &camp(number)).await);
        assert_eq!(deleted.unwrap(), expected, "{environment} {number}");
    }
    let mut unit = store.read().await.unwrap();
    assert_eq!(unit.find_campaign(Live, &camp(1)).await.unwrap(), None);
    assert_eq!(unit.find_guide_draft(Live, &camp(1)).await.unwrap(), None);
    assert_eq!(unit.find_guide(Live, &camp(1), 1).await.unwrap(), None);
    assert_eq!(unit.find_guide(Test, &camp(1), 1).await.unwrap(), Some(guide(Test, 1, 1)));
    assert_eq!(unit.find_guide_draft(Test, &camp(1)).await.unwrap().as_deref(), Some("{}"));
}
