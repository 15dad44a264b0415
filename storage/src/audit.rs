//! The audit log.

use async_trait::async_trait;
use domain::audit::StoredAuditEvent;
use protocol::{Environment, Timestamp, audit::AuditAction, ids::OrganizationId};

use crate::{PageRequest, StoreError};

/// Which events to list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// Only what this actor did.
    pub actor_id: Option<String>,
    /// Only this.
    pub action: Option<AuditAction>,
    /// Only what was done to this.
    pub target_id: Option<String>,
    /// Only then or later.
    pub from: Option<Timestamp>,
    /// Only before.
    pub to: Option<Timestamp>,
}

/// The audit log. An event is added in the transaction of the change that it tells of, and never changed.
#[async_trait]
pub trait AuditRepository {
    /// Adds one.
    async fn add_audit_event(&mut self, event: &StoredAuditEvent) -> Result<(), StoreError>;

    /// Newest first; of those with the same time, the one added last.
    async fn list_audit_events(
        &mut self,
        environment: Environment,
        organization: &OrganizationId,
        filter: &AuditFilter,
        page: &PageRequest,
    ) -> Result<Vec<StoredAuditEvent>, StoreError>;
}
