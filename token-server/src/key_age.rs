//! Warnings about old keys: a line a day in the log for each that works and ought to have been rotated.

use std::sync::{Mutex, PoisonError};

use domain::api_key::{ROTATE_AFTER_S, StoredApiKey};
use protocol::Timestamp;
use storage::{Store, StoreError};

const DAY_S: i64 = 86_400;

/// When it was last said.
#[derive(Debug, Default)]
pub struct KeyAges(Mutex<Option<Timestamp>>);

impl KeyAges {
    /// Writes the lines, unless that was done less than a day ago; gives the keys that they are about.
    ///
    /// # Errors
    /// [`StoreError`]; it is then tried again the next time.
    pub async fn warn(&self, store: &dyn Store, now: Timestamp) -> Result<Vec<StoredApiKey>, StoreError> {
        let last = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if last.is_some_and(|last| last <= now && now < last.plus_secs(DAY_S)) {
            return Ok(Vec::new());
        }
        let aged = store.read().await?.list_aged_api_keys(now.plus_secs(-ROTATE_AFTER_S), now).await?;
        // One that was rotated is on its way out.
        let aged: Vec<_> = aged.into_iter().filter(|key| key.replaced_by.is_none()).collect();
        for key in &aged {
            tracing::warn!(
                api_key.id = %key.id,
                organization.id = %key.organization_id,
                environment = %key.environment,
                age_days = (now.as_secs() - key.created_at.as_secs()) / DAY_S,
                "API key {} is older than 90 days; rotate it",
                key.id
            );
        }
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(now);
        Ok(aged)
    }
}
