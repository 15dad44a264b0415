//! Mints at a rate.

use std::{
    collections::BTreeMap,
    io::Result,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use clap::Args;
use serde_json::json;
use tokio::{task::JoinSet, time::Instant};

use crate::{guess::Guess, http::Connection, mint_body};

/// Mint at a rate.
#[derive(Debug, Clone, Args)]
pub(crate) struct Pace {
    #[arg(long)]
    key: String,
    #[arg(long)]
    campaign: String,
    /// Send guesses at the key in its place.
    #[arg(long, value_enum)]
    guess: Option<Guess>,
    /// Requests per second.
    #[arg(long, default_value_t = 1_000)]
    rate: u32,
    #[arg(long, default_value_t = 3)]
    seconds: u32,
    #[arg(long, default_value_t = 32)]
    connections: u32,
    /// The number of the first person who is invited.
    #[arg(long, default_value_t = 0)]
    first: u64,
}

/// What one connection saw.
#[derive(Debug, Default)]
struct Seen {
    statuses: BTreeMap<u16, u64>,
    waited: Vec<Duration>,
}

impl Pace {
    pub(crate) async fn run(self, host: &str) -> Result<()> {
        let next = Arc::new(AtomicU64::new(0));
        let began = Instant::now();
        let mut connections = JoinSet::new();
        for _ in 0..self.connections {
            let (pace, host, next) = (self.clone(), host.to_owned(), Arc::clone(&next));
            connections.spawn(async move { pace.connection(&host, began, &next).await });
        }
        let mut all = Seen::default();
        while let Some(seen) = connections.join_next().await {
            let seen = seen.expect("a connection does not panic")?;
            all.waited.extend(seen.waited);
            for (status, count) in seen.statuses {
                *all.statuses.entry(status).or_default() += count;
            }
        }
        let elapsed = began.elapsed().as_secs_f64();
        all.waited.sort_unstable();
        println!(
            "{}",
            json!({
                "requests": all.waited.len(),
                "seconds": elapsed,
                "statuses": all.statuses,
                "p50_ms": percentile(&all.waited, 50),
                "p99_ms": percentile(&all.waited, 99),
                "max_ms": percentile(&all.waited, 100),
            })
        );
        Ok(())
    }

    async fn connection(&self, host: &str, began: Instant, next: &AtomicU64) -> Result<Seen> {
        let mut connection = Connection::open(host).await?;
        let mut seen = Seen::default();
        let total = u64::from(self.rate) * u64::from(self.seconds);
        let interval_ns = 1_000_000_000 / u64::from(self.rate.max(1));
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= total {
                return Ok(seen);
            }
            let mut due = began + Duration::from_nanos(number * interval_ns);
            if due > Instant::now() {
                tokio::time::sleep_until(due).await;
                // The timer wakes at whole milliseconds; that it was late is no fault of the server.
                due = Instant::now();
            }
            let credential = self.guess.map_or_else(|| self.key.clone(), |guess| guess.at(&self.key));
            let body = mint_body(&self.campaign, self.first + number);
            let answer = connection.call("POST", "/v1/invites", &credential, &body).await?;
            seen.waited.push(due.elapsed());
            *seen.statuses.entry(answer.status).or_default() += 1;
        }
    }
}

/// Milliseconds below which so many percent of the sorted times lie.
fn percentile(sorted: &[Duration], percent: usize) -> f64 {
    let at = (sorted.len() * percent / 100).min(sorted.len().saturating_sub(1));
    sorted.get(at).map_or(0.0, |time| time.as_secs_f64() * 1_000.0)
}
