//! Names that change their addresses, or have too many or none.

use std::time::Duration;

use egress::{Client, Failure, Policy, Resolver, SystemResolver, UrlFault};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;

use crate::names::Names;
use crate::receiver::{
    LOOPBACK, PATIENCE, connections, in_time, listen_everywhere, no_headers, read_request,
};

#[tokio::test]
async fn a_name_is_resolved_once_and_the_connection_goes_where_that_answer_led() {
    let listener = listen_everywhere().await;
    let port = listener.local_addr().unwrap().port();
    // A second question, to connect after a check, would lead to the listener. The public address has been given to
    // nobody, so that the call fails one way or the other.
    let names = Names::default().with("rebinding.test", &[&["2d00::1"], &["127.0.0.1"]]);
    let client = Client::with_resolver(Policy::default(), names.clone()).unwrap();

    let url = format!("https://rebinding.test:{port}/");
    let outcome = client.post(&url, no_headers(), "{}", Duration::from_millis(300)).await;

    assert!(matches!(outcome, Err(Failure::Timeout | Failure::Unreachable(_))), "{outcome:?}");
    assert_eq!(connections(&listener).await, 0);
    assert_eq!(names.asked(), ["rebinding.test"]);
}

#[tokio::test]
async fn a_name_that_moves_to_a_blocked_address_is_refused_from_then_on() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    // 0.0.0.0 reaches the same listener, and is blocked even where loopback is allowed.
    let names = Names::default().with("localhost", &[&["127.0.0.1"], &["0.0.0.0"]]);
    let client = Client::with_resolver(LOOPBACK, names.clone()).unwrap();
    let url = format!("http://localhost:{port}/");

    let first = async {
        let (mut stream, _) = listener.accept().await.unwrap();
        read_request(&mut stream).await.unwrap();
        stream.write_all(b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 0\r\n\r\n").await.unwrap();
    };
    let (reply, ()) = tokio::join!(client.post(&url, no_headers(), "{}", PATIENCE), first);
    assert_eq!(reply.unwrap().status, 200);

    let outcome = client.post(&url, no_headers(), "{}", PATIENCE).await;
    assert_eq!(outcome, Err(Failure::Refused(UrlFault::ResolvesToNotPublic)));
    assert_eq!(connections(&listener).await, 0);
    assert_eq!(names.asked(), ["localhost", "localhost"]);
}

#[tokio::test]
async fn a_name_with_very_many_addresses_does_not_make_us_knock_at_all_of_them() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let closed = ["127.0.0.2"; 8];
    let names = Names::default().with("localhost", &[&[&closed[..], &["127.0.0.1"]].concat()]);
    let client = Client::with_resolver(LOOPBACK, names).unwrap();

    let outcome = client.post(&format!("http://localhost:{port}/"), no_headers(), "{}", PATIENCE).await;

    assert_eq!(outcome, Err(Failure::Unreachable("The connection was refused.".to_owned())));
    assert_eq!(connections(&listener).await, 0);
}

#[tokio::test]
async fn a_name_without_addresses_is_unreachable() {
    let names = Names::default().with("gone.test", &[&[]]);
    let client = Client::with_resolver(Policy::default(), names).unwrap();
    let outcome = client.post("https://gone.test/", no_headers(), "{}", PATIENCE).await;
    assert_eq!(outcome, Err(Failure::Unreachable("The host's name could not be resolved.".to_owned())));
}

#[tokio::test]
async fn a_lookup_that_hangs_counts_as_time() {
    #[derive(Debug)]
    struct Silent;
    #[async_trait::async_trait]
    impl Resolver for Silent {
        async fn addresses(&self, _: &str) -> std::io::Result<Vec<std::net::IpAddr>> {
            std::future::pending().await
        }
    }
    let client = Client::with_resolver(Policy::default(), Silent).unwrap();
    let outcome =
        in_time(client.post("https://slow.test/", no_headers(), "{}", Duration::from_millis(300))).await;
    assert_eq!(outcome, Err(Failure::Timeout));
}

#[tokio::test]
async fn the_systems_resolver_knows_this_machine() {
    let addresses = SystemResolver::default().addresses("localhost").await.unwrap();
    assert!(!addresses.is_empty() && addresses.iter().all(std::net::IpAddr::is_loopback), "{addresses:?}");
}
