//! `interviewrelay keys …`

use std::sync::Arc;

use clap::{Subcommand, ValueEnum};
use domain::{
    clock::{Clock as _, SystemClock},
    organization::Plan,
    random::Entropy,
};
use protocol::{
    Environment,
    api_key::{CreateApiKey, KeyKind},
    ids::ApiKeyId,
};
use storage::{PageRequest, Store};

use super::{CliResult, parse_environment, parse_plan, say};
use crate::{
    operations::{self, by::By, organizations::Owner},
    state::SystemEntropy,
};

/// More keys than anybody has; the list is for people and scripts, which want all of them.
const ALL_KEYS: u32 = 10_000;

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum Kind {
    Standard,
    Admin,
}

#[derive(Debug, Subcommand)]
pub(super) enum KeysCommand {
    /// Make a key, and its organization when that is new. The key is shown this one time.
    Create {
        /// The organization's name.
        #[arg(long)]
        org: String,
        /// `live` or `test`.
        #[arg(long, value_parser = parse_environment)]
        env: Environment,
        /// A name that tells the keys apart.
        #[arg(long)]
        name: String,
        /// What the key may do; only an admin key can make other keys.
        #[arg(long, value_enum, default_value = "standard")]
        kind: Kind,
        /// The plan of a new organization: free, pro, enterprise or `self_hosted` [default: `self_hosted`].
        #[arg(long, value_parser = parse_plan)]
        plan: Option<Plan>,
        /// Print one line of JSON.
        #[arg(long)]
        json: bool,
    },
    /// List an organization's keys.
    List {
        /// The organization's name.
        #[arg(long)]
        org: String,
        /// `live` or `test`.
        #[arg(long, value_parser = parse_environment)]
        env: Environment,
        /// Print one line of JSON for each key.
        #[arg(long)]
        json: bool,
    },
    /// Revoke a key. It fails from the next request on.
    Revoke {
        /// The key's id, such as `key_…`.
        id: ApiKeyId,
        /// `live` or `test`.
        #[arg(long, value_parser = parse_environment)]
        env: Environment,
        /// Cancel the invites that the key has made, unless they are completed: for a key that leaked.
        #[arg(long)]
        cancel_invites: bool,
        /// Print one line of JSON.
        #[arg(long)]
        json: bool,
    },
}

impl KeysCommand {
    pub(super) async fn run(self, store: Arc<dyn Store>) -> CliResult {
        let store = store.as_ref();
        let now = SystemClock.now();
        let entropy: Arc<dyn Entropy> = Arc::new(SystemEntropy);
        match self {
            Self::Create { org, env, name, kind, plan, json } => {
                let kind = match kind {
                    Kind::Standard => KeyKind::Standard,
                    Kind::Admin => KeyKind::Admin,
                };
                let body = CreateApiKey {
                    name,
                    kind: Some(kind),
                    scopes: None,
                    allowed_cidrs: None,
                    expires_at: None,
                };
                let owner = Owner::named(org, plan);
                let created =
                    operations::api_keys::create_for(store, &entropy, env, owner, body, now).await?;
                if json {
                    return say(&serde_json::to_string(&created)?);
                }
                say(&format!(
                    "{}  {}\nThis key is shown only now. Keep it on your server.",
                    created.api_key.id, created.key
                ))
            }
            Self::List { org, env, json } => {
                let mut unit = store.read().await?;
                let organization = unit.find_organization_by_name(&org).await?;
                let organization =
                    organization.ok_or_else(|| format!("there is no organization called {org}"))?;
                let page = PageRequest { before: None, limit: ALL_KEYS };
                for key in unit.list_api_keys(env, &organization.id, &page).await? {
                    let view = key.view(now);
                    if json {
                        say(&serde_json::to_string(&view)?)?;
                    } else {
                        say(&format!("{}  {}  {:?}  {}", view.id, view.prefix, view.status, view.name))?;
                    }
                }
                Ok(())
            }
            Self::Revoke { id, env, cancel_invites, json } => {
                let missing = format!("there is no key {id} in the {env} environment");
                let key = store.read().await?.find_api_key(env, &id).await?.ok_or(missing)?;
                let by = By::cli(env, key.organization_id);
                let revoked =
                    operations::api_keys::revoke(store, &entropy, by, id, cancel_invites, now).await?;
                let view = revoked.view(now);
                if json {
                    say(&serde_json::to_string(&view)?)
                } else {
                    say(&format!("{} is revoked", view.id))
                }
            }
        }
    }
}
