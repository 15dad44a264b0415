//! Files that customers have sent; the bytes are not in the database.

use async_trait::async_trait;
use domain::upload::StoredUpload;
use protocol::{
    Environment,
    ids::{ParticipantId, UploadId},
};

use crate::StoreError;

/// What is known of files. Ids are unique across environments. [`crate::ErasureRepository`] removes the rows of those
/// who are erased.
#[async_trait]
pub trait UploadRepository {
    /// Adds one.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the id is taken.
    async fn add_upload(&mut self, upload: &StoredUpload) -> Result<(), StoreError>;

    /// Those that are about a participant, oldest first.
    async fn list_uploads_about(
        &mut self,
        environment: Environment,
        participant: &ParticipantId,
    ) -> Result<Vec<StoredUpload>, StoreError>;

    /// Which of these are stored, in whatever environment.
    async fn find_uploads(&mut self, ids: &[UploadId]) -> Result<Vec<StoredUpload>, StoreError>;
}
