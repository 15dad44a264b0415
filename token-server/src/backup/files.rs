//! Uploads, each read once, and held against its row.

use std::{
    fs::{File, OpenOptions},
    io::{self, Read as _, Seek as _, SeekFrom, Write as _},
    path::{Path, PathBuf},
};

use aws_lc_rs::digest::{Context, SHA256, digest};
use storage::CopiedUpload;

use super::{BackupError, disk, progress::Progress};
use crate::{hex, uploads::Uploads};

/// What is read at once.
const CHUNK: usize = 128 * 1_024;

/// Copies uploads into a folder.
#[derive(Debug)]
pub(super) struct Copier<'p> {
    uploads: Uploads,
    into: PathBuf,
    progress: &'p Progress,
    chunk: Vec<u8>,
    files: u64,
    bytes: u64,
}

impl<'p> Copier<'p> {
    /// Copies into `into`.
    pub(super) fn new(uploads: Uploads, into: PathBuf, progress: &'p Progress) -> Self {
        Self { uploads, into, progress, chunk: vec![0; CHUNK], files: 0, bytes: 0 }
    }

    /// How many files were copied, and how many bytes they have.
    pub(super) const fn copied(&self) -> (u64, u64) {
        (self.files, self.bytes)
    }

    /// Copies the file of an upload to the disk, and checks that it is what the row says. Whether there was one.
    pub(super) fn copy(&mut self, upload: &CopiedUpload) -> Result<bool, BackupError> {
        let failed = |source| BackupError::Upload { id: upload.id.clone(), source };
        let is_complete = upload.sha256.is_some();
        let Some(mut from) = self.uploads.open(&upload.id, is_complete).map_err(failed)? else {
            return Ok(false);
        };
        let path = self.into.join(Uploads::name(&upload.id, is_complete));
        let mut to = new_file(&path).map_err(disk(&path))?;
        let (mut whole, mut length) = (Context::new(&SHA256), 0);
        loop {
            self.progress.check()?;
            let read = from.read(&mut self.chunk).map_err(failed)?;
            let Some(bytes) = self.chunk.get(..read).filter(|bytes| !bytes.is_empty()) else { break };
            whole.update(bytes);
            length += bytes.len() as u64;
            to.write_all(bytes).map_err(disk(&path))?;
            self.progress.add_bytes(bytes.len());
        }
        let is_right = match &upload.sha256 {
            Some(sha256) => length == upload.size_bytes && hex::lower(whole.finish().as_ref()) == *sha256,
            None => has_parts(&mut to, upload).map_err(disk(&path))?,
        };
        if !is_right {
            return Err(BackupError::Damaged { id: upload.id.clone() });
        }
        to.sync_all().map_err(disk(&path))?;
        self.progress.add_file();
        self.files += 1;
        self.bytes += length;
        Ok(true)
    }
}

/// Whether each part that was acknowledged is in the file. Others may have come since, or be half written.
fn has_parts(file: &mut File, upload: &CopiedUpload) -> io::Result<bool> {
    let size = u64::from(upload.part_size_bytes.unwrap_or_default());
    for part in &upload.parts {
        let start = u64::from(part.number.saturating_sub(1)) * size;
        let length = upload.size_bytes.saturating_sub(start).min(size);
        let mut bytes = Vec::new();
        file.seek(SeekFrom::Start(start))?;
        io::Read::by_ref(file).take(length).read_to_end(&mut bytes)?;
        if hex::lower(digest(&SHA256, &bytes).as_ref()) != part.sha256 {
            return Ok(false);
        }
    }
    Ok(true)
}

fn new_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
