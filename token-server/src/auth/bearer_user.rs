//! Users who are signed in.

use domain::user::Role;
use protocol::{
    Environment,
    ids::{GrantId, OrganizationId, UserId},
};
use storage::{StoreError, UnitOfWork};

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
    /// The sign-in that the token came of.
    pub grant_id: GrantId,
}

impl Bearer {
    /// Whether the database still says so: the user is there, active and of this role, and the sign-in goes on.
    ///
    /// # Errors
    /// When the database cannot tell.
    pub async fn still_holds(&self, unit: &mut dyn UnitOfWork) -> Result<bool, StoreError> {
        let user = unit.find_user_of_grant(self.environment, &self.grant_id, &self.user_id).await?;
        Ok(user.is_some_and(|user| user.is_active_in(&self.organization_id) && user.role == self.role))
    }
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
    let bearer = Bearer {
        user_id: claims.sub,
        organization_id: claims.org,
        environment: state.environment,
        role: claims.role,
        grant_id: claims.sid,
    };
    let holds = bearer.still_holds(state.store().read().await?.as_mut()).await?;
    if holds { Ok(bearer) } else { Err(PlainError::unauthorized()) }
}
