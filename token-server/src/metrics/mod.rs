//! Numbers for Prometheus, which `/metrics` of each environment tells: its own, and none about anybody.
//!
//! Every request is counted, so counting is an addition to a number that has its place already: it waits for nobody,
//! makes no text, and asks no database. Neither does telling. What can be read off the requests by route and status, such
//! as 401s, is not counted a second time.

mod durations;
mod requests;

use domain::webhook::Outcome;
use prometheus_client::{
    encoding::prometheus_text,
    metrics::{counter::Counter, family::Family, gauge::Gauge, info::Info},
    registry::{Registry, Unit},
};
use protocol::{Environment, Timestamp};

pub use prometheus_text::CONTENT_TYPE;
pub use requests::{Counting, Requests, ServedAs};

/// What both environments have counted since the process began.
#[derive(Debug)]
pub struct Metrics {
    live: Numbers,
    test: Numbers,
}

impl Metrics {
    /// Nothing has been counted yet.
    pub fn new(started_at: Timestamp) -> Self {
        let paths: Vec<_> = crate::router::all_paths().collect();
        Self { live: Numbers::new(&paths, started_at), test: Numbers::new(&paths, started_at) }
    }

    /// Those of an environment.
    pub const fn of(&self, environment: Environment) -> &Numbers {
        match environment {
            Environment::Live => &self.live,
            Environment::Test => &self.test,
        }
    }
}

/// What one environment has counted.
#[derive(Debug)]
pub struct Numbers {
    /// Requests, by route.
    pub requests: Requests,
    /// Invites whose token went out, by whatever route.
    pub invites_minted: Counter,
    /// Interviews that began.
    pub sessions_started: Counter,
    /// Interviews that came to their end.
    pub sessions_completed: Counter,
    /// Answers on disk, also those that took the place of another.
    pub answers_committed: Counter,
    /// Requests too many of organizations whose plan has a limit.
    pub refused_by_rate: Counter,
    /// Requests with a valid key from an address that it does not allow.
    pub refused_by_address: Counter,
    /// How long the delivery that is due the longest has waited, in seconds.
    pub oldest_due_s: Gauge,
    attempts: Attempts,
    registry: Registry,
}

/// Calls of webhook endpoints, by what came of them.
#[derive(Debug)]
struct Attempts {
    delivered: Counter,
    retried: Counter,
    failed: Counter,
}

impl Numbers {
    fn new(paths: &[&'static str], started_at: Timestamp) -> Self {
        let mut registry = Registry::default();
        let start: Gauge = Gauge::default();
        start.set(started_at.as_secs());
        let help = "Start of the process, in seconds since 1970";
        registry.register_with_unit("process_start_time", help, Unit::Seconds, start);
        let ours = registry.sub_registry_with_prefix("interviewrelay");
        ours.register("build", "The program", Info::new([("version", env!("CARGO_PKG_VERSION"))]));
        let requests = Requests::new(paths.iter().copied());
        requests.register(ours);
        let refused =
            "Requests that were refused although their key is valid, where the status does not say why";
        let [refused_by_rate, refused_by_address] =
            family(ours, "refused_requests", refused, "reason", ["rate_limit", "address"]);
        let attempts = "Calls of webhook endpoints; retried are those that failed and are tried again later";
        let [delivered, retried, failed] =
            family(ours, "webhook_attempts", attempts, "outcome", ["delivered", "retried", "failed"]);
        let oldest_due_s = Gauge::default();
        let help = "How long the delivery that is due the longest has waited for its call, at the last look";
        ours.register_with_unit("webhook_oldest_due", help, Unit::Seconds, oldest_due_s.clone());
        Self {
            requests,
            invites_minted: counter(ours, "invites_minted", "Invites, single and in batches"),
            sessions_started: counter(ours, "sessions_started", "Interviews that began"),
            sessions_completed: counter(ours, "sessions_completed", "Interviews that came to their end"),
            answers_committed: counter(ours, "answers_committed", "Answers on disk, changed ones included"),
            refused_by_rate,
            refused_by_address,
            oldest_due_s,
            attempts: Attempts { delivered, retried, failed },
            registry,
        }
    }

    /// Counts a call of an endpoint that is written down.
    pub fn attempted(&self, outcome: &Outcome) {
        match outcome {
            Outcome::Delivered => self.attempts.delivered.inc(),
            Outcome::Again(_) => self.attempts.retried.inc(),
            Outcome::Failed | Outcome::Gone => self.attempts.failed.inc(),
        };
    }

    /// All of it in the text format of Prometheus, of type [`CONTENT_TYPE`].
    ///
    /// # Errors
    /// When a number cannot be written, which none of ours is.
    pub fn text(&self) -> Result<String, std::fmt::Error> {
        let mut text = String::new();
        prometheus_text::encode(&mut text, &self.registry)?;
        Ok(text)
    }
}

fn counter(registry: &mut Registry, name: &str, help: &str) -> Counter {
    let counter = Counter::default();
    registry.register(name, help, counter.clone());
    counter
}

/// Counters that differ in one label. All of them are told from the start, as a rate needs a zero to begin at.
fn family<const N: usize>(
    registry: &mut Registry,
    name: &str,
    help: &str,
    label: &'static str,
    values: [&'static str; N],
) -> [Counter; N] {
    let family = Family::<[(&'static str, &'static str); 1], Counter>::default();
    let counters = values.map(|value| family.get_or_create_owned(&[(label, value)]));
    registry.register(name, help, family);
    counters
}
