//! `PostgreSQL`: one writer at a time among all servers of the database, each of which shares its commits; any number of
//! readers beside them.
//!
//! What decides on a write is read in the same transaction, and the rules were written for one writer at a time. So a commit
//! begins by taking the database's one turn, which ends with it: a server that dies gives it back, and so does one whose
//! machine has gone without a word, or stands still, after ten seconds ([`OF_WRITER`]).

use std::{
    fs, io,
    str::FromStr,
    sync::{
        Arc, LazyLock,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use sqlx::{
    ConnectOptions, Connection, Executor, PgConnection, PgPool, Postgres,
    migrate::{MigrateDatabase as _, Migrator},
    postgres::{PgConnectOptions, PgPoolOptions},
};

use crate::{
    ConnectError, Job, Mint, Minted, Place, Store, StoreError, UnitOfWork,
    migrations::migrator,
    repositories::{
        fault::{fault, migration_fault},
        link::Link,
        unit::Unit,
        writer::{CommitError, Committer, Writer, run_jobs},
    },
    write,
};

static MIGRATIONS: LazyLock<Migrator> =
    LazyLock::new(|| migrator(include!(concat!(env!("OUT_DIR"), "/postgres.rs"))));

/// What may stand after the `?` of a URL, beside `options[…]`: what the driver reads.
const PARAMETERS: [&str; 18] = [
    "application_name",
    "dbname",
    "host",
    "hostaddr",
    "options",
    "password",
    "port",
    "ssl-ca",
    "ssl-cert",
    "ssl-key",
    "ssl-mode",
    "ssl-root-cert",
    "sslcert",
    "sslkey",
    "sslmode",
    "sslrootcert",
    "statement-cache-capacity",
    "user",
];

/// Of these, those whose values are files, or what would be in them.
const FILES: [&str; 7] =
    ["ssl-ca", "ssl-cert", "ssl-key", "ssl-root-cert", "sslcert", "sslkey", "sslrootcert"];
/// How a value begins that is no file's name.
///
/// Source: RFC 7468 §2
const PEM: &str = "-----BEGIN ";

/// Which database of the cluster it is.
const DATABASE: &str = "SELECT oid::bigint FROM pg_database WHERE datname = current_database()";
/// Which cluster it is: the number is drawn when one is made.
const CLUSTER: &str = "SELECT system_identifier FROM pg_control_system()";
/// Some who run clusters for others allow nobody to ask.
const MAY_ASK_FOR_CLUSTER: &str = "SELECT has_function_privilege('pg_control_system()', 'EXECUTE')";

/// The turn of those who write, as the server's lock is called. The number means nothing but us.
const TURN: &str = "SELECT pg_advisory_xact_lock(7308325641)";
/// What a commit begins with, whatever the database or the role has as its default: what was read before the turn came would
/// be out of date.
const WRITE: &str = "BEGIN ISOLATION LEVEL READ COMMITTED, READ WRITE";
/// What a read begins with: one view for all of its statements.
const READ: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY";
/// Of every connection: a loss of power must not undo what was acknowledged, and the server is to notice within half a minute
/// that our machine has gone.
const OF_ALL: &str =
    "SET synchronous_commit = on; SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5;
    SET tcp_keepalives_count = 3";
/// Of the connection that writes. The turn may be held without a statement for ten seconds; whoever waits for it waits longer
/// than anybody may hold it in silence.
const OF_WRITER: &str = "SET idle_in_transaction_session_timeout = 10000; SET lock_timeout = 20000";
/// How long a commit may take, the wait for the turn included: a server that has vanished without a word sends no error.
const COMMIT: Duration = Duration::from_secs(30);
/// How long a reader waits for a free connection.
const PATIENCE: Duration = Duration::from_secs(5);
/// Reads that run at once; each connection is a process of the server's.
const READERS: u32 = 8;

/// A database of a server. Several of our own servers may have it open.
#[derive(Debug)]
pub(crate) struct PostgresStore {
    readers: PgPool,
    writer: Writer,
    statements: Arc<AtomicU64>,
}

/// Where the database is, without asking its server.
///
/// # Errors
/// [`ConnectError::InvalidUrl`], [`ConnectError::UnknownParameter`] and [`ConnectError::UnreadableFile`]
pub(crate) fn options_of(url: &str) -> Result<PgConnectOptions, ConnectError> {
    let parsed = url::Url::parse(url).map_err(|_| ConnectError::InvalidUrl)?;
    let is_known = |name: &str| PARAMETERS.contains(&name) || name.starts_with("options[");
    // The driver would pass over it, and write its value to the log.
    if let Some((name, _)) = parsed.query_pairs().find(|(name, _)| !is_known(name)) {
        return Err(ConnectError::UnknownParameter { name: name.into_owned() });
    }
    for (name, file) in parsed.query_pairs() {
        if FILES.contains(&name.as_ref()) && !file.starts_with(PEM) {
            // Of one that is not there the driver says no more than that, once the server has answered.
            fs::File::open(file.as_ref())
                .map_err(|source| ConnectError::UnreadableFile { name: name.into_owned(), source })?;
        }
    }
    PgConnectOptions::from_str(url).map_err(|_| ConnectError::InvalidUrl)
}

impl PostgresStore {
    /// Opens `postgres://user:password@host/database` and brings its schema up to date. A database that is not there is made,
    /// where the user may.
    ///
    /// # Errors
    /// See [`crate::connect`].
    pub(crate) async fn open(url: &str) -> Result<Self, ConnectError> {
        let options = options_of(url)?.application_name("interviewrelay");
        let refused = |error| ConnectError::Server(fault(error));
        let mut connection = match options.connect().await {
            Err(error) if is_missing(&error) => {
                match Postgres::create_database(url).await {
                    // Another server may have been quicker; whether there is one now, the connection tells.
                    Err(error) if !is_there(&error) => return Err(refused(error)),
                    _ => options.connect().await.map_err(refused)?,
                }
            }
            connected => connected.map_err(refused)?,
        };
        set(&mut connection, OF_ALL).await.map_err(refused)?;
        migrate(&mut connection).await.map_err(ConnectError::Server)?;
        connection.close().await.map_err(refused)?;
        let readers = PgPoolOptions::new()
            .max_connections(READERS)
            .acquire_timeout(PATIENCE)
            .after_connect(|connection, _| Box::pin(set(connection, OF_ALL)))
            .connect_lazy_with(options.clone());
        let statements = Arc::<AtomicU64>::default();
        let committer = PostgresCommitter { options, connection: None, statements: Arc::clone(&statements) };
        Ok(Self { readers, writer: Writer::start(committer), statements })
    }
}

/// Settings of a connection. They are statements, as poolers refuse those that come as parameters of its start.
async fn set(connection: &mut PgConnection, settings: &'static str) -> Result<(), sqlx::Error> {
    connection.execute(sqlx::raw_sql(settings)).await.map(drop)
}

/// Whether the server says that it has no such database.
fn is_missing(error: &sqlx::Error) -> bool {
    has_state(error, "3D000")
}

/// Whether the server says that it has such a database already.
fn is_there(error: &sqlx::Error) -> bool {
    // Two that make one at once may meet in the catalog's own index.
    has_state(error, "42P04") || has_state(error, "23505")
}

/// Source: <https://www.postgresql.org/docs/current/errcodes-appendix.html>
fn has_state(error: &sqlx::Error, code: &str) -> bool {
    error.as_database_error().and_then(sqlx::error::DatabaseError::code).is_some_and(|given| given == code)
}

/// Runs the migrations that are missing, all or none, one server at a time.
async fn migrate(connection: &mut PgConnection) -> Result<(), StoreError> {
    let mut transaction = connection.begin_with(WRITE).await.map_err(fault)?;
    transaction.execute(TURN).await.map_err(fault)?;
    MIGRATIONS.run_direct(None, &mut *transaction, false).await.map_err(migration_fault)?;
    transaction.commit().await.map_err(fault)
}

/// The connection of the writer's task.
struct PostgresCommitter {
    options: PgConnectOptions,
    /// None at first, and after a commit failed, until the next one.
    connection: Option<PgConnection>,
    statements: Arc<AtomicU64>,
}

impl PostgresCommitter {
    /// A connection that works. One that has waited for long may have been closed by a server that was started anew, which is
    /// no reason to refuse what waits now.
    async fn connect(&mut self) -> Result<&mut PgConnection, sqlx::Error> {
        let mut kept = self.connection.take();
        if let Some(connection) = &mut kept
            && connection.ping().await.is_err()
        {
            kept = None;
        }
        let connection = if let Some(connection) = kept {
            connection
        } else {
            let mut connection = self.options.connect().await?;
            set(&mut connection, OF_ALL).await?;
            set(&mut connection, OF_WRITER).await?;
            connection
        };
        Ok(self.connection.insert(connection))
    }

    async fn run(&mut self, jobs: Vec<Job>) -> Result<Vec<Result<(), StoreError>>, CommitError> {
        let statements = Arc::clone(&self.statements);
        let mut transaction = self.connect().await?.begin_with(WRITE).await?;
        transaction.execute(TURN).await?;
        let ran = run_jobs::<Postgres>(jobs, &mut transaction, &statements).await?;
        if !ran.is_kept {
            transaction.rollback().await?;
            return Ok(ran.outcomes);
        }
        transaction.commit().await.map_err(|error| match error {
            // The server says so itself.
            sqlx::Error::Database(_) => CommitError::NothingKept(error),
            _ => CommitError::Unsure(error),
        })?;
        Ok(ran.outcomes)
    }
}

#[async_trait]
impl Committer for PostgresCommitter {
    async fn commit(&mut self, jobs: Vec<Job>) -> Result<Vec<Result<(), StoreError>>, CommitError> {
        let in_time = tokio::time::timeout(COMMIT, self.run(jobs)).await;
        // Where it stood then, nobody knows.
        in_time.unwrap_or_else(|_| Err(CommitError::Unsure(sqlx::Error::Io(io::ErrorKind::TimedOut.into()))))
    }

    async fn give_up(&mut self) {
        if let Some(connection) = self.connection.take() {
            drop(tokio::time::timeout(PATIENCE, connection.close_hard()).await);
        }
    }

    async fn close(self) -> Result<(), sqlx::Error> {
        let Some(connection) = self.connection else { return Ok(()) };
        tokio::time::timeout(PATIENCE, connection.close()).await.unwrap_or(Err(sqlx::Error::PoolTimedOut))
    }
}

/// Stores an invite, unless what it was decided on has changed.
async fn mint(unit: &mut dyn UnitOfWork, mint: Mint) -> Result<Minted, StoreError> {
    let Mint { generation, mut invite, event } = mint;
    if unit.generation().await? != generation {
        return Ok(Minted::Stale);
    }
    invite.participant = unit.merge_participant(&invite.participant).await?;
    unit.add_invite(&invite).await?;
    unit.add_event(&domain::webhook::invite_created(event, &invite)).await?;
    Ok(Minted::Stored(Box::new(invite)))
}

/// Which cluster it is, as far as we may know, and which database in it.
async fn place(readers: &PgPool) -> Result<Place, StoreError> {
    let database: i64 = sqlx::query_scalar(DATABASE).fetch_one(readers).await.map_err(fault)?;
    let may_ask: bool = sqlx::query_scalar(MAY_ASK_FOR_CLUSTER).fetch_one(readers).await.map_err(fault)?;
    let cluster: i64 =
        if may_ask { sqlx::query_scalar(CLUSTER).fetch_one(readers).await.map_err(fault)? } else { 0 };
    Ok(Place::Server(format!("postgres:{}/{database}", cluster.cast_unsigned())))
}

#[async_trait]
impl Store for PostgresStore {
    async fn read(&self) -> Result<Box<dyn UnitOfWork>, StoreError> {
        let transaction = self.readers.begin_with(READ).await.map_err(fault)?;
        Ok(Box::new(Unit::over(Link::ReadingPostgres(transaction), Arc::clone(&self.statements))))
    }

    async fn submit(&self, job: Job) -> Result<(), StoreError> {
        self.writer.submit(job).await
    }

    async fn mint(&self, wanted: Mint) -> Result<Minted, StoreError> {
        write(self, move |unit| Box::pin(mint(unit, wanted))).await
    }

    /// What was deleted stays in the server's files until it overwrites them, which is the operator's to arrange.
    async fn scrub(&self) -> Result<(), StoreError> {
        Ok(())
    }

    fn statements(&self) -> u64 {
        self.statements.load(Ordering::Relaxed)
    }

    async fn place(&self) -> Result<Place, StoreError> {
        place(&self.readers).await
    }

    async fn check(&self) -> Result<(), StoreError> {
        let query = sqlx::query("SELECT 1 FROM organizations LIMIT 1");
        query.fetch_optional(&self.readers).await.map(drop).map_err(fault)
    }

    async fn close(&self) {
        self.writer.close().await;
        self.readers.close().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_that_the_driver_would_pass_over_is_refused_by_its_name_alone() {
        for url in ["postgres://relay@db/relay?sslmode=verify-full&options[a]=b", "postgresql://db/relay"] {
            assert!(options_of(url).is_ok(), "{url}");
        }
        let refused =
            options_of("postgres://relay@db/relay?sslmode=require&sslpassword=hunter2").unwrap_err();
        let said = refused.to_string();
        assert!(said.contains("`sslpassword`") && !said.contains("hunter2"), "{said}");
    }

    #[test]
    fn a_file_that_cannot_be_read_is_told_by_its_parameter_before_the_server_is_asked() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("authority.pem");
        let url = format!("postgres://relay@db/relay?sslmode=verify-full&sslrootcert={}", file.display());
        let refused = options_of(&url).unwrap_err();
        assert!(refused.to_string().contains("`sslrootcert`"), "{refused}");
        fs::write(&file, "").unwrap();
        assert!(options_of(&url).is_ok());
        assert!(options_of("postgres://db/relay?sslrootcert=-----BEGIN%20CERTIFICATE-----%0A").is_ok());
    }

    /// A server cannot be made to vanish here: that ours asks for what ends such a connection is what can be seen.
    #[tokio::test]
    #[ignore = "needs TEST_POSTGRES_URL"]
    async fn the_connection_that_writes_asks_the_server_to_end_it_when_we_have_gone_without_a_word() {
        let url = std::env::var("TEST_POSTGRES_URL").expect("TEST_POSTGRES_URL names a server");
        // Whatever the URL, the role or the database has as its default.
        let options = options_of(&url).unwrap().options([("synchronous_commit", "off")]);
        let mut committer = PostgresCommitter { options, connection: None, statements: Arc::default() };
        let connection = committer.connect().await.unwrap();
        for (setting, value) in [
            ("synchronous_commit", "on"),
            ("idle_in_transaction_session_timeout", "10s"),
            ("lock_timeout", "20s"),
            ("tcp_keepalives_idle", "10"),
            ("tcp_keepalives_interval", "5"),
            ("tcp_keepalives_count", "3"),
        ] {
            assert_eq!(shown(connection, setting).await, value, "{setting}");
        }
    }

    #[tokio::test]
    #[ignore = "needs TEST_POSTGRES_URL"]
    async fn a_commit_sees_what_was_written_while_it_waited_whatever_the_database_has_as_its_default() {
        let url = std::env::var("TEST_POSTGRES_URL").expect("TEST_POSTGRES_URL names a server");
        let defaults =
            [("default_transaction_isolation", "repeatable read"), ("default_transaction_read_only", "on")];
        let mut connection = options_of(&url).unwrap().options(defaults).connect().await.unwrap();
        let mut transaction = connection.begin_with(WRITE).await.unwrap();
        assert_eq!(shown(&mut transaction, "transaction_isolation").await, "read committed");
        assert_eq!(shown(&mut transaction, "transaction_read_only").await, "off");
    }

    /// The databases that every cluster has.
    #[tokio::test]
    #[ignore = "needs TEST_POSTGRES_URL"]
    async fn each_database_of_a_server_is_at_a_place_of_its_own() {
        let url = std::env::var("TEST_POSTGRES_URL").expect("TEST_POSTGRES_URL names a server");
        let place = async |database: &str| {
            let options = options_of(&url).unwrap().database(database);
            place(&PgPoolOptions::new().connect_lazy_with(options)).await.unwrap()
        };
        let (one, other) = (place("postgres").await, place("template1").await);
        assert_eq!(one, place("postgres").await);
        assert_ne!(one, other);
        let Place::Server(name) = one else { panic!("{one:?}") };
        let (cluster, _) = name.strip_prefix("postgres:").unwrap().split_once('/').unwrap();
        assert!(cluster.parse::<u64>().unwrap() > 0, "{name}");
    }

    async fn shown(connection: &mut PgConnection, setting: &'static str) -> String {
        sqlx::query_scalar("SELECT current_setting($1)").bind(setting).fetch_one(connection).await.unwrap()
    }
}
