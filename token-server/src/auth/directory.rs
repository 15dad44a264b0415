//! Keys and campaigns in memory, for what is decided so often that a look-up each time would be the larger part of it.
//!
//! Nothing here is trusted for its freshness. Each thing is remembered with the generation it was read at, and the
//! commit that acts on it compares (see `storage::Mint`): a revoked key is refused by the very next request, whichever
//! process has revoked it.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use domain::{api_key::StoredApiKey, organization::Plan};
use protocol::{Environment, ids::CampaignId};

use crate::{
    error::ApiError,
    operations::invites::{OpenCampaign, read_open},
    state::AppState,
};

/// Things of each kind that are held at most; then all are forgotten, as nobody has that many in use.
const CAPACITY: usize = 10_000;

/// Something as it was at a generation.
#[derive(Debug, Clone)]
pub struct Remembered<T> {
    /// When it was read.
    pub generation: u64,
    /// What was read.
    pub what: Arc<T>,
}

/// A key with its organization's plan.
pub type KeyAndPlan = (StoredApiKey, Plan);

/// What is remembered, all of the same generation.
#[derive(Debug, Default)]
pub struct Directory(Mutex<Held>);

#[derive(Debug, Default)]
struct Held {
    generation: u64,
    keys: HashMap<Environment, HashMap<String, Arc<KeyAndPlan>>>,
    campaigns: HashMap<Environment, HashMap<CampaignId, Arc<OpenCampaign>>>,
}

impl Directory {
    /// The key of a lookup id. One that does not exist is looked for each time.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn key(
        &self,
        state: &AppState,
        lookup_id: &str,
    ) -> Result<Option<Remembered<KeyAndPlan>>, ApiError> {
        let environment = state.environment;
        let known = self.with(|held| {
            let what = held.keys.get(&environment)?.get(lookup_id)?;
            Some(Remembered { generation: held.generation, what: Arc::clone(what) })
        });
        if known.is_some() {
            return Ok(known);
        }
        self.read_key(state, lookup_id).await
    }

    /// The key of a lookup id, as the database has it now.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn read_key(
        &self,
        state: &AppState,
        lookup_id: &str,
    ) -> Result<Option<Remembered<KeyAndPlan>>, ApiError> {
        let environment = state.environment;
        let mut unit = state.store().read().await?;
        let generation = unit.generation().await?;
        let Some(key) = unit.find_api_key_by_lookup(environment, lookup_id).await? else { return Ok(None) };
        let what = Arc::new(key);
        self.remember(generation, |held| {
            held.keys.entry(environment).or_default().insert(lookup_id.to_owned(), Arc::clone(&what));
        });
        Ok(Some(Remembered { generation, what }))
    }

    /// A campaign that takes invites, whoever owns it. Any other is looked for each time.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn campaign(
        &self,
        state: &AppState,
        id: &CampaignId,
    ) -> Result<Option<Remembered<OpenCampaign>>, ApiError> {
        let environment = state.environment;
        let known = self.with(|held| {
            let what = held.campaigns.get(&environment)?.get(id)?;
            Some(Remembered { generation: held.generation, what: Arc::clone(what) })
        });
        if known.is_some() {
            return Ok(known);
        }
        let mut unit = state.store().read().await?;
        let generation = unit.generation().await?;
        let Some(campaign) = unit.find_campaign(environment, id).await? else { return Ok(None) };
        let Ok(open) = read_open(unit.as_mut(), state, campaign).await? else { return Ok(None) };
        let what = Arc::new(open);
        self.remember(generation, |held| {
            held.campaigns.entry(environment).or_default().insert(id.clone(), Arc::clone(&what));
        });
        Ok(Some(Remembered { generation, what }))
    }

    /// Forgets everything of a generation that turned out to be over.
    pub fn forget(&self, generation: u64) {
        self.with(|held| {
            if held.generation == generation {
                *held = Held::default();
            }
        });
    }

    fn with<T>(&self, act: impl FnOnce(&mut Held) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Adds something that was read at `generation`; what is older than it is forgotten, what is newer wins.
    fn remember(&self, generation: u64, add: impl FnOnce(&mut Held)) {
        self.with(|held| {
            let count = held.keys.values().map(HashMap::len).sum::<usize>()
                + held.campaigns.values().map(HashMap::len).sum::<usize>();
            if held.generation < generation || count >= CAPACITY {
                *held = Held { generation, ..Held::default() };
            }
            if held.generation == generation {
                add(held);
            }
        });
    }
}
