//! Files that customers send, and what they get of those of participants.

use domain::upload::StoredUpload;
use protocol::{
    ErrorCode,
    ids::{OrganizationId, ParticipantId, SessionId, UploadId},
};
use storage::UnitOfWork;

use crate::{
    error::ApiError,
    operations::{by::By, erasure, sessions, to_the_end},
    state::AppState,
    uploads::Staged,
};

/// Stores a file, perhaps about a participant. It goes on to its end when the caller has gone, so that no row is ever
/// without its file.
///
/// # Errors
/// 422 for a name that is not allowed, 404 and 403 for the participant, 409 when they were erased.
pub async fn store(
    state: &AppState,
    by: &By,
    file: Staged,
    about: Option<ParticipantId>,
) -> Result<StoredUpload, ApiError> {
    let upload = StoredUpload {
        id: file.id.clone(),
        environment: by.environment(),
        organization_id: by.organization_id().clone(),
        participant_id: about,
        filename: file.filename.clone(),
        content_type: file.content_type.clone(),
        size_bytes: file.size_bytes,
        sha256: Some(file.sha256.clone()),
        created_at: state.now(),
        sent_in: None,
    };
    ApiError::check(upload.faults())?;
    to_the_end(add(state.clone(), by.clone(), file, upload)).await
}

async fn add(state: AppState, by: By, file: Staged, upload: StoredUpload) -> Result<StoredUpload, ApiError> {
    let kept = file.keep().await.map_err(|error| ApiError::internal(&error))?;
    let (app, id) = (state.clone(), upload.id.clone());
    let added = by.change(state.store(), move |unit| {
        Box::pin(async move {
            if let Some(about) = &upload.participant_id {
                let found = erasure::find(unit, &app, &upload.organization_id, about).await?;
                if found.erased_at.is_some() {
                    let message = "They were erased, and nothing more is kept about them.";
                    return Err(ApiError::with_message(ErrorCode::Conflict, message));
                }
            }
            unit.add_upload(&upload).await?;
            Ok(upload)
        })
    });
    let stored = added.await;
    if stored.is_ok() || may_have_row(&state, &id).await {
        kept.has_row();
    }
    stored
}

/// Whether an upload may have its row although the write of it failed: a database may go in the middle of saying so. Where nobody
/// knows, the file stays: one that has no row is swept away after the next start, and a row without its file is of no use.
///
/// It looks when it has the turn to write: a commit of which nobody knows has ended by then, one way or the other.
pub async fn may_have_row(state: &AppState, id: &UploadId) -> bool {
    let id = id.clone();
    let found = storage::write(state.store(), move |unit| {
        Box::pin(async move { unit.find_uploads(std::slice::from_ref(&id)).await })
    });
    found.await.map_or(true, |found| !found.is_empty())
}

/// A file of this organization that is stored as a whole, by its id alone.
///
/// # Errors
/// 404 and 403.
pub async fn find_any(
    unit: &mut dyn UnitOfWork,
    state: &AppState,
    owner: &OrganizationId,
    id: &UploadId,
) -> Result<StoredUpload, ApiError> {
    let found = unit.find_uploads(std::slice::from_ref(id)).await?.pop();
    let is_here = |upload: &StoredUpload| upload.environment == state.environment && upload.sha256.is_some();
    let upload = found.filter(is_here).ok_or_else(ApiError::not_found)?;
    if &upload.organization_id == owner { Ok(upload) } else { Err(ApiError::forbidden()) }
}

/// Deletes a file that a customer has sent. What a participant has sent belongs to an answer, and goes with it.
///
/// # Errors
/// 404 and 403, 409 for a participant's file, and 503 when the file itself is still there: a sweep is going to remove it.
pub async fn delete(state: &AppState, by: &By, id: UploadId) -> Result<StoredUpload, ApiError> {
    let (app, owner) = (state.clone(), by.organization_id().clone());
    let changed = by.change(state.store(), move |unit| {
        Box::pin(async move {
            let upload = find_any(unit, &app, &owner, &id).await?;
            if unit.remove_upload_of_customer(&id).await? {
                return Ok(upload);
            }
            let message = "A participant has sent this file. It goes with their session, or with them.";
            Err(ApiError::with_message(ErrorCode::Conflict, message))
        })
    });
    let deleted = changed.await?;
    remove_files(state, vec![deleted.id.clone()]).await?;
    Ok(deleted)
}

/// A file that a participant has sent in a session of this organization, once it is complete.
///
/// # Errors
/// 404 and 403.
pub async fn find(
    unit: &mut dyn UnitOfWork,
    state: &AppState,
    owner: &OrganizationId,
    session: &SessionId,
    id: &UploadId,
) -> Result<StoredUpload, ApiError> {
    let session = sessions::find(unit, state, owner, session).await?;
    let found = unit.find_uploads(std::slice::from_ref(id)).await?.pop();
    found
        .filter(|upload| upload.is_of(&session.id) && upload.sha256.is_some())
        .ok_or_else(ApiError::not_found)
}

/// Removes the files of rows that are gone. It goes on to its end when the caller has gone.
///
/// # Errors
/// 503 when a file is still there: a sweep is going to remove it.
pub async fn remove_files(state: &AppState, ids: Vec<UploadId>) -> Result<(), ApiError> {
    let uploads = state.uploads.clone();
    let removed = tokio::spawn(async move { uploads.remove(&ids).await }).await;
    match removed {
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) => Err(unavailable(&error)),
        Err(error) => Err(unavailable(&error)),
    }
}

fn unavailable(error: &dyn std::fmt::Display) -> ApiError {
    tracing::error!(%error, "a file could not be removed; the next sweep tries again");
    ApiError::new(ErrorCode::Unavailable)
}
