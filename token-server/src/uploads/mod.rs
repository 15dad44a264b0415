//! Files that customers and participants send: each in a file of its own, in a folder that is readable by the server's user
//! only.
//!
//! A file is written as `upl_….part`, synced, renamed to its id and synced again in its folder before its row is
//! committed, or says that it is complete. So every row has its file. A file without a row is what a crash has left:
//! [`sweep()`] removes it.

mod disk;
mod owner;
mod parts;
mod staged;
mod stale;
mod sweep;
mod tidy;

use std::{
    hash::{BuildHasher as _, BuildHasherDefault, DefaultHasher},
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use protocol::ids::UploadId;
use tokio::sync::{Mutex, MutexGuard};

pub use disk::disk;
pub use owner::OWNER;
pub use parts::Parts;
pub use staged::{Kept, Staged, Writing};
pub use stale::remove_stale;
pub use sweep::{Grace, sweep};
pub use tidy::{Tidied, tidy};

/// What a file is called beyond its id as long as it is written.
const PART: &str = ".part";

/// How many uploads at most are written to at once.
const TURNS: usize = 64;

/// The folder `uploads` beside a database that is a file.
pub fn folder_beside(database_url: &str) -> PathBuf {
    let path = database_url.strip_prefix("sqlite:").unwrap_or(database_url);
    let path = Path::new(path.strip_prefix("//").unwrap_or(path));
    path.parent().unwrap_or(Path::new("")).join("uploads")
}

/// The folder.
#[derive(Debug, Clone)]
pub struct Uploads {
    folder: PathBuf,
    turns: Arc<[Mutex<()>; TURNS]>,
}

impl Uploads {
    /// In this folder, which is made with the first file.
    pub fn at(folder: PathBuf) -> Self {
        Self { folder, turns: Arc::new(std::array::from_fn(|_| Mutex::new(()))) }
    }

    /// The right to write to an upload, one caller at a time. A few uploads share one.
    pub async fn turn(&self, id: &UploadId) -> MutexGuard<'_, ()> {
        let hash = BuildHasherDefault::<DefaultHasher>::default().hash_one(id);
        let place = usize::try_from(hash % TURNS as u64).unwrap_or(0);
        self.turns[place].lock().await
    }

    /// Where the bytes of an upload lie.
    pub fn path(&self, id: &UploadId) -> PathBuf {
        self.folder.join(id.as_str())
    }

    /// Where they lie until all of them are there.
    fn part_path(&self, id: &UploadId) -> PathBuf {
        self.folder.join(Self::name(id, false))
    }

    /// What the file of an upload is called: as long as it is not complete, it says so.
    pub fn name(id: &UploadId, is_complete: bool) -> String {
        if is_complete { id.to_string() } else { format!("{id}{PART}") }
    }

    /// Opens the file of an upload to read it, whatever it is called by now: one that was not complete may have become so.
    /// None when it is gone. It blocks.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn open(&self, id: &UploadId, is_complete: bool) -> io::Result<Option<std::fs::File>> {
        let names = [Some(self.part_path(id)).filter(|_| !is_complete), Some(self.path(id))];
        for path in names.into_iter().flatten() {
            match std::fs::File::open(path) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                file => return file.map(Some),
            }
        }
        Ok(None)
    }

    async fn make_folder(&self) -> io::Result<()> {
        let mut folders = tokio::fs::DirBuilder::new();
        folders.recursive(true);
        #[cfg(unix)]
        folders.mode(0o700);
        folders.create(&self.folder).await
    }

    /// Begins a file.
    ///
    /// # Errors
    /// When the folder or the file cannot be made.
    pub async fn stage(&self, id: UploadId, filename: String, content_type: String) -> io::Result<Writing> {
        self.make_folder().await?;
        Writing::begin(self.folder.clone(), id, filename, content_type).await
    }

    /// Removes files, if they are there, for good.
    ///
    /// # Errors
    /// When one cannot be removed.
    pub async fn remove(&self, ids: &[UploadId]) -> io::Result<()> {
        if ids.is_empty() {
            return Ok(());
        }
        for id in ids {
            // In this order none escapes that gets its own name meanwhile.
            remove(&self.part_path(id)).await?;
            remove(&self.path(id)).await?;
        }
        match sync_folder(&self.folder).await {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            synced => synced,
        }
    }
}

async fn remove(path: &Path) -> io::Result<()> {
    match tokio::fs::remove_file(path).await {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Makes the names in a folder last.
async fn sync_folder(folder: &Path) -> io::Result<()> {
    tokio::fs::File::open(folder).await?.sync_all().await
}
