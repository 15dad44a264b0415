//! Every route × every credential that is not the right one: always the 401 of the authentication guide.

use domain::api_key::KeySecret;
use domain::{organization::Plan, random::SeededEntropy};
use protocol::Environment;
use reqwest::header::AUTHORIZATION;
use serde_json::json;

use crate::support::{
    Caller, TestServer,
    caller::send,
    routes::{Objects, Route},
};

/// Sends every route with these `Authorization` headers.
async fn every_route_refuses(routes: &[Route], anonymous: &Caller, objects: &Objects, headers: &[&[u8]]) {
    for route in routes {
        let request = route.request(anonymous, objects);
        let request = headers.iter().fold(request, |request, value| request.header(AUTHORIZATION, *value));
        send(request).await.is_guide_401();
    }
}

#[tokio::test]
async fn every_route_refuses_what_is_no_credential_401() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let (objects, interview) = Objects::make(&organization).await;
    let routes = Route::all();
    assert!(routes.len() >= 31, "the walk covers the router's whole list");

    let key = organization.admin.credential();
    let unknown = KeySecret::generate(Environment::Live, &SeededEntropy::new(99));
    let bearer = |token: &str| format!("Bearer {token}").into_bytes();
    let token = interview.invitee.credential();
    let cases: Vec<Vec<u8>> = vec![
        Vec::new(),
        b"Bearer".to_vec(),
        b"Bearer ".to_vec(),
        b"Basic x".to_vec(),
        b"Basic aXJfbGl2ZTo=".to_vec(),
        format!("Basic {key}").into_bytes(),
        key.as_bytes().to_vec(),
        bearer("random"),
        bearer("ir_live_sk_abc123"),
        bearer(&key[..key.len() - 1]),
        bearer(&format!("{key}x")),
        bearer(&key.to_lowercase()),
        bearer(unknown.expose()),
        bearer(&token[..token.len() - 1]),
        bearer(token.rsplit_once('.').unwrap().0),
        bearer("a.b.c"),
        bearer(&"x".repeat(5_000)),
        b"Bearer \xff\xfe".to_vec(),
        format!("Bearer {key}, Bearer {key}").into_bytes(),
    ];
    let anonymous = server.anonymous();
    every_route_refuses(&routes, &anonymous, &objects, &[]).await;
    for case in &cases {
        every_route_refuses(&routes, &anonymous, &objects, &[case]).await;
    }
}

#[tokio::test]
async fn every_route_refuses_two_authorization_headers_401() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let (objects, interview) = Objects::make(&organization).await;
    let key = format!("Bearer {}", organization.admin.credential());
    let headers = [key.as_bytes(), key.as_bytes()];
    every_route_refuses(&Route::management(), &server.anonymous(), &objects, &headers).await;
    for caller in [&interview.invitee, &interview.participant] {
        let token = format!("Bearer {}", caller.credential());
        let headers = [token.as_bytes(), token.as_bytes()];
        every_route_refuses(&Route::participant(), &server.anonymous(), &objects, &headers).await;
    }
}

#[tokio::test]
async fn the_name_of_the_scheme_is_read_in_any_case() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    for scheme in ["Bearer", "bearer", "BEARER"] {
        let value = format!("{scheme} {}", organization.admin.credential());
        let request =
            server.anonymous().request(reqwest::Method::GET, "/v1/campaigns").header(AUTHORIZATION, value);
        send(request).await.expect(200);
    }
}

#[tokio::test]
async fn every_management_route_refuses_a_key_that_was_revoked_or_has_expired_401() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let (objects, _) = Objects::make(&organization).await;
    let revoked = organization.create_key(json!({"name": "Revoked", "kind": "admin"})).await;
    let expiring = json!({"name": "Expiring", "kind": "admin", "expires_at": "2026-01-31T12:01:00.000Z"});
    let expiring = organization.key(expiring).await;
    organization.admin.delete(&format!("/v1/api-keys/{}", revoked["id"].as_str().unwrap())).await.expect(200);
    expiring.get("/v1/campaigns").await.expect(200);
    server.clock.advance_secs(60);
    for route in Route::management() {
        send(route.request(&server.caller(revoked["key"].as_str().unwrap()), &objects)).await.is_guide_401();
        send(route.request(&expiring, &objects)).await.is_guide_401();
    }
}

#[tokio::test]
async fn every_management_route_refuses_the_other_environments_key_401() {
    let server = TestServer::start().await;
    let live = server.organization("Acme").await;
    let (objects, _) = Objects::make(&live).await;
    let sandbox = server.organization_in("Sandboxed", Environment::Test, Plan::SelfHosted).await;
    for route in Route::management() {
        let swapped = Caller::new(server.url(Environment::Test)).with(live.admin.credential());
        send(route.request(&swapped, &objects)).await.is_guide_401();
        send(route.request(&server.caller(sandbox.admin.credential()), &objects)).await.is_guide_401();
    }
}

#[tokio::test]
async fn every_participant_route_refuses_the_other_environments_tokens_401() {
    let server = TestServer::start().await;
    let organization = server.organization_in("Acme", Environment::Test, Plan::SelfHosted).await;
    let (objects, interview) = Objects::make(&organization).await;
    for route in Route::participant() {
        for caller in [&interview.invitee, &interview.participant] {
            send(route.request(&server.caller(caller.credential()), &objects)).await.is_guide_401();
        }
    }
}

#[tokio::test]
async fn every_management_route_refuses_invite_and_session_tokens_401() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let (objects, interview) = Objects::make(&organization).await;
    for route in Route::management() {
        send(route.request(&interview.invitee, &objects)).await.is_guide_401();
        send(route.request(&interview.participant, &objects)).await.is_guide_401();
    }
}

#[tokio::test]
async fn every_participant_route_refuses_api_keys_401() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let (objects, _) = Objects::make(&organization).await;
    for route in Route::participant() {
        send(route.request(&organization.admin, &objects)).await.is_guide_401();
    }
}

#[tokio::test]
async fn the_start_refuses_session_tokens_and_every_other_participant_route_refuses_invite_tokens_401() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let (objects, interview) = Objects::make(&organization).await;
    for route in Route::participant() {
        let is_start = route.template == "/v1/participant/session" && route.method == reqwest::Method::POST;
        let wrong = if is_start { &interview.participant } else { &interview.invitee };
        send(route.request(wrong, &objects)).await.is_guide_401();
    }
}
