//! API keys: made, rotated and revoked.

use std::sync::Arc;

use axum::http::StatusCode;
use domain::{
    api_key::{DEFAULT_OVERLAP_HOURS, KeySecret, MAX_OVERLAP_HOURS, StoredApiKey, check_new_key, scopes_of},
    fault::Fault,
    organization::Organization,
    random::{Entropy, new_id},
};
use protocol::{
    Environment, ErrorCode, Timestamp,
    api_key::{CreateApiKey, CreatedApiKey, KeyKind, KeyStatus, RotateApiKey},
    audit::AuditAction,
    ids::{ApiKeyId, OrganizationId},
    webhook::EventType,
};
use storage::{Store, UnitOfWork};

use crate::{
    error::ApiError,
    idempotency::Reply,
    operations::{
        by::By,
        events::{of_key, tell_ended},
    },
};

/// bcrypt's cost: 2^10 rounds, about 60 ms; the secret has 190 random bits, so more would only slow us down.
const BCRYPT_COST: u32 = 10;

/// Makes a key. The secret is in the result and nowhere else.
///
/// # Errors
/// 422 with each fault of the request; 403 `plan_limit_exceeded`.
pub async fn create(
    store: &dyn Store,
    entropy: &Arc<dyn Entropy>,
    by: By,
    organization: Organization,
    body: CreateApiKey,
    now: Timestamp,
) -> Result<CreatedApiKey, ApiError> {
    // Before anything is said about the body, and before the hash, which is dear.
    by.check(store.read().await?.as_mut()).await?;
    let environment = by.environment();
    let kind = body.kind.unwrap_or(KeyKind::Standard);
    let mut faults = check_new_key(&body.name, kind, body.scopes.as_deref(), body.expires_at, now);
    for (index, cidr) in body.allowed_cidrs.iter().flatten().enumerate() {
        if cidr.parse::<ipnet::IpNet>().is_err() {
            let message = "Must be a CIDR block, such as 203.0.113.0/24 or 2001:db8::/32.";
            faults.push(Fault::new(format!("/allowed_cidrs/{index}"), "invalid_cidr", message));
        }
    }
    ApiError::check(faults)?;
    let secret = KeySecret::generate(environment, entropy.as_ref());
    let key = StoredApiKey {
        id: new_id(now, entropy.as_ref()),
        organization_id: organization.id.clone(),
        environment,
        lookup_id: secret.lookup_id().to_owned(),
        hash: hash(&secret).await?,
        name: body.name,
        kind,
        scopes: body.scopes.unwrap_or_else(|| scopes_of(kind)),
        allowed_cidrs: body.allowed_cidrs.unwrap_or_default(),
        last4: secret.last4().to_owned(),
        created_at: now,
        expires_at: body.expires_at,
        revoked_at: None,
        last_used_at: None,
        replaced_by: None,
    };
    let created = CreatedApiKey { key: secret.expose().to_owned(), api_key: key.view(now) };
    let (noter, entropy) = (by.clone(), Arc::clone(entropy));
    by.write(store, shown, move |unit| {
        Box::pin(async move {
            add(unit, &organization, &key, now).await?;
            noter.note(unit, entropy.as_ref(), now, AuditAction::ApiKeyCreated, &key.id).await?;
            let (kind, data) = (EventType::ApiKeyCreated, of_key(&created.api_key));
            noter.tell(unit, entropy.as_ref(), now, kind, data).await?;
            Ok(created)
        })
    })
    .await
}

fn shown(created: &CreatedApiKey) -> Result<Reply, ApiError> {
    Reply::json(StatusCode::CREATED, created)
}

async fn add(
    unit: &mut dyn UnitOfWork,
    organization: &Organization,
    key: &StoredApiKey,
    now: Timestamp,
) -> Result<(), ApiError> {
    if let Some(most) = organization.plan.max_active_keys()
        && unit.count_active_api_keys(key.environment, &organization.id, now).await? >= most
    {
        return Err(too_many_keys(most));
    }
    unit.add_api_key(key).await?;
    Ok(())
}

fn too_many_keys(most: u32) -> ApiError {
    let message =
        format!("Your plan allows {most} active keys. Revoke one you no longer need, or upgrade the plan.");
    ApiError::with_message(ErrorCode::PlanLimitExceeded, message)
}

/// Makes a key that takes the place of another: the same but for its secret. The old one goes on working until the
/// overlap has ended, or its own end if that is sooner.
///
/// # Errors
/// 422 for an overlap of more than 168 hours, 404, 403, and 409 for a key that no longer works or was rotated before;
/// 403 `plan_limit_exceeded` for a chain of overlaps.
pub async fn rotate(
    store: &dyn Store,
    entropy: &Arc<dyn Entropy>,
    by: By,
    id: ApiKeyId,
    body: RotateApiKey,
    now: Timestamp,
) -> Result<CreatedApiKey, ApiError> {
    let (environment, owner) = (by.environment(), by.organization_id().clone());
    let overlap_hours = body.overlap_hours.unwrap_or(DEFAULT_OVERLAP_HOURS);
    if overlap_hours > MAX_OVERLAP_HOURS {
        let message = "Must be 0 to 168 hours.";
        return Err(ApiError::invalid(vec![Fault::new("/overlap_hours", "out_of_range", message)]));
    }
    // Before the hash, which is dear, and again in the transaction.
    let mut unit = store.read().await?;
    by.check(unit.as_mut()).await?;
    find_rotatable(unit.as_mut(), environment, &owner, &id, now).await?;
    drop(unit);
    let secret = KeySecret::generate(environment, entropy.as_ref());
    let hash = hash(&secret).await?;
    let new_id = new_id(now, entropy.as_ref());
    let (lookup_id, last4) = (secret.lookup_id().to_owned(), secret.last4().to_owned());
    let (noter, entropy) = (by.clone(), Arc::clone(entropy));
    by.write(store, shown, move |unit| {
        Box::pin(async move {
            let old = find_rotatable(unit, environment, &owner, &id, now).await?;
            let expires_at = old.successors_expiry(now);
            let end = old.end_of_overlap(overlap_hours, now);
            let new = StoredApiKey {
                id: new_id,
                lookup_id,
                hash,
                last4,
                created_at: now,
                expires_at,
                last_used_at: None,
                ..old
            };
            let before = unit.count_active_api_keys(environment, &owner, now).await?;
            unit.add_api_key(&new).await?;
            unit.replace_api_key(environment, &id, &new.id, end).await?;
            if overlap_hours == 0 {
                unit.revoke_api_key(environment, &id, now).await?;
            }
            let after = unit.count_active_api_keys(environment, &owner, now).await?;
            let organization = unit.find_organization(&owner).await?;
            let most = organization.and_then(|organization| organization.plan.max_active_keys());
            // After a downgrade there may be more than allowed; that is no reason to keep an old secret.
            match most {
                Some(most) if after > most && after > before => return Err(too_many_keys(most)),
                _ => {}
            }
            noter.note(unit, entropy.as_ref(), now, AuditAction::ApiKeyRotated, &id).await?;
            let mut data = of_key(&new.view(now));
            data.insert("replaces_api_key_id".to_owned(), id.to_string().into());
            noter.tell(unit, entropy.as_ref(), now, EventType::ApiKeyRotated, data).await?;
            Ok(CreatedApiKey { key: secret.expose().to_owned(), api_key: new.view(now) })
        })
    })
    .await
}

async fn find_rotatable(
    unit: &mut dyn UnitOfWork,
    environment: Environment,
    owner: &OrganizationId,
    id: &ApiKeyId,
    now: Timestamp,
) -> Result<StoredApiKey, ApiError> {
    let key = unit.find_api_key(environment, id).await?.ok_or_else(ApiError::not_found)?;
    if &key.organization_id != owner {
        return Err(ApiError::forbidden());
    }
    let conflict = |message| Err(ApiError::with_message(ErrorCode::Conflict, message));
    if key.status_at(now) != KeyStatus::Active {
        conflict("This key no longer works. Create a new one instead.")
    } else if key.replaced_by.is_some() {
        conflict("This key was rotated before. Rotate the key that has taken its place.")
    } else {
        Ok(key)
    }
}

/// Revokes a key, from the next request on, and if wanted cancels the open invites that it minted, whose sessions end.
/// Doing so twice is no error.
///
/// # Errors
/// 404 and 403.
pub async fn revoke(
    store: &dyn Store,
    entropy: &Arc<dyn Entropy>,
    by: By,
    id: ApiKeyId,
    cancel_invites: bool,
    now: Timestamp,
) -> Result<StoredApiKey, ApiError> {
    let (environment, owner) = (by.environment(), by.organization_id().clone());
    let entropy = Arc::clone(entropy);
    by.clone()
        .change(store, move |unit| {
            Box::pin(async move {
                let key = unit.find_api_key(environment, &id).await?.ok_or_else(ApiError::not_found)?;
                if key.organization_id != owner {
                    return Err(ApiError::forbidden());
                }
                unit.revoke_api_key(environment, &id, now).await?;
                if key.revoked_at.is_none() || cancel_invites {
                    by.note(unit, entropy.as_ref(), now, AuditAction::ApiKeyRevoked, &id).await?;
                }
                let revoked = unit.find_api_key(environment, &id).await?.ok_or_else(ApiError::not_found)?;
                if key.revoked_at.is_none() {
                    let (kind, data) = (EventType::ApiKeyRevoked, of_key(&revoked.view(now)));
                    by.tell(unit, entropy.as_ref(), now, kind, data).await?;
                }
                if cancel_invites {
                    let cancelled = unit.cancel_invites_of_key(environment, &id, now).await?;
                    for invite in &cancelled {
                        tell_ended(unit, entropy.as_ref(), now, invite, EventType::InviteCancelled).await?;
                    }
                    let cancelled = cancelled.len();
                    tracing::info!(api_key.id = %id, cancelled, "invites of a revoked key were cancelled");
                }
                Ok(revoked)
            })
        })
        .await
}

async fn hash(secret: &KeySecret) -> Result<String, ApiError> {
    let text = secret.expose().to_owned();
    tokio::task::spawn_blocking(move || bcrypt::hash(text, BCRYPT_COST))
        .await
        .map_err(|error| ApiError::internal(&error))?
        .map_err(|error| ApiError::internal(&error))
}
