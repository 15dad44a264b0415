//! The key rings of both environments, which change while the server runs: somebody makes a new key, a new key begins
//! to sign, an old one ends.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

use protocol::{Environment, Timestamp};
use storage::Store;

use super::keys::{KeyRing, KeyRingError};

/// The rings as they were when somebody last looked.
#[derive(Debug, Default)]
pub struct Rings(RwLock<HashMap<Environment, Arc<KeyRing>>>);

impl Rings {
    /// Reads the keys again, and what they are good for at `now`.
    ///
    /// # Errors
    /// [`KeyRingError`]; then all stays as it was.
    pub async fn refresh(&self, store: &dyn Store, now: Timestamp) -> Result<(), KeyRingError> {
        let mut unit = store.read().await?;
        let mut rings = HashMap::new();
        for environment in Environment::ALL {
            let keys = unit.list_signing_keys(environment).await?;
            rings.insert(environment, Arc::new(KeyRing::from_keys(environment, &keys, now)?));
        }
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = rings;
        Ok(())
    }

    /// The ring of an environment; none before the first refresh.
    pub fn of(&self, environment: Environment) -> Option<Arc<KeyRing>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(&environment).map(Arc::clone)
    }
}
