//! `/healthz` and `/readyz`

use std::sync::atomic::Ordering;

use axum::extract::State;
use protocol::ErrorCode;

use crate::{error::ApiError, state::AppState};

/// The process is alive.
pub(crate) async fn live() -> &'static str {
    "ok\n"
}

/// It can do its work: the database answers, and it is not about to stop.
pub(crate) async fn ready(State(state): State<AppState>) -> Result<&'static str, ApiError> {
    if state.shared.stopping.load(Ordering::SeqCst) {
        return Err(ApiError::with_message(ErrorCode::Unavailable, "The server is stopping."));
    }
    state.store().check().await?;
    Ok("ok\n")
}
