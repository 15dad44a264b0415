//! Which database it is: the one place that looks at the URL's scheme.

use std::{path::PathBuf, sync::Arc};

use crate::{
    Store, StoreError,
    sqlite::{SqliteStore, path_of},
};

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
    /// There is no such file, where one is needed.
    #[error("there is no database {path}")]
    NotThere {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// The file or its folder could not be made.
    #[error("cannot create {path}")]
    File {
        /// Which one.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// What is at that place cannot be the database, or not yet.
    #[error("the database {path} {problem}")]
    Unusable {
        /// Where.
        path: PathBuf,
        /// What is wrong, and what would be right.
        problem: String,
    },
    /// The database could not be used, for a reason that is not the file's.
    #[error("the database {path} could not be opened")]
    Store {
        /// Where.
        path: PathBuf,
        /// Why.
        source: StoreError,
    },
}

/// Opens the database that `url` names, makes it when it is new, and brings its schema up to date.
///
/// # Errors
/// [`ConnectError`] for a URL that is not `sqlite://<path of a file>`, a file that cannot be made, a database that
/// cannot be reached and a schema that cannot be brought up to date.
pub async fn connect(url: &str) -> Result<Arc<dyn Store>, ConnectError> {
    check_url(url)?;
    Ok(Arc::new(SqliteStore::open(url).await?))
}

/// That [`connect`] knows what `url` is. Nothing is opened or made.
///
/// # Errors
/// [`ConnectError`] for a URL that is not `sqlite://<path of a file>`; none of them repeats more of it than its scheme.
pub fn check_url(url: &str) -> Result<(), ConnectError> {
    match url.split_once(':') {
        Some(("sqlite", _)) => path_of(url).map(drop),
        Some((scheme, _)) if is_scheme(scheme) => {
            Err(ConnectError::UnknownScheme { scheme: scheme.to_owned() })
        }
        _ => Err(ConnectError::NoScheme),
    }
}

/// What comes before a colon may be a password as well.
///
/// Source: RFC 3986 §3.1
fn is_scheme(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
}
