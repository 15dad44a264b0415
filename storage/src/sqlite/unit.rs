//! The unit of work: a connection inside a transaction, and the four things that repositories do with it.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use sqlx::{
    Sqlite, SqliteConnection, Transaction,
    query::Query,
    sqlite::{SqliteArguments, SqliteRow},
};

use super::fault::fault;
use crate::{StoreError, UnitOfWork};

/// A statement with its values.
pub(super) type Statement<'q> = Query<'q, Sqlite, SqliteArguments>;

/// All repositories over one transaction; each is implemented in a file of its own.
pub(super) struct SqliteUnit<'c> {
    link: Link<'c>,
    statements: Arc<AtomicU64>,
    /// The failure after which nothing more is done. A full disk may make `SQLite` end the transaction on its own, and
    /// what a job then went on to do would be kept without the rest of it.
    failed: Option<StoreError>,
}

enum Link<'c> {
    /// Ends when the unit is dropped.
    Reading(Transaction<'static, Sqlite>),
    /// The writer begins and ends it.
    Writing(&'c mut SqliteConnection),
}

impl UnitOfWork for SqliteUnit<'_> {}

impl SqliteUnit<'static> {
    /// A view of what is committed.
    pub(super) const fn reading(
        transaction: Transaction<'static, Sqlite>,
        statements: Arc<AtomicU64>,
    ) -> Self {
        Self { link: Link::Reading(transaction), statements, failed: None }
    }
}

impl<'c> SqliteUnit<'c> {
    /// Part of the writer's transaction.
    pub(super) const fn writing(connection: &'c mut SqliteConnection, statements: Arc<AtomicU64>) -> Self {
        Self { link: Link::Writing(connection), statements, failed: None }
    }

    /// Why the job must be undone, whatever it wants itself.
    pub(super) fn into_failure(self) -> Option<StoreError> {
        self.failed
    }

    /// For one statement, which is counted.
    fn connection(&mut self) -> Result<&mut SqliteConnection, StoreError> {
        self.statements.fetch_add(1, Ordering::Relaxed);
        match (&self.failed, &mut self.link) {
            (Some(failed), _) => Err(failed.clone()),
            (None, Link::Reading(transaction)) => Ok(transaction),
            (None, Link::Writing(connection)) => Ok(connection),
        }
    }

    fn done<T>(&mut self, result: Result<T, sqlx::Error>) -> Result<T, StoreError> {
        result.map_err(fault).inspect_err(|error| self.failed = Some(error.clone()))
    }

    /// Runs an `INSERT … ON CONFLICT DO NOTHING`; when nothing was inserted, `what` exists already.
    pub(super) async fn insert(
        &mut self,
        statement: Statement<'_>,
        what: &'static str,
    ) -> Result<(), StoreError> {
        if self.change(statement).await? { Ok(()) } else { Err(StoreError::Conflict { what }) }
    }

    /// Runs a statement. Whether it changed a row.
    pub(super) async fn change(&mut self, statement: Statement<'_>) -> Result<bool, StoreError> {
        Ok(self.change_many(statement).await? > 0)
    }

    /// Runs a statement. How many rows it changed.
    pub(super) async fn change_many(&mut self, statement: Statement<'_>) -> Result<u64, StoreError> {
        let result = statement.execute(self.connection()?).await;
        Ok(self.done(result)?.rows_affected())
    }

    /// Runs a statement that must change a row: an update of nothing would be lost in silence.
    pub(super) async fn must_change(&mut self, statement: Statement<'_>) -> Result<(), StoreError> {
        if self.change(statement).await? { Ok(()) } else { Err(fault(sqlx::Error::RowNotFound)) }
    }

    /// The row that a statement finds, if any.
    pub(super) async fn find<T>(
        &mut self,
        statement: Statement<'_>,
        read: fn(&SqliteRow) -> Result<T, StoreError>,
    ) -> Result<Option<T>, StoreError> {
        let result = statement.fetch_optional(self.connection()?).await;
        self.done(result)?.as_ref().map(read).transpose()
    }

    /// The rows that a statement finds, in its order.
    pub(super) async fn list<T>(
        &mut self,
        statement: Statement<'_>,
        read: fn(&SqliteRow) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        let result = statement.fetch_all(self.connection()?).await;
        self.done(result)?.iter().map(read).collect()
    }
}
