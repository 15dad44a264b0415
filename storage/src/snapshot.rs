//! What a copy of a database is asked for.

use domain::upload::StoredPart;
use protocol::ids::UploadId;

/// An upload that a copy has the row of: what its file is to be held against.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CopiedUpload {
    /// Its id, and the name of the file with its bytes.
    pub id: UploadId,
    /// How long it is, or is going to be.
    pub size_bytes: u64,
    /// SHA-256 of the bytes, in lowercase hex; none as long as it is not complete.
    pub sha256: Option<String>,
    /// How long each part is, but for the last; none for what has not come in parts.
    pub part_size_bytes: Option<u32>,
    /// The parts that are there, in their order.
    pub parts: Vec<StoredPart>,
}
