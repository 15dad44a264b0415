//! `SQLite`: one writer that shares its commits, any number of readers beside it.
//!
//! - [`SqliteStore`] · `commit`: a commit of the writer's · `minter`, `mints`: that of mints · `checkpointer`
//! - `fault`: result codes · `file`: where the database is · `opening`: why it cannot be opened
//! - [`Source`]: a database that is copied into a [`Snapshot`]

use std::{
    path::{Path, PathBuf},
    sync::{Arc, LazyLock, Mutex, PoisonError, atomic::Ordering},
    time::{Duration, Instant},
};

use async_trait::async_trait;
use sqlx::{
    ConnectOptions, Connection, Executor, SqliteConnection, SqlitePool,
    migrate::Migrator,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use crate::{
    ConnectError, Job, Mint, Minted, Place, Store, StoreError, UnitOfWork,
    migrations::migrator,
    repositories::{
        fault::{fault, migration_fault},
        link::Link,
        unit::Unit,
        writer::Writer,
    },
};

mod checkpointer;
mod commit;
mod fault;
mod file;
mod minter;
mod mints;
mod opening;
#[cfg(test)]
mod query_plans;
mod snapshot;
#[cfg(test)]
mod upgrades;

pub(crate) use file::path_of;

use checkpointer::Checkpointer;
use commit::{Shared, SqliteCommitter};
pub(crate) use fault::is_passing;
use fault::{driver_fault, is_busy};
use minter::Minter;
pub use snapshot::{Interrupter, Snapshot, Source};

static MIGRATIONS: LazyLock<Migrator> =
    LazyLock::new(|| migrator(include!(concat!(env!("OUT_DIR"), "/sqlite.rs"))));

/// How long a statement waits while another process writes, and a reader for a free connection.
const PATIENCE: Duration = Duration::from_secs(5);
/// Pages of 4 KiB that the log may have before a commit copies them to where they belong: many more than the
/// checkpointer lets it have, unless somebody reads for long.
const CHECKPOINT_EVERY: u32 = 40_000;
/// Reads that run at once; each connection is a thread.
const READERS: u32 = 8;

/// A database in one file. Several processes may have it open.
#[derive(Debug)]
pub struct SqliteStore {
    path: PathBuf,
    readers: SqlitePool,
    writer: Writer,
    minter: Minter,
    checkpointer: Mutex<Option<Checkpointer>>,
    shared: Arc<Shared>,
}

impl SqliteStore {
    /// Opens `sqlite://<path of a file>`. A new database is made, with its folders, for this user alone.
    ///
    /// # Errors
    /// See [`crate::connect`].
    pub async fn open(url: &str) -> Result<Self, ConnectError> {
        let path = file::path_of(url)?;
        file::create(&path)?;
        let options = options(&path);
        let explain = |error| opening::explain(&path, error);
        let mut connection = connect_patiently(&options).await.map_err(explain)?;
        migrate(&mut connection).await.map_err(explain)?;
        let readers = SqlitePoolOptions::new()
            .max_connections(READERS)
            .acquire_timeout(PATIENCE)
            .test_before_acquire(false)
            .connect_lazy_with(options.clone().pragma("query_only", "ON"));
        let shared = Arc::<Shared>::default();
        let no_thread = |source| ConnectError::File { path: path.clone(), source };
        let minter = Minter::start(&path, Arc::clone(&shared)).map_err(no_thread)?;
        let checkpointer = Checkpointer::start(&path, Arc::clone(&shared)).map_err(no_thread)?;
        let writer = Writer::start(SqliteCommitter::new(connection, options, Arc::clone(&shared)));
        let checkpointer = Mutex::new(Some(checkpointer));
        Ok(Self { path, readers, writer, minter, checkpointer, shared })
    }

    /// How many transactions the writer has committed.
    pub fn commits(&self) -> u64 {
        self.shared.commits()
    }

    /// Lets the database grow to so many pages of 4,096 bytes and no further, as if the disk were full. It counts from
    /// the next commit on, and a database that is larger already keeps its size.
    pub fn limit_pages(&self, pages: u32) {
        self.shared.limit_pages(pages);
    }
}

/// What every connection has in common. The journal's mode is kept in the file.
fn options(path: &Path) -> SqliteConnectOptions {
    // FULL syncs the log at each commit: with NORMAL, a loss of power would undo what was acknowledged.
    SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(false)
        .foreign_keys(true)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(PATIENCE)
        // What is deleted is overwritten with zeros.
        .pragma("secure_delete", "ON")
        .pragma("wal_autocheckpoint", CHECKPOINT_EVERY.to_string())
}

/// Connects and switches the write-ahead log on. That needs the file for itself, and `SQLite` does not wait for it, so
/// two processes that open a new database at once would fail without another try.
async fn connect_patiently(options: &SqliteConnectOptions) -> Result<SqliteConnection, StoreError> {
    const PAUSE: Duration = Duration::from_millis(20);
    let options = options.clone().journal_mode(SqliteJournalMode::Wal);
    // A try may itself have waited for a lock.
    let began = Instant::now();
    loop {
        match options.connect().await {
            Err(error) if is_busy(&error) && began.elapsed() < PATIENCE => tokio::time::sleep(PAUSE).await,
            result => return result.map_err(fault),
        }
    }
}

/// Runs the migrations that are missing, all or none, one process at a time.
async fn migrate(connection: &mut SqliteConnection) -> Result<(), StoreError> {
    // A table is changed by putting another in its place, which those that refer to it must not stop.
    connection.execute("PRAGMA foreign_keys = OFF").await.map_err(fault)?;
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await.map_err(fault)?;
    MIGRATIONS.run_direct(None, &mut *transaction, false).await.map_err(migration_fault)?;
    transaction.commit().await.map_err(fault)?;
    connection.execute("PRAGMA foreign_keys = ON").await.map(drop).map_err(fault)
}

/// Why the log could not be emptied.
#[derive(Debug, thiserror::Error)]
#[error("somebody reads, or another program empties the log")]
struct LogInUse;

#[async_trait]
impl Store for SqliteStore {
    async fn read(&self) -> Result<Box<dyn UnitOfWork>, StoreError> {
        let transaction = self.readers.begin().await.map_err(fault)?;
        Ok(Box::new(Unit::over(Link::ReadingSqlite(transaction), Arc::clone(&self.shared.statements))))
    }

    async fn submit(&self, job: Job) -> Result<(), StoreError> {
        self.writer.submit(job).await
    }

    async fn mint(&self, mint: Mint) -> Result<Minted, StoreError> {
        self.minter.mint(mint).await
    }

    async fn scrub(&self) -> Result<(), StoreError> {
        let _emptying = self.shared.emptying.lock().await;
        let (path, shared) = (self.path.clone(), Arc::clone(&self.shared));
        let emptied = tokio::task::spawn_blocking(move || checkpointer::empty_log(&path, &shared));
        let is_empty = emptied.await.map_err(|_| StoreError::JobFailed)?.map_err(driver_fault)?;
        if is_empty { Ok(()) } else { Err(StoreError::Unavailable(Arc::new(LogInUse))) }
    }

    fn statements(&self) -> u64 {
        self.shared.statements.load(Ordering::Relaxed)
    }

    async fn place(&self) -> Result<Place, StoreError> {
        let path = tokio::fs::canonicalize(&self.path).await;
        path.map(Place::File).map_err(|error| StoreError::Unavailable(Arc::new(error)))
    }

    async fn check(&self) -> Result<(), StoreError> {
        let query = sqlx::query("SELECT 1 FROM organizations LIMIT 1");
        query.fetch_optional(&self.readers).await.map(drop).map_err(fault)
    }

    async fn close(&self) {
        self.writer.close().await;
        self.minter.close().await;
        let checkpointer = self.checkpointer.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(checkpointer) = checkpointer {
            checkpointer.close().await;
        }
        self.readers.close().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A kill cannot show what a loss of power would: the log is synced at each commit, or it is not.
    #[tokio::test]
    async fn the_writer_syncs_at_each_commit() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("synced.db");
        let _store = SqliteStore::open(&format!("sqlite://{}", path.display())).await.unwrap();
        let mut connection = options(&path).connect().await.unwrap();
        let mode: String =
            sqlx::query_scalar("PRAGMA journal_mode").fetch_one(&mut connection).await.unwrap();
        let synchronous: i64 =
            sqlx::query_scalar("PRAGMA synchronous").fetch_one(&mut connection).await.unwrap();
        assert_eq!((mode.as_str(), synchronous), ("wal", 2), "2 is FULL");
    }
}
