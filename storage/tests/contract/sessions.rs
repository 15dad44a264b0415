//! Sessions.

use domain::{invite::StoredInvite, session::StoredSession};
use protocol::{
    campaign::Counters,
    ids::{InviteId, PrefixedId, SessionId},
    invite::InviteStatus,
    session::{AcceptedConsent, SessionStatus},
};
use storage::{PageRequest, SessionFilter, Store, StoreError};

use crate::fixtures::{Live, Test, at, camp, id, invite, org, page, session};

const STATUSES: [SessionStatus; 5] = [
    SessionStatus::Active,
    SessionStatus::Paused,
    SessionStatus::Completed,
    SessionStatus::Declined,
    SessionStatus::Abandoned,
];

/// Stores invites 1 and 2 of campaign 1, 3 of campaign 2, and the sessions.
async fn add(store: &dyn Store, sessions: &[StoredSession]) {
    let sessions = sessions.to_vec();
    commit!(store, unit => {
        for number in [1, 2] {
            unit.add_invite(&invite(Live, number)).await?;
        }
        unit.add_invite(&StoredInvite { campaign_id: camp(2), ..invite(Live, 3) }).await?;
        for session in &sessions {
            unit.add_session(session).await?;
        }
        Ok(())
    })
    .unwrap();
}

async fn update(store: &dyn Store, session: &StoredSession) {
    let session = session.clone();
    commit!(store, unit => unit.update_session(&session).await).unwrap();
}

async fn counters(store: &dyn Store, now: i64) -> Counters {
    let mut unit = store.read().await.unwrap();
    let campaign = unit.find_campaign(Live, &camp(1)).await.unwrap().unwrap();
    let abandoned = unit.count_abandoned(Live, &[camp(1)], at(now)).await.unwrap();
    campaign.counters.with(abandoned[&camp(1)])
}

async fn listed(store: &dyn Store, filter: &SessionFilter, now: i64) -> Vec<StoredSession> {
    store.read().await.unwrap().list_sessions(Live, &org(1), filter, &page(100), at(now)).await.unwrap()
}

pub(crate) async fn a_session_comes_back_as_it_was_stored(store: &dyn Store) {
    let full = StoredSession {
        consent: Some(vec![AcceptedConsent { id: "rec".to_owned(), version: 2 }]),
        probes: [("why~1".to_owned(), "0/1".to_owned())].into(),
        status: SessionStatus::Paused,
        progress: 0.1 + 0.2,
        answers: 3,
        last_activity_at: at(6_001),
        completed_at: Some(at(6_002)),
        ..session(Live, 1, 1)
    };
    add(store, std::slice::from_ref(&full)).await;
    let mut unit = store.read().await.unwrap();
    assert_eq!(unit.find_session(Live, &full.id).await.unwrap(), Some(full.clone()));
    assert_eq!(unit.find_session(Test, &full.id).await.unwrap(), None);
    assert_eq!(unit.find_session(Live, &SessionId::from_suffix("absent")).await.unwrap(), None);
    drop(unit);
    let again = commit!(store, unit => unit.add_session(&full).await);
    assert!(matches!(again, Err(StoreError::Conflict { what: "session" })), "{again:?}");
}

pub(crate) async fn a_mark_differs_when_something_has_happened_to_a_session_or_its_invite(store: &dyn Store) {
    let (one, other) = (session(Live, 1, 1), session(Live, 2, 2));
    add(store, &[one.clone(), other.clone()]).await;
    let absent = SessionId::from_suffix("absent");
    let wanted = [one.id.clone(), other.id.clone(), absent];
    let marks = async || {
        let mut marks = store.read().await.unwrap().find_session_marks(&wanted).await.unwrap();
        marks.sort_by(|(one, _), (other, _)| one.cmp(other));
        let [(first, mark), (second, unchanged)] = marks.try_into().unwrap();
        assert_eq!((first, second), (one.id.clone(), other.id.clone()));
        (mark, unchanged)
    };
    let (began, unchanged) = marks().await;
    assert_eq!((began.status, began.invite), (SessionStatus::Active, InviteStatus::Pending));
    update(store, &StoredSession { answers: one.answers + 1, ..one.clone() }).await;
    let (answered, _) = marks().await;
    assert_ne!(answered, began);
    update(store, &StoredSession { answers: one.answers + 1, last_activity_at: at(9_000), ..one.clone() })
        .await;
    let (later, _) = marks().await;
    assert_ne!(later, answered);
    let invite = one.invite_id.clone();
    commit!(store, unit => {
        unit.move_invite(Live, &invite, &InviteStatus::ALL, InviteStatus::Cancelled, at(9_001)).await.map(drop)
    })
    .unwrap();
    let (cancelled, still) = marks().await;
    assert_ne!(cancelled, later);
    assert_eq!(still, unchanged);
}

pub(crate) async fn an_update_comes_back_and_one_of_nothing_fails(store: &dyn Store) {
    add(store, &[session(Live, 1, 1), session(Live, 2, 1)]).await;
    let changed = StoredSession {
        status: SessionStatus::Declined,
        consent: Some(Vec::new()),
        probes: [("why~2".to_owned(), "1/0".to_owned())].into(),
        progress: 1.0,
        answers: 9,
        last_activity_at: at(8_000),
        completed_at: Some(at(8_001)),
        ..session(Live, 1, 1)
    };
    // What was fixed when it began stays as it was.
    update(store, &StoredSession { locale: "fr".to_owned(), seed: 1, started_at: at(1), ..changed.clone() })
        .await;
    let mut unit = store.read().await.unwrap();
    assert_eq!(unit.find_session(Live, &changed.id).await.unwrap(), Some(changed));
    assert_eq!(unit.find_session(Live, &id(Live, 2)).await.unwrap(), Some(session(Live, 2, 1)));
    drop(unit);
    let lost = commit!(store, unit => unit.update_session(&session(Live, 99, 1)).await);
    assert!(matches!(lost, Err(StoreError::Database(_))), "{lost:?}");
}

pub(crate) async fn the_sessions_of_an_invite_come_newest_first(store: &dyn Store) {
    // All within one millisecond, and their ids do not sort by age.
    add(store, &[session(Live, 1, 1), session(Live, 3, 1), session(Live, 2, 1), session(Live, 4, 2)]).await;
    let mut unit = store.read().await.unwrap();
    for (invite, limit, expected) in
        [(1, 1, &[2][..]), (1, 2, &[2, 3]), (1, 9, &[2, 3, 1]), (2, 2, &[4]), (3, 2, &[])]
    {
        let found = unit.list_sessions_of_invite(Live, &id::<InviteId>(Live, invite), limit).await.unwrap();
        let found: Vec<_> = found.into_iter().map(|session| session.id).collect();
        let expected: Vec<SessionId> = expected.iter().map(|number| id(Live, *number)).collect();
        assert_eq!(found, expected, "{limit} of invite {invite}");
    }
    assert_eq!(unit.list_sessions_of_invite(Test, &id(Live, 1), 2).await.unwrap(), []);
}

pub(crate) async fn sessions_are_listed_newest_first_and_pages_join_up(store: &dyn Store) {
    let sessions: Vec<StoredSession> = (1..=9)
        .map(|number| StoredSession {
            status: if number % 3 == 0 { SessionStatus::Paused } else { SessionStatus::Active },
            ..session(Live, number, 1)
        })
        .collect();
    add(store, &sessions).await;
    for (status, limit) in [None, Some(SessionStatus::Abandoned)]
        .into_iter()
        .flat_map(|one| (1..=10).map(move |limit| (one, limit)))
    {
        let filter = SessionFilter { status, ..SessionFilter::default() };
        let mut unit = store.read().await.unwrap();
        let mut request = page(limit);
        let mut seen = Vec::new();
        loop {
            assert!(seen.len() < 50, "pages repeat what was on the page before");
            let part = unit.list_sessions(Live, &org(1), &filter, &request, at(99_000)).await.unwrap();
            assert!(part.len() <= limit as usize);
            let Some(last) = part.last() else { break };
            request = PageRequest { before: Some(last.id.to_string()), limit };
            seen.extend(part);
        }
        assert!(seen.iter().eq(sessions.iter().rev()), "{status:?}, pages of {limit}: {seen:?}");
    }
    let mut unit = store.read().await.unwrap();
    for (environment, organization) in [(Test, 1), (Live, 2)] {
        let filter = SessionFilter::default();
        assert_eq!(
            unit.list_sessions(environment, &org(organization), &filter, &page(9), at(0)).await.unwrap(),
            []
        );
    }
}

pub(crate) async fn sessions_are_listed_by_campaign_and_by_invite(store: &dyn Store) {
    add(
        store,
        &[
            session(Live, 1, 1),
            session(Live, 2, 2),
            StoredSession { campaign_id: camp(2), ..session(Live, 3, 3) },
            session(Live, 4, 1),
        ],
    )
    .await;
    let table = [
        (Some(1), None, vec![4, 2, 1]),
        (Some(2), None, vec![3]),
        (Some(3), None, vec![]),
        (None, Some(1), vec![4, 1]),
        (Some(1), Some(2), vec![2]),
        (Some(2), Some(2), vec![]),
    ];
    for (campaign, invite, expected) in table {
        let invite_id = invite.map(|number| id(Live, number));
        for status in [None, Some(SessionStatus::Active)] {
            let filter =
                SessionFilter { campaign_id: campaign.map(camp), invite_id: invite_id.clone(), status };
            let ids: Vec<SessionId> =
                listed(store, &filter, 0).await.into_iter().map(|session| session.id).collect();
            let expected: Vec<SessionId> = expected.iter().map(|number| id(Live, *number)).collect();
            assert_eq!(ids, expected, "{filter:?}");
        }
    }
}

pub(crate) async fn the_status_of_a_listed_session_follows_from_the_time(store: &dyn Store) {
    let sessions: Vec<StoredSession> = (1..)
        .zip(STATUSES.into_iter().filter(|status| *status != SessionStatus::Abandoned).cycle())
        .take(8)
        .map(|(number, status)| StoredSession {
            status,
            resume_window_s: 1 + number / 5,
            ..session(Live, number, 1)
        })
        .collect();
    add(store, &sessions).await;
    for now in [0, 6_999, 7_000, 7_999, 8_000] {
        for status in STATUSES {
            let expected: Vec<_> =
                sessions.iter().rev().filter(|one| one.status_at(at(now)) == status).collect();
            for campaign_id in [None, Some(camp(1))] {
                let filter = SessionFilter { status: Some(status), campaign_id, invite_id: None };
                let found = listed(store, &filter, now).await;
                assert!(found.iter().eq(expected.iter().copied()), "{filter:?} at {now}: {found:?}");
            }
        }
    }
}

pub(crate) async fn a_session_is_counted_when_it_starts_and_once_when_it_completes(store: &dyn Store) {
    add(store, &[session(Live, 1, 1), session(Live, 2, 1)]).await;
    assert_eq!(counters(store, 0).await, Counters { invited: 2, started: 2, completed: 0, abandoned: 0 });
    let done = StoredSession {
        status: SessionStatus::Completed,
        completed_at: Some(at(7_000)),
        ..session(Live, 1, 1)
    };
    for _ in 0..2 {
        update(store, &done).await;
        assert_eq!(counters(store, 0).await, Counters { invited: 2, started: 2, completed: 1, abandoned: 0 });
    }
    update(store, &StoredSession { status: SessionStatus::Declined, ..session(Live, 2, 1) }).await;
    assert_eq!(counters(store, 0).await.completed, 1, "declined is not completed");
}

pub(crate) async fn an_abandoned_session_is_counted_from_the_time_on(store: &dyn Store) {
    add(
        store,
        &[
            session(Live, 1, 1),
            StoredSession { status: SessionStatus::Paused, ..session(Live, 2, 1) },
            session(Live, 3, 1),
        ],
    )
    .await;
    update(store, &StoredSession { status: SessionStatus::Completed, ..session(Live, 3, 1) }).await;
    for (now, abandoned) in [(6_999, 0), (7_000, 2)] {
        assert_eq!(counters(store, now).await.abandoned, abandoned, "at {now}");
        let mut unit = store.read().await.unwrap();
        let before = store.statements();
        let counted = unit.count_abandoned(Live, &[camp(2), camp(1), camp(9)], at(now)).await.unwrap();
        assert_eq!(store.statements() - before, 1, "however many campaigns are on the page");
        let counted = [camp(1), camp(2), camp(9)].map(|id| counted.get(&id).copied().unwrap_or(0));
        assert_eq!(counted, [abandoned, 0, 0], "at {now}");
        let elsewhere = unit.count_abandoned(Test, &[camp(1)], at(now)).await.unwrap();
        assert_eq!(elsewhere.get(&camp(1)).copied().unwrap_or(0), 0, "environments are two worlds");
    }
    update(store, &StoredSession { last_activity_at: at(6_500), ..session(Live, 1, 1) }).await;
    assert_eq!(counters(store, 7_000).await.abandoned, 1, "a sign of life brings it back");
}
