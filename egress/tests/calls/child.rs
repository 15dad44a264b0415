//! A process of our own with another environment, as tests must not change theirs.

use std::io::Write;
use std::path::Path;
use std::process::Stdio;

use crate::names::Names;
use crate::receiver::{LOOPBACK, PATIENCE, no_headers};

/// Where the child finds what to call.
const URL: &str = "EGRESS_TEST_URL";

/// Posts to `url` from a new process with these variables, and gives the outcome as it prints itself.
pub(crate) async fn post_from_child(url: &str, environment: &[(&str, &Path)]) -> String {
    let output = tokio::process::Command::new(std::env::current_exe().unwrap())
        .args(["child::the_child", "--exact", "--nocapture"])
        .env(URL, url)
        .envs(environment.iter().copied())
        .stdin(Stdio::null())
        .output()
        .await
        .unwrap();
    let output = String::from_utf8(output.stdout).unwrap();
    let outcome = output.lines().find_map(|line| line.split_once("outcome: "));
    outcome.unwrap_or_else(|| panic!("the child said {output}")).1.to_owned()
}

/// The other half of the tests in `environment`; by itself it has nothing to call.
#[tokio::test]
async fn the_child() {
    let Ok(url) = std::env::var(URL) else { return };
    let client = egress::Client::with_resolver(LOOPBACK, Names::default()).unwrap();
    let outcome = client.post(&url, no_headers(), "{}", PATIENCE).await;
    writeln!(std::io::stdout(), "outcome: {outcome:?}").unwrap();
}
