//! What can be said of a URL before its name is resolved.

use std::net::IpAddr;

use url::{Host, ParseError, Url};

use crate::Policy;
use crate::address::{is_loopback, may_be_called};

/// The longest URL that is accepted, in bytes: what proxies and logs commonly take.
pub const MAX_URL_BYTES: usize = 2_048;

/// Why a URL is not called. The text says what to do, and nothing of our network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UrlFault {
    /// It cannot be read.
    #[error("Must be a full URL, such as https://example.com/webhooks.")]
    Unreadable,
    /// It has more than [`MAX_URL_BYTES`], as it was sent or once percent-encoded.
    #[error("Must have at most 2048 bytes.")]
    TooLong,
    /// It is not `https`, nor `http` to a loopback address that the policy allows.
    #[error("Must begin with https://.")]
    Scheme,
    /// It has a place for a user name or a password, even an empty one. They would end up in logs and in the list of
    /// endpoints, and readers take what stands before an `@` for the host.
    #[error(
        "Must not contain a user name, a password or an @ before the host: verify the signature of each delivery instead."
    )]
    Userinfo,
    /// It has a fragment, which is never sent.
    #[error("Must not contain a fragment: remove the # and what follows it.")]
    Fragment,
    /// There is nobody to call.
    #[error("Must name a host.")]
    NoHost,
    /// Port 0.
    #[error("Must name a port from 1 to 65535, or none.")]
    Port,
    /// Its host is an address that is not on the public internet, or `localhost`.
    #[error("Must name a host on the public internet: private, local and reserved addresses are not called.")]
    NotPublic,
    /// Its host resolves to an address that is not on the public internet. Which one is not told: it would make
    /// us a way to read the names of an inner network.
    #[error("Must name a host all of whose addresses are on the public internet: correct its DNS records.")]
    ResolvesToNotPublic,
}

/// Checks a URL without resolving its name, as when an endpoint is saved.
///
/// Keep what is returned, not `text`: it is the spelling that is called. The URL Standard turns `0x7f.1` and
/// `２１３０７０６４３３` into `127.0.0.1` and drops line breaks, so that only its outcome can be judged.
///
/// # Errors
///
/// The first [`UrlFault`] that is found.
pub fn check_url(text: &str, policy: Policy) -> Result<Url, UrlFault> {
    if text.len() > MAX_URL_BYTES {
        return Err(UrlFault::TooLong);
    }
    let url = Url::parse(text).map_err(|error| match error {
        ParseError::EmptyHost => UrlFault::NoHost,
        ParseError::InvalidPort => UrlFault::Port,
        _ => UrlFault::Unreadable,
    })?;
    if url.as_str().len() > MAX_URL_BYTES {
        return Err(UrlFault::TooLong);
    }
    let plain = match url.scheme() {
        "https" => false,
        "http" => true,
        _ => return Err(UrlFault::Scheme),
    };
    let (loopback, allowed) = match url.host().ok_or(UrlFault::NoHost)? {
        Host::Domain(name) => (is_localhost(name), policy.allow_loopback || !is_localhost(name)),
        Host::Ipv4(address) => judge(address.into(), policy),
        Host::Ipv6(address) => judge(address.into(), policy),
    };
    if plain && !(loopback && policy.allow_loopback) {
        return Err(UrlFault::Scheme);
    }
    if has_userinfo(text) {
        return Err(UrlFault::Userinfo);
    }
    if url.fragment().is_some() {
        return Err(UrlFault::Fragment);
    }
    if url.port() == Some(0) {
        return Err(UrlFault::Port);
    }
    if allowed { Ok(url) } else { Err(UrlFault::NotPublic) }
}

/// Whether there is an `@` in the authority. The parser drops one that has nothing before it, so it is looked for in the
/// text, of which the authority begins and ends where the URL Standard says: after any number of slashes of either kind,
/// and at the next one.
fn has_userinfo(text: &str) -> bool {
    let after_scheme = text.split_once(':').map_or("", |(_, rest)| rest);
    let authority = after_scheme.trim_start_matches(['/', '\\', '\t', '\n', '\r']);
    authority.split(['/', '\\', '?', '#']).next().is_some_and(|authority| authority.contains('@'))
}

/// Whether it is the machine itself, and whether it may be called.
fn judge(address: IpAddr, policy: Policy) -> (bool, bool) {
    (is_loopback(address), may_be_called(address, policy))
}

/// Source: RFC 6761 §6.3: `localhost` and all below it, also with the dot that ends a full name.
fn is_localhost(name: &str) -> bool {
    let name = name.trim_end_matches('.');
    name == "localhost" || name.ends_with(".localhost")
}
