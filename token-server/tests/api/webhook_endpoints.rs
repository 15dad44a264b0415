//! Webhook endpoints: made, changed, removed, and what is refused.

use domain::organization::Plan;
use protocol::Environment;
use serde_json::{Value, json};
use token_server::webhooks::calendar;

use crate::support::{Organization, TestServer, organization::id_of};

async fn start() -> (TestServer, Organization) {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    (server, organization)
}

const URL: &str = "https://example.com/hook";

#[tokio::test]
async fn a_new_endpoint_shows_its_secret_once() {
    let (_server, organization) = start().await;
    let admin = &organization.admin;
    let created = admin.post("/v1/webhooks", json!({"url": URL})).await.expect(201);
    let secret = created["secret"].as_str().unwrap();
    assert!(secret.starts_with("whsec_") && secret.len() == 50, "a prefix and 32 bytes in base64");
    assert_eq!(
        (&created["events"], &created["status"], &created["disabled_reason"]),
        (&json!([]), &json!("enabled"), &Value::Null)
    );
    let path = format!("/v1/webhooks/{}", id_of(&created));
    for shown in [admin.get(&path).await, admin.get("/v1/webhooks").await, admin.get("/v1/audit-log").await] {
        shown.expect(200);
        assert!(!shown.text.contains(secret), "{}", shown.what);
    }
    let log = admin.get("/v1/audit-log?action=webhook.created").await.expect(200);
    assert_eq!(log["data"][0]["target"], json!({"type": "webhook", "id": created["id"]}));
}

#[tokio::test]
async fn an_endpoint_changes_where_it_is_told_to_and_goes() {
    let (server, organization) = start().await;
    let admin = &organization.admin;
    let created = admin.post("/v1/webhooks", json!({"url": URL, "description": "CRM"})).await.expect(201);
    let path = format!("/v1/webhooks/{}", id_of(&created));
    server.clock.advance_secs(60);
    let changed = admin
        .patch(&path, json!({"events": ["interview.completed"], "status": "disabled"}))
        .await
        .expect(200);
    assert_eq!(
        (&changed["events"], &changed["description"], &changed["status"], &changed["disabled_reason"]),
        (&json!(["interview.completed"]), &json!("CRM"), &json!("disabled"), &json!("requested"))
    );
    assert_eq!(changed["updated_at"], "2026-01-31T12:01:00.000Z");
    assert_eq!(admin.get(&path).await.expect(200), changed);
    let enabled = admin.patch(&path, json!({"status": "enabled", "events": []})).await.expect(200);
    assert_eq!((&enabled["disabled_reason"], &enabled["events"]), (&Value::Null, &json!([])));
    admin.delete(&path).await.expect(204);
    admin.get(&path).await.refused(404, "not_found");
    admin.get(&format!("{path}/deliveries")).await.refused(404, "not_found");
    admin.patch(&path, json!({"status": "enabled"})).await.refused(404, "not_found");
    admin.delete(&path).await.refused(404, "not_found");
    assert_eq!(admin.get("/v1/webhooks").await.expect(200)["data"], json!([]));
    calendar::remove_deleted(&server.shared).await.unwrap();
    assert!(!server.shared.store.read().await.unwrap().has_deleted_endpoints().await.unwrap());
}

#[tokio::test]
async fn addresses_that_must_not_be_called_are_refused_with_their_place() {
    let (server, organization) = start().await;
    let sandbox = server.organization_in("Acme sandbox", Environment::Test, Plan::SelfHosted).await;
    let local = "http://127.0.0.1:9/hook";
    sandbox.admin.post("/v1/webhooks", json!({"url": local})).await.expect(201);
    for url in [
        local,
        "http://example.com/hook",
        "https://localhost/hook",
        "https://10.0.0.1/",
        "https://2130706433/",
        "https://[::1]/",
        "https://169.254.169.254/latest/meta-data",
        "https://user:pw@example.com/",
        "https://@example.com",
        "ftp://example.com/",
        "not a url",
        "",
    ] {
        let reply = organization.admin.post("/v1/webhooks", json!({"url": url})).await;
        let error = reply.refused(422, "validation_failed");
        assert_eq!(error["details"][0]["pointer"], "/url", "{url}");
    }
    let created = organization.admin.post("/v1/webhooks", json!({"url": URL})).await.expect(201);
    let path = format!("/v1/webhooks/{}", id_of(&created));
    organization.admin.patch(&path, json!({"url": local})).await.refused(422, "validation_failed");
    assert_eq!(organization.admin.get(&path).await.expect(200)["url"], URL);
}

#[tokio::test]
async fn an_address_is_kept_and_shown_as_it_is_called() {
    let (_server, organization) = start().await;
    let admin = &organization.admin;
    for (given, called) in [
        ("https://example.com", "https://example.com/"),
        ("https://example.com\\@127.0.0.1/", "https://example.com/@127.0.0.1/"),
        ("https://exa\nmple.com/", "https://example.com/"),
        ("HTTPS://BÜCHER.example:443/a b", "https://xn--bcher-kva.example/a%20b"),
    ] {
        let created = admin.post("/v1/webhooks", json!({"url": given})).await.expect(201);
        let path = format!("/v1/webhooks/{}", id_of(&created));
        assert_eq!(
            (&created["url"], &admin.get(&path).await.expect(200)["url"]),
            (&json!(called), &json!(called))
        );
        admin.patch(&path, json!({"url": URL})).await.expect(200);
        let changed = admin.patch(&path, json!({"url": given})).await.expect(200);
        assert_eq!(
            (&changed["url"], &admin.get(&path).await.expect(200)["url"]),
            (&json!(called), &json!(called))
        );
    }
}

#[tokio::test]
async fn bad_bodies_are_refused_with_each_fault() {
    let (_server, organization) = start().await;
    let admin = &organization.admin;
    let many = json!({
        "url": URL, "description": "x".repeat(501), "events": ["ping", "invite.created", "ping"]
    });
    let error = admin.post("/v1/webhooks", many).await.refused(422, "validation_failed");
    let pointers: Vec<_> =
        error["details"].as_array().unwrap().iter().map(|detail| &detail["pointer"]).collect();
    assert_eq!(pointers, ["/description", "/events/2"]);
    for body in [json!({"url": URL, "events": ["no.such"]}), json!({"events": []})] {
        admin.post("/v1/webhooks", body).await.refused(422, "validation_failed");
    }
    admin.post("/v1/webhooks", json!({"url": URL, "secret": "mine"})).await.refused(422, "unknown_field");
    let created = admin.post("/v1/webhooks", json!({"url": URL})).await.expect(201);
    let path = format!("/v1/webhooks/{}", id_of(&created));
    let rotate = format!("{path}/rotate-secret");
    admin.post(&rotate, json!({"overlap_hours": 169})).await.refused(422, "validation_failed");
    let redeliver = format!("{path}/redeliver");
    for body in [
        json!({}),
        json!({"delivery_id": "msg_1", "from": "2026-01-31T12:00:00.000Z"}),
        json!({"delivery_id": "msg_1", "include_delivered": true}),
        json!({"from": "2026-01-31T12:00:00.000Z", "to": "2026-01-31T12:00:00.000Z"}),
    ] {
        admin.post(&redeliver, body).await.refused(422, "validation_failed");
    }
    admin.post(&redeliver, json!({"delivery_id": "msg_1"})).await.refused(404, "not_found");
}

#[tokio::test]
async fn the_fifty_first_endpoint_is_one_too_many() {
    let (_server, organization) = start().await;
    for _ in 0..50 {
        organization.admin.post("/v1/webhooks", json!({"url": URL})).await.expect(201);
    }
    organization.admin.post("/v1/webhooks", json!({"url": URL})).await.refused(403, "plan_limit_exceeded");
}

#[tokio::test]
async fn a_seventh_secret_has_to_wait_until_one_of_those_before_has_ended() {
    let (server, organization) = start().await;
    let created = organization.admin.post("/v1/webhooks", json!({"url": URL})).await.expect(201);
    let path = format!("/v1/webhooks/{}/rotate-secret", id_of(&created));
    for hours in [3, 2, 4, 5, 6] {
        organization.admin.post(&path, json!({"overlap_hours": hours})).await.expect(200);
    }
    let refused = organization.admin.post_nothing(&path).await;
    let error = refused.refused(409, "conflict");
    let message = error["message"].as_str().unwrap();
    assert!(message.contains("The next of them ends at 2026-01-31T14:00:00.000Z"), "{message}");
    organization.admin.post(&path, json!({"overlap_hours": 0})).await.expect(200);
    server.clock.advance_secs(2 * 3_600);
    organization.admin.post_nothing(&path).await.expect(200);
}

#[tokio::test]
async fn a_disabled_endpoint_is_neither_tried_nor_sent_to_again() {
    let (_server, organization) = start().await;
    let body = json!({"url": URL, "status": "disabled"});
    let created = organization.admin.post("/v1/webhooks", body).await.expect(201);
    let path = format!("/v1/webhooks/{}", id_of(&created));
    organization.admin.post_nothing(&format!("{path}/test")).await.refused(409, "conflict");
    let since = json!({"from": "2026-01-31T12:00:00.000Z"});
    organization.admin.post(&format!("{path}/redeliver"), since).await.refused(409, "conflict");
}

#[tokio::test]
async fn the_same_idempotency_key_makes_one_endpoint_with_one_secret() {
    let (_server, organization) = start().await;
    let make = || async {
        let request = organization.admin.request(reqwest::Method::POST, "/v1/webhooks");
        let request = request.header("idempotency-key", "one").json(&json!({"url": URL}));
        crate::support::caller::send(request).await.expect(201)
    };
    assert_eq!(make().await, make().await);
    let list = organization.admin.get("/v1/webhooks").await.expect(200);
    assert_eq!(list["data"].as_array().unwrap().len(), 1);
}
