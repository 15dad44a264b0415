//! The folder of a backup, which has another name until it is whole.

use std::{
    fs::{DirBuilder, File},
    io,
    path::{Path, PathBuf},
};

use super::{BackupError, disk};

/// What the database is called in a backup, as it is by default where a server runs.
const DATABASE: &str = "interviewrelay.db";
/// The folder of the uploads beside it.
const UPLOADS: &str = "uploads";

/// A folder that is being filled. It is removed with all that is in it, unless it was finished.
#[derive(Debug)]
pub(super) struct Place {
    folder: PathBuf,
    partial: PathBuf,
    is_finished: bool,
}

impl Place {
    /// Makes the folder below its other name. The folder above it must be there: a backup that goes to a disk which is not
    /// mounted must not fill the one below.
    pub(super) fn make(folder: &Path) -> Result<Self, BackupError> {
        // Also a link that leads nowhere is something.
        if folder.symlink_metadata().is_ok() {
            return Err(BackupError::Exists(folder.to_owned()));
        }
        let name = folder.file_name().ok_or_else(|| BackupError::NoName(folder.to_owned()))?;
        let mut partial_name = name.to_owned();
        partial_name.push(".partial");
        let partial = folder.with_file_name(partial_name);
        match new_folder(&partial) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                Err(BackupError::Unfinished(partial))
            }
            made => {
                made.map_err(disk(&partial))?;
                Ok(Self { folder: folder.to_owned(), partial, is_finished: false })
            }
        }
    }

    /// Where the database goes.
    pub(super) fn database(&self) -> PathBuf {
        self.partial.join(DATABASE)
    }

    /// Makes the folder for the uploads.
    pub(super) fn uploads(&self) -> Result<PathBuf, BackupError> {
        let folder = self.partial.join(UPLOADS);
        new_folder(&folder).map_err(disk(&folder))?;
        Ok(folder)
    }

    /// Syncs the database and all names, and gives the folder its own. How long the database is.
    pub(super) fn finish(mut self) -> Result<u64, BackupError> {
        let database = self.database();
        let bytes = sync(&database).map_err(disk(&database))?;
        for folder in [&self.partial.join(UPLOADS), &self.partial] {
            sync(folder).map_err(disk(folder))?;
        }
        std::fs::rename(&self.partial, &self.folder).map_err(disk(&self.folder))?;
        self.is_finished = true;
        let above = self.folder.parent().filter(|above| !above.as_os_str().is_empty());
        let above = above.unwrap_or(Path::new("."));
        sync(above).map_err(disk(above))?;
        Ok(bytes)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if !self.is_finished
            && let Err(error) = std::fs::remove_dir_all(&self.partial)
        {
            tracing::warn!(%error, "{} could not be removed", self.partial.display());
        }
    }
}

/// For this user alone: the database holds the keys that sign, and what people have said.
fn new_folder(path: &Path) -> io::Result<()> {
    let mut folder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut folder, 0o700);
    folder.create(path)
}

/// Makes a file, or the names in a folder, last. How long it is.
fn sync(path: &Path) -> io::Result<u64> {
    let file = File::open(path)?;
    file.sync_all()?;
    Ok(file.metadata()?.len())
}
