//! The thread that empties the log: what the log has is copied to where it belongs, beside those who write.
//!
//! `SQLite` by itself has a commit do it, now and then, and all who wait behind that commit wait for thousands of pages.

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::JoinHandle,
    time::{Duration, Instant},
};

use rusqlite::{Connection, Row};

use super::{PATIENCE, commit::Shared, minter};

/// From the first commit after a checkpoint until the next one: long enough for pages to be changed many times and
/// copied once, short enough for a log that is read back in no time.
const EVERY: Duration = Duration::from_millis(200);

/// Told of each commit.
#[derive(Debug)]
pub(super) struct Checkpointer {
    bell: Arc<Bell>,
    thread: Option<JoinHandle<()>>,
}

/// What may have happened since the thread looked.
#[derive(Debug)]
pub(super) struct Bell {
    committed: AtomicBool,
    /// The log may have what was deleted, and nobody else cuts it.
    must_cut: AtomicBool,
    stopped: AtomicBool,
    thread: std::sync::OnceLock<std::thread::Thread>,
}

impl Default for Bell {
    fn default() -> Self {
        Self {
            committed: AtomicBool::new(false),
            // As when whoever had deleted something was killed before the log was cut.
            must_cut: AtomicBool::new(true),
            stopped: AtomicBool::new(false),
            thread: std::sync::OnceLock::new(),
        }
    }
}

impl Bell {
    /// Has the log cut as soon as nobody reads it any more.
    fn cut(&self) {
        self.must_cut.store(true, Ordering::Release);
        self.wake();
    }

    /// Says that the log has grown.
    pub(super) fn committed(&self) {
        if !self.committed.swap(true, Ordering::AcqRel) {
            self.wake();
        }
    }

    fn wake(&self) {
        if let Some(thread) = self.thread.get() {
            thread.unpark();
        }
    }
}

impl Checkpointer {
    /// Starts the thread, which ends when this was closed or dropped.
    ///
    /// # Errors
    /// When the system has no thread left.
    pub(super) fn start(path: &Path, shared: Arc<Shared>) -> std::io::Result<Self> {
        let bell = Arc::clone(&shared.bell);
        let worker = Worker { path: path.to_owned(), connection: None, shared };
        let thread = std::thread::Builder::new().name("checkpointer".to_owned()).spawn(|| worker.run())?;
        let _ = bell.thread.set(thread.thread().clone());
        // What was committed before that could not wake it.
        bell.wake();
        Ok(Self { bell, thread: Some(thread) })
    }

    /// Stops the thread and waits for what it is copying.
    pub(super) async fn close(mut self) {
        self.tell_to_stop();
        if let Some(thread) = self.thread.take() {
            let ended = tokio::task::spawn_blocking(|| thread.join()).await;
            if !matches!(ended, Ok(Ok(()))) {
                tracing::error!("the checkpointer ended badly");
            }
        }
    }

    fn tell_to_stop(&self) {
        self.bell.stopped.store(true, Ordering::Release);
        self.bell.wake();
    }
}

impl Drop for Checkpointer {
    /// Does not wait: the thread may need a turn that belongs to a task of the thread that drops this.
    fn drop(&mut self) {
        self.tell_to_stop();
    }
}

struct Worker {
    path: PathBuf,
    connection: Option<Connection>,
    shared: Arc<Shared>,
}

impl Worker {
    fn run(mut self) {
        let bell = Arc::clone(&self.shared.bell);
        let stopped = || bell.stopped.load(Ordering::Acquire);
        while !stopped() {
            if !bell.committed.load(Ordering::Acquire) && !bell.must_cut.load(Ordering::Acquire) {
                std::thread::park();
                continue;
            }
            let due = Instant::now() + EVERY;
            while let Some(left) = due.checked_duration_since(Instant::now()).filter(|_| !stopped()) {
                std::thread::park_timeout(left);
            }
            bell.committed.store(false, Ordering::Release);
            if let Err(error) = self.checkpoint() {
                // A commit does it instead, when the log has grown large.
                tracing::debug!(%error, "the log could not be emptied");
                self.connection = None;
            }
        }
    }

    /// Copies nearly all while others write, and what they have added meanwhile while they wait: only a log that is
    /// empty begins anew instead of growing on.
    fn checkpoint(&mut self) -> rusqlite::Result<()> {
        let connection = match self.connection.take() {
            Some(connection) => connection,
            None => self.open()?,
        };
        let connection = self.connection.insert(connection);
        let _emptying = self.shared.emptying.blocking_lock();
        copy(connection)?;
        let _turn = self.shared.turn.blocking_lock();
        if self.shared.bell.must_cut.load(Ordering::Acquire) {
            self.shared.bell.must_cut.store(!cut(connection)?, Ordering::Release);
            return Ok(());
        }
        copy(connection)
    }

    fn open(&self) -> rusqlite::Result<Connection> {
        let connection = minter::open(&self.path)?;
        look(&connection)?;
        // Who writes must not wait for whoever reads the log that is to be cut: it is tried again.
        connection.busy_timeout(Duration::ZERO)?;
        Ok(connection)
    }
}

/// Copies what the log has and nobody still reads the old pages of.
///
/// Source: <https://www.sqlite.org/pragma.html#pragma_wal_checkpoint>
fn copy(connection: &Connection) -> rusqlite::Result<()> {
    connection.prepare_cached("PRAGMA wal_checkpoint(PASSIVE)")?.query_row([], |_| Ok(()))
}

/// A checkpoint does nothing on a connection that has not looked at the database yet.
fn look(connection: &Connection) -> rusqlite::Result<()> {
    connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))
}

/// Copies all that the log has and cuts it to nothing, so that what was deleted is in no file. Whether it could: who reads
/// for longer than [`PATIENCE`] keeps it, and it is cut when they have ended. Others write meanwhile, but for moments.
pub(super) fn empty_log(path: &Path, shared: &Shared) -> rusqlite::Result<bool> {
    /// How long it keeps others from writing while somebody still reads the log.
    const AT_MOST: Duration = Duration::from_millis(100);
    const LONGEST_PAUSE: Duration = Duration::from_millis(320);
    // Whatever goes wrong: until it is cut here, the thread has to.
    shared.bell.cut();
    let connection = minter::open(path)?;
    look(&connection)?;
    connection.busy_timeout(AT_MOST)?;
    let until = Instant::now() + PATIENCE;
    let mut pause = Duration::from_millis(20);
    loop {
        // As long as somebody needs what the log has in place of, it cannot be cut.
        if is_copied(&connection)? {
            let _turn = shared.turn.blocking_lock();
            if cut(&connection)? {
                shared.bell.must_cut.store(false, Ordering::Release);
                return Ok(true);
            }
        }
        if Instant::now() >= until {
            return Ok(false);
        }
        std::thread::sleep(pause);
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

/// Copies what can be copied, beside those who write. Whether that was all.
fn is_copied(connection: &Connection) -> rusqlite::Result<bool> {
    let counts = |row: &Row<'_>| Ok((row.get::<_, i64>("log")?, row.get::<_, i64>("checkpointed")?));
    let (log, copied) = connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], counts)?;
    Ok(log == copied)
}

fn cut(connection: &Connection) -> rusqlite::Result<bool> {
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| Ok(row.get::<_, i64>("busy")? == 0))
}
