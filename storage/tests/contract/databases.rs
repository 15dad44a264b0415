//! One new, empty database for each test.

use storage::{Store, sqlite::SqliteStore};
use tempfile::TempDir;

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
