//! What a campaign's interviews say, counted.

use std::collections::HashMap;

use domain::{
    analytics::{nearest_rank, of_questions},
    campaign::StoredCampaign,
};
use protocol::{
    Timestamp,
    analytics::{CampaignAnalytics, Durations},
};
use storage::{SessionSpan, UnitOfWork};

use crate::{error::ApiError, state::AppState};

/// Counts the sessions of a campaign that began from the first of two times and before the second.
///
/// # Errors
/// When the database fails.
pub async fn of(
    unit: &mut dyn UnitOfWork,
    state: &AppState,
    campaign: StoredCampaign,
    (from, to): (Option<Timestamp>, Option<Timestamp>),
) -> Result<CampaignAnalytics, ApiError> {
    let as_of = state.now();
    let span = SessionSpan { environment: campaign.environment, campaign_id: campaign.id, from, to };
    let sessions = unit.count_sessions(&span, as_of).await?;
    let duration_ms = durations(unit, &span, sessions.completed).await?;
    let abandoned = unit.tally_abandoned(&span, as_of).await?;
    let tallies = unit.tally_answers(&span).await?;
    let (mut before_first, mut after) = (0, HashMap::new());
    for (question, count) in abandoned {
        match question {
            Some(question) => drop(after.insert(question, count)),
            None => before_first = count,
        }
    }
    let questions = match campaign.published_version {
        Some(version) => {
            let (environment, id) = (span.environment, &span.campaign_id);
            let guide = state.shared.guides.get(unit, environment, id, version).await?;
            of_questions(guide.guide(), &campaign.settings.locale, tallies, &after)
        }
        // No session can have begun.
        None => Vec::new(),
    };
    #[expect(clippy::cast_precision_loss, reason = "no campaign has 2^53 sessions")]
    let completion_rate = (sessions.started > 0).then(|| sessions.completed as f64 / sessions.started as f64);
    Ok(CampaignAnalytics {
        campaign_id: span.campaign_id,
        from,
        to,
        as_of,
        sessions,
        completion_rate,
        duration_ms,
        abandoned_before_first_answer: before_first,
        questions,
    })
}

async fn durations(
    unit: &mut dyn UnitOfWork,
    span: &SessionSpan,
    completed: u64,
) -> Result<Option<Durations>, ApiError> {
    let (Some(median), Some(p90)) = (nearest_rank(completed, 50), nearest_rank(completed, 90)) else {
        return Ok(None);
    };
    let median = unit.session_duration(span, median).await?;
    let p90 = unit.session_duration(span, p90).await?;
    Ok(median.zip(p90).map(|(median, p90)| Durations { median, p90 }))
}
