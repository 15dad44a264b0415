//! The interview in an `<iframe>`, for pages whose Content-Security-Policy forbids WebAssembly: our own page with a policy
//! of its own. `widget/npm/isolated.js` puts it into the customer's page and speaks with `embed.js`.
//!
//! Which pages may have it is decided here and told to the browser as `frame-ancestors`, by the id of the invite. The
//! token comes later and by message, never in the address; `embed.js` takes only one of that very invite.

use axum::{
    extract::State,
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::campaign::is_origin;
use protocol::invite::InviteStatus;

use crate::{error::ApiError, extract::Query, state::AppState};

const PAGE: &str = include_str!("embed.html");
const SCRIPT: &str = include_str!("embed.js");
const NOT_FOUND: &str = include_str!("embed-not-found.html");

/// Where the page says whose frame it may be in.
const PLACE: &str = "{origins}";

/// Only our own files and calls, the WebAssembly of the widget, and what is recorded in it.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; style-src 'self'; \
    img-src 'self' data: blob:; media-src 'self' blob:; worker-src 'self' blob:; base-uri 'none'; form-action 'none'; \
    frame-ancestors ";

/// `GET /embed?invite=inv_…`
pub(crate) async fn page(State(state): State<AppState>, query: Query) -> Result<Response, ApiError> {
    Ok(match find_origins(&state, &query).await? {
        Some(origins) => {
            let page = PAGE.replace(PLACE, &escaped(&origins));
            asset(StatusCode::OK, "text/html; charset=utf-8", &origins, page)
        }
        None => asset(StatusCode::NOT_FOUND, "text/html; charset=utf-8", "'none'", NOT_FOUND),
    })
}

/// `GET /embed/page.js`
pub(crate) async fn script() -> Response {
    asset(StatusCode::OK, "text/javascript; charset=utf-8", "'none'", SCRIPT)
}

/// The origins whose pages may show the interview of this invite, apart by spaces, or `*`. Nothing for an invite that is
/// not one of this environment, for one that was withdrawn, and where no page can be of any of its origins.
async fn find_origins(state: &AppState, query: &Query) -> Result<Option<String>, ApiError> {
    let Some(id) = query.get("invite").and_then(|text| text.parse().ok()) else { return Ok(None) };
    let mut unit = state.store().read().await?;
    let invite = unit.find_invite(state.environment, &id).await?;
    let Some(invite) = invite.filter(|invite| invite.status != InviteStatus::Cancelled) else {
        return Ok(None);
    };
    let campaign = unit.find_campaign(state.environment, &invite.campaign_id).await?;
    Ok(campaign.and_then(|campaign| {
        let mut origins = invite.origin.map_or(campaign.settings.allowed_origins, |only| vec![only]);
        if origins.is_empty() {
            return Some("*".to_owned());
        }
        // Some may have been stored when more was allowed; no browser sends those.
        origins.retain(|origin| is_origin(origin));
        (!origins.is_empty()).then(|| origins.join(" "))
    }))
}

/// As text in an attribute.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;")
}

/// The ancestors are origins, with nothing in them that could end a header or a policy.
fn asset(
    status: StatusCode,
    content_type: &'static str,
    ancestors: &str,
    body: impl IntoResponse,
) -> Response {
    let policy = HeaderValue::try_from([POLICY, ancestors].concat());
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(content_type)),
        (
            header::CONTENT_SECURITY_POLICY,
            policy.unwrap_or_else(|_| HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'")),
        ),
        (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
        (
            HeaderName::from_static("permissions-policy"),
            HeaderValue::from_static("camera=(self), microphone=(self), fullscreen=(self)"),
        ),
        // A page that is isolated itself (`require-corp`) may have only frames that say both.
        (HeaderName::from_static("cross-origin-embedder-policy"), HeaderValue::from_static("require-corp")),
        (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("cross-origin")),
    ];
    (status, headers, body).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_ends_the_attribute() {
        assert_eq!(escaped("https://a\"><b&c"), "https://a&quot;>&lt;b&amp;c");
        assert_eq!(escaped("https://example.com *"), "https://example.com *");
    }
}
