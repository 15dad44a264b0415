//! Files that a customer has sent.

use protocol::{
    Environment, Timestamp,
    ids::{OrganizationId, ParticipantId, UploadId},
};

use crate::fault::{Fault, check_text};

/// Longest name of a file, in characters.
pub const MAX_FILENAME: usize = 255;

/// A file, as stored. Its bytes are in a file of that id.
#[derive(Clone, PartialEq, Eq)]
pub struct StoredUpload {
    /// Its id, and the name of the file with its bytes.
    pub id: UploadId,
    /// Which environment.
    pub environment: Environment,
    /// Whose it is.
    pub organization_id: OrganizationId,
    /// Whom it is about.
    pub participant_id: Option<ParticipantId>,
    /// What the sender calls it: to be shown, never to be opened.
    pub filename: String,
    /// What the sender says that it is.
    pub content_type: String,
    /// How long it is.
    pub size_bytes: u64,
    /// SHA-256 of the bytes, in lowercase hex.
    pub sha256: String,
    /// When it came.
    pub created_at: Timestamp,
}

// The name of a file may well be the name of a person.
impl std::fmt::Debug for StoredUpload {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StoredUpload").field("id", &self.id).finish_non_exhaustive()
    }
}

impl StoredUpload {
    /// What is wrong with what the sender says of it.
    pub fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        check_text(&mut faults, "/filename", &self.filename, 1, MAX_FILENAME);
        check_text(&mut faults, "/content_type", &self.content_type, 1, MAX_FILENAME);
        faults
    }
}
