//! The unit of work: a connection inside a transaction, and the four things that repositories do with it.

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
    pub(super) const fn reading(transaction: Transaction<'static, Sqlite>) -> Self {
        Self { link: Link::Reading(transaction) }
    }
}

impl<'c> SqliteUnit<'c> {
    /// Part of the writer's transaction.
    pub(super) const fn writing(connection: &'c mut SqliteConnection) -> Self {
        Self { link: Link::Writing(connection) }
    }

    fn connection(&mut self) -> &mut SqliteConnection {
        match &mut self.link {
            Link::Reading(transaction) => transaction,
            Link::Writing(connection) => connection,
        }
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
        let done = statement.execute(self.connection()).await.map_err(fault)?;
        Ok(done.rows_affected() > 0)
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
        statement.fetch_optional(self.connection()).await.map_err(fault)?.as_ref().map(read).transpose()
    }

    /// The rows that a statement finds, in its order.
    pub(super) async fn list<T>(
        &mut self,
        statement: Statement<'_>,
        read: fn(&SqliteRow) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        statement.fetch_all(self.connection()).await.map_err(fault)?.iter().map(read).collect()
    }
}
