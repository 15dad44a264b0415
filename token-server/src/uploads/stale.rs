//! Removes what participants have begun to send and nobody will ask for.

use domain::upload::OPEN_FOR_S;
use protocol::{Timestamp, ids::UploadId};
use storage::{Store, StoreError};

use super::{Uploads, sweep::SweepError};

/// Rows that are removed in one transaction.
const BATCH: u32 = 500;

/// Removes uploads that no answer holds or will hold at `now`: rows first, so that no row is without its file. How many.
///
/// # Errors
/// When the folder or the database fails. Another try goes on, and a file that has no row any more is swept.
pub async fn remove_stale(uploads: &Uploads, store: &dyn Store, now: Timestamp) -> Result<usize, SweepError> {
    let mut removed = 0;
    loop {
        let ids: Vec<UploadId> = storage::write::<_, StoreError, _>(store, move |unit| {
            Box::pin(async move { unit.remove_stale_uploads(now.plus_secs(-OPEN_FOR_S), now, BATCH).await })
        })
        .await?;
        if ids.is_empty() {
            return Ok(removed);
        }
        uploads.remove(&ids).await?;
        removed += ids.len();
    }
}
