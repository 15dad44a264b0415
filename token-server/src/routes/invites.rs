//! `/v1/invites`

use axum::{Json, extract::State, http::StatusCode};
use protocol::{
    ids::{CampaignId, InviteId},
    invite::{
        ExtendInvite, Invite, InviteStatus, MintBatch, MintInvite, MintedBatch, MintedInvite, ReissueInvite,
    },
    list::Page,
};
use serde_json::Value;
use storage::InviteFilter;

use crate::{
    auth::api_key::{ApiCaller, ReadInvites, RememberedCaller, WriteInvites},
    error::ApiError,
    extract::{JsonBody, NoBody, OptionalJsonBody, PathId, Query},
    operations::{
        into_page, invite_batch,
        invites::{self, Minter},
        page_request,
    },
    state::AppState,
};

/// `POST /v1/invites`
pub(crate) async fn mint(
    caller: RememberedCaller<WriteInvites>,
    State(state): State<AppState>,
    body: Result<JsonBody<MintInvite>, ApiError>,
) -> Result<(StatusCode, Json<MintedInvite>), ApiError> {
    let remembered = match &body {
        Ok(JsonBody(body)) if caller.may_be_remembered() => {
            invites::mint_remembered(&state, &caller.key, body).await
        }
        Ok(_) => Ok(None),
        Err(refused) => Err(refused.clone()),
    };
    if let Ok(Some(minted)) = remembered {
        return Ok((StatusCode::CREATED, Json(minted)));
    }
    // Nothing was committed, so nothing has compared what was remembered of the key: a revoked one must not learn what
    // is wrong with its body.
    let caller = caller.check_again(&state).await?;
    remembered?;
    let minted = invites::mint(&state, caller.by, Minter::of(&caller.key), body?.0).await?;
    Ok((StatusCode::CREATED, Json(minted)))
}

/// `GET /v1/invites`
pub(crate) async fn list(
    caller: ApiCaller<ReadInvites>,
    State(state): State<AppState>,
    query: Query,
) -> Result<Json<Page<Invite>>, ApiError> {
    let request = page_request::<InviteId>(&query)?;
    let filter = InviteFilter {
        campaign_id: query.parse("campaign_id", |text| CampaignId::parse(text).ok())?,
        status: query
            .parse("status", |text| InviteStatus::ALL.into_iter().find(|status| status.as_str() == text))?,
        external_id: query.get("external_id").map(str::to_owned),
    };
    let now = state.now();
    let mut unit = state.store().read().await?;
    let rows = unit.list_invites(state.environment, caller.organization_id(), &filter, &request, now).await?;
    let sees_pii = caller.sees_pii();
    Ok(Json(into_page(rows, &request, |row| row.id.as_str(), |row| row.view(now, sees_pii))))
}

/// `GET /v1/invites/:id`
pub(crate) async fn get(
    caller: ApiCaller<ReadInvites>,
    State(state): State<AppState>,
    PathId(id): PathId<InviteId>,
) -> Result<Json<Invite>, ApiError> {
    let mut unit = state.store().read().await?;
    let invite = invites::find(unit.as_mut(), &state, caller.organization_id(), &id).await?;
    Ok(Json(invite.view(state.now(), caller.sees_pii())))
}

/// `POST /v1/invites/:id/cancel`
pub(crate) async fn cancel(
    caller: ApiCaller<WriteInvites>,
    State(state): State<AppState>,
    PathId(id): PathId<InviteId>,
    _: NoBody,
) -> Result<Json<Invite>, ApiError> {
    invites::cancel(&state, caller.by, Minter::of(&caller.key), id).await.map(Json)
}

/// `POST /v1/invites/batch`
pub(crate) async fn batch(
    caller: ApiCaller<WriteInvites>,
    State(state): State<AppState>,
    JsonBody(body): JsonBody<MintBatch<Value>>,
) -> Result<Json<MintedBatch>, ApiError> {
    invite_batch::mint(&state, caller.by, Minter::of(&caller.key), body).await.map(Json)
}

/// `POST /v1/invites/:id/extend`
pub(crate) async fn extend(
    caller: ApiCaller<WriteInvites>,
    State(state): State<AppState>,
    PathId(id): PathId<InviteId>,
    JsonBody(body): JsonBody<ExtendInvite>,
) -> Result<Json<MintedInvite>, ApiError> {
    invites::extend(&state, caller.by, Minter::of(&caller.key), id, body.expires_in_s).await.map(Json)
}

/// `POST /v1/invites/:id/reissue`
pub(crate) async fn reissue(
    caller: ApiCaller<WriteInvites>,
    State(state): State<AppState>,
    PathId(id): PathId<InviteId>,
    OptionalJsonBody(body): OptionalJsonBody<ReissueInvite>,
) -> Result<Json<MintedInvite>, ApiError> {
    invites::reissue(&state, caller.by, Minter::of(&caller.key), id, body.expires_in_s).await.map(Json)
}
