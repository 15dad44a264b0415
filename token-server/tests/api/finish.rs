//! `POST /v1/participant/session/pause` and `/complete`

use serde_json::json;

use crate::support::{Interview, TestServer, caller::members, guides};

async fn short(server: &TestServer) -> (crate::support::Organization, String, Interview) {
    let organization = server.organization("Acme").await;
    let campaign = organization.campaign_with(guides::short(), json!({})).await;
    let interview = organization.interview(&campaign).await;
    (organization, campaign, interview)
}

#[tokio::test]
async fn a_paused_session_goes_on_with_the_next_answer() {
    let server = TestServer::start().await;
    let (organization, _, mut interview) = short(&server).await;
    let paused = interview.participant.post_nothing("/v1/participant/session/pause").await.expect(200);
    assert_eq!(members(&paused), ["session", "turn"]);
    assert_eq!((&paused["session"]["status"], &paused["turn"]), (&json!("paused"), &interview.turn));
    let status = async || {
        organization.admin.get(&format!("/v1/sessions/{}", interview.session_id())).await.expect(200)["status"].clone()
    };
    assert_eq!(status().await, "paused");
    interview.draft(1, json!("a")).await.expect(200);
    assert_eq!(status().await, "active");
    interview.participant.post_nothing("/v1/participant/session/pause").await.expect(200);
    assert_eq!(Interview::start(&interview.invitee).await.started["session"]["status"], "active");
    interview.participant.post_nothing("/v1/participant/session/pause").await.expect(200);
    interview.finish().await;
    let after = interview.participant.post_nothing("/v1/participant/session/pause").await.expect(200);
    assert_eq!(after["session"]["status"], "completed", "pausing what is over changes nothing");
}

#[tokio::test]
async fn complete_refuses_before_the_end_409_and_tells_the_same_ever_after() {
    let server = TestServer::start().await;
    let (organization, campaign, mut interview) = short(&server).await;
    let path = "/v1/participant/session/complete";
    interview.participant.post_nothing(path).await.refused(409, "conflict");
    server.clock.advance_secs(10);
    interview.finish().await;
    let first = interview.participant.post_nothing(path).await;
    assert_eq!(
        first.expect(200),
        json!({"status": "completed", "completed_at": "2026-01-31T12:00:10.000Z", "answers": 3})
    );
    server.clock.advance_secs(60);
    assert_eq!(interview.participant.post_nothing(path).await.text, first.text);
    let counters =
        organization.admin.get(&format!("/v1/campaigns/{campaign}")).await.expect(200)["counters"].clone();
    assert_eq!(counters, json!({"invited": 1, "started": 1, "completed": 1, "abandoned": 0}));
}

#[tokio::test]
async fn the_commit_that_reaches_the_end_completes_the_interview_and_spends_the_invite() {
    let server = TestServer::start().await;
    let (organization, _, mut interview) = short(&server).await;
    interview.finish().await;
    let session =
        organization.admin.get(&format!("/v1/sessions/{}", interview.session_id())).await.expect(200);
    assert_eq!((&session["status"], &session["progress"]), (&json!("completed"), &json!(1.0)));
    let invites = organization.admin.get("/v1/invites?status=completed").await.expect(200);
    assert_eq!(invites["data"].as_array().unwrap().len(), 1);
    interview.put("one", "again", json!("x")).await.refused(409, "conflict");
    interview.put("four", "more", json!("x")).await.refused(410, "invite_completed");
}
