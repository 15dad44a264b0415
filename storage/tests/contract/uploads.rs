//! Files that customers have sent.

use domain::upload::StoredUpload;
use protocol::{
    Environment,
    ids::{ParticipantId, UploadId},
};
use storage::{Store, StoreError};

use crate::fixtures::{Live, Test, at, id, org};

fn upload(environment: Environment, number: u32, about: Option<ParticipantId>) -> StoredUpload {
    StoredUpload {
        id: id(environment, number),
        environment,
        organization_id: org(1),
        participant_id: about,
        filename: format!("lebenslauf-{number}.pdf"),
        content_type: "application/pdf".to_owned(),
        size_bytes: 5_000_000_000,
        sha256: "ab".repeat(32),
        created_at: at(1_000),
    }
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
