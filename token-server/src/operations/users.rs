//! Users: made and changed, by the operator.

use std::sync::Arc;

use domain::{
    random::{Entropy, new_id},
    user::{Role, StoredUser, UserStatus, check_new_user, check_password},
};
use protocol::{Environment, ErrorCode, Timestamp, audit::AuditAction, ids::UserId, user::Password};
use storage::{Store, StoreError, UnitOfWork};

use crate::{
    auth::passwords::Passwords,
    error::ApiError,
    operations::{by::By, organizations::Owner},
};

/// Who is to become a user.
#[derive(Debug)]
pub struct NewUser {
    /// Of which organization.
    pub owner: Owner,
    /// What they sign in with.
    pub email: String,
    /// What else they sign in with.
    pub password: Password,
    /// What they may do.
    pub role: Role,
}

/// Makes a user, and their organization when that is new.
///
/// # Errors
/// 422 with each fault of address and password, 409 when the organization has a user with that address, and those of
/// [`Owner::find_or_add`].
pub async fn create(
    store: &dyn Store,
    entropy: &Arc<dyn Entropy>,
    passwords: &Passwords,
    new: NewUser,
    now: Timestamp,
) -> Result<StoredUser, ApiError> {
    let NewUser { owner, email, password, role } = new;
    let mut faults = owner.faults(store).await?;
    faults.extend(check_new_user(&email, &password));
    ApiError::check(faults)?;
    let hash = passwords.hash(password).await;
    let password_hash = hash.ok_or_else(|| ApiError::internal(&"a password could not be hashed"))?;
    let entropy = Arc::clone(entropy);
    storage::write(store, move |unit| {
        Box::pin(async move {
            let user = StoredUser {
                id: new_id(now, entropy.as_ref()),
                organization_id: owner.find_or_add(unit, entropy.as_ref(), now).await?.id,
                email,
                password_hash,
                role,
                status: UserStatus::Active,
                created_at: now,
                last_signed_in_at: None,
            };
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
    let change = |user| StoredUser { status: UserStatus::Disabled, ..user };
    update(store, entropy, id, now, AuditAction::UserDisabled, change).await
}

/// Lets a user sign in again, with the password they had. Doing so again changes nothing.
///
/// # Errors
/// 404.
pub async fn enable(
    store: &dyn Store,
    entropy: &Arc<dyn Entropy>,
    id: UserId,
    now: Timestamp,
) -> Result<StoredUser, ApiError> {
    let change = |user| StoredUser { status: UserStatus::Active, ..user };
    update(store, entropy, id, now, AuditAction::UserEnabled, change).await
}

/// Gives a user another role. Access tokens of the old one fail from the next request on; a refresh gives one of the new.
/// Doing so again changes nothing.
///
/// # Errors
/// 404.
pub async fn set_role(
    store: &dyn Store,
    entropy: &Arc<dyn Entropy>,
    id: UserId,
    role: Role,
    now: Timestamp,
) -> Result<StoredUser, ApiError> {
    update(store, entropy, id, now, AuditAction::UserRoleChanged, move |user| StoredUser { role, ..user })
        .await
}

/// Gives a user another password, and ends all that they have signed in to.
///
/// # Errors
/// 404, 422 with each fault of the password.
pub async fn set_password(
    store: &dyn Store,
    entropy: &Arc<dyn Entropy>,
    passwords: &Passwords,
    id: UserId,
    password: Password,
    now: Timestamp,
) -> Result<StoredUser, ApiError> {
    let known = store.read().await?.find_user(&id).await?.ok_or_else(ApiError::not_found)?;
    ApiError::check(check_password(&known.email, &password))?;
    let hash = passwords.hash(password).await;
    let password_hash = hash.ok_or_else(|| ApiError::internal(&"a password could not be hashed"))?;
    let change = |user| StoredUser { password_hash, ..user };
    update(store, entropy, id, now, AuditAction::UserPasswordChanged, change).await
}

/// Changes a user, and tells of it unless they are so already. What they may do no longer, or may do by another password
/// only, ends.
async fn update(
    store: &dyn Store,
    entropy: &Arc<dyn Entropy>,
    id: UserId,
    now: Timestamp,
    action: AuditAction,
    change: impl FnOnce(StoredUser) -> StoredUser + Send + 'static,
) -> Result<StoredUser, ApiError> {
    let entropy = Arc::clone(entropy);
    storage::write(store, move |unit| {
        Box::pin(async move {
            let before = unit.find_user(&id).await?.ok_or_else(ApiError::not_found)?;
            let user = change(before.clone());
            if user == before {
                return Ok(user);
            }
            unit.update_user(&user).await?;
            if user.status == UserStatus::Disabled || user.password_hash != before.password_hash {
                unit.revoke_grants_of_user(&user.id, now).await?;
            }
            note(unit, entropy.as_ref(), now, action, &user).await?;
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
