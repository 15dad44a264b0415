//! Receivers that want our time, our memory or our trust.

use std::time::{Duration, Instant};

use egress::{Failure, MAX_BODY_BYTES, MAX_EXCERPT_BYTES};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::sync::oneshot;

use crate::receiver::{
    LOOPBACK, PATIENCE, in_time, listen_everywhere, no_headers, post_to, read_request, receiver, replies,
};

const SHORT: Duration = Duration::from_millis(300);

/// Waits until the other side closes.
async fn closed(mut stream: TcpStream) {
    while stream.read_u8().await.is_ok() {}
}

/// Calls a receiver that sends `start` and then `piece` by `piece` for as long as we listen. The call must end by its
/// time limit, and the connection with it.
async fn drips(start: &'static [u8], piece: &'static [u8]) {
    let (left, has_left) = oneshot::channel();
    let address = receiver(async move |mut stream| {
        stream.write_all(start).await.unwrap();
        let (mut incoming, mut outgoing) = stream.split();
        let drip = async {
            while !piece.is_empty() && outgoing.write_all(piece).await.is_ok() {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            std::future::pending::<()>().await;
        };
        tokio::select! {
            () = drip => {}
            _ = incoming.read_u8() => left.send(()).unwrap(),
        }
    })
    .await;

    let begin = Instant::now();
    assert_eq!(in_time(post_to(address, SHORT)).await, Err(Failure::Timeout));
    assert!(begin.elapsed() >= SHORT);
    tokio::time::timeout(PATIENCE, has_left).await.expect("the connection stayed open").unwrap();
}

#[tokio::test]
async fn silence_ends_by_the_time_limit() {
    drips(b"", b"").await;
}

#[tokio::test]
async fn headers_that_drip_end_by_the_time_limit() {
    drips(b"HTTP/1.1 200 OK\r\nx: ", b"x").await;
}

#[tokio::test]
async fn interim_replies_without_end_end_by_the_time_limit() {
    drips(b"", b"HTTP/1.1 102 Processing\r\n\r\n").await;
}

#[tokio::test]
async fn a_body_that_drips_ends_by_the_time_limit() {
    drips(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n", b"x").await;
}

#[tokio::test]
async fn a_body_without_length_that_drips_ends_by_the_time_limit() {
    drips(b"HTTP/1.1 200 OK\r\n\r\n", b"x").await;
}

#[tokio::test]
async fn a_connection_that_never_speaks_tls_ends_by_the_time_limit() {
    let listener = listen_everywhere().await;
    let port = listener.local_addr().unwrap().port();
    let client = egress::Client::new(LOOPBACK).unwrap();
    let url = format!("https://127.0.0.1:{port}/");
    let outcome = in_time(client.post(&url, no_headers(), "{}", SHORT)).await;
    assert_eq!(outcome, Err(Failure::Timeout));
}

#[tokio::test]
async fn a_gigabyte_is_cut_off_and_its_status_counts() {
    const GIGABYTE: usize = 1 << 30;
    // What the two sockets' buffers and one read may hold on top of what we take.
    const BUFFERS: usize = 1 << 20;

    // Without limits of our own on its buffers, the system lets a receiver write megabytes ahead.
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_send_buffer_size(16 * 1_024).unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(1).unwrap();
    let address = listener.local_addr().unwrap();
    let server = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        read_request(&mut stream).await.unwrap();
        let head = format!("HTTP/1.1 500 Oh\r\ncontent-length: {GIGABYTE}\r\n\r\n");
        stream.write_all(head.as_bytes()).await.unwrap();
        let (piece, mut written) = ([b'x'; 4_096], 0);
        while written < GIGABYTE {
            match stream.write(&piece).await {
                Ok(bytes) => written += bytes,
                Err(_) => break,
            }
        }
        written
    });

    let reply = post_to(address, PATIENCE).await.unwrap();

    assert_eq!((reply.status, reply.excerpt), (500, "x".repeat(MAX_EXCERPT_BYTES)));
    let written = tokio::time::timeout(PATIENCE, server).await.expect("the connection stayed open").unwrap();
    assert!(written <= MAX_BODY_BYTES + BUFFERS, "{written} bytes were taken");
}

#[tokio::test]
async fn headers_without_end_are_cut_off() {
    let mut flood = b"HTTP/1.1 200 OK\r\n".to_vec();
    (0..100_000).for_each(|number| flood.extend(format!("x-{number}: {number}\r\n").bytes()));
    let address = receiver(async move |mut stream| {
        // We may leave before all is written.
        let _ = stream.write_all(&flood).await;
        closed(stream).await;
    })
    .await;
    let outcome = post_to(address, PATIENCE).await;
    assert_eq!(outcome, Err(Failure::Unreachable("What answered does not speak HTTP.".to_owned())));
}

#[tokio::test]
async fn an_early_close_is_no_reply() {
    const BROKE_OFF: &str = "The connection broke off before the reply was complete.";
    for start in [
        "",
        "HTTP/1.1 20",
        "HTTP/1.1 200 OK\r\ncontent-le",
        "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf",
    ] {
        let address = replies(start).await;
        let outcome = post_to(address, PATIENCE).await;
        assert_eq!(outcome, Err(Failure::Unreachable(BROKE_OFF.to_owned())), "{start:?}");
    }
}

#[tokio::test]
async fn what_is_not_http_is_no_reply_and_is_not_repeated_to_the_customer() {
    for garbage in [
        "SSH-2.0-OpenSSH_9.6\r\n\r\n",
        "220 mail.inner.test ESMTP\r\n\r\n",
        "-ERR unknown command 'POST'\r\n\r\n",
        "\0\0\0\0\r\n\r\n",
    ] {
        let address = replies(garbage).await;
        let outcome = post_to(address, PATIENCE).await;
        let expected = Failure::Unreachable("What answered does not speak HTTP.".to_owned());
        assert_eq!(outcome, Err(expected), "{garbage:?}");
    }
}

#[tokio::test]
async fn a_closed_port_is_unreachable() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let outcome = post_to(address, PATIENCE).await;
    assert_eq!(outcome, Err(Failure::Unreachable("The connection was refused.".to_owned())));
}

#[tokio::test]
async fn a_retry_after_that_means_nothing_is_left_out() {
    let long = "9".repeat(100);
    let address =
        replies(format!("HTTP/1.1 503 Busy\r\nretry-after: {long}\r\ncontent-length: 0\r\n\r\n")).await;
    assert_eq!(post_to(address, PATIENCE).await.unwrap().retry_after, None);
}

#[tokio::test]
async fn a_body_that_is_not_text_becomes_text() {
    let mut reply = b"HTTP/1.1 400 No\r\ncontent-length: 5\r\n\r\n".to_vec();
    reply.extend(*b"no\xff\xfe!");
    let address = replies(reply).await;
    assert_eq!(post_to(address, PATIENCE).await.unwrap().excerpt, "no\u{fffd}\u{fffd}!");
}
