//! `POST /v1/webhooks/:id/redeliver`: one delivery again, or those of a time.

use std::{collections::HashMap, time::Duration};

use reqwest::Method;
use serde_json::json;

use crate::{
    support::{Reply, caller::send, receiver::Receiver, writing::Writing},
    webhook_deliveries::{delivery, endpoint, start},
};

#[tokio::test]
async fn deliveries_are_sent_again_one_by_one_and_by_time_with_the_same_ids() {
    let (server, organization) = start().await;
    let campaign = organization.campaign().await;
    let mut receiver = Receiver::start().await;
    let (path, _) = endpoint(&organization, &receiver, json!([])).await;
    server.clock.advance_secs(60);
    organization.invite(&campaign).await;
    let first = receiver.next().await;
    delivery(&organization, &path, 1).await;
    let redeliver = format!("{path}/redeliver");
    let one = json!({"delivery_id": first.header("webhook-id")});
    assert_eq!(organization.admin.post(&redeliver, one).await.expect(202), json!({"queued": 1}));
    let again = receiver.next().await;
    assert_eq!((again.header("webhook-id"), &again.text), (first.header("webhook-id"), &first.text));
    let done = delivery(&organization, &path, 2).await;
    assert_eq!((&done["status"], &done["attempts"][1]["number"]), (&json!("delivered"), &json!(2)));

    // The campaign was activated before there was the endpoint; what was taken stays out unless it is wanted.
    let since = json!({"from": "2026-01-31T12:00:00.000Z"});
    assert_eq!(organization.admin.post(&redeliver, since).await.expect(202), json!({"queued": 2}));
    let mut kinds = HashMap::new();
    for _ in 0..2 {
        *kinds.entry(receiver.next().await.kind()).or_insert(0) += 1;
    }
    assert_eq!(
        kinds,
        HashMap::from([("api_key.created".to_owned(), 1), ("campaign.activated".to_owned(), 1)])
    );
    for _ in 0..2_000 {
        let pending = organization.admin.get(&format!("{path}/deliveries?status=pending")).await.expect(200);
        if pending["data"] == json!([]) {
            break;
        }
        tokio::task::yield_now().await;
    }
    let all = json!({"from": "2026-01-31T12:00:00.000Z", "include_delivered": true});
    assert_eq!(organization.admin.post(&redeliver, all).await.expect(202), json!({"queued": 3}));
}

#[tokio::test]
async fn a_time_with_more_events_than_a_commit_takes_is_sent_again_as_a_whole() {
    let (_server, organization) = start().await;
    let campaign = organization.campaign().await;
    let rows = vec![json!({"campaign_id": campaign}); 1_000];
    organization.admin.post("/v1/invites/batch", json!({"invites": rows})).await.expect(200);
    organization.invite(&campaign).await;
    let receiver = Receiver::start().await;
    let (path, _) = endpoint(&organization, &receiver, json!(["invite.created"])).await;
    let since = json!({"from": "2026-01-31T12:00:00.000Z"});
    let done = organization.admin.post(&format!("{path}/redeliver"), since).await.expect(202);
    assert_eq!(done, json!({"queued": 1_001}));
    let noted = organization.admin.get("/v1/audit-log?action=webhook.redelivered").await.expect(200);
    assert_eq!(noted["data"].as_array().unwrap().len(), 1, "{noted}");
}

#[tokio::test]
async fn a_time_is_sent_again_by_one_call_at_once_and_once_for_an_idempotency_key() {
    let (server, organization) = start().await;
    let receiver = Receiver::start().await;
    let (path, _) = endpoint(&organization, &receiver, json!([])).await;
    let ask = async || -> Reply {
        let since = json!({"from": "2026-01-31T12:00:00.000Z", "include_delivered": true});
        let request = organization.admin.request(Method::POST, &format!("{path}/redeliver"));
        send(request.header("Idempotency-Key", "again").json(&since)).await
    };
    // One of two begins and waits for its turn to write; the other one is told.
    let writing = Writing::begin(&server).await;
    let asked = futures_util::future::select(Box::pin(ask()), Box::pin(ask()));
    let asked = tokio::time::timeout(Duration::from_secs(20), asked).await.expect("it does not wait");
    let (told, other) = asked.factor_first();
    told.refused(409, "conflict");
    writing.end().await;
    let done = other.await;
    done.expect(202);
    let again = ask().await;
    assert_eq!((again.expect(202), again.header("idempotent-replayed")), (done.json(), Some("true")));
    let noted = organization.admin.get("/v1/audit-log?action=webhook.redelivered").await.expect(200);
    assert_eq!(noted["data"].as_array().unwrap().len(), 1, "{noted}");
}
