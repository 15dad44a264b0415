//! The life of a key: rotated, capped, revoked with what it made, warned about.

use domain::{clock::Clock as _, organization::Plan};
use protocol::Environment;
use serde_json::{Value, json};
use token_server::key_age::KeyAges;

use crate::support::{Caller, Interview, Organization, TestServer, organization::id_of};

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// A key with its id.
async fn made(organization: &Organization, body: Value) -> (String, Caller) {
    let created = organization.create_key(body).await;
    (id_of(&created), organization.admin.with(created["key"].as_str().unwrap()))
}

/// Rotates a key; gives the whole answer, and somebody with the new key.
async fn rotated(organization: &Organization, id: &str, body: Value) -> (Value, Caller) {
    let created = organization.admin.post(&format!("/v1/api-keys/{id}/rotate"), body).await.expect(201);
    let caller = organization.admin.with(created["key"].as_str().unwrap());
    (created, caller)
}

async fn find(organization: &Organization, id: &str) -> Value {
    let page = organization.admin.get("/v1/api-keys").await.expect(200);
    page["data"].as_array().unwrap().iter().find(|key| key["id"] == id).unwrap().clone()
}

async fn works(caller: &Caller) -> bool {
    let reply = caller.get("/v1/campaigns").await;
    if reply.status == 401 {
        reply.is_guide_401();
    } else {
        reply.expect(200);
    }
    reply.status == 200
}

#[tokio::test]
async fn rotate_gives_the_same_key_with_another_secret_201() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let body = json!({
        "name": "Backend", "scopes": ["campaigns:read"], "allowed_cidrs": ["127.0.0.0/8"], "kind": "admin"
    });
    let (id, old) = made(&organization, body).await;
    server.clock.advance_secs(HOUR);
    let (created, new) = rotated(&organization, &id, json!({})).await;
    assert_ne!(created["id"], id.as_str());
    assert_ne!(new.credential(), old.credential());
    let before = find(&organization, &id).await;
    for member in ["name", "kind", "scopes", "environment"] {
        assert_eq!(created[member], before[member], "{member}");
    }
    assert_eq!((&created["expires_at"], &created["last_used_at"]), (&Value::Null, &Value::Null));
    assert_eq!(created["created_at"], "2026-01-31T13:00:00.000Z");
    assert_eq!(before["expires_at"], "2026-02-01T13:00:00.000Z", "24 hours of overlap unless told otherwise");
    assert_eq!((&before["expires_soon"], &created["expires_soon"]), (&json!(true), &json!(false)));
    assert!(works(&old).await && works(&new).await);
    new.get("/v1/invites").await.is_guide_403();
}

#[tokio::test]
async fn both_keys_work_until_the_overlap_ends_and_only_the_new_one_after() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    for (body, hours) in
        [(json!({}), 24), (json!({"overlap_hours": 1}), 1), (json!({"overlap_hours": 168}), 168)]
    {
        let (id, old) = made(&organization, json!({"name": "Backend"})).await;
        let (_, new) = rotated(&organization, &id, body).await;
        server.clock.advance_secs(hours * HOUR - MINUTE);
        assert!(works(&old).await && works(&new).await, "a minute before the end of {hours} hours");
        server.clock.advance_secs(2 * MINUTE);
        assert!(!works(&old).await && works(&new).await, "a minute after the end of {hours} hours");
        assert_eq!(find(&organization, &id).await["status"], "expired");
    }
}

#[tokio::test]
async fn without_an_overlap_the_old_key_ends_at_once() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let (id, old) = made(&organization, json!({"name": "Leaked"})).await;
    assert!(works(&old).await);
    let (_, new) = rotated(&organization, &id, json!({"overlap_hours": 0})).await;
    assert!(!works(&old).await && works(&new).await);
    assert_eq!(find(&organization, &id).await["status"], "revoked");
}

#[tokio::test]
async fn a_key_that_expires_lives_as_long_again_and_never_longer_in_the_overlap() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let expiring = json!({"name": "Brief", "expires_at": "2026-01-31T14:00:00.000Z"});
    let (id, _) = made(&organization, expiring).await;
    server.clock.advance_secs(HOUR);
    let (created, _) = rotated(&organization, &id, json!({})).await;
    assert_eq!(created["expires_at"], "2026-01-31T15:00:00.000Z", "two hours, as the old one had");
    assert_eq!(find(&organization, &id).await["expires_at"], "2026-01-31T14:00:00.000Z");
}

#[tokio::test]
async fn a_key_is_rotated_once_and_only_while_it_works_409() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let rotate = async |id: &str| organization.admin.post_nothing(&format!("/v1/api-keys/{id}/rotate")).await;
    let (id, _) = made(&organization, json!({"name": "Backend"})).await;
    rotate(&id).await.expect(201);
    rotate(&id).await.refused(409, "conflict");
    let (revoked, _) = made(&organization, json!({"name": "Revoked"})).await;
    organization.admin.delete(&format!("/v1/api-keys/{revoked}")).await.expect(200);
    rotate(&revoked).await.refused(409, "conflict");
    let (expired, _) =
        made(&organization, json!({"name": "Expired", "expires_at": "2026-01-31T12:00:01.000Z"})).await;
    server.clock.advance_secs(1);
    rotate(&expired).await.refused(409, "conflict");
}

#[tokio::test]
async fn rotate_refuses_a_standard_key_403_and_a_long_overlap_422() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let (id, standard) = made(&organization, json!({"name": "Backend"})).await;
    let path = format!("/v1/api-keys/{id}/rotate");
    standard.post_nothing(&path).await.is_guide_403();
    let refused = organization.admin.post(&path, json!({"overlap_hours": 169})).await;
    refused.refused_with("validation_failed", &[("/overlap_hours", "out_of_range")]);
    let refused = organization.admin.post(&path, json!({"overlap_hours": -1})).await;
    refused.refused_with("validation_failed", &[("/overlap_hours", "invalid_value")]);
}

#[tokio::test]
async fn an_admin_key_may_rotate_itself() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let id = organization.admin_key_id.to_string();
    let (_, new) = rotated(&organization, &id, json!({"overlap_hours": 0})).await;
    assert!(!works(&organization.admin).await && works(&new).await);
    new.post("/v1/api-keys", json!({"name": "More"})).await.expect(201);
}

#[tokio::test]
async fn a_full_plan_can_rotate_but_not_by_a_chain_of_overlaps_403() {
    let server = TestServer::start().await;
    let organization = server.organization_in("Small", Environment::Live, Plan::Free).await;
    let mut newest = String::new();
    for number in 2..=10 {
        newest = made(&organization, json!({"name": format!("Key {number}")})).await.0;
    }
    let (created, _) = rotated(&organization, &newest, json!({})).await;
    let more = organization.admin.post("/v1/api-keys", json!({"name": "Key 11"})).await;
    more.refused(403, "plan_limit_exceeded");
    let next = format!("/v1/api-keys/{}/rotate", id_of(&created));
    organization.admin.post(&next, json!({})).await.refused(403, "plan_limit_exceeded");
    server.clock.advance_secs(DAY);
    organization.admin.post(&next, json!({})).await.expect(201);
}

#[tokio::test]
async fn the_26th_key_of_the_pro_plan_is_refused_403() {
    let server = TestServer::start().await;
    let organization = server.organization_in("Middle", Environment::Live, Plan::Pro).await;
    for number in 2..=25 {
        organization.create_key(json!({"name": format!("Key {number}")})).await;
    }
    let more = organization.admin.post("/v1/api-keys", json!({"name": "Key 26"})).await;
    more.refused(403, "plan_limit_exceeded");
}

#[tokio::test]
async fn an_enterprise_has_as_many_keys_as_it_likes() {
    let server = TestServer::start().await;
    let organization = server.organization_in("Large", Environment::Live, Plan::Enterprise).await;
    for number in 2..=26 {
        organization.create_key(json!({"name": format!("Key {number}")})).await;
    }
}

#[tokio::test]
async fn what_a_leaked_key_minted_can_be_cancelled_with_it() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let campaign = organization.campaign().await;
    let (id, leaked) = made(&organization, json!({"name": "Leaked"})).await;
    let mint = async |caller: &Caller| {
        caller.post("/v1/invites", json!({"campaign_id": campaign})).await.expect(201)
    };
    let token = |invite: &Value| organization.admin.with(invite["invite_token"].as_str().unwrap());
    let pending = mint(&leaked).await;
    let started = mint(&leaked).await;
    let interview = Interview::start(&token(&started)).await;
    let completed = mint(&leaked).await;
    Interview::start(&token(&completed)).await.finish().await;
    let other = mint(&organization.admin).await;
    let brief = json!({"campaign_id": campaign, "expires_in_s": 60});
    let expired = leaked.post("/v1/invites", brief).await.expect(201);
    server.clock.advance_secs(61);
    let status = async |invite: &Value| {
        let path = format!("/v1/invites/{}", id_of(invite));
        organization.admin.get(&path).await.expect(200)["status"].clone()
    };

    let path = format!("/v1/api-keys/{id}");
    organization.admin.delete(&format!("{path}?cancel_invites=maybe")).await.refused(400, "invalid_request");
    assert!(works(&leaked).await, "what was not understood has changed nothing");
    organization.admin.delete(&path).await.expect(200);
    assert_eq!(status(&pending).await, "pending", "not unless it is asked for");

    let revoked = organization.admin.delete(&format!("{path}?cancel_invites=true")).await.expect(200);
    assert_eq!(revoked["status"], "revoked");
    assert_eq!(status(&pending).await, "cancelled");
    assert_eq!(status(&started).await, "cancelled");
    assert_eq!(status(&expired).await, "cancelled", "so that nobody reissues it");
    assert_eq!(status(&completed).await, "completed");
    assert_eq!(status(&other).await, "pending");
    interview.participant.get("/v1/participant/session").await.refused(410, "invite_cancelled");
    token(&pending).post_nothing("/v1/participant/session").await.refused(410, "invite_cancelled");
    token(&other).post_nothing("/v1/participant/session").await.expect(200);
}

#[tokio::test]
async fn the_bare_cancel_invites_means_yes() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let campaign = organization.campaign().await;
    let (id, leaked) = made(&organization, json!({"name": "Leaked"})).await;
    let path = format!("/v1/api-keys/{id}");
    let invite = id_of(&leaked.post("/v1/invites", json!({"campaign_id": campaign})).await.expect(201));
    let status = async |invite: &str| {
        organization.admin.get(&format!("/v1/invites/{invite}")).await.expect(200)["status"].clone()
    };
    for wrong in ["1", "yes", "TRUE", "true%20", "False", "0"] {
        let reply = organization.admin.delete(&format!("{path}?cancel_invites={wrong}")).await;
        reply.refused(400, "invalid_request");
    }
    organization.admin.delete(&format!("{path}?cancel_invites=false")).await.expect(200);
    assert_eq!(status(&invite).await, "pending");
    organization.admin.delete(&format!("{path}?cancel_invites")).await.expect(200);
    assert_eq!(status(&invite).await, "cancelled");

    let (id, leaked) = made(&organization, json!({"name": "Leaked"})).await;
    let invite = id_of(&leaked.post("/v1/invites", json!({"campaign_id": campaign})).await.expect(201));
    organization.admin.delete(&format!("/v1/api-keys/{id}?cancel_invites=")).await.expect(200);
    assert_eq!(status(&invite).await, "cancelled");
}

#[tokio::test]
async fn a_key_that_ends_within_a_week_says_so() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let (id, _) =
        made(&organization, json!({"name": "Brief", "expires_at": "2026-02-08T12:00:00.000Z"})).await;
    let soon = async || find(&organization, &id).await["expires_soon"].clone();
    server.clock.advance_secs(DAY - 1);
    assert_eq!(soon().await, false);
    server.clock.advance_secs(1);
    assert_eq!(soon().await, true);
    server.clock.advance_secs(7 * DAY);
    assert_eq!(soon().await, false, "it has expired");
}

#[tokio::test]
async fn keys_of_more_than_ninety_days_are_warned_about_once_a_day() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let (replaced, _) = made(&organization, json!({"name": "Replaced"})).await;
    let (revoked, _) = made(&organization, json!({"name": "Revoked"})).await;
    organization.admin.delete(&format!("/v1/api-keys/{revoked}")).await.expect(200);
    let ages = KeyAges::default();
    let warned = async || -> Vec<String> {
        let keys = ages.warn(server.shared.store.as_ref(), server.clock.now()).await.unwrap();
        keys.into_iter().map(|key| key.name).collect()
    };
    server.clock.advance_secs(90 * DAY);
    assert_eq!(warned().await, Vec::<String>::new(), "not before the end of the 90th day");
    rotated(&organization, &replaced, json!({"overlap_hours": 168})).await;
    server.clock.advance_secs(DAY);
    assert_eq!(warned().await, ["Admin"]);
    server.clock.advance_secs(DAY - 1);
    assert_eq!(warned().await, Vec::<String>::new());
    server.clock.advance_secs(1);
    assert_eq!(warned().await, ["Admin"]);
}

#[tokio::test]
async fn behind_a_trusted_proxy_the_block_is_of_the_caller() {
    let rules = token_server::config::CallerRules {
        trusted_proxies: vec!["127.0.0.0/8".parse().unwrap(), "10.0.0.0/8".parse().unwrap()],
        ..Default::default()
    };
    let list = json!({"name": "Office", "allowed_cidrs": ["203.0.113.0/24", "::ffff:198.51.100.0/120"]});
    let cases = [
        ("203.0.113.7", 200),
        ("198.51.100.7", 200),
        ("::ffff:203.0.113.7", 200),
        ("1.1.1.1, 203.0.113.7, 10.1.2.3", 200),
        ("203.0.113.7, 1.1.1.1", 403),
        ("1.1.1.1", 403),
        ("nonsense", 403),
        ("203.0.113.7, nonsense", 403),
        (",", 403),
        ("", 403),
    ];
    let behind = TestServer::start_with(rules).await;
    let direct = TestServer::start().await;
    for (server, is_behind) in [(&behind, true), (&direct, false)] {
        let organization = server.organization("Acme").await;
        let (_, office) = made(&organization, list.clone()).await;
        for (forwarded, status) in cases {
            let request = office.request(reqwest::Method::GET, "/v1/campaigns");
            let reply = crate::support::caller::send(request.header("X-Forwarded-For", forwarded)).await;
            let expected = if is_behind { status } else { 403 };
            assert_eq!(reply.status, expected, "{forwarded:?}, behind a proxy: {is_behind}");
        }
    }
}
