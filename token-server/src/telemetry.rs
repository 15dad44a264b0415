//! Logs. One line a request: method, route, status, milliseconds, request id. Never a token, a body, an answer, an
//! address or a query string.

use std::{ffi::OsStr, io::IsTerminal as _};

use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderName, HeaderValue},
    middleware::Next,
    response::Response,
};
use domain::random::base62;
use tracing_subscriber::{EnvFilter, filter::LevelFilter};

use crate::{
    log_lines::{Lines, REQUESTS},
    state::AppState,
};

/// What is logged unless something else is asked for.
const DEFAULT_FILTER: &str = "info";
/// The variable with the filter.
const VARIABLE: &str = "INTERVIEWRELAY_LOG";

/// The filter of the log is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{VARIABLE}: {problem}; it takes a level, or levels of parts, such as info or warn,token_server=debug"
)]
pub struct InvalidFilter {
    /// What is wrong with it.
    problem: String,
}

/// Sends log lines to standard error, filtered by `INTERVIEWRELAY_LOG` (such as `debug` or `token_server=trace`).
/// What this gives sends out those that still wait when it is dropped.
///
/// # Errors
/// [`InvalidFilter`] for a filter that would not do what was meant.
///
/// # Panics
/// When the system has no thread left for a program that has just started.
pub fn init() -> Result<LastLines, InvalidFilter> {
    let filter = filter(&std::env::var_os(VARIABLE).unwrap_or_default())?;
    let ansi = std::io::stderr().is_terminal();
    let lines = Lines::start().expect("the system has a thread left");
    // A second call, in tests, changes nothing.
    let _ = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(lines.clone())
        .with_ansi(ansi)
        .try_init();
    Ok(LastLines(lines))
}

/// An empty one is none: what is left of a variable in a file of settings.
fn filter(text: &OsStr) -> Result<EnvFilter, InvalidFilter> {
    let invalid = |problem| InvalidFilter { problem };
    let text = text.to_str().ok_or_else(|| invalid(format!("{} is not UTF-8", text.display())))?.trim();
    if text.is_empty() {
        return Ok(EnvFilter::new(DEFAULT_FILTER));
    }
    for part in text.split(',').map(str::trim) {
        // To the parser, `inof` is the name of a part of the program, and everything else would be silent.
        let is_word = part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_:".contains(&byte));
        if is_word && !part.is_empty() && part.parse::<LevelFilter>().is_err() {
            return Err(invalid(format!("{part} is no level (error, warn, info, debug, trace, off)")));
        }
    }
    EnvFilter::builder().parse(text).map_err(|error| invalid(format!("{text} is not a filter ({error})")))
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

/// Gives each request an id, which the answer carries as `X-Request-Id`, counts it and writes its line.
pub async fn request(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let id = format!("req_{}", base62(20, state.shared.entropy.as_ref()));
    let method = request.method().clone();
    let pattern = request.extensions().get::<MatchedPath>().map(MatchedPath::as_str);
    let mut counting = state.numbers().requests.begin(&method, pattern);
    request.extensions_mut().insert(RequestId(id.clone()));
    let mut response = next.run(request).await;
    counting.answer(&response);
    tracing::info!(
        target: REQUESTS,
        {
            request.id = %id,
            environment = %state.environment,
            %method,
            route = counting.route(),
            status = response.status().as_u16(),
            duration_ms = u64::try_from(counting.began().elapsed().as_millis()).unwrap_or(u64::MAX),
        },
        "request"
    );
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(HeaderName::from_static("x-request-id"), value);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_is_a_level_or_levels_of_parts_and_an_empty_one_is_the_default() {
        for (text, expected) in [
            ("", "info"),
            (" ", "info"),
            ("debug", "debug"),
            ("WARN", "warn"),
            ("off", "off"),
            ("warn,token_server=trace", "token_server=trace,warn"),
            ("token_server::cli=debug,", "token_server::cli=debug"),
        ] {
            assert_eq!(filter(OsStr::new(text)).unwrap().to_string(), expected, "{text}");
        }
        for text in ["inof", "token_server", "token_server=loud", "info,debgu", "["] {
            let told = filter(OsStr::new(text)).expect_err(text).to_string();
            assert!(told.starts_with("INTERVIEWRELAY_LOG: "), "{told}");
            assert!(told.ends_with("such as info or warn,token_server=debug"), "{told}");
        }
    }
}
