//! The keys that sign and verify.

use std::collections::HashMap;

use aws_lc_rs::signature::Ed25519KeyPair;
use domain::signing_key::{SigningKey, roles};
use jsonwebtoken::{
    Algorithm, DecodingKey, EncodingKey,
    jwk::{Jwk, JwkSet, PublicKeyUse, ThumbprintHash},
};
use protocol::{Environment, Timestamp};
use storage::{Store, StoreError};

/// Why there is no usable signing key.
#[derive(Debug, thiserror::Error)]
pub enum KeyRingError {
    /// The database has none for that environment.
    #[error("there is no signing key for the {0} environment; run `interviewrelay init`")]
    Empty(Environment),
    /// A stored key cannot be read.
    #[error("a stored signing key cannot be used")]
    Unusable(#[from] jsonwebtoken::errors::Error),
    /// No new one could be made.
    #[error("no signing key could be made")]
    Generate,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The keys of one environment at a moment: one signs, all verify.
pub struct KeyRing {
    signing_kid: String,
    signing_key: EncodingKey,
    verifying: HashMap<String, DecodingKey>,
    jwks: JwkSet,
}

impl std::fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeyRing").field("signing_kid", &self.signing_kid).finish_non_exhaustive()
    }
}

impl KeyRing {
    /// From keys, newest first, as they are to be used at `now`.
    ///
    /// # Errors
    /// [`KeyRingError::Empty`] and [`KeyRingError::Unusable`].
    pub fn from_keys(
        environment: Environment,
        keys: &[SigningKey],
        now: Timestamp,
    ) -> Result<Self, KeyRingError> {
        let roles = roles(keys, now).ok_or(KeyRingError::Empty(environment))?;
        let mut verifying = HashMap::new();
        let mut jwks = JwkSet { keys: Vec::new() };
        for key in roles.verifying {
            let jwk = public_jwk(&key.pkcs8, &key.kid)?;
            verifying.insert(key.kid.clone(), DecodingKey::from_jwk(&jwk)?);
            jwks.keys.push(jwk);
        }
        Ok(Self {
            signing_kid: roles.signing.kid.clone(),
            signing_key: EncodingKey::from_ed_der(&roles.signing.pkcs8),
            verifying,
            jwks,
        })
    }

    /// The name of the key that signs.
    pub fn signing_kid(&self) -> &str {
        &self.signing_kid
    }

    /// The key that signs.
    pub const fn signing_key(&self) -> &EncodingKey {
        &self.signing_key
    }

    /// The key of that name.
    pub fn find(&self, kid: &str) -> Option<&DecodingKey> {
        self.verifying.get(kid)
    }

    /// The public halves (RFC 7517).
    pub const fn jwks(&self) -> &JwkSet {
        &self.jwks
    }
}

/// A new key, named by its thumbprint (RFC 7638).
///
/// # Errors
/// [`KeyRingError::Generate`] when the operating system gives no randomness.
pub fn generate(environment: Environment, now: Timestamp) -> Result<SigningKey, KeyRingError> {
    // Version 1 of the format: the one whose length the JWT library recognizes as Ed25519.
    let pkcs8 = Ed25519KeyPair::generate_pkcs8v1(&aws_lc_rs::rand::SystemRandom::new())
        .map_err(|_| KeyRingError::Generate)?;
    let pkcs8 = pkcs8.as_ref().to_vec();
    let kid = public_jwk(&pkcs8, "")?.thumbprint(ThumbprintHash::SHA256)?;
    Ok(SigningKey { kid, environment, pkcs8, created_at: now })
}

/// Makes a signing key for each environment that has none.
///
/// # Errors
/// [`KeyRingError`] when the database fails or no key could be made.
pub async fn ensure(store: &dyn Store, now: Timestamp) -> Result<(), KeyRingError> {
    for environment in Environment::ALL {
        let key = generate(environment, now)?;
        storage::write(store, move |unit| {
            Box::pin(async move {
                if unit.list_signing_keys(environment).await?.is_empty() {
                    unit.add_signing_key(&key).await?;
                }
                Ok::<_, StoreError>(())
            })
        })
        .await?;
    }
    Ok(())
}

/// Adds a new key to an environment and removes those whose last token has expired, or with `drop_old` all others.
///
/// # Errors
/// [`KeyRingError`] when the database fails or no key could be made.
pub async fn rotate(
    store: &dyn Store,
    environment: Environment,
    drop_old: bool,
    now: Timestamp,
) -> Result<SigningKey, KeyRingError> {
    let key = generate(environment, now)?;
    let added = key.clone();
    storage::write(store, move |unit| {
        Box::pin(async move {
            let known = unit.list_signing_keys(environment).await?;
            let over = match roles(&known, now) {
                _ if drop_old => &known,
                Some(roles) => roles.retired,
                None => &[],
            };
            for key in over {
                unit.remove_signing_key(environment, &key.kid).await?;
            }
            unit.add_signing_key(&added).await
        })
    })
    .await
    .map_err(|error: StoreError| KeyRingError::from(error))?;
    Ok(key)
}

fn public_jwk(pkcs8: &[u8], kid: &str) -> Result<Jwk, KeyRingError> {
    // Every key passes here before anything is signed with it.
    super::signer::install();
    let mut jwk = Jwk::from_encoding_key(&EncodingKey::from_ed_der(pkcs8), Algorithm::EdDSA)?;
    jwk.common.key_id = Some(kid.to_owned());
    jwk.common.public_key_use = Some(PublicKeyUse::Signature);
    Ok(jwk)
}
