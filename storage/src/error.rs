//! What can go wrong in a database.

use std::{error::Error, sync::Arc};

/// What a database's driver says, for the log.
pub type Cause = Arc<dyn Error + Send + Sync>;

/// Why the database did not do what was asked. "Not found" is an `Option`, as it is seldom an error.
#[derive(Debug, Clone, thiserror::Error)]
pub enum StoreError {
    /// Something with that name or id exists already.
    #[error("{what} exists already")]
    Conflict {
        /// What, such as `organization name`.
        what: &'static str,
    },
    /// The database cannot be reached, is full, read-only or locked: worth another try later.
    #[error("the database is not available")]
    Unavailable(#[source] Cause),
    /// The connection ended before the database said whether it has kept a change. What is sent again with the same id is done
    /// once.
    #[error("the database did not say whether it has kept a change")]
    Unsure(#[source] Cause),
    /// The database refused a statement.
    #[error("the database failed")]
    Database(#[source] Cause),
    /// The schema could not be brought up to date.
    #[error("the database's schema could not be brought up to date")]
    Migration(#[source] Cause),
    /// A stored row does not fit its type.
    #[error("table {table}, column {column}, row {id}: the stored value does not fit")]
    Corrupt {
        /// Where.
        table: &'static str,
        /// Which column.
        column: &'static str,
        /// Which row.
        id: String,
    },
    /// The job panicked, so its changes were undone.
    #[error("a write failed half-way and was undone")]
    JobFailed,
    /// The database is being closed.
    #[error("the database is closed")]
    Closed,
}
