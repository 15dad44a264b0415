//! Puts many invites into a database: copies of the newest, each with a participant of their own, all older than it.
//!
//! `cargo run --release -p storage --example fill -- <file> <invites>`, while no server has the file open. For measuring only: it
//! writes without syncing.

use std::{error::Error, str::FromStr as _};

use sqlx::{
    AssertSqlSafe, Connection as _, SqliteConnection,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
};

/// A count from 1 to `$1`.
const NUMBERS: &str =
    "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < $1)";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(file), Some(count)) = (arguments.next(), arguments.next()) else {
        return Err("usage: fill <file> <invites>".into());
    };
    let count: i64 = count.parse()?;
    let options = SqliteConnectOptions::from_str(&format!("sqlite://{file}"))?
        .journal_mode(SqliteJournalMode::Off)
        .synchronous(SqliteSynchronous::Off)
        .foreign_keys(false);
    let mut database = SqliteConnection::connect_with(&options).await?;
    sqlx::raw_sql("BEGIN IMMEDIATE").execute(&mut database).await?;
    // Ours begin with the time; these are older than all of them, and in order.
    let own = [
        ("id", "'part_00' || printf('%024d', n)"),
        ("email", "'filled-' || n || '@example.com'"),
        ("email_key", "'filled-' || n || '@example.com'"),
        ("external_id", "NULL"),
    ];
    let newest = "(SELECT participant_id FROM invites ORDER BY id DESC LIMIT 1)";
    copy(&mut database, "participants", &own, newest, count).await?;
    let own =
        [("id", "'inv_00' || printf('%024d', n)"), ("participant_id", "'part_00' || printf('%024d', n)")];
    copy(&mut database, "invites", &own, "(SELECT max(id) FROM invites)", count).await?;
    sqlx::query(
        "UPDATE campaigns SET invited = invited + $1
         WHERE (environment, id) = (SELECT environment, campaign_id FROM invites ORDER BY id DESC LIMIT 1)",
    )
    .bind(count)
    .execute(&mut database)
    .await?;
    sqlx::raw_sql("COMMIT; PRAGMA journal_mode = WAL").execute(&mut database).await?;
    database.close().await?;
    Ok(())
}

/// Copies the row with that id `count` times. `own` are the columns that each copy has its own value for.
async fn copy(
    database: &mut SqliteConnection,
    table: &str,
    own: &[(&str, &str)],
    id: &str,
    count: i64,
) -> Result<(), sqlx::Error> {
    let columns: Vec<String> = sqlx::query_scalar("SELECT name FROM pragma_table_info($1)")
        .bind(table)
        .fetch_all(&mut *database)
        .await?;
    let values: Vec<&str> = columns
        .iter()
        .map(|column| own.iter().find(|(name, _)| name == column).map_or(column.as_str(), |(_, value)| value))
        .collect();
    let (columns, values) = (columns.join(", "), values.join(", "));
    let statement = format!(
        "{NUMBERS} INSERT INTO {table} ({columns}) SELECT {values} FROM numbers CROSS JOIN (SELECT * FROM {table} WHERE id = {id})"
    );
    sqlx::query(AssertSqlSafe(statement)).bind(count).execute(database).await?;
    Ok(())
}
