//! A pause, and the end.

use protocol::{
    ErrorCode,
    session::{CompletedSession, SessionStatus, SessionTurn},
};

use super::{load, session_turn, settle, write};
use crate::{auth::participant::Participant, error::ApiError, state::AppState};

/// Pauses the session; the next answer or start goes on with it. Pausing one that is over changes nothing.
///
/// # Errors
/// Those of [`load::by_token`].
pub async fn pause(state: &AppState, participant: Participant) -> Result<SessionTurn, ApiError> {
    load::prepare(state, &participant).await?;
    let now = state.now();
    let (app, session) = (state.clone(), participant.session_id.clone());
    let turn = write(state, move |unit| {
        Box::pin(async move {
            let mut loaded = load::by_token(unit, &app, &participant, now).await?;
            if loaded.session.status == SessionStatus::Active {
                loaded.session.status = SessionStatus::Paused;
            }
            settle(unit, &app, &mut loaded, now).await?;
            Ok((session_turn(&loaded), loaded.news))
        })
    })
    .await;
    state.shared.streams.wake(&session);
    turn
}

/// Says that the interview is complete. The answer that reached the end has completed it already, so this only tells.
///
/// # Errors
/// 409 while there are questions left, or when a required consent was refused; and those of [`load::by_token`].
pub async fn complete(state: &AppState, participant: Participant) -> Result<CompletedSession, ApiError> {
    let now = state.now();
    let mut unit = state.store().read().await?;
    let loaded = load::by_token(unit.as_mut(), state, &participant, now).await?;
    if let Some(completed_at) = loaded.session.completed_at {
        return Ok(CompletedSession {
            status: SessionStatus::Completed,
            completed_at,
            answers: loaded.session.answers,
        });
    }
    let message = if loaded.session.status == SessionStatus::Declined {
        "The interview has ended without being completed, as something it needs was not agreed to. Nothing is left to do."
    } else {
        "The interview is not complete yet. GET /v1/participant/session tells what is left."
    };
    Err(ApiError::with_message(ErrorCode::Conflict, message))
}
