//! `/v1/campaigns`

use axum::{
    Json,
    extract::{FromRequestParts, State},
    http::{HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use domain::campaign::{CampaignMove, StoredCampaign};
use protocol::{
    ErrorCode, Timestamp,
    analytics::CampaignAnalytics,
    audit::AuditAction,
    campaign::{Campaign, CampaignStatus, CreateCampaign, UpdateCampaign},
    ids::CampaignId,
    list::Page,
};
use storage::CampaignFilter;

use crate::{
    auth::api_key::{ApiCaller, ReadCampaigns, ReadSessions, WriteCampaigns},
    error::ApiError,
    extract::{JsonBody, NoBody, PathId, Query},
    operations::{
        analytics,
        campaigns::{self, Counted, IfMatch, etag},
        into_page, page_request,
    },
    state::AppState,
};

/// The header `If-Match`, if it was sent; on several lines it is one list (RFC 9110 §5.3).
#[derive(Debug)]
pub(crate) struct Precondition(pub(crate) Option<IfMatch>);

impl<S: Send + Sync> FromRequestParts<S> for Precondition {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, ApiError> {
        let lines = parts.headers.get_all(header::IF_MATCH).iter();
        let lines: Vec<_> = lines.map(|line| line.to_str().unwrap_or_default()).collect();
        Ok(Self((!lines.is_empty()).then(|| IfMatch(lines.join(",")))))
    }
}

/// A campaign with its `ETag`.
pub(crate) fn with_etag(status: StatusCode, counted: &Counted) -> Response {
    let mut response = (status, Json(counted.view())).into_response();
    if let Ok(tag) = HeaderValue::from_str(&etag(&counted.campaign)) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}

/// `POST /v1/campaigns`
pub(crate) async fn create(
    caller: ApiCaller<WriteCampaigns>,
    State(state): State<AppState>,
    JsonBody(body): JsonBody<CreateCampaign>,
) -> Result<Response, ApiError> {
    let campaign = campaigns::add(&state, caller.by, body, None).await?;
    Ok(with_etag(StatusCode::CREATED, &campaign))
}

/// `GET /v1/campaigns`
pub(crate) async fn list(
    caller: ApiCaller<ReadCampaigns>,
    State(state): State<AppState>,
    query: Query,
) -> Result<Json<Page<Campaign>>, ApiError> {
    let request = page_request::<CampaignId>(&query)?;
    let status = query.parse("status", |text| {
        use CampaignStatus::{Active, Archived, Completed, Draft, Paused};
        [Draft, Active, Paused, Completed, Archived].into_iter().find(|status| status.as_str() == text)
    })?;
    let mut unit = state.store().read().await?;
    let filter = CampaignFilter { status };
    let rows = campaigns::list(unit.as_mut(), &state, caller.organization_id(), &filter, &request).await?;
    let rows = campaigns::counted(unit.as_mut(), &state, rows).await?;
    Ok(Json(into_page(rows, &request, |row| row.campaign.id.as_str(), Counted::view)))
}

/// `GET /v1/campaigns/:id`
pub(crate) async fn get(
    caller: ApiCaller<ReadCampaigns>,
    State(state): State<AppState>,
    PathId(id): PathId<CampaignId>,
) -> Result<Response, ApiError> {
    let mut unit = state.store().read().await?;
    let owner = caller.organization_id();
    let campaign = campaigns::find(unit.as_mut(), state.environment, owner, &id, None).await?;
    let abandoned = campaigns::abandoned(unit.as_mut(), &campaign, state.now()).await?;
    Ok(with_etag(StatusCode::OK, &Counted { campaign, abandoned }))
}

/// `GET /v1/campaigns/:id/analytics`
pub(crate) async fn analytics(
    caller: ApiCaller<ReadSessions>,
    State(state): State<AppState>,
    PathId(id): PathId<CampaignId>,
    query: Query,
) -> Result<Json<CampaignAnalytics>, ApiError> {
    let time = |name| query.parse(name, |text| Timestamp::parse(text).ok());
    let span = (time("from")?, time("to")?);
    analytics::of(&state, &caller.by, &id, span).await.map(Json)
}

/// `PATCH /v1/campaigns/:id`
pub(crate) async fn update(
    caller: ApiCaller<WriteCampaigns>,
    State(state): State<AppState>,
    PathId(id): PathId<CampaignId>,
    Precondition(if_match): Precondition,
    JsonBody(body): JsonBody<UpdateCampaign>,
) -> Result<Response, ApiError> {
    let action = AuditAction::CampaignUpdated;
    change(&state, caller, id, if_match, action, move |campaign| campaigns::update(campaign, body)).await
}

/// `POST /v1/campaigns/:id/activate`
pub(crate) async fn activate(
    caller: ApiCaller<WriteCampaigns>,
    State(state): State<AppState>,
    PathId(id): PathId<CampaignId>,
    Precondition(if_match): Precondition,
    _: NoBody,
) -> Result<Response, ApiError> {
    step(&state, caller, id, if_match, AuditAction::CampaignActivated, CampaignMove::Activate).await
}

/// `POST /v1/campaigns/:id/pause`
pub(crate) async fn pause(
    caller: ApiCaller<WriteCampaigns>,
    State(state): State<AppState>,
    PathId(id): PathId<CampaignId>,
    Precondition(if_match): Precondition,
    _: NoBody,
) -> Result<Response, ApiError> {
    step(&state, caller, id, if_match, AuditAction::CampaignPaused, CampaignMove::Pause).await
}

/// `POST /v1/campaigns/:id/complete`
pub(crate) async fn complete(
    caller: ApiCaller<WriteCampaigns>,
    State(state): State<AppState>,
    PathId(id): PathId<CampaignId>,
    Precondition(if_match): Precondition,
    _: NoBody,
) -> Result<Response, ApiError> {
    step(&state, caller, id, if_match, AuditAction::CampaignCompleted, CampaignMove::Complete).await
}

/// `POST /v1/campaigns/:id/archive`
pub(crate) async fn archive(
    caller: ApiCaller<WriteCampaigns>,
    State(state): State<AppState>,
    PathId(id): PathId<CampaignId>,
    Precondition(if_match): Precondition,
    _: NoBody,
) -> Result<Response, ApiError> {
    step(&state, caller, id, if_match, AuditAction::CampaignArchived, CampaignMove::Archive).await
}

/// Moves a campaign along its life cycle.
async fn step(
    state: &AppState,
    caller: ApiCaller<WriteCampaigns>,
    id: CampaignId,
    if_match: Option<IfMatch>,
    action: AuditAction,
    step: CampaignMove,
) -> Result<Response, ApiError> {
    change(state, caller, id, if_match, action, move |campaign| campaigns::advance(campaign, step)).await
}

async fn change(
    state: &AppState,
    caller: ApiCaller<WriteCampaigns>,
    id: CampaignId,
    if_match: Option<IfMatch>,
    action: AuditAction,
    apply: impl FnOnce(&mut StoredCampaign) -> Result<(), ApiError> + Send + 'static,
) -> Result<Response, ApiError> {
    let campaign = campaigns::change(state, caller.by, id, if_match, action, apply).await?;
    Ok(with_etag(StatusCode::OK, &campaign))
}

/// `DELETE /v1/campaigns/:id`: only one that never invited anybody; others are archived.
pub(crate) async fn delete(
    caller: ApiCaller<WriteCampaigns>,
    State(state): State<AppState>,
    PathId(id): PathId<CampaignId>,
    Precondition(if_match): Precondition,
) -> Result<StatusCode, ApiError> {
    let (app, now) = (state.clone(), state.now());
    caller
        .by
        .clone()
        .change(state.store(), move |unit| {
            Box::pin(async move {
                let owner = caller.organization_id();
                campaigns::find(unit, app.environment, owner, &id, if_match.as_ref()).await?;
                if unit.delete_campaign(app.environment, &id).await? {
                    let (entropy, action) = (app.shared.entropy.as_ref(), AuditAction::CampaignDeleted);
                    return caller.by.note(unit, entropy, now, action, &id).await;
                }
                let message = "A campaign with invites cannot be deleted. Complete and archive it instead.";
                Err(ApiError::with_message(ErrorCode::Conflict, message))
            })
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
