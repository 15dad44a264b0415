//! `/v1/participants`

use axum::{Json, extract::State};
use protocol::{ids::ParticipantId, participant::Participant};

use crate::{
    auth::api_key::{ApiCaller, ReadSessions, WriteSessions},
    error::ApiError,
    extract::{NoBody, PathId},
    operations::erasure,
    state::AppState,
};

/// `GET /v1/participants/:id`
pub(crate) async fn get(
    caller: ApiCaller<ReadSessions>,
    State(state): State<AppState>,
    PathId(id): PathId<ParticipantId>,
) -> Result<Json<Participant>, ApiError> {
    let mut unit = state.store().read().await?;
    let found = erasure::find(unit.as_mut(), &state, caller.organization_id(), &id).await?;
    Ok(Json(found.view(caller.sees_pii())))
}

/// `DELETE /v1/participants/:id`
pub(crate) async fn erase(
    caller: ApiCaller<WriteSessions>,
    State(state): State<AppState>,
    PathId(id): PathId<ParticipantId>,
    _: NoBody,
) -> Result<Json<Participant>, ApiError> {
    let sees_pii = caller.sees_pii();
    erasure::erase_participant(&state, caller.by, id).await.map(|erased| Json(erased.view(sees_pii)))
}
