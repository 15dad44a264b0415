//! How often a participant may call.

use reqwest::Method;
use serde_json::json;
use url::form_urlencoded::Serializer;

use crate::support::{
    Interview, Organization, Reply, TestServer,
    caller::send,
    guides,
    uploads::{self, begin, beginning, put},
};

const SESSION: &str = "/v1/participant/session";

async fn interview(organization: &Organization) -> Interview {
    let campaign = organization.campaign_with(guides::short(), json!({})).await;
    organization.interview(&campaign).await
}

async fn spend(interview: &Interview, calls: u32) {
    for _ in 0..calls {
        interview.participant.get(SESSION).await.expect(200);
    }
}

#[track_caller]
fn has_to_wait_a_second(reply: &Reply) {
    reply.refused(429, "too_many_requests");
    assert_eq!((reply.header("retry-after"), reply.header("ratelimit")), (Some("1"), None));
}

#[tokio::test]
async fn the_601st_call_of_a_session_in_a_minute_is_refused_and_succeeds_a_second_later_429() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let (first, second) = (interview(&organization).await, interview(&organization).await);
    spend(&first, 600).await;
    has_to_wait_a_second(&first.participant.get(SESSION).await);
    has_to_wait_a_second(&first.put("one", "c", json!("A")).await);
    let answer = json!({"client_id": "c", "seq": 1, "value": "A", "elapsed_ms": 1_500, "final": true});
    let form = Serializer::new(String::new())
        .extend_pairs([("access_token", first.participant.credential()), ("answer", &answer.to_string())])
        .finish();
    let request = server.anonymous().request(Method::POST, &format!("{SESSION}/answers/one"));
    let form = request.header("Content-Type", "application/x-www-form-urlencoded").body(form);
    has_to_wait_a_second(&send(form).await);
    spend(&second, 1).await;
    server.clock.advance_secs(1);
    let receipt = first.put("one", "c", json!("A")).await.expect(200);
    assert_eq!(receipt["turn"]["question"]["id"], "two");
}

#[tokio::test]
async fn a_token_that_is_no_good_uses_up_nothing() {
    let server = TestServer::start().await;
    let interview = interview(&server.organization("Acme").await).await;
    let forged = interview.participant.with(&format!("{}x", interview.participant.credential()));
    for _ in 0..20 {
        forged.get(SESSION).await.refused(401, "unauthorized");
    }
    spend(&interview, 600).await;
    has_to_wait_a_second(&interview.participant.get(SESSION).await);
}

#[tokio::test]
async fn parts_of_an_upload_do_not_count_as_other_calls_do() {
    let server = TestServer::start().await;
    let interview = uploads::interview(&server.organization("Acme").await).await;
    let begun = begin(&interview.participant, beginning("u-1", 3)).await.expect(201);
    let id = begun["upload"]["id"].as_str().unwrap();
    spend(&interview, 599).await;
    has_to_wait_a_second(&interview.participant.get(SESSION).await);
    put(&interview.participant, id, 1, b"abc").await.expect(200);
}

#[tokio::test]
async fn the_61st_start_of_an_invite_in_a_minute_is_refused_429() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let (first, second) = (interview(&organization).await, interview(&organization).await);
    for _ in 1..60 {
        first.invitee.post_nothing(SESSION).await.expect(200);
    }
    has_to_wait_a_second(&first.invitee.post_nothing(SESSION).await);
    second.invitee.post_nothing(SESSION).await.expect(200);
    spend(&first, 1).await;
    server.clock.advance_secs(1);
    first.invitee.post_nothing(SESSION).await.expect(200);
}
