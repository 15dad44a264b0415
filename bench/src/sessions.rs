//! Opens many participant sessions.

use std::{
    io::{Result, Write as _},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use clap::Args;
use protocol::invite::MintedInvite;
use serde_json::{Value, json};
use tokio::{io::AsyncReadExt as _, task::JoinSet, time::Instant};

use crate::{http::Connection, mint_body};

/// Open many participant sessions, then wait until standard input ends.
#[derive(Debug, Clone, Args)]
pub(crate) struct Sessions {
    #[arg(long)]
    key: String,
    #[arg(long)]
    campaign: String,
    /// How many.
    #[arg(long, default_value_t = 10_000)]
    count: u64,
    /// How many are opened at once.
    #[arg(long, default_value_t = 32)]
    connections: u32,
}

impl Sessions {
    pub(crate) async fn run(self, host: &str) -> Result<()> {
        let next = Arc::new(AtomicU64::new(0));
        let began = Instant::now();
        let mut openers = JoinSet::new();
        for _ in 0..self.connections {
            let (sessions, host, next) = (self.clone(), host.to_owned(), Arc::clone(&next));
            openers.spawn(async move { sessions.open(&host, &next).await });
        }
        // As a browser does, each participant keeps a connection of their own.
        let mut kept = Vec::new();
        while let Some(opened) = openers.join_next().await {
            kept.extend(opened.expect("a connection does not panic")?);
        }
        println!("{}", json!({ "sessions": kept.len(), "seconds": began.elapsed().as_secs_f64() }));
        std::io::stdout().flush()?;
        tokio::io::stdin().read_to_end(&mut Vec::new()).await?;
        Ok(())
    }

    async fn open(&self, host: &str, next: &AtomicU64) -> Result<Vec<Connection>> {
        let mut backend = Connection::open(host).await?;
        let mut kept = Vec::new();
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= self.count {
                return Ok(kept);
            }
            let body = mint_body(&self.campaign, number);
            let minted: MintedInvite = backend.call("POST", "/v1/invites", &self.key, &body).await?.json()?;
            let mut browser = Connection::open(host).await?;
            let session = browser.call("POST", "/v1/participant/session", &minted.invite_token, "{}").await?;
            session.json::<Value>()?;
            kept.push(browser);
        }
    }
}
