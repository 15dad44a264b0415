//! `/v1/audit-log`

use axum::{Json, extract::State};
use protocol::{
    Timestamp,
    audit::{AuditAction, AuditEvent},
    ids::AuditEventId,
    list::Page,
};
use storage::AuditFilter;

use crate::{
    auth::api_key::{ApiCaller, ReadOrganization},
    error::ApiError,
    extract::Query,
    operations::{into_page, page_request},
    state::AppState,
};

/// `GET /v1/audit-log`: who changed what, newest first.
pub(crate) async fn list(
    caller: ApiCaller<ReadOrganization>,
    State(state): State<AppState>,
    query: Query,
) -> Result<Json<Page<AuditEvent>>, ApiError> {
    let request = page_request::<AuditEventId>(&query)?;
    let time = |name| query.parse(name, |text| Timestamp::parse(text).ok());
    let filter = AuditFilter {
        actor_id: query.get("actor").map(str::to_owned),
        action: query.parse("action", |text| {
            AuditAction::ALL.iter().copied().find(|action| action.as_str() == text)
        })?,
        target_id: query.get("target_id").map(str::to_owned),
        from: time("from")?,
        to: time("to")?,
    };
    let mut unit = state.store().read().await?;
    let owner = caller.organization_id();
    let rows = unit.list_audit_events(state.environment, owner, &filter, &request).await?;
    Ok(Json(into_page(rows, &request, |row| row.event.id.as_str(), |row| row.event.clone())))
}
