//! Sends deliveries: takes those that are due, calls the endpoints beside each other, writes down what came of it.
//!
//! A delivery is taken for longer than a call may last, and the taking is committed before the call. So nobody else sends it
//! meanwhile, and if this process dies it comes up again: at least once, always with the same id. What has come back while
//! a commit ran is written down in the next one, together with what is taken then.

use std::{collections::HashMap, sync::Arc, time::Duration};

use domain::{
    audit::{Audited as _, Cause},
    random::{new_id, new_seed},
    webhook::{LeasedDelivery, Outcome, StoredEndpoint, outcome},
};
use egress::Failure;
use protocol::{
    Environment, Timestamp,
    audit::AuditAction,
    ids::WebhookId,
    webhook::{DeliveryAttempt, DeliveryStatus, DisabledReason, EndpointStatus, EventType},
};
use serde_json::json;
use storage::{Lease, Recorded, UnitOfWork};
use tokio::{
    sync::{mpsc, watch},
    time::Instant,
};

use super::{
    calls::{Calls, MAX_CALLS, Pace, Round},
    signature,
};
use crate::{
    error::ApiError,
    operations::events::{members, tell},
    state::Shared,
};

/// How long an endpoint may take to answer.
const TIMEOUT: Duration = Duration::from_secs(15);
/// How long a delivery is taken for: a call, and the commit after it.
const LEASE_S: i64 = 30;
/// How often it is looked whether something is due.
const LOOK_EVERY: Duration = Duration::from_millis(100);
/// How long to wait when the database fails.
const PAUSE: Duration = Duration::from_secs(1);
/// An endpoint that has taken nothing for so long when a delivery fails for good is disabled.
const DISABLE_AFTER_S: i64 = 60 * 3_600;

/// How long calls that are on their way may take when the server stops. What is cut is sent again after the next start.
const DRAIN_FOR: Duration = Duration::from_secs(5);

/// Sends what is due, of both environments.
#[derive(Debug)]
pub struct Dispatcher {
    shared: Shared,
    /// What may be called differs. There is none on a machine without root certificates: everything else works there.
    live: Option<egress::Client>,
    sandbox: Option<egress::Client>,
}

/// What has come back.
#[derive(Debug)]
struct Finished {
    delivery: LeasedDelivery,
    pace: Pace,
    began: Timestamp,
    duration: Duration,
    result: Result<egress::Reply, Failure>,
}

impl Dispatcher {
    /// One for this database.
    pub fn new(shared: Shared) -> Self {
        let client = |environment| {
            let made = egress::Client::new(shared.webhooks.policy(environment));
            made.inspect_err(|error| tracing::warn!(%environment, %error, "webhooks cannot be sent")).ok()
        };
        Self { live: client(Environment::Live), sandbox: client(Environment::Test), shared }
    }

    /// Works until it is told to stop, and then until what is on its way has come back.
    pub async fn run(self, mut told: watch::Receiver<bool>) {
        let dispatcher = Arc::new(self);
        let (back, mut came_back) = mpsc::unbounded_channel::<Finished>();
        let mut calls = Arc::<Calls>::default();
        let mut finished: Vec<Finished> = Vec::new();
        let mut drained_by: Option<Instant> = None;
        loop {
            let limit = usize::try_from(MAX_CALLS).unwrap_or(usize::MAX);
            let known = finished.len();
            tokio::select! {
                _ = came_back.recv_many(&mut finished, limit) => {}
                () = tokio::time::sleep(LOOK_EVERY) => {}
                // An error means that the sender is gone, which is a reason to stop as well.
                _ = told.wait_for(|stop| *stop), if drained_by.is_none() => {
                    drained_by = Some(Instant::now() + DRAIN_FOR);
                }
            }
            for one in finished.iter().skip(known) {
                Arc::make_mut(&mut calls).end(&one.delivery.endpoint, one.pace, one.duration);
            }
            // What cannot be written down, as the database fails, must not keep the process: it is sent again.
            let is_done = finished.is_empty() && calls.count() == 0;
            if drained_by.is_some_and(|end| is_done || Instant::now() >= end) {
                return;
            }
            match dispatcher.step(&mut finished, &calls, drained_by.is_some()).await {
                Ok(leased) => {
                    for delivery in leased {
                        let pace = Arc::make_mut(&mut calls).begin(&delivery.endpoint);
                        let (dispatcher, back) = (Arc::clone(&dispatcher), back.clone());
                        tokio::spawn(async move {
                            // The receiver lives as long as the loop; after it nobody wants to know.
                            let _ = back.send(dispatcher.send(delivery, pace).await);
                        });
                    }
                }
                Err(_) => tokio::time::sleep(PAUSE).await,
            }
        }
    }

    /// Writes down what has come back and takes what is due, in one transaction. When it fails, what has come back is kept.
    async fn step(
        &self,
        finished: &mut Vec<Finished>,
        calls: &Arc<Calls>,
        is_stopping: bool,
    ) -> Result<Vec<LeasedDelivery>, ApiError> {
        let now = self.shared.clock.now();
        if finished.is_empty() {
            if is_stopping || calls.count() >= MAX_CALLS {
                return Ok(Vec::new());
            }
            let due = self.shared.store.read().await?.next_delivery_at(None).await?;
            if due.is_none_or(|due| due > now) {
                return Ok(Vec::new());
            }
        }
        let records = Arc::new(std::mem::take(finished));
        let (shared, written, calls) = (self.shared.clone(), Arc::clone(&records), Arc::clone(calls));
        let leased = storage::write::<_, ApiError, _>(self.shared.store.as_ref(), move |unit| {
            Box::pin(async move {
                let outcomes = record(unit, &shared, &written).await?;
                let leased =
                    if is_stopping { Vec::new() } else { lease(unit, Round::new(calls), now).await? };
                Ok((outcomes, leased))
            })
        })
        .await
        .map(|(outcomes, leased)| {
            for (environment, outcome) in outcomes {
                self.shared.metrics.of(environment).attempted(&outcome);
            }
            leased
        });
        // Otherwise they are sent again when their lease is over.
        if leased.is_err()
            && let Some(records) = Arc::into_inner(records)
        {
            finished.extend(records);
        }
        leased
    }

    async fn send(&self, delivery: LeasedDelivery, pace: Pace) -> Finished {
        let event = &delivery.event.0;
        let began = self.shared.clock.now();
        let started = Instant::now();
        let client = match event.environment {
            Environment::Live => self.live.as_ref(),
            Environment::Test => self.sandbox.as_ref(),
        };
        // An event is made of ids, words and whole numbers, which can be written down.
        let body = serde_json::to_string(event).unwrap_or_default();
        let secrets = delivery.endpoint.secrets_at(began);
        let id = delivery.event.message_id();
        let headers = signature::headers(&id, &body, &secrets, delivery.attempts + 1, began);
        let result = match client {
            Some(client) => client.post(&delivery.endpoint.url, headers, body, TIMEOUT).await,
            None => Err(Failure::Unreachable("This server has no root certificates.".to_owned())),
        };
        Finished { began, duration: started.elapsed(), result, delivery, pace }
    }
}

/// Takes what is due, as far as there is room for it.
async fn lease(
    unit: &mut dyn UnitOfWork,
    mut round: Round,
    now: Timestamp,
) -> Result<Vec<LeasedDelivery>, ApiError> {
    let mut leased = Vec::new();
    let endpoints = unit.list_due_endpoints(now).await?;
    for endpoint in round.in_turn(endpoints) {
        let limit = round.room(&endpoint);
        if limit > 0 {
            let lease = Lease { now, until: now.plus_secs(LEASE_S), limit };
            let taken = unit.lease_deliveries(&endpoint, &lease).await?;
            round.take(&endpoint, taken.len());
            leased.extend(taken);
        }
    }
    Ok(leased)
}

/// Writes down attempts, with what they mean for the deliveries and for the endpoints. Of an endpoint that was moved while the
/// call was on its way, the old address says nothing: what it did not take is sent to the new one at once, from the beginning of the
/// schedule. Gives what came of each.
async fn record(
    unit: &mut dyn UnitOfWork,
    shared: &Shared,
    finished: &[Finished],
) -> Result<Vec<(Environment, Outcome)>, ApiError> {
    let now = shared.clock.now();
    let mut endpoints: HashMap<&WebhookId, Option<(StoredEndpoint, StoredEndpoint)>> = HashMap::new();
    let mut recorded = Vec::with_capacity(finished.len());
    let mut outcomes = Vec::with_capacity(finished.len());
    for one in finished {
        let id = &one.delivery.endpoint.id;
        if !endpoints.contains_key(id) {
            let found = unit.find_endpoint(one.delivery.event.0.environment, id).await?;
            endpoints.insert(id, found.map(|found| (found.clone(), found)));
        }
        // One that was deleted has taken its deliveries with it.
        if let Some(Some((_, after))) = endpoints.get_mut(id) {
            let is_current = after.url == one.delivery.endpoint.url;
            let (outcome, step) = match one.outcome(shared, now) {
                Outcome::Again(_) | Outcome::Failed | Outcome::Gone if !is_current => {
                    (Outcome::Again(now), 0)
                }
                outcome => (outcome, one.delivery.step + 1),
            };
            recorded.push(one.recorded(&outcome, step));
            if is_current {
                follow_up(after, &outcome, now);
            }
            outcomes.push((one.delivery.event.0.environment, outcome));
        }
    }
    unit.record_attempts(&recorded).await?;
    for (before, after) in endpoints.into_values().flatten() {
        if after != before {
            unit.update_endpoint(&after).await?;
        }
        if after.status != before.status {
            tell_disabled(unit, shared, &after, now).await?;
        }
    }
    Ok(outcomes)
}

impl Finished {
    fn outcome(&self, shared: &Shared, now: Timestamp) -> Outcome {
        let reply = self.result.as_ref().ok();
        let put_off =
            reply.and_then(|reply| reply.retry_after.as_deref()).and_then(|text| seconds_of(text, now));
        let chance = new_seed(shared.entropy.as_ref());
        outcome(reply.map(|reply| reply.status), self.delivery.step, put_off, chance, now)
    }

    fn recorded(&self, outcome: &Outcome, step: u32) -> Recorded {
        let reply = self.result.as_ref().ok();
        let (status, next_attempt_at) = match outcome {
            Outcome::Delivered => (DeliveryStatus::Delivered, None),
            Outcome::Again(at) => (DeliveryStatus::Pending, Some(*at)),
            Outcome::Failed | Outcome::Gone => (DeliveryStatus::Failed, None),
        };
        let attempt = DeliveryAttempt {
            number: self.delivery.attempts + 1,
            at: self.began,
            duration_ms: u32::try_from(self.duration.as_millis()).unwrap_or(u32::MAX),
            status: reply.map(|reply| reply.status),
            error: self.result.as_ref().err().map(ToString::to_string),
            response_excerpt: reply.map(|reply| reply.excerpt.clone()).filter(|text| !text.is_empty()),
        };
        Recorded {
            endpoint: self.delivery.endpoint.id.clone(),
            event: self.delivery.event.0.id.clone(),
            attempt,
            leased_until: self.delivery.until,
            step,
            status,
            next_attempt_at,
        }
    }
}

/// What an attempt means for the endpoint.
fn follow_up(endpoint: &mut StoredEndpoint, outcome: &Outcome, now: Timestamp) {
    match outcome {
        Outcome::Delivered => endpoint.failing_since = None,
        Outcome::Gone => disable(endpoint, DisabledReason::Gone, now),
        Outcome::Again(_) | Outcome::Failed => {
            let since = *endpoint.failing_since.get_or_insert(now);
            if *outcome == Outcome::Failed && since.plus_secs(DISABLE_AFTER_S) <= now {
                disable(endpoint, DisabledReason::Failing, now);
            }
        }
    }
}

async fn tell_disabled(
    unit: &mut dyn UnitOfWork,
    shared: &Shared,
    endpoint: &StoredEndpoint,
    now: Timestamp,
) -> Result<(), ApiError> {
    let reason = endpoint.disabled_reason;
    tracing::warn!(webhook.id = %endpoint.id, reason = reason.map(DisabledReason::as_str), "a webhook endpoint was disabled");
    let place = (endpoint.environment, &endpoint.organization_id);
    let data = members(json!({"webhook_id": endpoint.id, "status": endpoint.status, "reason": reason}));
    let entropy = shared.entropy.as_ref();
    let (id, action) = (new_id(now, entropy), AuditAction::WebhookUpdated);
    let entry = Cause::system().event(id, now, place.0, place.1.clone(), action, endpoint.id.target());
    unit.add_audit_event(&entry).await?;
    tell(unit, entropy, now, place, EventType::WebhookEndpointDisabled, data).await
}

fn disable(endpoint: &mut StoredEndpoint, reason: DisabledReason, now: Timestamp) {
    if endpoint.status == EndpointStatus::Enabled {
        endpoint.set_status(EndpointStatus::Disabled);
        endpoint.disabled_reason = Some(reason);
        endpoint.updated_at = now;
    }
}

/// `Retry-After` in seconds from now (RFC 9110 §10.2.3): a number, or a date.
fn seconds_of(text: &str, now: Timestamp) -> Option<i64> {
    if let Ok(seconds) = text.trim().parse::<u32>() {
        return Some(i64::from(seconds));
    }
    let at = httpdate::parse_http_date(text.trim()).ok()?;
    let at = at.duration_since(std::time::UNIX_EPOCH).ok()?.as_secs();
    i64::try_from(at).ok().map(|at| at - now.as_secs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retry_after_is_a_number_of_seconds_or_a_date() {
        let now = Timestamp::from_millis(1_769_860_800_000);
        assert_eq!(seconds_of("120", now), Some(120));
        assert_eq!(seconds_of("Sat, 31 Jan 2026 12:01:40 GMT", now), Some(100));
        assert_eq!(seconds_of("soon", now), None);
    }
}
