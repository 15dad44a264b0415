//! Organizations as the command line names them: one that is there, or one that is made together with its first key, user
//! or campaign.

use domain::{
    fault::Fault,
    organization::{Organization, Plan, check_name},
    random::{Entropy, new_id},
};
use protocol::{ErrorCode, Timestamp};
use storage::{Store, StoreError, UnitOfWork};

use crate::error::ApiError;

/// Where the name lies in what was asked for.
const POINTER: &str = "/org";

/// Whose something is to be.
#[derive(Debug, Clone)]
pub struct Owner {
    name: String,
    plan: Option<Plan>,
}

impl Owner {
    /// The organization with this name. The plan is that of a new one, and what a known one is expected to be on.
    pub fn named(name: impl Into<String>, plan: Option<Plan>) -> Self {
        Self { name: name.into(), plan }
    }

    /// What is wrong with the name, unless there is such an organization: before something dear is done for it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn faults(&self, store: &dyn Store) -> Result<Vec<Fault>, StoreError> {
        let known = self.find(store.read().await?.as_mut()).await?;
        Ok(if known.is_some() { Vec::new() } else { self.faults_of_new() })
    }

    /// The organization, made when it is new: in the transaction of what it is made for, so that neither is without the
    /// other.
    ///
    /// # Errors
    /// 422 for a name that a new one cannot have; 409 for a known one on another plan.
    pub async fn find_or_add(
        &self,
        unit: &mut dyn UnitOfWork,
        entropy: &dyn Entropy,
        now: Timestamp,
    ) -> Result<Organization, ApiError> {
        if let Some(known) = self.find(unit).await? {
            return match self.plan {
                Some(plan) if plan != known.plan => Err(on_another_plan(&known)),
                _ => Ok(known),
            };
        }
        ApiError::check(self.faults_of_new())?;
        let plan = self.plan.unwrap_or(Plan::SelfHosted);
        let name = self.name.trim().to_owned();
        let new = Organization { id: new_id(now, entropy), name, plan, created_at: now };
        unit.add_organization(&new).await?;
        Ok(new)
    }

    /// By the name as it was given, and without the space around it, which new ones are kept without.
    async fn find(&self, unit: &mut dyn UnitOfWork) -> Result<Option<Organization>, StoreError> {
        match unit.find_organization_by_name(&self.name).await? {
            None => unit.find_organization_by_name(self.name.trim()).await,
            known => Ok(known),
        }
    }

    fn faults_of_new(&self) -> Vec<Fault> {
        check_name(POINTER, self.name.trim())
    }
}

fn on_another_plan(organization: &Organization) -> ApiError {
    let (name, plan) = (&organization.name, organization.plan.as_str());
    let message =
        format!("{name} is on the plan {plan}. To change it, use `interviewrelay organizations set-plan`.");
    ApiError::with_message(ErrorCode::Conflict, message)
}
