//! `interviewrelay campaigns …`

use std::{path::PathBuf, sync::Arc};

use clap::Subcommand;
use domain::clock::{Clock as _, SystemClock};
use protocol::Environment;
use storage::Store;

use super::{CliResult, parse_environment, say};
use crate::{
    operations::{
        import::{self, CampaignFile},
        organizations::Owner,
    },
    state::SystemEntropy,
    strict::from_value,
};

#[derive(Debug, Subcommand)]
pub(super) enum CampaignsCommand {
    /// Bring in a campaign from a JSON file: it is published and, unless somebody has paused it, activated. Doing so again
    /// changes nothing when the file has an id; without one it is another campaign each time.
    Import {
        /// The file: id, name, description, settings, metadata, guide.
        file: PathBuf,
        /// The organization's name.
        #[arg(long)]
        org: String,
        /// `live` or `test`.
        #[arg(long, value_parser = parse_environment)]
        env: Environment,
        /// Print one line of JSON.
        #[arg(long)]
        json: bool,
    },
}

impl CampaignsCommand {
    pub(super) async fn run(self, store: Arc<dyn Store>) -> CliResult {
        let Self::Import { file, org, env, json } = self;
        let text = std::fs::read_to_string(&file)
            .map_err(|error| format!("{} cannot be read: {error}", file.display()))?;
        let value = serde_json::from_str(&text)
            .map_err(|error| format!("{} is not JSON: {error}", file.display()))?;
        let content: CampaignFile = from_value(value, "")?;
        let (owner, now) = (Owner::named(org, None), SystemClock.now());
        let campaign =
            import::campaign(store.as_ref(), env, owner, content, Arc::new(SystemEntropy), now).await?;
        if json {
            return say(&serde_json::to_string(&campaign)?);
        }
        say(&format!("{}  {}  {}", campaign.id, campaign.status.as_str(), campaign.name))
    }
}
