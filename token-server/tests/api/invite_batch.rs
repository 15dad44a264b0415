//! `POST /v1/invites/batch`

use serde_json::{Value, json};

use crate::support::{Interview, TestServer, caller::members, guides, organization::id_of};

async fn invites_of(organization: &crate::support::Organization) -> Vec<Value> {
    organization.admin.get("/v1/invites?limit=100").await.expect(200)["data"].as_array().unwrap().clone()
}

#[tokio::test]
async fn each_row_becomes_an_invite_like_any_other() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let campaign = organization.campaign().await;
    let single = organization.invite(&campaign).await;
    let rows: Vec<_> =
        (0..3).map(|n| json!({"campaign_id": campaign, "external_id": n.to_string()})).collect();
    let reply = organization.standard().await.post("/v1/invites/batch", json!({"invites": rows})).await;
    let answer = reply.expect(200);
    assert_eq!(members(&answer), ["data"]);
    let data = answer["data"].as_array().unwrap();
    assert_eq!(data.len(), 3);
    for (index, row) in data.iter().enumerate() {
        assert_eq!(members(row), ["index", "invite", "status"]);
        assert_eq!((&row["index"], &row["status"]), (&json!(index), &json!(201)));
        assert_eq!(members(&row["invite"]), members(&single));
        assert_eq!(row["invite"]["external_id"], index.to_string());
        Interview::start(&server.caller(row["invite"]["invite_token"].as_str().unwrap())).await;
    }
    assert_eq!(invites_of(&organization).await.len(), 4);
    let counters = organization.admin.get(&format!("/v1/campaigns/{campaign}")).await.expect(200);
    assert_eq!(counters["counters"]["invited"], 4);
}

#[tokio::test]
async fn a_row_that_is_refused_says_why_and_the_others_are_minted() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let foreign = server.organization("Stranger").await.campaign_with(guides::short(), json!({})).await;
    let campaign = organization.campaign().await;
    let paused = organization.campaign_with(guides::short(), json!({})).await;
    organization.step(&paused, "pause").await;
    let draft = organization.draft().await;
    let rows = [
        json!({"campaign_id": campaign, "participant_email": "first@example.com"}),
        json!({"campaign_id": campaign, "participant_email": "no address", "expires_in_s": 1}),
        json!({"campaign_id": campaign, "variables": {"seats": "many"}, "participant_email": "never@example.com"}),
        json!({"campaign_id": campaign, "surprise": 1}),
        json!({}),
        json!(5),
        json!({"campaign_id": foreign}),
        json!({"campaign_id": "camp_00000000000000000000000000"}),
        json!({"campaign_id": paused}),
        json!({"campaign_id": draft}),
        json!({"campaign_id": campaign, "participant_email": "last@example.com"}),
    ];
    let answer = organization.admin.post("/v1/invites/batch", json!({"invites": rows})).await.expect(200);
    let outcome = |row: &Value| {
        let error = &row["error"];
        assert!(error.is_null() || error["status"] == row["status"], "{row}");
        let pointers = error["details"].as_array().into_iter().flatten().map(|detail| &detail["pointer"]);
        (row["status"].as_u64().unwrap(), error["code"].clone(), pointers.cloned().collect::<Vec<_>>())
    };
    let outcomes: Vec<_> = answer["data"].as_array().unwrap().iter().map(outcome).collect();
    let refused = |status: u64, code: &str, pointers: &[&str]| {
        (status, json!(code), pointers.iter().map(|pointer| json!(pointer)).collect::<Vec<_>>())
    };
    assert_eq!(
        outcomes,
        [
            (201, Value::Null, vec![]),
            refused(422, "validation_failed", &["/invites/1/participant_email", "/invites/1/expires_in_s"]),
            refused(422, "validation_failed", &["/invites/2/variables/seats"]),
            refused(422, "unknown_field", &["/invites/3/surprise"]),
            refused(422, "validation_failed", &["/invites/4/campaign_id"]),
            refused(422, "validation_failed", &["/invites/5"]),
            refused(403, "forbidden", &[]),
            refused(404, "not_found", &[]),
            refused(409, "campaign_paused", &[]),
            refused(409, "conflict", &[]),
            (201, Value::Null, vec![]),
        ]
    );
    let mut emails: Vec<_> =
        invites_of(&organization).await.iter().map(|invite| invite["participant_email"].clone()).collect();
    emails.sort_by_key(ToString::to_string);
    assert_eq!(emails, ["first@example.com", "last@example.com"]);
    assert!(!server.database_contains("never@example.com"), "a refused row leaves nothing behind");
}

#[tokio::test]
async fn none_and_more_than_a_thousand_rows_are_refused_422() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let campaign = organization.campaign_with(guides::short(), json!({})).await;
    let batch = async |rows: usize| {
        let rows = vec![json!({"campaign_id": campaign}); rows];
        organization.admin.post("/v1/invites/batch", json!({"invites": rows})).await
    };
    batch(0).await.refused_with("validation_failed", &[("/invites", "too_few")]);
    batch(1_001).await.refused_with("validation_failed", &[("/invites", "too_many")]);
    assert_eq!(invites_of(&organization).await, Vec::<Value>::new());
    let most = batch(1_000).await.expect(200);
    let data = most["data"].as_array().unwrap();
    assert!(data.iter().all(|row| row["status"] == 201));
    let mut ids: Vec<_> = data.iter().map(|row| id_of(&row["invite"])).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 1_000);
}

#[tokio::test]
async fn names_and_addresses_are_hidden_without_the_scope_pii_read() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let campaign = organization.campaign().await;
    let blind = organization.scoped(&["invites:write"]).await;
    let row =
        json!({"campaign_id": campaign, "participant_email": "ada@example.com", "participant_name": "Ada"});
    let reply = blind.post("/v1/invites/batch", json!({"invites": [row]})).await;
    reply.expect(200);
    assert!(!reply.text.contains("ada@example.com") && !reply.text.contains("\"Ada\""), "{}", reply.text);
}
