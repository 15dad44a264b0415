//! Who does something, and what becomes of the news of it: an entry in the audit log, and the answer that is kept for a
//! request that may be sent again. Both are written in the transaction of what was done.

use domain::{
    audit::{Audited, Cause},
    random::{Entropy, new_id},
};
use futures_util::future::BoxFuture;
use protocol::{
    Environment, Timestamp,
    audit::AuditAction,
    ids::{OrganizationId, UserId},
    webhook::EventType,
};
use serde_json::{Map, Value};
use storage::{Store, UnitOfWork};

use crate::{
    error::ApiError,
    idempotency::{Reply, Ticket},
    operations::events,
};

/// Who does something, in whose organization.
#[derive(Debug, Clone)]
pub struct By {
    cause: Cause,
    environment: Environment,
    organization_id: OrganizationId,
    ticket: Option<Ticket>,
}

impl By {
    /// Somebody who called the management API.
    pub const fn caller(
        cause: Cause,
        environment: Environment,
        organization_id: OrganizationId,
        ticket: Option<Ticket>,
    ) -> Self {
        Self { cause, environment, organization_id, ticket }
    }

    /// Somebody on the command line.
    pub const fn cli(environment: Environment, organization_id: OrganizationId) -> Self {
        Self::caller(Cause::cli(), environment, organization_id, None)
    }

    /// The same, with the user who is signed in beside the key.
    #[must_use]
    pub fn with_user(mut self, user: UserId) -> Self {
        self.cause.user_id = Some(user);
        self
    }

    /// Where.
    pub const fn environment(&self) -> Environment {
        self.environment
    }

    /// Whose organization.
    pub const fn organization_id(&self) -> &OrganizationId {
        &self.organization_id
    }

    /// Runs `job` in a transaction of its own, as [`storage::write`] does, and keeps what it is answered with.
    ///
    /// # Errors
    /// Those of the job, and when the same request was done already.
    pub async fn write<T, F>(
        &self,
        store: &dyn Store,
        answer: fn(&T) -> Result<Reply, ApiError>,
        job: F,
    ) -> Result<T, ApiError>
    where
        T: Send + Sync + 'static,
        F: for<'a> FnOnce(&'a mut dyn UnitOfWork) -> BoxFuture<'a, Result<T, ApiError>> + Send + 'static,
    {
        let ticket = self.ticket.clone();
        storage::write(store, move |unit| {
            Box::pin(async move {
                let Some(ticket) = ticket else { return job(unit).await };
                ticket.check(unit).await?;
                let done = job(unit).await?;
                let reply = answer(&done)?;
                ticket.keep(unit, &reply).await?;
                Ok(done)
            })
        })
        .await
    }

    /// Tells the organization's endpoints of what is done in `unit`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn tell(
        &self,
        unit: &mut dyn UnitOfWork,
        entropy: &dyn Entropy,
        now: Timestamp,
        kind: EventType,
        data: Map<String, Value>,
    ) -> Result<(), ApiError> {
        events::tell(unit, entropy, now, (self.environment, &self.organization_id), kind, data).await
    }

    /// Adds to the audit log what is done in `unit`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn note(
        &self,
        unit: &mut dyn UnitOfWork,
        entropy: &dyn Entropy,
        now: Timestamp,
        action: AuditAction,
        target: &(dyn Audited + Sync),
    ) -> Result<(), ApiError> {
        let (cause, owner) = (self.cause.clone(), self.organization_id.clone());
        let event = cause.event(new_id(now, entropy), now, self.environment, owner, action, target.target());
        Ok(unit.add_audit_event(&event).await?)
    }
}
