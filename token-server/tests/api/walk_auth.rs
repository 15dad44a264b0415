//! Every route of `/auth` × every wrong key, every kind of bad body and whatever else may be in the way of a call: always
//! `{"error":"…"}`, byte for byte.

use domain::{api_key::KeySecret, organization::Plan, random::SeededEntropy, user::Role};
use protocol::Environment;
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::support::{
    Caller, Desk, Organization, Reply, TestServer,
    caller::send,
    users::{PASSWORD, Pair},
};

const EMAIL: &str = "ada@example.com";
const NOT_JSON: &str = "Send the body as JSON, with Content-Type: application/json.";

/// Every route, with a body that it would accept once.
fn routes(pair: &Pair) -> Vec<(Method, &'static str, Value)> {
    let routes = token_server::router::sign_in_routes();
    assert!(routes.len() >= 3, "the walk covers the router's whole list");
    let body = |path: &str| match path {
        "/auth/login" => json!({"email": EMAIL, "password": PASSWORD}),
        _ => json!({"refresh_token": pair.refresh_token}),
    };
    routes.into_iter().map(|(method, path)| (method, path, body(path))).collect()
}

struct Scene {
    server: TestServer,
    organization: Organization,
    desk: Desk,
    pair: Pair,
}

impl Scene {
    async fn new() -> Self {
        let server = TestServer::start().await;
        let organization = server.organization("Acme").await;
        server.user(&organization, EMAIL, Role::Owner).await;
        let desk = Desk::of(&server, Environment::Live, &organization.admin);
        let pair = desk.login(EMAIL).await;
        Self { server, organization, desk, pair }
    }

    /// Sends every route what `change` makes of a right body.
    async fn each(&self, change: impl Fn(RequestBuilder, &Value) -> RequestBuilder) -> Vec<Reply> {
        let mut replies = Vec::new();
        for (method, path, body) in routes(&self.pair) {
            replies.push(send(change(self.server.anonymous().request(method, path), &body)).await);
        }
        replies
    }

    fn key(&self) -> &str {
        self.organization.admin.credential()
    }

    /// None of the calls has done anything.
    async fn nothing_happened(&self) {
        assert!(self.server.bearer(&self.organization, &self.pair.token).await.is_ok());
        self.desk.refresh(&self.pair).await;
    }
}

#[tokio::test]
async fn every_route_refuses_what_is_no_valid_key_401() {
    let scene = Scene::new().await;
    let key = scene.key();
    let revoked = scene.organization.create_key(json!({"name": "Revoked"})).await;
    let path = format!("/v1/api-keys/{}", revoked["id"].as_str().unwrap());
    scene.organization.admin.delete(&path).await.expect(200);
    let expired = json!({"name": "Expired", "expires_at": "2026-01-31T12:01:00.000Z"});
    let expired = scene.organization.key(expired).await;
    scene.server.clock.advance_secs(60);
    let in_sandbox = scene.server.another_admin(&scene.organization, Environment::Test).await;
    let unknown = KeySecret::generate(Environment::Live, &SeededEntropy::new(99));
    let bearer = format!("Bearer {key}");
    for wrong in [
        "",
        " ",
        "random",
        "ir_live_sk_abc123",
        &key[..key.len() - 1],
        &format!("{key}x"),
        &key.to_lowercase(),
        &bearer,
        &format!("{key}, {key}"),
        unknown.expose(),
        &scene.pair.token,
        &scene.pair.refresh_token,
        revoked["key"].as_str().unwrap(),
        expired.credential(),
        in_sandbox.credential(),
    ] {
        for reply in scene.each(|request, body| request.header("x-api-key", wrong).json(body)).await {
            reply.is_plain_401();
        }
    }
    for reply in scene.each(RequestBuilder::json).await {
        reply.is_plain_401();
    }
    // Where the management API takes its key, there is the user here.
    for reply in scene.each(|request, body| request.bearer_auth(key).json(body)).await {
        reply.is_plain_401();
    }
    let twice = |request: RequestBuilder, body: &Value| {
        request.header("x-api-key", key).header("x-api-key", key).json(body)
    };
    for reply in scene.each(twice).await {
        reply.is_plain_401();
    }
    scene.nothing_happened().await;
}

#[tokio::test]
async fn no_route_of_the_management_api_takes_an_access_token_or_the_key_elsewhere_401() {
    let scene = Scene::new().await;
    scene.server.caller(&scene.pair.token).get("/v1/campaigns").await.is_guide_401();
    scene.server.caller(&scene.pair.refresh_token).get("/v1/campaigns").await.is_guide_401();
    scene.server.caller(&scene.pair.token).get("/v1/participant/session").await.is_guide_401();
    let request = scene.server.anonymous().request(Method::GET, "/v1/campaigns");
    send(request.header("x-api-key", scene.key())).await.is_guide_401();
}

#[tokio::test]
async fn every_route_refuses_a_key_that_may_not_be_used_from_here_403() {
    let scene = Scene::new().await;
    let elsewhere = json!({"name": "Elsewhere", "allowed_cidrs": ["203.0.113.0/24"]});
    let elsewhere = scene.organization.key(elsewhere).await;
    let key = elsewhere.credential();
    for reply in scene.each(|request, body| request.header("x-api-key", key).json(body)).await {
        reply.is_plain(403, "This API key may not be used from your address.");
    }
    scene.nothing_happened().await;
}

#[tokio::test]
async fn a_key_of_any_scope_will_do() {
    let scene = Scene::new().await;
    let reader = scene.organization.scoped(&["campaigns:read"]).await;
    Desk::of(&scene.server, Environment::Live, &reader).login(EMAIL).await;
}

#[tokio::test]
async fn every_route_refuses_a_body_of_another_type_400() {
    let scene = Scene::new().await;
    for content_type in [
        None,
        Some(""),
        Some("text/plain"),
        Some("application/x-www-form-urlencoded"),
        Some("multipart/form-data; boundary=x"),
    ] {
        let change = |request: RequestBuilder, body: &Value| {
            let request = request.header("x-api-key", scene.key()).body(body.to_string());
            match content_type {
                Some(content_type) => request.header("Content-Type", content_type),
                None => request,
            }
        };
        for reply in scene.each(change).await {
            reply.is_plain(400, NOT_JSON);
        }
    }
    scene.nothing_happened().await;
}

#[tokio::test]
async fn every_route_refuses_a_body_that_cannot_be_understood_400() {
    let scene = Scene::new().await;
    let with = async |body: String| {
        let change = |request: RequestBuilder, _: &Value| {
            let request = request.header("x-api-key", scene.key());
            request.header("Content-Type", "application/json").body(body.clone())
        };
        scene.each(change).await
    };
    for (body, text) in [
        ("", "The body is not valid JSON (at line 1, column 0)."),
        ("{", "The body is not valid JSON (at line 1, column 1)."),
        ("{}{}", "The body is not valid JSON (at line 1, column 3)."),
    ] {
        for reply in with(body.to_owned()).await {
            reply.is_plain(400, text);
        }
    }
    for body in ["[]", "null", "5", "\"x\"", "{\"email\":1,\"password\":2,\"refresh_token\":3}", "{}"] {
        for reply in with(body.to_owned()).await {
            assert_eq!(reply.status, 400, "{}: {}", reply.what, reply.text);
        }
    }
    for reply in scene
        .each(|request, body| {
            let mut body = body.clone();
            body["surprise"] = json!(1);
            request.header("x-api-key", scene.key()).json(&body)
        })
        .await
    {
        reply.is_plain(400, "Unknown field(s): surprise.");
    }
    let missing = scene.desk.post("/auth/login", json!({"email": EMAIL})).await;
    missing.is_plain(400, "password: Is required.");
    let large = json!({"refresh_token": "x".repeat(1_024 * 1_024)});
    let large = scene.desk.post("/auth/refresh", large).await;
    large.is_plain(413, "The body is too large. At most 1 MiB is accepted.");
    scene.nothing_happened().await;
}

#[tokio::test]
async fn every_route_refuses_another_method_405() {
    let scene = Scene::new().await;
    for (_, path, _) in routes(&scene.pair) {
        for method in [Method::GET, Method::PUT, Method::DELETE] {
            let reply = send(scene.server.anonymous().request(method, path)).await;
            reply.is_plain(
                405,
                "This address does not support that method. The Allow header lists those it does.",
            );
            assert_eq!(reply.header("allow"), Some("POST"));
        }
    }
}

#[tokio::test]
async fn requests_count_for_the_organizations_minute_and_one_too_many_is_429() {
    let server = TestServer::start().await;
    let free = server.organization_in("Free", Environment::Live, Plan::Free).await;
    let desk = Desk::of(&server, Environment::Live, &free.admin);
    for left in (0..100).rev() {
        let reply = desk.try_refresh("x").await;
        reply.is_plain_401();
        assert_eq!(reply.header("ratelimit"), Some(format!("\"default\";r={left};t=60").as_str()));
    }
    for path in ["/auth/login", "/auth/refresh", "/auth/logout"] {
        let refused = desk.post(path, json!({})).await;
        refused
            .is_plain(429, "Too many requests. Wait as long as the Retry-After header says, then try again.");
        assert_eq!(refused.header("retry-after"), Some("60"));
    }
    free.admin.get("/v1/campaigns").await.refused(403, "rate_limited");
}

#[tokio::test]
async fn requests_are_counted_as_the_use_of_their_key() {
    let scene = Scene::new().await;
    let key = scene.organization.create_key(json!({"name": "Desk"})).await;
    let desk = Desk::at(scene.server.url(Environment::Live), key["key"].as_str().unwrap());
    let pair = desk.login(EMAIL).await;
    desk.try_refresh("x").await.is_plain_401();
    assert_eq!(desk.logout(&pair).await.status, 204);
    let path = format!("/v1/api-keys/{}/usage", key["id"].as_str().unwrap());
    let usage = scene.organization.admin.get(&path).await.expect(200);
    assert_eq!((&usage["totals"]["requests"], &usage["totals"]["errors"]), (&json!(3), &json!(1)));
}

#[tokio::test]
async fn an_idempotency_key_means_nothing_so_that_no_token_is_kept() {
    let scene = Scene::new().await;
    let mut refresh_tokens = Vec::new();
    for _ in 0..2 {
        let body = json!({"email": EMAIL, "password": PASSWORD});
        let request = scene.server.anonymous().request(Method::POST, "/auth/login");
        let request = request.header("x-api-key", scene.key()).header("Idempotency-Key", "same").json(&body);
        let reply = send(request).await;
        assert_eq!(reply.header("idempotent-replayed"), None);
        refresh_tokens.push(Pair::of(&reply).refresh_token);
    }
    assert_ne!(refresh_tokens[0], refresh_tokens[1]);
}

#[tokio::test]
async fn no_page_may_read_an_answer() {
    let scene = Scene::new().await;
    let change = |request: RequestBuilder, body: &Value| {
        request.header("x-api-key", scene.key()).header("Origin", "https://example.com").json(body)
    };
    for reply in scene.each(change).await {
        assert_eq!(reply.header("access-control-allow-origin"), None);
        assert_eq!(reply.header("cache-control"), Some("no-store"));
    }
}

/// A caller of the sandbox is told that it has no such key, as everywhere.
#[tokio::test]
async fn a_live_key_on_the_sandbox_is_401() {
    let scene = Scene::new().await;
    let sandbox = Caller::new(scene.server.url(Environment::Test));
    for (method, path, body) in routes(&scene.pair) {
        let request = sandbox.request(method, path).header("x-api-key", scene.key()).json(&body);
        send(request).await.is_plain_401();
    }
}
