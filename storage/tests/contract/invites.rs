//! Invites.

use domain::{
    campaign::StoredCounters,
    invite::{Participant, StoredInvite},
    session::StoredSession,
};
use protocol::{
    Environment,
    ids::{InviteId, PrefixedId},
    invite::InviteStatus,
    session::SessionStatus,
};
use serde_json::json;
use storage::{InviteFilter, PageRequest, Store, StoreError};

use crate::fixtures::{Live, Test, api_key, at, camp, id, invite, org, page, participant, session};

async fn add(store: &dyn Store, invites: &[StoredInvite]) {
    let invites = invites.to_vec();
    commit!(store, unit => {
        for invite in &invites {
            unit.add_invite(invite).await?;
        }
        Ok(())
    })
    .unwrap();
}

async fn find(store: &dyn Store, environment: Environment, number: u32) -> StoredInvite {
    let mut unit = store.read().await.unwrap();
    unit.find_invite(environment, &id::<InviteId>(environment, number)).await.unwrap().unwrap()
}

async fn listed(store: &dyn Store, filter: &InviteFilter, now: i64) -> Vec<StoredInvite> {
    store.read().await.unwrap().list_invites(Live, &org(1), filter, &page(100), at(now)).await.unwrap()
}

pub(crate) async fn an_invite_comes_back_with_its_participant(store: &dyn Store) {
    let named = Participant {
        email: Some("a@example.com".to_owned()),
        name: Some("Ada".to_owned()),
        external_id: Some("crm-1".to_owned()),
        ..participant(Live, 10)
    };
    let full = StoredInvite {
        participant: named.clone(),
        api_key_id: Some(api_key(Live, 1).id),
        variables: json!({"plan": "pro", "seats": 3}).as_object().unwrap().clone(),
        origin: Some("https://example.com".to_owned()),
        locale: Some("de".to_owned()),
        metadata: json!({"a": {"b": [1, 2]}}).as_object().unwrap().clone(),
        ..invite(Live, 1)
    };
    commit!(store, unit => {
        unit.add_api_key(&api_key(Live, 1)).await?;
        unit.merge_participant(&named).await.map(drop)
    })
    .unwrap();
    add(store, &[full.clone(), invite(Live, 2)]).await;
    assert_eq!(find(store, Live, 1).await, full);
    assert!(find(store, Live, 1).await.participant == full.participant);
    assert_eq!(find(store, Live, 2).await, invite(Live, 2));
}

pub(crate) async fn an_invite_is_counted_in_its_campaign(store: &dyn Store) {
    add(store, &[invite(Live, 1), invite(Live, 2)]).await;
    let again = commit!(store, unit => unit.add_invite(&invite(Live, 2)).await);
    assert!(matches!(again, Err(StoreError::Conflict { what: "invite" })), "{again:?}");
    let mut unit = store.read().await.unwrap();
    for (environment, number, invited) in [(Live, 1, 2), (Live, 2, 0), (Test, 1, 0)] {
        let campaign = unit.find_campaign(environment, &camp(number)).await.unwrap().unwrap();
        assert_eq!(
            campaign.counters,
            StoredCounters { invited, ..StoredCounters::default() },
            "{environment} {number}"
        );
    }
}

pub(crate) async fn an_invite_is_found_in_its_own_environment_only(store: &dyn Store) {
    add(store, &[invite(Live, 1)]).await;
    let mut unit = store.read().await.unwrap();
    assert_eq!(unit.find_invite(Test, &invite(Live, 1).id).await.unwrap(), None);
    assert_eq!(
        unit.list_invites(Test, &org(1), &InviteFilter::default(), &page(9), at(0)).await.unwrap(),
        []
    );
    assert_eq!(
        unit.list_invites(Live, &org(2), &InviteFilter::default(), &page(9), at(0)).await.unwrap(),
        []
    );
    drop(unit);
    let elsewhere = invite(Live, 1).id;
    let moved = commit!(store, unit => {
        unit.move_invite(Test, &elsewhere, &InviteStatus::ALL, InviteStatus::Cancelled, at(0)).await
    });
    assert!(!moved.unwrap());
}

pub(crate) async fn invites_are_listed_newest_first_and_pages_join_up(store: &dyn Store) {
    // Pending ones that have run out between started ones that have: what is joined must still be in order.
    let invites: Vec<StoredInvite> = (1..=9)
        .map(|number| StoredInvite {
            status: if number % 3 == 0 { InviteStatus::Started } else { InviteStatus::Pending },
            ..invite(Live, number)
        })
        .collect();
    add(store, &invites).await;
    let expected: Vec<&InviteId> = invites.iter().rev().map(|invite| &invite.id).collect();
    for (status, limit) in [None, Some(InviteStatus::Expired)]
        .into_iter()
        .flat_map(|one| (1..=10).map(move |limit| (one, limit)))
    {
        let filter = InviteFilter { status, ..InviteFilter::default() };
        let mut unit = store.read().await.unwrap();
        let mut request = page(limit);
        let mut seen = Vec::new();
        loop {
            assert!(seen.len() < 50, "pages repeat what was on the page before");
            let part = unit.list_invites(Live, &org(1), &filter, &request, at(99_000)).await.unwrap();
            assert!(part.len() <= limit as usize);
            let Some(last) = part.last() else { break };
            request = PageRequest { before: Some(last.id.to_string()), limit };
            seen.extend(part.into_iter().map(|invite| invite.id));
        }
        assert!(seen.iter().eq(expected.iter().copied()), "{status:?}, pages of {limit}: {seen:?}");
    }
}

pub(crate) async fn invites_are_listed_by_campaign_and_by_external_id(store: &dyn Store) {
    let known = Participant { external_id: Some("crm-1".to_owned()), ..participant(Live, 10) };
    let merged = known.clone();
    commit!(store, unit => unit.merge_participant(&merged).await).unwrap();
    add(
        store,
        &[
            invite(Live, 1),
            StoredInvite { campaign_id: camp(2), ..invite(Live, 2) },
            StoredInvite { participant: known.clone(), ..invite(Live, 3) },
            StoredInvite { participant: known, campaign_id: camp(2), ..invite(Live, 4) },
        ],
    )
    .await;
    let table = [
        (Some(1), None, vec![3, 1]),
        (Some(2), None, vec![4, 2]),
        (Some(3), None, vec![]),
        (None, Some("crm-1"), vec![4, 3]),
        (Some(1), Some("crm-1"), vec![3]),
        (None, Some("crm-2"), vec![]),
    ];
    for (campaign, external_id, expected) in table {
        let filter = InviteFilter {
            campaign_id: campaign.map(camp),
            external_id: external_id.map(str::to_owned),
            status: None,
        };
        for status in [None, Some(InviteStatus::Pending)] {
            let ids: Vec<InviteId> = listed(store, &InviteFilter { status, ..filter.clone() }, 0)
                .await
                .into_iter()
                .map(|invite| invite.id)
                .collect();
            let expected: Vec<InviteId> = expected.iter().map(|number| id(Live, *number)).collect();
            assert_eq!(ids, expected, "{filter:?} {status:?}");
        }
    }
}

pub(crate) async fn the_status_of_a_listed_invite_follows_from_the_time(store: &dyn Store) {
    use InviteStatus::{Cancelled, Completed, Pending, Started};
    // One of each, once for the seconds and once for a session that outlives them.
    let invites: Vec<StoredInvite> = (1..)
        .zip([Pending, Started, Completed, Cancelled, Started, Started])
        .map(|(number, status)| StoredInvite { status, ..invite(Live, number) })
        .collect();
    add(store, &invites).await;
    commit!(store, unit => {
        unit.add_session(&StoredSession { resume_window_s: 20, ..session(Live, 1, 5) }).await?;
        unit.add_session(&StoredSession { resume_window_s: 2, ..session(Live, 2, 6) }).await
    })
    .unwrap();
    for now in [0, 7_999, 8_000, 9_999, 10_000, 25_999, 26_000] {
        let all = listed(store, &InviteFilter::default(), now).await;
        assert_eq!(all.len(), invites.len());
        for status in InviteStatus::ALL {
            let expected: Vec<_> = all.iter().filter(|invite| invite.status_at(at(now)) == status).collect();
            for campaign_id in [None, Some(camp(1))] {
                let filter = InviteFilter { status: Some(status), campaign_id, external_id: None };
                let found = listed(store, &filter, now).await;
                assert!(found.iter().eq(expected.iter().copied()), "{filter:?} at {now}: {found:?}");
            }
        }
    }
}

pub(crate) async fn an_invite_moves_only_from_where_it_may(store: &dyn Store) {
    use InviteStatus::{Cancelled, Completed, Pending, Started};
    add(store, &[invite(Live, 1), invite(Live, 2)]).await;
    let steps: [(&[InviteStatus], InviteStatus, bool); 5] = [
        (&[Started], Completed, false),
        (&[], Cancelled, false),
        (&[Pending, Completed], Started, true),
        (&[Pending, Completed], Started, false),
        (&[Started], Completed, true),
    ];
    let mut stored = Pending;
    for (from, to, expected) in steps {
        // Time plays no part: the invite ran out long ago.
        let moved = commit!(store, unit => unit.move_invite(Live, &id(Live, 1), from, to, at(99_000)).await);
        assert_eq!(moved.unwrap(), expected, "{from:?} to {to:?}");
        stored = if expected { to } else { stored };
        assert_eq!(find(store, Live, 1).await.status, stored);
    }
    assert_eq!(find(store, Live, 2).await.status, Pending, "another invite stays where it is");
    let absent = InviteId::from_suffix("absent");
    let moved = commit!(store, unit => unit.move_invite(Live, &absent, &[Pending], Started, at(0)).await);
    assert!(!moved.unwrap());
}

pub(crate) async fn a_new_expiry_takes_the_place_of_the_old_one(store: &dyn Store) {
    add(store, &[invite(Live, 1), invite(Live, 2)]).await;
    commit!(store, unit => unit.set_invite_expiry(Live, &id(Live, 1), at(77_000)).await).unwrap();
    assert_eq!(find(store, Live, 1).await.expires_at, at(77_000));
    assert_eq!(find(store, Live, 2).await.expires_at, at(10_000));
    let lost =
        commit!(store, unit => unit.set_invite_expiry(Live, &InviteId::from_suffix("absent"), at(1)).await);
    assert!(matches!(lost, Err(StoreError::Database(_))), "{lost:?}");
}

pub(crate) async fn an_invite_can_be_resumed_as_long_as_its_session(store: &dyn Store) {
    add(store, &[invite(Live, 1)]).await;
    assert_eq!(find(store, Live, 1).await.resumable_until, None);
    let first = session(Live, 1, 1);
    let second = StoredSession { last_activity_at: at(8_000), ..session(Live, 2, 1) };
    let paused =
        StoredSession { status: SessionStatus::Paused, last_activity_at: at(8_500), ..second.clone() };
    let completed = StoredSession { status: SessionStatus::Completed, ..paused.clone() };
    let added = first.clone();
    commit!(store, unit => unit.add_session(&added).await).unwrap();
    assert_eq!(find(store, Live, 1).await.resumable_until, Some(first.resumable_until()));
    let added = second.clone();
    commit!(store, unit => unit.add_session(&added).await).unwrap();
    assert_eq!(find(store, Live, 1).await.resumable_until, Some(second.resumable_until()));
    for (update, expected) in [(paused.clone(), paused), (completed, first)] {
        commit!(store, unit => unit.update_session(&update).await).unwrap();
        assert_eq!(find(store, Live, 1).await.resumable_until, Some(expected.resumable_until()));
        assert_eq!(
            listed(store, &InviteFilter::default(), 0).await[0].resumable_until,
            Some(expected.resumable_until())
        );
    }
}

pub(crate) async fn what_a_key_minted_is_cancelled_unless_it_is_completed(store: &dyn Store) {
    let minted = |number: u32, by: u32, status: InviteStatus| StoredInvite {
        api_key_id: Some(api_key(Live, by).id),
        status,
        ..invite(Live, number)
    };
    let invites = [
        minted(1, 1, InviteStatus::Pending),
        minted(2, 1, InviteStatus::Started),
        minted(3, 1, InviteStatus::Completed),
        minted(4, 1, InviteStatus::Cancelled),
        minted(5, 2, InviteStatus::Pending),
    ];
    let expected = [
        InviteStatus::Cancelled,
        InviteStatus::Cancelled,
        InviteStatus::Completed,
        InviteStatus::Cancelled,
        InviteStatus::Pending,
    ];
    commit!(store, unit => {
        for number in [1, 2] {
            unit.add_api_key(&api_key(Live, number)).await?;
        }
        for invite in &invites {
            unit.add_invite(invite).await?;
        }
        Ok(())
    })
    .unwrap();
    for (environment, count) in [(Test, 0), (Live, 1), (Live, 1), (Live, 0)] {
        let id = api_key(Live, 1).id;
        let cancelled =
            commit!(store, unit => unit.cancel_invites_of_key(environment, &id, at(9_000), 1).await);
        assert_eq!(cancelled.unwrap().len(), count);
    }
    let mut unit = store.read().await.unwrap();
    for (number, expected) in (1..).zip(expected) {
        let found = unit.find_invite(Live, &id(Live, number)).await.unwrap().unwrap();
        assert_eq!(found.status, expected, "{number}");
    }
}
