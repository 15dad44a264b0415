//! What only the time makes happen: invites expire, interviews are abandoned, old events and kept answers go. And what nobody
//! waits for: what is left of deleted endpoints goes.

use std::time::Duration;

use domain::webhook::{KEEP_EVENTS_FOR_DAYS, of_session};
use futures_util::future::BoxFuture;
use protocol::{Timestamp, session::SessionStatus, webhook::EventType};
use storage::{StoreError, UnitOfWork};

use crate::{
    error::ApiError,
    operations::events::{tell, tell_ended},
    state::Shared,
};

/// How often it is looked at.
pub const EVERY: Duration = Duration::from_secs(1);
/// How much time in which something happens one commit catches up at most, so that none is large after the server was
/// down for long.
const STEP_MS: i64 = 60_000;
/// Ends that one commit tells of at most, but for those of the same millisecond: nobody else writes meanwhile, and a database of
/// a server has to answer each statement before the next one.
const MOST_ENDS: u32 = 500;
/// Rows that are removed in one commit at most.
const BATCH: u32 = 500;
/// Answers that are removed in one commit at most: that to a large batch of invites has a megabyte.
const BATCH_OF_ANSWERS: u32 = 20;

/// Tells of what has expired and of what was abandoned since it was last told. What was before the first look is never told.
/// When the server is about to stop, the rest is left for the next start.
///
/// # Errors
/// When the database fails; what is missing is told the next time.
pub async fn catch_up(shared: &Shared) -> Result<(), ApiError> {
    let now = shared.clock.now();
    let known = shared.store.read().await?.told_until().await?;
    let mut from = match known {
        Some(until) => until,
        None => begin(shared, now).await?,
    };
    while from < now && !shared.is_stopping() {
        let to = next_stop(shared, from, now).await?;
        from = advance(shared, from, to).await?;
    }
    Ok(())
}

/// Begins at a time, unless another process has begun meanwhile: then where that has come to.
async fn begin(shared: &Shared, now: Timestamp) -> Result<Timestamp, ApiError> {
    storage::write(shared.store.as_ref(), move |unit| {
        Box::pin(async move {
            if let Some(until) = unit.told_until().await? {
                return Ok(until);
            }
            unit.set_told_until(now).await?;
            Ok(now)
        })
    })
    .await
}

/// Where the next commit may end: time in which nothing happens costs nothing, however long it is, and time in which much
/// happens is told of in pieces.
async fn next_stop(shared: &Shared, from: Timestamp, now: Timestamp) -> Result<Timestamp, ApiError> {
    let step = |from: Timestamp| now.min(Timestamp::from_millis(from.as_millis() + STEP_MS));
    let mut unit = shared.store.read().await?;
    let mut to = step(from);
    if to < now {
        let next = unit.next_end(from).await?;
        to = next.filter(|next| *next < now).map_or(now, step);
    }
    Ok(unit.crowded_end(from, to, MOST_ENDS).await?.unwrap_or(to))
}

async fn advance(shared: &Shared, from: Timestamp, to: Timestamp) -> Result<Timestamp, ApiError> {
    let shared = shared.clone();
    let store = std::sync::Arc::clone(&shared.store);
    storage::write(store.as_ref(), move |unit| {
        Box::pin(async move {
            // Another process may have told of it meanwhile.
            let from = unit.told_until().await?.map_or(from, |until| until.max(from));
            if from < to {
                tell_of(unit, &shared, from, to).await?;
            }
            unit.set_told_until(from.max(to)).await?;
            Ok(from.max(to))
        })
    })
    .await
}

async fn tell_of(
    unit: &mut dyn UnitOfWork,
    shared: &Shared,
    from: Timestamp,
    to: Timestamp,
) -> Result<(), ApiError> {
    let entropy = shared.entropy.as_ref();
    for invite in unit.expired_invites(from, to).await? {
        tell_ended(unit, entropy, to, &invite, EventType::InviteExpired).await?;
    }
    for session in unit.abandoned_sessions(from, to).await? {
        let (place, kind) = ((session.environment, &session.organization_id), EventType::InterviewAbandoned);
        let data = of_session(&session, SessionStatus::Abandoned.as_str());
        tell(unit, entropy, to, place, kind, data).await?;
    }
    Ok(())
}

/// Removes events that are too old for the feed, with their deliveries. How many rows that were.
///
/// # Errors
/// When the database fails; the next try goes on.
pub async fn remove_old(shared: &Shared) -> Result<u64, StoreError> {
    let before = shared.clock.now().plus_secs(-KEEP_EVENTS_FOR_DAYS * 86_400);
    remove_in_batches(shared, BATCH, move |unit| unit.remove_events(before, BATCH)).await
}

/// Removes answers that were kept for requests and whose time is over. How many.
///
/// # Errors
/// When the database fails; the next try goes on.
pub async fn remove_answered(shared: &Shared) -> Result<u64, StoreError> {
    let (now, size) = (shared.clock.now(), BATCH_OF_ANSWERS);
    remove_in_batches(shared, size, move |unit| unit.remove_idempotency_records(now, size)).await
}

/// Removes what is left of endpoints that were deleted. How many rows that were.
///
/// # Errors
/// When the database fails; the next try goes on.
pub async fn remove_deleted(shared: &Shared) -> Result<u64, StoreError> {
    if !shared.store.read().await?.has_deleted_endpoints().await? {
        return Ok(0);
    }
    remove_in_batches(shared, BATCH, |unit| unit.remove_deleted_endpoints(BATCH)).await
}

/// Removes a batch of this size in a transaction of its own, as nobody else writes meanwhile, and again until one is not full.
async fn remove_in_batches<F>(shared: &Shared, size: u32, remove: F) -> Result<u64, StoreError>
where
    F: for<'a> Fn(&'a mut dyn UnitOfWork) -> BoxFuture<'a, Result<u64, StoreError>> + Copy + Send + 'static,
{
    let mut removed = 0;
    while !shared.is_stopping() {
        let batch: u64 = storage::write(shared.store.as_ref(), remove).await?;
        removed += batch;
        if batch < u64::from(size) {
            break;
        }
    }
    Ok(removed)
}
