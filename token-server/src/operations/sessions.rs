//! Sessions, for the customer.

use domain::session::StoredSession;
use protocol::ids::{OrganizationId, SessionId};
use storage::UnitOfWork;

use crate::{error::ApiError, state::AppState};

/// The session, if it is there and the caller's.
///
/// # Errors
/// 404 and 403.
pub async fn find(
    unit: &mut dyn UnitOfWork,
    state: &AppState,
    owner: &OrganizationId,
    id: &SessionId,
) -> Result<StoredSession, ApiError> {
    let session = unit.find_session(state.environment, id).await?.ok_or_else(ApiError::not_found)?;
    if &session.organization_id == owner { Ok(session) } else { Err(ApiError::forbidden()) }
}
