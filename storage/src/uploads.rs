//! Files that customers and participants have sent; the bytes are not in the database.

use async_trait::async_trait;
use domain::upload::{StoredPart, StoredUpload};
use protocol::{
    Environment, Timestamp,
    ids::{AnswerId, ParticipantId, SessionId, UploadId},
};

use crate::StoreError;

/// What is known of files. Ids are unique across environments. [`crate::ErasureRepository`] removes the rows of those
/// who are erased.
#[async_trait]
pub trait UploadRepository {
    /// Adds one.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the id is taken, or the session has one that its client calls the same.
    async fn add_upload(&mut self, upload: &StoredUpload) -> Result<(), StoreError>;

    /// Those that are about a participant, oldest first.
    async fn list_uploads_about(
        &mut self,
        environment: Environment,
        participant: &ParticipantId,
    ) -> Result<Vec<StoredUpload>, StoreError>;

    /// Those of a session, oldest first.
    async fn list_uploads_of(&mut self, session: &SessionId) -> Result<Vec<StoredUpload>, StoreError>;

    /// Which of these are stored, in whatever environment.
    async fn find_uploads(&mut self, ids: &[UploadId]) -> Result<Vec<StoredUpload>, StoreError>;

    /// Removes the row of one that a customer has sent. Whether there was one.
    async fn remove_upload_of_customer(&mut self, id: &UploadId) -> Result<bool, StoreError>;

    /// The parts of an upload that are on disk, in their order.
    async fn list_upload_parts(&mut self, id: &UploadId) -> Result<Vec<StoredPart>, StoreError>;

    /// Adds a part that came at `now`. One that is there stays as it is.
    async fn add_upload_part(
        &mut self,
        id: &UploadId,
        part: &StoredPart,
        now: Timestamp,
    ) -> Result<(), StoreError>;

    /// Says that all of an upload is on disk, and has this digest.
    async fn complete_upload(&mut self, id: &UploadId, sha256: &str) -> Result<(), StoreError>;

    /// Gives uploads to an answer. How many of them are complete and were sent in this session to this question.
    async fn claim_uploads(
        &mut self,
        session: &SessionId,
        question: &str,
        ids: &[UploadId],
        answer: &AnswerId,
    ) -> Result<u64, StoreError>;

    /// Removes the rows of uploads that no answer holds, and none will: those that have been open without a part since
    /// `open_since`, and those of sessions that are over at `now`. At most `limit` of them; which.
    async fn remove_stale_uploads(
        &mut self,
        open_since: Timestamp,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<UploadId>, StoreError>;
}
