//! The log of the real program: lines of requests wait for each other, none is lost while it is read, and nobody waits
//! for it while it is not.

use std::time::{Duration, Instant};

use crate::{
    program_cli::failure,
    support::{
        Caller,
        binary::{Installation, Process},
    },
};

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

#[tokio::test]
async fn a_log_that_nobody_reads_holds_up_no_request_and_is_missed_afterwards() {
    let installation = Installation::new();
    let server = installation.serve();
    let caller = Caller::new(&server.url);
    server.stop_reading();
    // What is kept for the reader is 1 MiB, and a pipe holds some more.
    let requests = 9_000;
    for _ in 0..requests {
        let reply = tokio::time::timeout(Duration::from_secs(30), caller.get("/healthz")).await;
        assert_eq!(reply.expect("no request waits for the log").status, 200);
    }
    server.read_on();
    // What was lost is said as soon as there is room; the lines of the stop are not to be among it.
    let deadline = Instant::now() + Duration::from_secs(30);
    while !server.log().contains("lost=") {
        assert!(Instant::now() < deadline, "it is never said what was lost");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    server.signal("TERM");
    let (code, log, _) = server.wait();
    assert_eq!(code, Some(0));
    let kept = lines_of_requests(&log);
    assert!(kept > 4_000, "the first of them are kept: {kept}");
    let lost = log.lines().find_map(|line| line.split("lost=").nth(1)?.trim().parse::<usize>().ok());
    assert_eq!(lost.map(|lost| lost + kept), Some(requests), "each is there or said to be lost");
}

#[test]
fn no_filter_keeps_back_why_the_program_ends() {
    let installation = Installation::new();
    for filter in ["off", "error", "token_server=trace", "nothing=info", "", "  "] {
        let mut command = installation.command(&["serve", "--live-public-url", "nonsense"]);
        let said = failure(&command.env("INTERVIEWRELAY_LOG", filter).output().unwrap());
        assert!(
            said.starts_with("error: ") && said.contains("live_public_url: nonsense"),
            "{filter}: {said}"
        );
    }
}

#[test]
fn an_empty_filter_is_the_default_and_one_that_is_none_is_refused_by_name() {
    let installation = Installation::new();
    let run = |filter: &str, arguments: &[&str]| {
        installation.command(arguments).env("INTERVIEWRELAY_LOG", filter).output().unwrap()
    };
    for filter in ["inof", "token_server=loud", "info,[", "token_server"] {
        let said = failure(&run(filter, &["init"]));
        assert!(said.starts_with("error: INTERVIEWRELAY_LOG: ") && said.lines().count() == 1, "{said}");
        assert!(said.contains("such as info or warn,token_server=debug"), "{said}");
        assert!(run(filter, &["--help"]).status.success(), "help is given in any case");
    }
    let mut command = installation.command(&["serve"]);
    command.env("INTERVIEWRELAY_LOG", "");
    // It is known to listen by the lines that say so.
    drop(Process::start(command));
}
