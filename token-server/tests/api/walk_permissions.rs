//! Every management route × a key that may do something else: the 403 of the authentication guide, and nothing changes.

use serde_json::json;

use crate::support::{
    TestServer,
    caller::send,
    routes::{Objects, Route},
    snapshot::Snapshot,
};

#[tokio::test]
async fn every_management_route_refuses_a_key_with_an_unrelated_scope_403() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let (objects, _) = Objects::make(&organization).await;
    let unrelated = organization.scoped(&["pii:read"]).await;
    let none = organization.scoped(&[]).await;
    let before = Snapshot::of(&server, &[&organization]).await;
    for route in Route::management() {
        for caller in [&unrelated, &none] {
            send(route.request(caller, &objects)).await.is_guide_403();
        }
    }
    assert!(before == Snapshot::of(&server, &[&organization]).await, "something has changed");
}

#[tokio::test]
async fn every_route_that_writes_refuses_a_key_that_may_only_read_403() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let (objects, _) = Objects::make(&organization).await;
    let reading = [
        "campaigns:read",
        "invites:read",
        "sessions:read",
        "keys:read",
        "webhooks:read",
        "organization:read",
        "pii:read",
    ];
    let reader = organization.scoped(&reading).await;
    let before = Snapshot::of(&server, &[&organization]).await;
    for route in Route::management() {
        let reply = send(route.request(&reader, &objects)).await;
        if route.method == reqwest::Method::GET {
            assert_eq!(reply.status, 200, "{route:?}: {}", reply.text);
        } else {
            reply.is_guide_403();
        }
    }
    assert!(before == Snapshot::of(&server, &[&organization]).await, "something has changed");
}

#[tokio::test]
async fn the_permission_is_asked_before_the_object_and_the_body_are_looked_at_403() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let none = organization.scoped(&[]).await;
    for route in Route::management() {
        let nonsense = none.request(route.method.clone(), &route.path_with("nonsense")).body("{");
        send(nonsense).await.is_guide_403();
    }
}

#[tokio::test]
async fn a_snapshot_sees_each_change() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let (objects, mut interview) = Objects::make(&organization).await;
    let organizations = [&organization];
    let mut before = Snapshot::of(&server, &organizations).await;
    interview.consent().await;
    let after = Snapshot::of(&server, &organizations).await;
    assert!(before != after, "consent was given");
    before = after;
    let path = format!("/v1/campaigns/{}", objects.campaign);
    organization.admin.patch(&path, json!({"metadata": {"a": 1}})).await.expect(200);
    assert!(before != Snapshot::of(&server, &organizations).await, "a campaign was changed");
}
