//! Users and their refresh tokens.

use async_trait::async_trait;
use domain::{email, refresh_token::StoredRefreshToken, user::StoredUser};
use protocol::{
    Environment, Timestamp,
    ids::{GrantId, OrganizationId, UserId},
};
use sqlx::AssertSqlSafe;

use super::{
    cells::{Cells, millis},
    link::Row,
    statement::{query, sql, when},
    unit::Unit,
};
use crate::{PageRequest, StoreError, UserRepository};

/// Finds a user by address.
pub(crate) const BY_EMAIL: &str = "SELECT * FROM users WHERE organization_id = $1 AND email_key = $2";

/// Finds a user with an open grant.
pub(crate) const OF_GRANT: &str =
    "SELECT u.* FROM refresh_tokens t JOIN users u ON u.id = t.user_id
     WHERE t.family_id = $1 AND t.used_at IS NULL AND t.revoked_at IS NULL AND t.environment = $2 AND u.id = $3";

/// Removes a few tokens that have expired: more than one for each that is added, so they cannot pile up.
pub(crate) const REMOVE_EXPIRED: &str = "DELETE FROM refresh_tokens WHERE hash IN (
     SELECT hash FROM refresh_tokens WHERE expires_at <= $1 ORDER BY expires_at LIMIT 10)";

/// Takes the token that was given for another out of use. Both times at once say that it was replaced.
pub(crate) const REPLACE_FOLLOWER: &str = "UPDATE refresh_tokens SET used_at = $3, revoked_at = $3
     WHERE family_id = $1 AND follows = $2 AND used_at IS NULL AND revoked_at IS NULL";

/// Ends a grant.
pub(crate) const REVOKE_GRANT: &str = "UPDATE refresh_tokens SET revoked_at = $2
     WHERE family_id = $1 AND used_at IS NULL AND revoked_at IS NULL";

/// Ends all grants of a user.
pub(crate) const REVOKE_OF_USER: &str = "UPDATE refresh_tokens SET revoked_at = $2
     WHERE user_id = $1 AND used_at IS NULL AND revoked_at IS NULL";

/// The statement that lists.
pub(crate) fn list_sql(page: &PageRequest) -> AssertSqlSafe<String> {
    sql(&[
        "SELECT * FROM users WHERE organization_id = $1",
        when(page.before.is_some(), "AND id < $2"),
        "ORDER BY id DESC LIMIT $3",
    ])
}

fn read(row: &Row) -> Result<StoredUser, StoreError> {
    let cells = Cells::new(row, "users", "id");
    Ok(StoredUser {
        id: cells.word("id")?,
        organization_id: cells.word("organization_id")?,
        email: cells.get("email")?,
        password_hash: cells.get("password_hash")?,
        role: cells.word("role")?,
        status: cells.word("status")?,
        created_at: cells.time("created_at")?,
        last_signed_in_at: cells.optional_time("last_signed_in_at")?,
    })
}

fn read_token(row: &Row) -> Result<StoredRefreshToken, StoreError> {
    let cells = Cells::new(row, "refresh_tokens", "family_id");
    Ok(StoredRefreshToken {
        hash: cells.get("hash")?,
        grant_id: cells.word("family_id")?,
        user_id: cells.word("user_id")?,
        environment: cells.word("environment")?,
        issued_at: cells.time("issued_at")?,
        expires_at: cells.time("expires_at")?,
        used_at: cells.optional_time("used_at")?,
        revoked_at: cells.optional_time("revoked_at")?,
        follows: cells.get("follows")?,
    })
}

#[async_trait]
impl UserRepository for Unit<'_> {
    async fn add_user(&mut self, user: &StoredUser) -> Result<(), StoreError> {
        let statement = query(
            "INSERT INTO users (id, organization_id, email, email_key, password_hash, role, status, created_at,
                 last_signed_in_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING",
        )
        .bind(user.id.as_str())
        .bind(user.organization_id.as_str())
        .bind(&user.email)
        .bind(email::key(&user.email))
        .bind(&user.password_hash)
        .bind(user.role.as_str())
        .bind(user.status.as_str())
        .bind(user.created_at.as_millis())
        .bind(millis(user.last_signed_in_at));
        self.insert(statement, "e-mail address of a user").await
    }

    async fn update_user(&mut self, user: &StoredUser) -> Result<(), StoreError> {
        let statement = query(
            "UPDATE users SET password_hash = $2, role = $3, status = $4, last_signed_in_at = $5 WHERE id = $1",
        )
        .bind(user.id.as_str())
        .bind(&user.password_hash)
        .bind(user.role.as_str())
        .bind(user.status.as_str())
        .bind(millis(user.last_signed_in_at));
        self.must_change(statement).await
    }

    async fn find_user(&mut self, id: &UserId) -> Result<Option<StoredUser>, StoreError> {
        self.find(query("SELECT * FROM users WHERE id = $1").bind(id.as_str()), read).await
    }

    async fn find_user_by_email(
        &mut self,
        organization: &OrganizationId,
        email: &str,
    ) -> Result<Option<StoredUser>, StoreError> {
        let statement = query(BY_EMAIL).bind(organization.as_str()).bind(email::key(email));
        self.find(statement, read).await
    }

    async fn list_users(
        &mut self,
        organization: &OrganizationId,
        page: &PageRequest,
    ) -> Result<Vec<StoredUser>, StoreError> {
        let statement = query(list_sql(page)).bind(organization.as_str()).bind(&page.before).bind(page.limit);
        self.list(statement, read).await
    }

    async fn find_user_of_grant(
        &mut self,
        environment: Environment,
        grant: &GrantId,
        user: &UserId,
    ) -> Result<Option<StoredUser>, StoreError> {
        let statement = query(OF_GRANT).bind(grant.as_str()).bind(environment.as_str()).bind(user.as_str());
        self.find(statement, read).await
    }

    async fn add_refresh_token(&mut self, token: &StoredRefreshToken) -> Result<(), StoreError> {
        self.change(query(REMOVE_EXPIRED).bind(token.issued_at.as_millis())).await?;
        let statement = query(
            "INSERT INTO refresh_tokens (hash, family_id, user_id, environment, issued_at, expires_at, used_at,
                 revoked_at, follows)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING",
        )
        .bind(&token.hash)
        .bind(token.grant_id.as_str())
        .bind(token.user_id.as_str())
        .bind(token.environment.as_str())
        .bind(token.issued_at.as_millis())
        .bind(token.expires_at.as_millis())
        .bind(millis(token.used_at))
        .bind(millis(token.revoked_at))
        .bind(&token.follows);
        self.insert(statement, "refresh token").await
    }

    async fn find_refresh_token(
        &mut self,
        environment: Environment,
        hash: &[u8],
    ) -> Result<Option<StoredRefreshToken>, StoreError> {
        let statement = query("SELECT * FROM refresh_tokens WHERE hash = $1 AND environment = $2")
            .bind(hash)
            .bind(environment.as_str());
        self.find(statement, read_token).await
    }

    async fn use_refresh_token(&mut self, hash: &[u8], now: Timestamp) -> Result<bool, StoreError> {
        let statement = query(
            "UPDATE refresh_tokens SET used_at = $2 WHERE hash = $1 AND used_at IS NULL AND revoked_at IS NULL",
        )
        .bind(hash)
        .bind(now.as_millis());
        self.change(statement).await
    }

    async fn replace_follower(
        &mut self,
        token: &StoredRefreshToken,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let statement =
            query(REPLACE_FOLLOWER).bind(token.grant_id.as_str()).bind(&token.hash).bind(now.as_millis());
        self.change(statement).await
    }

    async fn revoke_grant(&mut self, grant: &GrantId, now: Timestamp) -> Result<bool, StoreError> {
        self.change(query(REVOKE_GRANT).bind(grant.as_str()).bind(now.as_millis())).await
    }

    async fn revoke_grants_of_user(&mut self, user: &UserId, now: Timestamp) -> Result<u64, StoreError> {
        self.change_many(query(REVOKE_OF_USER).bind(user.as_str()).bind(now.as_millis())).await
    }
}
