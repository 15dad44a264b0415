//! The unit of work: a connection inside a transaction, and the things that repositories do with it.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use super::{
    fault::fault,
    link::{Link, Linked, Row},
    statement::Statement,
};
use crate::{StoreError, UnitOfWork};

/// All repositories over one transaction; each is implemented in a file of its own.
pub(crate) struct Unit<'c> {
    link: Link<'c>,
    statements: Arc<AtomicU64>,
    /// The failure after which nothing more is done. A full disk may make `SQLite` end the transaction on its own, and
    /// what a job then went on to do would be kept without the rest of it.
    failed: Option<StoreError>,
}

impl UnitOfWork for Unit<'_> {}

impl<'c> Unit<'c> {
    /// Over a transaction that ends with the unit, or over a part of the writer's.
    pub(crate) const fn over(link: Link<'c>, statements: Arc<AtomicU64>) -> Self {
        Self { link, statements, failed: None }
    }

    /// Part of the writer's transaction, which begins and ends it.
    pub(crate) fn writing<DB: Linked>(
        connection: &'c mut DB::Connection,
        statements: Arc<AtomicU64>,
    ) -> Self {
        Self::over(DB::link(connection), statements)
    }

    /// Why the job must be undone, whatever it wants itself.
    pub(crate) fn into_failure(self) -> Option<StoreError> {
        self.failed
    }

    /// For one statement, which is counted.
    fn link(&mut self) -> Result<&mut Link<'c>, StoreError> {
        self.statements.fetch_add(1, Ordering::Relaxed);
        match &self.failed {
            Some(failed) => Err(failed.clone()),
            None => Ok(&mut self.link),
        }
    }

    fn done<T>(&mut self, result: Result<T, sqlx::Error>) -> Result<T, StoreError> {
        result.map_err(fault).inspect_err(|error| self.failed = Some(error.clone()))
    }

    /// Runs an `INSERT … ON CONFLICT DO NOTHING`; when nothing was inserted, `what` exists already.
    pub(crate) async fn insert(
        &mut self,
        statement: Statement<'_>,
        what: &'static str,
    ) -> Result<(), StoreError> {
        if self.change(statement).await? { Ok(()) } else { Err(StoreError::Conflict { what }) }
    }

    /// Runs a statement. Whether it changed a row.
    pub(crate) async fn change(&mut self, statement: Statement<'_>) -> Result<bool, StoreError> {
        Ok(self.change_many(statement).await? > 0)
    }

    /// Runs a statement. How many rows it changed.
    pub(crate) async fn change_many(&mut self, statement: Statement<'_>) -> Result<u64, StoreError> {
        let result = self.link()?.execute(statement).await;
        self.done(result)
    }

    /// Runs a statement that must change a row: an update of nothing would be lost in silence.
    pub(crate) async fn must_change(&mut self, statement: Statement<'_>) -> Result<(), StoreError> {
        if self.change(statement).await? { Ok(()) } else { Err(fault(sqlx::Error::RowNotFound)) }
    }

    /// The row that a statement finds, if any.
    pub(crate) async fn find<T>(
        &mut self,
        statement: Statement<'_>,
        read: fn(&Row) -> Result<T, StoreError>,
    ) -> Result<Option<T>, StoreError> {
        let result = self.link()?.fetch_optional(statement).await;
        self.done(result)?.as_ref().map(read).transpose()
    }

    /// The rows that a statement finds, in its order.
    pub(crate) async fn list<T>(
        &mut self,
        statement: Statement<'_>,
        read: fn(&Row) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        let result = self.link()?.fetch_all(statement).await;
        self.done(result)?.iter().map(read).collect()
    }
}
