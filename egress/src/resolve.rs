//! From a name to addresses that may be called.

use std::io;
use std::net::{IpAddr, SocketAddr, ToSocketAddrs};
use std::sync::Arc;

use async_trait::async_trait;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tokio::sync::Semaphore;

use crate::address::may_be_called;
use crate::{Policy, UrlFault};

/// A name may have thousands of addresses, and each would be knocked at until one opens: a customer could have us walk
/// through a stranger's network. Real receivers have a handful.
const MAX_ADDRESSES: usize = 8;

/// A lookup holds a thread until the system gives up, which the name's owner can delay for many seconds: this many may
/// hang, of the 512 threads that tokio shares among all that blocks.
const MAX_LOOKUPS: usize = 64;

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

/// The system's own lookup (`getaddrinfo`).
#[derive(Debug, Clone)]
pub struct SystemResolver {
    permits: Arc<Semaphore>,
}

impl Default for SystemResolver {
    fn default() -> Self {
        Self { permits: Arc::new(Semaphore::new(MAX_LOOKUPS)) }
    }
}

#[async_trait]
impl Resolver for SystemResolver {
    async fn addresses(&self, name: &str) -> io::Result<Vec<IpAddr>> {
        let permit = Arc::clone(&self.permits).acquire_owned().await.map_err(io::Error::other)?;
        let name = name.to_owned();
        let lookup = move || {
            // Goes with the thread: a caller whose time is up leaves, the thread stays until the system answers.
            let _permit = permit;
            Ok((name.as_str(), 0).to_socket_addrs()?.map(|address| address.ip()).collect())
        };
        tokio::task::spawn_blocking(lookup).await.map_err(io::Error::other)?
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
