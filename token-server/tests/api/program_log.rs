//! The log of the real program: lines of requests wait for each other, and none is lost.

use std::time::{Duration, Instant};

use crate::support::{Caller, binary::Installation};

fn lines_of_requests(log: &str) -> usize {
    log.lines().filter(|line| line.contains("route=\"/healthz\"")).count()
}

#[tokio::test]
async fn lines_of_requests_come_out_by_themselves_and_the_last_ones_when_the_server_stops() {
    let installation = Installation::new();
    let server = installation.serve();
    let caller = Caller::new(&server.url);
    let request = async || assert_eq!(caller.get("/healthz").await.status, 200);
    request().await;
    let deadline = Instant::now() + Duration::from_secs(30);
    while lines_of_requests(&server.log()) < 1 {
        assert!(Instant::now() < deadline, "a line waits for no other request");
        tokio::task::yield_now().await;
    }
    for _ in 0..200 {
        request().await;
    }
    server.signal("TERM");
    let (code, log, _) = server.wait();
    assert_eq!((code, lines_of_requests(&log)), (Some(0), 201));
    assert!(log.trim_end().lines().last().is_some_and(|line| line.contains("stopped")), "in order: {log}");
}
