//! Consent, before any answer.

use domain::interview::{ConsentState, weigh_consent};
use protocol::{
    Timestamp,
    session::{GiveConsent, SessionStatus, SessionTurn},
    webhook::EventType,
};
use storage::UnitOfWork;

use super::{load, load::Loaded, session_turn, settle, tell, write};
use crate::{auth::participant::Participant, error::ApiError, state::AppState};

/// Writes down what was agreed to. Refusing a required item ends the interview; what was said once stays, and so does an
/// interview that is over.
///
/// # Errors
/// 422 for an item or a wording that was not shown; and those of [`load::by_token`].
pub async fn give(
    state: &AppState,
    participant: Participant,
    body: GiveConsent,
) -> Result<SessionTurn, ApiError> {
    load::prepare(state, &participant).await?;
    let now = state.now();
    let (app, session) = (state.clone(), participant.session_id.clone());
    let turn = write(state, move |unit| {
        Box::pin(async move {
            let mut loaded = load::by_token(unit, &app, &participant, now).await?;
            // An interview without consent items has nothing to say here, also when it is over.
            let is_open = matches!(loaded.session.status, SessionStatus::Active | SessionStatus::Paused);
            if is_open && loaded.session.consent.is_none() {
                let state = weigh_consent(&loaded.guide, &body.accepted).map_err(|refused| {
                    let message =
                        format!("{refused}. GET /v1/participant/session lists the items and their versions.");
                    ApiError::invalid(vec![domain::fault::Fault::new(
                        "/accepted",
                        "unknown_consent",
                        message,
                    )])
                })?;
                loaded.session.consent = Some(body.accepted);
                loaded.session.status = match state {
                    ConsentState::Declined => SessionStatus::Declined,
                    ConsentState::Accepted | ConsentState::Pending => SessionStatus::Active,
                };
            }
            settle(unit, &app, &mut loaded, now).await?;
            if is_open && loaded.session.status == SessionStatus::Declined {
                tell_of_expiry(unit, &app, &loaded, now).await?;
            }
            Ok((session_turn(&loaded), loaded.news))
        })
    })
    .await;
    state.shared.streams.wake(&session);
    turn
}

/// Tells that the invite has expired, when the calendar has passed its end: it does so while the interview could go on.
async fn tell_of_expiry(
    unit: &mut dyn UnitOfWork,
    state: &AppState,
    loaded: &Loaded,
    now: Timestamp,
) -> Result<(), ApiError> {
    let until = unit.told_until().await?;
    if until.is_some_and(|until| loaded.invite.expires_at <= until) {
        tell(unit, state, &loaded.session, EventType::InviteExpired, now).await?;
    }
    Ok(())
}
