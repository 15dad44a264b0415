//! `SQLite`'s errors, in our words: the one place that knows its result codes.

use std::sync::Arc;

use sqlx::{
    error::{DatabaseError, ErrorKind},
    migrate::MigrateError,
};

use crate::StoreError;

/// The error that a caller can act on.
pub(super) fn fault(error: sqlx::Error) -> StoreError {
    match &error {
        sqlx::Error::PoolClosed => StoreError::Closed,
        sqlx::Error::PoolTimedOut | sqlx::Error::WorkerCrashed | sqlx::Error::Io(_) => unavailable(error),
        sqlx::Error::Database(cause) if cause.kind() == ErrorKind::UniqueViolation => {
            StoreError::Conflict { what: "row" }
        }
        sqlx::Error::Database(cause) if is_passing(cause.as_ref()) => unavailable(error),
        _ => StoreError::Database(Arc::new(error)),
    }
}

/// The same, for what failed a whole commit: whatever the cause was, nothing is kept and another try may work.
pub(super) fn unavailable(error: sqlx::Error) -> StoreError {
    StoreError::Unavailable(Arc::new(error))
}

/// A value that the database has no room for, such as an integer beyond 63 bits.
pub(super) fn unfit(error: impl std::error::Error + Send + Sync + 'static) -> StoreError {
    StoreError::Database(Arc::new(sqlx::Error::Encode(Box::new(error))))
}

/// Whether another connection had the file for itself.
pub(super) fn is_busy(error: &sqlx::Error) -> bool {
    error.as_database_error().and_then(primary_code) == Some(BUSY)
}

/// What went wrong with the schema; a database that could not be reached is no fault of it.
pub(super) fn migration_fault(error: MigrateError) -> StoreError {
    match error {
        MigrateError::Execute(error) => fault(error),
        MigrateError::ExecuteMigration(sqlx::Error::Database(cause), _) if is_passing(cause.as_ref()) => {
            unavailable(sqlx::Error::Database(cause))
        }
        other => StoreError::Migration(Arc::new(other)),
    }
}

const BUSY: i32 = 5;

/// Whether the cause lies in the machine rather than in the statement.
///
/// Source: <https://www.sqlite.org/rescode.html>
fn is_passing(error: &dyn DatabaseError) -> bool {
    const LOCKED: i32 = 6;
    const NOMEM: i32 = 7;
    const READONLY: i32 = 8;
    const IOERR: i32 = 10;
    const FULL: i32 = 13;
    const CANTOPEN: i32 = 14;
    const PROTOCOL: i32 = 15;
    let code = primary_code(error);
    matches!(code, Some(BUSY | LOCKED | NOMEM | READONLY | IOERR | FULL | CANTOPEN | PROTOCOL))
}

/// The low byte of an extended code says what kind of failure it is.
fn primary_code(error: &dyn DatabaseError) -> Option<i32> {
    error.code().and_then(|code| code.parse::<i32>().ok()).map(|code| code & 0xff)
}
