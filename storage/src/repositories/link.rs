//! The one place where a statement is given to this driver or that, and where its rows come back.

use std::borrow::Cow;

use sqlx::{
    AssertSqlSafe, Decode, PgConnection, Postgres, Row as _, Sqlite, SqliteConnection, Transaction, Type,
    postgres::{PgArguments, PgRow},
    query::Query,
    sqlite::{SqliteArguments, SqliteRow},
};

use super::statement::{Statement, Value};

/// A connection inside a transaction.
pub(crate) enum Link<'c> {
    /// A read in `SQLite`, which ends with the link.
    ReadingSqlite(Transaction<'static, Sqlite>),
    /// A part of a write in `SQLite`.
    Sqlite(&'c mut SqliteConnection),
    /// A read in `PostgreSQL`, which ends with the link.
    ReadingPostgres(Transaction<'static, Postgres>),
    /// A part of a write in `PostgreSQL`.
    Postgres(&'c mut PgConnection),
}

/// A driver whose connections can be linked.
pub(crate) trait Linked: sqlx::Database {
    /// A part of a write.
    fn link(connection: &mut Self::Connection) -> Link<'_>;
}

impl Linked for Sqlite {
    fn link(connection: &mut SqliteConnection) -> Link<'_> {
        Link::Sqlite(connection)
    }
}

impl Linked for Postgres {
    fn link(connection: &mut PgConnection) -> Link<'_> {
        Link::Postgres(connection)
    }
}

/// What runs a statement, without the transaction around it.
enum Connection<'l> {
    Sqlite(&'l mut SqliteConnection),
    Postgres(&'l mut PgConnection),
}

impl Link<'_> {
    fn connection(&mut self) -> Connection<'_> {
        match self {
            Self::ReadingSqlite(transaction) => Connection::Sqlite(transaction),
            Self::Sqlite(connection) => Connection::Sqlite(connection),
            Self::ReadingPostgres(transaction) => Connection::Postgres(transaction),
            Self::Postgres(connection) => Connection::Postgres(connection),
        }
    }

    /// How many rows the statement changed.
    pub(super) async fn execute(&mut self, statement: Statement<'_>) -> Result<u64, sqlx::Error> {
        match self.connection() {
            Connection::Sqlite(link) => Ok(sqlite(statement).execute(link).await?.rows_affected()),
            Connection::Postgres(link) => Ok(postgres(statement).execute(link).await?.rows_affected()),
        }
    }

    pub(super) async fn fetch_optional(
        &mut self,
        statement: Statement<'_>,
    ) -> Result<Option<Row>, sqlx::Error> {
        match self.connection() {
            Connection::Sqlite(link) => Ok(sqlite(statement).fetch_optional(link).await?.map(Row::Sqlite)),
            Connection::Postgres(link) => {
                Ok(postgres(statement).fetch_optional(link).await?.map(Row::Postgres))
            }
        }
    }

    pub(super) async fn fetch_all(&mut self, statement: Statement<'_>) -> Result<Vec<Row>, sqlx::Error> {
        match self.connection() {
            Connection::Sqlite(link) => {
                Ok(sqlite(statement).fetch_all(link).await?.into_iter().map(Row::Sqlite).collect())
            }
            Connection::Postgres(link) => {
                Ok(postgres(statement).fetch_all(link).await?.into_iter().map(Row::Postgres).collect())
            }
        }
    }
}

fn sqlite(Statement { text, values }: Statement<'_>) -> Query<'_, Sqlite, SqliteArguments> {
    values.into_iter().fold(sqlx::query(text), |query, value| match value {
        Value::Text(text) => query.bind(text),
        Value::Integer(number) => query.bind(number),
        Value::Real(number) => query.bind(number),
        Value::Boolean(is) => query.bind(is),
        Value::Bytes(bytes) => query.bind(bytes),
    })
}

fn postgres(Statement { text, values }: Statement<'_>) -> Query<'_, Postgres, PgArguments> {
    let query = sqlx::query(AssertSqlSafe(without_hints(text.as_str())));
    values.into_iter().fold(query, |query, value| match value {
        Value::Text(text) => query.bind(text.map(without_nul)),
        Value::Integer(number) => query.bind(number),
        Value::Real(number) => query.bind(number),
        Value::Boolean(is) => query.bind(is),
        Value::Bytes(bytes) => query.bind(bytes),
    })
}

/// A statement without the indexes that it names for `SQLite`. `PostgreSQL` has numbers to choose by, and no such words.
///
/// Source: <https://www.sqlite.org/lang_indexedby.html>
fn without_hints(text: &str) -> String {
    let mut parts = text.split(" INDEXED BY ");
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let rest = part.find(|letter: char| !letter.is_ascii_lowercase() && letter != '_');
        plain.push_str(rest.map_or("", |end| &part[end..]));
    }
    plain
}

/// `PostgreSQL` keeps every character but this one. Nobody writes it, and what has one is worth more than an error.
pub(super) fn without_nul(text: Cow<'_, str>) -> Cow<'_, str> {
    if text.contains('\0') { text.replace('\0', "\u{fffd}").into() } else { text }
}

/// A row of either.
pub(crate) enum Row {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

/// What both drivers can read from a column.
pub(crate) trait Cell<'r>:
    Decode<'r, Sqlite> + Type<Sqlite> + Decode<'r, Postgres> + Type<Postgres>
{
}

impl<'r, T> Cell<'r> for T where T: Decode<'r, Sqlite> + Type<Sqlite> + Decode<'r, Postgres> + Type<Postgres> {}

impl Row {
    /// The value of a column.
    pub(super) fn get<'r, T: Cell<'r>>(&'r self, column: &str) -> Result<T, sqlx::Error> {
        match self {
            Self::Sqlite(row) => row.try_get(column),
            Self::Postgres(row) => row.try_get(column),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_without_hints_names_no_index() {
        for (text, plain) in [
            ("SELECT * FROM a WHERE b = $1", "SELECT * FROM a WHERE b = $1"),
            ("SELECT * FROM a x INDEXED BY a_by_b WHERE b = $1", "SELECT * FROM a x WHERE b = $1"),
            ("FROM a INDEXED BY one CROSS JOIN b INDEXED BY two\n WHERE c", "FROM a CROSS JOIN b\n WHERE c"),
            ("(SELECT 1 FROM a INDEXED BY one)", "(SELECT 1 FROM a)"),
            ("UPDATE a INDEXED BY one", "UPDATE a"),
        ] {
            assert_eq!(without_hints(text), plain);
        }
    }

    #[test]
    fn text_keeps_everything_but_a_nul() {
        assert!(matches!(without_nul("Größe ✓".into()), Cow::Borrowed("Größe ✓")));
        assert_eq!(without_nul("a\0b".into()), "a\u{fffd}b");
    }
}
