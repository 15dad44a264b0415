//! Look-ups that wait a moment for others of their kind and then share a statement, but for one: what a list costs does not
//! grow with its length.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use async_graphql::{
    Context,
    dataloader::{DataLoader, Loader},
};
use domain::{campaign::StoredCampaign, invite::StoredParticipant, session::StoredAnswer};
use protocol::ids::{CampaignId, OrganizationId, ParticipantId, SessionId};

use super::budget::{Budget, weight_of_interview};
use crate::{error::ApiError, operations::interview::Loaded, state::AppState};

/// Looks up what belongs to one organization.
pub(super) struct Rows {
    state: AppState,
    owner: OrganizationId,
    budget: Arc<Budget>,
}

/// The look-ups of one request.
pub(super) type Lookups = DataLoader<Rows>;

/// For a new request.
pub(super) fn lookups(state: &AppState, owner: &OrganizationId, budget: Arc<Budget>) -> Lookups {
    DataLoader::new(Rows { state: state.clone(), owner: owner.clone(), budget }, tokio::spawn)
}

/// Those of the request that is being answered.
///
/// # Errors
/// 500 when it was not given any.
pub(super) fn of<'a>(context: &Context<'a>) -> Result<&'a Lookups, ApiError> {
    context.data_opt::<Lookups>().ok_or_else(|| ApiError::internal(&"a request without its look-ups"))
}

// Whoever waits for a row gets it, so what is large is shared.

impl Loader<CampaignId> for Rows {
    type Value = Arc<StoredCampaign>;
    type Error = ApiError;

    async fn load(&self, ids: &[CampaignId]) -> Result<HashMap<CampaignId, Arc<StoredCampaign>>, ApiError> {
        let mut unit = self.state.store().read().await?;
        let found = unit.find_campaigns(self.state.environment, ids).await?;
        self.budget.read(found.iter().map(weight_of_interview).sum())?;
        let own = found.into_iter().filter(|campaign| campaign.organization_id == self.owner);
        Ok(own.map(|campaign| (campaign.id.clone(), Arc::new(campaign))).collect())
    }
}

/// A campaign whose abandoned sessions are to be counted. Whoever asks has the campaign already.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct AbandonedOf(pub(super) CampaignId);

impl Loader<AbandonedOf> for Rows {
    type Value = u64;
    type Error = ApiError;

    async fn load(&self, wanted: &[AbandonedOf]) -> Result<HashMap<AbandonedOf, u64>, ApiError> {
        let mut unit = self.state.store().read().await?;
        let ids: Vec<_> = wanted.iter().map(|AbandonedOf(id)| id.clone()).collect();
        let counts = unit.count_abandoned(self.state.environment, &ids, self.state.now()).await?;
        Ok(counts.into_iter().map(|(id, count)| (AbandonedOf(id), count)).collect())
    }
}

impl Loader<ParticipantId> for Rows {
    type Value = StoredParticipant;
    type Error = ApiError;

    async fn load(
        &self,
        ids: &[ParticipantId],
    ) -> Result<HashMap<ParticipantId, StoredParticipant>, ApiError> {
        let mut unit = self.state.store().read().await?;
        let found = unit.find_participants(self.state.environment, ids).await?;
        let own = found.into_iter().filter(|found| found.participant.organization_id == self.owner);
        Ok(own.map(|found| (found.participant.id.clone(), found)).collect())
    }
}

/// The answers of sessions, which are the caller's: whoever asks has the session already. How much they are is asked first,
/// so that too much is not even read.
impl Loader<SessionId> for Rows {
    type Value = Vec<Arc<StoredAnswer>>;
    type Error = ApiError;

    async fn load(&self, ids: &[SessionId]) -> Result<HashMap<SessionId, Vec<Arc<StoredAnswer>>>, ApiError> {
        let mut unit = self.state.store().read().await?;
        let bytes = unit.count_answer_bytes_of(ids).await?;
        self.budget.read(usize::try_from(bytes).unwrap_or(usize::MAX))?;
        let mut by_session: HashMap<SessionId, Vec<Arc<StoredAnswer>>> = HashMap::new();
        for answer in unit.list_answers_of(ids).await? {
            by_session.entry(answer.session_id.clone()).or_default().push(Arc::new(answer));
        }
        Ok(by_session)
    }
}

/// A session, asked which of its questions are still on the way. Whoever asks has it already.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct OnTheWayIn(pub(super) SessionId);

/// The ids of the questions. The guide of each session has to be walked, one after another.
impl Loader<OnTheWayIn> for Rows {
    type Value = Arc<HashSet<String>>;
    type Error = ApiError;

    async fn load(
        &self,
        wanted: &[OnTheWayIn],
    ) -> Result<HashMap<OnTheWayIn, Arc<HashSet<String>>>, ApiError> {
        let mut unit = self.state.store().read().await?;
        let ids: Vec<_> = wanted.iter().map(|OnTheWayIn(id)| id.clone()).collect();
        let bytes = unit.count_answer_bytes_of(&ids).await?;
        self.budget.read(usize::try_from(bytes).unwrap_or(usize::MAX))?;
        let mut found = HashMap::with_capacity(wanted.len());
        for id in wanted {
            if let Some(session) = unit.find_session(self.state.environment, &id.0).await? {
                let loaded = Loaded::of(unit.as_mut(), &self.state, session).await?;
                found.insert(id.clone(), Arc::new(loaded.interview().on_the_way()));
            }
        }
        Ok(found)
    }
}
