//! `/v1/sessions`

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use protocol::{
    ids::{CampaignId, EventId, InviteId, SessionId},
    interview::{Answer, Session},
    list::Page,
    session::SessionStatus,
    webhook::Event,
};
use storage::SessionFilter;

use crate::{
    auth::api_key::{ApiCaller, ReadSessions, WriteSessions},
    error::ApiError,
    extract::{NoBody, PathId, Query},
    operations::{
        captions::as_webvtt, erasure, interview::Loaded, into_page, page_request, sessions, transcript,
    },
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
    let loaded = Loaded::of(unit.as_mut(), &state, session).await?;
    let on_the_way = loaded.interview().on_the_way();
    let data =
        loaded.answers.iter().map(|answer| answer.view(on_the_way.contains(&answer.question_id))).collect();
    Ok(Json(Page { data, has_more: false, next_cursor: None }))
}

/// `GET /v1/sessions/:id/events`: what the feed of events has of it, newest first.
pub(crate) async fn events(
    caller: ApiCaller<ReadSessions>,
    State(state): State<AppState>,
    PathId(id): PathId<SessionId>,
    query: Query,
) -> Result<Json<Page<Event>>, ApiError> {
    let request = page_request::<EventId>(&query)?;
    let mut unit = state.store().read().await?;
    let session = sessions::find(unit.as_mut(), &state, caller.organization_id(), &id).await?;
    let rows = unit.list_events_of(&session.id, &request).await?;
    Ok(Json(into_page(rows, &request, |row| row.0.id.as_str(), |row| row.0.clone())))
}

/// How a transcript is written.
#[derive(Debug, Clone, Copy)]
enum Format {
    Json,
    Text,
    WebVtt,
}

impl Format {
    fn by_name(name: &str) -> Option<Self> {
        match name {
            "json" => Some(Self::Json),
            "text" => Some(Self::Text),
            "vtt" => Some(Self::WebVtt),
            _ => None,
        }
    }

    /// What the caller likes best; JSON unless it is something else that we have.
    fn accepted(headers: &HeaderMap) -> Self {
        let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let first = accept.split(',').next().and_then(|range| range.split(';').next()).unwrap_or_default();
        match first.trim().to_ascii_lowercase().as_str() {
            "text/plain" => Self::Text,
            "text/vtt" => Self::WebVtt,
            _ => Self::Json,
        }
    }
}

/// `GET /v1/sessions/:id/transcript`: JSON, or plain text or `WebVTT` by `Accept` or `?format=`.
pub(crate) async fn transcript(
    caller: ApiCaller<ReadSessions>,
    State(state): State<AppState>,
    PathId(id): PathId<SessionId>,
    query: Query,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let format = query.parse("format", Format::by_name)?.unwrap_or_else(|| Format::accepted(&headers));
    let mut unit = state.store().read().await?;
    let session = sessions::find(unit.as_mut(), &state, caller.organization_id(), &id).await?;
    let transcript = transcript::of(unit.as_mut(), &state, session).await?;
    Ok(match format {
        Format::Json => Json(transcript).into_response(),
        Format::Text => transcript::as_text(&transcript).into_response(),
        Format::WebVtt => {
            let media_type = HeaderValue::from_static("text/vtt; charset=utf-8");
            ([(header::CONTENT_TYPE, media_type)], as_webvtt(&transcript)).into_response()
        }
    })
}
