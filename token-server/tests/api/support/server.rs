//! The server, in this process: a database and ports of its own, a clock that stands still.

use std::{
    ops::RangeInclusive,
    path::{Path, PathBuf},
    sync::Arc,
    time::Instant,
};

use domain::{
    clock::{Clock, FrozenClock},
    organization::{Organization as StoredOrganization, Plan},
    random::{Entropy, SeededEntropy, new_id},
};
use protocol::{
    Environment, Timestamp,
    api_key::{CreateApiKey, CreatedApiKey, KeyKind},
};
use storage::{Store, sqlite::SqliteStore};
use tempfile::TempDir;
use token_server::{
    config::{CallerRules, Config, DEFAULT_MAX_UPLOAD_BYTES, Introspection, ListenerConfig},
    graphql::GraphQl,
    openapi::Published,
    operations::{self, by::By, guides::GuideCache},
    serve::Server,
    state::{AppState, Parts, Shared},
    tokens::{self, TokenService},
    uploads::Uploads,
    webhooks::Webhooks,
};
use tokio::sync::oneshot;

use super::{Caller, Organization, postgres};

/// 2026-01-31T12:00:00Z: where every test begins.
pub(crate) const START_MS: i64 = 1_769_860_800_000;

/// The folder of what was sent, in the folder of the server.
const UPLOADS: &str = "uploads";

/// A server that stops when it is dropped.
#[derive(Debug)]
pub(crate) struct TestServer {
    pub(crate) clock: Arc<FrozenClock>,
    pub(crate) shared: Shared,
    live: String,
    sandbox: String,
    folder: TempDir,
    database_url: String,
    // Dropping it tells the server to stop.
    _stop: oneshot::Sender<()>,
}

impl TestServer {
    pub(crate) async fn start() -> Self {
        Self::start_with(CallerRules::default()).await
    }

    /// One that treats callers in a way of its own.
    pub(crate) async fn start_with(callers: CallerRules) -> Self {
        Self::start_as(callers, DEFAULT_MAX_UPLOAD_BYTES).await
    }

    /// One that takes no larger files of participants.
    pub(crate) async fn start_with_largest_upload(bytes: u64) -> Self {
        Self::start_as(CallerRules::default(), bytes).await
    }

    /// One over a file of `SQLite`, whatever the others run on, with what only that can do.
    pub(crate) async fn start_on_sqlite() -> (Self, Arc<SqliteStore>) {
        let folder = folder();
        let url = sqlite_url(folder.path());
        let store = Arc::new(SqliteStore::open(&url).await.expect("a database"));
        let (callers, shared) = (CallerRules::default(), Arc::<SqliteStore>::clone(&store));
        (Self::start_over(folder, url, shared, callers, DEFAULT_MAX_UPLOAD_BYTES).await, store)
    }

    async fn start_as(callers: CallerRules, max_upload_bytes: u64) -> Self {
        let folder = folder();
        let url = database_url(folder.path());
        let store = storage::connect(&url).await.expect("a database");
        Self::start_over(folder, url, store, callers, max_upload_bytes).await
    }

    async fn start_over(
        folder: TempDir,
        database_url: String,
        store: Arc<dyn Store>,
        callers: CallerRules,
        max_upload_bytes: u64,
    ) -> Self {
        let clock = Arc::new(FrozenClock::at(Timestamp::from_millis(START_MS)));
        let entropy: Arc<dyn Entropy> = Arc::new(SeededEntropy::new(0x1e57));
        tokens::keys::ensure(store.as_ref(), clock.now()).await.expect("signing keys");
        let webhooks = Webhooks { sandbox_loopback: true };
        let guides = Arc::new(GuideCache::with_largest_upload(max_upload_bytes));
        let shared =
            Shared { webhooks, guides, ..Shared::new(store, Arc::<FrozenClock>::clone(&clock), entropy) };
        let any_port = ListenerConfig { listen: ([127, 0, 0, 1], 0).into(), public_url: None };
        let config = Config {
            database_url: database_url.clone(),
            uploads_dir: folder.path().join(UPLOADS),
            live: any_port.clone(),
            sandbox: any_port,
            widget_dir: None,
            callers,
            webhooks,
            graphql_introspection: Introspection::default(),
            max_upload_bytes,
            unknown_variables: Vec::new(),
        };
        let server = Server::bind(&config, shared.clone()).await.expect("two free ports");
        let url = |environment| format!("http://{}", server.address(environment).expect("an address"));
        let (live, sandbox) = (url(Environment::Live), url(Environment::Test));
        let (stop, stopped) = oneshot::channel();
        tokio::spawn(server.run(async {
            // Both a message and a dropped sender mean: stop.
            let _ = stopped.await;
            std::time::Duration::ZERO
        }));
        Self { clock, shared, live, sandbox, folder, database_url, _stop: stop }
    }

    /// The time, in Unix seconds.
    pub(crate) fn clock_secs(&self) -> i64 {
        self.clock.now().as_secs()
    }

    /// The environment's public URL, which is also the issuer of its tokens.
    pub(crate) fn url(&self, environment: Environment) -> &str {
        match environment {
            Environment::Live => &self.live,
            Environment::Test => &self.sandbox,
        }
    }

    /// The state of an environment, for what has no route of its own.
    pub(crate) fn state(&self, environment: Environment) -> AppState {
        let url = self.url(environment);
        let tokens = TokenService::new(environment, url.to_owned(), Arc::clone(&self.shared.rings));
        let published = Published::at(url);
        let (callers, shared) = (Arc::new(CallerRules::default()), self.shared.clone());
        let graphql = GraphQl::new(environment, Introspection::default());
        let uploads = Uploads::at(self.uploads_dir());
        Parts { environment, tokens, callers, published, graphql, uploads, shared }.into()
    }

    /// Somebody without a credential.
    pub(crate) fn anonymous(&self) -> Caller {
        Caller::new(&self.live)
    }

    /// Somebody with a key, an invite token or a session token.
    pub(crate) fn caller(&self, credential: &str) -> Caller {
        self.anonymous().with(credential)
    }

    /// An organization in the live environment, with an admin key.
    pub(crate) async fn organization(&self, name: &str) -> Organization {
        self.organization_in(name, Environment::Live, Plan::SelfHosted).await
    }

    pub(crate) async fn organization_in(
        &self,
        name: &str,
        environment: Environment,
        plan: Plan,
    ) -> Organization {
        let now = self.clock.now();
        let id = new_id(now, self.shared.entropy.as_ref());
        let organization = StoredOrganization { id, name: name.to_owned(), plan, created_at: now };
        let added = organization.clone();
        storage::write::<_, storage::StoreError, _>(self.shared.store.as_ref(), move |unit| {
            Box::pin(async move { unit.add_organization(&added).await })
        })
        .await
        .expect("a new organization");
        let id = organization.id.clone();
        let created = self.create_admin_key(organization, environment).await;
        // As keys are that this process has made for a customer: bcrypt takes most of the time of a short test.
        self.shared.key_cache.learn(&created);
        let admin = Caller::new(self.url(environment)).with(&created.key);
        Organization { id, admin, admin_key_id: created.api_key.id }
    }

    /// Somebody with an admin key of the same organization, perhaps in the other environment. This process has not seen its
    /// secret yet.
    pub(crate) async fn another_admin(
        &self,
        organization: &Organization,
        environment: Environment,
    ) -> Caller {
        let mut unit = self.shared.store.read().await.expect("a database");
        let stored =
            unit.find_organization(&organization.id).await.expect("a database").expect("it is there");
        let created = self.create_admin_key(stored, environment).await;
        Caller::new(self.url(environment)).with(&created.key)
    }

    async fn create_admin_key(&self, owner: StoredOrganization, environment: Environment) -> CreatedApiKey {
        let body = CreateApiKey {
            name: "Admin".to_owned(),
            kind: Some(KeyKind::Admin),
            scopes: None,
            allowed_cidrs: None,
            expires_at: None,
        };
        let (store, entropy) = (self.shared.store.as_ref(), &self.shared.entropy);
        let (by, now) = (By::cli(environment, owner.id.clone()), self.clock.now());
        operations::api_keys::create(store, entropy, by, owner, body, now).await.expect("a key")
    }

    /// Where the files are that customers and participants have sent.
    pub(crate) fn uploads_dir(&self) -> PathBuf {
        self.folder.path().join(UPLOADS)
    }

    /// Whether the database has this text in it: any of its files, its log and what was deleted included. Of a server's
    /// database, any of its rows.
    pub(crate) fn database_contains(&self, text: &str) -> bool {
        let contains = |bytes: &[u8]| bytes.windows(text.len()).any(|window| window == text.as_bytes());
        if storage::is_postgres(&self.database_url) {
            return contains(&postgres::dump(&self.database_url));
        }
        let entries = std::fs::read_dir(self.folder.path()).expect("the folder");
        let files = entries.map(|entry| entry.expect("an entry").path()).filter(|path| path.is_file());
        files.into_iter().any(|file| contains(&std::fs::read(file).expect("a file")))
    }

    /// How many statements something takes: the fewest of some tries. The dispatcher looks ten times a second, so it is
    /// tried until hardly every try can have had a look in it. Of those that took long all have: they are the width of the range.
    pub(crate) async fn statements<T, F: Future<Output = T>>(
        &self,
        act: impl Fn() -> F,
    ) -> (RangeInclusive<u64>, T) {
        const LOOKS_A_SECOND: f64 = 10.0;
        let mut fewest: Option<(u64, u64, T)> = None;
        let mut all_had_a_look = 1.0;
        for _ in 0..40 {
            let (began, before) = (Instant::now(), self.shared.store.statements());
            let done = act().await;
            let count = self.shared.store.statements() - before;
            let took = began.elapsed();
            let looks = u64::try_from(took.as_millis() / 80).expect("a short while");
            if fewest.as_ref().is_none_or(|(known, ..)| count < *known) {
                fewest = Some((count, looks, done));
            }
            all_had_a_look *= (took.as_secs_f64() * LOOKS_A_SECOND).min(1.0);
            if all_had_a_look < 1e-5 {
                break;
            }
        }
        let (count, looks, done) = fewest.expect("some tries");
        (count.saturating_sub(looks)..=count, done)
    }

    /// Writes down how much keys were used, which the server does once a second.
    pub(crate) async fn flush(&self) {
        self.shared.usage.flush(self.shared.store.as_ref()).await.expect("a flush");
    }
}

/// Whether two numbers of statements, each known as a range, can be the same.
pub(crate) fn may_be_equal(one: &RangeInclusive<u64>, other: &RangeInclusive<u64>) -> bool {
    one.start() <= other.end() && other.start() <= one.end()
}

/// A file in this folder. With `TEST_API_ON_POSTGRES`, a new database of the server that it names.
fn database_url(folder: &Path) -> String {
    match std::env::var("TEST_API_ON_POSTGRES") {
        Ok(server) => postgres::new_database(&server),
        Err(_) => sqlite_url(folder),
    }
}

fn sqlite_url(folder: &Path) -> String {
    format!("sqlite://{}", folder.join("test.db").display())
}

/// In memory where there is such a place: whether a disk syncs is for the tests of the real program.
fn folder() -> TempDir {
    let memory = Path::new("/dev/shm");
    let place = if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() };
    tempfile::tempdir_in(place).expect("a folder")
}
