//! An answer is acknowledged only after it is on disk: the order of the system calls shows it, where a `kill -9` cannot.

use std::{
    collections::HashMap,
    path::Path,
    process::{Command, Stdio},
};

use serde_json::json;

use crate::support::{
    Caller, Interview,
    binary::{Installation, Process},
    guides,
};

const COMMITS: usize = 30;

/// What a line of the trace says, as far as the order matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Event {
    /// A commit came in.
    Commit,
    /// Something was written into the database's log.
    LogWritten,
    /// The database's log is on disk.
    LogSynced,
    /// A 200 went out.
    Acknowledged,
}

/// Whether processes can be traced here: it takes `strace`, and containers may forbid it.
fn can_trace() -> bool {
    let status = Command::new("strace").args(["-o", "/dev/null", "true"]).stderr(Stdio::null()).status();
    status.is_ok_and(|status| status.success())
}

/// The events of a trace. A call that another thread interrupts is two lines: it counts when it has returned.
fn events(trace: &str) -> Vec<Event> {
    let mut unfinished: HashMap<&str, String> = HashMap::new();
    let mut events = Vec::new();
    for line in trace.lines() {
        let Some((thread, call)) = line.split_once(' ') else { continue };
        let call = call.trim_start();
        let call = if let Some(begun) = call.strip_suffix("<unfinished ...>") {
            unfinished.insert(thread, begun.to_owned());
            // What is sent may arrive before the call returns, and what is written counts as soon as it is begun.
            if !call.contains("HTTP/1.1 200") {
                continue;
            }
            begun.to_owned()
        } else if let Some(rest) = call.strip_prefix("<... ") {
            let begun = unfinished.remove(thread).unwrap_or_default();
            if begun.contains("HTTP/1.1 200") {
                continue;
            }
            begun + rest
        } else {
            call.to_owned()
        };
        let is_of_log = call.contains("-wal>");
        if call.contains("\"PUT /v1/participant/session/answers/") {
            events.push(Event::Commit);
        } else if call.contains("\"HTTP/1.1 200") {
            events.push(Event::Acknowledged);
        } else if is_of_log && call.starts_with("pwrite64(") {
            events.push(Event::LogWritten);
        } else if is_of_log
            && (call.starts_with("fdatasync(") || call.starts_with("fsync("))
            && call.ends_with("= 0")
        {
            events.push(Event::LogSynced);
        }
    }
    events
}

/// Runs the server below `strace` and gives a trace of it while a participant answers.
async fn trace_of_commits(installation: &Installation, trace: &Path) -> String {
    let file = installation.path("campaign.json");
    let campaign = json!({"id": "camp_1", "name": "Long", "guide": guides::long(COMMITS)});
    std::fs::write(&file, campaign.to_string()).unwrap();
    installation.run_json(&[
        "campaigns",
        "import",
        file.to_str().unwrap(),
        "--org",
        "Acme",
        "--env",
        "live",
        "--json",
    ]);
    let key = installation.create_key("admin");

    let calls = "trace=fdatasync,fsync,pwrite64,read,readv,recvfrom,recvmsg,write,writev,sendto,sendmsg";
    let mut command = Command::new("strace");
    command.args(["-f", "-y", "-s", "64", "-e", calls, "-o", trace.to_str().unwrap()]);
    command.args([env!("CARGO_BIN_EXE_interviewrelay"), "serve"]);
    installation.prepare(&mut command);
    let server = Process::start(command);
    let admin = Caller::new(&server.url).with(&key);
    let invite = admin.post("/v1/invites", json!({"campaign_id": "camp_1"})).await.expect(201);
    let mut interview = Interview::start(&admin.with(invite["invite_token"].as_str().unwrap())).await;
    interview.finish().await;
    server.signal("TERM");
    let (code, log, _) = server.wait();
    assert_eq!(code, Some(0), "{log}");
    std::fs::read_to_string(trace).unwrap()
}

#[tokio::test]
async fn the_log_of_the_database_is_synced_between_a_commit_and_its_acknowledgement() {
    if !can_trace() {
        skip("strace is not installed or not allowed: the order of syncs and replies is not checked");
        return;
    }
    let installation = Installation::new();
    let trace = trace_of_commits(&installation, &installation.path("trace.txt")).await;
    let events = events(&trace);
    let commits: Vec<usize> = (0..events.len()).filter(|place| events[*place] == Event::Commit).collect();
    assert_eq!(commits.len(), COMMITS, "the trace has each commit");
    for place in commits {
        let mut wanted = [Event::LogWritten, Event::LogSynced, Event::Acknowledged].into_iter().peekable();
        for event in &events[place + 1..] {
            if wanted.peek() == Some(event) {
                wanted.next();
            }
            if *event == Event::Acknowledged {
                break;
            }
        }
        assert_eq!(wanted.next(), None, "acknowledged before it was on disk: {:?}", &events[place..]);
    }
}

#[expect(clippy::print_stderr, reason = "whoever reads the result should know what was not checked")]
fn skip(reason: &str) {
    eprintln!("skipped: {reason}");
}
