//! The authority's generation.

use async_trait::async_trait;

use super::{cells::Cells, link::Row, statement::query, unit::Unit};
use crate::{AuthorityRepository, StoreError};

/// The generation as it is in the database.
pub(crate) const GENERATION: &str = "SELECT \"only\", generation FROM authority";

fn read(row: &Row) -> Result<u64, StoreError> {
    Cells::new(row, "authority", "only").count("generation")
}

#[async_trait]
impl AuthorityRepository for Unit<'_> {
    async fn generation(&mut self) -> Result<u64, StoreError> {
        let found = self.find(query(GENERATION), read).await?;
        found.ok_or_else(|| StoreError::Corrupt {
            table: "authority",
            column: "generation",
            id: "1".to_owned(),
        })
    }
}
