//! `/v1/participant`: what the widget calls. No API key works here.

use std::convert::Infallible;

use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderMap, HeaderName, HeaderValue, header},
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures_util::StreamExt as _;
use protocol::session::{
    AnsweredQuestion, CompletedSession, GiveConsent, RenewedToken, SessionSnapshot, SessionTurn,
    StartedSession, WithdrawnSession,
};

use crate::{
    auth::participant::{Answering, Opening, Participant},
    error::ApiError,
    extract::{JsonBody, NoBody},
    operations::{
        erasure,
        interview::{answer, consent, finish, load, snapshot, start, stream},
    },
    state::AppState,
};

/// `POST /v1/participant/session`
pub(crate) async fn start(
    State(state): State<AppState>,
    Opening { invited, body }: Opening,
) -> Result<Json<StartedSession>, ApiError> {
    start::start(&state, invited, body).await.map(Json)
}

/// `POST /v1/participant/session/token`
pub(crate) async fn renew(
    participant: Participant,
    State(state): State<AppState>,
    _: NoBody,
) -> Result<Json<RenewedToken>, ApiError> {
    start::renew(&state, participant).await.map(Json)
}

/// `GET /v1/participant/session`
pub(crate) async fn get(
    participant: Participant,
    State(state): State<AppState>,
) -> Result<Json<SessionSnapshot>, ApiError> {
    let mut unit = state.store().read().await?;
    let loaded = load::by_token(unit.as_mut(), &state, &participant, state.now()).await?;
    snapshot(unit.as_mut(), &loaded).await.map(Json)
}

/// `POST /v1/participant/session/consent`
pub(crate) async fn consent(
    participant: Participant,
    State(state): State<AppState>,
    JsonBody(body): JsonBody<GiveConsent>,
) -> Result<Json<SessionTurn>, ApiError> {
    consent::give(&state, participant, body).await.map(Json)
}

/// `PUT` and `POST /v1/participant/session/answers/:question_id`
pub(crate) async fn answer(
    State(state): State<AppState>,
    question_id: Result<Path<String>, axum::extract::rejection::PathRejection>,
    Answering { participant, body }: Answering,
) -> Result<Response, ApiError> {
    let Path(question_id) = question_id.map_err(|_| ApiError::not_found())?;
    let receipt = answer::put(&state, participant, question_id, body).await?;
    let json = HeaderValue::from_static("application/json");
    Ok(([(header::CONTENT_TYPE, json)], receipt).into_response())
}

/// `GET /v1/participant/session/answers/:question_id`
pub(crate) async fn answered(
    participant: Participant,
    State(state): State<AppState>,
    question_id: Result<Path<String>, axum::extract::rejection::PathRejection>,
) -> Result<Json<AnsweredQuestion>, ApiError> {
    let Path(question_id) = question_id.map_err(|_| ApiError::not_found())?;
    answer::get(&state, &participant, &question_id).await.map(Json)
}

/// `GET /v1/participant/session/stream`
pub(crate) async fn stream(
    participant: Participant,
    State(state): State<AppState>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let last = headers.get("last-event-id").and_then(|id| id.to_str().ok()).map(str::to_owned);
    let told = stream::listen(&state, participant, last).await?;
    let events = told.map(|told| {
        let event = Event::default().event(told.event).data(told.data);
        Ok::<_, Infallible>(if let Some(id) = told.id { event.id(id) } else { event })
    });
    // A proxy that gathers answers would hold them back.
    let unbuffered = (HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
    let cache = (header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(([unbuffered, cache], Sse::new(events).keep_alive(KeepAlive::default())).into_response())
}

/// `POST /v1/participant/session/pause`
pub(crate) async fn pause(
    participant: Participant,
    State(state): State<AppState>,
    _: NoBody,
) -> Result<Json<SessionTurn>, ApiError> {
    finish::pause(&state, participant).await.map(Json)
}

/// `POST /v1/participant/session/withdraw`
pub(crate) async fn withdraw(
    participant: Participant,
    State(state): State<AppState>,
    _: NoBody,
) -> Result<Json<WithdrawnSession>, ApiError> {
    erasure::withdraw(&state, participant).await.map(Json)
}

/// `POST /v1/participant/session/complete`
pub(crate) async fn complete(
    participant: Participant,
    State(state): State<AppState>,
    _: NoBody,
) -> Result<Json<CompletedSession>, ApiError> {
    finish::complete(&state, participant).await.map(Json)
}
