//! Files that were sent.

#![expect(clippy::unused_async, reason = "async-graphql takes no other functions")]

use async_graphql::{Context, ID, Object};
use domain::upload::StoredUpload;

use crate::{
    error::ApiError,
    graphql::{budget, scalars::DateTime},
};

/// A file that was stored.
pub(in crate::graphql) struct UploadedFile(pub(in crate::graphql) StoredUpload);

/// A file that was stored.
#[Object]
impl UploadedFile {
    /// Its id.
    async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// What the sender calls it.
    async fn filename(&self, context: &Context<'_>) -> Result<&str, ApiError> {
        budget::of(context)?.tell(self.0.filename.len())?;
        Ok(&self.0.filename)
    }

    /// What the sender says that it is.
    async fn content_type(&self, context: &Context<'_>) -> Result<&str, ApiError> {
        budget::of(context)?.tell(self.0.content_type.len())?;
        Ok(&self.0.content_type)
    }

    /// How long it is.
    async fn size_bytes(&self) -> u64 {
        self.0.size_bytes
    }

    /// SHA-256 of its bytes, in lowercase hex.
    async fn sha256(&self) -> &str {
        // What a customer sends is there as a whole or not at all.
        self.0.sha256.as_deref().unwrap_or_default()
    }

    /// When it came.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }
}
