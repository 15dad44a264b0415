//! `/v1/api-keys`

use axum::{Json, extract::State, http::StatusCode};
use protocol::{
    api_key::{ApiKey, CreateApiKey, CreatedApiKey, KeyUsage, RotateApiKey},
    ids::ApiKeyId,
    list::Page,
};

use crate::{
    auth::api_key::{ApiCaller, CreateKeys, ReadKeys, RevokeKeys},
    error::ApiError,
    extract::{JsonBody, OptionalJsonBody, PathId, Query},
    operations::{self, into_page, key_usage::UsageRequest, page_request},
    state::AppState,
};

/// `POST /v1/api-keys`
pub(crate) async fn create(
    caller: ApiCaller<CreateKeys>,
    State(state): State<AppState>,
    JsonBody(body): JsonBody<CreateApiKey>,
) -> Result<(StatusCode, Json<CreatedApiKey>), ApiError> {
    let organization = state.store().read().await?.find_organization(caller.organization_id()).await?;
    let organization = organization.ok_or_else(|| ApiError::internal(&"a key's organization is missing"))?;
    let (entropy, now) = (&state.shared.entropy, state.now());
    let created =
        operations::api_keys::create(state.store(), entropy, caller.by, organization, body, now).await?;
    state.shared.key_cache.learn(&created);
    Ok((StatusCode::CREATED, Json(created)))
}

/// `GET /v1/api-keys`
pub(crate) async fn list(
    caller: ApiCaller<ReadKeys>,
    State(state): State<AppState>,
    query: Query,
) -> Result<Json<Page<ApiKey>>, ApiError> {
    let request = page_request::<ApiKeyId>(&query)?;
    let now = state.now();
    let keys = state
        .store()
        .read()
        .await?
        .list_api_keys(state.environment, caller.organization_id(), &request)
        .await?;
    Ok(Json(into_page(keys, &request, |key| key.id.as_str(), |key| key.view(now))))
}

/// `POST /v1/api-keys/:id/rotate`
pub(crate) async fn rotate(
    caller: ApiCaller<CreateKeys>,
    State(state): State<AppState>,
    PathId(id): PathId<ApiKeyId>,
    OptionalJsonBody(body): OptionalJsonBody<RotateApiKey>,
) -> Result<(StatusCode, Json<CreatedApiKey>), ApiError> {
    let (entropy, now) = (&state.shared.entropy, state.now());
    let created = operations::api_keys::rotate(state.store(), entropy, caller.by, id, body, now).await?;
    state.shared.key_cache.learn(&created);
    Ok((StatusCode::CREATED, Json(created)))
}

/// `DELETE /v1/api-keys/:id`: revokes it; doing so twice is no error.
pub(crate) async fn revoke(
    caller: ApiCaller<RevokeKeys>,
    State(state): State<AppState>,
    PathId(id): PathId<ApiKeyId>,
    query: Query,
) -> Result<Json<ApiKey>, ApiError> {
    let cancel_invites = query.flag("cancel_invites")?;
    let (entropy, now) = (&state.shared.entropy, state.now());
    let key =
        operations::api_keys::revoke(state.store(), entropy, caller.by, id, cancel_invites, now).await?;
    Ok(Json(key.view(now)))
}

/// `GET /v1/api-keys/:id/usage?from&to&bucket=hour|day`
pub(crate) async fn usage(
    caller: ApiCaller<ReadKeys>,
    State(state): State<AppState>,
    PathId(id): PathId<ApiKeyId>,
    query: Query,
) -> Result<Json<KeyUsage>, ApiError> {
    let key = state.store().read().await?.find_api_key(state.environment, &id).await?;
    caller.check_owner(&key.ok_or_else(ApiError::not_found)?.organization_id)?;
    let request = UsageRequest::read(&query, state.now())?;
    operations::key_usage::list(&state, &id, request).await.map(Json)
}
