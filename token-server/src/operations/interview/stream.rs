//! A session as it goes on, told to the participant's device: what another tab has answered, that it is over, that the
//! invite was cancelled.
//!
//! Each event is the whole of what to show, so whoever has missed some needs only the next. Its id says what was told:
//! who comes back with it is told when that is no longer so.

use std::{sync::atomic::Ordering, time::Duration};

use aws_lc_rs::digest::{SHA256, digest};
use futures_util::{Stream, stream};
use protocol::{
    ErrorBody, ErrorCode,
    session::{SessionStatus, SessionTurn},
};

use super::{load, session_turn};
use crate::{
    auth::participant::Participant, error::ApiError, hex, state::AppState, streams::Listener,
    tokens::LEEWAY_S,
};

/// How often the database is asked although nobody has told of a change: time ends sessions and tokens.
const LOOK_EVERY: Duration = Duration::from_secs(15);
/// How soon it is asked again when it gave no answer.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

/// Something to tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// `turn` or `error`.
    pub event: &'static str,
    /// For `Last-Event-ID`; an error has none.
    pub id: Option<String>,
    /// A [`SessionTurn`] or an [`ErrorBody`], as JSON.
    pub data: String,
}

/// Listens to a session, until it is over or the token is. `last` is what was told the time before.
///
/// # Errors
/// 429 when too many listen to it already; and those of [`load::by_token`].
pub async fn listen(
    state: &AppState,
    participant: Participant,
    last: Option<String>,
) -> Result<impl Stream<Item = Told> + use<>, ApiError> {
    look(state, &participant).await?;
    let listener = state.shared.streams.listen(&participant.session_id).ok_or_else(|| {
        let retry_after_s = Some(LOOK_EVERY.as_secs().try_into().unwrap_or(u32::MAX));
        ApiError { retry_after_s, ..ApiError::new(ErrorCode::TooManyRequests) }
    })?;
    let course = Course { state: state.clone(), participant, listener, last, is_over: false };
    Ok(stream::unfold(course, Course::next))
}

struct Course {
    state: AppState,
    participant: Participant,
    listener: Listener,
    last: Option<String>,
    is_over: bool,
}

impl Course {
    async fn next(mut self) -> Option<(Told, Self)> {
        // When the server stops, the stream ends as if the line had gone: there is somebody to come back to.
        while !self.is_over && !self.state.shared.stopping.load(Ordering::SeqCst) {
            let mut wait = LOOK_EVERY;
            match look(&self.state, &self.participant).await {
                Ok(turn) => {
                    self.is_over =
                        matches!(turn.session.status, SessionStatus::Completed | SessionStatus::Declined);
                    let data = serde_json::to_string(&turn).ok()?;
                    let id = Some(hex::lower(&digest(&SHA256, data.as_bytes()).as_ref()[..16]));
                    // The end is told in any case, so that nobody comes back for it again and again.
                    if self.is_over || id != self.last {
                        self.last.clone_from(&id);
                        return Some((Told { event: "turn", id, data }, self));
                    }
                }
                // It passes, and says nothing about the interview.
                Err(error) if error.code.status() >= 500 => wait = LOOK_AGAIN,
                Err(error) => {
                    self.is_over = true;
                    let data = serde_json::to_string(&ErrorBody::from(error)).ok()?;
                    return Some((Told { event: "error", id: None, data }, self));
                }
            }
            // Running out is no failure here.
            let _ = tokio::time::timeout(wait, self.listener.changed()).await;
        }
        None
    }
}

/// What is to be shown now.
async fn look(state: &AppState, participant: &Participant) -> Result<SessionTurn, ApiError> {
    let now = state.now();
    if participant.claims.exp + LEEWAY_S <= now.as_secs() {
        return Err(ApiError::unauthorized());
    }
    let mut unit = state.store().read().await?;
    let loaded = load::by_token(unit.as_mut(), state, participant, now).await?;
    Ok(session_turn(&loaded))
}
