//! Files and recordings that participants send, in parts: what the widget sends and gets.

use serde::{Deserialize, Serialize};

use crate::{Timestamp, ids::UploadId};

/// Body of `POST /session/uploads`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BeginUpload {
    /// Chosen by the client for each upload (1 to 64 printable ASCII characters); the same id gets the same upload.
    pub client_id: String,
    /// The question that is open.
    pub question_id: String,
    /// What the participant calls it.
    pub filename: String,
    /// Its media type.
    pub content_type: String,
    /// How long it is in all.
    pub size_bytes: u64,
    /// How long a recording plays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration_ms: Option<u64>,
}

/// Body of `POST /session/uploads/:id/complete`; it may also be absent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CompleteUpload {
    /// SHA-256 of the whole, in hex; what has come must have it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
}

/// Answer to every call about an upload.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UploadReceipt {
    /// The upload as it stands on disk.
    pub upload: Upload,
}

/// An upload, as its participant sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Upload {
    /// Its id: what the answer holds.
    pub id: UploadId,
    /// The question that it is for.
    pub question_id: String,
    /// Where it stands.
    pub status: UploadStatus,
    /// What the participant calls it.
    pub filename: String,
    /// Its media type, without parameters.
    pub content_type: String,
    /// How long it is in all.
    pub size_bytes: u64,
    /// How long each part is, but for the last.
    pub part_size_bytes: u32,
    /// The parts that are on disk, in their order, from 1; they need not be sent again.
    pub parts_received: Vec<u32>,
    /// SHA-256 of the whole, in lowercase hex, once it is complete.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// When it was begun.
    pub created_at: Timestamp,
    /// Until when it can be gone on with, or be used in an answer.
    pub expires_at: Timestamp,
}

/// Where an upload stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UploadStatus {
    /// Parts are missing, or nobody has said that it is complete.
    Open,
    /// An answer can hold it.
    Complete,
}
