//! `/v1/campaigns/:id/guide` and `/publish`

use axum::{
    Json,
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use domain::campaign::StoredCampaign;
use protocol::{
    Timestamp, audit::AuditAction, campaign::PublishedGuide, error::ErrorDetail, ids::CampaignId,
};
use serde::Serialize;
use serde_json::{Value, value::RawValue};

use super::campaigns::Precondition;
use crate::{
    auth::api_key::{ApiCaller, ReadCampaigns, WriteCampaigns},
    error::ApiError,
    extract::{JsonBody, NoBody, PathId},
    operations::{campaigns, guides},
    state::AppState,
};

/// Answer to `PUT …/guide`: it is stored; these faults would stop its publication.
#[derive(Debug, Serialize)]
pub(crate) struct UploadedGuide {
    campaign_id: CampaignId,
    faults: Vec<ErrorDetail>,
    updated_at: Timestamp,
}

/// `PUT /v1/campaigns/:id/guide`: stores the draft. Its shape must be right; its sense may still be wrong.
pub(crate) async fn put(
    caller: ApiCaller<WriteCampaigns>,
    State(state): State<AppState>,
    PathId(id): PathId<CampaignId>,
    Precondition(if_match): Precondition,
    JsonBody(body): JsonBody<Value>,
) -> Result<Response, ApiError> {
    let (environment, now) = (state.environment, state.now());
    let campaign_id = id.clone();
    // Who may not change this campaign is told so before anything is said about the body.
    let mut unit = state.store().read().await?;
    campaigns::find(unit.as_mut(), environment, caller.organization_id(), &id, None).await?;
    drop(unit);
    let (json, faults) = campaigns::read_guide(body).await?;
    let app = state.clone();
    let campaign = caller
        .by
        .clone()
        .change(state.store(), move |unit| {
            Box::pin(async move {
                let owner = caller.organization_id();
                let mut campaign = campaigns::find(unit, environment, owner, &id, if_match.as_ref()).await?;
                guides::check_open(&campaign)?;
                let before = unit.find_guide_draft(environment, &id).await?;
                unit.put_guide_draft(environment, &id, &json, now).await?;
                // Whoever has read the campaign before must not publish, or replace, what they have not seen.
                if before.as_ref() != Some(&json) {
                    campaigns::save(unit, &mut campaign, now).await?;
                }
                let entropy = app.shared.entropy.as_ref();
                caller.by.note(unit, entropy, now, AuditAction::GuideUpdated, &id).await?;
                Ok(campaign)
            })
        })
        .await?;
    let uploaded =
        UploadedGuide { campaign_id, faults: ApiError::invalid_guide(faults).details, updated_at: now };
    Ok(tagged(&campaign, Json(uploaded).into_response()))
}

/// An answer with the campaign's `ETag`.
fn tagged(campaign: &StoredCampaign, mut response: Response) -> Response {
    if let Ok(tag) = HeaderValue::from_str(&campaigns::etag(campaign)) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}

/// `GET /v1/campaigns/:id/guide`: the draft.
pub(crate) async fn get(
    caller: ApiCaller<ReadCampaigns>,
    State(state): State<AppState>,
    PathId(id): PathId<CampaignId>,
) -> Result<Response, ApiError> {
    let mut unit = state.store().read().await?;
    let owner = caller.organization_id();
    let campaign = campaigns::find(unit.as_mut(), state.environment, owner, &id, None).await?;
    let json = unit.find_guide_draft(state.environment, &id).await?.ok_or_else(ApiError::not_found)?;
    let guide = RawValue::from_string(json).map_err(|error| ApiError::internal(&error))?;
    Ok(tagged(&campaign, Json(guide).into_response()))
}

/// `POST /v1/campaigns/:id/publish`: makes the draft a version that never changes.
pub(crate) async fn publish(
    caller: ApiCaller<WriteCampaigns>,
    State(state): State<AppState>,
    PathId(id): PathId<CampaignId>,
    Precondition(if_match): Precondition,
    _: NoBody,
) -> Result<Json<PublishedGuide>, ApiError> {
    guides::publish_draft(&state, caller.by, id, if_match).await.map(Json)
}

/// `GET /schemas/guide/1.json`
pub(crate) async fn schema() -> Response {
    let json = HeaderValue::from_static("application/schema+json");
    ([(header::CONTENT_TYPE, json)], domain::guide::SCHEMA_JSON).into_response()
}
