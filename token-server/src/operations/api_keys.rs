//! API keys: made and revoked.

use domain::{
    api_key::{KeySecret, StoredApiKey, check_new_key, scopes_of},
    fault::Fault,
    organization::Organization,
    random::{Entropy, new_id},
};
use protocol::{
    Environment, ErrorCode, Timestamp,
    api_key::{CreateApiKey, CreatedApiKey, KeyKind},
};
use storage::{Store, UnitOfWork};

use crate::error::ApiError;

/// bcrypt's cost: 2^10 rounds, about 60 ms; the secret has 190 random bits, so more would only slow us down.
const BCRYPT_COST: u32 = 10;

/// Makes a key. The secret is in the result and nowhere else.
///
/// # Errors
/// 422 with each fault of the request; 403 `plan_limit_exceeded`.
pub async fn create(
    store: &dyn Store,
    entropy: &dyn Entropy,
    environment: Environment,
    organization: Organization,
    body: CreateApiKey,
    now: Timestamp,
) -> Result<CreatedApiKey, ApiError> {
    let kind = body.kind.unwrap_or(KeyKind::Standard);
    let mut faults = check_new_key(&body.name, kind, body.scopes.as_deref(), body.expires_at, now);
    for (index, cidr) in body.allowed_cidrs.iter().flatten().enumerate() {
        if cidr.parse::<ipnet::IpNet>().is_err() {
            let message = "Must be a CIDR block, such as 203.0.113.0/24 or 2001:db8::/32.";
            faults.push(Fault::new(format!("/allowed_cidrs/{index}"), "invalid_cidr", message));
        }
    }
    ApiError::check(faults)?;
    let secret = KeySecret::generate(environment, entropy);
    let key = StoredApiKey {
        id: new_id(now, entropy),
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
    storage::write(store, move |unit| Box::pin(async move { add(unit, &organization, &key, now).await }))
        .await?;
    Ok(created)
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
        let message = format!(
            "Your plan allows {most} active keys. Revoke one you no longer need, or upgrade the plan."
        );
        return Err(ApiError::with_message(ErrorCode::PlanLimitExceeded, message));
    }
    unit.add_api_key(key).await?;
    Ok(())
}

async fn hash(secret: &KeySecret) -> Result<String, ApiError> {
    let text = secret.expose().to_owned();
    tokio::task::spawn_blocking(move || bcrypt::hash(text, BCRYPT_COST))
        .await
        .map_err(|error| ApiError::internal(&error))?
        .map_err(|error| ApiError::internal(&error))
}
