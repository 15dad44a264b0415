//! Every route that writes × a key that ends while its request goes on: the 401 of the authentication guide, and nothing
//! changes.

use std::{num::NonZeroU32, sync::Arc};

use domain::{clock::Clock as _, organization::Plan};
use protocol::{Environment, ids::ApiKeyId, user::Role};
use reqwest::Method;
use serde_json::{Value, json};
use storage::StoreError;
use token_server::config::CallerRules;
use tokio::sync::oneshot;

use crate::support::{
    Desk, Organization, TestServer,
    caller::send,
    graphql::PLAIN_401,
    held::Held,
    organization::id_of,
    routes::{Objects, Route},
    snapshot::Snapshot,
    uploads::files,
    users::PASSWORD,
};

/// Routes that change something.
fn writing() -> Vec<Route> {
    let routes = Route::management().into_iter().filter(|route| route.method != Method::GET);
    let routes: Vec<_> = routes.collect();
    assert!(routes.len() >= 25, "the walk covers the router's whole list");
    routes
}

/// A key that may do everything, and ends in a second.
async fn brief(organization: &Organization, server: &TestServer) -> Value {
    let end = server.clock.now().plus_secs(1);
    organization.create_key(json!({"name": "Brief", "kind": "admin", "expires_at": end})).await
}

async fn revoke(organization: &Organization, key: &Value) {
    organization.admin.delete(&format!("/v1/api-keys/{}", id_of(key))).await.expect(200);
}

async fn hold(
    server: &TestServer,
    key: &Value,
    (route, path): (&Route, &str),
    name: Option<&str>,
    body: &Value,
) -> Held {
    let credential = format!("Bearer {}", key["key"].as_str().unwrap());
    let mut headers = vec![("Authorization", credential.as_str()), ("Content-Type", "application/json")];
    headers.extend(name.map(|name| ("Idempotency-Key", name)));
    let body = body.to_string();
    Held::begin(server.url(Environment::Live), (&route.method, path), &headers, body.as_bytes()).await
}

#[tokio::test]
async fn every_route_that_takes_a_body_refuses_a_key_that_ended_while_it_was_on_its_way_401() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let (objects, _) = Objects::make(&organization).await;
    let mut walked = 0;
    for route in writing() {
        let body = route.body(&objects);
        // Without a body of its own a POST reads one only to compare it.
        let names = match (&body, &route.method) {
            (Some(_), &Method::POST) => vec![None, Some("a")],
            (Some(_), _) => vec![None],
            (None, &Method::POST) => vec![Some("a")],
            (None, _) => continue,
        };
        let body = body.unwrap_or_else(|| json!({}));
        for name in names {
            for is_revoked in [true, false] {
                let key = brief(&organization, &server).await;
                let held = hold(&server, &key, (&route, &route.path(&objects)), name, &body).await;
                if is_revoked {
                    revoke(&organization, &key).await;
                } else {
                    server.clock.advance_secs(1);
                }
                let before = Snapshot::of(&server, &[&organization]).await;
                held.finish().await.is_guide_401();
                let after = Snapshot::of(&server, &[&organization]).await;
                assert!(before == after, "{route:?} has changed something");
                walked += 1;
            }
        }
    }
    assert!(walked >= 60, "{walked}");
}

#[tokio::test]
async fn every_route_that_writes_refuses_a_key_whose_revocation_is_committed_before_401() {
    let quota = NonZeroU32::new(1_000_000).unwrap();
    let callers = CallerRules { enterprise_requests_per_minute: Some(quota), ..CallerRules::default() };
    let server = TestServer::start_with(callers).await;
    let organization = server.organization_in("Acme", Environment::Live, Plan::Enterprise).await;
    let (objects, _) = Objects::make(&organization).await;
    let left = || server.shared.limits.take(Environment::Live, &organization.id, quota).remaining;
    for route in writing() {
        // One that ends may not rotate one that does not, and would be told so.
        let key = organization.create_key(json!({"name": "Leaked", "kind": "admin"})).await;
        let id: ApiKeyId = id_of(&key).parse().unwrap();
        let before = Snapshot::of(&server, &[&organization]).await.without_key(&id);
        let (revoked, is_revoked) = oneshot::channel();
        let (commit, is_told) = oneshot::channel::<()>();
        let (store, now, revoked_id) = (Arc::clone(&server.shared.store), server.clock.now(), id.clone());
        let revocation = tokio::spawn(async move {
            storage::write::<_, StoreError, _>(store.as_ref(), move |unit| {
                Box::pin(async move {
                    unit.revoke_api_key(Environment::Live, &revoked_id, now).await?;
                    revoked.send(()).unwrap();
                    is_told.await.unwrap();
                    Ok(())
                })
            })
            .await
        });
        is_revoked.await.unwrap();
        // Nobody sees yet that the key is revoked, and the writer has no time for anybody else.
        let request = route.request(&organization.admin.with(key["key"].as_str().unwrap()), &objects);
        let mut known = left();
        let request = tokio::spawn(send(request));
        loop {
            let now = left();
            if now + 1 < known {
                break;
            }
            // Each look takes one as well.
            assert!(now > 0, "{route:?} was never let in");
            known = now;
            tokio::task::yield_now().await;
        }
        commit.send(()).unwrap();
        revocation.await.unwrap().unwrap();
        request.await.unwrap().is_guide_401();
        let after = Snapshot::of(&server, &[&organization]).await.without_key(&id);
        assert!(before == after, "{route:?} has changed something");
    }
}

#[tokio::test]
async fn a_mint_from_memory_refuses_a_key_whose_end_came_while_the_body_was_on_its_way_401() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let body = json!({"campaign_id": organization.campaign().await});
    let key = brief(&organization, &server).await;
    let route = Route { method: Method::POST, template: "/v1/invites" };
    let ask = async || hold(&server, &key, (&route, "/v1/invites"), None, &body).await;
    ask().await.finish().await.expect(201);
    let held = ask().await;
    server.clock.advance_secs(1);
    held.finish().await.is_guide_401();
    let invites = organization.admin.get("/v1/invites").await.expect(200);
    assert_eq!(invites["data"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_key_that_was_revoked_while_the_body_was_on_its_way_gets_no_answer_again_401() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let key = organization.create_key(json!({"name": "Leaked", "kind": "admin"})).await;
    let route = Route { method: Method::POST, template: "/v1/api-keys" };
    let body = json!({"name": "Another"});
    let ask = async || hold(&server, &key, (&route, "/v1/api-keys"), Some("a"), &body).await;
    let first = ask().await.finish().await;
    assert!(first.expect(201)["key"].is_string());
    assert_eq!(ask().await.finish().await.text, first.text);
    let held = ask().await;
    revoke(&organization, &key).await;
    held.finish().await.is_guide_401();
}

/// How somebody who asks GraphQL comes to be nobody.
#[derive(Debug, Clone, Copy)]
enum End {
    Key,
    User,
    Role,
    SignIn,
}

const ENDS: [End; 4] = [End::Key, End::User, End::Role, End::SignIn];

async fn graphql(server: &TestServer, key: &Value, token: &str, kind: &str, body: &[u8]) -> Held {
    let (key, token) = (key["key"].as_str().unwrap(), format!("Bearer {token}"));
    let headers = [("x-api-key", key), ("Authorization", token.as_str()), ("Content-Type", kind)];
    Held::begin(server.url(Environment::Live), (&Method::POST, "/graphql"), &headers, body).await
}

/// Begins a request, ends what it was begun with, lets some time pass, and sends the rest.
async fn asked_across(end: End, kind: &str, body: &[u8], seconds: i64) -> (TestServer, Organization, String) {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let key = organization.create_key(json!({"name": "Leaked", "kind": "admin"})).await;
    let user = server.user(&organization, "ada@example.com", Role::Owner).await;
    let desk = Desk::of(&server, Environment::Live, &organization.admin);
    let pair = desk.login("ada@example.com").await;
    let held = graphql(&server, &key, &pair.token, kind, body).await;
    match end {
        End::Key => revoke(&organization, &key).await,
        End::User => server.disable(&user).await,
        End::Role => server.restore(&user, Role::Viewer).await,
        End::SignIn => {
            desk.logout(&pair).await.expect(204);
        }
    }
    server.clock.advance_secs(seconds);
    let text = held.finish().await.text;
    (server, organization, text)
}

#[tokio::test]
async fn graphql_does_nothing_for_a_key_or_a_user_that_ended_while_the_body_was_on_its_way() {
    let document = json!({"query": r#"mutation { createInterview(input: {title: "Mine"}) { id } }"#});
    let document = document.to_string();
    for end in ENDS {
        for seconds in [0, 2] {
            let body = document.as_bytes();
            let (_server, organization, text) = asked_across(end, "application/json", body, seconds).await;
            let is_refused = text == PLAIN_401 || text.contains(r#""code":"unauthorized""#);
            assert!(is_refused, "{end:?}: {text}");
            assert_eq!(organization.admin.get("/v1/campaigns").await.expect(200)["data"], json!([]));
        }
    }
}

#[tokio::test]
async fn graphql_tells_nothing_to_a_key_or_a_user_that_ended_more_than_a_second_ago_401() {
    for end in ENDS {
        let body = br#"{"query": "{ me { id } }"}"#;
        let (_server, _organization, text) = asked_across(end, "application/json", body, 2).await;
        assert_eq!(text, PLAIN_401, "{end:?}");
    }
}

#[tokio::test]
async fn graphql_stores_no_file_of_a_key_that_was_revoked_while_it_was_on_its_way() {
    let query = "mutation ($file: Upload!) { uploadFile(file: $file) { id } }";
    let operations = json!({"query": query, "variables": {"file": null}});
    let parts = [
        ("name=\"operations\"", operations.to_string()),
        ("name=\"map\"", json!({"0": ["variables.file"]}).to_string()),
        ("name=\"0\"; filename=\"a.txt\"\r\nContent-Type: text/plain", "abc".to_owned()),
    ];
    let parts =
        parts.map(|(head, text)| format!("--x\r\nContent-Disposition: form-data; {head}\r\n\r\n{text}\r\n"));
    let body = format!("{}--x--\r\n", parts.concat());
    let kind = "multipart/form-data; boundary=x";
    let (server, _organization, text) = asked_across(End::Key, kind, body.as_bytes(), 0).await;
    assert!(text.contains(r#""code":"unauthorized""#), "{text}");
    assert!(files(&server).is_empty());
}

#[tokio::test]
async fn graphql_deletes_no_file_for_a_key_that_was_revoked_while_the_document_was_on_its_way() {
    let body = br#"{"query": "mutation { deleteFile(id: \"upl_1\") { id } }"}"#;
    let (_server, _organization, text) = asked_across(End::Key, "application/json", body, 0).await;
    // Who is refused learns nothing of whether there is such a file.
    assert!(text.contains(r#""code":"unauthorized""#), "{text}");
}

#[tokio::test]
async fn nobody_signs_in_beside_a_key_that_was_revoked_more_than_a_second_ago_401() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    server.user(&organization, "ada@example.com", Role::Owner).await;
    let desk = Desk::of(&server, Environment::Live, &organization.admin);
    let pair = desk.login("ada@example.com").await;
    for (path, body) in [
        ("/auth/login", json!({"email": "ada@example.com", "password": PASSWORD})),
        ("/auth/refresh", json!({"refresh_token": pair.refresh_token})),
        ("/auth/logout", json!({"refresh_token": pair.refresh_token})),
    ] {
        let key = organization.create_key(json!({"name": "Leaked"})).await;
        let headers = [("x-api-key", key["key"].as_str().unwrap()), ("Content-Type", "application/json")];
        let body = body.to_string();
        let url = server.url(Environment::Live);
        let held = Held::begin(url, (&Method::POST, path), &headers, body.as_bytes()).await;
        revoke(&organization, &key).await;
        server.clock.advance_secs(1);
        held.finish().await.is_plain_401();
    }
    desk.refresh(&pair).await;
}
