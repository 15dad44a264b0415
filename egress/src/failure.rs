//! Why there is no reply, in words that the customer may read.

use std::error::Error;
use std::io;

use crate::UrlFault;

/// Why there is no reply. The text is short, names nothing of our network and repeats nothing of theirs.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// Nothing was sent, and nothing will be while the URL and its DNS records stay as they are.
    #[error("Not called, because of its URL. {0}")]
    Refused(#[from] UrlFault),
    /// The reply was not there, or not all of it, when the time was up.
    #[error("No complete reply in time.")]
    Timeout,
    /// No connection, or no complete HTTP reply over it. The request may have arrived all the same.
    #[error("{0}")]
    Unreachable(String),
}

/// Why a [`crate::Client`] cannot be made.
#[derive(Debug, thiserror::Error)]
#[error(
    "cannot set up HTTPS for calls to customers; does this machine have root certificates (ca-certificates)?"
)]
pub struct BuildError(#[from] reqwest::Error);

impl Failure {
    /// Reads the chain of causes for what the customer can act on. Their own texts are not passed on: some quote
    /// addresses or what the other side sent.
    pub(crate) fn of(error: &reqwest::Error) -> Self {
        if let Some(fault) = causes(error).find_map(<dyn Error>::downcast_ref::<UrlFault>) {
            return Self::Refused(*fault);
        }
        // The innermost cause says most.
        let reason = causes(error).filter_map(explain).last();
        let fallback = match error {
            error if error.is_timeout() => return Self::Timeout,
            error if error.is_dns() => "The host's name could not be resolved.",
            error if error.is_connect() => "No connection could be made.",
            _ => "The connection broke off before the reply was complete.",
        };
        Self::Unreachable(reason.unwrap_or(fallback).to_owned())
    }
}

/// The error and what lies under it.
fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |error: &&'a (dyn Error + 'static)| {
        let error: &'a (dyn Error + 'static) = *error;
        // `source` of an I/O error passes over the error that it wraps.
        match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
            Some(wrapped) => Some(wrapped),
            None => error.source(),
        }
    })
}

fn explain(error: &(dyn Error + 'static)) -> Option<&'static str> {
    if let Some(error) = error.downcast_ref::<hyper::Error>() {
        return error.is_parse().then_some("What answered does not speak HTTP.");
    }
    if let Some(error) = error.downcast_ref::<rustls::Error>() {
        return Some(explain_tls(error));
    }
    match error.downcast_ref::<io::Error>()?.kind() {
        io::ErrorKind::ConnectionRefused => Some("The connection was refused."),
        io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable => {
            Some("There is no route to the host.")
        }
        _ => None,
    }
}

fn explain_tls(error: &rustls::Error) -> &'static str {
    use rustls::CertificateError as Certificate;

    match error {
        rustls::Error::InvalidCertificate(Certificate::Expired | Certificate::ExpiredContext { .. }) => {
            "The host's certificate has expired."
        }
        rustls::Error::InvalidCertificate(
            Certificate::NotValidForName | Certificate::NotValidForNameContext { .. },
        ) => "The host's certificate is for another name.",
        rustls::Error::InvalidCertificate(Certificate::UnknownIssuer) => {
            "The host's certificate is not from a known authority, or the host does not send those in between."
        }
        rustls::Error::InvalidCertificate(_) => "The host's certificate is not valid.",
        _ => "No TLS connection could be agreed on; at least TLS 1.2 is needed.",
    }
}
