//! Callers with an API key.

use std::{marker::PhantomData, net::IpAddr, sync::Arc};

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, HeaderName, request::Parts},
};
use domain::{
    api_key::{KeySecret, StoredApiKey},
    audit::Cause,
    organization::Plan,
};
use protocol::{
    Environment, ErrorCode, Timestamp,
    api_key::{KeyStatus, Scope},
    ids::{ApiKeyId, OrganizationId},
};
use storage::UnitOfWork;

use super::directory::{KeyAndPlan, Remembered};
use crate::{
    auth::{
        address::{client_address, contains},
        bearer,
        key_cache::Proof,
    },
    calls::CallNotes,
    error::{ApiError, PlainError},
    idempotency::Ticket,
    limits::Budget,
    operations::by::By,
    state::AppState,
    telemetry::RequestId,
};

/// A scope as a type, so that a handler's parameters say what the caller may do.
pub trait Permission: Send + Sync {
    /// Whether the key gives it.
    fn is_given_by(key: &StoredApiKey) -> bool;
}

macro_rules! permissions {
    ($($name:ident => $scope:ident),* $(,)?) => {
        $(
            #[doc = concat!("The scope `", stringify!($scope), "`.")]
            #[derive(Debug, Clone, Copy)]
            pub struct $name;

            impl Permission for $name {
                fn is_given_by(key: &StoredApiKey) -> bool {
                    key.allows(Scope::$scope)
                }
            }
        )*
    };
}

permissions! {
    ReadKeys => KeysRead,
    RevokeKeys => KeysWrite,
    ReadCampaigns => CampaignsRead,
    WriteCampaigns => CampaignsWrite,
    ReadInvites => InvitesRead,
    WriteInvites => InvitesWrite,
    ReadSessions => SessionsRead,
    WriteSessions => SessionsWrite,
    ReadOrganization => OrganizationRead,
    ReadWebhooks => WebhooksRead,
    WriteWebhooks => WebhooksWrite,
}

/// Creating keys takes an admin key.
#[derive(Debug, Clone, Copy)]
pub struct CreateKeys;

impl Permission for CreateKeys {
    fn is_given_by(key: &StoredApiKey) -> bool {
        key.may_create_keys()
    }
}

/// A caller whose API key is valid now, in this environment, from this address, and gives the permission `P`.
#[derive(Debug)]
pub struct ApiCaller<P> {
    /// The key.
    pub key: StoredApiKey,
    /// What the caller does is done by them.
    pub by: By,
    permission: PhantomData<P>,
}

impl<P> ApiCaller<P> {
    /// Whose key it is.
    pub const fn organization_id(&self) -> &OrganizationId {
        &self.key.organization_id
    }

    /// Whether names and e-mail addresses may be shown.
    pub fn sees_pii(&self) -> bool {
        self.key.allows(Scope::PiiRead)
    }

    /// Refuses what belongs to another organization.
    ///
    /// # Errors
    /// 403 `forbidden`, as the authentication guide says.
    pub fn check_owner(&self, owner: &OrganizationId) -> Result<(), ApiError> {
        if owner == self.organization_id() { Ok(()) } else { Err(ApiError::forbidden()) }
    }
}

impl<P: Permission> FromRequestParts<AppState> for ApiCaller<P> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        let secret = credential(bearer(&parts.headers), state)?;
        let (key, address) = identify::<P>(&secret, parts, state).await?;
        let ticket = ticket(parts, &key, &secret)?;
        Ok(Self { by: by(parts, &key, address, ticket, state), key, permission: PhantomData })
    }
}

/// A caller by the [directory](super::directory): as it was at a generation. What it does must be compared with that
/// generation in its commit, or be done as the [`ApiCaller`] that [`Self::check_again`] gives.
#[derive(Debug)]
pub struct RememberedCaller<P> {
    /// The key, and when it was read.
    pub key: Remembered<KeyAndPlan>,
    address: Option<IpAddr>,
    /// There is one where the request has an `Idempotency-Key`; then nothing may be done by what is remembered.
    by: Option<By>,
    permission: PhantomData<P>,
}

impl<P: Permission> FromRequestParts<AppState> for RememberedCaller<P> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        let secret = credential(bearer(&parts.headers), state)?;
        // An answer that is kept is given again without a commit that would compare the generation.
        let directory = &state.shared.directory;
        let key = if Ticket::of(&parts.extensions).is_some() {
            directory.read_key(state, secret.lookup_id()).await?
        } else {
            directory.key(state, secret.lookup_id()).await?
        };
        let mut key = key.ok_or_else(ApiError::unauthorized)?;
        let address = client_address(parts, &state.callers.trusted_proxies);
        prove(&secret, &key.what.0, address, state).await?;
        if let Err(refused) = admit::<P>(&key.what.0, key.what.1, address, parts, state) {
            // No commit is going to find out whether the key works at all, or has another plan by now.
            let read =
                directory.read_key(state, secret.lookup_id()).await?.ok_or_else(ApiError::unauthorized)?;
            let (stored, plan) = read.what.as_ref();
            if stored.status_at(state.now()) != KeyStatus::Active {
                return Err(ApiError::unauthorized());
            }
            if *plan == key.what.1 {
                return Err(refused);
            }
            admit::<P>(stored, *plan, address, parts, state)?;
            key = read;
        }
        let stored = &key.what.0;
        let ticket = ticket(parts, stored, &secret)?;
        let by = ticket.map(|ticket| by(parts, stored, address, Some(ticket), state));
        Ok(Self { key, address, by, permission: PhantomData })
    }
}

impl<P: Permission> RememberedCaller<P> {
    /// Whether the request may be done by what is remembered.
    pub const fn may_be_remembered(&self) -> bool {
        self.by.is_none()
    }

    /// The caller by the database, as of now.
    ///
    /// # Errors
    /// 401 and 403, if the key has lost what it had.
    pub async fn check_again(self, state: &AppState) -> Result<ApiCaller<P>, ApiError> {
        let key = find_active(&self.key.what.0, state).await?;
        check_address(&key, self.address)?;
        if P::is_given_by(&key) {
            // Minting is not in the audit log: each invite says itself which key made it.
            let cause = || Cause::api_key(&key.id, None, self.address.map(|address| address.to_string()));
            let clock = || Arc::clone(&state.shared.clock);
            let by = self.by.unwrap_or_else(|| By::holder(cause(), &key, clock(), None));
            Ok(ApiCaller { key, by, permission: PhantomData })
        } else {
            Err(ApiError::forbidden())
        }
    }
}

/// The request's ticket, shown to be this caller's.
fn ticket(parts: &Parts, key: &StoredApiKey, secret: &KeySecret) -> Result<Option<Ticket>, ApiError> {
    let ticket = Ticket::of(&parts.extensions);
    if let Some(ticket) = &ticket {
        ticket.present(key, secret)?;
    }
    Ok(ticket)
}

fn by(
    parts: &Parts,
    key: &StoredApiKey,
    address: Option<IpAddr>,
    ticket: Option<Ticket>,
    state: &AppState,
) -> By {
    let request_id = parts.extensions.get::<RequestId>().map(|id| id.0.clone());
    let cause = Cause::api_key(&key.id, request_id, address.map(|address| address.to_string()));
    By::holder(cause, key, Arc::clone(&state.shared.clock), ticket)
}

/// Somebody who has shown a valid API key as `x-api-key`, whatever it may do: `/auth`, where the user comes after.
#[derive(Debug)]
pub struct KeyHolder {
    /// The key.
    pub key: StoredApiKey,
    /// What they do is done by them.
    pub by: By,
    /// Where they are.
    pub address: Option<IpAddr>,
}

impl FromRequestParts<AppState> for KeyHolder {
    type Rejection = PlainError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, PlainError> {
        let (key, by) = x_api_key(parts, state).await?;
        Ok(Self { key, by, address: client_address(parts, &state.callers.trusted_proxies) })
    }
}

/// The key that was sent as `x-api-key`, held to all that a key of the management API is, but for its scopes.
///
/// # Errors
/// 401 for none, two, or one that is not valid here and now; 403 for an address that it does not allow, 429 with the
/// time to wait when the organization's minute is used up.
pub async fn x_api_key(parts: &Parts, state: &AppState) -> Result<(StoredApiKey, By), PlainError> {
    let secret = credential(only(&parts.headers, &X_API_KEY), state)?;
    let (key, address) = identify::<AnyScope>(&secret, parts, state).await?;
    let by = by(parts, &key, address, None, state);
    Ok((key, by))
}

const X_API_KEY: HeaderName = HeaderName::from_static("x-api-key");

/// The one value of a header. Two are as good as none.
fn only<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(value)
}

/// Whatever a key may do.
#[derive(Debug)]
struct AnyScope;

impl Permission for AnyScope {
    fn is_given_by(_: &StoredApiKey) -> bool {
        true
    }
}

/// The key of a secret, by the database, and from where it is used.
async fn identify<P: Permission>(
    secret: &KeySecret,
    parts: &Parts,
    state: &AppState,
) -> Result<(StoredApiKey, Option<IpAddr>), ApiError> {
    let lookup_id = secret.lookup_id();
    let key = state.store().read().await?.find_api_key_by_lookup(state.environment, lookup_id).await?;
    let (key, plan) = key.ok_or_else(ApiError::unauthorized)?;
    let address = client_address(parts, &state.callers.trusted_proxies);
    prove(secret, &key, address, state).await?;
    admit::<P>(&key, plan, address, parts, state)?;
    Ok((key, address))
}

/// The key that was sent, if it could be one of this environment: form and checksum, without the database.
fn credential(sent: Option<&str>, state: &AppState) -> Result<KeySecret, ApiError> {
    let secret = sent.and_then(|text| KeySecret::parse(text).ok());
    secret.filter(|secret| secret.environment() == state.environment).ok_or_else(ApiError::unauthorized)
}

/// Whether the key is active and the secret is its own: current state first, as hashing is dear, and once more after
/// it, as it takes its time and somebody may have revoked the key meanwhile.
async fn prove(
    secret: &KeySecret,
    key: &StoredApiKey,
    address: Option<IpAddr>,
    state: &AppState,
) -> Result<(), ApiError> {
    if key.status_at(state.now()) != KeyStatus::Active {
        return Err(ApiError::unauthorized());
    }
    match state.shared.key_cache.prove(secret, key, address).await {
        Proof::Known => Ok(()),
        Proof::New => find_active(key, state).await.map(drop),
        Proof::Refused => Err(ApiError::unauthorized()),
    }
}

/// The key as it is in the database now, if it still works.
async fn find_active(key: &StoredApiKey, state: &AppState) -> Result<StoredApiKey, ApiError> {
    find_active_in(state.store().read().await?.as_mut(), state.environment, &key.id, state.now()).await
}

/// The key as `unit` has it, if it works at `now`. What was found out about a key before holds for as long as it took to
/// find out: whoever then waited, for a body, a hash or the writer, has to ask again.
///
/// # Errors
/// 401 for one that was revoked or has expired.
pub async fn find_active_in(
    unit: &mut dyn UnitOfWork,
    environment: Environment,
    id: &ApiKeyId,
    now: Timestamp,
) -> Result<StoredApiKey, ApiError> {
    let key = unit.find_api_key(environment, id).await?;
    key.filter(|key| key.status_at(now) == KeyStatus::Active).ok_or_else(ApiError::unauthorized)
}

/// Whether a key that was proven may be used from this address, has requests left, and gives the permission. What is
/// refused by its address costs the organization no request: whoever has found a key elsewhere must not use them up.
fn admit<P: Permission>(
    key: &StoredApiKey,
    plan: Plan,
    address: Option<IpAddr>,
    parts: &Parts,
    state: &AppState,
) -> Result<(), ApiError> {
    let notes = CallNotes::of(parts);
    if let Some(notes) = notes {
        notes.key_was_proven(&key.id, state.now());
    }
    check_address(key, address).inspect_err(|_| {
        state.numbers().refused_by_address.inc();
    })?;
    if let Some(quota) = plan.requests_per_minute(state.callers.enterprise_requests_per_minute) {
        let budget = state.shared.limits.take(key.environment, &key.organization_id, quota);
        if let Some(notes) = notes {
            notes.budget_was_taken(budget);
        }
        if budget.exceeded {
            state.numbers().refused_by_rate.inc();
            return Err(rate_limited(budget, state.callers.rate_limit_status));
        }
    }
    if P::is_given_by(key) { Ok(()) } else { Err(ApiError::forbidden()) }
}

fn rate_limited(budget: Budget, status: u16) -> ApiError {
    let retry_after_s = Some(budget.resets_in_s);
    ApiError { status, retry_after_s, ..ApiError::new(ErrorCode::RateLimited) }
}

fn check_address(key: &StoredApiKey, address: Option<IpAddr>) -> Result<(), ApiError> {
    let is_in = |cidr: &String, address| cidr.parse().is_ok_and(|net| contains(&net, address));
    let is_allowed = key.allowed_cidrs.is_empty()
        || address.is_some_and(|address| key.allowed_cidrs.iter().any(|cidr| is_in(cidr, address)));
    if is_allowed { Ok(()) } else { Err(ApiError::new(ErrorCode::IpNotAllowed)) }
}
