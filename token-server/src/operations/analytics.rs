//! What a campaign's interviews say, counted.

use std::collections::HashMap;

use domain::analytics::{nearest_rank, of_questions};
use protocol::{
    Timestamp,
    analytics::{CampaignAnalytics, Durations},
    ids::CampaignId,
};
use storage::{SessionSpan, UnitOfWork};

use crate::{
    error::ApiError,
    operations::{by::By, campaigns, guides::apart},
    state::AppState,
};

/// Counts the sessions of a campaign that began from the first of two times and before the second, when it is its turn.
///
/// # Errors
/// 404 and 403, 401 for a key that was revoked while it waited, and when the database fails.
pub async fn of(
    state: &AppState,
    by: &By,
    id: &CampaignId,
    (from, to): (Option<Timestamp>, Option<Timestamp>),
) -> Result<CampaignAnalytics, ApiError> {
    let _turn = state.shared.counting.acquire().await.map_err(|error| ApiError::internal(&error))?;
    by.check_after_a_while(state.store()).await?;
    let mut unit = state.store().read().await?;
    let unit = unit.as_mut();
    let campaign = campaigns::find(unit, state.environment, by.organization_id(), id, None).await?;
    let as_of = state.now();
    let span = SessionSpan { environment: campaign.environment, campaign_id: id.clone(), from, to };
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
            let guide = state.shared.guides.get(unit, &campaign, version).await?;
            apart(move || of_questions(guide.guide(), &campaign.settings.locale, tallies, &after)).await?
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
