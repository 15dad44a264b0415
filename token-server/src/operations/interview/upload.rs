//! Files and recordings of participants: begun, sent in parts, completed, and held by an answer.

use std::io;

use aws_lc_rs::digest::{SHA256, digest};
use axum::body::Bytes;
use domain::{
    fault::Fault,
    session::{StoredAnswer, StoredSession},
    upload::{StoredPart, StoredUpload, faults, form_faults, quota_faults},
};
use protocol::{
    ErrorCode,
    ids::UploadId,
    question::QuestionKind,
    upload::{BeginUpload, CompleteUpload, UploadReceipt},
};
use serde_json::Value;
use storage::UnitOfWork;

use super::{Loaded, answer::refused, load, settle};
use crate::{
    auth::participant::Participant,
    error::ApiError,
    hex,
    operations::{to_the_end, uploads},
    state::AppState,
    uploads::{Parts, disk},
};

/// Begins an upload to the question that is open, or finds the one that the client calls the same. Whether it is new.
///
/// # Errors
/// 404 for a question that is not open or takes no uploads, 409 and 410 as for its answer, 422 for what it does not
/// take or one too many, 503 when the disk is full; and those of [`load::by_token`].
pub async fn begin(
    state: &AppState,
    participant: Participant,
    body: BeginUpload,
) -> Result<(UploadReceipt, bool), ApiError> {
    ApiError::check(form_faults(&body))?;
    let now = state.now();
    let mut unit = state.store().read().await?;
    let loaded = load::by_token(unit.as_mut(), state, &participant, now).await?;
    if let Some(known) = known(unit.as_mut(), &loaded.session, &body).await? {
        return Ok((known, false));
    }
    check(unit.as_mut(), &loaded, &body).await?;
    drop(unit);
    // It goes on to its end when the caller has gone: the row would be there without its file.
    to_the_end(add(state.clone(), participant, body)).await
}

async fn add(
    state: AppState,
    participant: Participant,
    body: BeginUpload,
) -> Result<(UploadReceipt, bool), ApiError> {
    let (id, now) = (state.new_id::<UploadId>(), state.now());
    let file = state.uploads.begin_parts(&id).await.map_err(|error| disk(&error))?;
    let (app, new) = (state.clone(), id.clone());
    let begun = storage::write(state.store(), move |unit| {
        Box::pin(async move {
            let mut loaded = load::by_token(unit, &app, &participant, now).await?;
            if let Some(known) = known(unit, &loaded.session, &body).await? {
                return Ok((known, false));
            }
            check(unit, &loaded, &body).await?;
            let upload = StoredUpload::begin(id, &loaded.session, body, now);
            unit.add_upload(&upload).await?;
            settle(unit, &app, &mut loaded, now).await?;
            Ok::<_, ApiError>((receipt(&upload, &loaded.session, &[])?, true))
        })
    })
    .await;
    let has_row = match &begun {
        Ok((_, is_new)) => *is_new,
        Err(_) => uploads::may_have_row(&state, &new).await,
    };
    if has_row {
        file.has_row();
    }
    begun
}

/// The upload of this session that the client calls so, if it has begun it before.
async fn known(
    unit: &mut dyn UnitOfWork,
    session: &StoredSession,
    body: &BeginUpload,
) -> Result<Option<UploadReceipt>, ApiError> {
    let uploads = unit.list_uploads_of(&session.id).await?;
    let is_it =
        |one: &StoredUpload| one.sent_in.as_ref().is_some_and(|sent| sent.client_id == body.client_id);
    let Some(upload) = uploads.into_iter().find(is_it) else { return Ok(None) };
    let is_for = upload.sent_in.as_ref().map(|sent| sent.question_id.as_str());
    if is_for != Some(body.question_id.as_str()) || upload.size_bytes != body.size_bytes {
        let message = "This client_id was used for another upload. Choose a new one for each file.";
        return Err(ApiError::with_message(ErrorCode::IdempotencyMismatch, message));
    }
    let parts = unit.list_upload_parts(&upload.id).await?;
    receipt(&upload, session, &parts).map(Some)
}

async fn check(unit: &mut dyn UnitOfWork, loaded: &Loaded, body: &BeginUpload) -> Result<(), ApiError> {
    let question = loaded.interview().check_upload(&body.question_id).map_err(refused)?;
    ApiError::check(faults(body, &question.validate))?;
    ApiError::check(quota_faults(&unit.list_uploads_of(&loaded.session.id).await?, body.size_bytes))
}

/// An upload of this participant's session.
struct Found {
    session: StoredSession,
    upload: StoredUpload,
    parts: Vec<StoredPart>,
}

impl Found {
    fn receipt(&self) -> Result<UploadReceipt, ApiError> {
        receipt(&self.upload, &self.session, &self.parts)
    }
}

/// What another session has sent is as if it were not there.
async fn find(unit: &mut dyn UnitOfWork, session: StoredSession, id: &UploadId) -> Result<Found, ApiError> {
    let upload = unit.find_uploads(std::slice::from_ref(id)).await?.pop();
    let upload = upload.filter(|upload| upload.is_of(&session.id)).ok_or_else(ApiError::not_found)?;
    let parts = unit.list_upload_parts(id).await?;
    Ok(Found { session, upload, parts })
}

async fn read(state: &AppState, participant: &Participant, id: &UploadId) -> Result<Found, ApiError> {
    let mut unit = state.store().read().await?;
    let loaded = load::by_token(unit.as_mut(), state, participant, state.now()).await?;
    find(unit.as_mut(), loaded.session, id).await
}

/// How far an upload has come.
///
/// # Errors
/// 404 for one that is not there or another session's; and those of [`load::by_token`].
pub async fn get(
    state: &AppState,
    participant: Participant,
    id: UploadId,
) -> Result<UploadReceipt, ApiError> {
    read(state, &participant, &id).await?.receipt()
}

/// Stores a part. It returns when the part is on disk. The same part again changes nothing.
///
/// # Errors
/// 404 for an upload or a part that is not there, 409 for a part that has come with other bytes, 422 for bytes that are
/// not what the digest says or too many or too few, 503 when the disk is full; and those of [`load::by_token`].
pub async fn put_part(
    state: &AppState,
    participant: Participant,
    id: UploadId,
    number: u32,
    (declared, bytes): (Vec<u8>, Bytes),
) -> Result<UploadReceipt, ApiError> {
    let _turn = state.uploads.turn(&id).await;
    let found = read(state, &participant, &id).await?;
    let place = found.upload.part(number).ok_or_else(|| no_part(found.upload.parts()))?;
    let length = place.end - place.start;
    if bytes.len() as u64 != length {
        let message = format!("Part {number} has {length} bytes, not {}.", bytes.len());
        return Err(ApiError::invalid(vec![Fault::new("", "wrong_length", message)]));
    }
    let computed = digest(&SHA256, &bytes);
    if computed.as_ref() != declared {
        let message = "The bytes are not what Content-Digest says. Send the part again.";
        return Err(ApiError::invalid(vec![Fault::new("", "digest_mismatch", message)]));
    }
    let part = StoredPart { number, sha256: hex::lower(computed.as_ref()) };
    if let Some(known) = found.parts.iter().find(|known| known.number == number) {
        return if *known == part { found.receipt() } else { Err(other_bytes()) };
    }
    let parts = open(state, &id).await?;
    parts.write(place.start, bytes).await.map_err(|error| disk(&error))?;
    let (app, now) = (state.clone(), state.now());
    let stored = storage::write(state.store(), move |unit| {
        Box::pin(async move {
            let mut loaded = load::by_token(unit, &app, &participant, now).await?;
            // It may have been erased meanwhile.
            find(unit, loaded.session.clone(), &id).await?;
            unit.add_upload_part(&id, &part, now).await?;
            settle(unit, &app, &mut loaded, now).await?;
            find(unit, loaded.session, &id).await?.receipt()
        })
    })
    .await;
    drop(parts);
    stored
}

/// Completes an upload: from then on an answer can hold it. Doing so again changes nothing.
///
/// # Errors
/// 404 for one that is not there, 409 while parts are missing, 422 for a digest that is not the file's, 503 when the
/// disk is full; and those of [`load::by_token`].
pub async fn complete(
    state: &AppState,
    participant: Participant,
    id: UploadId,
    body: CompleteUpload,
) -> Result<UploadReceipt, ApiError> {
    let wanted = body.sha256.map(|text| text.to_ascii_lowercase());
    if wanted
        .as_ref()
        .is_some_and(|text| text.len() != 64 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()))
    {
        let message = "Must be a SHA-256 as 64 hexadecimal digits.";
        return Err(ApiError::invalid(vec![Fault::new("/sha256", "invalid_value", message)]));
    }
    // It goes on to its end when the caller has gone, so that the row is not long without what the file is called.
    to_the_end(finish(state.clone(), participant, id, wanted)).await
}

async fn finish(
    state: AppState,
    participant: Participant,
    id: UploadId,
    wanted: Option<String>,
) -> Result<UploadReceipt, ApiError> {
    let _turn = state.uploads.turn(&id).await;
    let found = read(&state, &participant, &id).await?;
    if let Some(sha256) = &found.upload.sha256 {
        check_digest(wanted.as_deref(), sha256)?;
        return found.receipt();
    }
    let missing = missing(&found);
    if !missing.is_empty() {
        let message = format!("These parts are missing: {}. Send them first.", missing.join(", "));
        return Err(ApiError::with_message(ErrorCode::Conflict, message));
    }
    let parts = open(&state, &id).await?;
    let (length, sha256) = parts.digest().await.map_err(|error| disk(&error))?;
    if length != found.upload.size_bytes {
        return Err(ApiError::internal(&"an upload has another length on disk than its parts"));
    }
    check_digest(wanted.as_deref(), &sha256)?;
    state.uploads.name_parts(&id, &parts).await.map_err(|error| erased_or_disk(&error))?;
    let (app, now, uploads) = (state.clone(), state.now(), state.uploads.clone());
    let whole = id.clone();
    let completed = storage::write(state.store(), move |unit| {
        Box::pin(async move {
            let mut loaded = load::by_token(unit, &app, &participant, now).await?;
            find(unit, loaded.session.clone(), &id).await?;
            unit.complete_upload(&id, &sha256).await?;
            settle(unit, &app, &mut loaded, now).await?;
            find(unit, loaded.session, &id).await?.receipt()
        })
    })
    .await;
    drop(parts);
    // Erased meanwhile, perhaps when the file had its other name.
    if completed
        .as_ref()
        .is_err_and(|error| matches!(error.code, ErrorCode::NotFound | ErrorCode::Unauthorized))
    {
        uploads.remove(&[whole]).await.map_err(|error| disk(&error))?;
    }
    completed
}

/// Gives the uploads that an answer holds to it. Their limits were checked when they were begun, and a session keeps its
/// version of the guide.
///
/// # Errors
/// 422 when one is not there, not complete, or was sent to another question or in another session.
pub async fn claim(unit: &mut dyn UnitOfWork, answer: &StoredAnswer) -> Result<(), ApiError> {
    if !matches!(answer.kind, QuestionKind::File | QuestionKind::Audio | QuestionKind::Video) {
        return Ok(());
    }
    let values = match &answer.value {
        Value::Array(values) => values.as_slice(),
        value => std::slice::from_ref(value),
    };
    let ids: Vec<UploadId> =
        values.iter().filter_map(|value| UploadId::parse(value.as_str()?).ok()).collect();
    let claimed = unit.claim_uploads(&answer.session_id, &answer.question_id, &ids, &answer.id).await?;
    if claimed == ids.len() as u64 {
        return Ok(());
    }
    let message =
        "There is no such complete upload for this question. Complete it first, or send the file again.";
    Err(ApiError::invalid(vec![Fault::new("/value", "unknown_upload", message)]))
}

fn missing(found: &Found) -> Vec<String> {
    let is_there = |number: &u32| found.parts.binary_search_by_key(number, |part| part.number).is_ok();
    (1..=found.upload.parts()).filter(|number| !is_there(number)).map(|number| number.to_string()).collect()
}

fn check_digest(wanted: Option<&str>, sha256: &str) -> Result<(), ApiError> {
    if wanted.is_none_or(|wanted| wanted == sha256) {
        return Ok(());
    }
    let message =
        "What has come has another digest. Send the file anew, as an upload with another client_id.";
    Err(ApiError::invalid(vec![Fault::new("/sha256", "digest_mismatch", message)]))
}

fn receipt(
    upload: &StoredUpload,
    session: &StoredSession,
    parts: &[StoredPart],
) -> Result<UploadReceipt, ApiError> {
    let upload = upload.view(session, parts).ok_or_else(ApiError::not_found)?;
    Ok(UploadReceipt { upload })
}

async fn open(state: &AppState, id: &UploadId) -> Result<Parts, ApiError> {
    state.uploads.open_parts(id).await.map_err(|error| erased_or_disk(&error))
}

/// What the disk says of a file that may be erased at any time.
fn erased_or_disk(error: &io::Error) -> ApiError {
    match error.kind() {
        io::ErrorKind::NotFound => ApiError::not_found(),
        _ => disk(error),
    }
}

fn no_part(parts: u32) -> ApiError {
    ApiError::with_message(ErrorCode::NotFound, format!("The parts of this upload are 1 to {parts}."))
}

fn other_bytes() -> ApiError {
    let message = "This part has come already, with other bytes. Send the file anew, as an upload with another client_id.";
    ApiError::with_message(ErrorCode::Conflict, message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::uploads::Uploads;

    #[tokio::test]
    async fn a_file_that_is_erased_while_it_is_completed_is_not_there_404() {
        let folder = tempfile::tempdir().unwrap();
        let uploads = Uploads::at(folder.path().to_owned());
        let id = UploadId::parse("upl_01KGA0G8000000000000000001").unwrap();
        uploads.begin_parts(&id).await.unwrap().has_row();
        let parts = uploads.open_parts(&id).await.unwrap();
        uploads.remove(std::slice::from_ref(&id)).await.unwrap();
        let told = |error: &io::Error| erased_or_disk(error).status;
        assert_eq!(told(&uploads.name_parts(&id, &parts).await.unwrap_err()), 404);
        assert_eq!(told(&uploads.open_parts(&id).await.unwrap_err()), 404);
        assert_eq!(told(&io::Error::from(io::ErrorKind::PermissionDenied)), 500);
    }
}
