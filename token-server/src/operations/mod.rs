//! What the product does. Handlers parse, call one of these and convert; GraphQL calls the same ones.
//!
//! Each operation that changes something is one job of the store: all of it happens, or nothing does, and the caller
//! hears of it only when it is on disk.

pub mod analytics;
pub mod api_keys;
pub mod by;
pub mod campaigns;
pub mod captions;
pub mod erasure;
pub mod events;
pub mod guides;
pub mod import;
pub mod interview;
pub mod invite_batch;
pub mod invites;
pub mod key_usage;
pub mod organizations;
pub mod sessions;
pub mod sign_in;
pub mod transcript;
pub mod uploads;
pub mod users;
pub mod webhooks;

use protocol::{ErrorCode, list::Page};
use storage::PageRequest;
use tracing::Instrument as _;

use crate::{error::ApiError, extract::Query};

/// Rows a page has unless asked otherwise.
const DEFAULT_LIMIT: u32 = 50;
/// Rows a page has at most.
const MAX_LIMIT: u32 = 100;

/// Does something to its end, also when whoever asked for it has gone meanwhile.
///
/// # Errors
/// Its own, and 500 when it panics.
async fn to_the_end<T: Send + 'static>(
    work: impl Future<Output = Result<T, ApiError>> + Send + 'static,
) -> Result<T, ApiError> {
    tokio::spawn(work.in_current_span()).await.map_err(|error| ApiError::internal(&error))?
}

/// What `?limit=` and `?cursor=` ask for. One row more is fetched than shown, to know whether there are more.
///
/// # Errors
/// 400 `invalid_request` for a limit outside 1 to 100, and for a cursor that is no id with this prefix.
pub fn page_request<I: std::str::FromStr + ToString>(query: &Query) -> Result<PageRequest, ApiError> {
    let limit = query
        .parse("limit", |text| text.parse::<u32>().ok().filter(|limit| (1..=MAX_LIMIT).contains(limit)))
        .map_err(|_| {
            ApiError::with_message(ErrorCode::InvalidRequest, "The query parameter limit must be 1 to 100.")
        })?;
    let before = query
        .parse("cursor", |text| text.parse::<I>().ok().map(|id| id.to_string()))
        .map_err(|_| bad_cursor())?;
    Ok(PageRequest { before, limit: limit.unwrap_or(DEFAULT_LIMIT) + 1 })
}

/// A cursor that did not come from the page before.
pub fn bad_cursor() -> ApiError {
    let message = "The cursor is not valid. Send the next_cursor of the page before.";
    ApiError::with_message(ErrorCode::InvalidRequest, message)
}

/// Cuts off the row that only told whether there are more.
pub fn into_page<R, T>(
    mut rows: Vec<R>,
    request: &PageRequest,
    id: impl Fn(&R) -> &str,
    view: impl Fn(&R) -> T,
) -> Page<T> {
    let shown = usize::try_from(request.limit - 1).unwrap_or(usize::MAX);
    let has_more = rows.len() > shown;
    rows.truncate(shown);
    let next_cursor = rows.last().filter(|_| has_more).map(|row| id(row).to_owned());
    Page { data: rows.iter().map(view).collect(), has_more, next_cursor }
}
