//! Callers with an API key.

use std::{marker::PhantomData, net::SocketAddr};

use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::request::Parts,
};
use domain::api_key::{KeySecret, StoredApiKey};
use protocol::{
    ErrorCode, Timestamp,
    api_key::{KeyStatus, Scope},
    ids::OrganizationId,
};

use crate::{auth::bearer, error::ApiError, state::AppState};

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
        let now = state.now();
        let key = authenticate(parts, state, now).await?;
        check_address(&key, parts)?;
        state.shared.last_used.note(&key.id, now);
        if P::is_given_by(&key) {
            Ok(Self { key, permission: PhantomData })
        } else {
            Err(ApiError::forbidden())
        }
    }
}

/// From the cheapest check to the dearest: form, checksum and environment without the database, existence and
/// current state before any hashing.
async fn authenticate(parts: &Parts, state: &AppState, now: Timestamp) -> Result<StoredApiKey, ApiError> {
    let secret = bearer(&parts.headers).and_then(|token| KeySecret::parse(token).ok());
    let secret = secret
        .filter(|secret| secret.environment() == state.environment)
        .ok_or_else(ApiError::unauthorized)?;
    let key =
        state.store().read().await?.find_api_key_by_lookup(state.environment, secret.lookup_id()).await?;
    let key = key.filter(|key| key.status_at(now) == KeyStatus::Active).ok_or_else(ApiError::unauthorized)?;
    if state.shared.key_cache.matches(&secret, &key).await { Ok(key) } else { Err(ApiError::unauthorized()) }
}

fn check_address(key: &StoredApiKey, parts: &Parts) -> Result<(), ApiError> {
    if key.allowed_cidrs.is_empty() {
        return Ok(());
    }
    let address = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip().to_canonical());
    let allowed = address.is_some_and(|address| {
        key.allowed_cidrs
            .iter()
            .any(|cidr| cidr.parse::<ipnet::IpNet>().is_ok_and(|net| net.contains(&address)))
    });
    if allowed { Ok(()) } else { Err(ApiError::new(ErrorCode::IpNotAllowed)) }
}
