//! `/v1/api-keys`

use axum::{Json, extract::State, http::StatusCode};
use protocol::{
    api_key::{ApiKey, CreateApiKey, CreatedApiKey},
    ids::ApiKeyId,
    list::Page,
};

use crate::{
    auth::api_key::{ApiCaller, CreateKeys, ReadKeys, RevokeKeys},
    error::ApiError,
    extract::{JsonBody, PathId, Query},
    operations::{self, into_page, page_request},
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
    let entropy = state.shared.entropy.as_ref();
    let created = operations::api_keys::create(
        state.store(),
        entropy,
        state.environment,
        organization,
        body,
        state.now(),
    )
    .await?;
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

/// `DELETE /v1/api-keys/:id`: revokes it; doing so twice is no error.
pub(crate) async fn revoke(
    caller: ApiCaller<RevokeKeys>,
    State(state): State<AppState>,
    PathId(id): PathId<ApiKeyId>,
) -> Result<Json<ApiKey>, ApiError> {
    let (environment, now) = (state.environment, state.now());
    let key = storage::write(state.store(), move |unit| {
        Box::pin(async move {
            let key = unit.find_api_key(environment, &id).await?.ok_or_else(ApiError::not_found)?;
            caller.check_owner(&key.organization_id)?;
            unit.revoke_api_key(environment, &id, now).await?;
            unit.find_api_key(environment, &id).await?.ok_or_else(ApiError::not_found)
        })
    })
    .await?;
    Ok(Json(key.view(now)))
}
