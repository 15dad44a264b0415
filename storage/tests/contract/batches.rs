//! Many at once: one statement for any number of ids.

use domain::session::StoredAnswer;
use protocol::ids::{CampaignId, ParticipantId, SessionId};
use serde_json::json;
use storage::{Store, StoreError};

use crate::fixtures::{Live, Test, answer, camp, id, invite, participant, session};

pub(crate) async fn what_is_found_by_many_ids_is_what_is_found_by_each(store: &dyn Store) {
    let people: Vec<ParticipantId> = (20..25).map(|number| id(Live, number)).collect();
    commit!(store, unit => {
        for number in 20..25 {
            unit.merge_participant(&participant(Live, number)).await?;
        }
        Ok::<_, StoreError>(())
    })
    .unwrap();
    let mut unit = store.read().await.unwrap();
    let mut found = unit.find_participants(Live, &people).await.unwrap();
    found.sort_by(|one, other| one.participant.id.cmp(&other.participant.id));
    for (person, whom) in found.iter().zip(&people) {
        assert_eq!(Some(person), unit.find_participant(Live, whom).await.unwrap().as_ref());
    }
    assert_eq!(found.len(), 5);
    assert!(unit.find_participants(Test, &people).await.unwrap().is_empty(), "environments are two worlds");
    assert!(unit.find_participants(Live, &[]).await.unwrap().is_empty());

    let wanted: Vec<CampaignId> = vec![camp(3), camp(9), camp(1)];
    let mut campaigns = unit.find_campaigns(Test, &wanted).await.unwrap();
    campaigns.sort_by(|one, other| one.id.cmp(&other.id));
    let each = [
        unit.find_campaign(Test, &camp(1)).await.unwrap().unwrap(),
        unit.find_campaign(Test, &camp(3)).await.unwrap().unwrap(),
    ];
    assert_eq!(campaigns, each);
}

pub(crate) async fn answers_of_many_sessions_are_in_their_order_within_each(store: &dyn Store) {
    let sessions = [session(Live, 20, 20), session(Live, 21, 21), session(Live, 22, 22)];
    let stored = sessions.clone();
    commit!(store, unit => {
        for (number, session) in (20..).zip(&stored) {
            unit.add_invite(&invite(Live, number)).await?;
            unit.add_session(session).await?;
            for position in [2, 1] {
                unit.add_answer(&answer(session, position, json!(position))).await?;
            }
        }
        Ok::<_, StoreError>(())
    })
    .unwrap();
    let wanted: Vec<SessionId> = sessions[..2].iter().map(|session| session.id.clone()).collect();
    let mut unit = store.read().await.unwrap();
    let found = unit.list_answers_of(&wanted).await.unwrap();
    let mut each = unit.list_answers(&wanted[0]).await.unwrap();
    each.extend(unit.list_answers(&wanted[1]).await.unwrap());
    assert_eq!((found.len(), found), (4, each));
}

pub(crate) async fn what_answers_take_up_is_counted_in_bytes(store: &dyn Store) {
    let (one, other) = (session(Live, 23, 23), session(Live, 24, 24));
    let answers = [
        StoredAnswer { reply: "{}".to_owned(), ..answer(&one, 1, json!("é")) },
        StoredAnswer { reply: "é".to_owned(), ..answer(&one, 2, json!([1])) },
        StoredAnswer { reply: "{}".to_owned(), ..answer(&other, 1, json!(null)) },
    ];
    let stored = [one.clone(), other.clone()];
    commit!(store, unit => {
        for (number, session) in (23..).zip(&stored) {
            unit.add_invite(&invite(Live, number)).await?;
            unit.add_session(session).await?;
        }
        for answer in &answers {
            unit.add_answer(answer).await?;
        }
        Ok::<_, StoreError>(())
    })
    .unwrap();
    let mut unit = store.read().await.unwrap();
    let first = unit.count_answer_bytes_of(std::slice::from_ref(&one.id)).await.unwrap();
    let both = unit.count_answer_bytes_of(&[one.id, other.id]).await.unwrap();
    // "é" in quotes and {}; [1] and é; null and {}.
    assert_eq!((first, both), (4 + 2 + 3 + 2, 11 + 4 + 2));
    assert_eq!(unit.count_answer_bytes_of(&[]).await.unwrap(), 0);
}

pub(crate) async fn statements_are_counted(store: &dyn Store) {
    let before = store.statements();
    let mut unit = store.read().await.unwrap();
    assert_eq!(store.statements(), before);
    unit.find_participants(Live, &[id(Live, 1), id(Live, 2)]).await.unwrap();
    assert_eq!(store.statements(), before + 1);
    commit!(store, unit => unit.merge_participant(&participant(Live, 20)).await).unwrap();
    assert!(store.statements() > before + 1);
}
