//! `/metrics`

use axum::{
    extract::State,
    http::{HeaderValue, Method, header},
    response::{IntoResponse, Response},
};
use protocol::ErrorCode;

use crate::{auth::metrics_reader::MetricsReader, error::ApiError, metrics::CONTENT_TYPE, state::AppState};

/// What was counted in this environment, for those who may know that there is such a path. It reads numbers in memory: it
/// answers also when the database does not.
pub(crate) async fn show(
    _: MetricsReader,
    method: Method,
    State(state): State<AppState>,
) -> Result<Response, ApiError> {
    if !matches!(method, Method::GET | Method::HEAD) {
        let allow = HeaderValue::from_static("GET,HEAD");
        return Ok(([(header::ALLOW, allow)], ApiError::new(ErrorCode::MethodNotAllowed)).into_response());
    }
    let text = state.numbers().text().map_err(|error| ApiError::internal(&error))?;
    Ok(([(header::CONTENT_TYPE, HeaderValue::from_static(CONTENT_TYPE))], text).into_response())
}
