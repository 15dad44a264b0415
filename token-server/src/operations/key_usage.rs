//! How much a key was used.

use protocol::{
    ErrorCode, Timestamp,
    api_key::{KeyUsage, UsageBucket, UsageTotals},
    ids::ApiKeyId,
};
use storage::HourOfUse;

use crate::{
    error::{ApiError, with_sources},
    extract::Query,
    state::AppState,
};

const HOUR_S: i64 = 3_600;
const DAY_S: i64 = 24 * HOUR_S;

/// How long a bucket is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Bucket {
    Hour,
    Day,
}

impl Bucket {
    const fn seconds(self) -> i64 {
        match self {
            Self::Hour => HOUR_S,
            Self::Day => DAY_S,
        }
    }

    /// The time that is asked for when nothing is said, and the longest that can be.
    const fn spans(self) -> (i64, i64) {
        match self {
            Self::Hour => (DAY_S, 31 * DAY_S),
            Self::Day => (30 * DAY_S, 366 * DAY_S),
        }
    }

    /// The beginning, in UTC, of the bucket with this time in it.
    fn start(self, time: Timestamp) -> Timestamp {
        let length_ms = self.seconds() * 1_000;
        Timestamp::from_millis(time.as_millis().div_euclid(length_ms) * length_ms)
    }
}

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UsageRequest {
    from: Timestamp,
    to: Option<Timestamp>,
    bucket: Bucket,
}

impl UsageRequest {
    /// Reads `?from&to&bucket`. The bucket with `from` in it is the first one, and buckets that begin at `to` or later
    /// are left out. Without `from` it is the last 24 hours, or the last 30 days; without `to` everything until now.
    ///
    /// # Errors
    /// 400 `invalid_request` for what cannot be read, for an end before the beginning, and for more than 31 days of
    /// hours or 366 days.
    pub fn read(query: &Query, now: Timestamp) -> Result<Self, ApiError> {
        let bucket = query.parse("bucket", |text| match text {
            "hour" => Some(Bucket::Hour),
            "day" => Some(Bucket::Day),
            _ => None,
        })?;
        let bucket = bucket.unwrap_or(Bucket::Hour);
        let time = |name| query.parse(name, |text| Timestamp::parse(text).ok());
        let (usual, longest) = bucket.spans();
        let to = time("to")?;
        let end = to.unwrap_or(now);
        let from = time("from")?.unwrap_or_else(|| end.plus_secs(-usual));
        let refused = |message| Err(ApiError::with_message(ErrorCode::InvalidRequest, message));
        if to.is_some_and(|to| to < from) {
            refused("The query parameter to must not be before from.")
        } else if from.plus_secs(longest) < end {
            refused("Ask for at most 31 days by the hour, or 366 by the day.")
        } else {
            Ok(Self { from: bucket.start(from), to, bucket })
        }
    }
}

/// The buckets in which a key was used, with everything that was counted until now.
///
/// # Errors
/// When the database fails.
pub async fn list(state: &AppState, id: &ApiKeyId, request: UsageRequest) -> Result<KeyUsage, ApiError> {
    let shared = state.shared.clone();
    // On its own: a flush that has begun must come to its end, even when the caller does not wait for it.
    let flushed = tokio::spawn(async move { shared.usage.flush(shared.store.as_ref()).await });
    if let Ok(Err(error)) = flushed.await {
        tracing::warn!(error = %with_sources(&error), "the use of keys could not be written down; it is tried again");
    }
    let mut unit = state.store().read().await?;
    let key = unit.find_api_key(state.environment, id).await?.ok_or_else(ApiError::not_found)?;
    let hours = unit.list_usage(id, request.from, request.to).await?;
    let sum = |hours: &[HourOfUse]| {
        let requests = hours.iter().map(|hour| hour.requests).sum();
        UsageTotals::new(requests, hours.iter().map(|hour| hour.errors).sum())
    };
    let start = |hour: &HourOfUse| request.bucket.start(hour.hour);
    let buckets = hours.chunk_by(|one, other| start(one) == start(other));
    Ok(KeyUsage {
        data: buckets
            .map(|hours| UsageBucket { bucket_start: start(&hours[0]), totals: sum(hours) })
            .collect(),
        totals: sum(&hours),
        last_used_at: key.last_used_at,
        has_more: false,
        next_cursor: None,
    })
}
