//! What is erased is gone, and nothing else.

use domain::invite::{Participant, StoredInvite};
use protocol::{
    ids::{InviteId, ParticipantId, SessionId},
    invite::InviteStatus,
};
use serde_json::{Map, json};
use storage::{Store, StoreError};

use crate::fixtures::{Live, Test, answer, at, camp, draft, id, invite, participant, session};

/// Person 20 with invites 20 and 21, and a session with an answer and a draft for each; the same of person 1, invite 22.
async fn scene(store: &dyn Store) {
    commit!(store, unit => {
        let person = Participant {
            email: Some("ada@example.com".to_owned()),
            name: Some("Ada".to_owned()),
            external_id: Some("crm-1".to_owned()),
            ..participant(Live, 20)
        };
        unit.merge_participant(&person).await?;
        for (number, participant) in [(20, &person), (21, &person), (22, &participant(Live, 1))] {
            let participant = participant.clone();
            let variables: Map<_, _> = [("plan".to_owned(), json!("pro"))].into_iter().collect();
            let metadata = variables.clone();
            let locale = Some("de".to_owned());
            let invite = StoredInvite { participant, variables, metadata, locale, ..invite(Live, number) };
            unit.add_invite(&invite).await?;
            let session = session(Live, number, number);
            unit.add_session(&session).await?;
            unit.add_answer(&answer(&session, 1, json!("an answer"))).await?;
            unit.put_draft(&draft(&session, "q2", 1)).await?;
        }
        Ok::<_, StoreError>(())
    })
    .unwrap();
}

/// Whether anything is left of the session with this number and of what its invite says.
async fn is_there(store: &dyn Store, number: u32) -> bool {
    let mut unit = store.read().await.unwrap();
    let session = id::<SessionId>(Live, number);
    let parts = [
        unit.find_session(Live, &session).await.unwrap().is_some(),
        !unit.list_answers(&session).await.unwrap().is_empty(),
        unit.find_draft(&session).await.unwrap().is_some(),
    ];
    assert!(parts == [true; 3] || parts == [false; 3], "{parts:?}");
    let invite = unit.find_invite(Live, &id::<InviteId>(Live, number)).await.unwrap().unwrap();
    let is_open = invite.status == InviteStatus::Pending;
    assert_eq!(
        (is_open, !invite.variables.is_empty(), invite.locale.is_some()),
        (parts[0], parts[0], parts[0])
    );
    parts[0]
}

pub(crate) async fn a_participant_is_erased_with_all_that_came_of_their_invites(store: &dyn Store) {
    scene(store).await;
    let person = id::<ParticipantId>(Live, 20);
    let found = store.read().await.unwrap().find_participant(Live, &person).await.unwrap().unwrap();
    assert_eq!((found.participant.name.as_deref(), found.erased_at), (Some("Ada"), None));
    assert_eq!(store.read().await.unwrap().find_participant(Test, &person).await.unwrap(), None);

    for time in [8_000, 9_000] {
        let whom = person.clone();
        commit!(store, unit => unit.erase_participant(Live, &whom, at(time)).await).unwrap();
    }
    let left = store.read().await.unwrap().find_participant(Live, &person).await.unwrap().unwrap();
    assert_eq!((left.participant, left.erased_at), (participant(Live, 20), Some(at(8_000))));
    assert_eq!(
        (is_there(store, 20).await, is_there(store, 21).await, is_there(store, 22).await),
        (false, false, true)
    );
    let campaign = store.read().await.unwrap().find_campaign(Live, &camp(1)).await.unwrap().unwrap();
    assert_eq!(
        (campaign.counters.invited, campaign.counters.started),
        (3, 3),
        "what was counted stays counted"
    );
    store.scrub().await.unwrap();
}

pub(crate) async fn of_the_invites_of_a_participant_those_are_open_that_erasing_ends(store: &dyn Store) {
    scene(store).await;
    commit!(store, unit => {
        for (number, to) in [(20, InviteStatus::Started), (21, InviteStatus::Completed), (22, InviteStatus::Cancelled)] {
            unit.move_invite(Live, &id(Live, number), &InviteStatus::ALL, to, at(7_000)).await?;
        }
        Ok::<_, StoreError>(())
    })
    .unwrap();
    let open_at = |environment, number, time| async move {
        let person = id::<ParticipantId>(Live, number);
        let mut unit = store.read().await.unwrap();
        let rows = unit.list_open_invites(environment, &person, at(time)).await.unwrap();
        rows.into_iter().map(|row| row.id).collect::<Vec<InviteId>>()
    };
    let open = |environment, number| open_at(environment, number, 8_000);
    let over = i64::from(u32::MAX);
    assert_eq!(open_at(Live, 20, over).await, [], "the time has ended it before");
    assert_eq!(open(Live, 20).await, [id(Live, 20)]);
    assert_eq!((open(Live, 1).await, open(Test, 20).await), (vec![], vec![]));
    commit!(store, unit => unit.erase_participant(Live, &id(Live, 20), at(8_000)).await).unwrap();
    assert_eq!(open(Live, 20).await, []);
}

pub(crate) async fn with_their_last_invite_a_participant_is_erased_as_well(store: &dyn Store) {
    scene(store).await;
    for (number, is_known) in [(20, true), (21, false)] {
        commit!(store, unit => unit.erase_invite(Live, &id::<InviteId>(Live, number), at(8_000)).await)
            .unwrap();
        let person = id::<ParticipantId>(Live, 20);
        let found = store.read().await.unwrap().find_participant(Live, &person).await.unwrap().unwrap();
        assert_eq!(found.participant.name.is_some(), is_known, "{number}");
    }
    assert_eq!(
        (is_there(store, 20).await, is_there(store, 21).await, is_there(store, 22).await),
        (false, false, true)
    );
}

pub(crate) async fn erasing_and_deleting_stay_in_their_environment(store: &dyn Store) {
    scene(store).await;
    commit!(store, unit => {
        unit.erase_participant(Test, &id::<ParticipantId>(Live, 20), at(8_000)).await?;
        unit.erase_invite(Test, &id::<InviteId>(Live, 20), at(8_000)).await
    })
    .unwrap();
    for number in 20..23 {
        assert!(is_there(store, number).await, "{number}");
    }
}
