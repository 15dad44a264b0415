//! A copy of all that is kept: the database as it is at one moment, and the files that its rows name.
//!
//! It is taken beside a running server. Rows come first: a file is on disk before its row says so, so each row that was
//! copied finds its file, unless it was erased meanwhile. Then the row goes too. Everything is written below another name
//! beside the new folder, checked and synced, and renamed at the end, so that a folder of that name is whole.

mod files;
mod place;
mod progress;

use std::{
    io,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

use protocol::{Timestamp, ids::UploadId};
use serde::Serialize;
use storage::{
    ConnectError, StoreError,
    sqlite::{Snapshot, Source},
};
use tokio::task::spawn_blocking;

use crate::uploads::Uploads;
use files::Copier;
use place::Place;
use progress::{Progress, Step};

/// How often it is said how far a copy is, the first time included: what takes no longer says nothing.
const TELL_EVERY: Duration = Duration::from_secs(2);
/// How long an erasure that has taken a file may take until it takes the row.
const ERASED_WITHIN: Duration = Duration::from_secs(5);
/// How often it is looked whether it has.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// What was copied.
#[derive(Debug, Clone, Serialize)]
pub struct Backup {
    /// Where it is.
    pub folder: PathBuf,
    /// When it was begun: what was acknowledged before is in it.
    pub taken_at: Timestamp,
    /// How long the database is.
    pub database_bytes: u64,
    /// How many uploaded files there are.
    pub files: u64,
    /// How long they are together.
    pub files_bytes: u64,
    /// How many uploads were erased between the copy of the database and that of their file; they are not in either.
    pub missing: usize,
}

/// Why there is no backup. Nothing is left of what was begun.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The database is a server's, which has means of its own.
    #[error(
        "the database is a server's: copy it with its own means, such as pg_dump, and then the folder {0}, in this order, as \
         each row finds its file then, but for what is erased in between"
    )]
    OfServer(PathBuf),
    /// A backup is never written over.
    #[error("{0} is there already; name a folder that is not")]
    Exists(PathBuf),
    /// The path ends in nothing that could be made.
    #[error("{0} is no name for a new folder")]
    NoName(PathBuf),
    /// Somebody else writes to the same place, or did until they were killed.
    #[error("{0} is there: another backup is being written, or was killed; remove it if none runs")]
    Unfinished(PathBuf),
    /// A file or folder cannot be made, written or synced.
    #[error("{path} cannot be written")]
    Disk {
        /// Which one.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The database cannot be opened or copied.
    #[error("the database cannot be copied")]
    Database(#[from] ConnectError),
    /// The copy cannot be read, or is not sound.
    #[error("the copy of the database is of no use")]
    Copy(#[from] StoreError),
    /// An upload cannot be read.
    #[error("the upload {id} cannot be read")]
    Upload {
        /// Which one.
        id: UploadId,
        /// Why.
        source: io::Error,
    },
    /// The bytes of an upload are not those that were acknowledged.
    #[error(
        "the upload {id} is damaged: its bytes are not those of its row; put its file back, or erase whom it is about"
    )]
    Damaged {
        /// Which one.
        id: UploadId,
    },
    /// The file of an upload is gone, and nobody has erased it.
    #[error("the upload {id} has a row and no file; put its file back, or erase whom it is about")]
    Lost {
        /// Which one.
        id: UploadId,
    },
    /// Somebody wanted it to end.
    #[error("the backup was stopped before it was complete")]
    Stopped,
    /// It has panicked.
    #[error("the backup ended badly")]
    Failed(#[from] tokio::task::JoinError),
}

/// What is to be copied.
#[derive(Debug, Clone, Copy)]
pub struct Data<'d> {
    /// The database.
    pub url: &'d str,
    /// The folder of its uploads.
    pub uploads: &'d Path,
}

/// Copies a database and its uploads into a new folder. `tell` is told every two seconds how far it is.
///
/// # Errors
/// [`BackupError`], also when `stop` is done first; nothing is left then.
pub async fn take(
    data: Data<'_>,
    folder: &Path,
    now: Timestamp,
    stop: impl Future<Output = ()>,
    mut tell: impl FnMut(String),
) -> Result<Backup, BackupError> {
    if storage::is_postgres(data.url) {
        return Err(BackupError::OfServer(data.uploads.to_owned()));
    }
    let progress = Arc::<Progress>::default();
    let (url, uploads) = (data.url.to_owned(), data.uploads.to_owned());
    let (folder, theirs) = (folder.to_owned(), Arc::clone(&progress));
    let mut writing =
        spawn_blocking(move || write(Data { url: &url, uploads: &uploads }, &folder, now, &theirs));
    let mut stop = std::pin::pin!(stop);
    loop {
        tokio::select! {
            written = &mut writing => return written?,
            () = tokio::time::sleep(TELL_EVERY) => tell(progress.text()),
            () = &mut stop, if !progress.is_stopped() => progress.stop(),
        }
    }
}

fn write(data: Data<'_>, folder: &Path, now: Timestamp, progress: &Progress) -> Result<Backup, BackupError> {
    let source = Source::open(data.url)?;
    progress.interrupt_with(source.interrupter());
    let place = Place::make(folder)?;
    progress.begin(Step::Database(place.database()))?;
    let taken = source.copy_into(&place.database());
    // An interrupted copy says only that it was interrupted.
    progress.check()?;
    let mut snapshot = taken?;
    progress.begin(Step::Files { of: snapshot.count_uploads()? })?;
    let mut copier = Copier::new(Uploads::at(data.uploads.to_owned()), place.uploads()?, progress);
    let missing = copy_uploads(&source, &snapshot, &mut copier, progress)?;
    progress.begin(Step::Check)?;
    snapshot.forget_uploads(&missing)?;
    snapshot.finish()?;
    let (files, files_bytes) = copier.copied();
    let database_bytes = place.finish()?;
    let folder = folder.to_owned();
    Ok(Backup { folder, taken_at: now, database_bytes, files, files_bytes, missing: missing.len() })
}

/// Copies the file of each row. Gives the uploads that were erased since the rows were copied.
fn copy_uploads(
    source: &Source,
    copy: &Snapshot,
    copier: &mut Copier<'_>,
    progress: &Progress,
) -> Result<Vec<UploadId>, BackupError> {
    let (mut missing, mut last) = (Vec::new(), None);
    loop {
        let page = copy.uploads_after(last.as_ref())?;
        for upload in &page {
            if copier.copy(upload)? {
                continue;
            }
            if is_lost(source, &upload.id, progress)? {
                return Err(BackupError::Lost { id: upload.id.clone() });
            }
            tracing::info!(upload.id = %upload.id, "upload {} was erased meanwhile and is left out", upload.id);
            missing.push(upload.id.clone());
        }
        match page.into_iter().next_back() {
            Some(end) => last = Some(end.id),
            None => return Ok(missing),
        }
    }
}

/// Whether a file that is not there was lost. An erasure takes the files, all that there are of somebody, and then their rows.
fn is_lost(source: &Source, id: &UploadId, progress: &Progress) -> Result<bool, BackupError> {
    let until = Instant::now() + ERASED_WITHIN;
    while source.has_upload(id)? {
        if Instant::now() >= until {
            return Ok(true);
        }
        std::thread::sleep(LOOK_EVERY);
        progress.check()?;
    }
    Ok(false)
}

/// The same error, with the file that it is about.
fn disk(path: &Path) -> impl FnOnce(io::Error) -> BackupError {
    let path = path.to_owned();
    move |source| BackupError::Disk { path, source }
}

#[cfg(test)]
mod tests {
    use domain::{
        invite::Participant,
        organization::{Organization, Plan},
        upload::StoredUpload,
    };
    use protocol::{
        Environment,
        ids::{OrganizationId, ParticipantId, PrefixedId as _},
    };

    use super::*;

    const ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    fn person() -> Participant {
        Participant {
            id: ParticipantId::from_suffix("1"),
            environment: Environment::Live,
            organization_id: OrganizationId::from_suffix("1"),
            email: None,
            name: None,
            external_id: Some("1".to_owned()),
            created_at: Timestamp::from_millis(0),
        }
    }

    fn upload(name: &str, about: Option<ParticipantId>) -> StoredUpload {
        StoredUpload {
            id: UploadId::from_suffix(name),
            environment: Environment::Live,
            organization_id: OrganizationId::from_suffix("1"),
            participant_id: about,
            filename: "a.txt".to_owned(),
            content_type: "text/plain".to_owned(),
            size_bytes: 3,
            sha256: Some(ABC.to_owned()),
            created_at: Timestamp::from_millis(0),
            sent_in: None,
        }
    }

    /// A database with two uploads of `abc`, in this folder. The second is about somebody.
    async fn database(folder: &Path) -> (String, [UploadId; 2]) {
        let url = format!("sqlite://{}", folder.join("test.db").display());
        let store = storage::connect(&url).await.unwrap();
        let uploads = [upload(&"1".repeat(26), None), upload(&"2".repeat(26), Some(person().id))];
        let ids = uploads.each_ref().map(|upload| upload.id.clone());
        storage::write::<_, StoreError, _>(store.as_ref(), move |unit| {
            Box::pin(async move {
                let organization = Organization {
                    id: uploads[0].organization_id.clone(),
                    name: "Acme".to_owned(),
                    plan: Plan::Free,
                    created_at: Timestamp::from_millis(0),
                };
                unit.add_organization(&organization).await?;
                unit.merge_participant(&person()).await?;
                for upload in &uploads {
                    unit.add_upload(upload).await?;
                }
                Ok(())
            })
        })
        .await
        .unwrap();
        store.close().await;
        std::fs::create_dir(folder.join("uploads")).unwrap();
        for id in &ids {
            std::fs::write(folder.join("uploads").join(id.as_str()), "abc").unwrap();
        }
        (url, ids)
    }

    /// Erases the person from the database, which takes the row of the second upload.
    async fn erase_row(url: &str) {
        let store = storage::connect(url).await.unwrap();
        storage::write::<_, StoreError, _>(store.as_ref(), |unit| {
            Box::pin(async move {
                let now = Timestamp::from_millis(1);
                unit.erase_participant(Environment::Live, &person().id, now).await
            })
        })
        .await
        .unwrap();
        store.close().await;
    }

    #[tokio::test]
    async fn an_upload_that_is_erased_while_its_row_is_copied_is_left_out_and_counted() {
        let folder = tempfile::tempdir().unwrap();
        let (url, [kept, erased]) = database(folder.path()).await;
        let (source, progress) = (Source::open(&url).unwrap(), Progress::default());
        let place = Place::make(&folder.path().join("copy")).unwrap();
        let mut copy = source.copy_into(&place.database()).unwrap();
        // What an erasure does: the file first, then the row, which takes a while.
        std::fs::remove_file(folder.path().join("uploads").join(erased.as_str())).unwrap();
        let erasure = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(erase_row(&url));
        });

        let mut copier =
            Copier::new(Uploads::at(folder.path().join("uploads")), place.uploads().unwrap(), &progress);
        let missing = copy_uploads(&source, &copy, &mut copier, &progress).unwrap();
        erasure.join().unwrap();
        assert_eq!((missing.as_slice(), copier.copied()), ([erased].as_slice(), (1, 3)));
        copy.forget_uploads(&missing).unwrap();
        let left: Vec<_> = copy.uploads_after(None).unwrap().into_iter().map(|upload| upload.id).collect();
        assert_eq!(left, [kept]);
        copy.finish().unwrap();
    }

    #[tokio::test]
    async fn an_upload_that_is_gone_although_nobody_has_erased_it_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let (url, [lost, _]) = database(folder.path()).await;
        std::fs::remove_file(folder.path().join("uploads").join(lost.as_str())).unwrap();
        let copy = folder.path().join("copy");
        let never = std::future::pending::<()>();
        let data = Data { url: &url, uploads: &folder.path().join("uploads") };
        let error = take(data, &copy, Timestamp::from_millis(0), never, |_| {}).await.unwrap_err();
        assert!(matches!(&error, BackupError::Lost { id } if *id == lost), "{error:?}");
        assert!(!copy.exists() && !folder.path().join("copy.partial").exists());
    }
}
