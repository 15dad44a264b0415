//! `SQLite`'s errors, in our words: the one place that knows its result codes.

use std::sync::Arc;

use sqlx::{error::DatabaseError, migrate::MigrateError};

use crate::StoreError;

/// The error that a caller can act on, of the plain driver's.
pub(super) fn driver_fault(error: rusqlite::Error) -> StoreError {
    match error.sqlite_error() {
        Some(cause) if is_passing_code(primary(cause.extended_code)) => driver_unavailable(error),
        _ => StoreError::Database(Arc::new(error)),
    }
}

/// The same for the plain driver, for what failed a whole commit.
pub(super) fn driver_unavailable(error: rusqlite::Error) -> StoreError {
    StoreError::Unavailable(Arc::new(error))
}

/// Whether another connection had the file for itself.
pub(super) fn is_busy(error: &sqlx::Error) -> bool {
    error.as_database_error().and_then(primary_code) == Some(BUSY)
}

/// What a database that cannot be opened suffers from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Ailment {
    /// Something may not be read or written; what `SQLite` says of it.
    NoAccess(String),
    /// Another program has it for itself.
    InUse,
    /// The disk is full.
    NoRoom,
    /// It was a database once.
    Damaged,
    /// The file has something else in it.
    NoDatabase,
    /// The schema has this migration, which is not one of ours.
    OtherSchema(i64),
}

/// What the error comes from, as far as something can be done about it.
pub(super) fn ailment(error: &StoreError) -> Option<Ailment> {
    const PERM: i32 = 3;
    const READONLY: i32 = 8;
    const CORRUPT: i32 = 11;
    const FULL: i32 = 13;
    const CANTOPEN: i32 = 14;
    const NOTADB: i32 = 26;
    let (StoreError::Unavailable(cause) | StoreError::Database(cause) | StoreError::Migration(cause)) = error
    else {
        return None;
    };
    if let Some(MigrateError::VersionMissing(version) | MigrateError::VersionMismatch(version)) =
        cause.downcast_ref()
    {
        return Some(Ailment::OtherSchema(*version));
    }
    let cause = cause.downcast_ref::<sqlx::Error>()?.as_database_error()?;
    match primary_code(cause)? {
        PERM | READONLY | CANTOPEN => Some(Ailment::NoAccess(cause.to_string())),
        BUSY => Some(Ailment::InUse),
        FULL => Some(Ailment::NoRoom),
        CORRUPT => Some(Ailment::Damaged),
        NOTADB => Some(Ailment::NoDatabase),
        _ => None,
    }
}

const BUSY: i32 = 5;

/// Whether the cause lies in the machine rather than in the statement.
pub(crate) fn is_passing(cause: &dyn DatabaseError) -> bool {
    primary_code(cause).is_some_and(is_passing_code)
}

/// Source: <https://www.sqlite.org/rescode.html>
const fn is_passing_code(code: i32) -> bool {
    const LOCKED: i32 = 6;
    const NOMEM: i32 = 7;
    const READONLY: i32 = 8;
    const IOERR: i32 = 10;
    const FULL: i32 = 13;
    const CANTOPEN: i32 = 14;
    const PROTOCOL: i32 = 15;
    matches!(code, BUSY | LOCKED | NOMEM | READONLY | IOERR | FULL | CANTOPEN | PROTOCOL)
}

fn primary_code(error: &dyn DatabaseError) -> Option<i32> {
    error.code().and_then(|code| code.parse().ok()).map(primary)
}

/// The low byte of an extended code says what kind of failure it is.
const fn primary(extended_code: i32) -> i32 {
    extended_code & 0xff
}
