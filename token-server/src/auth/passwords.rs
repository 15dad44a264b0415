//! Passwords are hashed with Argon2id and compared with what is stored.
//!
//! A hash takes a core for tens of milliseconds and 19 MiB of memory, so only a few run at once and each on a thread of
//! its own. An address that nobody signs in with costs the same as a wrong password: its password is compared with a
//! hash that is nobody's.

use std::sync::{
    Arc,
    atomic::{AtomicU64, AtomicUsize, Ordering},
};

use argon2::{Algorithm, Argon2, Params, PasswordHash, PasswordHasher as _, PasswordVerifier as _, Version};
use domain::random::Entropy;
use protocol::user::Password;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::key_cache::Waiting;

/// What a hash costs: memory in KiB, passes, lanes. Source: OWASP Password Storage Cheat Sheet, Argon2id.
const PARAMS: Params = match Params::new(19_456, 2, 1, None) {
    Ok(params) => params,
    Err(_) => panic!("the parameters are within their limits"),
};

/// Bytes of salt. Source: RFC 9106 §3.1.
const SALT_LEN: usize = 16;

/// The hash of no password, at the same cost as those that are stored.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Hashes passwords, a few at a time.
#[derive(Debug)]
pub struct Passwords {
    entropy: Arc<dyn Entropy>,
    slots: Arc<Semaphore>,
    hashed: Arc<AtomicU64>,
    waiting: AtomicUsize,
}

impl Passwords {
    /// With randomness for salts.
    pub fn new(entropy: Arc<dyn Entropy>) -> Self {
        // Half of the cores: requests need some as well.
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let slots = Arc::new(Semaphore::new((cores / 2).max(1)));
        Self { entropy, slots, hashed: Arc::default(), waiting: AtomicUsize::new(0) }
    }

    /// The PHC string of a password, with a salt of its own. `None` when there is no memory for it.
    pub async fn hash(&self, password: Password) -> Option<String> {
        let mut salt = [0_u8; SALT_LEN];
        self.entropy.fill(&mut salt);
        self.run(move || {
            let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, PARAMS);
            let hash = argon2.hash_password_with_salt(password.expose().as_bytes(), &salt);
            hash.ok().map(|hash| hash.to_string())
        })
        .await?
    }

    /// Whether this is the password of a PHC string. `None` costs the same, and no password is right.
    pub async fn verify(&self, password: Password, phc: Option<String>) -> bool {
        let is_right = self.run(move || {
            let is_somebodys = phc.is_some();
            let hash = PasswordHash::new(phc.as_deref().unwrap_or(NOBODY));
            let matches = hash.is_ok_and(|hash| {
                // The cost is that of the stored hash.
                Argon2::default().verify_password(password.expose().as_bytes(), &hash).is_ok()
            });
            matches && is_somebodys
        });
        is_right.await.unwrap_or(false)
    }

    /// Runs one hash on a thread of its own. It cannot be stopped, so it keeps its place even when the caller has gone.
    async fn run<T: Send + 'static>(&self, hash: impl FnOnce() -> T + Send + 'static) -> Option<T> {
        let _waiting = Waiting::begin(&self.waiting);
        let slot = Arc::clone(&self.slots).acquire_owned().await.ok()?;
        let hashed = Arc::clone(&self.hashed);
        let done = tokio::task::spawn_blocking(move || {
            let done = hash();
            hashed.fetch_add(1, Ordering::SeqCst);
            drop(slot);
            done
        });
        done.await.ok()
    }

    /// How many hashes were computed until now.
    pub fn hashed(&self) -> u64 {
        self.hashed.load(Ordering::SeqCst)
    }

    /// How many are being computed or wait for their turn.
    pub fn waiting(&self) -> usize {
        self.waiting.load(Ordering::SeqCst)
    }

    /// Lets no hash begin until what this gives is dropped: for tests of what may happen meanwhile.
    pub async fn hold(&self) -> Option<OwnedSemaphorePermit> {
        let all = u32::try_from(self.slots.available_permits()).unwrap_or(u32::MAX);
        Arc::clone(&self.slots).acquire_many_owned(all).await.ok()
    }
}

#[cfg(test)]
mod tests {
    use domain::random::SeededEntropy;

    use super::*;

    fn passwords() -> Passwords {
        Passwords::new(Arc::new(SeededEntropy::new(3)))
    }

    #[tokio::test]
    async fn a_password_is_right_for_its_own_hash_only() {
        let passwords = passwords();
        let phc = passwords.hash(Password::new("correct horse battery")).await.unwrap();
        assert!(phc.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{phc}");
        assert!(passwords.verify(Password::new("correct horse battery"), Some(phc.clone())).await);
        for wrong in ["", "correct horse batterz", "correct horse battery "] {
            assert!(!passwords.verify(Password::new(wrong), Some(phc.clone())).await, "{wrong}");
        }
        let again = passwords.hash(Password::new("correct horse battery")).await.unwrap();
        assert_ne!(again, phc, "each hash has a salt of its own");
    }

    #[tokio::test]
    async fn nobodys_hash_is_one_of_the_same_cost_that_no_password_is_right_for() {
        let hash = PasswordHash::new(NOBODY).unwrap();
        assert_eq!(Params::try_from(&hash).unwrap(), Params::new(19_456, 2, 1, Some(32)).unwrap());
        let passwords = passwords();
        for text in ["", "correct horse battery"] {
            assert!(!passwords.verify(Password::new(text), None).await);
        }
        assert_eq!(passwords.hashed(), 2, "it was hashed all the same");
    }

    #[tokio::test]
    async fn what_is_no_phc_string_lets_nobody_in() {
        for broken in ["", "$2b$10$hash", "$argon2id$v=19$m=19456,t=2,p=1$AAAA", "correct horse battery"] {
            assert!(!passwords().verify(Password::new(broken), Some(broken.to_owned())).await, "{broken}");
        }
    }
}
