//! `/v1/sessions`

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use protocol::{
    ids::{CampaignId, InviteId, SessionId},
    interview::{Answer, Session},
    list::Page,
    session::SessionStatus,
};
use storage::SessionFilter;

use crate::{
    auth::api_key::{ApiCaller, ReadSessions, WriteSessions},
    error::ApiError,
    extract::{NoBody, PathId, Query},
    operations::{erasure, interview::Loaded, into_page, page_request, sessions, transcript},
    state::AppState,
};

/// `GET /v1/sessions`
pub(crate) async fn list(
    caller: ApiCaller<ReadSessions>,
    State(state): State<AppState>,
    query: Query,
) -> Result<Json<Page<Session>>, ApiError> {
    let request = page_request::<SessionId>(&query)?;
    let filter = SessionFilter {
        campaign_id: query.parse("campaign_id", |text| CampaignId::parse(text).ok())?,
        invite_id: query.parse("invite_id", |text| InviteId::parse(text).ok())?,
        status: query
            .parse("status", |text| SessionStatus::ALL.into_iter().find(|status| status.as_str() == text))?,
    };
    let now = state.now();
    let mut unit = state.store().read().await?;
    let rows =
        unit.list_sessions(state.environment, caller.organization_id(), &filter, &request, now).await?;
    Ok(Json(into_page(rows, &request, |row| row.id.as_str(), |row| row.view(now))))
}

/// `GET /v1/sessions/:id`
pub(crate) async fn get(
    caller: ApiCaller<ReadSessions>,
    State(state): State<AppState>,
    PathId(id): PathId<SessionId>,
) -> Result<Json<Session>, ApiError> {
    let mut unit = state.store().read().await?;
    let session = sessions::find(unit.as_mut(), &state, caller.organization_id(), &id).await?;
    Ok(Json(session.view(state.now())))
}

/// `DELETE /v1/sessions/:id`
pub(crate) async fn delete(
    caller: ApiCaller<WriteSessions>,
    State(state): State<AppState>,
    PathId(id): PathId<SessionId>,
    _: NoBody,
) -> Result<StatusCode, ApiError> {
    erasure::delete_session(&state, caller.by, id).await.map(|()| StatusCode::NO_CONTENT)
}

/// `GET /v1/sessions/:id/answers`: all of them on one page, in the order they were given.
pub(crate) async fn answers(
    caller: ApiCaller<ReadSessions>,
    State(state): State<AppState>,
    PathId(id): PathId<SessionId>,
) -> Result<Json<Page<Answer>>, ApiError> {
    let mut unit = state.store().read().await?;
    let session = sessions::find(unit.as_mut(), &state, caller.organization_id(), &id).await?;
    let loaded = Loaded::of(unit.as_mut(), &state, session, state.now()).await?;
    let on_the_way = loaded.interview().on_the_way();
    let data =
        loaded.answers.iter().map(|answer| answer.view(on_the_way.contains(&answer.question_id))).collect();
    Ok(Json(Page { data, has_more: false, next_cursor: None }))
}

/// `GET /v1/sessions/:id/transcript`: JSON, or plain text by `Accept` or `?format=text`.
pub(crate) async fn transcript(
    caller: ApiCaller<ReadSessions>,
    State(state): State<AppState>,
    PathId(id): PathId<SessionId>,
    query: Query,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let as_text = query.parse("format", |text| match text {
        "json" => Some(false),
        "text" => Some(true),
        _ => None,
    })?;
    let as_text = as_text.unwrap_or_else(|| prefers_text(&headers));
    let mut unit = state.store().read().await?;
    let session = sessions::find(unit.as_mut(), &state, caller.organization_id(), &id).await?;
    let transcript = transcript::of(unit.as_mut(), &state, session).await?;
    Ok(if as_text {
        transcript::as_text(&transcript).into_response()
    } else {
        Json(transcript).into_response()
    })
}

fn prefers_text(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let first = accept.split(',').next().and_then(|range| range.split(';').next()).unwrap_or_default();
    first.trim().eq_ignore_ascii_case("text/plain")
}
