//! `/v1/audit-log`

use domain::user::Role;
use protocol::{Environment, audit::AuditAction};
use serde_json::{Value, json};

use crate::support::{Desk, Organization, TestServer, caller::members, guides, organization::id_of};

async fn log(organization: &Organization, query: &str) -> Vec<Value> {
    let page = organization.admin.get(&format!("/v1/audit-log?limit=100&{query}")).await.expect(200);
    page["data"].as_array().unwrap().clone()
}

fn actions(events: &[Value]) -> Vec<&str> {
    events.iter().map(|event| event["action"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn each_change_is_in_the_log_with_who_did_it_to_what_when_and_in_which_request() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    server.clock.advance_secs(60);
    let body = json!({"name": "Secret name", "description": "Secret text"});
    let reply = organization.admin.post("/v1/campaigns", body).await;
    let events = log(&organization, "").await;
    let request_id = reply.header("x-request-id").unwrap();
    assert_eq!(
        events[0],
        json!({
            "id": events[0]["id"], "at": "2026-01-31T12:01:00.000Z", "environment": "live",
            "actor": {"type": "api_key", "id": organization.admin_key_id}, "action": "campaign.created",
            "target": {"type": "campaign", "id": id_of(&reply.expect(201))}, "request_id": request_id, "ip": "127.0.0.1"
        })
    );
    assert!(events[0]["id"].as_str().unwrap().starts_with("aud_"));
    assert_eq!(
        (&events[1]["action"], &events[1]["actor"], &events[1]["request_id"], &events[1]["ip"]),
        (&json!("api_key.created"), &json!({"type": "cli", "id": null}), &Value::Null, &Value::Null)
    );
    assert_eq!(events.len(), 2);
}

#[tokio::test]
async fn every_action_there_is_has_its_entry_once() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let admin = &organization.admin;
    let campaign = organization.campaign_with(guides::short(), json!({})).await;
    let path = format!("/v1/campaigns/{campaign}");
    admin.patch(&path, json!({"metadata": {"a": 1}})).await.expect(200);
    admin.patch(&path, json!({"metadata": {"a": 1}})).await.expect(200);
    admin.post_nothing(&format!("{path}/publish")).await.expect(200);
    let deleted = organization.interview(&campaign).await;
    admin.delete(&format!("/v1/sessions/{}", deleted.session_id())).await.expect(204);
    let withdrawn = organization.interview(&campaign).await.participant;
    withdrawn.post_nothing("/v1/participant/session/withdraw").await.expect(200);
    let erased = organization.invite(&campaign).await["participant_id"].as_str().unwrap().to_owned();
    for _ in 0..2 {
        admin.delete(&format!("/v1/participants/{erased}")).await.expect(200);
    }
    let invite = id_of(&organization.invite(&campaign).await);
    let lifetime = json!({"expires_in_s": 600});
    admin.post(&format!("/v1/invites/{invite}/extend"), lifetime.clone()).await.expect(200);
    admin.post(&format!("/v1/invites/{invite}/reissue"), lifetime).await.expect(200);
    admin.post_nothing(&format!("/v1/invites/{invite}/cancel")).await.expect(200);
    admin.post_nothing(&format!("/v1/invites/{invite}/cancel")).await.expect(200);
    for step in ["pause", "complete", "archive"] {
        organization.step(&campaign, step).await;
    }
    admin.delete(&format!("/v1/campaigns/{}", organization.draft().await)).await.expect(204);
    let key = id_of(&organization.create_key(json!({"name": "Key"})).await);
    let rotated =
        admin.post(&format!("/v1/api-keys/{key}/rotate"), json!({"overlap_hours": 1})).await.expect(201);
    for _ in 0..2 {
        admin.delete(&format!("/v1/api-keys/{}", id_of(&rotated))).await.expect(200);
    }
    let webhook = admin.post("/v1/webhooks", json!({"url": "https://hook.invalid/"})).await.expect(201);
    let webhook = format!("/v1/webhooks/{}", id_of(&webhook));
    admin.post_nothing(&format!("{webhook}/rotate-secret")).await.expect(200);
    let since = json!({"from": "2027-01-01T00:00:00.000Z"});
    admin.post(&format!("{webhook}/redeliver"), since).await.expect(202);
    for _ in 0..2 {
        admin.patch(&webhook, json!({"description": "CRM"})).await.expect(200);
    }
    admin.delete(&webhook).await.expect(204);
    let ada = server.user(&organization, "ada@example.com", Role::Editor).await;
    let desk = Desk::of(&server, Environment::Live, admin);
    let pair = desk.login("ada@example.com").await;
    desk.refresh(&pair).await;
    server.clock.advance_secs(11);
    for _ in 0..2 {
        desk.try_refresh(&pair.refresh_token).await.is_plain_401();
        server.disable(&ada).await;
    }
    for _ in 0..2 {
        server.restore(&ada, Role::Viewer).await;
    }
    server.give_password(&ada, "another horse battery").await;
    let events = log(&organization, "").await;
    let mut expected: Vec<_> = AuditAction::ALL.iter().map(|action| action.as_str()).collect();
    // The admin's own key and the one above; the campaign and the one that was deleted.
    expected.extend(["api_key.created", "campaign.created"]);
    expected.sort_unstable();
    let mut given = actions(&events);
    given.sort_unstable();
    assert_eq!(given, expected);
}

#[tokio::test]
async fn what_was_refused_is_not_in_the_log() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let campaign = organization.campaign_with(guides::short(), json!({})).await;
    let before = log(&organization, "").await;
    organization
        .admin
        .post_nothing(&format!("/v1/campaigns/{campaign}/archive"))
        .await
        .refused(409, "invalid_transition");
    organization.admin.post("/v1/campaigns", json!({"name": ""})).await.refused(422, "validation_failed");
    let reader = organization.scoped(&["campaigns:read"]).await;
    let with_key = log(&organization, "").await;
    reader.patch(&format!("/v1/campaigns/{campaign}"), json!({"name": "x"})).await.is_guide_403();
    assert_eq!(log(&organization, "").await, with_key);
    assert_eq!(with_key.len(), before.len() + 1);
}

#[tokio::test]
async fn the_log_is_listed_newest_first_a_page_at_a_time_and_by_filter() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let other = organization.create_key(json!({"name": "Other"})).await;
    let caller = server.caller(other["key"].as_str().unwrap());
    server.clock.advance_secs(60);
    let first = id_of(&caller.post("/v1/campaigns", json!({"name": "First"})).await.expect(201));
    server.clock.advance_secs(60);
    let second =
        id_of(&organization.admin.post("/v1/campaigns", json!({"name": "Second"})).await.expect(201));
    organization.admin.patch(&format!("/v1/campaigns/{second}"), json!({"name": "2"})).await.expect(200);

    let all = log(&organization, "").await;
    assert_eq!(
        actions(&all),
        ["campaign.updated", "campaign.created", "campaign.created", "api_key.created", "api_key.created"]
    );
    assert_eq!(
        members(&all[0]),
        ["action", "actor", "at", "environment", "id", "ip", "request_id", "target"]
    );
    let mut paged = Vec::new();
    let mut query = String::new();
    loop {
        let page = organization.admin.get(&format!("/v1/audit-log?limit=2{query}")).await.expect(200);
        paged.extend(page["data"].as_array().unwrap().clone());
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        query = format!("&cursor={cursor}");
    }
    assert_eq!(paged, all);

    assert_eq!(log(&organization, &format!("actor={}", id_of(&other))).await, [all[2].clone()]);
    assert_eq!(all[2]["target"]["id"], first);
    assert_eq!(log(&organization, &format!("target_id={second}")).await, all[..2]);
    assert_eq!(log(&organization, "action=api_key.created").await, all[3..]);
    assert_eq!(log(&organization, "from=2026-01-31T12:02:00Z").await, all[..2]);
    assert_eq!(log(&organization, "to=2026-01-31T12:01:00Z").await, all[3..]);
    assert_eq!(log(&organization, &format!("target_id={second}&action=campaign.updated")).await, all[..1]);
    for query in ["action=nothing", "from=yesterday", "to=1", "limit=0", "cursor=inv_1"] {
        organization.admin.get(&format!("/v1/audit-log?{query}")).await.refused(400, "invalid_request");
    }
}

#[tokio::test]
async fn each_organization_and_environment_has_a_log_of_its_own() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let stranger = server.organization("Stranger").await;
    let sandbox = server.another_admin(&organization, Environment::Test).await;
    organization.admin.post("/v1/campaigns", json!({"name": "Live"})).await.expect(201);
    let own = log(&organization, "").await;
    assert_eq!(own.len(), 2);
    let foreign = log(&stranger, "").await;
    assert_eq!(actions(&foreign), ["api_key.created"]);
    let in_sandbox = sandbox.get("/v1/audit-log").await.expect(200);
    assert_eq!(actions(in_sandbox["data"].as_array().unwrap()), ["api_key.created"]);
    assert_eq!(in_sandbox["data"][0]["environment"], "test");
    for query in ["actor", "target_id"] {
        let theirs = format!("{query}={}", organization.admin_key_id);
        assert_eq!(log(&stranger, &theirs).await, Vec::<Value>::new());
    }
    let cursor = own[0]["id"].as_str().unwrap();
    assert_eq!(log(&stranger, &format!("cursor={cursor}")).await, Vec::<Value>::new());
}

#[tokio::test]
async fn nothing_secret_and_nobody_is_named_in_the_log() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let campaign = organization.campaign().await;
    let person = json!({"participant_email": "ada@example.com", "participant_name": "Lovelace", "metadata": {"m": "planted"}});
    let invite = organization.invite_with(&campaign, person).await;
    organization.admin.post_nothing(&format!("/v1/invites/{}/reissue", id_of(&invite))).await.expect(200);
    let key = organization.create_key(json!({"name": "Name of a key"})).await;
    let log = organization.admin.get("/v1/audit-log").await;
    log.expect(200);
    for planted in [
        "ada@",
        "Lovelace",
        "planted",
        "Name of a key",
        "Research",
        "eyJ",
        key["key"].as_str().unwrap(),
        "ir_live_",
    ] {
        assert!(!log.text.contains(planted), "{planted}: {}", log.text);
    }
}
