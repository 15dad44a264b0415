//! A key gives no other key more than it has itself.

use serde_json::{Value, json};

use crate::support::{Caller, Organization, TestServer, organization::id_of};

/// Somebody with an admin key that has these limits beside `keys:write`.
async fn limited(organization: &Organization, limits: Value) -> Caller {
    let mut body = json!({"name": "Limited", "kind": "admin"});
    body.as_object_mut().unwrap().extend(limits.as_object().unwrap().clone());
    organization.key(body).await
}

fn with(name: &str, value: &Value) -> Value {
    json!({"name": "New", "kind": "admin", name: value})
}

#[tokio::test]
async fn create_refuses_scopes_that_the_caller_lacks_403() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let own = json!(["keys:write", "organization:write", "invites:read"]);
    let caller = limited(&organization, json!({"scopes": own})).await;
    for scopes in [json!(["invites:write"]), json!(["invites:read", "pii:read"])] {
        caller.post("/v1/api-keys", with("scopes", &scopes)).await.is_guide_403();
    }
    for scopes in [json!([]), json!(["invites:read"]), own.clone()] {
        let created = caller.post("/v1/api-keys", with("scopes", &scopes.clone())).await.expect(201);
        assert_eq!(created["scopes"], scopes);
    }
}

#[tokio::test]
async fn a_key_has_at_most_the_scopes_of_its_maker_unless_asked_otherwise() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let own = json!(["invites:read", "keys:write", "organization:write"]);
    let caller = limited(&organization, json!({"scopes": own})).await;
    let created = async |kind: &str| {
        let body = json!({"name": "New", "kind": kind});
        let mut scopes: Vec<String> =
            serde_json::from_value(caller.post("/v1/api-keys", body).await.expect(201)["scopes"].clone())
                .unwrap();
        scopes.sort_unstable();
        scopes
    };
    assert_eq!(created("admin").await, ["invites:read", "keys:write", "organization:write"]);
    assert_eq!(created("standard").await, ["invites:read", "keys:write"]);
    let whole = organization.create_key(json!({"name": "New"})).await;
    assert_eq!(whole["scopes"].as_array().unwrap().len(), 12, "all that a standard key may do");
}

#[tokio::test]
async fn create_refuses_addresses_beyond_those_of_the_caller_422() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let own = json!(["127.0.0.0/9", "127.128.0.0/9", "2001:db8::/32"]);
    let caller = limited(&organization, json!({"allowed_cidrs": own})).await;
    let beyond = [
        (json!([]), "/allowed_cidrs"),
        (json!(["0.0.0.0/0"]), "/allowed_cidrs/0"),
        (json!(["127.0.0.1/32", "::/0"]), "/allowed_cidrs/1"),
        (json!(["::ffff:0.0.0.0/96"]), "/allowed_cidrs/0"),
    ];
    for (cidrs, place) in beyond {
        let reply = caller.post("/v1/api-keys", with("allowed_cidrs", &cidrs)).await;
        reply.refused_with("validation_failed", &[(place, "beyond_own_key")]);
        assert!(reply.text.contains("or leave this member out"), "{}", reply.text);
    }
    let within = [json!(["127.0.0.0/8"]), json!(["127.0.0.1/32", "2001:db8:1::/48"]), own];
    for cidrs in within {
        caller.post("/v1/api-keys", with("allowed_cidrs", &cidrs)).await.expect(201);
    }
    let anywhere = json!(["203.0.113.0/24"]);
    organization.create_key(with("allowed_cidrs", &anywhere)).await;
}

#[tokio::test]
async fn a_key_works_from_the_addresses_of_its_maker_unless_asked_otherwise() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let caller = limited(&organization, json!({"allowed_cidrs": ["127.0.0.0/8"]})).await;
    let id = id_of(&caller.post("/v1/api-keys", json!({"name": "New"})).await.expect(201));
    let mut unit = server.shared.store.read().await.unwrap();
    let stored = unit.find_api_key(protocol::Environment::Live, &id.parse().unwrap()).await.unwrap();
    assert_eq!(stored.unwrap().allowed_cidrs, ["127.0.0.0/8"]);
}

#[tokio::test]
async fn create_refuses_an_end_after_that_of_the_caller_422() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let end = "2026-02-28T12:00:00.000Z";
    let caller = limited(&organization, json!({"expires_at": end})).await;
    let reply = caller.post("/v1/api-keys", with("expires_at", &json!("2026-02-28T12:00:00.001Z"))).await;
    reply.refused_with("validation_failed", &[("/expires_at", "beyond_own_key")]);
    assert!(reply.text.contains(end), "{}", reply.text);
    for (asked, given) in [
        (json!(end), end),
        (json!("2026-02-01T12:00:00.000Z"), "2026-02-01T12:00:00.000Z"),
        (Value::Null, end),
    ] {
        let created = caller.post("/v1/api-keys", with("expires_at", &asked)).await.expect(201);
        assert_eq!(created["expires_at"], given);
    }
}

#[tokio::test]
async fn rotate_refuses_a_key_that_is_good_for_more_than_the_callers_403() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let limits = json!({
        "scopes": ["keys:write", "keys:read", "invites:read"], "allowed_cidrs": ["127.0.0.0/8"],
        "expires_at": "2026-02-28T12:00:00.000Z"
    });
    let created = organization.create_key(with("scopes", &limits["scopes"].clone())).await;
    let by_scopes = organization.admin.with(created["key"].as_str().unwrap());
    let by_address = limited(&organization, json!({"allowed_cidrs": limits["allowed_cidrs"]})).await;
    let by_end = limited(&organization, json!({"expires_at": limits["expires_at"]})).await;
    let rotate =
        async |caller: &Caller, id: &str| caller.post_nothing(&format!("/v1/api-keys/{id}/rotate")).await;
    let whole = id_of(&organization.create_key(json!({"name": "Whole"})).await);
    for caller in [&by_scopes, &by_address, &by_end] {
        rotate(caller, &whole).await.is_guide_403();
        rotate(caller, organization.admin_key_id.as_str()).await.is_guide_403();
        let mut small = limits.clone();
        small["name"] = json!("Small");
        small["scopes"] = json!(["invites:read"]);
        rotate(caller, &id_of(&organization.create_key(small).await)).await.expect(201);
    }
    assert!(rotate(&by_scopes, &id_of(&created)).await.expect(201)["key"].is_string(), "its own");
    rotate(&organization.admin, &whole).await.expect(201);
}

#[tokio::test]
async fn a_key_that_expires_may_rotate_itself() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let body = json!({"name": "A", "kind": "admin", "expires_at": "2026-02-28T12:00:00.000Z"});
    let created = organization.create_key(body).await;
    server.clock.advance_secs(3_600);
    let caller = organization.admin.with(created["key"].as_str().unwrap());
    let path = format!("/v1/api-keys/{}/rotate", id_of(&created));
    assert_eq!(caller.post_nothing(&path).await.expect(201)["expires_at"], "2026-02-28T13:00:00.000Z");
}
