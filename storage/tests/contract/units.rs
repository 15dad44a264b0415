//! Units of work: what is kept, what is undone, and what others see of it.

use std::sync::Arc;

use futures_util::future::join_all;
use storage::{Store, StoreError, Verdict};
use tokio::sync::Notify;

use crate::fixtures::{Live, at, camp, org, organization};

async fn add(store: &dyn Store, number: u32) -> Result<(), StoreError> {
    commit!(store, unit => unit.add_organization(&organization(number)).await)
}

async fn exists(store: &dyn Store, number: u32) -> bool {
    store.read().await.unwrap().find_organization(&org(number)).await.unwrap().is_some()
}

pub(crate) async fn two_hundred_writes_at_once_are_all_kept(store: &dyn Store) {
    let outcomes = join_all((1_000..1_200).map(|number| add(store, number))).await;
    assert!(outcomes.iter().all(Result::is_ok), "{outcomes:?}");
    for number in 1_000..1_200 {
        assert!(exists(store, number).await, "{number}");
    }
}

pub(crate) async fn a_job_that_fails_undoes_itself_and_nothing_else(store: &dyn Store) {
    let outcomes = join_all((1_000..1_060).map(|number| async move {
        commit!(store, unit => {
            unit.add_organization(&organization(number)).await?;
            // Every third one wants a name that is taken, after it has changed something.
            if number % 3 == 0 { unit.add_organization(&organization(1)).await } else { Ok(()) }
        })
    }))
    .await;
    for (number, outcome) in (1_000..).zip(outcomes) {
        let failed = matches!(outcome, Err(StoreError::Conflict { .. }));
        assert_eq!(failed, number % 3 == 0, "{number}: {outcome:?}");
        assert_eq!(exists(store, number).await, number % 3 != 0, "{number}");
    }
}

pub(crate) async fn a_job_that_is_alone_undoes_itself_too(store: &dyn Store) {
    for number in [10, 11] {
        let outcome: Result<(), StoreError> = commit!(store, unit => {
            unit.add_organization(&organization(number)).await?;
            assert!(number != 10, "this panic is part of the test");
            unit.add_organization(&organization(1)).await
        });
        match number {
            10 => assert!(matches!(outcome, Err(StoreError::JobFailed)), "{outcome:?}"),
            _ => assert!(matches!(outcome, Err(StoreError::Conflict { .. })), "{outcome:?}"),
        }
        assert!(!exists(store, number).await, "{number}");
        add(store, 100 + number).await.expect("the writer goes on");
    }
}

pub(crate) async fn a_job_cannot_go_on_after_a_statement_failed(store: &dyn Store) {
    let outcome = commit!(store, unit => {
        unit.add_organization(&organization(10)).await?;
        // There is no such campaign; the job does not care.
        let failed = unit.put_guide_draft(Live, &camp(99), "{}", at(1)).await;
        let after = unit.add_organization(&organization(11)).await;
        assert!(matches!((failed, after), (Err(StoreError::Database(_)), Err(StoreError::Database(_)))));
        Ok(())
    });
    assert!(matches!(outcome, Err(StoreError::Database(_))), "{outcome:?}");
    assert!(!exists(store, 10).await && !exists(store, 11).await);
}

pub(crate) async fn a_job_may_go_on_after_a_conflict(store: &dyn Store) {
    let outcome = commit!(store, unit => {
        let taken = unit.add_organization(&organization(1)).await;
        assert!(matches!(taken, Err(StoreError::Conflict { .. })));
        unit.add_organization(&organization(10)).await
    });
    assert!(outcome.is_ok() && exists(store, 10).await, "{outcome:?}");
}

pub(crate) async fn a_job_that_panics_undoes_itself_and_nothing_else(store: &dyn Store) {
    let outcomes = join_all((1_000..1_030).map(|number| async move {
        commit!(store, unit => {
            unit.add_organization(&organization(number)).await?;
            assert!(number % 10 != 0, "this panic is part of the test");
            Ok(())
        })
    }))
    .await;
    for (number, outcome) in (1_000..).zip(outcomes) {
        assert_eq!(matches!(outcome, Err(StoreError::JobFailed)), number % 10 == 0, "{number}: {outcome:?}");
        assert_eq!(exists(store, number).await, number % 10 != 0, "{number}");
    }
    add(store, 2_000).await.expect("the writer goes on");
}

pub(crate) async fn a_job_runs_to_its_end_when_its_caller_has_gone(store: &dyn Store) {
    let begun = Arc::new(Notify::new());
    let go_on = Arc::new(Notify::new());
    let (tell, wait) = (Arc::clone(&begun), Arc::clone(&go_on));
    let job = async {
        commit!(store, unit => {
            unit.add_organization(&organization(10)).await?;
            tell.notify_one();
            wait.notified().await;
            unit.add_organization(&organization(11)).await
        })
    };
    tokio::select! {
        outcome = job => panic!("the job cannot be over: {outcome:?}"),
        () = begun.notified() => {}
    }
    go_on.notify_one();
    add(store, 12).await.expect("a later job is committed later");
    assert!(exists(store, 10).await && exists(store, 11).await);
}

pub(crate) async fn a_read_sees_nothing_of_what_is_not_committed(store: &dyn Store) {
    let begun = Arc::new(Notify::new());
    let go_on = Arc::new(Notify::new());
    let (tell, wait) = (Arc::clone(&begun), Arc::clone(&go_on));
    let write = async {
        commit!(store, unit => {
            unit.add_organization(&organization(10)).await?;
            let sees_itself = unit.find_organization(&org(10)).await?.is_some();
            tell.notify_one();
            wait.notified().await;
            Ok(sees_itself)
        })
    };
    let read = async {
        begun.notified().await;
        let before = exists(store, 10).await;
        go_on.notify_one();
        before
    };
    let (sees_itself, before) = tokio::join!(write, read);
    assert!(sees_itself.unwrap());
    assert!(!before);
    assert!(exists(store, 10).await);
}

pub(crate) async fn a_read_keeps_its_view_while_others_write(store: &dyn Store) {
    let mut view = store.read().await.unwrap();
    assert_eq!(view.find_organization(&org(10)).await.unwrap(), None);
    add(store, 10).await.unwrap();
    assert_eq!(view.find_organization(&org(10)).await.unwrap(), None);
    drop(view);
    assert!(exists(store, 10).await);
}

pub(crate) async fn a_read_cannot_write(store: &dyn Store) {
    let mut view = store.read().await.unwrap();
    let refused = view.add_organization(&organization(10)).await;
    assert!(matches!(refused, Err(StoreError::Unavailable(_) | StoreError::Database(_))), "{refused:?}");
    drop(view);
    assert!(!exists(store, 10).await);
}

pub(crate) async fn what_waits_is_written_before_the_database_is_closed(store: &dyn Store) {
    let writes = join_all((1_000..1_050).map(|number| add(store, number)));
    // The writes are polled first, so all of them wait when it is closed.
    let (outcomes, ()) = tokio::join!(biased; writes, store.close());
    assert!(outcomes.iter().all(Result::is_ok), "{outcomes:?}");
}

pub(crate) async fn a_closed_database_says_so(store: &dyn Store) {
    assert!(store.check().await.is_ok());
    store.close().await;
    store.close().await;
    let job = store.submit(Box::new(|_| Box::pin(async { Verdict::Keep }))).await;
    assert!(matches!(job, Err(StoreError::Closed)), "{job:?}");
    assert!(matches!(store.read().await.err(), Some(StoreError::Closed)));
    assert!(matches!(store.check().await, Err(StoreError::Closed)));
}
