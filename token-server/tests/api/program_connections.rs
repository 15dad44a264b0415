//! The real program and those who connect to it: who waits, and who comes when it is about to stop.

use std::{
    io::Write as _,
    net::{SocketAddr, TcpStream},
    process::Command,
};

use crate::support::{
    Caller,
    binary::{Installation, Process},
    caller::try_send,
};

#[tokio::test(flavor = "multi_thread")]
async fn callers_who_never_end_their_request_keep_nobody_out() {
    let installation = Installation::new();
    // A shell begins programs with a low limit of open files, and lets them have more.
    let mut command = Command::new("sh");
    command.args(["-c", "ulimit -Sn 64 && exec \"$0\" serve", env!("CARGO_BIN_EXE_interviewrelay")]);
    installation.prepare(&mut command);
    let server = Process::start(command);
    let address: SocketAddr = server.url.trim_start_matches("http://").parse().unwrap();
    let waiting: Vec<_> = (0..200)
        .map(|_| {
            let mut stream = TcpStream::connect(address).unwrap();
            stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: x\r\n").unwrap();
            stream
        })
        .collect();
    assert_eq!(Caller::new(&server.url).get("/healthz").await.status, 200);
    drop(waiting);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_told_to_stop_says_so_to_those_who_ask_and_still_serves_the_rest() {
    let installation = Installation::new();
    let key = installation.create_key("admin");
    let server = installation.serve();
    server.signal("TERM");
    // The signal is on its way; a balancer asks over a connection of its own each time.
    let ready = async || {
        let caller = Caller::new(&server.url);
        try_send(caller.request(reqwest::Method::GET, "/readyz")).await.map(|reply| reply.status)
    };
    while ready().await.expect("it listens until it has said that it stops") == 200 {
        tokio::task::yield_now().await;
    }
    assert_eq!(ready().await.ok(), Some(503));
    Caller::new(&server.url).with(&key).get("/v1/campaigns").await.expect(200);
    let (code, log, _) = tokio::task::spawn_blocking(|| server.wait()).await.unwrap();
    assert_eq!(code, Some(0), "{log}");
}
