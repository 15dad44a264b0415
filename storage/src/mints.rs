//! Invites by the thousand: minting without a transaction for each.

use async_trait::async_trait;
use domain::invite::StoredInvite;
use protocol::ids::EventId;

use crate::StoreError;

/// An invite to store, and what it was decided on.
#[derive(Debug, Clone, PartialEq)]
pub struct Mint {
    /// The [`AuthorityRepository::generation`] at which the key, the plan and the campaign were read.
    pub generation: u64,
    /// The invite. Its participant is merged by e-mail as [`crate::InviteRepository::merge_participant`] does, and must
    /// not have an `external_id`.
    pub invite: StoredInvite,
    /// The id of the event that tells of it.
    pub event: EventId,
}

/// What became of it.
#[derive(Debug, Clone, PartialEq)]
pub enum Minted {
    /// It is on disk, with the participant that it was merged into.
    Stored(Box<StoredInvite>),
    /// A key, a plan or a campaign has changed meanwhile, so nothing was stored: decide again.
    Stale,
}

/// What minting is decided by, as a number.
#[async_trait]
pub trait AuthorityRepository {
    /// Grows with every change to keys, plans and campaigns that decides whether an invite may be minted, whichever
    /// process makes it. What was read at a generation is still true for as long as it is the current one.
    async fn generation(&mut self) -> Result<u64, StoreError>;
}
