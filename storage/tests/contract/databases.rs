//! One new, empty database for each test.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};
use storage::{ConnectError, Store, sqlite::SqliteStore};
use tempfile::TempDir;
use url::Url;

/// A database, and the folder that goes when the test is over.
pub(crate) struct Database<S> {
    store: S,
    folder: TempDir,
}

impl<S: Store> Database<S> {
    /// As the contract sees it.
    pub(crate) fn store(&self) -> &dyn Store {
        &self.store
    }

    /// After a test that has passed.
    pub(crate) async fn remove(self) {
        self.store.close().await;
    }
}

impl Database<SqliteStore> {
    /// With what only `SQLite` has.
    pub(crate) const fn sqlite(&self) -> &SqliteStore {
        &self.store
    }

    /// The folder that it is in.
    pub(crate) fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// Where it is.
    pub(crate) fn url(&self) -> String {
        sqlite_url(&self.folder)
    }
}

/// The database in this folder.
pub(crate) fn sqlite_url(folder: &TempDir) -> String {
    format!("sqlite://{}", folder.path().join("contract.db").display())
}

/// A file in a new folder.
pub(crate) async fn sqlite() -> Database<SqliteStore> {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(&sqlite_url(&folder)).await.unwrap();
    Database { store, folder }
}

/// A database of a server.
pub(crate) struct ServerDatabase {
    store: Arc<dyn Store>,
    server: Url,
    name: String,
}

impl ServerDatabase {
    /// As the contract sees it.
    pub(crate) fn store(&self) -> &dyn Store {
        self.store.as_ref()
    }

    /// How many connections to it the server has, and how many of these are encrypted.
    pub(crate) async fn connections(&self) -> (i64, i64) {
        let mut connection = PgConnection::connect(self.server.as_str()).await.unwrap();
        let counted = sqlx::query_as(
            "SELECT count(*), count(*) FILTER (WHERE ssl) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE datname = $1",
        );
        counted.bind(&self.name).fetch_one(&mut connection).await.unwrap()
    }

    /// After a test that has passed; what others leave behind can be looked at.
    pub(crate) async fn remove(self) {
        self.store.close().await;
        run(&self.server, format!("DROP DATABASE {} WITH (FORCE)", self.name)).await;
    }
}

/// A new database of the server that `TEST_POSTGRES_URL` names.
pub(crate) async fn postgres() -> ServerDatabase {
    postgres_at(|_| {}).await.unwrap()
}

/// The same, by another URL: `change` may say how to get there. Its text sorts by a language, as it does on most servers.
pub(crate) async fn postgres_at(change: impl FnOnce(&mut Url)) -> Result<ServerDatabase, ConnectError> {
    static COUNTER: AtomicU32 = AtomicU32::new(0);
    let server = std::env::var("TEST_POSTGRES_URL").expect("TEST_POSTGRES_URL names a server");
    let server: Url = server.parse().unwrap();
    let name = format!("contract_{}_{}", std::process::id(), COUNTER.fetch_add(1, Ordering::Relaxed));
    let made = "TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER icu ICU_LOCALE 'en-US' LOCALE 'C.UTF-8'";
    run(&server, format!("CREATE DATABASE {name} {made}")).await;
    let mut url = server.clone();
    url.set_path(&name);
    change(&mut url);
    let store = storage::connect(url.as_str()).await;
    if store.is_err() {
        run(&server, format!("DROP DATABASE {name}")).await;
    }
    Ok(ServerDatabase { store: store?, server, name })
}

async fn run(server: &Url, statement: String) {
    let mut connection = PgConnection::connect(server.as_str()).await.unwrap();
    connection.execute(AssertSqlSafe(statement)).await.unwrap();
    connection.close().await.unwrap();
}
