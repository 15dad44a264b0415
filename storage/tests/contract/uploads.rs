//! Files that customers and participants have sent.

use domain::{
    session::StoredSession,
    upload::{SentIn, StoredPart, StoredUpload},
};
use protocol::{
    Environment,
    ids::{AnswerId, InviteId, ParticipantId, PrefixedId as _, UploadId},
    session::SessionStatus,
};
use storage::{Store, StoreError};

use crate::fixtures::{Live, Test, at, id, invite, org, session};

pub(crate) fn upload(environment: Environment, number: u32, about: Option<ParticipantId>) -> StoredUpload {
    StoredUpload {
        id: id(environment, number),
        environment,
        organization_id: org(1),
        participant_id: about,
        filename: format!("lebenslauf-{number}.pdf"),
        content_type: "application/pdf".to_owned(),
        size_bytes: 5_000_000_000,
        sha256: Some("ab".repeat(32)),
        created_at: at(1_000),
        sent_in: None,
    }
}

/// Of session 1, open; the client calls it by its number.
fn sent(number: u32) -> StoredUpload {
    let sent_in = SentIn {
        session_id: id(Live, 1),
        question_id: "photo".to_owned(),
        client_id: format!("client {number}"),
        duration_ms: Some(4_000),
        part_size_bytes: 1_048_576,
        last_part_at: at(2_000),
        answer_id: None,
    };
    StoredUpload { sha256: None, sent_in: Some(sent_in), ..upload(Live, number, Some(id(Live, 1))) }
}

/// Invite and session of this number.
async fn begin(store: &dyn Store, number: u32) -> StoredSession {
    let session = session(Live, number, number);
    let added = session.clone();
    commit!(store, unit => {
        unit.add_invite(&invite(Live, number)).await?;
        unit.add_session(&added).await
    })
    .unwrap();
    session
}

fn part(number: u32) -> StoredPart {
    StoredPart { number, sha256: format!("{number:064x}") }
}

async fn complete(store: &dyn Store, number: u32) {
    let id = id::<UploadId>(Live, number);
    commit!(store, unit => unit.complete_upload(&id, &"cd".repeat(32)).await).unwrap();
}

async fn of_session(store: &dyn Store) -> Vec<StoredUpload> {
    store.read().await.unwrap().list_uploads_of(&id(Live, 1)).await.unwrap()
}

async fn add(store: &dyn Store, upload: &StoredUpload) -> Result<(), StoreError> {
    let upload = upload.clone();
    commit!(store, unit => unit.add_upload(&upload).await)
}

async fn about(store: &dyn Store, environment: Environment) -> Vec<StoredUpload> {
    let whom = id::<ParticipantId>(Live, 1);
    store.read().await.unwrap().list_uploads_about(environment, &whom).await.unwrap()
}

pub(crate) async fn an_upload_comes_back_as_it_was_stored_and_its_id_is_taken(store: &dyn Store) {
    let whom = Some(id::<ParticipantId>(Live, 1));
    let stored = [upload(Live, 1, whom.clone()), upload(Live, 2, whom), upload(Live, 3, None)];
    for upload in &stored {
        add(store, upload).await.unwrap();
    }
    assert!(matches!(add(store, &stored[0]).await, Err(StoreError::Conflict { what: "upload" })));
    assert!(about(store, Live).await == stored[..2]);
    assert!(about(store, Test).await.is_empty());
}

pub(crate) async fn uploads_are_found_by_any_number_of_ids(store: &dyn Store) {
    let stored = [upload(Live, 1, None), upload(Test, 2, None)];
    for upload in &stored {
        add(store, upload).await.unwrap();
    }
    let wanted: Vec<UploadId> = vec![id(Test, 2), id(Live, 9), id(Live, 1)];
    let mut unit = store.read().await.unwrap();
    let mut found = unit.find_uploads(&wanted).await.unwrap();
    found.sort_by(|one, other| one.id.cmp(&other.id));
    assert!(found == stored);
    assert!(unit.find_uploads(&[]).await.unwrap().is_empty());
}

pub(crate) async fn uploads_about_a_participant_go_with_them(store: &dyn Store) {
    let whom = id::<ParticipantId>(Live, 1);
    let other = upload(Live, 2, None);
    for upload in [&upload(Live, 1, Some(whom.clone())), &other] {
        add(store, upload).await.unwrap();
    }
    let erased = whom.clone();
    commit!(store, unit => unit.erase_participant(Test, &erased, at(2_000)).await).unwrap();
    assert_eq!(about(store, Live).await.len(), 1, "that was the other environment");
    commit!(store, unit => unit.erase_participant(Live, &whom, at(2_000)).await).unwrap();
    assert!(about(store, Live).await.is_empty());
    let left = [id(Live, 1), id(Live, 2)];
    assert!(store.read().await.unwrap().find_uploads(&left).await.unwrap() == [other]);
}

pub(crate) async fn a_customers_upload_can_be_removed_and_no_participants(store: &dyn Store) {
    begin(store, 1).await;
    let (of_customer, of_participant) = (upload(Live, 1, None), sent(2));
    let both = [of_customer.clone(), of_participant.clone()];
    commit!(store, unit => {
        for upload in &both {
            unit.add_upload(upload).await?;
        }
        Ok::<_, StoreError>(())
    })
    .unwrap();
    for (id, was_there) in [(&of_customer.id, true), (&of_customer.id, false), (&of_participant.id, false)] {
        let wanted = id.clone();
        let removed = commit!(store, unit => unit.remove_upload_of_customer(&wanted).await).unwrap();
        assert_eq!(removed, was_there, "{id}");
    }
    let ids = [of_customer.id, of_participant.id.clone()];
    let left = store.read().await.unwrap().find_uploads(&ids).await.unwrap();
    assert_eq!(left, [of_participant]);
}

pub(crate) async fn parts_come_in_any_order_and_the_same_one_once(store: &dyn Store) {
    begin(store, 1).await;
    let stored = sent(1);
    add(store, &stored).await.unwrap();
    assert!(of_session(store).await == [stored.clone()]);
    for (number, time) in [(3, 5_000), (1, 4_000), (3, 6_000)] {
        let id = stored.id.clone();
        commit!(store, unit => unit.add_upload_part(&id, &part(number), at(time)).await).unwrap();
    }
    let mut unit = store.read().await.unwrap();
    assert_eq!(unit.list_upload_parts(&stored.id).await.unwrap(), [part(1), part(3)]);
    drop(unit);
    let other = StoredPart { sha256: "other".to_owned(), ..part(1) };
    let whose = stored.id.clone();
    commit!(store, unit => unit.add_upload_part(&whose, &other, at(6_000)).await).unwrap();
    assert_eq!(store.read().await.unwrap().list_upload_parts(&stored.id).await.unwrap(), [part(1), part(3)]);
    assert_eq!(of_session(store).await[0].sent_in.as_ref().unwrap().last_part_at, at(6_000));
    complete(store, 1).await;
    assert_eq!(of_session(store).await[0].sha256, Some("cd".repeat(32)));
    let nobody = id::<UploadId>(Live, 9);
    let absent = commit!(store, unit => unit.complete_upload(&nobody, "cd").await);
    assert!(absent.is_err(), "what is gone is not completed in silence");
    let absent = commit!(store, unit => unit.add_upload_part(&id(Live, 9), &part(1), at(0)).await);
    assert!(absent.is_err());
}

pub(crate) async fn a_client_has_one_upload_of_a_name_in_a_session(store: &dyn Store) {
    begin(store, 1).await;
    begin(store, 2).await;
    add(store, &sent(1)).await.unwrap();
    let mut same = sent(2);
    "client 1".clone_into(&mut same.sent_in.as_mut().unwrap().client_id);
    assert!(matches!(add(store, &same).await, Err(StoreError::Conflict { what: "upload" })));
    same.sent_in.as_mut().unwrap().session_id = id(Live, 2);
    add(store, &same).await.unwrap();
    assert_eq!(of_session(store).await.len(), 1);
}

pub(crate) async fn an_answer_gets_complete_uploads_of_its_session_and_question_only(store: &dyn Store) {
    begin(store, 1).await;
    for number in [1, 2, 3] {
        add(store, &sent(number)).await.unwrap();
    }
    complete(store, 1).await;
    complete(store, 2).await;
    for (session, question, numbers, expected) in [
        (1, "photo", vec![1, 2, 3], 2),
        (1, "photo", vec![3], 0),
        (1, "photo", vec![], 0),
        (1, "other", vec![1], 0),
        (2, "photo", vec![1], 0),
        (1, "photo", vec![2, 9], 1),
    ] {
        let ids: Vec<UploadId> = numbers.iter().map(|number| id(Live, *number)).collect();
        let answer = AnswerId::from_suffix("1");
        let claimed =
            commit!(store, unit => unit.claim_uploads(&id(Live, session), question, &ids, &answer).await);
        assert_eq!(claimed.unwrap(), expected, "{session} {question} {numbers:?}");
    }
    let held: Vec<_> =
        of_session(store).await.into_iter().map(|row| row.sent_in.unwrap().answer_id.is_some()).collect();
    assert_eq!(held, [true, true, false]);
}

pub(crate) async fn a_changed_answer_lets_go_of_what_the_one_before_held(store: &dyn Store) {
    begin(store, 1).await;
    for number in [1, 2] {
        add(store, &sent(number)).await.unwrap();
        complete(store, number).await;
    }
    for (number, answer) in [(1, "1"), (2, "2")] {
        let (wanted, answer) = ([id(Live, number)], AnswerId::from_suffix(answer));
        commit!(store, unit => unit.claim_uploads(&id(Live, 1), "photo", &wanted, &answer).await).unwrap();
    }
    let held: Vec<_> =
        of_session(store).await.into_iter().map(|row| row.sent_in.unwrap().answer_id).collect();
    assert_eq!(held, [None, Some(AnswerId::from_suffix("2"))]);
}

pub(crate) async fn what_no_answer_will_hold_is_stale(store: &dyn Store) {
    // It can be resumed until 7,000.
    let mut session = begin(store, 1).await;
    for number in [1, 2, 3] {
        add(store, &sent(number)).await.unwrap();
    }
    add(store, &upload(Live, 4, None)).await.unwrap();
    complete(store, 2).await;
    complete(store, 3).await;
    commit!(store, unit => {
        let answer = AnswerId::from_suffix("1");
        unit.claim_uploads(&id(Live, 1), "photo", &[id(Live, 3)], &answer).await
    })
    .unwrap();
    let stale = async |open_since: i64, now: i64, limit: u32| {
        commit!(store, unit => unit.remove_stale_uploads(at(open_since), at(now), limit).await).unwrap()
    };
    assert_eq!(stale(1_999, 6_999, 10).await, [], "none has waited for so long");
    assert_eq!(stale(2_000, 6_999, 10).await, [id(Live, 1)], "an open one has");
    assert_eq!(stale(2_000, 6_999, 10).await, [], "a complete one waits for its answer");
    add(store, &sent(1)).await.unwrap();
    assert_eq!(stale(0, 7_000, 1).await.len(), 1, "with the session");
    assert_eq!(stale(0, 7_000, 10).await.len(), 1);
    add(store, &sent(1)).await.unwrap();
    session.status = SessionStatus::Completed;
    commit!(store, unit => unit.update_session(&session).await).unwrap();
    assert_eq!(stale(0, 0, 10).await, [id(Live, 1)]);
    let left: Vec<UploadId> = (1..5).map(|number| id(Live, number)).collect();
    let mut left = store.read().await.unwrap().find_uploads(&left).await.unwrap();
    left.sort_by(|one, other| one.id.cmp(&other.id));
    assert_eq!(left.into_iter().map(|row| row.id).collect::<Vec<_>>(), [id(Live, 3), id(Live, 4)]);
}

pub(crate) async fn uploads_of_a_session_go_with_it(store: &dyn Store) {
    for way in 1..=3 {
        begin(store, way).await;
        let mut upload = sent(way);
        upload.sent_in.as_mut().unwrap().session_id = id(Live, way);
        add(store, &upload).await.unwrap();
        let whose = upload.id.clone();
        commit!(store, unit => unit.add_upload_part(&whose, &part(1), at(1)).await).unwrap();
        commit!(store, unit => match way {
            1 => unit.delete_session(Live, &id(Live, way), at(9_000)).await,
            2 => unit.erase_invite(Live, &id::<InviteId>(Live, way), at(9_000)).await,
            _ => unit.erase_participant(Live, &id(Live, 1), at(9_000)).await,
        })
        .unwrap();
        let mut unit = store.read().await.unwrap();
        assert!(unit.find_uploads(std::slice::from_ref(&upload.id)).await.unwrap().is_empty(), "{way}");
        assert!(unit.list_upload_parts(&upload.id).await.unwrap().is_empty(), "{way}");
    }
}
