//! The authority's generation in `SQLite`.

use async_trait::async_trait;
use sqlx::sqlite::SqliteRow;

use super::{cells::Cells, mints::GENERATION, unit::SqliteUnit};
use crate::{AuthorityRepository, StoreError};

fn read(row: &SqliteRow) -> Result<u64, StoreError> {
    Cells::new(row, "authority", "only").count("generation")
}

#[async_trait]
impl AuthorityRepository for SqliteUnit<'_> {
    async fn generation(&mut self) -> Result<u64, StoreError> {
        let found = self.find(sqlx::query(GENERATION), read).await?;
        found.ok_or_else(|| StoreError::Corrupt {
            table: "authority",
            column: "generation",
            id: "1".to_owned(),
        })
    }
}
