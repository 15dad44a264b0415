//! `/v1/webhooks` and `/v1/events`

use axum::{Json, extract::State, http::StatusCode};
use domain::webhook::event_id;
use protocol::{
    Timestamp,
    ids::{EventId, MessageId, WebhookId},
    list::Page,
    webhook::{
        CreateWebhook, CreatedWebhook, DeliveryStatus, Event, EventType, Redeliver, Redelivered,
        RotateWebhookSecret, UpdateWebhook, WebhookDelivery, WebhookEndpoint,
    },
};
use storage::EventFilter;

use crate::{
    auth::api_key::{ApiCaller, ReadWebhooks, WriteWebhooks},
    error::ApiError,
    extract::{JsonBody, NoBody, OptionalJsonBody, PathId, Query},
    operations::{into_page, page_request, webhooks},
    state::AppState,
};

/// `POST /v1/webhooks`
pub(crate) async fn create(
    caller: ApiCaller<WriteWebhooks>,
    State(state): State<AppState>,
    JsonBody(body): JsonBody<CreateWebhook>,
) -> Result<(StatusCode, Json<CreatedWebhook>), ApiError> {
    let created = webhooks::create(&state, caller.by, body).await?;
    Ok((StatusCode::CREATED, Json(created)))
}

/// `GET /v1/webhooks`
pub(crate) async fn list(
    caller: ApiCaller<ReadWebhooks>,
    State(state): State<AppState>,
    query: Query,
) -> Result<Json<Page<WebhookEndpoint>>, ApiError> {
    let (request, now) = (page_request::<WebhookId>(&query)?, state.now());
    let mut unit = state.store().read().await?;
    let rows = unit.list_endpoints(state.environment, caller.organization_id(), &request).await?;
    Ok(Json(into_page(rows, &request, |row| row.id.as_str(), |row| row.view(now))))
}

/// `GET /v1/webhooks/:id`
pub(crate) async fn get(
    caller: ApiCaller<ReadWebhooks>,
    State(state): State<AppState>,
    PathId(id): PathId<WebhookId>,
) -> Result<Json<WebhookEndpoint>, ApiError> {
    let mut unit = state.store().read().await?;
    let endpoint = webhooks::find(unit.as_mut(), &state, caller.organization_id(), &id).await?;
    Ok(Json(endpoint.view(state.now())))
}

/// `PATCH /v1/webhooks/:id`
pub(crate) async fn update(
    caller: ApiCaller<WriteWebhooks>,
    State(state): State<AppState>,
    PathId(id): PathId<WebhookId>,
    JsonBody(body): JsonBody<UpdateWebhook>,
) -> Result<Json<WebhookEndpoint>, ApiError> {
    let endpoint = webhooks::update(&state, caller.by, id, body).await?;
    Ok(Json(endpoint.view(state.now())))
}

/// `DELETE /v1/webhooks/:id`
pub(crate) async fn delete(
    caller: ApiCaller<WriteWebhooks>,
    State(state): State<AppState>,
    PathId(id): PathId<WebhookId>,
) -> Result<StatusCode, ApiError> {
    webhooks::delete(&state, caller.by, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /v1/webhooks/:id/rotate-secret`
pub(crate) async fn rotate_secret(
    caller: ApiCaller<WriteWebhooks>,
    State(state): State<AppState>,
    PathId(id): PathId<WebhookId>,
    OptionalJsonBody(body): OptionalJsonBody<RotateWebhookSecret>,
) -> Result<Json<CreatedWebhook>, ApiError> {
    webhooks::rotate_secret(&state, caller.by, id, body).await.map(Json)
}

/// `POST /v1/webhooks/:id/test`
pub(crate) async fn test(
    caller: ApiCaller<WriteWebhooks>,
    State(state): State<AppState>,
    PathId(id): PathId<WebhookId>,
    _: NoBody,
) -> Result<(StatusCode, Json<WebhookDelivery>), ApiError> {
    let delivery = webhooks::test(&state, caller.by, id).await?;
    Ok((StatusCode::ACCEPTED, Json(delivery)))
}

/// `POST /v1/webhooks/:id/redeliver`
pub(crate) async fn redeliver(
    caller: ApiCaller<WriteWebhooks>,
    State(state): State<AppState>,
    PathId(id): PathId<WebhookId>,
    JsonBody(body): JsonBody<Redeliver>,
) -> Result<(StatusCode, Json<Redelivered>), ApiError> {
    let queued = webhooks::redeliver(&state, caller.by, id, body).await?;
    Ok((StatusCode::ACCEPTED, Json(queued)))
}

/// `GET /v1/webhooks/:id/deliveries`
pub(crate) async fn deliveries(
    caller: ApiCaller<ReadWebhooks>,
    State(state): State<AppState>,
    PathId(id): PathId<WebhookId>,
    query: Query,
) -> Result<Json<Page<WebhookDelivery>>, ApiError> {
    let mut request = page_request::<MessageId>(&query)?;
    // Deliveries of an endpoint are kept by their events.
    request.before = request.before.and_then(|id| id.parse().ok()).map(|id: MessageId| event_id(&id).into());
    let status = query
        .parse("status", |text| DeliveryStatus::ALL.iter().copied().find(|status| status.as_str() == text))?;
    let mut unit = state.store().read().await?;
    webhooks::find(unit.as_mut(), &state, caller.organization_id(), &id).await?;
    let rows = unit.list_deliveries(&id, status, &request).await?;
    let rows: Vec<_> = rows.iter().map(domain::webhook::StoredDelivery::view).collect();
    Ok(Json(into_page(rows, &request, |row| row.id.as_str(), Clone::clone)))
}

/// `GET /v1/events`: what has happened in the last 30 days, for those who cannot be called.
pub(crate) async fn events(
    caller: ApiCaller<ReadWebhooks>,
    State(state): State<AppState>,
    query: Query,
) -> Result<Json<Page<Event>>, ApiError> {
    let request = page_request::<EventId>(&query)?;
    let time = |name| query.parse(name, |text| Timestamp::parse(text).ok());
    let filter = EventFilter {
        kind: query
            .parse("type", |text| EventType::ALL.iter().copied().find(|kind| kind.as_str() == text))?,
        from: time("from")?,
        to: time("to")?,
    };
    let mut unit = state.store().read().await?;
    let rows = unit.list_events(state.environment, caller.organization_id(), &filter, &request).await?;
    Ok(Json(into_page(rows, &request, |row| row.0.id.as_str(), |row| row.0.clone())))
}
