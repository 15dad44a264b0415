//! Files that customers send: each in a file of its own, in the folder `uploads` beside the database, readable by the
//! server's user only.
//!
//! A file is written as `upl_….part`, synced, renamed to its id and synced again in its folder before its row is
//! committed. So every row has its file. A file without a row is what a crash has left: [`sweep()`] removes it.

mod staged;
mod sweep;

use std::{
    io,
    path::{Path, PathBuf},
};

use protocol::ids::UploadId;

pub use staged::{Kept, Staged, Writing};
pub use sweep::sweep;

/// What a file is called beyond its id as long as it is written.
const PART: &str = ".part";

/// The folder.
#[derive(Debug, Clone)]
pub struct Uploads(PathBuf);

impl Uploads {
    /// Beside this database. The folder is made with the first file.
    pub fn beside(database_url: &str) -> Self {
        let path = database_url.strip_prefix("sqlite:").unwrap_or(database_url);
        let path = Path::new(path.strip_prefix("//").unwrap_or(path));
        Self(path.parent().unwrap_or(Path::new("")).join("uploads"))
    }

    /// Where the bytes of an upload lie.
    pub fn path(&self, id: &UploadId) -> PathBuf {
        self.0.join(id.as_str())
    }

    /// Begins a file.
    ///
    /// # Errors
    /// When the folder or the file cannot be made.
    pub async fn stage(&self, id: UploadId, filename: String, content_type: String) -> io::Result<Writing> {
        let mut folders = tokio::fs::DirBuilder::new();
        folders.recursive(true);
        #[cfg(unix)]
        folders.mode(0o700);
        folders.create(&self.0).await?;
        Writing::begin(self.0.clone(), id, filename, content_type).await
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
            remove(&self.path(id)).await?;
        }
        sync_folder(&self.0).await
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_is_beside_the_database() {
        let folder = |url: &str| Uploads::beside(url).0;
        assert_eq!(folder("sqlite://data/interviewrelay.db"), Path::new("data/uploads"));
        assert_eq!(folder("sqlite:///var/lib/ir/x.db"), Path::new("/var/lib/ir/uploads"));
        assert_eq!(folder("sqlite:x.db"), Path::new("uploads"));
    }
}
