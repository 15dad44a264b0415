//! `GET /v1/participant/session/stream`

use std::time::{Duration, Instant};

use protocol::Environment;
use serde_json::json;

use crate::support::{
    Interview, TestServer, guides,
    organization::id_of,
    streams::{Event, Stream},
};

const PATH: &str = "/v1/participant/session/stream";

/// An interview of three questions, and one who listens to it and has heard the first turn.
async fn listened(server: &TestServer) -> (Interview, Stream, Event) {
    let organization = server.organization("Acme").await;
    let campaign = organization.campaign_with(guides::short(), json!({})).await;
    let interview = organization.interview(&campaign).await;
    let mut stream = Stream::open(&interview.participant, None).await;
    let first = stream.next().await.unwrap();
    (interview, stream, first)
}

#[tokio::test]
async fn what_another_tab_answers_is_told_until_the_interview_is_over() {
    let server = TestServer::start().await;
    let (mut interview, mut stream, first) = listened(&server).await;
    assert_eq!((first.kind.as_str(), &first.data["turn"]), ("turn", &interview.turn));
    let mut questions = Vec::new();
    while interview.turn["type"] == "question" {
        interview.answer(json!("Ada")).await;
        let told = stream.next().await.unwrap();
        assert_eq!(told.data["turn"], interview.turn);
        questions.push(told.data["turn"]["question"]["id"].clone());
    }
    assert_eq!(questions, [json!("two"), json!("three"), json!(null)]);
    assert_eq!(stream.next().await, None, "nothing comes after the end");
}

#[tokio::test]
async fn whoever_comes_back_is_told_only_what_they_have_not_heard() {
    let server = TestServer::start().await;
    let (mut interview, stream, first) = listened(&server).await;
    drop(stream);
    let mut again = Stream::open(&interview.participant, first.id.as_deref()).await;
    interview.answer(json!("Ada")).await;
    assert_eq!(again.next().await.unwrap().data["turn"]["question"]["id"], "two");
    // Something was missed meanwhile.
    let mut late = Stream::open(&interview.participant, first.id.as_deref()).await;
    assert_eq!(late.next().await.unwrap().data["turn"]["question"]["id"], "two");
}

#[tokio::test]
async fn the_end_is_told_also_to_those_who_have_heard_it_and_then_the_stream_ends() {
    let server = TestServer::start().await;
    let (mut interview, mut stream, _) = listened(&server).await;
    interview.finish().await;
    let mut last = stream.next().await.unwrap();
    while last.data["turn"]["type"] != "end" {
        last = stream.next().await.unwrap();
    }
    assert_eq!(last.data["session"]["status"], "completed");
    let mut again = Stream::open(&interview.participant, last.id.as_deref()).await;
    assert_eq!(again.next().await, Some(last));
    assert_eq!(again.next().await, None);
}

#[tokio::test]
async fn a_pause_is_told_and_a_draft_is_not() {
    let server = TestServer::start().await;
    let (interview, mut stream, _) = listened(&server).await;
    interview.draft(1, json!("Perhaps")).await.expect(200);
    interview.participant.post_nothing("/v1/participant/session/pause").await.expect(200);
    assert_eq!(stream.next().await.unwrap().data["session"]["status"], "paused");
}

#[tokio::test]
async fn a_stream_ends_with_the_reason_when_the_invite_is_cancelled() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let campaign = organization.campaign_with(guides::short(), json!({})).await;
    let key = organization.create_key(json!({"name": "Backend"})).await;
    let backend = organization.admin.with(key["key"].as_str().unwrap());
    let by_hand = organization.invite(&campaign).await;
    let by_key = backend.post("/v1/invites", json!({"campaign_id": campaign})).await.expect(201);
    let mut streams = Vec::new();
    for invite in [&by_hand, &by_key] {
        let interview =
            Interview::start(&organization.admin.with(invite["invite_token"].as_str().unwrap())).await;
        let mut stream = Stream::open(&interview.participant, None).await;
        stream.next().await.unwrap();
        streams.push(stream);
    }
    organization.admin.post_nothing(&format!("/v1/invites/{}/cancel", id_of(&by_hand))).await.expect(200);
    organization.admin.delete(&format!("/v1/api-keys/{}?cancel_invites=true", id_of(&key))).await.expect(200);
    for stream in &mut streams {
        let told = stream.next().await.unwrap();
        assert_eq!((told.kind.as_str(), &told.data["error"]["code"]), ("error", &json!("invite_cancelled")));
        assert_eq!((told.id.as_deref(), stream.next().await), (None, None));
    }
}

#[tokio::test]
async fn a_stream_of_somebody_who_was_erased_ends_and_tells_nothing_of_them() {
    let server = TestServer::start().await;
    let (interview, mut stream, _) = listened(&server).await;
    interview.participant.post_nothing("/v1/participant/session/withdraw").await.expect(200);
    let told = stream.next().await.unwrap();
    assert_eq!((told.kind.as_str(), &told.data["error"]["code"]), ("error", &json!("unauthorized")));
    assert_eq!(stream.next().await, None);
}

#[tokio::test]
async fn a_stream_lives_no_longer_than_its_token() {
    let server = TestServer::start().await;
    let (interview, mut stream, _) = listened(&server).await;
    // Leeway is ten seconds, as for every call.
    server.clock.advance_secs(909);
    interview.participant.post_nothing("/v1/participant/session/pause").await.expect(200);
    assert_eq!(stream.next().await.unwrap().kind, "turn");
    server.clock.advance_secs(1);
    server.shared.streams.wake_all();
    assert_eq!(stream.next().await.unwrap().data["error"]["code"], "unauthorized");
    assert_eq!(stream.next().await, None);
}

#[tokio::test]
async fn a_ninth_listener_has_to_wait_until_one_has_gone() {
    let server = TestServer::start().await;
    let (interview, stream, _) = listened(&server).await;
    let mut others = Vec::new();
    for _ in 1..8 {
        others.push(Stream::open(&interview.participant, None).await);
    }
    let refused = interview.participant.get(PATH).await;
    refused.refused(429, "too_many_requests");
    assert!(refused.header("retry-after").is_some());
    drop(stream);
    // The server hears of it when the connection is closed.
    let (streams, session) = (&server.shared.streams, interview.session_id().parse().unwrap());
    let deadline = Instant::now() + Duration::from_secs(30);
    while streams.listen(&session).is_none() {
        assert!(Instant::now() < deadline, "nobody has gone");
        tokio::task::yield_now().await;
    }
    assert_eq!(interview.participant.get(PATH).await.status, 200);
}

#[tokio::test]
async fn a_server_that_stops_ends_its_streams() {
    let server = TestServer::start().await;
    let (_, mut stream, _) = listened(&server).await;
    drop(server);
    assert_eq!(stream.next().await, None);
}

#[tokio::test]
async fn a_database_that_gives_no_answer_for_a_while_ends_no_stream() {
    const READERS: usize = 8;
    let server = TestServer::start().await;
    let (mut interview, mut stream, _) = listened(&server).await;
    let state = server.state(Environment::Live);
    let mut held = Vec::new();
    for _ in 0..READERS {
        held.push(state.store().read().await.unwrap());
    }
    state.shared.streams.wake_all();
    // Whoever is woken waits as long for a connection as these do, one after the other.
    for _ in 0..2 {
        assert!(state.store().read().await.is_err(), "all are taken");
    }
    drop(held);
    interview.answer(json!("Ada")).await;
    let told = stream.next().await.expect("the stream goes on");
    assert_eq!((told.kind.as_str(), &told.data["turn"]), ("turn", &interview.turn));
}
