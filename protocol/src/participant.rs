//! Participants, as the management API shows them.

use serde::{Deserialize, Serialize};

use crate::{Timestamp, ids::ParticipantId};

/// A person who was invited.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Participant {
    /// Their id.
    pub id: ParticipantId,
    /// Where they can be reached; `null` without the scope `pii:read`.
    pub email: Option<String>,
    /// What they are called; `null` without the scope `pii:read`.
    pub name: Option<String>,
    /// The customer's own id for them.
    pub external_id: Option<String>,
    /// When they were first invited.
    pub created_at: Timestamp,
    /// When they were erased: nothing but this and their id is left.
    pub erased_at: Option<Timestamp>,
}
