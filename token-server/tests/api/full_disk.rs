//! A database that has no room left says so and loses nothing, and goes on when there is room again.

use serde_json::{Value, json};
use storage::sqlite::SqliteStore;

use crate::support::{Interview, Organization, Reply, TestServer, guides, organization::id_of};

/// More than any test writes: as if there were no limit.
const ROOM: u32 = 1_000_000;
/// More questions than the pages that are there already have room for.
const QUESTIONS: usize = 300;

/// Lets the database grow no further. Pages that are free or half empty still take something.
fn fill(store: &SqliteStore) {
    store.limit_pages(1);
}

#[track_caller]
fn assert_is_full(reply: &Reply) {
    reply.refused(503, "unavailable");
    assert_eq!(reply.header("retry-after"), Some("1"), "{}", reply.what);
}

/// The questions that have an answer, as the customer reads them.
async fn answered(organization: &Organization, interview: &Interview) -> Vec<Value> {
    let path = format!("/v1/sessions/{}/answers", interview.session_id());
    let answers = organization.admin.get(&path).await.expect(200);
    answers["data"].as_array().unwrap().iter().map(|answer| answer["question_id"].clone()).collect()
}

#[tokio::test]
async fn an_answer_that_finds_no_room_is_503_and_taken_when_there_is_some() {
    let (server, store) = TestServer::start_on_sqlite().await;
    let organization = server.organization("Acme").await;
    let campaign = organization.campaign_with(guides::long(QUESTIONS), json!({})).await;
    let mut interview = organization.interview(&campaign).await;

    fill(&store);
    let value = json!("x".repeat(200));
    let mut acknowledged = Vec::new();
    let refused = loop {
        assert!(acknowledged.len() < QUESTIONS, "the database is full before");
        let question = interview.question().to_owned();
        let reply = interview.put(&question, &format!("c-{question}"), value.clone()).await;
        if reply.status != 200 {
            break reply;
        }
        interview.turn = reply.json()["turn"].clone();
        acknowledged.push(json!(question));
    };
    assert_is_full(&refused);
    assert_eq!(answered(&organization, &interview).await, acknowledged, "what was acknowledged, and no more");

    store.limit_pages(ROOM);
    let question = interview.question().to_owned();
    interview.put(&question, &format!("c-{question}"), value).await.expect(200);
    acknowledged.push(json!(question));
    assert_eq!(answered(&organization, &interview).await, acknowledged);
}

#[tokio::test]
async fn an_invite_that_finds_no_room_is_503_and_not_minted() {
    let (server, store) = TestServer::start_on_sqlite().await;
    let organization = server.organization("Acme").await;
    let campaign = organization.campaign().await;
    let body = json!({"campaign_id": campaign, "metadata": {"note": "x".repeat(16_000)}});

    fill(&store);
    let mut acknowledged = Vec::new();
    let refused = loop {
        assert!(acknowledged.len() < 50, "the database is full before");
        let reply = organization.admin.post("/v1/invites", body.clone()).await;
        if reply.status != 201 {
            break reply;
        }
        acknowledged.push(id_of(&reply.json()));
    };
    assert_is_full(&refused);
    let minted = async || {
        let page = organization.admin.get("/v1/invites?limit=100").await.expect(200);
        let mut ids: Vec<_> = page["data"].as_array().unwrap().iter().map(id_of).collect();
        ids.sort_unstable();
        ids
    };
    acknowledged.sort_unstable();
    assert_eq!(minted().await, acknowledged, "what was acknowledged, and no more");

    store.limit_pages(ROOM);
    acknowledged.push(id_of(&organization.admin.post("/v1/invites", body).await.expect(201)));
    acknowledged.sort_unstable();
    assert_eq!(minted().await, acknowledged);
}
