//! Revokes keys while they are in use.

use std::{
    io::{Error, Result},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use clap::Args;
use protocol::api_key::CreatedApiKey;
use serde_json::json;
use tokio::{task::JoinSet, time::Instant};

use crate::{http::Connection, mint_body};

/// Revoke keys while they are in use.
#[derive(Debug, Clone, Args)]
pub(crate) struct Revocation {
    /// Makes the keys and revokes them.
    #[arg(long)]
    admin_key: String,
    #[arg(long)]
    campaign: String,
    /// How many keys.
    #[arg(long, default_value_t = 5)]
    keys: u32,
    /// Requests per second with each key; 0 for as many as there are.
    #[arg(long, default_value_t = 200)]
    rate: u32,
    #[arg(long, default_value_t = 16)]
    connections: u32,
}

/// How long a key is used before and after it is revoked.
const BEFORE: Duration = Duration::from_millis(400);
const AFTER: Duration = Duration::from_millis(300);

/// A request with the key: when it was sent, when it was answered and how.
type Use = (Instant, Instant, u16);

impl Revocation {
    pub(crate) async fn run(self, host: &str) -> Result<()> {
        let mut admin = Connection::open(host).await?;
        let (mut sent_after, mut late, mut firsts, mut deletes) = (0, 0, Vec::new(), Vec::new());
        for number in 0..self.keys {
            let name = format!(r#"{{"name":"revoked {number}"}}"#);
            let created = admin.call("POST", "/v1/api-keys", &self.admin_key, &name).await?;
            let created: CreatedApiKey = created.json()?;
            // The key is checked by bcrypt once, which is not what is measured here.
            admin.call("POST", "/v1/invites", &created.key, &mint_body(&self.campaign, 0)).await?;
            let stop = Arc::new(AtomicBool::new(false));
            let mut callers = self.callers(host, &created.key, &stop);
            tokio::time::sleep(BEFORE).await;
            let path = format!("/v1/api-keys/{}", created.api_key.id);
            let began = Instant::now();
            let reply = admin.call("DELETE", &path, &self.admin_key, "").await?;
            let answered = Instant::now();
            if reply.status != 200 {
                return Err(Error::other(format!("DELETE answers {}", reply.status)));
            }
            tokio::time::sleep(AFTER).await;
            stop.store(true, Ordering::Relaxed);
            let mut uses: Vec<Use> = Vec::new();
            while let Some(seen) = callers.join_next().await {
                uses.extend(seen.expect("a connection does not panic")?);
            }
            let after = uses.iter().filter(|(sent, _, _)| *sent > answered);
            sent_after += after.clone().count();
            late += after.filter(|(_, _, status)| *status != 401).count();
            let first = uses.iter().filter(|(_, _, status)| *status == 401).map(|(_, at, _)| *at).min();
            let first = first.ok_or_else(|| Error::other("a revoked key was never refused"))?;
            // Below zero when a request was refused before the one who revoked had the answer.
            firsts.push(millis(first, began) - millis(answered, began));
            deletes.push(millis(answered, began));
        }
        println!(
            "{}",
            json!({
                "keys": self.keys,
                "rate": self.rate,
                "sent_after": sent_after,
                "got_through": late,
                "first_refusal_ms": firsts,
                "delete_ms": deletes,
            })
        );
        Ok(())
    }

    fn callers(&self, host: &str, key: &str, stop: &Arc<AtomicBool>) -> JoinSet<Result<Vec<Use>>> {
        let began = Instant::now();
        let mut callers = JoinSet::new();
        for offset in 0..self.connections {
            let (pace, host, key, stop) = (self.clone(), host.to_owned(), key.to_owned(), Arc::clone(stop));
            callers.spawn(async move {
                let mut connection = Connection::open(&host).await?;
                let body = mint_body(&pace.campaign, 0);
                let mut uses = Vec::new();
                let mut turn = offset;
                while !stop.load(Ordering::Relaxed) {
                    if pace.rate > 0 {
                        let due = f64::from(turn) / f64::from(pace.rate);
                        tokio::time::sleep_until(began + Duration::from_secs_f64(due)).await;
                        turn += pace.connections;
                    }
                    let sent = Instant::now();
                    let answer = connection.call("POST", "/v1/invites", &key, &body).await?;
                    uses.push((sent, Instant::now(), answer.status));
                }
                Ok(uses)
            });
        }
        callers
    }
}

fn millis(at: Instant, since: Instant) -> f64 {
    at.duration_since(since).as_secs_f64() * 1_000.0
}
