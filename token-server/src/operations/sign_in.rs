//! Sign-in: a password becomes a pair of tokens, a refresh token the next pair, and a logout ends them all.

use std::net::IpAddr;

use aws_lc_rs::digest::{SHA256, digest};
use domain::{
    audit::Cause,
    refresh_token::{RefreshSecret, RefreshState, StoredRefreshToken},
    user::StoredUser,
};
use protocol::{
    audit::AuditAction,
    ids::{GrantId, OrganizationId},
    user::Password,
};
use storage::UnitOfWork;

pub use protocol::user::SignedIn;

use crate::{
    error::{ApiError, PlainError},
    operations::by::By,
    state::AppState,
    tokens::{AccessClaims, TokenKind},
};

/// How long an access token is good: 15 minutes.
pub const ACCESS_TOKEN_LIFE_S: u32 = 900;

/// Signs a user of the caller's organization in with their password. `address` is where the request comes from.
///
/// # Errors
/// 401 for a wrong address or password, which take as long as each other, for a disabled user, and for a key that has ended
/// meanwhile; 429 with the time to wait after too many tries.
pub async fn login(
    state: &AppState,
    by: &By,
    address: Option<IpAddr>,
    email: &str,
    password: &str,
) -> Result<SignedIn, PlainError> {
    let organization_id = by.organization_id();
    let attempt = state.shared.guesses.attempt(organization_id, email, address);
    attempt.map_err(PlainError::too_many_requests)?;
    let found = state.store().read().await?.find_user_by_email(organization_id, email).await?;
    let hash = found.as_ref().map(|user| user.password_hash.clone());
    let is_right = state.shared.passwords.verify(Password::new(password), hash).await;
    let proven = found.filter(|_| is_right).ok_or_else(PlainError::unauthorized)?;
    let (app, owner, now) = (state.clone(), organization_id.clone(), state.now());
    let secret = RefreshSecret::generate(state.shared.entropy.as_ref());
    let grant: GrantId = state.new_id();
    let token = issue(state, &secret, &grant, &proven);
    let by = by.clone();
    let user = storage::write::<_, PlainError, _>(state.store(), move |unit| {
        Box::pin(async move {
            // Hashing takes its time, and somebody may have revoked the key or changed the user meanwhile.
            by.check(unit).await?;
            let user = unit.find_user(&proven.id).await?;
            let user =
                user.filter(|user| user.is_active_in(&owner) && user.password_hash == proven.password_hash);
            let user = user.ok_or_else(PlainError::unauthorized)?;
            let user = StoredUser { last_signed_in_at: Some(now), ..user };
            unit.update_user(&user).await?;
            unit.add_refresh_token(&token).await?;
            let cause = Cause::user(&user.id, address.map(|address| address.to_string()));
            note(unit, &app, cause, AuditAction::UserSignedIn, &user).await?;
            Ok(user)
        })
    })
    .await?;
    signed_in(state, &user, &grant, &secret)
}

/// Gives the next pair of tokens for a refresh token, which is thereby used up. For one that was used a moment ago, as when the
/// answer was lost, it gives another pair in place of the one before, if that was not used.
///
/// # Errors
/// 401 for one that is unknown, of another organization or environment, or over; for any other that was used, and then the
/// whole sign-in ends.
pub async fn refresh(
    state: &AppState,
    organization_id: &OrganizationId,
    refresh_token: &str,
) -> Result<SignedIn, PlainError> {
    let sent = RefreshSecret::parse(refresh_token).ok_or_else(PlainError::unauthorized)?;
    let (app, owner) = (state.clone(), organization_id.clone());
    let secret = RefreshSecret::generate(state.shared.entropy.as_ref());
    let next = secret.clone();
    // That a grant ends is kept, so it is no error of the job.
    let renewed = storage::write::<_, PlainError, _>(state.store(), move |unit| {
        Box::pin(async move {
            let now = app.now();
            let Some((token, user)) = find(unit, &app, &owner, &sent).await? else { return Ok(None) };
            let state = token.state_at(now);
            let is_refused = match state {
                RefreshState::Open => {
                    !user.is_active_in(&owner) || !unit.use_refresh_token(&token.hash, now).await?
                }
                RefreshState::JustUsed => !user.is_active_in(&owner),
                RefreshState::Over => true,
                RefreshState::Reused => false,
            };
            if is_refused {
                return Ok(None);
            }
            let is_retry = state == RefreshState::JustUsed && unit.replace_follower(&token, now).await?;
            if is_retry || state == RefreshState::Open {
                let issued = issue(&app, &next, &token.grant_id, &user).following(token.hash);
                unit.add_refresh_token(&issued).await?;
                return Ok(Some((user, token.grant_id)));
            }
            // Said once: a grant that has ended stays so.
            if unit.revoke_grant(&token.grant_id, now).await? {
                note(unit, &app, Cause::system(), AuditAction::UserRefreshTokenReused, &user).await?;
            }
            Ok(None)
        })
    })
    .await?;
    let (user, grant) = renewed.ok_or_else(PlainError::unauthorized)?;
    signed_in(state, &user, &grant, &secret)
}

/// Ends the sign-in that a refresh token belongs to, used or not. Doing so again is no error.
///
/// # Errors
/// 401 for one that is unknown, or of another organization or environment.
pub async fn logout(
    state: &AppState,
    organization_id: &OrganizationId,
    refresh_token: &str,
) -> Result<(), PlainError> {
    let sent = RefreshSecret::parse(refresh_token).ok_or_else(PlainError::unauthorized)?;
    let (app, owner) = (state.clone(), organization_id.clone());
    storage::write(state.store(), move |unit| {
        Box::pin(async move {
            let found = find(unit, &app, &owner, &sent).await?;
            let (token, _) = found.ok_or_else(PlainError::unauthorized)?;
            unit.revoke_grant(&token.grant_id, app.now()).await?;
            Ok(())
        })
    })
    .await
}

/// The token and its user, if they are of this environment and organization.
async fn find(
    unit: &mut dyn UnitOfWork,
    state: &AppState,
    owner: &OrganizationId,
    sent: &RefreshSecret,
) -> Result<Option<(StoredRefreshToken, StoredUser)>, PlainError> {
    let Some(token) = unit.find_refresh_token(state.environment, &hash(sent)).await? else { return Ok(None) };
    let user = unit.find_user(&token.user_id).await?;
    Ok(user.filter(|user| &user.organization_id == owner).map(|user| (token, user)))
}

fn issue(state: &AppState, secret: &RefreshSecret, grant: &GrantId, user: &StoredUser) -> StoredRefreshToken {
    let (grant, user) = (grant.clone(), user.id.clone());
    StoredRefreshToken::issue(hash(secret), grant, user, state.environment, state.now())
}

fn hash(secret: &RefreshSecret) -> Vec<u8> {
    digest(&SHA256, secret.expose().as_bytes()).as_ref().to_vec()
}

/// Adds to the audit log what the sign-in of a user has come to.
async fn note(
    unit: &mut dyn UnitOfWork,
    state: &AppState,
    cause: Cause,
    action: AuditAction,
    user: &StoredUser,
) -> Result<(), PlainError> {
    let by = By::caller(cause, state.environment, user.organization_id.clone(), None);
    Ok(by.note(unit, state.shared.entropy.as_ref(), state.now(), action, &user.id).await?)
}

/// The answer: what was stored is on disk.
fn signed_in(
    state: &AppState,
    user: &StoredUser,
    grant: &GrantId,
    secret: &RefreshSecret,
) -> Result<SignedIn, PlainError> {
    let (issuer, now) = (state.tokens.issuer(), state.now());
    let claims = AccessClaims::for_user(issuer, state.environment, user, grant, now, ACCESS_TOKEN_LIFE_S);
    let token = state.tokens.sign(TokenKind::Access, &claims);
    Ok(SignedIn {
        token: token.map_err(|error| ApiError::internal(&error))?,
        token_type: "Bearer".to_owned(),
        expires_in: ACCESS_TOKEN_LIFE_S,
        refresh_token: secret.expose().to_owned(),
    })
}
