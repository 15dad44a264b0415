//! What handlers may ask for.

use std::{cell::RefCell, sync::Arc};

use aws_lc_rs::rand;
use domain::{clock::Clock, random::Entropy};
use protocol::Environment;
use storage::Store;
use tokio::sync::Semaphore;

use crate::{
    auth::{directory::Directory, guesses::Guesses, key_cache::KeyCache, passwords::Passwords},
    config::CallerRules,
    graphql::GraphQl,
    limits::Limits,
    metrics::{Metrics, Numbers},
    openapi::Published,
    operations::{guides::GuideCache, webhooks::Redeliveries},
    streams::Streams,
    tokens::{Rings, TokenService},
    uploads::Uploads,
    usage::Usage,
    webhooks::Webhooks,
};

/// How many campaigns are counted at once. Counting keeps a processor busy, and there are eight connections to read by.
const COUNT_AT_ONCE: usize = 2;

/// What both environments share.
#[derive(Debug, Clone)]
pub struct Shared {
    /// The database.
    pub store: Arc<dyn Store>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub entropy: Arc<dyn Entropy>,
    /// Keys and campaigns that were read already.
    pub directory: Arc<Directory>,
    /// Which secrets were checked already.
    pub key_cache: Arc<KeyCache>,
    /// Hashes passwords.
    pub passwords: Arc<Passwords>,
    /// Who has tried how many passwords.
    pub guesses: Arc<Guesses>,
    /// Guides that were read already.
    pub guides: Arc<GuideCache>,
    /// The keys that sign tokens.
    pub rings: Arc<Rings>,
    /// How much keys are used, until it is written down.
    pub usage: Arc<Usage>,
    /// How many requests organizations have left in their minute.
    pub limits: Arc<Limits>,
    /// What is counted for `/metrics`.
    pub metrics: Arc<Metrics>,
    /// What webhook endpoints may be.
    pub webhooks: Webhooks,
    /// Who listens to which session.
    pub streams: Arc<Streams>,
    /// Turns of those who count a whole campaign, which takes a connection for long: the others are everybody else's.
    pub counting: Arc<Semaphore>,
    /// Times that are being sent again to webhook endpoints.
    pub redeliveries: Arc<Redeliveries>,
    /// Set when the server is about to stop.
    pub stopping: Arc<std::sync::atomic::AtomicBool>,
}

impl Shared {
    /// Whether the server is about to stop: what takes long looks between its steps.
    pub fn is_stopping(&self) -> bool {
        self.stopping.load(std::sync::atomic::Ordering::SeqCst)
    }

    /// Parts for a server on `store`.
    pub fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>, entropy: Arc<dyn Entropy>) -> Self {
        let key_cache = Arc::new(KeyCache::new(entropy.as_ref(), Arc::clone(&clock)));
        let limits = Arc::new(Limits::new(Arc::clone(&clock)));
        let passwords = Arc::new(Passwords::new(Arc::clone(&entropy)));
        let guesses = Arc::new(Guesses::new(Arc::clone(&clock)));
        let metrics = Arc::new(Metrics::new(clock.now()));
        Self {
            store,
            clock,
            entropy,
            directory: Arc::default(),
            key_cache,
            passwords,
            guesses,
            guides: Arc::new(GuideCache::new()),
            rings: Arc::default(),
            usage: Arc::default(),
            limits,
            metrics,
            webhooks: Webhooks::default(),
            streams: Arc::default(),
            counting: Arc::new(Semaphore::new(COUNT_AT_ONCE)),
            redeliveries: Arc::default(),
            stopping: Arc::default(),
        }
    }
}

/// The state of one environment's listener: one pointer, as every request takes several copies of it.
#[derive(Debug, Clone)]
pub struct AppState(Arc<Parts>);

impl std::ops::Deref for AppState {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl From<Parts> for AppState {
    fn from(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }
}

/// What an [`AppState`] points to.
#[derive(Debug)]
pub struct Parts {
    /// Which environment.
    pub environment: Environment,
    /// Signs and verifies its tokens.
    pub tokens: TokenService,
    /// How callers of the management API are treated.
    pub callers: Arc<CallerRules>,
    /// What it says of itself.
    pub published: Published,
    /// What answers `/graphql`.
    pub graphql: GraphQl,
    /// Where files lie that customers send.
    pub uploads: Uploads,
    /// What it shares with the other.
    pub shared: Shared,
}

impl AppState {
    /// The time now.
    pub fn now(&self) -> protocol::Timestamp {
        self.shared.clock.now()
    }

    /// A new id.
    pub fn new_id<I: protocol::ids::PrefixedId>(&self) -> I {
        domain::random::new_id(self.now(), self.shared.entropy.as_ref())
    }

    /// The database.
    pub fn store(&self) -> &dyn Store {
        self.shared.store.as_ref()
    }

    /// What is counted in this environment.
    pub fn numbers(&self) -> &Numbers {
        self.shared.metrics.of(self.environment)
    }
}

/// The operating system's randomness.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemEntropy;

/// Bytes for ids that each thread fetches at a time. A mint needs four of them, and the call costs more than the bytes.
const STOCK: usize = 512;
/// An id's.
const OF_AN_ID: usize = 16;

thread_local! {
    static IN_STOCK: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

impl Entropy for SystemEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        if bytes.len() > OF_AN_ID {
            return fill(bytes);
        }
        IN_STOCK.with_borrow_mut(|stock| {
            if stock.len() < bytes.len() {
                stock.resize(STOCK, 0);
                fill(stock);
            }
            let rest = stock.len() - bytes.len();
            bytes.copy_from_slice(&stock[rest..]);
            // What was given out is nobody else's to read.
            stock[rest..].fill(0);
            stock.truncate(rest);
        });
    }
}

fn fill(bytes: &mut [u8]) {
    // It fails only where the system has no source of randomness at all; nothing secret may be made then.
    rand::fill(bytes).expect("the operating system gives randomness");
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_bytes_are_given_out_twice() {
        let mut seen = BTreeSet::new();
        for _ in 0..500 {
            let (mut id, mut number, mut secret) = ([0; OF_AN_ID], [0; 8], [0; 32]);
            for bytes in [&mut id[..], &mut number[..], &mut secret[..]] {
                SystemEntropy.fill(bytes);
            }
            seen.extend([&id[..8], &id[8..], &number].map(<[u8]>::to_vec));
            seen.extend(secret.chunks(8).map(<[u8]>::to_vec));
        }
        assert_eq!(seen.len(), 500 * 7);
    }
}
