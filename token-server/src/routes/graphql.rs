//! `/graphql`, and the page to try it on.

use axum::{
    extract::{Request, State},
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use protocol::Environment;

use crate::{error::ApiError, graphql::http, state::AppState};

const PAGE: &str = include_str!("../../assets/graphiql/page.html");
const STYLE: &str = include_str!("../../assets/graphiql/style.css");
const SCRIPT: &str = include_str!("../../assets/graphiql/page.js");

/// Our own files, and calls to our own server.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; \
    form-action 'none'; frame-ancestors 'none'";

/// `POST /graphql`
pub(crate) async fn post(State(state): State<AppState>, request: Request) -> Response {
    http::post(&state, request).await
}

/// `GET /graphql`
pub(crate) async fn get(State(state): State<AppState>, request: Request) -> Response {
    http::get(&state, request.into_parts().0).await
}

/// `GET /graphiql`, on the sandbox.
pub(crate) async fn page(State(state): State<AppState>) -> Response {
    asset(&state, "text/html; charset=utf-8", PAGE)
}

/// `GET /graphiql/style.css`
pub(crate) async fn style(State(state): State<AppState>) -> Response {
    asset(&state, "text/css; charset=utf-8", STYLE)
}

/// `GET /graphiql/page.js`
pub(crate) async fn script(State(state): State<AppState>) -> Response {
    asset(&state, "text/javascript; charset=utf-8", SCRIPT)
}

/// Nobody is to type the secrets of the live environment into a page.
fn asset(state: &AppState, content_type: &'static str, body: &'static str) -> Response {
    if state.environment == Environment::Live {
        return ApiError::not_found().into_response();
    }
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(content_type)),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)),
        (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    ];
    (headers, body).into_response()
}
