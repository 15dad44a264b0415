//! One call, with a limit on everything that the other side decides.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use reqwest::header::{self, HeaderMap, HeaderName};
use reqwest::{redirect, retry, tls};

use crate::resolve::Guard;
use crate::{BuildError, Failure, Policy, Resolver, SystemResolver, check_url};

/// What receivers see in `user-agent`.
pub const USER_AGENT: &str = "InterviewRelay-Webhooks/1";

/// How much of a reply's body is read, give or take what the socket's buffer holds. A longer one is cut, and its
/// connection closed; up to here it is read to the end, so that the connection can serve the next call.
pub const MAX_BODY_BYTES: usize = 64 * 1_024;

/// How much of a reply's body is kept.
pub const MAX_EXCERPT_BYTES: usize = 1_024;

/// `retry-after` is a date of 29 characters or a number; what is longer is neither.
const MAX_RETRY_AFTER_BYTES: usize = 64;

/// Who is called, how the message is framed and who calls are not for the caller to say. A length that is wrong would
/// let one delivery reach into the next on the same connection.
const OUR_HEADERS: [HeaderName; 8] = [
    header::CONNECTION,
    header::CONTENT_LENGTH,
    header::HOST,
    header::TE,
    header::TRAILER,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
    header::USER_AGENT,
];

/// Calls addresses that customers gave. Cheap to clone; make one for the process, as it keeps connections. A kept
/// connection serves the same scheme, host and port only, and was checked when it was made.
#[derive(Debug, Clone)]
pub struct Client {
    http: reqwest::Client,
    policy: Policy,
}

/// What the receiver replied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The status, whatever it is; redirects are not followed.
    pub status: u16,
    /// The header `retry-after` as it was sent; `None` if it is longer than any that means something.
    pub retry_after: Option<String>,
    /// The first [`MAX_EXCERPT_BYTES`] of the body; what is not UTF-8 has become U+FFFD. It is a stranger's text.
    pub excerpt: String,
}

impl Client {
    /// A client that resolves names as the system does.
    ///
    /// # Errors
    ///
    /// [`BuildError`] when the machine has no root certificates.
    pub fn new(policy: Policy) -> Result<Self, BuildError> {
        Self::with_resolver(policy, SystemResolver::default())
    }

    /// A client that resolves names by `resolver`.
    ///
    /// # Errors
    ///
    /// [`BuildError`] when the machine has no root certificates.
    pub fn with_resolver(policy: Policy, resolver: impl Resolver) -> Result<Self, BuildError> {
        let http = reqwest::Client::builder()
            .dns_resolver(Guard { resolver: Arc::new(resolver), policy })
            // A proxy would resolve names itself, behind the guard.
            .no_proxy()
            // A redirect leads to an address that nobody gave us and nobody checked.
            .redirect(redirect::Policy::none())
            // When and how often to try again is the caller's to decide.
            .retry(retry::never())
            .https_only(!policy.allow_loopback)
            .tls_version_min(tls::Version::TLS_1_2)
            .http1_only()
            .user_agent(USER_AGENT)
            // As many as one endpoint is called at once: a connection that is not kept costs more than the call.
            .pool_max_idle_per_host(32)
            .pool_idle_timeout(Duration::from_secs(30))
            .build()?;
        Ok(Self { http, policy })
    }

    /// POSTs `body` once. `timeout` is for all of it: resolving, connecting, TLS, sending, the reply and its body.
    ///
    /// The headers that frame a message and `host` and `user-agent` are ours; they are dropped from `headers`.
    ///
    /// # Errors
    ///
    /// - [`Failure::Refused`]: the URL, or an address of its host, is not to be called; nothing was sent.
    /// - [`Failure::Timeout`]: the time was up.
    /// - [`Failure::Unreachable`]: there was no connection, or no complete HTTP reply.
    ///
    /// # Panics
    ///
    /// Outside of a tokio runtime with I/O and time.
    pub async fn post(
        &self,
        url: &str,
        mut headers: HeaderMap,
        body: impl Into<Bytes> + Send,
        timeout: Duration,
    ) -> Result<Reply, Failure> {
        let url = check_url(url, self.policy)?;
        for name in OUR_HEADERS {
            headers.remove(name);
        }
        let request = self.http.post(url).headers(headers).body(body.into());
        tokio::time::timeout(timeout, exchange(request)).await.map_err(|_| Failure::Timeout)?
    }
}

async fn exchange(request: reqwest::RequestBuilder) -> Result<Reply, Failure> {
    let response = request.send().await.map_err(|error| Failure::of(&error))?;
    let retry_after = response
        .headers()
        .get(header::RETRY_AFTER)
        .and_then(|value| value.to_str().ok())
        .filter(|text| text.len() <= MAX_RETRY_AFTER_BYTES)
        .map(str::to_owned);
    Ok(Reply { status: response.status().as_u16(), retry_after, excerpt: read_excerpt(response).await? })
}

async fn read_excerpt(mut response: reqwest::Response) -> Result<String, Failure> {
    let (mut kept, mut read) = (Vec::new(), 0);
    while let Some(chunk) = response.chunk().await.map_err(|error| Failure::of(&error))? {
        kept.extend(chunk.iter().take(MAX_EXCERPT_BYTES - kept.len()));
        read += chunk.len();
        // To drop a response that is not at its end closes the connection.
        if read > MAX_BODY_BYTES {
            break;
        }
    }
    Ok(String::from_utf8_lossy(&kept).into_owned())
}
