//! Users who are signed in.

use domain::user::Role;
use protocol::{
    Environment,
    ids::{OrganizationId, UserId},
};

use crate::{error::PlainError, state::AppState};

/// A user whose access token is good now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bearer {
    /// Who.
    pub user_id: UserId,
    /// Whose user.
    pub organization_id: OrganizationId,
    /// Where they are signed in.
    pub environment: Environment,
    /// What they may do, as of now.
    pub role: Role,
}

/// The user of an access token, for somebody who has shown an API key of `organization_id`. The token says who; the
/// database says whether that still holds: the user is there, active and of the role that the token was given for, and
/// the sign-in that it came of goes on.
///
/// # Errors
/// 401 for everything that is not so, and 503 when the database cannot tell.
pub async fn verify(
    state: &AppState,
    organization_id: &OrganizationId,
    token: &str,
) -> Result<Bearer, PlainError> {
    let claims = state.tokens.verify_access(token, state.shared.clock.as_ref());
    let claims =
        claims.filter(|claims| &claims.org == organization_id).ok_or_else(PlainError::unauthorized)?;
    let mut unit = state.store().read().await?;
    let user = unit.find_user_of_grant(state.environment, &claims.sid, &claims.sub).await?;
    let user = user.filter(|user| user.is_active_in(organization_id) && user.role == claims.role);
    let user = user.ok_or_else(PlainError::unauthorized)?;
    Ok(Bearer {
        user_id: user.id,
        organization_id: user.organization_id,
        environment: state.environment,
        role: user.role,
    })
}
