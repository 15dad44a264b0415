//! When keys were last used: gathered in memory and written once a second, so that no request pays for a write.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use protocol::{Timestamp, ids::ApiKeyId};
use storage::{Store, StoreError};

/// Uses that are not written down yet.
#[derive(Debug, Default)]
pub struct LastUsed(Mutex<HashMap<ApiKeyId, Timestamp>>);

impl LastUsed {
    /// Notes a use.
    pub fn note(&self, key: &ApiKeyId, now: Timestamp) {
        let mut pending = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(last) = pending.get_mut(key) {
            *last = now;
        } else {
            pending.insert(key.clone(), now);
        }
    }

    /// Writes down what was noted.
    ///
    /// # Errors
    /// [`StoreError`]; what was noted is then kept for the next time.
    pub async fn flush(&self, store: &dyn Store) -> Result<(), StoreError> {
        let pending = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        if pending.is_empty() {
            return Ok(());
        }
        let used: Vec<_> = pending.into_iter().collect();
        let written = used.clone();
        let result =
            storage::write(store, move |unit| Box::pin(async move { unit.touch_api_keys(&written).await }))
                .await;
        if result.is_err() {
            let mut pending = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            for (key, time) in used {
                pending.entry(key).or_insert(time);
            }
        }
        result
    }
}
