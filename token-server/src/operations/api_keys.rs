//! API keys: made, rotated and revoked.

use std::sync::Arc;

use axum::http::StatusCode;
use domain::{
    api_key::{DEFAULT_OVERLAP_HOURS, KeySecret, MAX_OVERLAP_HOURS, StoredApiKey, check_new_key, scopes_of},
    fault::Fault,
    organization::Organization,
    random::{Entropy, new_id},
};
use ipnet::IpNet;
use protocol::{
    Environment, ErrorCode, Timestamp,
    api_key::{CreateApiKey, CreatedApiKey, KeyKind, KeyStatus, RotateApiKey},
    audit::AuditAction,
    ids::ApiKeyId,
    webhook::EventType,
};
use storage::{Store, UnitOfWork};
use tokio::sync::Semaphore;

use crate::{
    auth::address::cover,
    error::ApiError,
    idempotency::Reply,
    operations::{
        by::By,
        events::{of_key, tell_ended},
        organizations::Owner,
    },
};

/// bcrypt's cost: 2^10 rounds, about 60 ms; the secret has 190 random bits, so more would only slow us down.
const BCRYPT_COST: u32 = 10;
/// Invites that one commit cancels at most: nobody else writes meanwhile.
const CANCELLED_AT_ONCE: u32 = 500;

/// Makes a key. The secret is in the result and nowhere else. What is not asked for is as it is for the key that makes it:
/// its scopes as far as the kind has them, its addresses and its end.
///
/// # Errors
/// 403 for a scope that the caller's own key lacks; 422 with each fault of the request, addresses and an end that go beyond
/// those of the caller's key among them; 403 `plan_limit_exceeded`.
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
    let mut all = faults(&body, now);
    let body = match by.key() {
        Some(own) if !own.allows_all(body.scopes.as_deref().unwrap_or_default()) => {
            return Err(ApiError::forbidden());
        }
        Some(own) => {
            all.extend(beyond(own, &body));
            within(own, body)
        }
        None => body,
    };
    ApiError::check(all)?;
    let new = NewKey::generate(by.environment(), entropy.as_ref(), body).await?;
    let (noter, entropy) = (by.clone(), Arc::clone(entropy));
    by.write(store, shown, move |unit| {
        Box::pin(async move { new.add(unit, &noter, &organization, entropy.as_ref(), now).await })
    })
    .await
}

/// The same on the command line, together with the organization when that is new.
///
/// # Errors
/// As [`create`], and those of [`Owner::find_or_add`].
pub async fn create_for(
    store: &dyn Store,
    entropy: &Arc<dyn Entropy>,
    environment: Environment,
    owner: Owner,
    body: CreateApiKey,
    now: Timestamp,
) -> Result<CreatedApiKey, ApiError> {
    let mut all = owner.faults(store).await?;
    all.extend(faults(&body, now));
    ApiError::check(all)?;
    let new = NewKey::generate(environment, entropy.as_ref(), body).await?;
    let entropy = Arc::clone(entropy);
    storage::write(store, move |unit| {
        Box::pin(async move {
            let organization = owner.find_or_add(unit, entropy.as_ref(), now).await?;
            let by = By::cli(environment, organization.id.clone());
            new.add(unit, &by, &organization, entropy.as_ref(), now).await
        })
    })
    .await
}

fn faults(body: &CreateApiKey, now: Timestamp) -> Vec<Fault> {
    let kind = body.kind.unwrap_or(KeyKind::Standard);
    let mut faults = check_new_key(&body.name, kind, body.scopes.as_deref(), body.expires_at, now);
    for (index, cidr) in body.allowed_cidrs.iter().flatten().enumerate() {
        if cidr.parse::<IpNet>().is_err() {
            let message = "Must be a CIDR block, such as 203.0.113.0/24 or 2001:db8::/32.";
            faults.push(Fault::new(format!("/allowed_cidrs/{index}"), "invalid_cidr", message));
        }
    }
    faults
}

/// A key that was checked and is in no organization yet.
struct NewKey {
    secret: KeySecret,
    hash: String,
    body: CreateApiKey,
}

impl NewKey {
    async fn generate(
        environment: Environment,
        entropy: &dyn Entropy,
        body: CreateApiKey,
    ) -> Result<Self, ApiError> {
        let secret = KeySecret::generate(environment, entropy);
        let hash = hash(&secret).await?;
        Ok(Self { secret, hash, body })
    }

    async fn add(
        self,
        unit: &mut dyn UnitOfWork,
        by: &By,
        organization: &Organization,
        entropy: &dyn Entropy,
        now: Timestamp,
    ) -> Result<CreatedApiKey, ApiError> {
        let Self { secret, hash, body } = self;
        let kind = body.kind.unwrap_or(KeyKind::Standard);
        let key = StoredApiKey {
            id: new_id(now, entropy),
            organization_id: organization.id.clone(),
            environment: by.environment(),
            lookup_id: secret.lookup_id().to_owned(),
            hash,
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
        if let Some(most) = organization.plan.max_active_keys()
            && unit.count_active_api_keys(key.environment, &organization.id, now).await? >= most
        {
            return Err(too_many_keys(most));
        }
        unit.add_api_key(&key).await?;
        by.note(unit, entropy, now, AuditAction::ApiKeyCreated, &key.id).await?;
        let created = CreatedApiKey { key: secret.expose().to_owned(), api_key: key.view(now) };
        by.tell(unit, entropy, now, EventType::ApiKeyCreated, of_key(&created.api_key)).await?;
        Ok(created)
    }
}

/// Where a key that is asked for would be good for more than the key that makes it: addresses, and time.
fn beyond(own: &StoredApiKey, body: &CreateApiKey) -> Vec<Fault> {
    let mut faults = Vec::new();
    if let Some(asked) = body.allowed_cidrs.as_ref().filter(|_| !own.allowed_cidrs.is_empty()) {
        let message = "Your own API key works from fewer addresses. Name blocks within its allowed_cidrs, or leave \
                       this member out to have the same.";
        if asked.is_empty() {
            faults.push(Fault::new("/allowed_cidrs", "beyond_own_key", message));
        }
        let nets = nets(own);
        let is_beyond = |cidr: &String| cidr.parse().is_ok_and(|net| !cover(&nets, &net));
        for (index, _) in asked.iter().enumerate().filter(|(_, cidr)| is_beyond(cidr)) {
            faults.push(Fault::new(format!("/allowed_cidrs/{index}"), "beyond_own_key", message));
        }
    }
    if let (Some(end), Some(asked)) = (own.expires_at, body.expires_at)
        && asked > end
    {
        let message = format!(
            "Your own API key ends at {end}. Name that time or an earlier one, or leave this member out."
        );
        faults.push(Fault::new("/expires_at", "beyond_own_key", message));
    }
    faults
}

/// What is asked for, and for the rest what the key that makes it has.
fn within(own: &StoredApiKey, body: CreateApiKey) -> CreateApiKey {
    let mut scopes = body.scopes.unwrap_or_else(|| scopes_of(body.kind.unwrap_or(KeyKind::Standard)));
    scopes.retain(|scope| own.allows(*scope));
    CreateApiKey {
        scopes: Some(scopes),
        allowed_cidrs: body.allowed_cidrs.or_else(|| Some(own.allowed_cidrs.clone())),
        expires_at: body.expires_at.or(own.expires_at),
        ..body
    }
}

fn nets(key: &StoredApiKey) -> Vec<IpNet> {
    key.allowed_cidrs.iter().filter_map(|cidr| cidr.parse().ok()).collect()
}

/// Whether the holder of `own` may be shown a new secret of `key`: it is the same key, or one that is good for no more.
fn may_rotate(own: &StoredApiKey, key: &StoredApiKey, now: Timestamp) -> bool {
    let mine = nets(own);
    let has_addresses = own.allowed_cidrs.is_empty()
        || (!key.allowed_cidrs.is_empty() && nets(key).iter().all(|net| cover(&mine, net)));
    let ends_no_later = own
        .expires_at
        .is_none_or(|end| key.successors_expiry(now).is_some_and(|successors| successors <= end));
    own.id == key.id || (own.allows_all(&key.scopes) && has_addresses && ends_no_later)
}

fn shown(created: &CreatedApiKey) -> Result<Reply, ApiError> {
    Reply::json(StatusCode::CREATED, created)
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
/// 422 for an overlap of more than 168 hours, 404, 403, also for a key that is good for more than the caller's, and 409 for a key that no longer works or was rotated before;
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
    find_rotatable(unit.as_mut(), &by, &id, now).await?;
    drop(unit);
    let secret = KeySecret::generate(environment, entropy.as_ref());
    let hash = hash(&secret).await?;
    let new_id = new_id(now, entropy.as_ref());
    let (lookup_id, last4) = (secret.lookup_id().to_owned(), secret.last4().to_owned());
    let (noter, entropy) = (by.clone(), Arc::clone(entropy));
    by.write(store, shown, move |unit| {
        Box::pin(async move {
            let old = find_rotatable(unit, &noter, &id, now).await?;
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
    by: &By,
    id: &ApiKeyId,
    now: Timestamp,
) -> Result<StoredApiKey, ApiError> {
    let key = unit.find_api_key(by.environment(), id).await?.ok_or_else(ApiError::not_found)?;
    if &key.organization_id != by.organization_id() || by.key().is_some_and(|own| !may_rotate(own, &key, now))
    {
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
    let (noter, key_id, source) = (by.clone(), id.clone(), Arc::clone(entropy));
    let revoked = by
        .change(store, move |unit| {
            Box::pin(async move {
                let key = unit.find_api_key(environment, &key_id).await?.ok_or_else(ApiError::not_found)?;
                if key.organization_id != owner {
                    return Err(ApiError::forbidden());
                }
                unit.revoke_api_key(environment, &key_id, now).await?;
                if key.revoked_at.is_none() || cancel_invites {
                    noter.note(unit, source.as_ref(), now, AuditAction::ApiKeyRevoked, &key_id).await?;
                }
                let revoked =
                    unit.find_api_key(environment, &key_id).await?.ok_or_else(ApiError::not_found)?;
                if key.revoked_at.is_none() {
                    let (kind, data) = (EventType::ApiKeyRevoked, of_key(&revoked.view(now)));
                    noter.tell(unit, source.as_ref(), now, kind, data).await?;
                }
                Ok(revoked)
            })
        })
        .await?;
    if cancel_invites {
        // The key mints no more by now, however long this takes; and it may be the one that asks for this.
        let cancelled = cancel_minted(store, entropy, environment, &id, now).await?;
        tracing::info!(api_key.id = %id, cancelled, "invites of a revoked key were cancelled");
    }
    Ok(revoked)
}

/// Cancels the open invites that a key minted, some in each commit. How many.
async fn cancel_minted(
    store: &dyn Store,
    entropy: &Arc<dyn Entropy>,
    environment: Environment,
    id: &ApiKeyId,
    now: Timestamp,
) -> Result<usize, ApiError> {
    let mut cancelled = 0;
    loop {
        let (id, entropy) = (id.clone(), Arc::clone(entropy));
        let batch = storage::write::<_, ApiError, _>(store, move |unit| {
            Box::pin(async move {
                let batch = unit.cancel_invites_of_key(environment, &id, now, CANCELLED_AT_ONCE).await?;
                for invite in &batch {
                    tell_ended(unit, entropy.as_ref(), now, invite, EventType::InviteCancelled).await?;
                }
                Ok(batch.len())
            })
        })
        .await?;
        cancelled += batch;
        if batch < CANCELLED_AT_ONCE as usize {
            return Ok(cancelled);
        }
    }
}

async fn hash(secret: &KeySecret) -> Result<String, ApiError> {
    // As for those that are verified: requests need cores as well.
    static TURN: Semaphore = Semaphore::const_new(1);
    let turn = TURN.acquire().await.map_err(|error| ApiError::internal(&error))?;
    let text = secret.expose().to_owned();
    // It cannot be stopped, so it keeps its place even when the caller has gone.
    let hashing = move || {
        let _turn = turn;
        bcrypt::hash(text, BCRYPT_COST)
    };
    tokio::task::spawn_blocking(hashing)
        .await
        .map_err(|error| ApiError::internal(&error))?
        .map_err(|error| ApiError::internal(&error))
}
