//! One bcrypt per key and process; after that a keyed hash in memory.
//!
//! The cache says only whether a secret belongs to a key. Whether the key is still valid comes from the database on
//! every request, so nothing in here can keep a revoked key alive.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use aws_lc_rs::{constant_time, hmac};
use domain::{
    api_key::{KeySecret, StoredApiKey},
    random::Entropy,
};
use protocol::{api_key::CreatedApiKey, ids::ApiKeyId};
use tokio::sync::Semaphore;

/// How many bcrypts may run at once: each takes a core for about 60 ms, and requests need cores as well.
const CONCURRENT_BCRYPTS: usize = 1;

/// Secrets that were checked.
pub struct KeyCache {
    hmac_key: hmac::Key,
    verified: Mutex<HashMap<ApiKeyId, hmac::Tag>>,
    bcrypts: Semaphore,
}

impl std::fmt::Debug for KeyCache {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("KeyCache")
    }
}

impl KeyCache {
    /// An empty cache, keyed by fresh randomness, so that a copy of the process's memory is no table of hashes.
    pub fn new(entropy: &dyn Entropy) -> Self {
        let mut secret = [0_u8; 32];
        entropy.fill(&mut secret);
        Self {
            hmac_key: hmac::Key::new(hmac::HMAC_SHA256, &secret),
            verified: Mutex::default(),
            bcrypts: Semaphore::new(CONCURRENT_BCRYPTS),
        }
    }

    /// Remembers the secret of a key that was just made: its first use costs no bcrypt in this process.
    pub fn learn(&self, created: &CreatedApiKey) {
        let tag = hmac::sign(&self.hmac_key, created.key.as_bytes());
        self.verified().insert(created.api_key.id.clone(), tag);
    }

    fn verified(&self) -> MutexGuard<'_, HashMap<ApiKeyId, hmac::Tag>> {
        self.verified.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether `secret` is the secret of `key`.
    pub async fn matches(&self, secret: &KeySecret, key: &StoredApiKey) -> bool {
        let tag = hmac::sign(&self.hmac_key, secret.expose().as_bytes());
        if let Some(known) = self.known(&key.id, &tag) {
            return known;
        }
        let Ok(_permit) = self.bcrypts.acquire().await else { return false };
        // Whoever waited behind the first request for this key finds the answer here now.
        if let Some(known) = self.known(&key.id, &tag) {
            return known;
        }
        let (text, hash) = (secret.expose().to_owned(), key.hash.clone());
        let matches = tokio::task::spawn_blocking(move || bcrypt::verify(text, &hash).unwrap_or(false))
            .await
            .unwrap_or(false);
        if matches {
            self.verified().insert(key.id.clone(), tag);
        }
        matches
    }

    /// What is known without bcrypt. A key's secret never changes, so once one was verified, any other is wrong:
    /// guessing at a key in use costs us nothing.
    fn known(&self, id: &ApiKeyId, tag: &hmac::Tag) -> Option<bool> {
        self.verified()
            .get(id)
            .map(|right| constant_time::verify_slices_are_equal(right.as_ref(), tag.as_ref()).is_ok())
    }
}
