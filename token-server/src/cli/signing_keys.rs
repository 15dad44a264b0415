//! `interviewrelay signing-keys …`

use std::sync::Arc;

use clap::Subcommand;
use domain::{
    clock::{Clock as _, SystemClock},
    signing_key::{SigningKey, roles},
};
use protocol::{Environment, Timestamp};
use serde_json::json;
use storage::Store;

use super::{CliResult, parse_environment, say};
use crate::tokens::keys;

#[derive(Debug, Subcommand)]
pub(super) enum SigningKeysCommand {
    /// List the keys that sign and verify an environment's tokens.
    List {
        /// `live` or `test`.
        #[arg(long, value_parser = parse_environment)]
        env: Environment,
        /// Print one line of JSON for each key.
        #[arg(long)]
        json: bool,
    },
    /// Make a new key. It signs from a minute later on; older ones verify until their last token has expired.
    Rotate {
        /// `live` or `test`.
        #[arg(long, value_parser = parse_environment)]
        env: Environment,
        /// Remove all older keys at once, as when one has leaked: every token until now is worthless.
        #[arg(long)]
        drop_old: bool,
        /// Print one line of JSON.
        #[arg(long)]
        json: bool,
    },
}

impl SigningKeysCommand {
    pub(super) async fn run(self, store: Arc<dyn Store>) -> CliResult {
        let now = SystemClock.now();
        match self {
            Self::List { env, json } => {
                let keys = store.read().await?.list_signing_keys(env).await?;
                let Some(roles) = roles(&keys, now) else { return Ok(()) };
                for key in roles.verifying {
                    print(key, if key == roles.signing { "signs" } else { "verifies" }, json)?;
                }
                Ok(())
            }
            Self::Rotate { env, drop_old, json } => {
                let key = keys::rotate(store.as_ref(), env, drop_old, now).await?;
                print(&key, "new", json)
            }
        }
    }
}

fn print(key: &SigningKey, role: &str, as_json: bool) -> CliResult {
    let (kid, created_at, signs_from): (&str, Timestamp, Timestamp) =
        (&key.kid, key.created_at, key.signs_from());
    if as_json {
        let line = json!({"kid": kid, "role": role, "created_at": created_at, "signs_from": signs_from});
        return say(&line.to_string());
    }
    say(&format!("{kid}  {role}  made {created_at}  signs from {signs_from} or when it is the only one"))
}
