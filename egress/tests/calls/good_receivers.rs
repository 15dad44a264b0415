//! What an honest receiver gets.

use egress::{Client, HeaderMap};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;

use crate::names::Names;
use crate::receiver::{LOOPBACK, PATIENCE, no_headers, read_request};

#[tokio::test]
async fn a_receiver_gets_body_and_headers_as_they_are_over_one_connection() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = tokio::spawn(async move {
        // One `accept`: a second connection would hang.
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut requests = Vec::new();
        for _ in 0..3 {
            requests.push(read_request(&mut stream).await.unwrap());
            let reply = b"HTTP/1.1 429 Later\r\nretry-after: 120\r\ncontent-length: 5\r\n\r\nlater";
            stream.write_all(reply).await.unwrap();
        }
        requests
    });
    let client = Client::with_resolver(LOOPBACK, Names::default()).unwrap();
    let body: Vec<u8> = (0..=u8::MAX).cycle().take(100_000).collect();
    let mut headers = HeaderMap::new();
    headers.insert("webhook-id", "msg_1".parse().unwrap());
    headers.insert("webhook-signature", "v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=".parse().unwrap());
    headers.insert("content-type", "application/json".parse().unwrap());

    for host in ["127.0.0.1", "127.1", "0x7f000001"] {
        let url = format!("http://{host}:{}/hook?a=b%20c", address.port());
        let reply = client.clone().post(&url, headers.clone(), body.clone(), PATIENCE).await.unwrap();
        assert_eq!(reply.status, 429);
        assert_eq!(reply.retry_after.as_deref(), Some("120"));
        assert_eq!(reply.excerpt, "later");
    }

    for request in server.await.unwrap() {
        assert!(request.head.starts_with("POST /hook?a=b%20c HTTP/1.1\r\n"), "{}", request.head);
        assert_eq!(request.body, body);
        assert_eq!(request.header("host"), address.to_string());
        assert_eq!(request.header("user-agent"), "InterviewRelay-Webhooks/1");
        assert_eq!(request.header("webhook-id"), "msg_1");
        assert_eq!(request.header("webhook-signature"), headers["webhook-signature"]);
        assert_eq!(request.header("content-type"), "application/json");
        let names = request.head.lines().skip(1).filter_map(|line| line.split(':').next());
        let surprises: Vec<_> = names.filter(|name| !EXPECTED.contains(name)).collect();
        assert_eq!(surprises, [""; 0]);
    }
}

/// All that a request carries: no cookie, no referrer, no wish for compression.
const EXPECTED: [&str; 7] =
    ["webhook-id", "webhook-signature", "content-type", "accept", "user-agent", "host", "content-length"];

#[tokio::test]
async fn what_frames_a_message_is_not_taken_from_the_caller() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let request = read_request(&mut stream).await.unwrap();
        stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").await.unwrap();
        request
    });
    let mut headers = HeaderMap::new();
    for (name, value) in [
        ("host", "inner.test"),
        ("content-length", "1"),
        ("transfer-encoding", "chunked"),
        ("connection", "upgrade"),
        ("upgrade", "h2c"),
        ("te", "trailers"),
        ("trailer", "x"),
        ("user-agent", "curl"),
    ] {
        headers.insert(name, value.parse().unwrap());
    }
    let client = Client::with_resolver(LOOPBACK, Names::default()).unwrap();

    let reply = client.post(&format!("http://{address}/"), headers, "a body", PATIENCE).await.unwrap();

    assert_eq!((reply.status, reply.excerpt.as_str()), (204, ""));
    let request = server.await.unwrap();
    assert_eq!(request.header("host"), address.to_string());
    assert_eq!(request.header("content-length"), "6");
    assert_eq!(request.header("user-agent"), "InterviewRelay-Webhooks/1");
    assert_eq!(request.body, b"a body");
    for name in ["transfer-encoding", "connection", "upgrade", "te", "trailer"] {
        assert!(!request.head.to_lowercase().contains(&format!("\r\n{name}:")), "{}", request.head);
    }
}

#[tokio::test]
async fn where_loopback_is_open_every_form_of_it_is() {
    for host in ["localhost", "LOCALHOST.", "api.localhost", "127.0.0.1", "127.1", "[::ffff:127.0.0.1]"] {
        let address = crate::receiver::replies("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await;
        let client = Client::with_resolver(LOOPBACK, Names::default()).unwrap();
        let url = format!("http://{host}:{}/", address.port());
        let reply = client.post(&url, no_headers(), "{}", PATIENCE).await;
        assert_eq!(reply.map(|reply| reply.status), Ok(200), "{host}");
    }
}
