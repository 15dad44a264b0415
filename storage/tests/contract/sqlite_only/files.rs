//! The file: where it is made, who may read it, and which URLs are refused.

use std::{error::Error as _, path::Path};

use futures_util::future::join_all;
use sqlx::{
    Connection as _, SqliteConnection,
    sqlite::{SqliteConnectOptions, SqliteLockingMode},
};
use storage::{ConnectError, Place, check_url, connect, sqlite::SqliteStore};

use crate::fixtures::{org, organization};

#[cfg(unix)]
#[tokio::test]
async fn nobody_else_can_read_the_database() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("data/deeper/relay.db");
    let store = connect(&format!("sqlite://{}", path.display())).await.unwrap();
    commit!(store.as_ref(), unit => unit.add_organization(&organization(1)).await).unwrap();
    let mode = |name: &str| {
        let path = path.with_file_name(name);
        let metadata = std::fs::metadata(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        metadata.permissions().mode() & 0o777
    };
    for name in ["relay.db", "relay.db-wal", "relay.db-shm"] {
        assert_eq!(mode(name), 0o600, "{name}");
    }
    assert_eq!(std::fs::metadata(path.parent().unwrap()).unwrap().permissions().mode() & 0o777, 0o700);
}

#[cfg(unix)]
#[tokio::test]
async fn a_copy_is_at_another_place_and_a_link_to_the_same_file_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let [path, copy, link] = ["relay.db", "copy.db", "link.db"].map(|name| folder.path().join(name));
    let open = async |path: &Path| connect(&format!("sqlite://{}", path.display())).await.unwrap();
    open(&path).await.close().await;
    std::fs::copy(&path, &copy).unwrap();
    std::os::unix::fs::symlink(&path, &link).unwrap();
    let place = open(&path).await.place().await.unwrap();
    assert_eq!(place, Place::File(path.canonicalize().unwrap()));
    assert_eq!(open(&link).await.place().await.unwrap(), place);
    assert_ne!(open(&copy).await.place().await.unwrap(), place);
}

#[tokio::test]
async fn a_database_is_still_there_when_it_is_opened_again() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("relay.db").display());
    let store = connect(&url).await.unwrap();
    commit!(store.as_ref(), unit => unit.add_organization(&organization(1)).await).unwrap();
    store.close().await;
    let store = connect(&url).await.unwrap();
    assert!(store.read().await.unwrap().find_organization(&org(1)).await.unwrap().is_some());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_database_may_be_opened_many_times_at_once() {
    for round in 0..10 {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("relay.db").display());
        let opened = (0..8).map(|_| {
            tokio::spawn({
                let url = url.clone();
                async move { SqliteStore::open(&url).await }
            })
        });
        for store in join_all(opened).await {
            assert!(matches!(store, Ok(Ok(_))), "round {round}: {store:?}");
        }
    }
}

#[tokio::test]
async fn what_cannot_be_a_database_is_refused_with_a_reason() {
    let table = [
        (
            "mysql://user:secret@host/db",
            "the database URL begins with `mysql:`, supported are sqlite://<path of a file> and postgres://<user>:<password>@<host>/<database>",
        ),
        (
            "data/relay.db",
            "the database URL has no scheme, expected sqlite://<path of a file> or postgres://<user>:<password>@<host>/<database>",
        ),
        ("sqlite::memory:", "a database in memory is not supported, expected sqlite://<path of a file>"),
        ("sqlite://:memory:", "a database in memory is not supported, expected sqlite://<path of a file>"),
        (
            "sqlite://x.db?mode=memory",
            "a database in memory is not supported, expected sqlite://<path of a file>",
        ),
        ("sqlite://x.db?mode=ro", "the database URL must be sqlite://<path of a file>, without options"),
        (
            "u:pass-word@host/db",
            "the database URL begins with `u:`, supported are sqlite://<path of a file> and postgres://<user>:<password>@<host>/<database>",
        ),
        (
            "pass-word@host:1/db",
            "the database URL has no scheme, expected sqlite://<path of a file> or postgres://<user>:<password>@<host>/<database>",
        ),
        (
            "",
            "the database URL has no scheme, expected sqlite://<path of a file> or postgres://<user>:<password>@<host>/<database>",
        ),
        (
            "postgres://u:secret@host:port/db",
            "the database URL must be postgres://<user>:<password>@<host>/<database>",
        ),
        ("sqlite://", "the database URL must be sqlite://<path of a file>, without options"),
    ];
    for (url, expected) in table {
        assert_eq!(check_url(url).unwrap_err().to_string(), expected, "{url}");
        assert_eq!(connect(url).await.unwrap_err().to_string(), expected, "{url}");
    }
}

/// What the database at `path` is refused with.
async fn refusal(path: &Path) -> String {
    let error = connect(&format!("sqlite://{}", path.display())).await.expect_err("it is refused");
    assert!(matches!(error, ConnectError::Unusable { .. }), "{error:?}");
    assert!(error.source().is_none(), "all is said: {error:?}");
    let (said, path) = (error.to_string(), path.display().to_string());
    assert_eq!(said.matches(&path).count(), 1, "{said}");
    said.replace(&path, "PATH")
}

#[tokio::test]
async fn a_folder_that_cannot_be_made_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "").unwrap();
    let said = refusal(&file.join("relay.db")).await;
    assert_eq!(
        said,
        format!("the database PATH cannot be there: {} is a file and not a folder", file.display())
    );
    let refused = connect(&format!("sqlite://{}", file.join("deeper/relay.db").display())).await;
    assert!(
        matches!(&refused, Err(ConnectError::File { path, .. }) if path.ends_with("file/deeper")),
        "{refused:?}"
    );
}

#[tokio::test]
async fn what_is_no_database_is_refused_by_its_path() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("relay.db");
    std::fs::create_dir(&path).unwrap();
    assert_eq!(refusal(&path).await, "the database PATH is a folder and not a file");
    let path = folder.path().join("text.db");
    std::fs::write(&path, "this is a text and not a database at all, however long one reads").unwrap();
    assert_eq!(
        refusal(&path).await,
        "the database PATH is not a database: the file has something else in it"
    );
}

#[tokio::test]
async fn a_database_of_another_version_is_refused_by_its_path_and_says_what_to_do() {
    for (version, expected) in [
        (99, "the database PATH was written by a newer interviewrelay; run that version or restore a backup"),
        (
            0,
            "the database PATH was written by another build of interviewrelay (its migration 0 is not ours); run that \
             one or restore a backup",
        ),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("relay.db");
        connect(&format!("sqlite://{}", path.display())).await.unwrap().close().await;
        let options = SqliteConnectOptions::new().filename(&path);
        let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
        let statement = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
                         VALUES ($1, 'other', TRUE, x'00', 0)";
        sqlx::query(statement).bind(version).execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
        assert_eq!(refusal(&path).await, expected);
    }
}

#[tokio::test]
async fn a_database_that_another_program_has_for_itself_is_refused_by_its_path() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("relay.db");
    connect(&format!("sqlite://{}", path.display())).await.unwrap().close().await;
    let options = SqliteConnectOptions::new().filename(&path).locking_mode(SqliteLockingMode::Exclusive);
    let mut other = SqliteConnection::connect_with(&options).await.unwrap();
    sqlx::query("DELETE FROM organizations").execute(&mut other).await.unwrap();
    assert_eq!(
        refusal(&path).await,
        "the database PATH is in use by another program, which has it for itself"
    );
    other.close().await.unwrap();
}
