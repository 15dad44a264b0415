//! How far a backup is, and whether somebody wants it to end.

use std::{
    path::PathBuf,
    sync::{
        Mutex, OnceLock, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

use storage::sqlite::Interrupter;

use super::BackupError;

/// What is being done.
#[derive(Debug, Default)]
pub(super) enum Step {
    /// Nothing yet.
    #[default]
    Opening,
    /// The database is copied into this file.
    Database(PathBuf),
    /// So many files are copied.
    Files {
        /// How many there are.
        of: u64,
    },
    /// The copy is looked through.
    Check,
}

/// Written by the thread that copies, read by the one that tells.
#[derive(Debug, Default)]
pub(super) struct Progress {
    step: Mutex<Step>,
    files: AtomicU64,
    bytes: AtomicU64,
    is_stopped: AtomicBool,
    interrupter: OnceLock<Interrupter>,
}

impl Progress {
    /// The next step begins.
    pub(super) fn begin(&self, step: Step) -> Result<(), BackupError> {
        *self.step.lock().unwrap_or_else(PoisonError::into_inner) = step;
        self.check()
    }

    pub(super) fn add_file(&self) {
        self.files.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn add_bytes(&self, bytes: usize) {
        self.bytes.fetch_add(bytes as u64, Ordering::Relaxed);
    }

    /// What [`Self::stop`] ends the copy of the database with.
    pub(super) fn interrupt_with(&self, interrupter: Interrupter) {
        self.interrupter.get_or_init(|| interrupter);
    }

    /// Ends the copy: the database's at once, that of files at the next look.
    pub(super) fn stop(&self) {
        self.is_stopped.store(true, Ordering::Release);
        if let Some(interrupter) = self.interrupter.get() {
            interrupter.interrupt();
        }
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.is_stopped.load(Ordering::Acquire)
    }

    /// Goes on, unless it is to end.
    pub(super) fn check(&self) -> Result<(), BackupError> {
        if self.is_stopped() { Err(BackupError::Stopped) } else { Ok(()) }
    }

    /// In words.
    pub(super) fn text(&self) -> String {
        match &*self.step.lock().unwrap_or_else(PoisonError::into_inner) {
            Step::Opening => "opening the database".to_owned(),
            Step::Database(file) => {
                let bytes = file.metadata().map_or(0, |file| file.len());
                format!("copying the database, {} until now", mebibytes(bytes))
            }
            Step::Files { of } => {
                let (files, bytes) = (self.files.load(Ordering::Relaxed), self.bytes.load(Ordering::Relaxed));
                format!("copying files, {files} of {of}, {} until now", mebibytes(bytes))
            }
            Step::Check => "checking the copy of the database".to_owned(),
        }
    }
}

fn mebibytes(bytes: u64) -> String {
    format!("{} MiB", bytes.div_ceil(1_024 * 1_024))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_said_how_far_each_step_is() {
        let progress = Progress::default();
        assert_eq!(progress.text(), "opening the database");
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("copy.db");
        progress.begin(Step::Database(file.clone())).unwrap();
        assert_eq!(progress.text(), "copying the database, 0 MiB until now");
        std::fs::write(&file, vec![0; 1_024 * 1_024 + 1]).unwrap();
        assert_eq!(progress.text(), "copying the database, 2 MiB until now");
        progress.begin(Step::Files { of: 3 }).unwrap();
        progress.add_bytes(5);
        progress.add_file();
        assert_eq!(progress.text(), "copying files, 1 of 3, 1 MiB until now");
        progress.begin(Step::Check).unwrap();
        assert_eq!(progress.text(), "checking the copy of the database");
    }

    #[test]
    fn no_step_begins_after_it_was_stopped() {
        let progress = Progress::default();
        progress.stop();
        assert!(matches!(progress.begin(Step::Check), Err(BackupError::Stopped)));
    }
}
