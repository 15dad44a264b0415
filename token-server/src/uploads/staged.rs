//! A file on its way: written, staged, kept.

use std::{
    io,
    path::{Path, PathBuf},
};

use aws_lc_rs::digest::{Context, SHA256};
use protocol::ids::UploadId;
use tokio::{fs::File, io::AsyncWriteExt as _};

use super::{PART, sync_folder};
use crate::hex;

/// A file that is removed when it is dropped.
#[derive(Debug)]
pub(super) struct Doomed(Option<PathBuf>);

impl Doomed {
    pub(super) const fn new(path: PathBuf) -> Self {
        Self(Some(path))
    }
}

impl Drop for Doomed {
    fn drop(&mut self) {
        // What cannot be removed now, a sweep removes.
        if let Some(path) = self.0.take() {
            drop(std::fs::remove_file(path));
        }
    }
}

/// A file that is being written. Dropping it removes it.
#[derive(Debug)]
pub struct Writing {
    staged: Staged,
    file: File,
    digest: Digest,
}

/// A digest in the making, which has nothing to show.
struct Digest(Context);

impl std::fmt::Debug for Digest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Digest").finish_non_exhaustive()
    }
}

/// A file that was written and is on disk. Dropping it removes it.
#[derive(Debug)]
pub struct Staged {
    /// Its id.
    pub id: UploadId,
    /// What the sender calls it.
    pub filename: String,
    /// What the sender says that it is.
    pub content_type: String,
    /// How long it is.
    pub size_bytes: u64,
    /// SHA-256 in lowercase hex.
    pub sha256: String,
    folder: PathBuf,
    part: Doomed,
}

impl Writing {
    pub(super) async fn begin(
        folder: PathBuf,
        id: UploadId,
        filename: String,
        content_type: String,
    ) -> io::Result<Self> {
        let path = folder.join(format!("{id}{PART}"));
        let mut options = tokio::fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        options.mode(0o600);
        let file = options.open(&path).await?;
        let part = Doomed(Some(path));
        let staged =
            Staged { id, filename, content_type, size_bytes: 0, sha256: String::new(), folder, part };
        Ok(Self { staged, file, digest: Digest(Context::new(&SHA256)) })
    }

    /// Adds to its end.
    ///
    /// # Errors
    /// When the disk fails.
    pub async fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.digest.0.update(bytes);
        self.staged.size_bytes += bytes.len() as u64;
        self.file.write_all(bytes).await
    }

    /// The whole file, on disk.
    ///
    /// # Errors
    /// When the disk fails.
    pub async fn finish(mut self) -> io::Result<Staged> {
        self.file.flush().await?;
        self.file.sync_all().await?;
        let digest = self.digest.0.finish();
        self.staged.sha256 = hex::lower(digest.as_ref());
        Ok(self.staged)
    }
}

impl Staged {
    /// Gives the file its own name, on disk.
    ///
    /// # Errors
    /// When the disk fails.
    pub async fn keep(mut self) -> io::Result<Kept> {
        let path = self.folder.join(self.id.as_str());
        if let Some(part) = self.part.0.as_deref() {
            tokio::fs::rename(part, &path).await?;
        }
        self.part.0 = None;
        let kept = Kept(Doomed(Some(path)));
        sync_folder(&self.folder).await?;
        Ok(kept)
    }
}

/// A file under its own name. Dropping it removes it, unless it was said to have its row.
#[derive(Debug)]
pub struct Kept(pub(super) Doomed);

impl Kept {
    /// Where it is.
    pub fn path(&self) -> Option<&Path> {
        self.0.0.as_deref()
    }

    /// Its row was committed.
    pub fn has_row(mut self) {
        self.0.0 = None;
    }
}
