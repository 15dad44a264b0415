//! Webhook endpoints: made, changed, tried, and sent to again.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use axum::http::StatusCode;
use domain::{
    fault::Fault,
    random::first_id_at,
    webhook::{MAX_ENDPOINTS, MAX_PREVIOUS_SECRETS, StoredEndpoint, StoredEvent, TooManySecrets, event_id},
};
use protocol::{
    ErrorCode, Timestamp,
    audit::AuditAction,
    ids::{OrganizationId, WebhookId},
    webhook::{
        CreateWebhook, CreatedWebhook, DisabledReason, EndpointStatus, EventType, Redeliver, Redelivered,
        RotateWebhookSecret, UpdateWebhook, WebhookDelivery,
    },
};
use serde_json::json;
use storage::{Redelivery, UnitOfWork};

use crate::{
    error::ApiError,
    idempotency::Reply,
    operations::{by::By, events::members, to_the_end},
    state::AppState,
    webhooks::signature::new_secret,
};

/// Hours for which an old secret goes on signing unless said otherwise, and at most.
const DEFAULT_OVERLAP_HOURS: u32 = 24;
const MAX_OVERLAP_HOURS: u32 = 168;
/// Events of a time that are queued again in one commit.
const QUEUED_AT_ONCE: u32 = 1_000;

/// The endpoint, if it is there and the caller's.
///
/// # Errors
/// 404 and 403.
pub async fn find(
    unit: &mut dyn UnitOfWork,
    state: &AppState,
    owner: &OrganizationId,
    id: &WebhookId,
) -> Result<StoredEndpoint, ApiError> {
    let endpoint = unit.find_endpoint(state.environment, id).await?.ok_or_else(ApiError::not_found)?;
    if &endpoint.organization_id == owner { Ok(endpoint) } else { Err(ApiError::forbidden()) }
}

/// What is wrong with an endpoint, its address included. The address is spelled from now on as it is called, so that
/// whoever reads it sees who is called.
fn check(state: &AppState, endpoint: &mut StoredEndpoint) -> Result<(), ApiError> {
    let mut faults = Vec::new();
    match egress::check_url(&endpoint.url, state.shared.webhooks.policy(state.environment)) {
        Ok(url) => endpoint.url = url.into(),
        Err(fault) => faults.push(Fault::new("/url", "invalid_url", fault.to_string())),
    }
    faults.extend(endpoint.faults());
    ApiError::check(faults)
}

fn shown(created: &CreatedWebhook) -> Result<Reply, ApiError> {
    Reply::json(StatusCode::CREATED, created)
}

/// Makes an endpoint. The secret is in the result and shown at no other time.
///
/// # Errors
/// 422 with each fault; 403 `plan_limit_exceeded` when there are 50 already.
pub async fn create(state: &AppState, by: By, body: CreateWebhook) -> Result<CreatedWebhook, ApiError> {
    let now = state.now();
    let status = body.status.unwrap_or(EndpointStatus::Enabled);
    let mut endpoint = StoredEndpoint {
        id: state.new_id(),
        environment: state.environment,
        organization_id: by.organization_id().clone(),
        url: body.url,
        description: body.description.unwrap_or_default(),
        events: body.events.unwrap_or_default(),
        secret: new_secret(state.shared.entropy.as_ref()),
        previous_secrets: Vec::new(),
        status,
        disabled_reason: (status == EndpointStatus::Disabled).then_some(DisabledReason::Requested),
        failing_since: None,
        created_at: now,
        updated_at: now,
    };
    check(state, &mut endpoint)?;
    let (noter, entropy) = (by.clone(), Arc::clone(&state.shared.entropy));
    by.write(state.store(), shown, move |unit| {
        Box::pin(async move {
            if unit.count_endpoints(endpoint.environment, &endpoint.organization_id).await? >= MAX_ENDPOINTS {
                let message = "There are 50 webhook endpoints already. Remove one that is no longer needed.";
                return Err(ApiError::with_message(ErrorCode::PlanLimitExceeded, message));
            }
            unit.add_endpoint(&endpoint).await?;
            noter.note(unit, entropy.as_ref(), now, AuditAction::WebhookCreated, &endpoint.id).await?;
            Ok(CreatedWebhook { secret: endpoint.secret.clone(), endpoint: endpoint.view(now) })
        })
    })
    .await
}

/// Changes an endpoint. What waits for one that is switched on again is due at once, with all its attempts before it: whoever
/// switches it on says that the reason why they failed is gone.
///
/// # Errors
/// 404, 403, and 422 with each fault.
pub async fn update(
    state: &AppState,
    by: By,
    id: WebhookId,
    body: UpdateWebhook,
) -> Result<StoredEndpoint, ApiError> {
    let (app, now) = (state.clone(), state.now());
    by.clone()
        .change(state.store(), move |unit| {
            Box::pin(async move {
                let before = find(unit, &app, by.organization_id(), &id).await?;
                let mut endpoint = before.clone();
                endpoint.url = body.url.unwrap_or(endpoint.url);
                endpoint.description = body.description.unwrap_or(endpoint.description);
                endpoint.events = body.events.unwrap_or(endpoint.events);
                if let Some(status) = body.status {
                    endpoint.set_status(status);
                }
                check(&app, &mut endpoint)?;
                if endpoint.url != before.url {
                    // It was another one that failed.
                    endpoint.failing_since = None;
                }
                if endpoint != before {
                    endpoint.updated_at = now;
                    unit.update_endpoint(&endpoint).await?;
                    if endpoint.status == EndpointStatus::Enabled && before.status != endpoint.status {
                        unit.hasten_deliveries(&id, now).await?;
                    }
                    let entropy = app.shared.entropy.as_ref();
                    by.note(unit, entropy, now, AuditAction::WebhookUpdated, &id).await?;
                }
                Ok(endpoint)
            })
        })
        .await
}

/// Removes an endpoint. It is gone at once; the calendar removes its deliveries (see
/// [`crate::webhooks::calendar::remove_deleted`]).
///
/// # Errors
/// 404 and 403.
pub async fn delete(state: &AppState, by: By, id: WebhookId) -> Result<(), ApiError> {
    let (app, now) = (state.clone(), state.now());
    by.clone()
        .change(state.store(), move |unit| {
            Box::pin(async move {
                find(unit, &app, by.organization_id(), &id).await?;
                unit.delete_endpoint(app.environment, &id, now).await?;
                by.note(unit, app.shared.entropy.as_ref(), now, AuditAction::WebhookDeleted, &id).await
            })
        })
        .await
}

/// Gives an endpoint a new secret. The old one signs as well until the overlap has ended, as do those before it until theirs.
///
/// # Errors
/// 404, 403, 422 for an overlap of more than 168 hours, and 409 when five old ones sign already.
pub async fn rotate_secret(
    state: &AppState,
    by: By,
    id: WebhookId,
    body: RotateWebhookSecret,
) -> Result<CreatedWebhook, ApiError> {
    let hours = body.overlap_hours.unwrap_or(DEFAULT_OVERLAP_HOURS);
    if hours > MAX_OVERLAP_HOURS {
        let message = "Must be 0 to 168 hours.";
        return Err(ApiError::invalid(vec![Fault::new("/overlap_hours", "out_of_range", message)]));
    }
    let (app, noter, now) = (state.clone(), by.clone(), state.now());
    let answer = |created: &CreatedWebhook| Reply::json(StatusCode::OK, created);
    by.write(state.store(), answer, move |unit| {
        Box::pin(async move {
            let mut endpoint = find(unit, &app, noter.organization_id(), &id).await?;
            let entropy = app.shared.entropy.as_ref();
            endpoint.rotate_secret(new_secret(entropy), hours, now).map_err(too_many)?;
            endpoint.updated_at = now;
            unit.update_endpoint(&endpoint).await?;
            noter.note(unit, entropy, now, AuditAction::WebhookSecretRotated, &id).await?;
            Ok(CreatedWebhook { secret: endpoint.secret.clone(), endpoint: endpoint.view(now) })
        })
    })
    .await
}

fn too_many(TooManySecrets { next_end }: TooManySecrets) -> ApiError {
    let message = format!(
        "{MAX_PREVIOUS_SECRETS} earlier secrets still sign. The next of them ends at {next_end}: rotate after that, or \
         now with {{\"overlap_hours\": 0}}, which ends the present one at once."
    );
    ApiError::with_message(ErrorCode::Conflict, message)
}

/// Sends an event `ping` to an endpoint, even if it names other events only.
///
/// # Errors
/// 404, 403, and 409 while it is disabled.
pub async fn test(state: &AppState, by: By, id: WebhookId) -> Result<WebhookDelivery, ApiError> {
    let (app, owner, now) = (state.clone(), by.organization_id().clone(), state.now());
    let answer = |delivery: &WebhookDelivery| Reply::json(StatusCode::ACCEPTED, delivery);
    by.write(state.store(), answer, move |unit| {
        Box::pin(async move {
            let endpoint = find(unit, &app, &owner, &id).await?;
            check_enabled(&endpoint)?;
            let data = members(json!({"webhook_id": id}));
            let entropy = app.shared.entropy.as_ref();
            let event = StoredEvent::new(entropy, now, app.environment, owner, EventType::Ping, data);
            unit.add_event_for(&id, &event).await?;
            Ok(domain::webhook::StoredDelivery::new(&event).view())
        })
    })
    .await
}

fn check_enabled(endpoint: &StoredEndpoint) -> Result<(), ApiError> {
    if endpoint.status == EndpointStatus::Enabled {
        return Ok(());
    }
    let message = "This endpoint is disabled. Enable it first: PATCH it with {\"status\": \"enabled\"}.";
    Err(ApiError::with_message(ErrorCode::Conflict, message))
}

/// Endpoints to which this server is sending a time again, which takes many transactions.
#[derive(Debug, Default)]
pub struct Redeliveries(Mutex<HashSet<WebhookId>>);

impl Redeliveries {
    fn all(&self) -> MutexGuard<'_, HashSet<WebhookId>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One of them, until it is dropped.
struct Running(Arc<Redeliveries>, WebhookId);

impl Running {
    fn begin(all: &Arc<Redeliveries>, id: &WebhookId) -> Result<Self, ApiError> {
        if all.all().insert(id.clone()) {
            return Ok(Self(Arc::clone(all), id.clone()));
        }
        let message =
            "A time is being sent again to this endpoint already. Wait until that call has been answered.";
        Err(ApiError::with_message(ErrorCode::Conflict, message))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.0.all().remove(&self.1);
    }
}

/// Sends deliveries again: one, or those of a time. They keep their ids.
///
/// # Errors
/// 404 for an endpoint or a delivery that is not there, 403, 409 while the endpoint is disabled or a time is being sent to
/// it again, 422 for a body that does not say which.
pub async fn redeliver(
    state: &AppState,
    by: By,
    id: WebhookId,
    body: Redeliver,
) -> Result<Redelivered, ApiError> {
    ApiError::check(faults(&body))?;
    let answer = |done: &Redelivered| Reply::json(StatusCode::ACCEPTED, done);
    if let Some(from) = body.from {
        let app = state.clone();
        return to_the_end(async move {
            let mut unit = app.store().read().await?;
            find(unit.as_mut(), &app, by.organization_id(), &id).await?;
            drop(unit);
            let _running =
                Running::begin(&app.shared.redeliveries, &id).map_err(|error| by.not_now(error))?;
            let queued = redeliver_time(&app, &by, &id, from, &body).await?;
            by.write(app.store(), answer, move |_| Box::pin(async move { Ok(Redelivered { queued }) })).await
        })
        .await;
    }
    let (app, noter, now) = (state.clone(), by.clone(), state.now());
    by.write(state.store(), answer, move |unit| {
        Box::pin(async move {
            let endpoint = find(unit, &app, noter.organization_id(), &id).await?;
            check_enabled(&endpoint)?;
            let event = body.delivery_id.as_ref().map(event_id).ok_or_else(ApiError::not_found)?;
            if !unit.redeliver(&endpoint.id, &event, now).await? {
                return Err(ApiError::not_found());
            }
            let entropy = app.shared.entropy.as_ref();
            noter.note(unit, entropy, now, AuditAction::WebhookRedelivered, &id).await?;
            Ok(Redelivered { queued: 1 })
        })
    })
    .await
}

/// Queues what happened in a time, some of it in each commit, so that others can write meanwhile. How many. Where it breaks
/// off, the next call queues the rest.
async fn redeliver_time(
    state: &AppState,
    by: &By,
    id: &WebhookId,
    from: Timestamp,
    body: &Redeliver,
) -> Result<u64, ApiError> {
    let now = state.now();
    let mut which = Redelivery {
        from: first_id_at(from),
        to: first_id_at(body.to.unwrap_or_else(|| now.plus_secs(1))),
        include_delivered: body.include_delivered.unwrap_or(false),
        limit: QUEUED_AT_ONCE,
    };
    let (mut queued, mut is_first) = (0, true);
    loop {
        let (app, noter, id, piece) = (state.clone(), by.clone(), id.clone(), which.clone());
        let done = by
            .change(state.store(), move |unit| {
                Box::pin(async move {
                    let endpoint = find(unit, &app, noter.organization_id(), &id).await?;
                    check_enabled(&endpoint)?;
                    if is_first {
                        noter.check_new(unit).await?;
                        let entropy = app.shared.entropy.as_ref();
                        noter.note(unit, entropy, now, AuditAction::WebhookRedelivered, &id).await?;
                    }
                    Ok(unit.redeliver_time(&endpoint, &piece, now).await?)
                })
            })
            .await?;
        is_first = false;
        queued += done.queued;
        match done.next {
            Some(next) => which.from = next,
            None => return Ok(queued),
        }
    }
}

fn faults(body: &Redeliver) -> Vec<Fault> {
    let mut faults = Vec::new();
    match (&body.delivery_id, body.from) {
        (Some(_), None) if body.to.is_some() || body.include_delivered.is_some() => {
            faults.push(Fault::new("/delivery_id", "invalid_value", "Goes with none of the other members."));
        }
        (Some(_), None) | (None, Some(_)) => {}
        (None, None) => faults.push(Fault::new("", "missing", "Say which: either delivery_id, or from.")),
        (Some(_), Some(_)) => {
            faults.push(Fault::new("/from", "invalid_value", "Say which: either delivery_id, or from."));
        }
    }
    if let (Some(from), Some(to)) = (body.from, body.to)
        && to <= from
    {
        faults.push(Fault::new("/to", "out_of_range", "Must be later than from."));
    }
    faults
}
