//! Users: made and disabled, by the operator.

use std::sync::Arc;

use domain::{
    random::{Entropy, new_id},
    user::{Role, StoredUser, UserStatus, check_new_user},
};
use protocol::{
    Environment, ErrorCode, Timestamp,
    audit::AuditAction,
    ids::{OrganizationId, UserId},
    user::Password,
};
use storage::{Store, StoreError, UnitOfWork};

use crate::{auth::passwords::Passwords, error::ApiError, operations::by::By};

/// Who is to become a user.
#[derive(Debug)]
pub struct NewUser {
    /// Of which organization.
    pub organization_id: OrganizationId,
    /// What they sign in with.
    pub email: String,
    /// What else they sign in with.
    pub password: Password,
    /// What they may do.
    pub role: Role,
}

/// Makes a user.
///
/// # Errors
/// 422 with each fault of address and password, 409 when the organization has a user with that address.
pub async fn create(
    store: &dyn Store,
    entropy: &Arc<dyn Entropy>,
    passwords: &Passwords,
    new: NewUser,
    now: Timestamp,
) -> Result<StoredUser, ApiError> {
    ApiError::check(check_new_user(&new.email, &new.password))?;
    let hash = passwords.hash(new.password).await;
    let user = StoredUser {
        id: new_id(now, entropy.as_ref()),
        organization_id: new.organization_id,
        email: new.email,
        password_hash: hash.ok_or_else(|| ApiError::internal(&"a password could not be hashed"))?,
        role: new.role,
        status: UserStatus::Active,
        created_at: now,
        last_signed_in_at: None,
    };
    let entropy = Arc::clone(entropy);
    storage::write(store, move |unit| {
        Box::pin(async move {
            unit.add_user(&user).await.map_err(taken)?;
            note(unit, entropy.as_ref(), now, AuditAction::UserCreated, &user).await?;
            Ok(user)
        })
    })
    .await
}

/// Lets a user sign in no more, and ends all that they have signed in to. Doing so again changes nothing.
///
/// # Errors
/// 404.
pub async fn disable(
    store: &dyn Store,
    entropy: &Arc<dyn Entropy>,
    id: UserId,
    now: Timestamp,
) -> Result<StoredUser, ApiError> {
    let entropy = Arc::clone(entropy);
    storage::write(store, move |unit| {
        Box::pin(async move {
            let user = unit.find_user(&id).await?.ok_or_else(ApiError::not_found)?;
            if user.status == UserStatus::Disabled {
                return Ok(user);
            }
            let user = StoredUser { status: UserStatus::Disabled, ..user };
            unit.update_user(&user).await?;
            unit.revoke_grants_of_user(&user.id, now).await?;
            note(unit, entropy.as_ref(), now, AuditAction::UserDisabled, &user).await?;
            Ok(user)
        })
    })
    .await
}

/// In the logs of both environments, since a user is one of both.
async fn note(
    unit: &mut dyn UnitOfWork,
    entropy: &dyn Entropy,
    now: Timestamp,
    action: AuditAction,
    user: &StoredUser,
) -> Result<(), ApiError> {
    for environment in Environment::ALL {
        let by = By::cli(environment, user.organization_id.clone());
        by.note(unit, entropy, now, action, &user.id).await?;
    }
    Ok(())
}

fn taken(error: StoreError) -> ApiError {
    match error {
        StoreError::Conflict { .. } => ApiError::with_message(
            ErrorCode::Conflict,
            "The organization has a user with this address already.",
        ),
        error => error.into(),
    }
}
