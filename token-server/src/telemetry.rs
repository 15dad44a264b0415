//! Logs. One line a request: method, route, status, milliseconds, request id. Never a token, a body, an answer, an
//! address or a query string.

use std::io::IsTerminal as _;

use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderName, HeaderValue},
    middleware::Next,
    response::Response,
};
use domain::random::base62;
use tracing_subscriber::EnvFilter;

use crate::{
    log_lines::{Lines, REQUESTS},
    state::AppState,
};

/// Sends log lines to standard error, filtered by `INTERVIEWRELAY_LOG` (such as `debug` or `token_server=trace`).
/// What this gives sends out those that still wait when it is dropped.
///
/// # Panics
/// When the system has no thread left for a program that has just started.
pub fn init() -> LastLines {
    let filter = EnvFilter::try_from_env("INTERVIEWRELAY_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    let ansi = std::io::stderr().is_terminal();
    let lines = Lines::start().expect("the system has a thread left");
    // A second call, in tests, changes nothing.
    let _ = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(lines.clone())
        .with_ansi(ansi)
        .try_init();
    LastLines(lines)
}

/// Lines that may still wait.
#[derive(Debug)]
pub struct LastLines(Lines);

impl Drop for LastLines {
    fn drop(&mut self) {
        self.0.flush();
    }
}

/// What a request's answer carries as `X-Request-Id`.
#[derive(Debug, Clone)]
pub struct RequestId(pub String);

/// Gives each request an id, which the answer carries as `X-Request-Id`, and writes its line.
pub async fn request(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let id = format!("req_{}", base62(20, state.shared.entropy.as_ref()));
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().map_or("-", MatchedPath::as_str).to_owned();
    request.extensions_mut().insert(RequestId(id.clone()));
    let started = std::time::Instant::now();
    let mut response = next.run(request).await;
    tracing::info!(
        target: REQUESTS,
        {
            request.id = %id,
            environment = %state.environment,
            %method,
            route,
            status = response.status().as_u16(),
            duration_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
        },
        "request"
    );
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(HeaderName::from_static("x-request-id"), value);
    }
    response
}
