//! The database's file: where it is, and that nobody else can read it.

use std::{
    fs::{DirBuilder, OpenOptions},
    io::{self, ErrorKind},
    path::{Path, PathBuf},
};

use super::opening;
use crate::ConnectError;

/// The path in `sqlite://<path>`; `sqlite:<path>` is the same.
pub(crate) fn path_of(url: &str) -> Result<PathBuf, ConnectError> {
    let rest = url.strip_prefix("sqlite:").ok_or(ConnectError::InvalidPath)?;
    let path = rest.strip_prefix("//").unwrap_or(rest);
    if path.starts_with(":memory:") || path.contains("mode=memory") {
        return Err(ConnectError::InMemory);
    }
    if path.is_empty() || path.contains('?') {
        Err(ConnectError::InvalidPath)
    } else {
        Ok(PathBuf::from(path))
    }
}

/// Makes the file, and the folders above it, unless they are there. What is there already keeps its mode.
pub(super) fn create(path: &Path) -> Result<(), ConnectError> {
    let failed = |made: &Path, source: io::Error| match source.kind() {
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => opening::no_access(path, &source),
        _ => ConnectError::File { path: made.to_owned(), source },
    };
    let unusable = |problem| Err(ConnectError::Unusable { path: path.to_owned(), problem });
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        if folder.is_file() {
            return unusable(format!("cannot be there: {} is a file and not a folder", folder.display()));
        }
        folders().create(folder).map_err(|error| failed(folder, error))?;
    }
    if path.is_dir() {
        return unusable("is a folder and not a file".to_owned());
    }
    // A file that exists is never opened here: closing it would drop the locks that SQLite holds in this process.
    match files().open(path) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        result => result.map(drop).map_err(|error| failed(path, error)),
    }
}

fn folders() -> DirBuilder {
    let mut folders = DirBuilder::new();
    folders.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut folders, 0o700);
    folders
}

/// New files, for this user alone. `SQLite` gives its `-wal` and `-shm` files the mode of the database.
pub(super) fn files() -> OpenOptions {
    let mut files = OpenOptions::new();
    files.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut files, 0o600);
    files
}
