//! A file that comes in parts: each written where it belongs, on disk before it is acknowledged.
//!
//! It is `upl_….part` from before its row is there until all of it is. Then it gets its own name, and after that its row
//! the digest. A crash in between leaves a whole file under its own name, which completing finds as well.

use std::{
    fs::File,
    io::{self, Read as _, Seek as _, SeekFrom, Write as _},
    path::PathBuf,
    sync::Arc,
};

use aws_lc_rs::digest::{Context, SHA256};
use protocol::ids::UploadId;
use tokio::task::spawn_blocking;

use super::{Kept, Uploads, staged::Doomed, sync_folder};
use crate::hex;

/// What is read at once to be digested.
const CHUNK: usize = 128 * 1_024;

/// A file to which this caller alone writes, in whatever process.
#[derive(Debug, Clone)]
pub struct Parts {
    // Closing it gives the lock up.
    file: Arc<File>,
    path: PathBuf,
}

impl Uploads {
    /// Makes an empty file for parts. It is removed unless it is said to have its row.
    ///
    /// # Errors
    /// When the folder or the file cannot be made.
    pub async fn begin_parts(&self, id: &UploadId) -> io::Result<Kept> {
        self.make_folder().await?;
        let path = self.part_path(id);
        let mut options = tokio::fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        options.mode(0o600);
        drop(options.open(&path).await?);
        let kept = Kept(Doomed::new(path));
        sync_folder(&self.folder).await?;
        Ok(kept)
    }

    /// Opens a file for parts, as soon as no other process writes to it.
    ///
    /// # Errors
    /// When there is none, or the disk fails.
    pub async fn open_parts(&self, id: &UploadId) -> io::Result<Parts> {
        let (part, whole) = (self.part_path(id), self.path(id));
        blocking(move || {
            let open = |path: &PathBuf| File::options().read(true).write(true).open(path);
            // Only a crash has left one of the other name that is opened for writing.
            let (file, path) = match open(&part) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => (open(&whole)?, whole),
                file => (file?, part),
            };
            file.lock()?;
            Ok(Parts { file: Arc::new(file), path })
        })
        .await
    }

    /// Gives a file whose parts are all there its own name, on disk.
    ///
    /// # Errors
    /// When the disk fails, or the file was removed meanwhile.
    pub async fn name_parts(&self, id: &UploadId, parts: &Parts) -> io::Result<()> {
        let path = self.path(id);
        if parts.path != path {
            tokio::fs::rename(&parts.path, &path).await?;
        }
        sync_folder(&self.folder).await
    }
}

impl Parts {
    /// Writes bytes at their place. It returns when they are on disk.
    ///
    /// # Errors
    /// When the disk fails.
    pub async fn write(&self, at: u64, bytes: axum::body::Bytes) -> io::Result<()> {
        let file = Arc::clone(&self.file);
        blocking(move || {
            let mut file = file.as_ref();
            file.seek(SeekFrom::Start(at))?;
            file.write_all(&bytes)?;
            file.sync_data()
        })
        .await
    }

    /// How long the file is, and its SHA-256 in lowercase hex.
    ///
    /// # Errors
    /// When the disk fails.
    pub async fn digest(&self) -> io::Result<(u64, String)> {
        let file = Arc::clone(&self.file);
        blocking(move || {
            let mut file = file.as_ref();
            file.sync_all()?;
            file.seek(SeekFrom::Start(0))?;
            let (mut digest, mut length) = (Context::new(&SHA256), 0);
            let mut chunk = vec![0; CHUNK];
            loop {
                let read = file.read(&mut chunk)?;
                let Some(bytes) = chunk.get(..read).filter(|bytes| !bytes.is_empty()) else { break };
                digest.update(bytes);
                length += bytes.len() as u64;
            }
            Ok((length, hex::lower(digest.finish().as_ref())))
        })
        .await
    }
}

/// Runs what waits for the disk where it keeps nobody else waiting. It goes on to its end when the caller has gone.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> io::Result<T> {
    spawn_blocking(work).await.map_err(io::Error::other)?
}
