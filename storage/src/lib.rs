//! What is on disk. The only crate that knows SQL.
//!
//! - [`Store`] opens units of work: [`Store::read`] for a consistent view, [`write()`] for changes.
//! - A [`UnitOfWork`] is all the repositories at once, over one transaction. Each repository is a trait in a file of
//!   its own, and its statements, which both databases understand, are in a file of that name in `repositories`.
//! - Writes are jobs: the writer puts as many as wait into one transaction, each behind a savepoint, syncs once, and
//!   only then tells each of them. So a write is acknowledged after it is on disk, and many writes share the cost.
//!
//! To add a repository: a trait here, its methods in `repositories/`, a migration in `migrations/sqlite` and `migrations/postgres`,
//! its name in [`UnitOfWork`], and a contract test in `tests/contract`.
//!
//! Methods take the time and new ids from the caller. Times are integer milliseconds. Lookups that may find nothing
//! are `find_…` and return an `Option`.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};

use async_trait::async_trait;
use futures_util::future::BoxFuture;

mod analytics;
mod answers;
mod api_keys;
mod audit;
mod campaigns;
mod connect;
mod deliveries;
mod erasure;
mod error;
mod events;
mod guides;
mod idempotency;
mod invites;
mod migrations;
mod mints;
mod organizations;
mod postgres;
mod repositories;
mod sessions;
mod signing_keys;
mod snapshot;
pub mod sqlite;
mod uploads;
mod users;
mod webhooks;

pub use analytics::{AnalyticsRepository, SessionSpan};
pub use answers::AnswerRepository;
pub use api_keys::{ApiKeyRepository, HourOfUse};
pub use audit::{AuditFilter, AuditRepository};
pub use campaigns::{CampaignFilter, CampaignRepository};
pub use connect::{ConnectError, check_url, connect, is_postgres, look_for};
pub use deliveries::{DeliveryRepository, Lease, Recorded, Redelivering, Redelivery};
pub use erasure::ErasureRepository;
pub use error::{Cause, StoreError};
pub use events::{EndedInvite, EventFilter, EventRepository};
pub use guides::{GuideRepository, StoredGuide};
pub use idempotency::{IdempotencyRecord, IdempotencyRepository};
pub use invites::{InviteFilter, InviteRepository};
pub use mints::{AuthorityRepository, Mint, Minted};
pub use organizations::OrganizationRepository;
pub use sessions::{SessionFilter, SessionMark, SessionRepository};
pub use signing_keys::SigningKeyRepository;
pub use snapshot::CopiedUpload;
pub use uploads::UploadRepository;
pub use users::UserRepository;
pub use webhooks::WebhookRepository;

/// Part of a list: newest first, at most `limit` rows, only those with an id below `before`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageRequest {
    /// Where the page before ended.
    pub before: Option<String>,
    /// How many rows at most; ask for one more than is shown to learn whether there are more.
    pub limit: u32,
}

/// All repositories over one transaction.
///
/// When a statement fails, other than by a conflict, the unit does nothing more and a job over it is undone.
pub trait UnitOfWork:
    OrganizationRepository
    + ApiKeyRepository
    + CampaignRepository
    + GuideRepository
    + InviteRepository
    + SessionRepository
    + AnswerRepository
    + SigningKeyRepository
    + IdempotencyRepository
    + AuditRepository
    + ErasureRepository
    + AuthorityRepository
    + EventRepository
    + WebhookRepository
    + DeliveryRepository
    + UserRepository
    + UploadRepository
    + AnalyticsRepository
    + Send
{
}

/// What becomes of a job's changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// They are committed.
    Keep,
    /// They are undone; other jobs of the same commit are not touched.
    Discard,
}

/// A write, as the writer runs it.
pub type Job = Box<dyn for<'a> FnOnce(&'a mut dyn UnitOfWork) -> BoxFuture<'a, Verdict> + Send>;

/// Where a database is: two stores are at one place only when they are over one database, whereas a copy is at another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// In a file, by its absolute path without links.
    File(PathBuf),
    /// In a server, by what that calls itself and the database. No part of the URL is in it.
    Server(String),
}

/// A database.
#[async_trait]
pub trait Store: Send + Sync + std::fmt::Debug {
    /// A consistent view of what is committed. Writing through it is an error.
    async fn read(&self) -> Result<Box<dyn UnitOfWork>, StoreError>;

    /// Runs a job and returns when its changes are synced to disk. The job runs to its end even when the caller has
    /// gone. Prefer [`write()`].
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when the commit failed: nothing of the job is kept. [`StoreError::Unsure`] when a server did
    /// not say: all of it is kept, or nothing.
    async fn submit(&self, job: Job) -> Result<(), StoreError>;

    /// Stores an invite that was decided on in memory, and returns when it is synced to disk. Those that wait at the
    /// same time share a commit.
    ///
    /// # Errors
    /// As [`Self::submit`].
    async fn mint(&self, mint: Mint) -> Result<Minted, StoreError>;

    /// Returns when no file of the database has what was deleted before: neither free pages nor the log.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when somebody reads for too long; what was deleted stays deleted, and is in no file any
    /// more soon after they have ended.
    async fn scrub(&self) -> Result<(), StoreError>;

    /// How many statements the units of work of this store have run since it was opened. What it is asked may cost
    /// no more when there is more to show.
    fn statements(&self) -> u64;

    /// Where it is.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when it cannot be asked.
    async fn place(&self) -> Result<Place, StoreError>;

    /// Whether a query works at present.
    async fn check(&self) -> Result<(), StoreError>;

    /// Finishes the writes that wait and closes the database.
    async fn close(&self);
}

/// Runs `job` in a transaction of its own and returns when what it did is on disk. An error undoes it.
///
/// # Errors
/// Those of the job, and [`StoreError`] when the commit fails.
pub async fn write<T, E, F>(store: &dyn Store, job: F) -> Result<T, E>
where
    T: Send + 'static,
    E: From<StoreError> + Send + 'static,
    F: for<'a> FnOnce(&'a mut dyn UnitOfWork) -> BoxFuture<'a, Result<T, E>> + Send + 'static,
{
    let slot = Arc::new(Mutex::new(None));
    let result = Arc::clone(&slot);
    store
        .submit(Box::new(move |unit| {
            Box::pin(async move {
                let outcome = job(unit).await;
                let verdict = if outcome.is_ok() { Verdict::Keep } else { Verdict::Discard };
                *result.lock().unwrap_or_else(PoisonError::into_inner) = Some(outcome);
                verdict
            })
        }))
        .await?;
    let outcome = slot.lock().unwrap_or_else(PoisonError::into_inner).take();
    outcome.unwrap_or_else(|| Err(StoreError::JobFailed.into()))
}
