//! Removes what nobody will ask for, in a folder that is ours.

use protocol::Timestamp;
use storage::Store;

use super::{Grace, Uploads, remove_stale, sweep, sweep::SweepError};

/// What became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tidied {
    /// How much was removed.
    Done {
        /// Uploads that were not completed in time.
        stale: usize,
        /// Files without a row.
        orphans: usize,
    },
    /// Nothing was removed: the folder [belongs](Uploads::belongs_to) to another database, which may know of what this one
    /// does not.
    OfAnother,
}

/// [`remove_stale`] and [`sweep`], where the folder is that of this database.
///
/// # Errors
/// When the folder or the database fails; another try goes on.
pub async fn tidy(
    uploads: &Uploads,
    store: &dyn Store,
    now: Timestamp,
    grace: Grace,
) -> Result<Tidied, SweepError> {
    if !uploads.belongs_to(&store.place().await?).await? {
        return Ok(Tidied::OfAnother);
    }
    let stale = remove_stale(uploads, store, now).await?;
    let orphans = sweep(uploads, store, grace).await?;
    Ok(Tidied::Done { stale, orphans })
}
