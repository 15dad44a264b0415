//! `/v1/api-keys`

use domain::{api_key::KeySecret, organization::Plan};
use protocol::Environment;
use serde_json::{Value, json};

use crate::support::{Organization, TestServer, caller::members, organization::id_of};

const MEMBERS: [&str; 13] = [
    "created_at",
    "environment",
    "expires_at",
    "expires_soon",
    "id",
    "kind",
    "last4",
    "last_used_at",
    "name",
    "prefix",
    "rotate_by",
    "scopes",
    "status",
];

async fn list(organization: &Organization) -> Vec<Value> {
    let page = organization.admin.get("/v1/api-keys").await.expect(200);
    assert_eq!(members(&page), ["data", "has_more", "next_cursor"]);
    page["data"].as_array().unwrap().clone()
}

#[tokio::test]
async fn create_shows_the_key_once_201() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let created = organization.create_key(json!({"name": "Production"})).await;
    let key = created["key"].as_str().unwrap();
    let last4 = &key[key.len() - 4..];
    assert_eq!(
        created,
        json!({
            "key": key, "id": created["id"], "name": "Production", "prefix": format!("ir_live_...{last4}"), "last4": last4,
            "environment": "live", "kind": "standard", "status": "active", "created_at": "2026-01-31T12:00:00.000Z",
            "last_used_at": null, "expires_at": null, "expires_soon": false, "rotate_by": "2026-05-01T12:00:00.000Z",
            "scopes": [
                "campaigns:read", "campaigns:write", "invites:read", "invites:write", "sessions:read", "sessions:write",
                "webhooks:read", "webhooks:write", "keys:read", "keys:write", "organization:read", "pii:read"
            ]
        })
    );
    assert!(id_of(&created).starts_with("key_") && id_of(&created).len() == 4 + 26);
    assert!(key.starts_with("ir_live_sk_") && key.len() == 57 && KeySecret::parse(key).is_ok());
    let listed = list(&organization).await.into_iter().find(|one| one["id"] == created["id"]).unwrap();
    assert_eq!(members(&listed), MEMBERS);
}

#[tokio::test]
async fn a_sandbox_key_says_so() {
    let server = TestServer::start().await;
    let organization = server.organization_in("Acme", Environment::Test, Plan::SelfHosted).await;
    let created = organization.create_key(json!({"name": "Staging"})).await;
    assert!(created["key"].as_str().unwrap().starts_with("ir_test_sk_"));
    assert!(created["prefix"].as_str().unwrap().starts_with("ir_test_..."));
    assert_eq!(created["environment"], "test");
}

#[tokio::test]
async fn create_takes_every_member() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let created = organization
        .create_key(json!({
            "name": "Narrow", "kind": "admin", "scopes": ["organization:write", "keys:write"],
            "allowed_cidrs": ["127.0.0.1/32", "2001:db8::/32"], "expires_at": "2026-02-01T00:00:00Z"
        }))
        .await;
    assert_eq!(created["kind"], "admin");
    assert_eq!(created["scopes"], json!(["organization:write", "keys:write"]));
    assert_eq!(created["expires_at"], "2026-02-01T00:00:00.000Z");
}

#[tokio::test]
async fn create_refuses_a_standard_key_403() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let standard = organization.standard().await;
    standard.post("/v1/api-keys", json!({"name": "More"})).await.is_guide_403();
    let admin_without_scope =
        organization.key(json!({"name": "A", "kind": "admin", "scopes": ["keys:read"]})).await;
    admin_without_scope.post("/v1/api-keys", json!({"name": "More"})).await.is_guide_403();
}

#[tokio::test]
async fn create_lists_every_fault_422() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let create = async |body: Value| organization.admin.post("/v1/api-keys", body).await;
    let body = json!({
        "name": " ", "scopes": ["invites:read", "organization:write"], "allowed_cidrs": ["10.0.0.0/8", "nonsense", "10.0.0.1"],
        "expires_at": "2026-01-31T12:00:00.000Z"
    });
    create(body).await.refused_with(
        "validation_failed",
        &[
            ("/name", "too_short"),
            ("/scopes/1", "scope_not_allowed"),
            ("/expires_at", "in_the_past"),
            ("/allowed_cidrs/1", "invalid_cidr"),
            ("/allowed_cidrs/2", "invalid_cidr"),
        ],
    );
    create(json!({"name": "x".repeat(101)}))
        .await
        .refused_with("validation_failed", &[("/name", "too_long")]);
    create(json!({"name": "a\u{0}b"}))
        .await
        .refused_with("validation_failed", &[("/name", "control_character")]);
    create(json!({})).await.refused_with("validation_failed", &[("/name", "missing")]);
    create(json!({"name": "a", "kind": "root"}))
        .await
        .refused_with("validation_failed", &[("/kind", "invalid_value")]);
    let unknown_scope = create(json!({"name": "a", "scopes": ["everything"]})).await;
    unknown_scope.refused_with("validation_failed", &[("/scopes/0", "invalid_value")]);
    assert_eq!(list(&organization).await.len(), 1, "nothing was made");
}

#[tokio::test]
async fn a_name_may_have_100_characters_of_any_script() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let name = "名".repeat(100);
    assert_eq!(organization.create_key(json!({"name": name})).await["name"], name);
}

#[tokio::test]
async fn create_refuses_the_eleventh_key_of_the_free_plan_403() {
    let server = TestServer::start().await;
    let organization = server.organization_in("Small", Environment::Live, Plan::Free).await;
    let mut newest = Value::Null;
    for number in 2..=10 {
        newest = organization.create_key(json!({"name": format!("Key {number}")})).await;
    }
    let eleventh = async || organization.admin.post("/v1/api-keys", json!({"name": "Key 11"})).await;
    eleventh().await.refused(403, "plan_limit_exceeded");
    organization.admin.delete(&format!("/v1/api-keys/{}", id_of(&newest))).await.expect(200);
    eleventh().await.expect(201);
    eleventh().await.refused(403, "plan_limit_exceeded");
}

#[tokio::test]
async fn list_gives_the_newest_first_a_page_at_a_time() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    for number in 1..=4 {
        server.clock.advance_secs(1);
        organization.create_key(json!({"name": number.to_string()})).await;
    }
    let mut names = Vec::new();
    let mut path = "/v1/api-keys?limit=2".to_owned();
    loop {
        let page = organization.admin.get(&path).await.expect(200);
        names.extend(
            page["data"].as_array().unwrap().iter().map(|key| key["name"].as_str().unwrap().to_owned()),
        );
        let Some(cursor) = page["next_cursor"].as_str() else {
            assert_eq!(page["has_more"], false);
            break;
        };
        assert_eq!(page["has_more"], true);
        path = format!("/v1/api-keys?limit=2&cursor={cursor}");
    }
    assert_eq!(names, ["4", "3", "2", "1", "Admin"]);
}

#[tokio::test]
async fn a_standard_key_may_list_and_revoke() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let standard = organization.standard().await;
    let spare = id_of(&organization.create_key(json!({"name": "Spare"})).await);
    assert_eq!(standard.get("/v1/api-keys").await.expect(200)["data"].as_array().unwrap().len(), 3);
    assert_eq!(standard.delete(&format!("/v1/api-keys/{spare}")).await.expect(200)["status"], "revoked");
}

#[tokio::test]
async fn revoke_is_immediate_and_doing_it_twice_is_no_error() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let created = organization.create_key(json!({"name": "Leaked"})).await;
    let path = format!("/v1/api-keys/{}", id_of(&created));
    let leaked = server.caller(created["key"].as_str().unwrap());
    leaked.get("/v1/campaigns").await.expect(200);
    let revoked = organization.admin.delete(&path).await.expect(200);
    assert_eq!(members(&revoked), MEMBERS);
    assert_eq!(revoked["status"], "revoked");
    leaked.get("/v1/campaigns").await.is_guide_401();
    server.clock.advance_secs(5);
    assert_eq!(organization.admin.delete(&path).await.expect(200)["status"], "revoked");
}

#[tokio::test]
async fn a_key_may_revoke_itself_and_nothing_more_after_that() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let path = format!("/v1/api-keys/{}", organization.admin_key_id);
    organization.admin.delete(&path).await.expect(200);
    organization.admin.delete(&path).await.is_guide_401();
}

#[tokio::test]
async fn an_expired_key_is_listed_as_such_and_works_until_then() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let expiring = organization.key(json!({"name": "Brief", "expires_at": "2026-01-31T12:00:10.000Z"})).await;
    server.clock.advance_secs(9);
    expiring.get("/v1/campaigns").await.expect(200);
    server.clock.advance_secs(1);
    expiring.get("/v1/campaigns").await.is_guide_401();
    let brief = list(&organization).await.into_iter().find(|key| key["name"] == "Brief").unwrap();
    assert_eq!(brief["status"], "expired");
}

#[tokio::test]
async fn an_address_outside_the_keys_blocks_is_refused_403() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let inside = json!({"name": "In", "allowed_cidrs": ["2001:db8::/32", "127.0.0.0/8"]});
    organization.key(inside).await.get("/v1/campaigns").await.expect(200);
    let outside = organization.key(json!({"name": "Out", "allowed_cidrs": ["203.0.113.0/24"]})).await;
    outside.get("/v1/campaigns").await.refused(403, "ip_not_allowed");
    outside.post("/v1/campaigns", json!({"name": "n"})).await.refused(403, "ip_not_allowed");
}

#[tokio::test]
async fn when_a_key_was_last_used_is_written_down() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let used = organization.standard().await;
    server.clock.advance_secs(30);
    used.get("/v1/campaigns").await.expect(200);
    server.flush().await;
    let backend = list(&organization).await.into_iter().find(|key| key["name"] == "Backend").unwrap();
    assert_eq!(backend["last_used_at"], "2026-01-31T12:00:30.000Z");
}

#[tokio::test]
async fn a_secret_is_stored_as_a_bcrypt_hash_and_nothing_else() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let created = organization.create_key(json!({"name": "Secret"})).await;
    let key = created["key"].as_str().unwrap();
    server.caller(key).get("/v1/api-keys").await.expect(200);
    server.flush().await;
    // What is public: the prefix, the lookup id and the last four characters.
    let secret = &key[19..51];
    assert!(!server.database_contains(secret) && !server.database_contains(&key[..30]));
    assert!(server.database_contains("$2b$10$"), "bcrypt, with a cost of ten");
    let page = organization.admin.get("/v1/api-keys").await;
    assert!(!page.text.contains(secret) && !page.text.contains("$2b$"));
}
