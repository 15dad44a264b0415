//! The group commit: as many jobs as wait share one transaction and one sync.
//!
//! One task owns the one connection that writes. It takes what waits, runs job after job, each behind a savepoint,
//! commits, and only then tells the callers: even those whose job was undone, as it may have decided on what an
//! earlier job of the same commit had changed. While it commits, the next jobs gather.

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

use super::{fault::unavailable, unit::SqliteUnit};
use crate::{Job, Mint, Minted, StoreError, Verdict};

/// Jobs in one commit at most, so that the first of them does not wait for long.
const BATCH: usize = 256;
/// Looks in vain before a batch goes as it is. Each takes microseconds, and a sync tens of them at least.
const LOOKS: u32 = 64;
/// Jobs that wait at most; who comes then waits to wait.
const QUEUE: usize = 4 * BATCH;
/// What `SQLite` allows.
const NO_LIMIT: u32 = u32::MAX - 1;

/// What waits for the next commit, with who is to be told.
enum Waiting {
    Job(Job, oneshot::Sender<Result<(), StoreError>>),
    Mint(Box<Mint>, oneshot::Sender<Result<Minted, StoreError>>),
}

/// The way to the writer's task.
#[derive(Debug)]
pub(super) struct Writer {
    queue: Mutex<Option<mpsc::Sender<Waiting>>>,
    task: tokio::sync::Mutex<Option<JoinHandle<()>>>,
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    commits: AtomicU64,
    page_limit: AtomicU32,
}

impl Writer {
    /// Starts the task, which ends when it was closed or dropped, after what waits.
    pub(super) fn start(connection: SqliteConnection, options: SqliteConnectOptions) -> Self {
        let (queue, waiting) = mpsc::channel(QUEUE);
        let shared = Arc::new(Shared { commits: AtomicU64::new(0), page_limit: AtomicU32::new(NO_LIMIT) });
        let task =
            Task { options, connection: Some(connection), page_limit: NO_LIMIT, shared: Arc::clone(&shared) };
        let task = tokio::spawn(task.run(waiting));
        Self { queue: Mutex::new(Some(queue)), task: tokio::sync::Mutex::new(Some(task)), shared }
    }

    /// Queues a job and waits for its commit. Once it is queued it runs, whether or not this future is awaited.
    pub(super) async fn submit(&self, job: Job) -> Result<(), StoreError> {
        let (told, outcome) = oneshot::channel();
        self.queue(Waiting::Job(job, told)).await?;
        outcome.await.unwrap_or(Err(StoreError::Closed))
    }

    /// Queues an invite and waits for its commit.
    pub(super) async fn mint(&self, mint: Mint) -> Result<Minted, StoreError> {
        let (told, outcome) = oneshot::channel();
        self.queue(Waiting::Mint(Box::new(mint), told)).await?;
        outcome.await.unwrap_or(Err(StoreError::Closed))
    }

    async fn queue(&self, waiting: Waiting) -> Result<(), StoreError> {
        let queue =
            self.queue.lock().unwrap_or_else(PoisonError::into_inner).clone().ok_or(StoreError::Closed)?;
        queue.send(waiting).await.map_err(|_| StoreError::Closed)
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

    pub(super) fn commits(&self) -> u64 {
        self.shared.commits.load(Ordering::Relaxed)
    }

    pub(super) fn limit_pages(&self, pages: u32) {
        self.shared.page_limit.store(pages, Ordering::Relaxed);
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
            let (mut jobs, mut mints) = (Told::default(), Told::default());
            for waiting in batch.drain(..) {
                match waiting {
                    Waiting::Job(job, told) => jobs.push(job, told),
                    Waiting::Mint(mint, told) => mints.push(*mint, told),
                }
            }
            match self.commit(std::mem::take(&mut jobs.work), std::mem::take(&mut mints.work)).await {
                Ok((done, minted)) => {
                    jobs.tell(done);
                    mints.tell(minted);
                }
                Err(error) => {
                    let error = self.give_up(error, jobs.told.len() + mints.told.len()).await;
                    jobs.tell(std::iter::repeat(Err(error.clone())));
                    mints.tell(std::iter::repeat(Err(error)));
                }
            }
        }
        if let Some(connection) = self.connection
            && let Err(error) = connection.close().await
        {
            tracing::warn!(%error, "the database was not closed cleanly");
        }
    }

    /// Runs all jobs in one transaction, and then the mints, which see what the jobs have changed. An error means that
    /// nothing of any of them is kept.
    async fn commit(&mut self, jobs: Vec<Job>, mints: Vec<Mint>) -> Result<Outcomes, sqlx::Error> {
        let connection = if let Some(connection) = self.connection.take() {
            connection
        } else {
            self.page_limit = NO_LIMIT;
            self.options.connect().await?
        };
        let connection = self.connection.insert(connection);
        let page_limit = self.shared.page_limit.load(Ordering::Relaxed);
        if page_limit != self.page_limit {
            connection.execute(AssertSqlSafe(format!("PRAGMA max_page_count = {page_limit}"))).await?;
            self.page_limit = page_limit;
        }
        let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
        let mut outcomes = Vec::with_capacity(jobs.len());
        for job in jobs {
            outcomes.push(run_job(job, &mut transaction).await?);
        }
        let minted = if mints.is_empty() { Vec::new() } else { run_mints(mints, &mut transaction).await? };
        transaction.commit().await?;
        self.shared.commits.fetch_add(1, Ordering::Relaxed);
        Ok((outcomes, minted))
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

/// What became of the jobs and of the mints, in their order.
type Outcomes = (Vec<Result<(), StoreError>>, Vec<Result<Minted, StoreError>>);

/// Work of one kind, and who is to be told of each.
struct Told<W, T> {
    work: Vec<W>,
    told: Vec<oneshot::Sender<Result<T, StoreError>>>,
}

impl<W, T> Default for Told<W, T> {
    fn default() -> Self {
        Self { work: Vec::new(), told: Vec::new() }
    }
}

impl<W, T> Told<W, T> {
    fn push(&mut self, work: W, told: oneshot::Sender<Result<T, StoreError>>) {
        self.work.push(work);
        self.told.push(told);
    }

    fn tell(self, outcomes: impl IntoIterator<Item = Result<T, StoreError>>) {
        for (told, outcome) in self.told.into_iter().zip(outcomes) {
            // A caller who has gone does not want to know.
            drop(told.send(outcome));
        }
    }
}

/// Runs the mints behind one savepoint: should one of their statements fail, all of them and nothing else is undone.
async fn run_mints(
    mints: Vec<Mint>,
    connection: &mut SqliteConnection,
) -> Result<Vec<Result<Minted, StoreError>>, sqlx::Error> {
    let count = mints.len();
    let mut savepoint = connection.begin().await?;
    let minted = SqliteUnit::writing(&mut savepoint).mint_all(mints).await;
    match minted {
        Ok(minted) => savepoint.commit().await.map(|()| minted.into_iter().map(Ok).collect()),
        Err(error) => savepoint.rollback().await.map(|()| vec![Err(error); count]),
    }
}

/// Runs one job. An error is one of the transaction: should `SQLite` have ended it, as a full disk may make it do, then
/// the savepoint is gone too, and no further job must run outside of a transaction.
async fn run_job(job: Job, connection: &mut SqliteConnection) -> Result<Result<(), StoreError>, sqlx::Error> {
    let mut savepoint = connection.begin().await?;
    let mut unit = SqliteUnit::writing(&mut savepoint);
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
