//! Runs both environments until it is told to stop.

use std::{
    net::SocketAddr,
    path::PathBuf,
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use protocol::Environment;
use tokio::{
    net::TcpListener,
    sync::watch,
    task::JoinSet,
    time::{Instant, MissedTickBehavior},
};

use crate::{
    config::{Config, ListenerConfig},
    connections::{self, Patience},
    error::with_sources,
    graphql::GraphQl,
    key_age::KeyAges,
    openapi::Published,
    router::router,
    state::{AppState, Parts, Shared},
    tokens::{TokenService, keys::KeyRingError},
    uploads::{Grace, Tidied, Uploads, tidy},
    webhooks::{calendar, dispatcher::Dispatcher},
};

/// How often uses of keys are written down.
const FLUSH_EVERY: Duration = Duration::from_secs(1);
/// How often it is looked for changes that another process has made to sessions that somebody listens to.
const WATCH_EVERY: Duration = Duration::from_millis(500);

/// After how many flushes what nobody needs any more is forgotten.
const TIDY_EVERY: u64 = 60;

/// After how many flushes the signing keys are read again: several times before a new one signs.
const READ_KEYS_EVERY: u64 = 10;

/// After how many seconds old events are removed.
const REMOVE_EVERY: u64 = 3_600;
/// After how many flushes, the first one included, files without a row are looked for.
const SWEEP_EVERY: u64 = 3_600;

/// How long such a file may wait for its row. The slowest line brings a request to its end in a day.
const SWEEP_GRACE: Grace = Grace { untouched: Duration::from_hours(24), between: Duration::from_mins(1) };

/// For how long after a signal calls are still taken: `/readyz` says by then that no more should be sent.
pub const NOTICE: Duration = Duration::from_secs(1);

/// How long requests in flight may take to finish after that; the process is to be gone 10 s after the signal.
const DRAIN_FOR: Duration = Duration::from_secs(7);

/// By when after that all is written down and the database closed. One that does not answer is not waited for.
const END_WITHIN: Duration = Duration::from_millis(8_500);

/// Why the server could not run.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// Another program has the port, or the address is not ours.
    #[error("the {environment} environment cannot listen on {address}; choose another with {option}")]
    Listen {
        /// Which environment.
        environment: Environment,
        /// Where.
        address: SocketAddr,
        /// The flag that changes it.
        option: &'static str,
        /// What the system says.
        source: std::io::Error,
    },
    /// There is no key to sign with.
    #[error(transparent)]
    Keys(#[from] KeyRingError),
    /// What was bound cannot be asked where.
    #[error("a listener has no address")]
    Io(#[from] std::io::Error),
}

/// A bound server that is not running yet.
#[derive(Debug)]
pub struct Server {
    shared: Shared,
    listeners: Vec<(AppState, TcpListener)>,
    dispatcher: Dispatcher,
    widget_dir: Option<PathBuf>,
    uploads: Uploads,
}

impl Server {
    /// Takes the ports and loads the keys.
    ///
    /// # Errors
    /// [`ServeError`] for a port that is taken and for missing signing keys.
    pub async fn bind(config: &Config, shared: Shared) -> Result<Self, ServeError> {
        let callers = Arc::new(config.callers.clone());
        shared.rings.refresh(shared.store.as_ref(), shared.clock.now()).await?;
        let mut listeners = Vec::new();
        for environment in Environment::ALL {
            let settings = config.listener(environment);
            let listener = listen(environment, settings).await?;
            let address = listener.local_addr()?;
            let issuer = settings.public_url_at(address);
            tracing::info!(%environment, %address, public_url = issuer, "listening");
            let published = Published::at(&issuer);
            let tokens = TokenService::new(environment, issuer, Arc::clone(&shared.rings));
            let (callers, shared) = (Arc::clone(&callers), shared.clone());
            let graphql = GraphQl::new(environment, config.graphql_introspection);
            let uploads = Uploads::at(config.uploads_dir.clone());
            let parts = Parts { environment, tokens, callers, published, graphql, uploads, shared };
            listeners.push((AppState::from(parts), listener));
        }
        let dispatcher = Dispatcher::new(shared.clone());
        let uploads = Uploads::at(config.uploads_dir.clone());
        Ok(Self { shared, listeners, dispatcher, widget_dir: config.widget_dir.clone(), uploads })
    }

    /// Where an environment listens.
    pub fn address(&self, environment: Environment) -> Option<SocketAddr> {
        self.listeners.iter().find(|(state, _)| state.environment == environment)?.1.local_addr().ok()
    }

    /// Serves until `stop` is done and for the notice that it gives, then lets requests in flight finish, writes down what
    /// waits and closes the database.
    pub async fn run(self, stop: impl Future<Output = Duration> + Send + 'static) {
        let (tell, told) = watch::channel(false);
        let mut tasks = JoinSet::new();
        for (state, listener) in self.listeners {
            let app = router(state, self.widget_dir.as_deref());
            let mut told = told.clone();
            let drained = async move {
                // An error means that the sender is gone, which is a reason to stop as well.
                let _ = told.wait_for(|stop| *stop).await;
            };
            tasks.spawn(connections::serve(listener, app, Patience::default(), drained));
        }
        let flusher = tokio::spawn(flush_until(self.shared.clone(), self.uploads, told.clone()));
        let calendar = tokio::spawn(follow_calendar(self.shared.clone(), told.clone()));
        let watcher = tokio::spawn(watch_sessions(self.shared.clone(), told.clone()));
        let remover = tokio::spawn(remove_until(self.shared.clone(), told.clone()));
        let dispatcher = tokio::spawn(self.dispatcher.run(told));
        let notice = stop.await;
        self.shared.stopping.store(true, Ordering::SeqCst);
        self.shared.streams.wake_all();
        tracing::info!("stopping: requests in flight are finished first");
        tokio::time::sleep(notice).await;
        let end = Instant::now() + END_WITHIN;
        let _ = tell.send(true);
        if tokio::time::timeout(DRAIN_FOR, async { while tasks.join_next().await.is_some() {} })
            .await
            .is_err()
        {
            tracing::warn!("some connections are still open and end with the program");
        }
        let written_down = async {
            // They are not aborted: what they are writing would be lost.
            for (task, what) in [
                (dispatcher, "sending webhooks"),
                (calendar, "following the calendar"),
                (remover, "removing what is no longer needed"),
                (watcher, "watching sessions"),
                (flusher, "counting the use of keys"),
            ] {
                if let Err(error) = task.await {
                    tracing::error!(%error, "{what} ended badly");
                }
            }
            flush(&self.shared).await;
            self.shared.store.close().await;
        };
        if tokio::time::timeout_at(end, written_down).await.is_ok() {
            tracing::info!("stopped");
        } else {
            tracing::error!(
                "stopped before all was written down: the database does not answer. What was acknowledged is there"
            );
        }
    }
}

async fn listen(environment: Environment, settings: &ListenerConfig) -> Result<TcpListener, ServeError> {
    let option = match environment {
        Environment::Live => "--live-listen or INTERVIEWRELAY_LIVE_LISTEN",
        Environment::Test => "--sandbox-listen or INTERVIEWRELAY_SANDBOX_LISTEN",
    };
    let address = settings.listen;
    TcpListener::bind(address).await.map_err(|source| ServeError::Listen {
        environment,
        address,
        option,
        source,
    })
}

async fn flush_until(shared: Shared, uploads: Uploads, mut told: watch::Receiver<bool>) {
    let mut interval = tokio::time::interval(FLUSH_EVERY);
    let ages = KeyAges::default();
    for second in 0_u64.. {
        tokio::select! {
            _ = interval.tick() => {}
            // An error means that the sender is gone, which is a reason to stop as well.
            _ = told.wait_for(|stop| *stop) => return,
        }
        flush(&shared).await;
        look_for_overdue(&shared).await;
        if second % READ_KEYS_EVERY == 0
            && let Err(error) = shared.rings.refresh(shared.store.as_ref(), shared.clock.now()).await
        {
            tracing::warn!(error = %with_sources(&error), "the signing keys could not be read again; it is tried again");
        }
        if second % SWEEP_EVERY == 0 {
            tokio::spawn(sweep_uploads(shared.clone(), uploads.clone()));
        }
        if second % TIDY_EVERY == 0 {
            shared.limits.forget_idle();
            shared.key_cache.forget_idle();
            shared.guesses.forget_idle();
            if let Err(error) = ages.warn(shared.store.as_ref(), shared.clock.now()).await {
                tracing::warn!(error = %with_sources(&error), "the age of keys could not be looked at; it is tried again");
            }
        }
    }
}

async fn follow_calendar(shared: Shared, mut told: watch::Receiver<bool>) {
    let mut interval = tokio::time::interval(calendar::EVERY);
    loop {
        tokio::select! {
            _ = interval.tick() => {}
            // An error means that the sender is gone, which is a reason to stop as well.
            _ = told.wait_for(|stop| *stop) => return,
        }
        if let Err(error) = calendar::catch_up(&shared).await {
            tracing::warn!(%error, "what the time has made happen could not be told; it is tried again");
        }
    }
}

async fn watch_sessions(shared: Shared, mut told: watch::Receiver<bool>) {
    let mut interval = tokio::time::interval(WATCH_EVERY);
    interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = interval.tick() => {}
            // An error means that the sender is gone, which is a reason to stop as well.
            _ = told.wait_for(|stop| *stop) => return,
        }
        if let Err(error) = shared.streams.look(shared.store.as_ref()).await {
            tracing::warn!(error = %with_sources(&error), "sessions could not be looked at; it is tried again");
        }
    }
}

async fn remove_until(shared: Shared, mut told: watch::Receiver<bool>) {
    let mut interval = tokio::time::interval(calendar::EVERY);
    for second in 0_u64.. {
        tokio::select! {
            _ = interval.tick() => {}
            // An error means that the sender is gone, which is a reason to stop as well.
            _ = told.wait_for(|stop| *stop) => return,
        }
        let mut done = calendar::remove_deleted(&shared).await;
        if second % REMOVE_EVERY == 0 {
            done =
                done.and(calendar::remove_old(&shared).await).and(calendar::remove_answered(&shared).await);
        }
        if let Err(error) = done {
            tracing::warn!(error = %with_sources(&error), "what is no longer needed could not be removed; it is tried again");
        }
    }
}

async fn sweep_uploads(shared: Shared, uploads: Uploads) {
    match tidy(&uploads, shared.store.as_ref(), shared.clock.now(), SWEEP_GRACE).await {
        Ok(Tidied::Done { stale: 0, orphans: 0 }) => {}
        Ok(Tidied::Done { stale, orphans }) => {
            tracing::info!(
                stale,
                orphans,
                "uploads that nobody completed, and files without a row, were removed"
            );
        }
        Ok(Tidied::OfAnother) => {
            let file = uploads.owner_path();
            tracing::warn!(
                file = %file.display(),
                "another database's files are in the folder of uploads, so nothing is removed from it: name a folder of its own by uploads_dir, or, when it is this database that was moved, remove the file"
            );
        }
        Err(error) => {
            tracing::warn!(error = %with_sources(&error), "uploads could not be swept; it is tried again");
        }
    }
}

async fn flush(shared: &Shared) {
    if let Err(error) = shared.usage.flush(shared.store.as_ref()).await {
        tracing::warn!(error = %with_sources(&error), "the use of keys could not be written down; it is tried again");
    }
}

/// Notes how far webhooks are behind, so that `/metrics` need not ask the database.
async fn look_for_overdue(shared: &Shared) {
    let now = shared.clock.now();
    for environment in Environment::ALL {
        let due = async { shared.store.read().await?.next_delivery_at(Some(environment)).await };
        // When the database fails, others say so; the number stays as it was.
        if let Ok(due) = due.await {
            let waits_s = due.map_or(0, |due| (now.as_secs() - due.as_secs()).max(0));
            shared.metrics.of(environment).oldest_due_s.set(waits_s);
        }
    }
}

/// Done when the process is asked to stop, from the call of this on: what comes before it is waited for ends the process
/// as well, only later. Gives the notice that callers get: none where somebody sits and waits (Ctrl-C), [`NOTICE`] for SIGTERM.
pub fn stop_signal() -> impl Future<Output = Duration> + Send {
    #[cfg(unix)]
    let terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate());
    async {
        let interrupt = async {
            if tokio::signal::ctrl_c().await.is_err() {
                std::future::pending::<()>().await;
            }
        };
        #[cfg(unix)]
        let terminate = async {
            match terminate {
                Ok(mut signal) => {
                    signal.recv().await;
                }
                Err(_) => std::future::pending().await,
            }
        };
        #[cfg(not(unix))]
        let terminate = std::future::pending::<()>();
        tokio::select! { () = interrupt => Duration::ZERO, () = terminate => NOTICE }
    }
}
