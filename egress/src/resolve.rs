//! From a name to addresses that may be called.

use std::collections::HashMap;
use std::io;
use std::net::{IpAddr, SocketAddr, ToSocketAddrs};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tokio::sync::{Semaphore, watch};

use crate::address::may_be_called;
use crate::{Policy, UrlFault};

/// A name may have thousands of addresses, and each would be knocked at until one opens: a customer could have us walk
/// through a stranger's network. Real receivers have a handful.
const MAX_ADDRESSES: usize = 8;

/// A lookup holds a thread until the system gives up, which the name's owner can delay for many seconds: this many may
/// hang, of the 512 threads that tokio shares among all that blocks. A customer has far fewer names.
const MAX_LOOKUPS: usize = 192;

/// How names are looked up. Whatever it answers is checked before anything is called.
#[async_trait]
pub trait Resolver: std::fmt::Debug + Send + Sync + 'static {
    /// All addresses of `name`.
    ///
    /// # Errors
    ///
    /// When the name has none or cannot be looked up; the reason is not told to the customer.
    async fn addresses(&self, name: &str) -> io::Result<Vec<IpAddr>>;
}

/// The system's own lookup (`getaddrinfo`). A name is looked up once at a time: who asks for it meanwhile gets the same answer,
/// so a name that hangs holds one thread, however many calls go to it and give up.
#[derive(Debug, Clone)]
pub struct SystemResolver {
    permits: Arc<Semaphore>,
    under_way: Arc<Mutex<HashMap<String, watch::Receiver<Option<Found>>>>>,
    look_up: fn(&str) -> io::Result<Vec<IpAddr>>,
}

/// What a lookup has come to; of an error what can be told to several.
type Found = Result<Vec<IpAddr>, io::ErrorKind>;

impl Default for SystemResolver {
    fn default() -> Self {
        Self::by(|name| Ok((name, 0).to_socket_addrs()?.map(|address| address.ip()).collect()))
    }
}

impl SystemResolver {
    /// By this function, which may block.
    fn by(look_up: fn(&str) -> io::Result<Vec<IpAddr>>) -> Self {
        Self { permits: Arc::new(Semaphore::new(MAX_LOOKUPS)), under_way: Arc::default(), look_up }
    }

    fn under_way(&self) -> MutexGuard<'_, HashMap<String, watch::Receiver<Option<Found>>>> {
        self.under_way.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Looks a name up in a thread of its own and tells it, unless nobody waits for it any more once there is one.
    async fn find(self, name: String, tell: watch::Sender<Option<Found>>) {
        // Nobody closes it.
        let _permit = self.permits.acquire().await;
        {
            let mut under_way = self.under_way();
            // That of the map itself is left. Whoever comes from now on begins anew.
            if tell.receiver_count() <= 1 {
                under_way.remove(&name);
                return;
            }
        }
        let (look_up, wanted) = (self.look_up, name.clone());
        let found = tokio::task::spawn_blocking(move || look_up(&wanted)).await;
        self.under_way().remove(&name);
        let found = found.map_err(|_| io::ErrorKind::Other);
        // An error means that nobody waits any more.
        let _ = tell.send(Some(found.and_then(|found| found.map_err(|error| error.kind()))));
    }
}

#[async_trait]
impl Resolver for SystemResolver {
    async fn addresses(&self, name: &str) -> io::Result<Vec<IpAddr>> {
        let mut told = {
            let mut under_way = self.under_way();
            if let Some(told) = under_way.get(name) {
                told.clone()
            } else {
                let (tell, told) = watch::channel(None);
                under_way.insert(name.to_owned(), told.clone());
                // A task of its own: a caller whose time is up leaves, and the thread stays until the system answers.
                tokio::spawn(self.clone().find(name.to_owned(), tell));
                told
            }
        };
        let found = told.wait_for(Option::is_some).await.map_err(io::Error::other)?.clone();
        found.unwrap_or(Err(io::ErrorKind::Other)).map_err(io::Error::from)
    }
}

/// Stands between the resolver and every connection: reqwest connects to what this returns and asks nobody else, so
/// that a name cannot change its addresses after the check. Addresses written in the URL do not come by here; they
/// are checked by [`crate::check_url`] on each call.
#[derive(Debug)]
pub(crate) struct Guard {
    pub(crate) resolver: Arc<dyn Resolver>,
    pub(crate) policy: Policy,
}

impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let (resolver, policy) = (Arc::clone(&self.resolver), self.policy);
        Box::pin(async move {
            let addresses = resolver.addresses(name.as_str()).await?;
            if addresses.is_empty() {
                return Err(io::Error::from(io::ErrorKind::NotFound).into());
            }
            let addresses = check_addresses(addresses, policy)?;
            // Port 0 stands for the URL's port.
            let addresses: Addrs = Box::new(addresses.into_iter().map(|address| SocketAddr::new(address, 0)));
            Ok(addresses)
        })
    }
}

/// All addresses or none: a name with one public and one private address is a trap or a mistake. If the public one were
/// called, deliveries would depend on the order of an answer, and the customer would hear of the mistake by chance.
fn check_addresses(mut addresses: Vec<IpAddr>, policy: Policy) -> Result<Vec<IpAddr>, UrlFault> {
    if !addresses.iter().all(|address| may_be_called(*address, policy)) {
        return Err(UrlFault::ResolvesToNotPublic);
    }
    addresses.truncate(MAX_ADDRESSES);
    Ok(addresses)
}

#[cfg(test)]
mod tests {
    use std::{
        sync::atomic::{AtomicUsize, Ordering},
        time::Duration,
    };

    use tokio::{sync::RwLock, time::timeout};

    use super::*;

    /// Held for writing as long as names that begin with `hang` do.
    static HANGS: RwLock<()> = RwLock::const_new(());
    static LOOKUPS: AtomicUsize = AtomicUsize::new(0);

    #[tokio::test(flavor = "multi_thread")]
    async fn a_name_that_hangs_holds_one_thread_and_no_other_name() {
        let resolver = SystemResolver::by(|name| {
            if name.starts_with("hang") {
                LOOKUPS.fetch_add(1, Ordering::SeqCst);
                drop(HANGS.blocking_read());
            }
            Ok(vec![IpAddr::from([192, 0, 2, 1])])
        });
        let held = HANGS.write().await;
        // Each caller's time is up before the answer is there.
        for _ in 0..2 * MAX_LOOKUPS {
            let waiting = resolver.addresses("hang.example");
            assert!(timeout(Duration::from_millis(1), waiting).await.is_err());
        }
        assert_eq!(resolver.addresses("quick.example").await.unwrap().len(), 1);
        assert_eq!(LOOKUPS.load(Ordering::SeqCst), 1);
        drop(held);
        assert_eq!(resolver.addresses("hang.example").await.unwrap().len(), 1);
        // It is looked up anew when nobody asks for it any more.
        while !resolver.under_way().is_empty() {
            tokio::task::yield_now().await;
        }
        let before = LOOKUPS.load(Ordering::SeqCst);
        resolver.addresses("hang.example").await.unwrap();
        assert_eq!(LOOKUPS.load(Ordering::SeqCst), before + 1);
    }
}
