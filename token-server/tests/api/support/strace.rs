//! The system calls of the real program, in their order.

use std::{
    collections::HashMap,
    path::Path,
    process::{Command, Stdio},
};

use super::binary::Installation;

/// Whether processes can be traced here: it takes `strace`, and containers may forbid it. Says so if not.
#[expect(clippy::print_stderr, reason = "whoever reads the result should know what was not checked")]
pub(crate) fn can_trace() -> bool {
    let status = Command::new("strace").args(["-o", "/dev/null", "true"]).stderr(Stdio::null()).status();
    let can = status.is_ok_and(|status| status.success());
    if !can {
        eprintln!(
            "skipped: strace is not installed or not allowed: the order of syncs and replies is not checked"
        );
    }
    can
}

/// The server below `strace`, which writes `length` bytes of what goes in and out into `trace`.
pub(crate) fn serve(installation: &Installation, trace: &Path, length: usize) -> Command {
    let calls = "trace=fdatasync,fsync,pwrite64,read,readv,recvfrom,recvmsg,write,writev,sendto,sendmsg";
    let mut command = Command::new("strace");
    command.args(["-f", "-y", "-s", &length.to_string(), "-e", calls, "-o", trace.to_str().unwrap()]);
    command.args([env!("CARGO_BIN_EXE_interviewrelay"), "serve"]);
    installation.prepare(&mut command);
    command
}

/// The calls in the order in which they count: an answer when it is begun, as it may arrive before the call returns;
/// anything else when it has returned. A call that another thread interrupts is two lines of the trace.
pub(crate) fn calls(trace: &str) -> Vec<String> {
    let is_answer = |call: &str| call.contains("\"HTTP/1.1 ");
    let mut unfinished: HashMap<&str, &str> = HashMap::new();
    let mut calls = Vec::new();
    for line in trace.lines() {
        let Some((thread, call)) = line.split_once(' ') else { continue };
        let call = call.trim_start();
        if let Some(begun) = call.strip_suffix("<unfinished ...>") {
            if is_answer(begun) {
                calls.push(begun.to_owned());
            } else {
                unfinished.insert(thread, begun);
            }
        } else if let Some(rest) = call.strip_prefix("<... ") {
            if let Some(begun) = unfinished.remove(thread) {
                calls.push(format!("{begun}{rest}"));
            }
        } else {
            calls.push(call.to_owned());
        }
    }
    calls
}

/// What was called from each request whose line begins so until the answer that came next, which is the request's own where
/// there is one at a time.
pub(crate) fn until_answered<'c>(calls: &'c [String], request: &str) -> Vec<&'c [String]> {
    let begins = (0..calls.len()).filter(|place| calls[*place].contains(request));
    let rest = begins.map(|place| &calls[place + 1..]);
    let is_answer = |call: &String| call.contains("\"HTTP/1.1 2");
    rest.map(|rest| &rest[..rest.iter().position(is_answer).expect("it is answered")]).collect()
}

/// Whether calls of these kinds are there in this order.
pub(crate) fn are_in_order(calls: &[String], kinds: &[fn(&str) -> bool]) -> bool {
    let mut calls = calls.iter();
    kinds.iter().all(|is_kind| calls.by_ref().any(|call| is_kind(call)))
}

/// Whether it has synced a file whose path has this in it, with success.
pub(crate) fn syncs(call: &str, path: &str) -> bool {
    let is_sync = call.starts_with("fdatasync(") || call.starts_with("fsync(");
    is_sync && call.contains(path) && call.ends_with("= 0")
}

/// Whether it has written into the database's log.
pub(crate) fn writes_log(call: &str) -> bool {
    call.starts_with("pwrite64(") && call.contains("-wal>")
}

/// Whether it has synced the database's log, with success.
pub(crate) fn syncs_log(call: &str) -> bool {
    syncs(call, "-wal>")
}
