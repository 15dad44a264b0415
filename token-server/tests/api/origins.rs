//! Which pages may run an interview: the campaign's list, or the invite's own origin.

use protocol::Environment;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{
    Caller, Interview, Organization, Reply, TestServer,
    caller::send,
    guides,
    routes::{Objects, Route},
};

const ALLOWED: &str = "https://example.com";
const OTHER: &str = "https://other.example";

/// Starts from a page of an origin.
async fn start_from(invitee: &Caller, origin: Option<&str>) -> Reply {
    let request = invitee.request(Method::POST, "/v1/participant/session");
    let request = match origin {
        Some(origin) => request.header("Origin", origin),
        None => request,
    };
    send(request).await
}

async fn campaign_for(organization: &Organization, origins: Value) -> String {
    organization.campaign_with(guides::short(), json!({"allowed_origins": origins})).await
}

/// The page may read the answer.
fn readable_for(reply: &Reply, origin: &str) {
    reply.expect(200);
    assert_eq!(reply.header("access-control-allow-origin"), Some(origin));
    assert!(reply.header("vary").is_some_and(|vary| vary.to_lowercase().contains("origin")));
    assert_eq!(reply.header("access-control-expose-headers"), Some("x-request-id,retry-after"));
    assert_eq!(reply.header("access-control-allow-credentials"), None, "there are no cookies");
    assert_eq!(reply.header("set-cookie"), None, "there are no cookies");
}

/// The page may not.
fn hidden(reply: &Reply) {
    reply.refused(403, "forbidden");
    assert_eq!(reply.header("access-control-allow-origin"), None);
}

#[tokio::test]
async fn without_a_list_any_page_may() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let campaign = campaign_for(&organization, json!([])).await;
    for origin in [ALLOWED, OTHER, "http://localhost:3000", "null"] {
        readable_for(&start_from(&organization.invitee(&campaign).await, Some(origin)).await, origin);
    }
}

#[tokio::test]
async fn with_a_list_only_pages_on_it_may_403() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let campaign = campaign_for(&organization, json!([ALLOWED, "http://localhost:3000"])).await;
    let invitee = organization.invitee(&campaign).await;
    for origin in [
        OTHER,
        "null",
        "http://example.com",
        "https://example.com:8443",
        "https://example.com.evil.example",
        "https://sub.example.com",
        "https://EXAMPLE.com",
        "https://example.com/",
        "file://",
    ] {
        hidden(&start_from(&invitee, Some(origin)).await);
        let form = server.anonymous().request(Method::POST, "/v1/participant/session");
        let form = form.header("Origin", origin).header("Content-Type", "application/x-www-form-urlencoded");
        hidden(&send(form.body(format!("access_token={}", invitee.credential()))).await);
    }
    assert_eq!(
        organization.admin.get("/v1/sessions").await.expect(200)["data"],
        json!([]),
        "no session was made"
    );
    for origin in [ALLOWED, "http://localhost:3000"] {
        readable_for(&start_from(&invitee, Some(origin)).await, origin);
    }
    start_from(&invitee, None).await.expect(200);
}

#[tokio::test]
async fn an_origin_that_is_not_text_is_none_of_the_allowed_403() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let invitee = organization.invitee(&campaign_for(&organization, json!([ALLOWED])).await).await;
    let request = invitee
        .request(Method::POST, "/v1/participant/session")
        .header("Origin", b"https://\xff.example".as_slice());
    hidden(&send(request).await);
}

#[tokio::test]
async fn the_invites_own_origin_goes_before_the_list_403() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let campaign = campaign_for(&organization, json!([ALLOWED])).await;
    let invite = organization.invite_with(&campaign, json!({"origin": OTHER})).await;
    let invitee = server.caller(invite["invite_token"].as_str().unwrap());
    hidden(&start_from(&invitee, Some(ALLOWED)).await);
    readable_for(&start_from(&invitee, Some(OTHER)).await, OTHER);
}

#[tokio::test]
async fn a_page_of_our_own_counts_as_none_and_one_of_the_other_environment_does_not_403() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let invitee = organization.invitee(&campaign_for(&organization, json!([ALLOWED])).await).await;
    start_from(&invitee, Some(server.url(Environment::Live))).await.expect(200);
    hidden(&start_from(&invitee, Some(server.url(Environment::Test))).await);
}

#[tokio::test]
async fn every_participant_route_refuses_a_page_of_another_origin_403() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let (objects, interview) = Objects::make(&organization).await;
    let settings = json!({"settings": {"allowed_origins": [ALLOWED]}});
    organization.admin.patch(&format!("/v1/campaigns/{}", objects.campaign), settings).await.expect(200);
    for route in Route::participant() {
        let is_start = route.template == "/v1/participant/session" && route.method == Method::POST;
        let caller = if is_start { &interview.invitee } else { &interview.participant };
        hidden(&send(route.request(caller, &objects).header("Origin", OTHER)).await);
        let allowed = send(route.request(caller, &objects).header("Origin", ALLOWED)).await;
        assert_eq!(allowed.header("access-control-allow-origin"), Some(ALLOWED), "{route:?}");
    }
}

#[tokio::test]
async fn a_page_may_read_why_its_token_was_refused_401() {
    let server = TestServer::start().await;
    let reply = start_from(&server.caller("nonsense"), Some(ALLOWED)).await;
    reply.is_guide_401();
    assert_eq!(reply.header("access-control-allow-origin"), Some(ALLOWED));
}

#[tokio::test]
async fn a_preflight_is_answered_without_a_token() {
    let server = TestServer::start().await;
    for route in Route::participant() {
        let request = server.anonymous().request(Method::OPTIONS, &route.path_with("q"));
        let request = request
            .header("Origin", ALLOWED)
            .header("Access-Control-Request-Method", route.method.as_str())
            .header("Access-Control-Request-Headers", "authorization,content-type");
        let reply = send(request).await;
        assert_eq!((reply.status, reply.text.as_str()), (200, ""));
        assert_eq!(reply.header("access-control-allow-origin"), Some(ALLOWED));
        assert!(reply.header("access-control-allow-methods").unwrap().contains(route.method.as_str()));
        let headers = reply.header("access-control-allow-headers").unwrap();
        assert!(headers.contains("authorization") && headers.contains("content-type"));
        assert_eq!(reply.header("access-control-max-age"), Some("600"));
    }
}

#[tokio::test]
async fn a_list_that_grows_shorter_ends_interviews_on_the_pages_that_are_gone_403() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let campaign = campaign_for(&organization, json!([ALLOWED, OTHER])).await;
    let interview = Interview::start(&organization.invitee(&campaign).await).await;
    let read = async || {
        send(interview.participant.request(Method::GET, "/v1/participant/session").header("Origin", OTHER))
            .await
    };
    readable_for(&read().await, OTHER);
    let settings = json!({"settings": {"allowed_origins": [ALLOWED]}});
    organization.admin.patch(&format!("/v1/campaigns/{campaign}"), settings).await.expect(200);
    hidden(&read().await);
}
