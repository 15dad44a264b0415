//! The one way by which the server calls addresses that customers gave: webhook endpoints.
//!
//! Whoever may name an address that a server calls may try to make it call its own network: the database beside
//! it, the metadata of its cloud. So an address is looked at twice, as it is written ([`check_url`]) and as it
//! resolves ([`Client::post`]), and the connection goes to nothing but what was looked at.
//! Source: OWASP, Server Side Request Forgery Prevention Cheat Sheet, case 2.
//!
//! - [`check_url`]: may this be saved? · [`is_public`]: is this address on the public internet?
//! - [`Client`]: one call, with a limit on everything that the other side decides
//! - [`Resolver`]: how names are looked up; handed in, as the network is

mod address;
mod check;
mod client;
mod failure;
mod resolve;

pub use address::is_public;
pub use check::{MAX_URL_BYTES, UrlFault, check_url};
pub use client::{Client, MAX_BODY_BYTES, MAX_EXCERPT_BYTES, Reply, USER_AGENT};
pub use failure::{BuildError, Failure};
pub use reqwest::header::HeaderMap;
pub use resolve::{Resolver, SystemResolver};

/// What may be called. The default is what production needs: `https`, on the public internet.
#[derive(Debug, Clone, Copy, Default)]
pub struct Policy {
    /// The machine itself too, and by plain `http`: for a developer's receiver. All other addresses stay as they are.
    pub allow_loopback: bool,
}
