//! Why a database could not be opened, in words that name the file and what to do.

use std::{fmt::Display, path::Path};

use super::{
    MIGRATIONS,
    fault::{Ailment, ailment},
};
use crate::{ConnectError, StoreError};

/// The error of a database at `path`.
pub(super) fn explain(path: &Path, error: StoreError) -> ConnectError {
    let problem = match ailment(&error) {
        None => return ConnectError::Store { path: path.to_owned(), source: error },
        Some(Ailment::NoAccess(cause)) => return no_access(path, &cause),
        Some(Ailment::InUse) => "is in use by another program, which has it for itself".to_owned(),
        Some(Ailment::NoRoom) => "has no room to grow: the disk is full".to_owned(),
        Some(Ailment::Damaged) => "is damaged; restore a backup".to_owned(),
        Some(Ailment::NoDatabase) => "is not a database: the file has something else in it".to_owned(),
        Some(Ailment::OtherSchema(version)) if MIGRATIONS.iter().all(|known| known.version < version) => {
            "was written by a newer interviewrelay; run that version or restore a backup".to_owned()
        }
        Some(Ailment::OtherSchema(version)) => format!(
            "was written by another build of interviewrelay (its migration {version} is not ours); run that one or \
             restore a backup"
        ),
    };
    ConnectError::Unusable { path: path.to_owned(), problem }
}

/// The error of a database that this user may not use. Which right is missing the system does not say.
pub(super) fn no_access(path: &Path, cause: &dyn Display) -> ConnectError {
    let user = user().map_or("this user".to_owned(), |id| format!("user {id}"));
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let problem = format!(
        "cannot be used by {user}, who must be able to read and write it and to make files in its folder, on a file \
         system that is not read-only; the file {}, the folder {}: {cause}",
        rights(path),
        rights(folder)
    );
    ConnectError::Unusable { path: path.to_owned(), problem }
}

#[cfg(unix)]
fn rights(path: &Path) -> String {
    use std::os::unix::fs::MetadataExt as _;
    match std::fs::metadata(path) {
        Ok(file) => format!("belongs to user {} (mode {:o})", file.uid(), file.mode() & 0o7777),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => "is not there".to_owned(),
        Err(_) => "cannot be looked at".to_owned(),
    }
}

#[cfg(not(unix))]
fn rights(path: &Path) -> String {
    if path.exists() { "is there".to_owned() } else { "is not there".to_owned() }
}

/// Whose process this is, where the system tells it by a file.
#[cfg(unix)]
fn user() -> Option<u32> {
    std::fs::metadata("/proc/self").ok().map(|process| std::os::unix::fs::MetadataExt::uid(&process))
}

#[cfg(not(unix))]
const fn user() -> Option<u32> {
    None
}
