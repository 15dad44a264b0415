//! The group commit: as many jobs as wait share one transaction and one sync.
//!
//! One task owns the one connection that writes. It takes what waits, runs job after job, each behind a savepoint unless it is
//! alone, commits, and only then tells the callers: even those whose job was undone, as it may have decided on what an
//! earlier job of the same commit had changed. While it commits, the next jobs gather.

use std::{
    panic::AssertUnwindSafe,
    sync::{Arc, Mutex, PoisonError, atomic::AtomicU64},
};

use async_trait::async_trait;
use futures_util::FutureExt;
use sqlx::Connection;
use tokio::{
    sync::{mpsc, oneshot},
    task::JoinHandle,
};

use super::{fault::unavailable, link::Linked, unit::Unit};
use crate::{Job, StoreError, Verdict};

/// Jobs in one commit at most, so that the first of them does not wait for long.
const BATCH: usize = 256;
/// Looks in vain before a batch goes as it is. Each takes microseconds, and a sync tens of them at least.
const LOOKS: u32 = 64;
/// Jobs that wait at most; who comes then waits to wait.
const QUEUE: usize = 4 * BATCH;
/// What waits for the next commit, with who is to be told.
type Waiting = (Job, oneshot::Sender<Result<(), StoreError>>);

/// The way to the writer's task.
#[derive(Debug)]
pub(crate) struct Writer {
    queue: Mutex<Option<mpsc::Sender<Waiting>>>,
    task: tokio::sync::Mutex<Option<JoinHandle<()>>>,
}

impl Writer {
    /// Starts the task, which ends when it was closed or dropped, after what waits.
    pub(crate) fn start(committer: impl Committer) -> Self {
        let (queue, waiting) = mpsc::channel(QUEUE);
        let task = tokio::spawn(run(committer, waiting));
        Self { queue: Mutex::new(Some(queue)), task: tokio::sync::Mutex::new(Some(task)) }
    }

    /// Queues a job and waits for its commit. Once it is queued it runs, whether or not this future is awaited.
    pub(crate) async fn submit(&self, job: Job) -> Result<(), StoreError> {
        let (told, outcome) = oneshot::channel();
        let queue =
            self.queue.lock().unwrap_or_else(PoisonError::into_inner).clone().ok_or(StoreError::Closed)?;
        queue.send((job, told)).await.map_err(|_| StoreError::Closed)?;
        outcome.await.unwrap_or(Err(StoreError::Closed))
    }

    /// Takes no more jobs, and returns when those that wait are committed.
    pub(crate) async fn close(&self) {
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

/// Why a commit failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CommitError {
    /// Nothing of any job is kept.
    #[error(transparent)]
    NothingKept(#[from] sqlx::Error),
    /// The database did not say whether it is: the connection ended where its answer would have come.
    #[error("the database did not say whether it has kept a commit")]
    Unsure(#[source] sqlx::Error),
}

/// How a database commits. A connection whose commit has failed is not used again.
#[async_trait]
pub(crate) trait Committer: Send + 'static {
    /// Runs all jobs in one transaction (see [`run_jobs`]). They are kept together or not at all.
    async fn commit(&mut self, jobs: Vec<Job>) -> Result<Vec<Result<(), StoreError>>, CommitError>;

    /// Lets go of the connection at once: after a failed commit its state is anybody's guess, and this undoes what is open.
    async fn give_up(&mut self);

    /// Ends in good order.
    async fn close(self) -> Result<(), sqlx::Error>;
}

async fn run(mut committer: impl Committer, mut queue: mpsc::Receiver<Waiting>) {
    let mut batch = Vec::with_capacity(BATCH);
    let mut usual = 0;
    while queue.recv_many(&mut batch, BATCH).await > 0 {
        gather(&mut queue, &mut batch, usual).await;
        usual = usize::midpoint(usual, batch.len());
        let (jobs, told): (Vec<_>, Vec<_>) = batch.drain(..).unzip();
        match committer.commit(jobs).await {
            Ok(done) => tell(told, done),
            Err(error) => {
                let error = match error {
                    CommitError::NothingKept(error) => {
                        tracing::error!(%error, writes = told.len(), "a commit failed, nothing of it was kept");
                        unavailable(error)
                    }
                    CommitError::Unsure(error) => {
                        tracing::error!(%error, writes = told.len(), "a commit got no answer, it may have been kept");
                        StoreError::Unsure(Arc::new(error))
                    }
                };
                committer.give_up().await;
                tell(told, std::iter::repeat(Err(error)));
            }
        }
    }
    if let Err(error) = committer.close().await {
        tracing::warn!(%error, "the database was not closed cleanly");
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

/// What has become of the jobs of a transaction.
pub(crate) struct Ran {
    /// What each caller is told, once the transaction is over.
    pub(crate) outcomes: Vec<Result<(), StoreError>>,
    /// Whether the transaction is to be committed; otherwise the only job was undone, and all of it is.
    pub(crate) is_kept: bool,
}

/// Runs jobs in a transaction, each behind a savepoint if there are several. An error is one of the transaction: should the
/// database have ended it, as a full disk may make `SQLite` do, then the savepoint is gone too, and no further job must run
/// outside of a transaction.
pub(crate) async fn run_jobs<DB: Linked>(
    mut jobs: Vec<Job>,
    connection: &mut DB::Connection,
    statements: &Arc<AtomicU64>,
) -> Result<Ran, sqlx::Error> {
    // The usual case, in which savepoints would be a third of the calls of a small write.
    if jobs.len() == 1
        && let Some(job) = jobs.pop()
    {
        let ran = run_job::<DB>(job, connection, statements).await;
        let is_kept = ran.is_ok();
        return Ok(Ran { outcomes: vec![ran.or_else(|Undo(told)| told)], is_kept });
    }
    let mut outcomes = Vec::with_capacity(jobs.len());
    for job in jobs {
        let mut savepoint = connection.begin().await?;
        outcomes.push(match run_job::<DB>(job, &mut savepoint, statements).await {
            Ok(()) => savepoint.commit().await.map(Ok)?,
            Err(Undo(told)) => savepoint.rollback().await.map(|()| told)?,
        });
    }
    Ok(Ran { outcomes, is_kept: true })
}

/// What a job has done is to be undone; what its caller is told.
struct Undo(Result<(), StoreError>);

async fn run_job<DB: Linked>(
    job: Job,
    connection: &mut DB::Connection,
    statements: &Arc<AtomicU64>,
) -> Result<(), Undo> {
    let mut unit = Unit::writing::<DB>(connection, Arc::clone(statements));
    let verdict = AssertUnwindSafe(async { job(&mut unit).await }).catch_unwind().await;
    match (verdict, unit.into_failure()) {
        (Ok(Verdict::Keep), None) => Ok(()),
        (Ok(Verdict::Keep), Some(failure)) => Err(Undo(Err(failure))),
        (Ok(Verdict::Discard), _) => Err(Undo(Ok(()))),
        (Err(_), _) => {
            tracing::error!("a write panicked and was undone");
            Err(Undo(Err(StoreError::JobFailed)))
        }
    }
}
