//! `POST /v1/participant/session/consent`

use serde_json::{Value, json};

use crate::support::{Interview, Reply, TestServer, caller::members, guides};

async fn agree(interview: &Interview, accepted: Value) -> Reply {
    interview.participant.post("/v1/participant/session/consent", json!({"accepted": accepted})).await
}

async fn beginning(server: &TestServer) -> Interview {
    let organization = server.organization("Acme").await;
    let campaign = organization.campaign().await;
    organization.interview(&campaign).await
}

#[tokio::test]
async fn agreeing_to_what_is_required_leads_to_the_first_question() {
    let server = TestServer::start().await;
    let interview = beginning(&server).await;
    let reply = agree(&interview, json!([{"id": "research", "version": 2}])).await.expect(200);
    assert_eq!(members(&reply), ["session", "turn"]);
    assert_eq!(
        reply,
        json!({
            "session": {"id": interview.session_id(), "status": "active", "progress": 0.0},
            "turn": {"type": "question", "progress": 0.0, "question": {
                "id": "welcome", "kind": "statement", "text": "We begin with you.", "required": false, "validate": {}
            }}
        })
    );
}

#[tokio::test]
async fn refusing_what_is_required_ends_the_interview() {
    let server = TestServer::start().await;
    let interview = beginning(&server).await;
    let declined = agree(&interview, json!([{"id": "quotes", "version": 1}])).await.expect(200);
    assert_eq!(declined["session"]["status"], "declined");
    assert_eq!(
        (&declined["turn"]["type"], &declined["turn"]["end"]["id"]),
        (&json!("end"), &json!("consent_declined"))
    );
    assert_eq!(declined["session"]["progress"], 1.0);
    interview.put("welcome", "c", Value::Null).await.refused(410, "invite_completed");
    let complete = interview.participant.post_nothing("/v1/participant/session/complete").await;
    complete.refused(409, "conflict");
    assert!(complete.text.contains("ended without being completed"), "{}", complete.text);
    let again = Interview::start(&interview.invitee).await;
    assert_eq!((again.session_id(), &again.turn), (interview.session_id(), &declined["turn"]));
}

#[tokio::test]
async fn a_reusable_invite_asks_anew_after_a_refusal() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let campaign = organization.campaign_with(guides::every_kind(), json!({"reuse": "reusable"})).await;
    let interview = organization.interview(&campaign).await;
    let declined = agree(&interview, json!([])).await.expect(200);
    assert_eq!(declined["session"]["status"], "declined");
    let next = Interview::start(&interview.invitee).await;
    assert_ne!(next.session_id(), interview.session_id());
    assert_eq!(next.turn["type"], "consent");
    let before = json!({"id": interview.session_id(), "status": "declined"});
    assert_eq!(next.started["previous_session"], before);
    let agreed = agree(&next, json!([{"id": "research", "version": 2}])).await.expect(200);
    assert_eq!(agreed["turn"]["type"], "question");
}

#[tokio::test]
async fn what_was_said_once_stays() {
    let server = TestServer::start().await;
    let interview = beginning(&server).await;
    let first = agree(&interview, json!([{"id": "research", "version": 2}])).await.expect(200);
    assert_eq!(agree(&interview, json!([])).await.expect(200), first);
    let other = TestServer::start().await;
    let interview = beginning(&other).await;
    let declined = agree(&interview, json!([])).await.expect(200);
    assert_eq!(agree(&interview, json!([{"id": "research", "version": 2}])).await.expect(200), declined);
}

#[tokio::test]
async fn an_item_or_a_wording_that_was_not_shown_is_refused_422() {
    let server = TestServer::start().await;
    let interview = beginning(&server).await;
    for accepted in [json!([{"id": "everything", "version": 1}]), json!([{"id": "research", "version": 1}])] {
        agree(&interview, accepted)
            .await
            .refused_with("validation_failed", &[("/accepted", "unknown_consent")]);
    }
    let missing = interview.participant.post("/v1/participant/session/consent", json!({})).await;
    missing.refused_with("validation_failed", &[("/accepted", "missing")]);
    let snapshot = interview.participant.get("/v1/participant/session").await.expect(200);
    assert_eq!(snapshot["turn"]["type"], "consent");
}

#[tokio::test]
async fn consent_comes_before_any_answer_409() {
    let server = TestServer::start().await;
    let interview = beginning(&server).await;
    interview.put("welcome", "c", Value::Null).await.refused(409, "conflict");
    // What does not exist is told in the same words.
    let known = interview.put("why", "c", json!("x")).await.text;
    assert_eq!(known, interview.put("nobody", "c", json!("x")).await.text);
}

#[tokio::test]
async fn a_guide_without_consent_begins_with_a_question() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let campaign = organization.campaign_with(guides::short(), json!({})).await;
    let interview = organization.interview(&campaign).await;
    assert_eq!((interview.question(), &interview.started["campaign"]["consent"]), ("one", &json!([])));
    assert_eq!(agree(&interview, json!([])).await.expect(200)["turn"], interview.turn);
}

#[tokio::test]
async fn an_interview_that_is_over_is_completed_once_whatever_is_agreed_to_afterwards() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let campaign = organization.campaign_with(guides::short(), json!({})).await;
    let mut interview = organization.interview(&campaign).await;
    interview.finish().await;
    let path = format!("/v1/sessions/{}", interview.session_id());
    let before = organization.admin.get(&path).await.expect(200);
    server.clock.advance_secs(60);
    let after = agree(&interview, json!([])).await.expect(200);
    assert_eq!((&after["session"]["status"], &after["turn"]), (&json!("completed"), &interview.turn));
    let session = organization.admin.get(&path).await.expect(200);
    assert_eq!(session["completed_at"], before["completed_at"]);
    let told = organization.admin.get("/v1/events?type=interview.completed").await.expect(200);
    assert_eq!(told["data"].as_array().unwrap().len(), 1);
}
