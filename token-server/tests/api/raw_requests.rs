//! Requests that no client library sends, byte by byte.

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use crate::support::{Organization, TestServer};

/// Sends bytes and gives all that comes back until the server closes, as text.
async fn exchange(organization: &Organization, server: &TestServer, head: &str, body: &[u8]) -> String {
    let address = server.url(protocol::Environment::Live).trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).await.unwrap();
    let key = organization.admin.credential();
    let head =
        format!("{head}\r\nHost: {address}\r\nAuthorization: Bearer {key}\r\nConnection: close\r\n\r\n");
    stream.write_all(head.as_bytes()).await.unwrap();
    // The server may have refused it half-way and closed.
    let _ = stream.write_all(body).await;
    let mut reply = Vec::new();
    let _ = stream.read_to_end(&mut reply).await;
    String::from_utf8(reply).unwrap()
}

#[tokio::test]
async fn a_body_in_chunks_is_413_as_soon_as_it_is_too_large() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let chunk = format!("10000\r\n{}\r\n", "x".repeat(0x1_0000));
    let head = "POST /v1/campaigns HTTP/1.1\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked";
    let reply = exchange(&organization, &server, head, chunk.repeat(17).as_bytes()).await;
    assert!(reply.starts_with("HTTP/1.1 413"), "{reply}");
    assert!(
        reply.contains(r#"{"error":{"code":"payload_too_large","#) && reply.contains("x-request-id: req_"),
        "{reply}"
    );
}

#[tokio::test]
async fn a_body_that_breaks_off_changes_nothing_and_the_server_goes_on() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let address = server.url(protocol::Environment::Live).trim_start_matches("http://");
    let key = organization.admin.credential();
    for (length, body) in [(100, r#"{"name":"half"#), (1_000_000, "")] {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let request = format!(
            "POST /v1/campaigns HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {key}\r\n\
             Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        drop(stream);
    }
    assert_eq!(organization.admin.get("/v1/campaigns").await.expect(200)["data"], serde_json::json!([]));
}

#[tokio::test]
async fn what_is_no_http_is_refused_without_a_word_of_a_framework() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    for head in [
        "nonsense",
        "GET /v1/campaigns HTTP/9.9",
        "GET /v1/ campaigns HTTP/1.1",
        "GET /v1/campaigns HTTP/1.1\r\nContent-Length: -1",
    ] {
        let reply = exchange(&organization, &server, head, b"").await;
        let (status, body) = reply.split_once("\r\n\r\n").unwrap_or((&reply, ""));
        assert!(status.is_empty() || status.starts_with("HTTP/1.1 4"), "{reply}");
        assert_eq!(body, "", "{reply}");
    }
    organization.admin.get("/v1/campaigns").await.expect(200);
}
