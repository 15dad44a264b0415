//! `interviewrelay organizations …`

use std::sync::Arc;

use clap::Subcommand;
use domain::organization::{Organization, Plan};
use serde_json::json;
use storage::{PageRequest, Store, StoreError};

use super::{CliResult, parse_plan, say};

/// How many are read at once.
const PAGE: u32 = 1_000;

#[derive(Debug, Subcommand)]
pub(super) enum OrganizationsCommand {
    /// List the organizations, newest first.
    List {
        /// Print one line of JSON for each organization.
        #[arg(long)]
        json: bool,
    },
    /// Change what an organization may use, from its next request on.
    SetPlan {
        /// The organization's name.
        #[arg(long)]
        org: String,
        /// free, pro, enterprise or `self_hosted`.
        #[arg(long, value_parser = parse_plan)]
        plan: Plan,
        /// Print one line of JSON.
        #[arg(long)]
        json: bool,
    },
}

impl OrganizationsCommand {
    pub(super) async fn run(self, store: Arc<dyn Store>) -> CliResult {
        let store = store.as_ref();
        match self {
            Self::List { json } => list(store, json).await,
            Self::SetPlan { org, plan, json } => {
                let missing = format!("there is no organization called {org}");
                let changed = set_plan(store, org, plan).await?.ok_or(missing)?;
                if json {
                    return show(&changed, json);
                }
                say(&format!("{} is on the plan {}", changed.name, plan.as_str()))
            }
        }
    }
}

async fn list(store: &dyn Store, as_json: bool) -> CliResult {
    let mut unit = store.read().await?;
    let mut page = PageRequest { before: None, limit: PAGE };
    loop {
        let organizations = unit.list_organizations(&page).await?;
        let Some(last) = organizations.last() else { return Ok(()) };
        page.before = Some(last.id.to_string());
        organizations.iter().try_for_each(|organization| show(organization, as_json))?;
    }
}

/// The organization as it is afterwards, if there is one.
async fn set_plan(store: &dyn Store, name: String, plan: Plan) -> Result<Option<Organization>, StoreError> {
    storage::write(store, move |unit| {
        Box::pin(async move {
            let Some(known) = unit.find_organization_by_name(&name).await? else { return Ok(None) };
            unit.set_plan(&known.id, plan).await?;
            Ok(Some(Organization { plan, ..known }))
        })
    })
    .await
}

fn show(organization: &Organization, as_json: bool) -> CliResult {
    let Organization { id, name, plan, created_at } = organization;
    if as_json {
        let line = json!({"id": id, "name": name, "plan": plan.as_str(), "created_at": created_at});
        return say(&line.to_string());
    }
    say(&format!("{id}  {}  {name}", plan.as_str()))
}
