//! The group commit and the disk.

use std::time::Duration;

use futures_util::future::join_all;
use sqlx::{Connection, SqliteConnection};
use storage::{Store, StoreError, sqlite::SqliteStore};

use crate::{
    databases::{Database, sqlite},
    fixtures::{org, organization, seed},
    mints::{generation, invited, mint},
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_writes_share_a_commit() {
    let database = sqlite().await;
    let store = database.store();
    let before = database.sqlite().commits();
    join_all((0..200).map(|number| async move {
        commit!(store, unit => unit.add_organization(&organization(number)).await).unwrap();
    }))
    .await;
    let commits = database.sqlite().commits() - before;
    assert!((1..100).contains(&commits), "{commits} commits for 200 writes");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_write_is_one_commit() {
    let database = sqlite().await;
    let store = database.store();
    for number in 1..=5 {
        commit!(store, unit => unit.add_organization(&organization(number)).await).unwrap();
        assert_eq!(database.sqlite().commits(), u64::from(number));
    }
}

/// Adds organizations with long names until one is refused, and gives how many were kept and why no more.
async fn fill(store: &dyn Store, from: u32) -> (u32, StoreError) {
    for number in from.. {
        let mut large = organization(number);
        large.name.push_str(&"x".repeat(10_000));
        if let Err(error) = commit!(store, unit => unit.add_organization(&large).await) {
            return (number - from, error);
        }
    }
    unreachable!("the disk is full after a few")
}

/// Lets the database grow by so many pages.
async fn leave_room(database: &Database<SqliteStore>, pages: u32) {
    let mut connection = SqliteConnection::connect(&database.url()).await.unwrap();
    let size: u32 = sqlx::query_scalar("PRAGMA page_count").fetch_one(&mut connection).await.unwrap();
    database.sqlite().limit_pages(size + pages);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_is_told_and_loses_nothing_and_passes() {
    let database = sqlite().await;
    let store = database.store();
    leave_room(&database, 10).await;
    let (kept, error) = fill(store, 0).await;
    assert!(matches!(error, StoreError::Unavailable(_)), "{error:?}");
    assert!(kept > 0);
    let mut unit = store.read().await.unwrap();
    for number in 0..=kept {
        assert_eq!(unit.find_organization(&org(number)).await.unwrap().is_some(), number < kept, "{number}");
    }
    drop(unit);
    database.sqlite().limit_pages(1_000);
    commit!(store, unit => unit.add_organization(&organization(9_999)).await).expect("there is room again");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_processes_may_write_to_one_database() {
    let database = sqlite().await;
    let other = SqliteStore::open(&database.url()).await.unwrap();
    let stores: [&dyn Store; 2] = [database.store(), &other];
    let outcomes = join_all((0..100).map(|number| async move {
        commit!(stores[number as usize % 2], unit => unit.add_organization(&organization(number)).await)
    }))
    .await;
    assert!(outcomes.iter().all(Result::is_ok), "{outcomes:?}");
    for store in stores {
        let mut unit = store.read().await.unwrap();
        for number in 0..100 {
            assert!(unit.find_organization(&org(number)).await.unwrap().is_some(), "{number}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_locked_database_is_told_to_all_who_wait_and_passes() {
    let database = sqlite().await;
    let store = database.store();
    let mut other = SqliteConnection::connect(&database.url()).await.unwrap();
    let locked = other.begin_with("BEGIN IMMEDIATE").await.unwrap();
    let outcomes = join_all((0..20).map(|number| async move {
        commit!(store, unit => unit.add_organization(&organization(number)).await)
    }))
    .await;
    assert!(
        outcomes.iter().all(|outcome| matches!(outcome, Err(StoreError::Unavailable(_)))),
        "{outcomes:?}"
    );
    assert!(store.check().await.is_ok(), "reading goes on");
    locked.rollback().await.unwrap();
    for number in 0..20 {
        assert_eq!(
            store.read().await.unwrap().find_organization(&org(number)).await.unwrap(),
            None,
            "{number}"
        );
    }
    commit!(store, unit => unit.add_organization(&organization(1)).await).expect("the writer goes on");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_mints_share_a_commit() {
    let database = sqlite().await;
    let store = database.store();
    seed(store).await;
    let (now, before) = (generation(store).await, database.sqlite().commits());
    let mints = join_all((100..300).map(|number| store.mint(mint(now, number, None, None)))).await;
    assert!(mints.iter().all(Result::is_ok), "{mints:?}");
    let commits = database.sqlite().commits() - before;
    assert!((1..100).contains(&commits), "{commits} commits for 200 mints");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mints_on_a_full_disk_are_refused_as_a_whole_and_pass_when_there_is_room() {
    let database = sqlite().await;
    let store = database.store();
    seed(store).await;
    let now = generation(store).await;
    leave_room(&database, 30).await;
    let large = "x".repeat(20_000);
    let mut kept = 0;
    let error = loop {
        match store.mint(mint(now, 100 + kept, None, Some(&large))).await {
            Ok(_) => kept += 1,
            Err(error) => break error,
        }
    };
    assert!(matches!(error, StoreError::Unavailable(_)), "{error:?}");
    assert_eq!(invited(store).await, u64::from(kept), "counted are those that were kept");
    database.sqlite().limit_pages(1_000);
    store.mint(mint(now, 99, None, Some(&large))).await.expect("there is room again");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mints_while_another_program_writes_are_refused_or_kept_and_never_half() {
    let database = sqlite().await;
    let store = database.store();
    seed(store).await;
    let now = generation(store).await;
    let mut other = SqliteConnection::connect(&database.url()).await.unwrap();
    let locked = other.begin_with("BEGIN IMMEDIATE").await.unwrap();
    let outcomes = join_all((100..120).map(|number| store.mint(mint(now, number, None, None)))).await;
    assert!(
        outcomes.iter().all(|outcome| matches!(outcome, Err(StoreError::Unavailable(_)))),
        "{outcomes:?}"
    );
    locked.rollback().await.unwrap();
    assert_eq!(invited(store).await, 0);
    store.mint(mint(now, 100, None, None)).await.expect("the minter goes on");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mints_and_jobs_at_the_same_time_take_turns() {
    let database = sqlite().await;
    let store = database.store();
    seed(store).await;
    let now = generation(store).await;
    let jobs = join_all((100..200).map(|number| async move {
        commit!(store, unit => unit.add_organization(&organization(number)).await)
    }));
    let mints = join_all((100..200).map(|number| store.mint(mint(now, number, None, None))));
    let (jobs, mints) = futures_util::future::join(jobs, mints).await;
    assert!(jobs.iter().all(Result::is_ok), "{jobs:?}");
    assert!(mints.iter().all(Result::is_ok), "{mints:?}");
    assert_eq!(invited(store).await, 100);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_log_is_emptied_while_mints_go_on() {
    // Less than a log may have before a commit empties it instead.
    const MOST: u64 = 120_000_000;
    let database = sqlite().await;
    let store = database.store();
    seed(store).await;
    let now = generation(store).await;
    let log = database.folder().join("contract.db-wal");
    let large = "x".repeat(40_000);
    let mut length = 0;
    for number in 100.. {
        store.mint(mint(now, number, None, Some(&large))).await.unwrap();
        let before = std::mem::replace(&mut length, std::fs::metadata(&log).unwrap().len());
        // What is emptied begins anew in the same file, which then takes a mint without becoming longer.
        if length == before {
            break;
        }
        assert!(length < MOST, "{length} bytes after mint {number}, and never emptied");
        // The mints go on, and leave a processor that is late its time.
        if length > MOST / 2 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn others_write_while_scrubbing_waits_for_somebody_who_reads() {
    let database = sqlite().await;
    let store = database.store();
    seed(store).await;
    let mut reading = store.read().await.unwrap();
    assert!(reading.find_organization(&org(1)).await.unwrap().is_some());
    let scrub = store.scrub();
    tokio::pin!(scrub);
    for number in 1_000..1_010 {
        let added = async { commit!(store, unit => unit.add_organization(&organization(number)).await) };
        tokio::select! {
            biased;
            scrubbed = &mut scrub => panic!("it did not wait: {scrubbed:?}"),
            added = added => added.unwrap(),
        }
    }
    drop(reading);
    scrub.await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_log_that_could_not_be_cut_is_cut_when_nobody_reads_it_any_more() {
    let database = sqlite().await;
    let store = database.store();
    seed(store).await;
    store.scrub().await.unwrap();
    let mut reading = store.read().await.unwrap();
    assert!(reading.find_organization(&org(1)).await.unwrap().is_some());
    commit!(store, unit => unit.add_organization(&organization(1_000)).await).unwrap();
    assert!(matches!(store.scrub().await, Err(StoreError::Unavailable(_))));
    let log = database.folder().join("contract.db-wal");
    let length = || std::fs::metadata(&log).unwrap().len();
    assert!(length() > 0);
    drop(reading);
    let cut = async {
        while length() > 0 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), cut).await.expect("it is cut by itself");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn scrubbing_waits_for_a_log_that_is_being_emptied() {
    let database = sqlite().await;
    let store = database.store();
    seed(store).await;
    let now = generation(store).await;
    let large = "x".repeat(40_000);
    // The log is emptied some time after each commit, so that many tries meet it in the middle.
    for number in 0..600 {
        store.mint(mint(now, 100 + number, None, Some(&large))).await.unwrap();
        store.scrub().await.unwrap_or_else(|error| panic!("after {number}: {error:?}"));
    }
}
