//! Organizations.

use async_trait::async_trait;
use domain::organization::{Organization, Plan};
use protocol::ids::OrganizationId;

use super::{cells::Cells, link::Row, statement::query, unit::Unit};
use crate::{OrganizationRepository, PageRequest, StoreError};

/// The plan, wherever it was joined.
pub(crate) fn read_plan(cells: &Cells<'_>) -> Result<Plan, StoreError> {
    let plan: &str = cells.get("plan")?;
    Plan::ALL.into_iter().find(|one| one.as_str() == plan).ok_or_else(|| cells.corrupt("plan"))
}

fn read(row: &Row) -> Result<Organization, StoreError> {
    let cells = Cells::new(row, "organizations", "id");
    Ok(Organization {
        id: cells.word("id")?,
        name: cells.get("name")?,
        plan: read_plan(&cells)?,
        created_at: cells.time("created_at")?,
    })
}

pub(crate) const fn list_sql(page: &PageRequest) -> &'static str {
    match page.before {
        Some(_) => "SELECT * FROM organizations WHERE id < $1 ORDER BY id DESC LIMIT $2",
        None => "SELECT * FROM organizations WHERE $1 IS NULL ORDER BY id DESC LIMIT $2",
    }
}

#[async_trait]
impl OrganizationRepository for Unit<'_> {
    async fn add_organization(&mut self, organization: &Organization) -> Result<(), StoreError> {
        let statement = query(
            "INSERT INTO organizations (id, name, plan, created_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
        )
        .bind(organization.id.as_str())
        .bind(&organization.name)
        .bind(organization.plan.as_str())
        .bind(organization.created_at.as_millis());
        self.insert(statement, "organization name").await
    }

    async fn find_organization(&mut self, id: &OrganizationId) -> Result<Option<Organization>, StoreError> {
        self.find(query("SELECT * FROM organizations WHERE id = $1").bind(id.as_str()), read).await
    }

    async fn find_organization_by_name(&mut self, name: &str) -> Result<Option<Organization>, StoreError> {
        self.find(query("SELECT * FROM organizations WHERE name = $1").bind(name), read).await
    }

    async fn list_organizations(&mut self, page: &PageRequest) -> Result<Vec<Organization>, StoreError> {
        self.list(query(list_sql(page)).bind(&page.before).bind(page.limit), read).await
    }

    async fn set_plan(&mut self, id: &OrganizationId, plan: Plan) -> Result<bool, StoreError> {
        let statement =
            query("UPDATE organizations SET plan = $2 WHERE id = $1").bind(id.as_str()).bind(plan.as_str());
        self.change(statement).await
    }
}
