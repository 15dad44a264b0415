//! What was acknowledged is there after the process was killed.
//!
//! This test binary starts itself as a child, which writes with several hands at once and prints each write that was
//! acknowledged. The child is killed in the middle of it, at a point that a seed chooses.

use std::{
    io::{BufRead, BufReader, Write},
    process::{Command, Stdio},
};

use domain::random::{Entropy, SeededEntropy};
use futures_util::future::join_all;
use storage::connect;
use tempfile::TempDir;

use crate::{
    databases::sqlite_url,
    fixtures::{org, organization},
};

/// Tells the child what to write to.
const URL: &str = "CONTRACT_CHILD_DATABASE_URL";
const HANDS: u32 = 16;
const ROUNDS: u32 = 6;

/// Not a test of its own: what the child runs.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn child_that_writes_until_it_is_killed() {
    let Ok(url) = std::env::var(URL) else { return };
    let store = connect(&url).await.unwrap();
    join_all((0..HANDS).map(|hand| {
        let store = store.as_ref();
        async move {
            for round in 0_u32.. {
                let number = round * HANDS + hand;
                commit!(store, unit => unit.add_organization(&organization(number)).await).unwrap();
                // One write of one line: the parent never sees a half of a number.
                std::io::stdout().write_all(format!("acknowledged {number}\n").as_bytes()).unwrap();
            }
        }
    }))
    .await;
}

/// Runs the child until it has acknowledged so many writes and a little longer, and gives all that it acknowledged.
fn run_child(folder: &TempDir, enough: usize) -> Vec<u32> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "sqlite_only::durability::child_that_writes_until_it_is_killed", "--nocapture"])
        .env(URL, sqlite_url(folder))
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    let mut acknowledged = Vec::new();
    for line in lines {
        acknowledged
            .extend(line.split_once("acknowledged ").and_then(|(_, number)| number.parse::<u32>().ok()));
        if acknowledged.len() == enough {
            // SIGKILL; what is in the pipe already was acknowledged before, so it is read to its end.
            child.kill().unwrap();
        }
    }
    child.wait().unwrap();
    acknowledged
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_survives_a_kill() {
    let entropy = SeededEntropy::new(2);
    for round in 0..ROUNDS {
        let mut random = [0];
        entropy.fill(&mut random);
        let enough = 1 + usize::from(random[0]);
        let folder = tempfile::tempdir().unwrap();
        let acknowledged = run_child(&folder, enough);
        assert!(
            acknowledged.len() >= enough,
            "round {round}: the child ended early, after {}",
            acknowledged.len()
        );
        let store = connect(&sqlite_url(&folder)).await.unwrap();
        let mut unit = store.read().await.unwrap();
        for number in acknowledged {
            let found = unit.find_organization(&org(number)).await.unwrap();
            assert_eq!(found, Some(organization(number)), "round {round}, killed after {enough}");
        }
    }
}
