//! Who does something, whether they still may when it is written, and what becomes of the news of it: an entry in the
//! audit log, and the answer that is kept for a request that may be sent again. All of it is one transaction with what is
//! done.

use std::sync::Arc;

use domain::{
    api_key::StoredApiKey,
    audit::{Audited, Cause},
    clock::Clock,
    random::{Entropy, new_id},
};
use futures_util::future::BoxFuture;
use protocol::{Environment, Timestamp, audit::AuditAction, ids::OrganizationId, webhook::EventType};
use serde_json::{Map, Value};
use storage::{Store, UnitOfWork};

use crate::{
    auth::{api_key::find_active_in, bearer_user::Bearer},
    error::ApiError,
    idempotency::{Reply, Ticket},
    operations::events,
};

/// How old what is known of a caller may be when something is read for them, as for a stream that is open: a second.
const LOOKED_AT_AGAIN_AFTER_S: i64 = 1;

/// Who does something, in whose organization.
#[derive(Debug, Clone)]
pub struct By {
    cause: Cause,
    environment: Environment,
    organization_id: OrganizationId,
    ticket: Option<Ticket>,
    shown: Option<Shown>,
}

/// What a caller has shown. It may be revoked, and its time may run out, while their body is still on its way or
/// something is hashed for them.
#[derive(Debug, Clone)]
struct Shown {
    key: Arc<StoredApiKey>,
    user: Option<Bearer>,
    since: Timestamp,
    clock: Arc<dyn Clock>,
}

impl By {
    /// Somebody who has shown no API key of their own: a participant, or a user in the moment of signing in.
    pub const fn caller(
        cause: Cause,
        environment: Environment,
        organization_id: OrganizationId,
        ticket: Option<Ticket>,
    ) -> Self {
        Self { cause, environment, organization_id, ticket, shown: None }
    }

    /// Somebody with an API key that was found to be valid just now. It is looked at again in the transaction of what
    /// they do.
    pub fn holder(cause: Cause, key: &StoredApiKey, clock: Arc<dyn Clock>, ticket: Option<Ticket>) -> Self {
        let shown = Shown { key: Arc::new(key.clone()), user: None, since: clock.now(), clock };
        let by = Self::caller(cause, key.environment, key.organization_id.clone(), ticket);
        Self { shown: Some(shown), ..by }
    }

    /// Somebody on the command line.
    pub const fn cli(environment: Environment, organization_id: OrganizationId) -> Self {
        Self::caller(Cause::cli(), environment, organization_id, None)
    }

    /// The same, with the user who is signed in beside the key.
    #[must_use]
    pub fn with_user(mut self, user: &Bearer) -> Self {
        self.cause.user_id = Some(user.user_id.clone());
        if let Some(shown) = &mut self.shown {
            shown.user = Some(user.clone());
        }
        self
    }

    /// The key of somebody who has shown one. Whoever works on the machine itself needs none.
    pub fn key(&self) -> Option<&StoredApiKey> {
        self.shown.as_ref().map(|shown| shown.key.as_ref())
    }

    /// Where.
    pub const fn environment(&self) -> Environment {
        self.environment
    }

    /// Whose organization.
    pub const fn organization_id(&self) -> &OrganizationId {
        &self.organization_id
    }

    /// Looks again at what they have shown, before something is read for them, unless that was done a moment ago.
    ///
    /// # Errors
    /// 401 when it no longer holds.
    pub async fn check_after_a_while(&self, store: &dyn Store) -> Result<(), ApiError> {
        match &self.shown {
            Some(shown) if shown.clock.now() >= shown.since.plus_secs(LOOKED_AT_AGAIN_AFTER_S) => {
                self.check(store.read().await?.as_mut()).await
            }
            _ => Ok(()),
        }
    }

    /// Looks again at what they have shown.
    ///
    /// # Errors
    /// 401 when it no longer holds.
    pub async fn check(&self, unit: &mut dyn UnitOfWork) -> Result<(), ApiError> {
        let Some(shown) = &self.shown else { return Ok(()) };
        find_active_in(unit, shown.key.environment, &shown.key.id, shown.clock.now()).await?;
        match &shown.user {
            Some(user) if !user.still_holds(unit).await? => Err(ApiError::unauthorized()),
            _ => Ok(()),
        }
    }

    /// Runs `job` in a transaction of its own, as [`storage::write`] does, if what they have shown still holds in it.
    ///
    /// # Errors
    /// Those of the job, and 401.
    pub async fn change<T, F>(&self, store: &dyn Store, job: F) -> Result<T, ApiError>
    where
        T: Send + 'static,
        F: for<'a> FnOnce(&'a mut dyn UnitOfWork) -> BoxFuture<'a, Result<T, ApiError>> + Send + 'static,
    {
        let by = self.clone();
        storage::write(store, move |unit| {
            Box::pin(async move {
                by.check(unit).await?;
                job(unit).await
            })
        })
        .await
    }

    /// As [`Self::change`], and keeps what it is answered with.
    ///
    /// # Errors
    /// Those of the job, 401, and when the same request was done already.
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
        self.change(store, move |unit| {
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

    /// Refuses a request that was done already, before the first of several transactions; the last one is [`Self::write`].
    ///
    /// # Errors
    /// The answer that is kept.
    pub async fn check_new(&self, unit: &mut dyn UnitOfWork) -> Result<(), ApiError> {
        match &self.ticket {
            Some(ticket) => ticket.check(unit).await,
            None => Ok(()),
        }
    }

    /// A refusal that is not kept for the request: the same one may be answered otherwise later.
    pub fn not_now(&self, error: ApiError) -> ApiError {
        if let Some(ticket) = &self.ticket {
            ticket.let_go();
        }
        error
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
