//! The command line.

mod backup;
mod campaigns;
mod check_config;
mod keys;
mod organizations;
mod signing_keys;
mod users;

use std::{io::Write as _, path::PathBuf, sync::Arc};

use clap::{Parser, Subcommand};
use domain::{
    clock::{Clock, SystemClock},
    organization::Plan,
};
use protocol::Environment;
use serde_json::json;
use storage::Store;

use crate::{
    config::{Config, Settings},
    error::ApiError,
    graphql, openapi,
    operations::guides::GuideCache,
    serve::{Server, stop_signal},
    state::{Shared, SystemEntropy},
    tokens,
};

/// What commands give when they fail.
type BoxError = Box<dyn std::error::Error + Send + Sync>;
type CliResult = Result<(), BoxError>;

/// Interviews inside your own web pages: mints invite tokens and runs the interview API.
#[derive(Debug, Parser)]
#[command(name = "interviewrelay", version)]
pub struct Cli {
    /// A settings file [default: interviewrelay.toml in this folder, if there is one].
    #[arg(long, value_name = "FILE", global = true)]
    config: Option<PathBuf>,
    #[command(flatten)]
    settings: Settings,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the server: the live environment and the sandbox.
    Serve,
    /// Make the database and the signing keys. Doing so again changes nothing.
    Init {
        /// Print one line of JSON.
        #[arg(long)]
        json: bool,
    },
    /// Make, list and revoke API keys.
    #[command(subcommand)]
    Keys(keys::KeysCommand),
    /// List and rotate the keys that sign tokens.
    #[command(subcommand)]
    SigningKeys(signing_keys::SigningKeysCommand),
    /// List and change organizations.
    #[command(subcommand)]
    Organizations(organizations::OrganizationsCommand),
    /// Make, list and change users.
    #[command(subcommand)]
    Users(users::UsersCommand),
    /// Bring in campaigns.
    #[command(subcommand)]
    Campaigns(campaigns::CampaignsCommand),
    /// Copy the database and the uploaded files into a new folder, also while the server runs.
    Backup(backup::BackupCommand),
    /// Check the settings and say what they are.
    CheckConfig {
        /// Print one line of JSON.
        #[arg(long)]
        json: bool,
    },
    /// Print what the program knows of itself.
    #[command(subcommand)]
    Print(PrintCommand),
}

#[derive(Debug, Subcommand)]
enum PrintCommand {
    /// The description of the live environment's API as an `OpenAPI` 3.1 document.
    Openapi,
    /// The GraphQL schema.
    Graphql,
}

impl Cli {
    /// Does what was asked.
    ///
    /// # Errors
    /// Whatever went wrong, for `main` to print.
    pub async fn run(self) -> CliResult {
        self.act().await.map_err(explain)
    }

    async fn act(self) -> CliResult {
        let config = Config::load(self.config.as_deref(), self.settings)?;
        match self.command {
            Command::Serve => serve(&config).await,
            Command::Init { json } => {
                let store = open(&config).await?;
                store.close().await;
                if json {
                    let line = json!({"status": "ready", "database_url": config.shown_database_url()});
                    return say(&line.to_string());
                }
                say(&format!("ready: {}", config.shown_database_url()))
            }
            Command::Keys(command) => {
                let makes = matches!(command, keys::KeysCommand::Create { .. });
                with_store(&config, makes, |store| command.run(store)).await
            }
            Command::SigningKeys(command) => with_store(&config, false, |store| command.run(store)).await,
            Command::Organizations(command) => with_store(&config, false, |store| command.run(store)).await,
            Command::Users(command) => {
                let makes = matches!(command, users::UsersCommand::Create { .. });
                with_store(&config, makes, |store| command.run(store)).await
            }
            Command::Campaigns(command) => with_store(&config, true, |store| command.run(store)).await,
            Command::Backup(command) => command.run(&config).await,
            Command::CheckConfig { json } => check_config::print(&config, json),
            Command::Print(PrintCommand::Openapi) => {
                let document = openapi::document(&public_url(&config, Environment::Live));
                say(&serde_json::to_string_pretty(&document)?)
            }
            Command::Print(PrintCommand::Graphql) => say(graphql::sdl().trim_end()),
        }
    }
}

fn public_url(config: &Config, environment: Environment) -> String {
    let listener = config.listener(environment);
    listener.public_url_at(listener.listen)
}

/// Opens the database, brings its schema up to date and makes signing keys where there are none.
async fn open(config: &Config) -> Result<Arc<dyn Store>, BoxError> {
    let store = storage::connect(&config.database_url).await?;
    tokens::keys::ensure(store.as_ref(), SystemClock.now()).await?;
    Ok(store)
}

/// `makes` says whether there may be something of the command's in a new database. Whoever asks in the wrong folder what there is,
/// or has a key revoked, is to hear that no database is there.
async fn with_store<F>(config: &Config, makes: bool, run: impl FnOnce(Arc<dyn Store>) -> F) -> CliResult
where
    F: Future<Output = CliResult>,
{
    if !makes {
        storage::look_for(&config.database_url)?;
    }
    let store = open(config).await?;
    let result = run(Arc::clone(&store)).await;
    store.close().await;
    result
}

async fn serve(config: &Config) -> CliResult {
    #[cfg(unix)]
    crate::connections::raise_open_files();
    let stop = stop_signal();
    for warning in config.warnings() {
        tracing::warn!("{warning}");
    }
    let store = open(config).await?;
    if config.widget_dir.is_none() {
        tracing::info!(
            "widget_dir is not set: the page behind invite_url, and interviews in an iframe, are not shown"
        );
    }
    let shared = Shared {
        webhooks: config.webhooks,
        guides: Arc::new(GuideCache::with_largest_upload(config.max_upload_bytes)),
        ..Shared::new(store, Arc::new(SystemClock), Arc::new(SystemEntropy))
    };
    Server::bind(config, shared).await?.run(stop).await;
    Ok(())
}

/// On a command line the details belong to the message.
fn explain(error: BoxError) -> BoxError {
    match error.downcast::<ApiError>() {
        Ok(error) => {
            let text = error.details.iter().fold(error.message.clone(), |text, detail| {
                format!("{text}\n  {}: {}", detail.pointer, detail.message)
            });
            text.into()
        }
        Err(other) => other,
    }
}

/// Prints a line of data.
fn say(line: &str) -> CliResult {
    writeln!(std::io::stdout(), "{line}")?;
    Ok(())
}

fn parse_environment(text: &str) -> Result<Environment, String> {
    text.parse().map_err(|error: protocol::environment::InvalidEnvironment| error.to_string())
}

fn parse_plan(text: &str) -> Result<Plan, String> {
    let names: Vec<_> = Plan::ALL.iter().map(|plan| plan.as_str()).collect();
    let found = Plan::ALL.into_iter().find(|plan| plan.as_str() == text);
    found.ok_or_else(|| format!("expected one of {}", names.join(", ")))
}
