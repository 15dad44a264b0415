//! Databases of a server of `PostgreSQL`, for tests that are asked to use one.

use std::{
    process::Command,
    sync::{
        OnceLock,
        atomic::{AtomicU32, Ordering},
    },
};

/// The URL of a database on the server that this URL names, with our tables and nothing in them. It stays there.
///
/// It is a copy of one that this process has made first, as the server copies files faster than it makes tables.
pub(crate) fn new_database(server: &str) -> String {
    static TEMPLATE: OnceLock<String> = OnceLock::new();
    let template = TEMPLATE.get_or_init(|| {
        let name = new_name();
        std::thread::scope(|scope| scope.spawn(|| make_tables(&url_of(server, &name))).join())
            .expect("tables");
        name
    });
    let name = new_name();
    sql(server, &format!("CREATE DATABASE {name} TEMPLATE {template}"));
    url_of(server, &name)
}

fn new_name() -> String {
    static COUNTER: AtomicU32 = AtomicU32::new(0);
    format!("api_{}_{}", std::process::id(), COUNTER.fetch_add(1, Ordering::Relaxed))
}

fn url_of(server: &str, name: &str) -> String {
    let (server, _) = server.rsplit_once('/').expect("postgres://<user>@<host>/<database>");
    format!("{server}/{name}")
}

/// Makes a database with our tables, to which nobody is connected.
fn make_tables(url: &str) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async { storage::connect(url).await.expect("a database").close().await });
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
    sql(url, statement);
}

fn sql(url: &str, statement: &str) {
    let output = Command::new("psql").args([url, "--command", statement]).output().expect("psql");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
