//! The least that a sender can do.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Instant,
};

use clap::Args;
use reqwest::{Client, header::CONTENT_TYPE};
use serde_json::json;
use tokio::task::JoinSet;

/// Send one body again and again, and say how long it took.
#[derive(Debug, Clone, Args)]
pub(crate) struct Post {
    /// Where to.
    #[arg(long)]
    url: String,
    /// What.
    #[arg(long)]
    body: String,
    /// How often.
    #[arg(long)]
    count: u32,
    /// How many at once; with 1, each waits for the answer to the one before.
    #[arg(long, default_value_t = 1)]
    at_once: u32,
}

impl Post {
    pub(crate) async fn run(self) -> reqwest::Result<()> {
        let (client, sent) = (Client::new(), Arc::new(AtomicU32::new(0)));
        let began = Instant::now();
        let mut senders = JoinSet::new();
        for _ in 0..self.at_once {
            let (post, client, sent) = (self.clone(), client.clone(), Arc::clone(&sent));
            senders.spawn(async move {
                while sent.fetch_add(1, Ordering::Relaxed) < post.count {
                    let request = client.post(&post.url).header(CONTENT_TYPE, "application/json");
                    let response = request.body(post.body.clone()).send().await?.error_for_status()?;
                    // Read to its end, or the connection could not serve the next.
                    response.bytes().await?;
                }
                Ok(())
            });
        }
        while let Some(done) = senders.join_next().await {
            done.expect("a sender does not panic")?;
        }
        println!("{}", json!({ "seconds": began.elapsed().as_secs_f64() }));
        Ok(())
    }
}
