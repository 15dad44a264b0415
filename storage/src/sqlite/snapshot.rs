//! A copy of a database that others use meanwhile. All of it blocks, as copying is all that its caller does.

use std::{path::Path, sync::Arc};

use domain::upload::StoredPart;
use protocol::ids::UploadId;
use rusqlite::{Connection, InterruptHandle, OpenFlags, OptionalExtension as _, Row};

use super::{
    PATIENCE,
    fault::driver_fault,
    file::{self, files},
};
use crate::{ConnectError, CopiedUpload, StoreError};

/// Rows that are read at once.
const PAGE: u32 = 500;

/// A database that is to be copied. Nothing is made or changed in it, not even its schema: the server that runs on it may
/// be of another version.
pub struct Source {
    connection: Connection,
}

/// Ends a [`Source::copy_into`] from another thread.
pub struct Interrupter(InterruptHandle);

/// A copy.
pub struct Snapshot {
    connection: Connection,
}

/// What a check of a whole database has found.
#[derive(Debug, thiserror::Error)]
#[error("integrity_check says: {0}")]
struct Unsound(String);

fn unusable(path: &Path, error: rusqlite::Error) -> ConnectError {
    ConnectError::Store { path: path.to_owned(), source: driver_fault(error) }
}

impl Source {
    /// Opens the database that `url` names, which must be there.
    ///
    /// # Errors
    /// [`ConnectError`] for a URL of no file, and a file that is none or no database.
    pub fn open(url: &str) -> Result<Self, ConnectError> {
        let path = file::path_of(url)?;
        if !path.is_file() {
            return Err(ConnectError::NotThere { path });
        }
        // Not only for reading: a log that a crash has left can only be read by who may make its index.
        let connection = connect(&path).map_err(|error| unusable(&path, error))?;
        Ok(Self { connection })
    }

    /// What ends a copy that takes too long.
    pub fn interrupter(&self) -> Interrupter {
        Interrupter(self.connection.get_interrupt_handle())
    }

    /// Copies all that is committed at this moment into a new file, which this user alone can read. Others read and write
    /// meanwhile; only the log cannot be emptied. The copy is on disk when it is [finished](Snapshot::finish).
    ///
    /// # Errors
    /// [`ConnectError::File`] when the file is there or cannot be made, [`StoreError::Unavailable`] when the disk is full.
    ///
    /// Source: <https://www.sqlite.org/lang_vacuum.html#vacuuminto>
    pub fn copy_into(&self, path: &Path) -> Result<Snapshot, ConnectError> {
        // SQLite takes an empty file for a new one; it would make one for everybody to read.
        let failed = |source| ConnectError::File { path: path.to_owned(), source };
        files().open(path).map_err(failed)?;
        let name = path.to_str().ok_or(ConnectError::InvalidPath)?;
        let copied = self.connection.execute("VACUUM INTO ?1", [name]).and_then(|_| connect(path));
        Ok(Snapshot { connection: copied.map_err(|error| unusable(path, error))? })
    }

    /// Whether an upload has its row still.
    ///
    /// # Errors
    /// When the database fails.
    pub fn has_upload(&self, id: &UploadId) -> Result<bool, StoreError> {
        let row = self.connection.query_row("SELECT 1 FROM uploads WHERE id = ?1", [id.as_str()], |_| Ok(()));
        Ok(row.optional().map_err(driver_fault)?.is_some())
    }
}

impl Interrupter {
    /// Ends what runs now.
    pub fn interrupt(&self) {
        self.0.interrupt();
    }
}

impl Snapshot {
    /// How many uploads it has rows of.
    ///
    /// # Errors
    /// When the copy cannot be read.
    pub fn count_uploads(&self) -> Result<u64, StoreError> {
        let count = self.connection.query_row("SELECT count(*) FROM uploads", [], |row| row.get::<_, i64>(0));
        Ok(count.map_err(driver_fault)?.unsigned_abs())
    }

    /// Some of its uploads, in the order of their ids: those that come after `last`. None when there are no more.
    ///
    /// # Errors
    /// When the copy cannot be read, or a row does not fit.
    pub fn uploads_after(&self, last: Option<&UploadId>) -> Result<Vec<CopiedUpload>, StoreError> {
        let mut statement = self
            .connection
            .prepare_cached(
                "SELECT id, size_bytes, sha256, part_size_bytes FROM uploads WHERE id > ?1 ORDER BY id LIMIT ?2",
            )
            .map_err(driver_fault)?;
        let after = (last.map_or("", UploadId::as_str), PAGE);
        let read = |row: &Row<'_>| <(String, i64, Option<String>, Option<u32>)>::try_from(row);
        let rows = statement.query_map(after, read).map_err(driver_fault)?;
        let rows = rows.collect::<rusqlite::Result<Vec<_>>>().map_err(driver_fault)?;
        let uploads = rows.into_iter().map(|(id, size_bytes, sha256, part_size_bytes)| {
            let parts = if sha256.is_some() { Vec::new() } else { self.parts(&id)? };
            let corrupt = |_| StoreError::Corrupt { table: "uploads", column: "id", id: id.clone() };
            let (id, size_bytes) = (UploadId::parse(&id).map_err(corrupt)?, size_bytes.unsigned_abs());
            Ok::<_, StoreError>(CopiedUpload { id, size_bytes, sha256, part_size_bytes, parts })
        });
        uploads.collect()
    }

    fn parts(&self, id: &str) -> Result<Vec<StoredPart>, StoreError> {
        let query = "SELECT number, sha256 FROM upload_parts WHERE upload_id = ?1 ORDER BY number";
        let mut statement = self.connection.prepare_cached(query).map_err(driver_fault)?;
        let read = |row: &Row<'_>| Ok(StoredPart { number: row.get(0)?, sha256: row.get(1)? });
        let parts = statement.query_map([id], read).map_err(driver_fault)?;
        parts.collect::<rusqlite::Result<_>>().map_err(driver_fault)
    }

    /// Removes the rows of uploads.
    ///
    /// # Errors
    /// When the copy cannot be written.
    pub fn forget_uploads(&mut self, ids: &[UploadId]) -> Result<(), StoreError> {
        let forget = |connection: &mut Connection| {
            let transaction = connection.transaction()?;
            for id in ids {
                transaction.execute("DELETE FROM uploads WHERE id = ?1", [id.as_str()])?;
            }
            transaction.commit()
        };
        if ids.is_empty() { Ok(()) } else { forget(&mut self.connection).map_err(driver_fault) }
    }

    /// Looks at all of the copy and closes it. It is sound then; what is left to do is to sync its file.
    ///
    /// # Errors
    /// When the copy is not sound, or cannot be read.
    pub fn finish(self) -> Result<(), StoreError> {
        let said: String = self
            .connection
            .query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))
            .map_err(driver_fault)?;
        if said != "ok" {
            return Err(StoreError::Database(Arc::new(Unsound(said))));
        }
        self.connection.close().map_err(|(_, error)| driver_fault(error))
    }
}

impl std::fmt::Debug for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Source")
    }
}

impl std::fmt::Debug for Interrupter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Interrupter")
    }
}

impl std::fmt::Debug for Snapshot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Snapshot")
    }
}

fn connect(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(PATIENCE)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "secure_delete", true)?;
    Ok(connection)
}
