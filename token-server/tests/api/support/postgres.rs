//! Databases of a server of `PostgreSQL`, for tests that are asked to use one.

use std::{
    process::Command,
    sync::atomic::{AtomicU32, Ordering},
};

/// The URL of a new database on the server that this URL names, where it stays. It is made when it is first opened.
pub(crate) fn new_database(server: &str) -> String {
    static COUNTER: AtomicU32 = AtomicU32::new(0);
    let (server, _) = server.rsplit_once('/').expect("postgres://<user>@<host>/<database>");
    format!("{server}/api_{}_{}", std::process::id(), COUNTER.fetch_add(1, Ordering::Relaxed))
}

/// All rows of a database, as text.
pub(crate) fn dump(url: &str) -> Vec<u8> {
    let output = Command::new("pg_dump").args(["--data-only", url]).output().expect("pg_dump");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

/// Closes every connection to a database, as a server does that is started anew.
pub(crate) fn close_connections(url: &str) {
    let statement = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid()";
    let output = Command::new("psql").args([url, "--command", statement]).output().expect("psql");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
