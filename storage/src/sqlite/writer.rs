//! The group commit: as many jobs as wait share one transaction and one sync.
//!
//! One task owns the one connection that writes. It takes what waits, runs job after job, each behind a savepoint,
//! commits, and only then tells the callers: even those whose job was undone, as it may have decided on what an
//! earlier job of the same commit had changed. While it commits, the next jobs gather.
//!
//! It takes turns with the thread that mints (`minter`).

use std::{
    panic::AssertUnwindSafe,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU32, AtomicU64, Ordering},
    },
};

use futures_util::FutureExt;
use sqlx::{
    AssertSqlSafe, ConnectOptions, Connection, Executor, SqliteConnection, sqlite::SqliteConnectOptions,
};
use tokio::{
    sync::{mpsc, oneshot},
    task::JoinHandle,
};

use super::{checkpointer::Bell, fault::unavailable, unit::SqliteUnit};
use crate::{Job, StoreError, Verdict};

/// Jobs in one commit at most, so that the first of them does not wait for long.
const BATCH: usize = 256;
/// Looks in vain before a batch goes as it is. Each takes microseconds, and a sync tens of them at least.
const LOOKS: u32 = 64;
/// Jobs that wait at most; who comes then waits to wait.
const QUEUE: usize = 4 * BATCH;
/// What `SQLite` allows.
pub(super) const NO_LIMIT: u32 = u32::MAX - 1;

/// What waits for the next commit, with who is to be told.
type Waiting = (Job, oneshot::Sender<Result<(), StoreError>>);

/// The way to the writer's task.
#[derive(Debug)]
pub(super) struct Writer {
    queue: Mutex<Option<mpsc::Sender<Waiting>>>,
    task: tokio::sync::Mutex<Option<JoinHandle<()>>>,
}

/// What those who write have in common.
#[derive(Debug)]
pub(super) struct Shared {
    /// Held for a whole transaction.
    pub(super) turn: tokio::sync::Mutex<()>,
    /// Held while the log is emptied, and taken before a turn: `SQLite` gives up at once when somebody else is at it.
    pub(super) emptying: tokio::sync::Mutex<()>,
    /// Rung after each commit.
    pub(super) bell: Arc<Bell>,
    /// How many statements units of work have run.
    pub(super) statements: Arc<AtomicU64>,
    commits: AtomicU64,
    page_limit: AtomicU32,
}

impl Default for Shared {
    fn default() -> Self {
        Self {
            turn: tokio::sync::Mutex::default(),
            emptying: tokio::sync::Mutex::default(),
            bell: Arc::default(),
            statements: Arc::default(),
            commits: AtomicU64::new(0),
            page_limit: AtomicU32::new(NO_LIMIT),
        }
    }
}

impl Shared {
    pub(super) fn count_commit(&self) {
        self.commits.fetch_add(1, Ordering::Relaxed);
        self.bell.committed();
    }

    pub(super) fn commits(&self) -> u64 {
        self.commits.load(Ordering::Relaxed)
    }

    pub(super) fn limit_pages(&self, pages: u32) {
        self.page_limit.store(pages, Ordering::Relaxed);
    }

    pub(super) fn page_limit(&self) -> u32 {
        self.page_limit.load(Ordering::Relaxed)
    }
}

impl Writer {
    /// Starts the task, which ends when it was closed or dropped, after what waits.
    pub(super) fn start(
        connection: SqliteConnection,
        options: SqliteConnectOptions,
        shared: Arc<Shared>,
    ) -> Self {
        let (queue, waiting) = mpsc::channel(QUEUE);
        let task = Task { options, connection: Some(connection), page_limit: NO_LIMIT, shared };
        let task = tokio::spawn(task.run(waiting));
        Self { queue: Mutex::new(Some(queue)), task: tokio::sync::Mutex::new(Some(task)) }
    }

    /// Queues a job and waits for its commit. Once it is queued it runs, whether or not this future is awaited.
    pub(super) async fn submit(&self, job: Job) -> Result<(), StoreError> {
        let (told, outcome) = oneshot::channel();
        let queue =
            self.queue.lock().unwrap_or_else(PoisonError::into_inner).clone().ok_or(StoreError::Closed)?;
        queue.send((job, told)).await.map_err(|_| StoreError::Closed)?;
        outcome.await.unwrap_or(Err(StoreError::Closed))
    }

    /// Takes no more jobs, and returns when those that wait are committed.
    pub(super) async fn close(&self) {
        drop(self.queue.lock().unwrap_or_else(PoisonError::into_inner).take());
        // Kept while waiting: who closes at the same time waits for the same end.
        let mut task = self.task.lock().await;
        if let Some(running) = task.as_mut() {
            if let Err(error) = running.await {
                tracing::error!(%error, "the writer ended badly");
            }
            *task = None;
        }
    }
}

struct Task {
    options: SqliteConnectOptions,
    /// None after a commit failed, until the next one.
    connection: Option<SqliteConnection>,
    /// The limit that the connection has.
    page_limit: u32,
    shared: Arc<Shared>,
}

impl Task {
    async fn run(mut self, mut queue: mpsc::Receiver<Waiting>) {
        let mut batch = Vec::with_capacity(BATCH);
        let mut usual = 0;
        while queue.recv_many(&mut batch, BATCH).await > 0 {
            gather(&mut queue, &mut batch, usual).await;
            usual = usize::midpoint(usual, batch.len());
            let (jobs, told): (Vec<_>, Vec<_>) = batch.drain(..).unzip();
            match self.commit(jobs).await {
                Ok(done) => tell(told, done),
                Err(error) => {
                    let error = self.give_up(error, told.len()).await;
                    tell(told, std::iter::repeat(Err(error)));
                }
            }
        }
        if let Some(connection) = self.connection
            && let Err(error) = connection.close().await
        {
            tracing::warn!(%error, "the database was not closed cleanly");
        }
    }

    /// Runs all jobs in one transaction. An error means that nothing of any of them is kept.
    async fn commit(&mut self, jobs: Vec<Job>) -> Result<Vec<Result<(), StoreError>>, sqlx::Error> {
        let _turn = self.shared.turn.lock().await;
        let connection = if let Some(connection) = self.connection.take() {
            connection
        } else {
            self.page_limit = NO_LIMIT;
            self.options.connect().await?
        };
        let connection = self.connection.insert(connection);
        let page_limit = self.shared.page_limit();
        if page_limit != self.page_limit {
            connection.execute(AssertSqlSafe(format!("PRAGMA max_page_count = {page_limit}"))).await?;
            self.page_limit = page_limit;
        }
        let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
        let mut outcomes = Vec::with_capacity(jobs.len());
        for job in jobs {
            outcomes.push(run_job(job, &mut transaction, &self.shared).await?);
        }
        transaction.commit().await?;
        self.shared.count_commit();
        Ok(outcomes)
    }

    /// After a failed commit the connection's state is anybody's guess: it is dropped, which undoes what is open.
    async fn give_up(&mut self, error: sqlx::Error, writes: usize) -> StoreError {
        tracing::error!(%error, writes, "a commit failed, nothing of it was kept");
        if let Some(connection) = self.connection.take() {
            drop(connection.close_hard().await);
        }
        unavailable(error)
    }
}

/// Waits for a moment when fewer have come than usual: those who were told together come back together, and a few looks
/// for the rest of them cost less than a commit without them. Nobody waits when one at a time is usual.
async fn gather(queue: &mut mpsc::Receiver<Waiting>, batch: &mut Vec<Waiting>, usual: usize) {
    let mut looks_left = LOOKS;
    while batch.len() < usual && looks_left > 0 {
        // Whoever else is ready to run goes first, and may be on the way here.
        tokio::task::yield_now().await;
        looks_left -= 1;
        while batch.len() < BATCH
            && let Ok(waiting) = queue.try_recv()
        {
            batch.push(waiting);
            looks_left = LOOKS;
        }
    }
}

fn tell(
    told: Vec<oneshot::Sender<Result<(), StoreError>>>,
    outcomes: impl IntoIterator<Item = Result<(), StoreError>>,
) {
    for (told, outcome) in told.into_iter().zip(outcomes) {
        // A caller who has gone does not want to know.
        drop(told.send(outcome));
    }
}

/// Runs one job. An error is one of the transaction: should `SQLite` have ended it, as a full disk may make it do, then
/// the savepoint is gone too, and no further job must run outside of a transaction.
async fn run_job(
    job: Job,
    connection: &mut SqliteConnection,
    shared: &Shared,
) -> Result<Result<(), StoreError>, sqlx::Error> {
    let mut savepoint = connection.begin().await?;
    let mut unit = SqliteUnit::writing(&mut savepoint, Arc::clone(&shared.statements));
    let verdict = AssertUnwindSafe(async { job(&mut unit).await }).catch_unwind().await;
    let failure = unit.into_failure();
    match verdict {
        Ok(Verdict::Keep) if failure.is_some() => {
            savepoint.rollback().await.map(|()| failure.map_or(Ok(()), Err))
        }
        Ok(Verdict::Keep) => savepoint.commit().await.map(Ok),
        Ok(Verdict::Discard) => savepoint.rollback().await.map(Ok),
        Err(_) => {
            tracing::error!("a write panicked and was undone");
            savepoint.rollback().await.map(|()| Err(StoreError::JobFailed))
        }
    }
}
