//! Removes what a crash has left: files that have no row.

use std::{collections::BTreeSet, io, path::PathBuf, time::Duration};

use protocol::ids::UploadId;
use storage::{Store, StoreError};

use super::{PART, Uploads, remove};

/// Files that are looked up at once.
const BATCH: usize = 500;

/// Why a sweep came to no end.
#[derive(Debug, thiserror::Error)]
pub enum SweepError {
    /// The folder cannot be read, or a file not removed.
    #[error("the folder of uploads")]
    Folder(#[from] io::Error),
    /// The rows cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A file that has no row, as it was when it was looked at.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Orphan {
    path: PathBuf,
    bytes: u64,
}

/// How long a file without a row may be on its way to one.
#[derive(Debug, Clone, Copy)]
pub struct Grace {
    /// Since it was last written to: it may wait for the other files of its request, whose line may be slow.
    pub untouched: Duration,
    /// Between two looks, by which its row may be there.
    pub between: Duration,
}

/// Removes the files without a row that nobody has written to for long, and that are the same after a while: another process
/// on the same database may be about to commit the row of one. How many.
///
/// # Errors
/// When the folder or the database fails; another sweep may go further.
pub async fn sweep(uploads: &Uploads, store: &dyn Store, grace: Grace) -> Result<usize, SweepError> {
    let before = orphans(uploads, store, grace.untouched).await?;
    if before.is_empty() {
        return Ok(0);
    }
    tokio::time::sleep(grace.between).await;
    let after = orphans(uploads, store, grace.untouched).await?;
    let mut removed = 0;
    for orphan in before.intersection(&after) {
        remove(&orphan.path).await?;
        removed += 1;
    }
    Ok(removed)
}

async fn orphans(
    uploads: &Uploads,
    store: &dyn Store,
    untouched: Duration,
) -> Result<BTreeSet<Orphan>, SweepError> {
    let mut entries = match tokio::fs::read_dir(&uploads.folder).await {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(BTreeSet::new()),
        entries => entries?,
    };
    let (mut orphans, mut named) = (BTreeSet::new(), Vec::new());
    while let Some(entry) = entries.next_entry().await? {
        let name = entry.file_name().to_string_lossy().into_owned();
        // Whatever else somebody has put here is theirs.
        let Ok(id) = UploadId::parse(name.strip_suffix(PART).unwrap_or(&name)) else { continue };
        let bytes = match entry.metadata().await {
            // A clock that was set back makes a file of the future, which is young.
            Ok(metadata) if metadata.modified()?.elapsed().unwrap_or_default() < untouched => continue,
            Ok(metadata) => metadata.len(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => return Err(error.into()),
        };
        named.push((id, Orphan { path: entry.path(), bytes }));
    }
    // The rows are read after the files: a row that comes meanwhile is seen, and its file is spared.
    for batch in named.chunks_mut(BATCH) {
        let ids: Vec<_> = batch.iter().map(|(id, _)| id.clone()).collect();
        let mut unit = store.read().await?;
        let known: BTreeSet<_> = unit.find_uploads(&ids).await?.into_iter().map(|row| row.id).collect();
        let unknown = batch.iter().filter(|(id, _)| !known.contains(id));
        orphans.extend(unknown.map(|(_, orphan)| Orphan { path: orphan.path.clone(), bytes: orphan.bytes }));
    }
    Ok(orphans)
}
