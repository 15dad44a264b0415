//! What calls take from the process's environment: root certificates, and nothing else.

use std::path::Path;
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::PrivateKeyDer;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use crate::child::post_from_child;
use crate::receiver::{connections, read_request, replies};

#[tokio::test]
async fn a_proxy_in_the_environment_is_not_used() {
    let proxy = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let proxy_url = format!("http://{}", proxy.local_addr().unwrap());
    let variables = ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "HTTPS_PROXY", "https_proxy"]
        .map(|name| (name, Path::new(&proxy_url)));
    let receiver = replies("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await;

    let outcome = post_from_child(&format!("http://{receiver}/"), &variables).await;

    assert!(outcome.starts_with("Ok(Reply { status: 200"), "{outcome}");
    assert_eq!(connections(&proxy).await, 0);
}

/// A server with a certificate from an authority of our own.
struct Https {
    port: u16,
    authority: tempfile::NamedTempFile,
}

/// Serves one reply over TLS, with a certificate for `name` from `authority`.
async fn https(name: &str, authority: &str) -> Https {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, authority);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new([name.to_owned()]).unwrap().signed_by(&key, &issuer).unwrap();
    let authority = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(authority.path(), issuer.pem()).unwrap();

    let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let config = rustls::ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)
        .unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        // A client that does not like the certificate leaves.
        if let Ok(mut stream) = TlsAcceptor::from(Arc::new(config)).accept(stream).await
            && read_request(&mut stream).await.is_some()
        {
            stream.write_all(b"HTTP/1.1 202 Yes\r\ncontent-length: 3\r\n\r\nyes").await.unwrap();
            stream.shutdown().await.unwrap();
        }
    });
    Https { port, authority }
}

#[tokio::test]
async fn a_name_with_a_certificate_from_a_known_authority_is_called() {
    let server = https("hook.test", "Somebody").await;
    let url = format!("https://hook.test:{}/", server.port);
    let outcome = post_from_child(&url, &[("SSL_CERT_FILE", server.authority.path())]).await;
    assert_eq!(outcome, r#"Ok(Reply { status: 202, retry_after: None, excerpt: "yes" })"#);
}

#[tokio::test]
async fn a_certificate_for_another_name_is_not_taken() {
    let server = https("other.test", "Somebody").await;
    let url = format!("https://hook.test:{}/", server.port);
    let outcome = post_from_child(&url, &[("SSL_CERT_FILE", server.authority.path())]).await;
    assert_eq!(outcome, r#"Err(Unreachable("The host's certificate is for another name."))"#);
}

#[tokio::test]
async fn a_certificate_from_an_unknown_authority_is_not_taken() {
    let (server, known) = (https("hook.test", "Nobody").await, https("hook.test", "Somebody").await);
    let url = format!("https://hook.test:{}/", server.port);
    let outcome = post_from_child(&url, &[("SSL_CERT_FILE", known.authority.path())]).await;
    assert!(outcome.contains("certificate is not from a known authority"), "{outcome}");
}

#[tokio::test]
async fn what_does_not_speak_tls_is_unreachable_by_https() {
    let address = {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await.unwrap();
            // Until the other side leaves, so that what was written arrives before the end.
            let _ = tokio::io::copy(&mut stream, &mut tokio::io::sink()).await;
        });
        address
    };
    let server = https("hook.test", "Somebody").await;
    let outcome =
        post_from_child(&format!("https://{address}/"), &[("SSL_CERT_FILE", server.authority.path())]).await;
    assert!(outcome.contains("No TLS connection could be agreed on"), "{outcome}");
}
