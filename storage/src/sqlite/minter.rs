//! The thread that mints: takes what waits, stores it in one transaction, syncs, and only then tells.
//!
//! Mints come by the thousand, and all that decides about them is known before. So they need none of what a job needs:
//! no savepoint of their own, as they fail together or not at all, and no driver that hands each statement over to
//! another thread and back, which costs more than the statement. What arrives during a commit is the next one.

use std::{
    panic::AssertUnwindSafe,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    thread::JoinHandle,
};

use rusqlite::{Connection, OpenFlags, TransactionBehavior};
use tokio::sync::{mpsc, oneshot};

use super::{
    CHECKPOINT_EVERY, PATIENCE,
    commit::{NO_LIMIT, Shared},
    fault::{driver_fault, driver_unavailable},
    mints::{Failure, mint_all},
};
use crate::{Mint, Minted, StoreError};

/// Mints in one commit at most, so that the first of them does not wait for long.
const BATCH: usize = 256;
/// Mints that wait at most; who comes then waits to wait.
const QUEUE: usize = 4 * BATCH;

/// What waits for the next commit, with who is to be told.
type Waiting = (Mint, oneshot::Sender<Result<Minted, StoreError>>);

/// The way to the thread.
#[derive(Debug)]
pub(super) struct Minter {
    queue: Mutex<Option<mpsc::Sender<Box<Waiting>>>>,
    thread: tokio::sync::Mutex<Option<JoinHandle<()>>>,
}

impl Minter {
    /// Starts the thread, which ends when it was closed or dropped, after what waits. It opens the database, which must
    /// be there, when it is first needed.
    ///
    /// # Errors
    /// When the system has no thread left.
    pub(super) fn start(path: &Path, shared: Arc<Shared>) -> std::io::Result<Self> {
        let (queue, waiting) = mpsc::channel(QUEUE);
        let worker = Worker { path: path.to_owned(), connection: None, page_limit: NO_LIMIT, shared };
        let thread = std::thread::Builder::new().name("minter".to_owned()).spawn(|| worker.run(waiting))?;
        Ok(Self { queue: Mutex::new(Some(queue)), thread: tokio::sync::Mutex::new(Some(thread)) })
    }

    /// Queues an invite and waits for its commit. Once it is queued it is stored, whether or not this future is awaited.
    pub(super) async fn mint(&self, mint: Mint) -> Result<Minted, StoreError> {
        let (told, outcome) = oneshot::channel();
        let queue =
            self.queue.lock().unwrap_or_else(PoisonError::into_inner).clone().ok_or(StoreError::Closed)?;
        queue.send(Box::new((mint, told))).await.map_err(|_| StoreError::Closed)?;
        outcome.await.unwrap_or(Err(StoreError::Closed))
    }

    /// Takes no more mints, and returns when those that wait are committed.
    pub(super) async fn close(&self) {
        drop(self.queue.lock().unwrap_or_else(PoisonError::into_inner).take());
        // Kept while waiting: who closes at the same time waits for the same end.
        let mut thread = self.thread.lock().await;
        if let Some(running) = thread.take() {
            let ended = tokio::task::spawn_blocking(|| running.join()).await;
            if !matches!(ended, Ok(Ok(()))) {
                tracing::error!("the minter ended badly");
            }
        }
    }
}

struct Worker {
    path: PathBuf,
    /// None at first, and after a commit failed, until the next one.
    connection: Option<Connection>,
    /// The limit that the connection has.
    page_limit: u32,
    shared: Arc<Shared>,
}

impl Worker {
    fn run(mut self, mut queue: mpsc::Receiver<Box<Waiting>>) {
        let mut batch = Vec::with_capacity(BATCH);
        while queue.blocking_recv_many(&mut batch, BATCH) > 0 {
            let (mints, told): (Vec<_>, Vec<_>) = batch.drain(..).map(|waiting| *waiting).unzip();
            // A thread that panics would take all later mints with it.
            let outcome = std::panic::catch_unwind(AssertUnwindSafe(|| self.commit(mints)));
            match outcome.unwrap_or(Err(StoreError::JobFailed)) {
                Ok(minted) => tell(told, minted.into_iter().map(Ok)),
                Err(error) => {
                    tracing::error!(%error, mints = told.len(), "a commit failed, nothing of it was kept");
                    // Its state is anybody's guess; dropping it undoes what is open.
                    self.connection = None;
                    tell(told, std::iter::repeat(Err(error)));
                }
            }
        }
    }

    /// Stores the mints in one transaction. An error means that nothing of any of them is kept.
    fn commit(&mut self, mints: Vec<Mint>) -> Result<Vec<Minted>, StoreError> {
        // One of us writes at a time: SQLite would have the other one sleep for a millisecond or more.
        let _turn = self.shared.turn.blocking_lock();
        let connection = if let Some(connection) = self.connection.take() {
            connection
        } else {
            self.page_limit = NO_LIMIT;
            open(&self.path).map_err(driver_fault)?
        };
        let connection = self.connection.insert(connection);
        let page_limit = self.shared.page_limit();
        if page_limit != self.page_limit {
            connection.pragma_update(None, "max_page_count", page_limit).map_err(driver_fault)?;
            self.page_limit = page_limit;
        }
        let begun = connection.transaction_with_behavior(TransactionBehavior::Immediate);
        let transaction = begun.map_err(driver_unavailable)?;
        let minted = mint_all(&transaction, mints).map_err(|failure| match failure {
            Failure::Driver(error) => driver_fault(error),
            Failure::Value(error) => error,
        })?;
        transaction.commit().map_err(driver_unavailable)?;
        self.shared.count_commit();
        Ok(minted)
    }
}

fn tell(
    told: Vec<oneshot::Sender<Result<Minted, StoreError>>>,
    outcomes: impl Iterator<Item = Result<Minted, StoreError>>,
) {
    for (told, outcome) in told.into_iter().zip(outcomes) {
        // A caller who has gone does not want to know.
        drop(told.send(outcome));
    }
}

/// A connection with the same settings as the other writer has.
pub(super) fn open(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(PATIENCE)?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    // Moving rows between pages deletes them where they were.
    connection.pragma_update(None, "secure_delete", true)?;
    // KiB: addresses are in no order, so the pages of their index that are in use are many.
    connection.pragma_update(None, "cache_size", -16_384)?;
    connection.pragma_update(None, "wal_autocheckpoint", CHECKPOINT_EVERY)?;
    Ok(connection)
}
