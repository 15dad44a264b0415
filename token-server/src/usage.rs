//! How much keys are used: counted in memory and written once a second, so that no request pays for a write.
//!
//! What is counted is either here or in a write that happens as a whole: a write that fails is undone and its counts
//! come back here, unless nobody knows whether it is undone. So the database never has more than the truth, all of it after a
//! clean stop, and all but the last second after a kill, or when a server of the database vanished during a write.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use protocol::{Timestamp, ids::ApiKeyId};
use storage::{HourOfUse, Store, StoreError};

const HOUR_MS: i64 = 3_600_000;

/// Uses that are not written down yet.
#[derive(Debug, Default)]
pub struct Usage {
    pending: Mutex<HashMap<ApiKeyId, Uses>>,
    /// Held while writing: who asks for the numbers then waits for those that are on their way.
    writing: tokio::sync::Mutex<()>,
}

/// The uses of one key.
#[derive(Debug)]
struct Uses {
    last: Timestamp,
    /// One, or two around the full hour.
    hours: Vec<HourOfUse>,
}

impl Usage {
    /// Counts a request that began at `at`.
    pub fn count(&self, key: &ApiKeyId, at: Timestamp, is_error: bool) {
        let hour = Timestamp::from_millis(at.as_millis().div_euclid(HOUR_MS) * HOUR_MS);
        self.add(key, at, HourOfUse { hour, requests: 1, errors: u64::from(is_error) });
    }

    fn add(&self, key: &ApiKeyId, last: Timestamp, counted: HourOfUse) {
        let mut pending = self.pending.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(uses) = pending.get_mut(key) else {
            pending.insert(key.clone(), Uses { last, hours: vec![counted] });
            return;
        };
        uses.last = uses.last.max(last);
        if let Some(known) = uses.hours.iter_mut().find(|one| one.hour == counted.hour) {
            known.requests += counted.requests;
            known.errors += counted.errors;
        } else {
            uses.hours.push(counted);
        }
    }

    /// Writes down what was counted. Once begun it must be awaited to its end: what it has taken would be lost.
    ///
    /// # Errors
    /// [`StoreError`]; what was counted is then kept for the next time.
    pub async fn flush(&self, store: &dyn Store) -> Result<(), StoreError> {
        let _writing = self.writing.lock().await;
        let taken = std::mem::take(&mut *self.pending.lock().unwrap_or_else(PoisonError::into_inner));
        if taken.is_empty() {
            return Ok(());
        }
        let used: Vec<_> = taken.iter().map(|(key, uses)| (key.clone(), uses.last)).collect();
        let hours = taken.iter().flat_map(|(key, uses)| uses.hours.iter().map(|hour| (key.clone(), *hour)));
        let hours: Vec<_> = hours.collect();
        let result = storage::write(store, move |unit| {
            Box::pin(async move {
                unit.touch_api_keys(&used).await?;
                unit.add_usage(&hours).await
            })
        })
        .await;
        if result.as_ref().is_err_and(|error| !matches!(error, StoreError::Unsure(_))) {
            for (key, uses) in taken {
                for hour in uses.hours {
                    self.add(&key, uses.last, hour);
                }
            }
        }
        result
    }
}
