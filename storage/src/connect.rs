//! Which database it is: the one place that looks at the URL's scheme.

use std::{path::PathBuf, sync::Arc};

use crate::{Store, StoreError, sqlite::SqliteStore};

/// Why a database could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// The URL is of a database that we do not know. Only the scheme is named: a URL may hold a password.
    #[error("the database URL begins with `{scheme}:`, supported is sqlite://<path of a file>")]
    UnknownScheme {
        /// What it begins with.
        scheme: String,
    },
    /// The URL has no scheme.
    #[error("the database URL has no scheme, expected sqlite://<path of a file>")]
    NoScheme,
    /// The URL names a database in memory, which two connections cannot share.
    #[error("a database in memory is not supported, expected sqlite://<path of a file>")]
    InMemory,
    /// The URL names no file, or has options after a `?`, of which there are none.
    #[error("the database URL must be sqlite://<path of a file>, without options")]
    InvalidPath,
    /// The file or its folder could not be made.
    #[error("cannot create {path}")]
    File {
        /// Which one.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The database could not be used.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Opens the database that `url` names, makes it when it is new, and brings its schema up to date.
///
/// # Errors
/// [`ConnectError`] for a URL that is not `sqlite://<path of a file>`, a file that cannot be made, a database that
/// cannot be reached and a schema that cannot be brought up to date.
pub async fn connect(url: &str) -> Result<Arc<dyn Store>, ConnectError> {
    match url.split_once(':') {
        Some(("sqlite", _)) => Ok(Arc::new(SqliteStore::open(url).await?)),
        Some((scheme, _)) => Err(ConnectError::UnknownScheme { scheme: scheme.to_owned() }),
        None => Err(ConnectError::NoScheme),
    }
}
