//! Users, and the tokens by which their sign-ins go on.

use async_trait::async_trait;
use domain::{refresh_token::StoredRefreshToken, user::StoredUser};
use protocol::{
    Environment, Timestamp,
    ids::{GrantId, OrganizationId, UserId},
};

use crate::{PageRequest, StoreError};

/// Users and their grants. A grant is open as long as one of its refresh tokens can still be used; it has no row of
/// its own.
#[async_trait]
pub trait UserRepository {
    /// Adds one.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when another user of the organization has the address, in whatever letter case.
    async fn add_user(&mut self, user: &StoredUser) -> Result<(), StoreError>;

    /// Stores what may change: password, role, status, and when they last signed in.
    ///
    /// # Errors
    /// [`StoreError::Database`] when there is no such user.
    async fn update_user(&mut self, user: &StoredUser) -> Result<(), StoreError>;

    /// By id.
    async fn find_user(&mut self, id: &UserId) -> Result<Option<StoredUser>, StoreError>;

    /// By address, in whatever letter case.
    async fn find_user_by_email(
        &mut self,
        organization: &OrganizationId,
        email: &str,
    ) -> Result<Option<StoredUser>, StoreError>;

    /// Newest first.
    async fn list_users(
        &mut self,
        organization: &OrganizationId,
        page: &PageRequest,
    ) -> Result<Vec<StoredUser>, StoreError>;

    /// The user, if this grant of theirs is open in this environment.
    async fn find_user_of_grant(
        &mut self,
        environment: Environment,
        grant: &GrantId,
        user: &UserId,
    ) -> Result<Option<StoredUser>, StoreError>;

    /// Adds the first token of a grant, or the next one after the one before was used. Removes a few others that have
    /// expired at the time it was issued.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the grant has one that can be used.
    async fn add_refresh_token(&mut self, token: &StoredRefreshToken) -> Result<(), StoreError>;

    /// By hash, in one environment.
    async fn find_refresh_token(
        &mut self,
        environment: Environment,
        hash: &[u8],
    ) -> Result<Option<StoredRefreshToken>, StoreError>;

    /// Uses a token up. Whether it could be: a second use changes nothing.
    async fn use_refresh_token(&mut self, hash: &[u8], now: Timestamp) -> Result<bool, StoreError>;

    /// Takes out of use, for another to take its place, the token that was given for this one. Whether there was one that
    /// nobody had used.
    async fn replace_follower(
        &mut self,
        token: &StoredRefreshToken,
        now: Timestamp,
    ) -> Result<bool, StoreError>;

    /// Ends a grant. Whether it was open.
    async fn revoke_grant(&mut self, grant: &GrantId, now: Timestamp) -> Result<bool, StoreError>;

    /// Ends all grants of a user, in both environments. How many there were.
    async fn revoke_grants_of_user(&mut self, user: &UserId, now: Timestamp) -> Result<u64, StoreError>;
}
