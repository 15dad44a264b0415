//! `interviewrelay organizations …`

use std::sync::Arc;

use clap::Subcommand;
use domain::organization::Plan;
use storage::{Store, StoreError};

use super::{CliResult, parse_plan, say};

#[derive(Debug, Subcommand)]
pub(super) enum OrganizationsCommand {
    /// Change what an organization may use, from its next request on.
    SetPlan {
        /// The organization's name.
        #[arg(long)]
        org: String,
        /// free, pro, enterprise or `self_hosted`.
        #[arg(long, value_parser = parse_plan)]
        plan: Plan,
    },
}

impl OrganizationsCommand {
    pub(super) async fn run(self, store: Arc<dyn Store>) -> CliResult {
        let Self::SetPlan { org, plan } = self;
        let missing = format!("there is no organization called {org}");
        let name = org.clone();
        let is_changed = storage::write::<_, StoreError, _>(store.as_ref(), move |unit| {
            Box::pin(async move {
                let Some(known) = unit.find_organization_by_name(&name).await? else { return Ok(false) };
                unit.set_plan(&known.id, plan).await
            })
        })
        .await?;
        if is_changed { say(&format!("{org} is on the plan {}", plan.as_str())) } else { Err(missing.into()) }
    }
}
