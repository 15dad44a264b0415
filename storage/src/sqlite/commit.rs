//! How `SQLite` commits: one connection, one transaction at a time, in turns with the thread that mints (`minter`).

use std::sync::{
    Arc,
    atomic::{AtomicU32, AtomicU64, Ordering},
};

use async_trait::async_trait;
use sqlx::{
    AssertSqlSafe, ConnectOptions, Connection, Executor, Sqlite, SqliteConnection,
    sqlite::SqliteConnectOptions,
};

use super::checkpointer::Bell;
use crate::{
    Job, StoreError,
    repositories::writer::{CommitError, Committer, run_jobs},
};

/// What `SQLite` allows.
pub(super) const NO_LIMIT: u32 = u32::MAX - 1;

/// What those who write have in common.
#[derive(Debug)]
pub(crate) struct Shared {
    /// Held for a whole transaction.
    pub(crate) turn: tokio::sync::Mutex<()>,
    /// Held while the log is emptied, and taken before a turn: `SQLite` gives up at once when somebody else is at it.
    pub(crate) emptying: tokio::sync::Mutex<()>,
    /// Rung after each commit.
    pub(crate) bell: Arc<Bell>,
    /// How many statements units of work have run.
    pub(crate) statements: Arc<AtomicU64>,
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
    pub(crate) fn count_commit(&self) {
        self.commits.fetch_add(1, Ordering::Relaxed);
        self.bell.committed();
    }

    pub(crate) fn commits(&self) -> u64 {
        self.commits.load(Ordering::Relaxed)
    }

    pub(crate) fn limit_pages(&self, pages: u32) {
        self.page_limit.store(pages, Ordering::Relaxed);
    }

    pub(crate) fn page_limit(&self) -> u32 {
        self.page_limit.load(Ordering::Relaxed)
    }
}

/// The connection of the writer's task.
pub(super) struct SqliteCommitter {
    options: SqliteConnectOptions,
    /// None after a commit failed, until the next one.
    connection: Option<SqliteConnection>,
    /// The limit that the connection has.
    page_limit: u32,
    shared: Arc<Shared>,
}

impl SqliteCommitter {
    /// Over this connection, and later over others with these options.
    pub(super) const fn new(
        connection: SqliteConnection,
        options: SqliteConnectOptions,
        shared: Arc<Shared>,
    ) -> Self {
        Self { options, connection: Some(connection), page_limit: NO_LIMIT, shared }
    }
}

#[async_trait]
impl Committer for SqliteCommitter {
    async fn commit(&mut self, jobs: Vec<Job>) -> Result<Vec<Result<(), StoreError>>, CommitError> {
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
        let ran = run_jobs::<Sqlite>(jobs, &mut transaction, &self.shared.statements).await?;
        if ran.is_kept {
            transaction.commit().await?;
            self.shared.count_commit();
        } else {
            transaction.rollback().await?;
        }
        Ok(ran.outcomes)
    }

    async fn give_up(&mut self) {
        if let Some(connection) = self.connection.take() {
            drop(connection.close_hard().await);
        }
    }

    async fn close(self) -> Result<(), sqlx::Error> {
        match self.connection {
            Some(connection) => connection.close().await,
            None => Ok(()),
        }
    }
}
