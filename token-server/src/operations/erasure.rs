//! The right to deletion: people and what they have said are erased, from the rows and from the files.
//!
//! The files go first. Once the rows are gone nobody knows which they were, and a call that fails on the way is made again.
//! Whoever hangs up must not stop it between the two, so each erasure is a task of its own.

use domain::{
    audit::Cause,
    invite::{StoredInvite, StoredParticipant},
    webhook::of_invite,
};
use protocol::{
    Timestamp,
    audit::AuditAction,
    ids::{OrganizationId, ParticipantId, SessionId, UploadId},
    invite::InviteStatus,
    session::{Withdrawn, WithdrawnSession},
    webhook::EventType,
};
use storage::UnitOfWork;

use crate::{
    auth::participant::Participant,
    error::ApiError,
    operations::{
        by::By,
        events::{of_erased, tell_ended},
        interview::load,
        sessions, to_the_end,
        uploads::remove_files,
    },
    state::AppState,
};

/// The participant, if they are there and the caller's.
///
/// # Errors
/// 404 and 403.
pub async fn find(
    unit: &mut dyn UnitOfWork,
    state: &AppState,
    owner: &OrganizationId,
    id: &ParticipantId,
) -> Result<StoredParticipant, ApiError> {
    let found = unit.find_participant(state.environment, id).await?.ok_or_else(ApiError::not_found)?;
    if &found.participant.organization_id == owner { Ok(found) } else { Err(ApiError::forbidden()) }
}

/// Erases a participant, which cancels the invites that were open. Erasing one again changes nothing.
///
/// # Errors
/// 404 and 403, and 503 when the files are not clean yet: the same call finishes it.
pub async fn erase_participant(
    state: &AppState,
    by: By,
    id: ParticipantId,
) -> Result<StoredParticipant, ApiError> {
    to_the_end(whole_participant(state.clone(), by, id)).await
}

async fn whole_participant(app: AppState, by: By, id: ParticipantId) -> Result<StoredParticipant, ApiError> {
    let state = &app.clone();
    let mut unit = state.store().read().await?;
    by.check(unit.as_mut()).await?;
    find(unit.as_mut(), state, by.organization_id(), &id).await?;
    let files = files_about(unit.as_mut(), state, &id).await?;
    drop(unit);
    remove_files(state, files).await?;

    let now = state.now();
    let (erased, come_since) = by
        .clone()
        .change(state.store(), move |unit| {
            Box::pin(async move {
                let found = find(unit, &app, by.organization_id(), &id).await?;
                let files = files_about(unit, &app, &id).await?;
                if found.erased_at.is_none() {
                    // What the time has ended is told of as that, also what it has ended since it was last told of.
                    let until = unit.told_until().await?.unwrap_or(now);
                    let cancelled = unit.list_open_invites(app.environment, &id, until).await?;
                    unit.erase_participant(app.environment, &id, now).await?;
                    let entropy = app.shared.entropy.as_ref();
                    by.note(unit, entropy, now, AuditAction::ParticipantErased, &id).await?;
                    for invite in &cancelled {
                        tell_ended(unit, entropy, now, invite, EventType::InviteCancelled).await?;
                    }
                    by.tell(unit, entropy, now, EventType::ParticipantErased, of_erased(&id)).await?;
                }
                Ok::<_, ApiError>((find(unit, &app, by.organization_id(), &id).await?, files))
            })
        })
        .await?;
    clean(state, come_since).await?;
    Ok(erased)
}

/// The files about a participant, whose rows are erased with them.
async fn files_about(
    unit: &mut dyn UnitOfWork,
    state: &AppState,
    id: &ParticipantId,
) -> Result<Vec<UploadId>, ApiError> {
    let rows = unit.list_uploads_about(state.environment, id).await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

async fn files_of(unit: &mut dyn UnitOfWork, id: &SessionId) -> Result<Vec<UploadId>, ApiError> {
    Ok(unit.list_uploads_of(id).await?.into_iter().map(|row| row.id).collect())
}

/// Once the rows are gone: removes the files that came meanwhile, and cleans those of the database whatever comes of that.
async fn clean(state: &AppState, files: Vec<UploadId>) -> Result<(), ApiError> {
    let removed = remove_files(state, files).await;
    state.store().scrub().await?;
    removed
}

/// Deletes a session with its answers and uploads.
///
/// # Errors
/// 404 and 403, and 503 when the files are not clean yet: a session that is there still can be deleted again, and what is left of
/// one that is not goes by itself.
pub async fn delete_session(state: &AppState, by: By, id: SessionId) -> Result<(), ApiError> {
    to_the_end(whole_session(state.clone(), by, id)).await
}

async fn whole_session(app: AppState, by: By, id: SessionId) -> Result<(), ApiError> {
    let state = &app.clone();
    let mut unit = state.store().read().await?;
    by.check(unit.as_mut()).await?;
    sessions::find(unit.as_mut(), state, by.organization_id(), &id).await?;
    let files = files_of(unit.as_mut(), &id).await?;
    drop(unit);
    remove_files(state, files).await?;

    let now = state.now();
    let come_since = by
        .clone()
        .change(state.store(), move |unit| {
            Box::pin(async move {
                let invite_id = sessions::find(unit, &app, by.organization_id(), &id).await?.invite_id;
                let invite = unit.find_invite(app.environment, &invite_id).await?;
                let until = unit.told_until().await?.unwrap_or(now);
                let files = files_of(unit, &id).await?;
                unit.delete_session(app.environment, &id, now).await?;
                let entropy = app.shared.entropy.as_ref();
                by.note(unit, entropy, now, AuditAction::SessionDeleted, &id).await?;
                // As for whoever is erased.
                let was_open = |invite: &StoredInvite| {
                    matches!(invite.status_at(until), InviteStatus::Pending | InviteStatus::Started)
                };
                // Another session of it may be running, which goes on.
                let after = unit.find_invite(app.environment, &invite_id).await?;
                let is_cancelled = after.is_some_and(|invite| invite.status == InviteStatus::Cancelled);
                if let Some(invite) = invite.filter(was_open).filter(|_| is_cancelled) {
                    let (campaign, participant) = (&invite.campaign_id, &invite.participant.id);
                    let data = of_invite(&invite.id, campaign, participant, InviteStatus::Cancelled.as_str());
                    by.tell(unit, entropy, now, EventType::InviteCancelled, data).await?;
                }
                Ok::<_, ApiError>(files)
            })
        })
        .await?;
    clean(state, come_since).await
}

/// Erases what came of an invite, as the participant wants it. It takes a session that still is one.
///
/// # Errors
/// Those of [`load::by_token`], and 503 when the files are not clean yet: a session that is there still can be withdrawn again, and
/// what is left of one that is not goes by itself.
pub async fn withdraw(state: &AppState, participant: Participant) -> Result<WithdrawnSession, ApiError> {
    load::prepare(state, &participant).await?;
    to_the_end(withdraw_all(state.clone(), participant)).await
}

async fn withdraw_all(app: AppState, participant: Participant) -> Result<WithdrawnSession, ApiError> {
    let (state, withdrawn_at) = (&app.clone(), app.now());
    let mut unit = state.store().read().await?;
    let loaded = load::by_token(unit.as_mut(), state, &participant, withdrawn_at).await?;
    let files = files_of(unit.as_mut(), &loaded.session.id).await?;
    drop(unit);
    remove_files(state, files).await?;

    let others = storage::write(state.store(), move |unit| {
        Box::pin(async move {
            let loaded = load::by_token(unit, &app, &participant, withdrawn_at).await?;
            let (invite, who) = (&loaded.invite, &loaded.invite.participant.id);
            let mut files = files_about(unit, &app, who).await?;
            unit.erase_invite(app.environment, &invite.id, withdrawn_at).await?;
            // They themselves are erased when no other invite of theirs is left.
            let left = files_about(unit, &app, who).await?;
            files.retain(|file| !left.contains(file));
            note_withdrawal(unit, &app, invite, withdrawn_at).await?;
            Ok::<_, ApiError>(files)
        })
    })
    .await?;
    clean(state, others).await?;
    Ok(WithdrawnSession { status: Withdrawn::Withdrawn, withdrawn_at })
}

async fn note_withdrawal(
    unit: &mut dyn UnitOfWork,
    app: &AppState,
    invite: &StoredInvite,
    now: Timestamp,
) -> Result<(), ApiError> {
    let cause = Cause::participant(&invite.participant.id);
    let by = By::caller(cause, app.environment, invite.organization_id.clone(), None);
    let (entropy, person) = (app.shared.entropy.as_ref(), &invite.participant.id);
    by.note(unit, entropy, now, AuditAction::InviteWithdrawn, &invite.id).await?;
    let data = of_invite(&invite.id, &invite.campaign_id, person, InviteStatus::Cancelled.as_str());
    by.tell(unit, entropy, now, EventType::InviteCancelled, data).await?;
    let found = unit.find_participant(app.environment, person).await?;
    if found.is_some_and(|found| found.erased_at.is_some()) {
        by.tell(unit, entropy, now, EventType::ParticipantErased, of_erased(person)).await?;
    }
    Ok(())
}
