//! `PUT /v1/participant/session/answers/:question_id`, saving a draft.

use serde_json::{Value, json};

use crate::support::{Interview, TestServer, caller::members};

async fn at_why(server: &TestServer) -> Interview {
    let organization = server.organization("Acme").await;
    let mut interview = organization.interview(&organization.campaign().await).await;
    interview.answer_until("why").await;
    interview
}

async fn draft_of(interview: &Interview) -> Value {
    interview.participant.get("/v1/participant/session").await.expect(200)["draft"].clone()
}

#[tokio::test]
async fn a_draft_is_kept_and_changes_nothing_else() {
    let server = TestServer::start().await;
    let interview = at_why(&server).await;
    let receipt = interview.draft(3, json!("It takes")).await.expect(200);
    assert_eq!(members(&receipt), ["answer_id", "seq", "turn"]);
    assert_eq!(
        (&receipt["answer_id"], &receipt["seq"], &receipt["turn"]),
        (&Value::Null, &json!(3), &interview.turn)
    );
    let saved = json!({"question_id": "why", "seq": 3, "value": "It takes"});
    assert_eq!(draft_of(&interview).await, saved);
    assert_eq!(Interview::start(&interview.invitee).await.started["draft"], saved);
}

#[tokio::test]
async fn a_later_draft_wins_and_an_earlier_one_overwrites_nothing() {
    let server = TestServer::start().await;
    let interview = at_why(&server).await;
    for (seq, text, kept_seq, kept) in [
        (5, "five", 5, "five"),
        (4, "four", 5, "five"),
        (5, "five again", 5, "five again"),
        (6, "six", 6, "six"),
        (0, "", 6, "six"),
    ] {
        let receipt = interview.draft(seq, json!(text)).await.expect(200);
        assert_eq!(receipt["seq"], kept_seq);
        assert_eq!(draft_of(&interview).await, json!({"question_id": "why", "seq": kept_seq, "value": kept}));
    }
}

#[tokio::test]
async fn a_draft_may_break_limits_that_the_answer_may_not() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let mut interview = organization.interview(&organization.campaign().await).await;
    interview.answer_until("name").await;
    for unfinished in [json!(""), json!("Ada 2"), Value::Null] {
        interview.draft(1, unfinished).await.expect(200);
    }
    interview.answer_until("notes").await;
    interview.draft(1, json!("1.")).await.expect(200);
    interview.answer_until("since").await;
    interview.draft(1, json!("2026-0")).await.expect(200);
}

#[tokio::test]
async fn a_draft_of_another_type_or_beyond_all_measure_is_refused_422() {
    let server = TestServer::start().await;
    let interview = at_why(&server).await;
    for (value, code) in [
        (json!(5), "wrong_type"),
        (json!(["x"]), "wrong_type"),
        (json!({}), "wrong_type"),
        (json!("x".repeat(300_000)), "too_long"),
    ] {
        interview.draft(1, value).await.refused_with("validation_failed", &[("/value", code)]);
    }
    assert_eq!(draft_of(&interview).await, Value::Null);
}

#[tokio::test]
async fn a_draft_is_for_the_open_question_409_404() {
    let server = TestServer::start().await;
    let interview = at_why(&server).await;
    let put = async |question: &str| {
        let body = json!({"client_id": "d", "seq": 1, "value": "x", "final": false});
        interview.participant.put(&format!("/v1/participant/session/answers/{question}"), body).await
    };
    put("name").await.refused(409, "conflict");
    put("why~1").await.refused(404, "not_found");
    put("nobody").await.refused(404, "not_found");
}

#[tokio::test]
async fn a_commit_ends_the_draft() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let mut interview = organization.interview(&organization.campaign().await).await;
    interview.answer_until("name").await;
    interview.draft(1, json!("Ad")).await.expect(200);
    interview.answer(json!("Ada")).await;
    assert_eq!(draft_of(&interview).await, Value::Null);
    interview.draft(1, json!("ada@")).await.expect(200);
    assert_eq!(
        draft_of(&interview).await["question_id"],
        "email",
        "the count begins anew with each question"
    );
}
