//! Questions in advance: `ahead` in the replies that carry a turn.

use serde_json::{Value, json};

use crate::support::{Interview, TestServer, caller::members, guides};

/// An interview of six questions, of which so many are told in advance.
async fn beginning(server: &TestServer, offline_questions: u32) -> Interview {
    let organization = server.organization("Acme").await;
    let mut guide = guides::long(6);
    guide["offline_questions"] = json!(offline_questions);
    let campaign = organization.campaign_with(guide, json!({})).await;
    organization.interview(&campaign).await
}

fn ids(reply: &Value) -> Vec<&str> {
    let ahead = reply["ahead"].as_array().unwrap_or_else(|| panic!("nothing ahead: {reply}"));
    ahead.iter().map(|ahead| ahead["question"]["id"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn every_reply_with_a_turn_tells_what_comes_then() {
    let server = TestServer::start().await;
    let mut interview = beginning(&server, 3).await;
    assert_eq!(ids(&interview.started), ["q1", "q2", "q3"]);
    let session = "/v1/participant/session";
    assert_eq!(ids(&interview.participant.get(session).await.expect(200)), ["q1", "q2", "q3"]);
    assert_eq!(ids(&interview.draft(1, json!("A")).await.expect(200)), ["q1", "q2", "q3"]);
    let paused = interview.participant.post_nothing(&format!("{session}/pause")).await.expect(200);
    assert_eq!(ids(&paused), ["q1", "q2", "q3"]);
    let consented = interview.participant.post(&format!("{session}/consent"), json!({"accepted": []})).await;
    assert_eq!(ids(&consented.expect(200)), ["q1", "q2", "q3"]);
    assert_eq!(ids(&interview.answer(json!("A")).await), ["q2", "q3", "q4"]);
    interview.answer_until("q4").await;
    assert_eq!(ids(&interview.participant.get(session).await.expect(200)), ["q5"]);
    let last = interview.answer(json!("A")).await;
    assert_eq!(members(&last), ["answer_id", "seq", "turn"], "beyond the last question there is nothing");
}

#[tokio::test]
async fn what_was_told_in_advance_comes_in_just_these_words() {
    let server = TestServer::start().await;
    let mut interview = beginning(&server, 20).await;
    let told = interview.started["ahead"].as_array().unwrap().clone();
    assert_eq!(told.len(), 5);
    for ahead in told {
        assert_eq!(members(&ahead), ["progress", "question"]);
        interview.answer(json!("A")).await;
        let came = json!({"type": "question", "progress": ahead["progress"], "question": ahead["question"]});
        assert_eq!(interview.turn, came);
    }
}

#[tokio::test]
async fn the_same_commit_gets_the_same_questions_again() {
    let server = TestServer::start().await;
    let mut interview = beginning(&server, 3).await;
    let first = interview.put("q0", "c0", json!("A")).await;
    assert_eq!(ids(&first.json()), ["q2", "q3", "q4"]);
    interview.turn = first.json()["turn"].clone();
    interview.answer(json!("A")).await;
    assert_eq!(interview.put("q0", "c0", json!("A")).await.text, first.text);
}

#[tokio::test]
async fn without_leave_of_the_guide_nothing_is_told() {
    let server = TestServer::start().await;
    let mut interview = beginning(&server, 0).await;
    assert_eq!(interview.started.get("ahead"), None);
    assert_eq!(interview.answer(json!("A")).await.get("ahead"), None);
}

#[tokio::test]
async fn a_guide_allows_twenty_at_most() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let campaign = organization.campaign().await;
    let mut guide = guides::short();
    guide["offline_questions"] = json!(21);
    let stored = organization.admin.put(&format!("/v1/campaigns/{campaign}/guide"), guide).await.expect(200);
    assert_eq!(stored["faults"][0]["pointer"], "/offline_questions");
    assert_eq!(stored["faults"][0]["code"], "out_of_range");
}
