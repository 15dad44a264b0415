//! What a campaign's sessions come to.

use async_trait::async_trait;
use domain::analytics::AnswerTally;
use protocol::{Environment, Timestamp, analytics::SessionCounts, ids::CampaignId, question::QuestionKind};

use crate::StoreError;

/// The sessions of a campaign that began in a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionSpan {
    /// Where.
    pub environment: Environment,
    /// Which campaign.
    pub campaign_id: CampaignId,
    /// Then or later.
    pub from: Option<Timestamp>,
    /// Before.
    pub to: Option<Timestamp>,
}

/// Counts over sessions and their answers. They read all of a campaign, so they cost what it has.
#[async_trait]
pub trait AnalyticsRepository {
    /// How many stand where at `now`.
    async fn count_sessions(
        &mut self,
        span: &SessionSpan,
        now: Timestamp,
    ) -> Result<SessionCounts, StoreError>;

    /// The `rank`th shortest of the completed ones, in milliseconds; 0 is the shortest.
    async fn session_duration(&mut self, span: &SessionSpan, rank: u64) -> Result<Option<u64>, StoreError>;

    /// Their answers, those of the same question and value taken together.
    async fn tally_answers(&mut self, span: &SessionSpan) -> Result<Vec<AnswerTally>, StoreError>;

    /// How many of those that are abandoned at `now` have which question, and of which kind, as their last answered one; `None` where nothing
    /// was answered.
    async fn tally_abandoned(
        &mut self,
        span: &SessionSpan,
        now: Timestamp,
    ) -> Result<Vec<(Option<(String, QuestionKind)>, u64)>, StoreError>;
}
