//! One bcrypt per key and process; after that a keyed hash in memory.
//!
//! The cache says only whether a secret belongs to a key. Whether the key is still valid comes from the database on
//! every request, so nothing in here can keep a revoked key alive.
//!
//! Whoever guesses at the secret of a known key must not keep others waiting, nor its rightful owner:
//! - A key that was used or made in this process costs no bcrypt, whatever is sent for it.
//! - A secret without the key's last four characters is wrong. They are shown in lists and part of the checksum, so
//!   this gives nothing away, and it turns down all but one in 14 million guesses.
//! - What is left stands in one line for each key, so that the keys take turns; one bcrypt runs at a time.
//! - Each address has a few wrong secrets a minute for each key. An owner at another address is not concerned; one who
//!   shares the address with the guesser has to try again, until the key was used once.

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv6Addr},
    num::NonZeroU32,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use aws_lc_rs::{constant_time, hmac};
use domain::{
    api_key::{KeySecret, StoredApiKey},
    clock::Clock,
    random::Entropy,
};
use governor::{
    Quota, RateLimiter, middleware::NoOpMiddleware, nanos::Nanos, state::keyed::HashMapStateStore,
};
use protocol::{api_key::CreatedApiKey, ids::ApiKeyId};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::limits::SharedClock;

/// How many bcrypts may run at once: each takes a core for about 60 ms, and requests need cores as well.
const CONCURRENT_BCRYPTS: usize = 1;

/// Secrets that an address may have checked for one key in a minute, unless they are right.
const GUESSES_A_MINUTE: NonZeroU32 = NonZeroU32::new(5).unwrap();

/// Who guesses at what.
type Guesser = (ApiKeyId, Option<IpAddr>);

/// What is known of a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    /// It belongs to the key, as was found out before.
    Known,
    /// It belongs to the key, as was found out just now: what was read before that may be out of date.
    New,
    /// It does not, or too many others did not.
    Refused,
}

/// Secrets that were checked.
pub struct KeyCache {
    hmac_key: hmac::Key,
    verified: Mutex<HashMap<ApiKeyId, hmac::Tag>>,
    guesses: RateLimiter<Guesser, HashMapStateStore<Guesser>, SharedClock, NoOpMiddleware<Nanos>>,
    lines: Mutex<HashMap<ApiKeyId, Arc<Semaphore>>>,
    bcrypts: Arc<Semaphore>,
    waiting: AtomicUsize,
}

impl std::fmt::Debug for KeyCache {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("KeyCache")
    }
}

impl KeyCache {
    /// An empty cache, keyed by fresh randomness, so that a copy of the process's memory is no table of hashes.
    pub fn new(entropy: &dyn Entropy, clock: Arc<dyn Clock>) -> Self {
        let mut secret = [0_u8; 32];
        entropy.fill(&mut secret);
        Self {
            hmac_key: hmac::Key::new(hmac::HMAC_SHA256, &secret),
            verified: Mutex::default(),
            guesses: RateLimiter::hashmap_with_clock(Quota::per_minute(GUESSES_A_MINUTE), SharedClock(clock)),
            lines: Mutex::default(),
            bcrypts: Arc::new(Semaphore::new(CONCURRENT_BCRYPTS)),
            waiting: AtomicUsize::new(0),
        }
    }

    /// Remembers the secret of a key that was just made: its first use costs no bcrypt in this process.
    pub fn learn(&self, created: &CreatedApiKey) {
        self.remember(created.api_key.id.clone(), self.tag(&created.key));
    }

    /// Whether `secret`, sent from `address`, is the secret of `key`.
    pub async fn prove(
        self: &Arc<Self>,
        secret: &KeySecret,
        key: &StoredApiKey,
        address: Option<IpAddr>,
    ) -> Proof {
        let tag = self.tag(secret.expose());
        if let Some(proof) = self.known(&key.id, &tag) {
            return proof;
        }
        if secret.last4() != key.last4 {
            return Proof::Refused;
        }
        let _waiting = Waiting::begin(&self.waiting);
        let Ok(turn) = self.line(&key.id).acquire_owned().await else { return Proof::Refused };
        // Whoever stood in line behind the right secret finds the answer here now.
        if let Some(proof) = self.known(&key.id, &tag) {
            return proof;
        }
        if self.guesses.check_key(&(key.id.clone(), address.map(network))).is_err() {
            return Proof::Refused;
        }
        let Ok(permit) = Arc::clone(&self.bcrypts).acquire_owned().await else { return Proof::Refused };
        let (cache, id) = (Arc::clone(self), key.id.clone());
        let (text, hash) = (secret.expose().to_owned(), key.hash.clone());
        // It cannot be stopped, so it keeps its place even when the caller has gone.
        let matches = tokio::task::spawn_blocking(move || {
            let matches = bcrypt::verify(text, &hash).unwrap_or(false);
            if matches {
                cache.remember(id, tag);
            }
            drop((turn, permit));
            matches
        });
        if matches.await.unwrap_or(false) { Proof::New } else { Proof::Refused }
    }

    /// Forgets who has not guessed for a while.
    pub fn forget_idle(&self) {
        self.guesses.retain_recent();
        self.lines().retain(|_, line| Arc::strong_count(line) > 1);
    }

    /// How many requests wait for a bcrypt, their own or that of another.
    pub fn waiting(&self) -> usize {
        self.waiting.load(Ordering::SeqCst)
    }

    /// Lets no bcrypt begin until what this gives is dropped: for tests of what may happen meanwhile.
    pub async fn hold_bcrypts(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.bcrypts).acquire_owned().await.ok()
    }

    fn tag(&self, secret: &str) -> hmac::Tag {
        hmac::sign(&self.hmac_key, secret.as_bytes())
    }

    /// What is known without bcrypt. A key's secret never changes, so once one was verified, any other is wrong.
    fn known(&self, id: &ApiKeyId, tag: &hmac::Tag) -> Option<Proof> {
        let verified = self.verified();
        let right = verified.get(id)?;
        let is_right = constant_time::verify_slices_are_equal(right.as_ref(), tag.as_ref()).is_ok();
        Some(if is_right { Proof::Known } else { Proof::Refused })
    }

    fn remember(&self, id: ApiKeyId, tag: hmac::Tag) {
        self.verified().insert(id, tag);
    }

    fn line(&self, id: &ApiKeyId) -> Arc<Semaphore> {
        Arc::clone(self.lines().entry(id.clone()).or_insert_with(|| Arc::new(Semaphore::new(1))))
    }

    fn verified(&self) -> MutexGuard<'_, HashMap<ApiKeyId, hmac::Tag>> {
        self.verified.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn lines(&self) -> MutexGuard<'_, HashMap<ApiKeyId, Arc<Semaphore>>> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Counts who waits, also those who give up.
pub(super) struct Waiting<'c>(&'c AtomicUsize);

impl<'c> Waiting<'c> {
    pub(super) fn begin(count: &'c AtomicUsize) -> Self {
        count.fetch_add(1, Ordering::SeqCst);
        Self(count)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

/// One v6 host has a whole /64 to itself.
pub(super) fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & !u128::from(u64::MAX))),
    }
}

#[cfg(test)]
mod tests {
    use domain::{
        api_key::scopes_of,
        clock::FrozenClock,
        random::{SeededEntropy, new_id},
    };
    use protocol::{Environment, Timestamp, api_key::KeyKind, ids::PrefixedId as _};

    use super::*;

    const OWNER: Option<IpAddr> = Some(IpAddr::V6(Ipv6Addr::LOCALHOST));
    const OTHER: Option<IpAddr> = Some(IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1)));

    struct Scene {
        clock: Arc<FrozenClock>,
        cache: Arc<KeyCache>,
        secret: KeySecret,
        key: StoredApiKey,
        /// Wrong secrets that pass for those of the key but for bcrypt.
        wrong: Vec<KeySecret>,
    }

    fn scene() -> Scene {
        let entropy = SeededEntropy::new(7);
        let clock = Arc::new(FrozenClock::at(Timestamp::from_millis(0)));
        let cache = Arc::new(KeyCache::new(&entropy, Arc::<FrozenClock>::clone(&clock)));
        let secret = KeySecret::generate(Environment::Live, &entropy);
        let wrong = (0..20).map(|_| KeySecret::generate(Environment::Live, &entropy)).collect();
        let now = clock.now();
        let key = StoredApiKey {
            id: new_id(now, &entropy),
            organization_id: protocol::ids::OrganizationId::from_suffix("1"),
            environment: Environment::Live,
            lookup_id: secret.lookup_id().to_owned(),
            // The least that bcrypt allows, as nobody is to wait for a test.
            hash: bcrypt::hash(secret.expose(), 4).unwrap(),
            name: "Key".to_owned(),
            kind: KeyKind::Standard,
            scopes: scopes_of(KeyKind::Standard),
            allowed_cidrs: Vec::new(),
            last4: secret.last4().to_owned(),
            created_at: now,
            expires_at: None,
            revoked_at: None,
            last_used_at: None,
            replaced_by: None,
        };
        Scene { clock, cache, secret, key, wrong }
    }

    impl Scene {
        /// A key whose last four characters the guesser knows; its secret is none of those that are tried.
        async fn guess(&self, number: usize, address: Option<IpAddr>) -> Proof {
            let wrong = &self.wrong[number];
            let key = StoredApiKey { last4: wrong.last4().to_owned(), ..self.key.clone() };
            self.cache.prove(wrong, &key, address).await
        }

        async fn own(&self, address: Option<IpAddr>) -> Proof {
            self.cache.prove(&self.secret, &self.key, address).await
        }
    }

    #[tokio::test]
    async fn a_secret_is_hashed_once() {
        let scene = scene();
        assert_eq!(scene.own(OWNER).await, Proof::New);
        let _held = scene.cache.hold_bcrypts().await;
        assert_eq!(scene.own(OWNER).await, Proof::Known);
    }

    #[tokio::test]
    async fn a_guess_without_the_last_four_characters_is_refused_without_bcrypt() {
        let scene = scene();
        let _held = scene.cache.hold_bcrypts().await;
        assert_eq!(scene.cache.prove(&scene.wrong[0], &scene.key, OTHER).await, Proof::Refused);
    }

    #[tokio::test]
    async fn any_guess_at_a_key_in_use_is_refused_without_bcrypt() {
        let scene = scene();
        scene.own(OWNER).await;
        let _held = scene.cache.hold_bcrypts().await;
        assert_eq!(scene.guess(0, OTHER).await, Proof::Refused);
    }

    #[tokio::test]
    async fn after_five_guesses_an_address_is_refused_without_bcrypt_for_a_while() {
        let scene = scene();
        for number in 0..5 {
            assert_eq!(scene.guess(number, OTHER).await, Proof::Refused);
        }
        let held = scene.cache.hold_bcrypts().await;
        assert_eq!(scene.guess(5, OTHER).await, Proof::Refused, "bcrypt would never return");
        let neighbour = Some("2001:db8::ffff".parse().unwrap());
        assert_eq!(scene.guess(6, neighbour).await, Proof::Refused, "the same /64");
        drop(held);
        assert_eq!(scene.own(OTHER).await, Proof::Refused, "the owner shares the address, and has to wait");
        scene.clock.advance_secs(12);
        assert_eq!(scene.own(OTHER).await, Proof::New, "but not for long");
    }

    #[tokio::test]
    async fn guesses_from_elsewhere_do_not_keep_the_owner_out() {
        let scene = scene();
        for number in 0..20 {
            scene.guess(number, OTHER).await;
        }
        assert_eq!(scene.own(OWNER).await, Proof::New);
    }

    #[tokio::test]
    async fn many_first_requests_at_once_with_the_right_secret_all_succeed() {
        let scene = scene();
        let held = scene.cache.hold_bcrypts().await;
        let requests: Vec<_> = (0..50)
            .map(|_| {
                let (cache, secret, key) =
                    (Arc::clone(&scene.cache), scene.secret.clone(), scene.key.clone());
                tokio::spawn(async move { cache.prove(&secret, &key, OWNER).await })
            })
            .collect();
        while scene.cache.waiting() < 50 {
            tokio::task::yield_now().await;
        }
        drop(held);
        let mut proofs = Vec::new();
        for request in requests {
            proofs.push(request.await.unwrap());
        }
        assert_eq!(proofs.iter().filter(|proof| **proof == Proof::New).count(), 1);
        assert_eq!(proofs.iter().filter(|proof| **proof == Proof::Known).count(), 49);
    }

    #[tokio::test]
    async fn who_gives_up_waiting_leaves_nothing_behind() {
        let scene = scene();
        let held = scene.cache.hold_bcrypts().await;
        let (cache, secret, key) = (Arc::clone(&scene.cache), scene.secret.clone(), scene.key.clone());
        let request = tokio::spawn(async move { cache.prove(&secret, &key, OWNER).await });
        while scene.cache.waiting() < 1 {
            tokio::task::yield_now().await;
        }
        request.abort();
        assert!(request.await.unwrap_err().is_cancelled());
        drop(held);
        assert_eq!(scene.own(OWNER).await, Proof::New);
        scene.clock.advance_secs(60);
        scene.cache.forget_idle();
        assert_eq!((scene.cache.waiting(), scene.cache.lines().len(), scene.cache.guesses.len()), (0, 0, 0));
    }
}
