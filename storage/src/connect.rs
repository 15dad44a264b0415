//! Which database it is: the one place that looks at the URL's scheme.

use std::{path::PathBuf, sync::Arc};

use crate::{
    Store, StoreError,
    postgres::{self, PostgresStore},
    sqlite::{SqliteStore, path_of},
};

/// Why a database could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// The URL is of a database that we do not know. Only the scheme is named: a URL may hold a password.
    #[error(
        "the database URL begins with `{scheme}:`, supported are sqlite://<path of a file> and postgres://<user>:<password>@<host>/<database>"
    )]
    UnknownScheme {
        /// What it begins with.
        scheme: String,
    },
    /// The URL has no scheme.
    #[error(
        "the database URL has no scheme, expected sqlite://<path of a file> or postgres://<user>:<password>@<host>/<database>"
    )]
    NoScheme,
    /// The URL names a database in memory, which two connections cannot share.
    #[error("a database in memory is not supported, expected sqlite://<path of a file>")]
    InMemory,
    /// The URL names no file, or has options after a `?`, of which there are none.
    #[error("the database URL must be sqlite://<path of a file>, without options")]
    InvalidPath,
    /// The URL of a server is not one. It is not repeated: it may hold a password.
    #[error("the database URL must be postgres://<user>:<password>@<host>/<database>")]
    InvalidUrl,
    /// The URL of a server has a parameter that is not known. Its value is not repeated: it may be a secret.
    #[error("the database URL has a parameter `{name}`, which is not known here")]
    UnknownParameter {
        /// What it is called.
        name: String,
    },
    /// A file that the URL of a server names cannot be read. It is not repeated: who puts a key in its place shows it to nobody.
    #[error("the database URL names a file by `{name}` that cannot be read")]
    UnreadableFile {
        /// What the parameter is called.
        name: String,
        /// Why.
        source: std::io::Error,
    },
    /// The server cannot be reached, does not let us in, or has no such database.
    #[error("the database server cannot be used")]
    Server(#[source] StoreError),
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
/// [`ConnectError`] for a URL of neither kind, a file that cannot be made, a database that cannot be reached and a schema that
/// cannot be brought up to date.
pub async fn connect(url: &str) -> Result<Arc<dyn Store>, ConnectError> {
    check_url(url)?;
    if is_postgres(url) {
        return Ok(Arc::new(PostgresStore::open(url).await?));
    }
    Ok(Arc::new(SqliteStore::open(url).await?))
}

/// That [`connect`] knows what `url` is. Nothing is opened or made.
///
/// # Errors
/// [`ConnectError`] for a URL of neither kind; none of them repeats more of it than its scheme.
pub fn check_url(url: &str) -> Result<(), ConnectError> {
    match url.split_once(':') {
        Some(("sqlite", _)) => path_of(url).map(drop),
        Some(("postgres" | "postgresql", _)) => postgres::options_of(url).map(drop),
        Some((scheme, _)) if is_scheme(scheme) => {
            Err(ConnectError::UnknownScheme { scheme: scheme.to_owned() })
        }
        _ => Err(ConnectError::NoScheme),
    }
}

/// That there is a file, where `url` is of one. A server is asked only by [`connect`].
///
/// # Errors
/// [`ConnectError::NotThere`], and those of [`check_url`].
pub fn look_for(url: &str) -> Result<(), ConnectError> {
    check_url(url)?;
    if is_postgres(url) {
        return Ok(());
    }
    let path = path_of(url)?;
    // Why it cannot be looked for, opening it tells better.
    if path.try_exists().unwrap_or(true) {
        return Ok(());
    }
    Err(ConnectError::NotThere { path: std::path::absolute(&path).unwrap_or(path) })
}

/// Whether the URL is of a database of a server, which files cannot lie beside.
pub fn is_postgres(url: &str) -> bool {
    matches!(url.split_once(':'), Some(("postgres" | "postgresql", _)))
}

/// What comes before a colon may be a password as well.
///
/// Source: RFC 3986 §3.1
fn is_scheme(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
}
