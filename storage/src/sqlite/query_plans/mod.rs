//! Every list and lookup must use an index, and no list may be sorted: a page costs the same at any size.
//!
//! - `lists`: what shows a page at a time · `lookups`: what finds, counts, moves on and removes

mod lists;
mod lookups;

use sqlx::{AssertSqlSafe, Row, SqlSafeStr};

use super::SqliteStore;
use crate::PageRequest;

async fn open() -> (SqliteStore, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("plans.db").display());
    (SqliteStore::open(&url).await.unwrap(), folder)
}

/// What the database is going to do, a line a step.
async fn plan(store: &SqliteStore, statement: impl SqlSafeStr) -> String {
    let statement = format!("EXPLAIN QUERY PLAN {}", statement.into_sql_str().as_str());
    let steps = sqlx::query(AssertSqlSafe(statement)).fetch_all(&store.readers).await.unwrap();
    steps.iter().map(|step| step.get::<String, _>("detail") + "\n").collect()
}

fn assert_quick(plan: &str, case: &dyn std::fmt::Debug) {
    assert!(!plan.contains("SCAN"), "reads a whole table for {case:?}:\n{plan}");
    assert!(!plan.contains("TEMP B-TREE"), "sorts for {case:?}:\n{plan}");
}

fn pages() -> [PageRequest; 2] {
    [PageRequest { before: None, limit: 50 }, PageRequest { before: Some("x_1".to_owned()), limit: 50 }]
}
