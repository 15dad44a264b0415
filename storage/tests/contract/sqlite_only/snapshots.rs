//! Copies of a database that is in use.

use storage::{
    ConnectError, Store as _, StoreError,
    sqlite::{Snapshot, Source, SqliteStore},
};

use crate::{
    databases::sqlite,
    fixtures::{Live, id, org, organization, seed},
    uploads::upload,
};

/// What the copy has, in the order in which it tells it, by the last digits of the ids.
fn numbers(copy: &Snapshot) -> Vec<u32> {
    let (mut numbers, mut last) = (Vec::new(), None);
    loop {
        let page = copy.uploads_after(last.as_ref()).unwrap();
        let Some(end) = page.last() else { return numbers };
        last = Some(end.id.clone());
        numbers.extend(page.iter().map(|upload| {
            let text = upload.id.as_str();
            text[text.len() - 5..].parse::<u32>().unwrap()
        }));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_has_what_was_committed_before_it_and_nothing_of_what_comes_later() {
    let database = sqlite().await;
    let store = database.store();
    seed(store).await;
    // More than are read at once.
    let all: Vec<u32> = (1..=1_001).collect();
    let added: Vec<_> = all.iter().map(|number| upload(Live, *number, None)).collect();
    commit!(store, unit => {
        for upload in &added {
            unit.add_upload(upload).await?;
        }
        Ok(())
    })
    .unwrap();
    // It is not read by its own connections only: what is in the log counts.
    let source = Source::open(&database.url()).unwrap();
    let path = database.folder().join("copy.db");
    let mut copy = source.copy_into(&path).unwrap();
    commit!(store, unit => unit.add_upload(&upload(Live, 2_000, None)).await).unwrap();
    assert!(source.has_upload(&id(Live, 2_000)).unwrap());
    assert_eq!((copy.count_uploads().unwrap(), numbers(&copy)), (1_001, all));
    copy.forget_uploads(&[id(Live, 7), id(Live, 1_001)]).unwrap();
    assert_eq!(copy.count_uploads().unwrap(), 999);
    copy.finish().unwrap();
    assert!(matches!(source.copy_into(&path), Err(ConnectError::File { .. })), "a file is not written over");

    let copied = SqliteStore::open(&format!("sqlite://{}", path.display())).await.unwrap();
    let mut unit = copied.read().await.unwrap();
    assert_eq!(unit.find_organization(&org(1)).await.unwrap(), Some(organization(1)));
    let found = unit.find_uploads(&[id(Live, 6), id(Live, 7), id(Live, 2_000)]).await.unwrap();
    assert!(found == [upload(Live, 6, None)]);
}

#[tokio::test]
async fn a_copy_that_is_not_sound_is_found_out() {
    let database = sqlite().await;
    seed(database.store()).await;
    let path = database.folder().join("copy.db");
    let copy = Source::open(&database.url()).unwrap().copy_into(&path).unwrap();
    // Zeros where the second page was.
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[4_096..8_192].fill(0);
    std::fs::write(&path, bytes).unwrap();
    assert!(matches!(copy.finish(), Err(StoreError::Database(_))));
}

#[tokio::test]
async fn only_a_database_that_is_there_is_copied_and_none_is_made() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("relay.db");
    let error = Source::open(&format!("sqlite://{}", path.display())).unwrap_err();
    assert!(matches!(&error, ConnectError::NotThere { path: named } if *named == path), "{error:?}");
    assert!(!path.exists());
}
