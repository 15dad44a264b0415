//! The drivers' errors, in our words: the one place that knows `PostgreSQL`'s codes, and asks [`crate::sqlite`] for its own.

use std::sync::Arc;

use sqlx::{
    error::{DatabaseError, ErrorKind},
    migrate::MigrateError,
    postgres::PgDatabaseError,
};

use crate::{StoreError, sqlite};

/// The error that a caller can act on.
pub(crate) fn fault(error: sqlx::Error) -> StoreError {
    match &error {
        sqlx::Error::PoolClosed => StoreError::Closed,
        sqlx::Error::PoolTimedOut
        | sqlx::Error::WorkerCrashed
        | sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::Protocol(_) => unavailable(error),
        sqlx::Error::Database(cause) if cause.kind() == ErrorKind::UniqueViolation => {
            StoreError::Conflict { what: "row" }
        }
        sqlx::Error::Database(cause) if is_passing(cause.as_ref()) => unavailable(error),
        _ => StoreError::Database(Arc::new(error)),
    }
}

/// The same, for what failed a whole commit: whatever the cause was, nothing is kept and another try may work.
pub(crate) fn unavailable(error: sqlx::Error) -> StoreError {
    StoreError::Unavailable(Arc::new(error))
}

/// A value that the database has no room for, such as an integer beyond 63 bits.
pub(crate) fn unfit(error: impl std::error::Error + Send + Sync + 'static) -> StoreError {
    StoreError::Database(Arc::new(sqlx::Error::Encode(Box::new(error))))
}

/// What went wrong with the schema; a database that could not be reached is no fault of it.
pub(crate) fn migration_fault(error: MigrateError) -> StoreError {
    match error {
        MigrateError::Execute(error) => fault(error),
        MigrateError::ExecuteMigration(sqlx::Error::Database(cause), _) if is_passing(cause.as_ref()) => {
            unavailable(sqlx::Error::Database(cause))
        }
        other => StoreError::Migration(Arc::new(other)),
    }
}

/// Whether the cause lies in the machine rather than in the statement.
fn is_passing(cause: &dyn DatabaseError) -> bool {
    cause
        .try_downcast_ref::<PgDatabaseError>()
        .map_or_else(|| sqlite::is_passing(cause), |cause| is_passing_state(cause.code()))
}

/// Source: <https://www.postgresql.org/docs/current/errcodes-appendix.html>
fn is_passing_state(code: &str) -> bool {
    const CLASSES: [&str; 5] = ["08", "40", "53", "57", "58"];
    const LOCK_NOT_AVAILABLE: &str = "55P03";
    const READ_ONLY_TRANSACTION: &str = "25006";
    CLASSES.iter().any(|class| code.starts_with(class))
        || [LOCK_NOT_AVAILABLE, READ_ONLY_TRANSACTION].contains(&code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_that_shuts_down_or_has_no_room_is_worth_another_try_and_a_wrong_statement_is_not() {
        for code in ["57P01", "53100", "08006", "40001", "55P03", "25006"] {
            assert!(is_passing_state(code), "{code}");
        }
        for code in ["42601", "23505", "22021", "25P02"] {
            assert!(!is_passing_state(code), "{code}");
        }
    }
}
