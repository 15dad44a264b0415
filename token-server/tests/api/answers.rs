//! `PUT /v1/participant/session/answers/:question_id`, committing.

use serde_json::{Value, json};

use crate::support::{Interview, Organization, TestServer, caller::members, guides};

async fn beginning(server: &TestServer) -> (Organization, Interview) {
    let organization = server.organization("Acme").await;
    let campaign = organization.campaign().await;
    let mut interview = organization.interview(&campaign).await;
    interview.consent().await;
    (organization, interview)
}

#[tokio::test]
async fn every_kind_is_answered_and_the_last_answer_completes_the_interview() {
    let server = TestServer::start().await;
    let (organization, mut interview) = beginning(&server).await;
    let mut asked = Vec::new();
    let mut progress = -1.0;
    while interview.turn["type"] == "question" {
        asked.push(interview.question().to_owned());
        let value = interview.usual_answer();
        let receipt = interview.answer(value).await;
        assert_eq!(members(&receipt), ["answer_id", "seq", "turn"]);
        assert!(receipt["answer_id"].as_str().unwrap().starts_with("ans_"));
        let now = receipt["turn"]["progress"].as_f64().unwrap();
        assert!(now >= progress, "progress never goes back");
        progress = now;
    }
    assert_eq!(asked, guides::EVERY_KIND);
    assert_eq!(
        interview.turn,
        json!({
            "type": "end", "progress": 1.0,
            "end": {"id": "thanks", "text": "Thank you, Ada.", "redirect_url": "https://example.com/thanks"}
        })
    );
    let session =
        organization.admin.get(&format!("/v1/sessions/{}", interview.session_id())).await.expect(200);
    assert_eq!((&session["status"], &session["answers"]), (&json!("completed"), &json!(12)));
}

#[tokio::test]
async fn every_kind_refuses_what_does_not_suit_it_422() {
    let server = TestServer::start().await;
    let (_, mut interview) = beginning(&server).await;
    let wrong: [(&str, &[(Value, &str)]); 12] = [
        ("welcome", &[(json!(true), "wrong_type"), (json!(""), "wrong_type")]),
        (
            "name",
            &[
                (json!(5), "wrong_type"),
                (Value::Null, "required"),
                (json!("   "), "required"),
                (json!("x".repeat(21)), "too_long"),
                (json!("Ada 2"), "pattern_mismatch"),
                (json!(["Ada"]), "wrong_type"),
                (json!({"text": "Ada"}), "wrong_type"),
            ],
        ),
        (
            "email",
            &[
                (json!("ada"), "invalid_email"),
                (json!("a@b"), "invalid_email"),
                (json!("a b@c.de"), "invalid_email"),
            ],
        ),
        ("agree", &[(json!(false), "not_accepted"), (json!("true"), "wrong_type"), (json!(1), "wrong_type")]),
        ("likes", &[(json!("yes"), "wrong_type"), (json!(0), "wrong_type"), (Value::Null, "required")]),
        (
            "tool",
            &[
                (json!("pen"), "unknown_choice"),
                (json!(["app"]), "wrong_type"),
                (json!("App"), "unknown_choice"),
            ],
        ),
        (
            "uses",
            &[
                (json!([]), "required"),
                (json!(["work", "home", "play"]), "too_many_choices"),
                (json!(["work", "work"]), "duplicate_choice"),
                (json!(["nap"]), "unknown_choice"),
                (json!("work"), "wrong_type"),
                (json!([1]), "wrong_type"),
            ],
        ),
        (
            "order",
            &[
                (json!(["speed", "price"]), "incomplete_ranking"),
                (json!(["speed", "price", "price"]), "duplicate_choice"),
                (json!(["speed", "price", "smell"]), "unknown_choice"),
            ],
        ),
        (
            "score",
            &[
                (json!(11), "too_large"),
                (json!(-1), "too_small"),
                (json!(2.5), "not_whole"),
                (json!("7"), "wrong_type"),
            ],
        ),
        (
            "notes",
            &[
                (json!(0.5), "too_small"),
                (json!(501), "too_large"),
                (json!("12"), "wrong_type"),
                (json!(1e300), "too_large"),
            ],
        ),
        (
            "since",
            &[
                (json!("1999-12-31"), "too_early"),
                (json!("2027-01-01"), "too_late"),
                (json!("2026-02-30"), "invalid_date"),
                (json!("yesterday"), "invalid_date"),
                (json!(20_260_131), "wrong_type"),
            ],
        ),
        ("why", &[(json!("x".repeat(5_001)), "too_long"), (Value::Null, "required")]),
    ];
    for (question, values) in wrong {
        assert_eq!(interview.question(), question);
        for (value, code) in values {
            let reply = interview.put(question, "wrong", value.clone()).await;
            reply.refused_with("validation_failed", &[("/value", code)]);
        }
        interview.answer(interview.usual_answer()).await;
    }
    assert_eq!(interview.turn["type"], "end");
}

#[tokio::test]
async fn a_question_that_is_not_required_can_be_skipped() {
    let server = TestServer::start().await;
    let (_, mut interview) = beginning(&server).await;
    interview.answer_until("email").await;
    assert_eq!(interview.turn["question"]["required"], false);
    interview.answer(Value::Null).await;
    assert_eq!(interview.question(), "agree");
}

#[tokio::test]
async fn an_answer_that_says_nothing_is_kept_as_skipped() {
    let server = TestServer::start().await;
    let (organization, mut interview) = beginning(&server).await;
    interview.answer_until("email").await;
    interview.answer(json!("  ")).await;
    let session = interview.session_id();
    let answers = organization.admin.get(&format!("/v1/sessions/{session}/answers")).await.expect(200);
    let email = answers["data"].as_array().unwrap().iter().find(|answer| answer["question_id"] == "email");
    assert_eq!(email.unwrap()["value"], Value::Null);
}

#[tokio::test]
async fn text_of_any_script_is_kept_to_the_letter() {
    let server = TestServer::start().await;
    let (organization, mut interview) = beginning(&server).await;
    interview.answer_until("why").await;
    let text =
        "<script>alert(1)</script> \u{202E}rtl 👩‍👩‍👧 名前 =SUM(A1) \\u0000 \u{0} \r\n'; DROP TABLE answers; --";
    interview.answer(json!(text)).await;
    let answers =
        organization.admin.get(&format!("/v1/sessions/{}/answers", interview.session_id())).await.expect(200);
    assert_eq!(answers["data"][11]["value"], text);
}

#[tokio::test]
async fn a_branch_leads_to_another_end() {
    let server = TestServer::start().await;
    let (_, mut interview) = beginning(&server).await;
    interview.answer_until("likes").await;
    interview.answer(json!(false)).await;
    interview.answer_until("order").await;
    interview.answer(interview.usual_answer()).await;
    assert_eq!(interview.turn["end"]["id"], "screen_out");
}

#[tokio::test]
async fn a_vague_answer_is_followed_by_probes_of_its_own() {
    let server = TestServer::start().await;
    let (organization, mut interview) = beginning(&server).await;
    interview.answer_until("why").await;
    interview.answer(json!("not sure")).await;
    let first = interview.turn["question"].clone();
    assert_eq!((&first["id"], &first["probe_of"]), (&json!("why~1"), &json!("why")));
    interview.answer(json!("dunno")).await;
    let second = interview.turn["question"].clone();
    assert_eq!(second["id"], "why~2");
    assert_ne!(first["text"], second["text"], "no probe is asked twice");
    interview.answer(json!("still not sure")).await;
    assert_eq!(interview.turn["type"], "end");
    let path = format!("/v1/sessions/{}/transcript", interview.session_id());
    let transcript = organization.admin.get(&path).await.expect(200);
    assert_eq!(transcript["entries"][12]["probe_of"], "why");
    assert_eq!(transcript["entries"][12]["question"], first["text"]);
}

#[tokio::test]
async fn the_same_client_id_gets_the_same_reply_to_the_letter_even_after_the_end() {
    let server = TestServer::start().await;
    let (organization, mut interview) = beginning(&server).await;
    interview.answer_until("name").await;
    let first = interview.put("name", "once", json!("Ada")).await;
    first.expect(200);
    server.clock.advance_secs(5);
    assert_eq!(interview.put("name", "once", json!("Ada")).await.text, first.text);
    assert_eq!(interview.put("name", "once", json!("Somebody else")).await.text, first.text);
    interview.turn = first.json()["turn"].clone();
    interview.finish().await;
    assert_eq!(interview.put("name", "once", json!("Ada")).await.text, first.text);
    let answers =
        organization.admin.get(&format!("/v1/sessions/{}/answers", interview.session_id())).await.expect(200);
    assert_eq!(answers["data"].as_array().unwrap().len(), 12);
    assert_eq!(answers["data"][1]["value"], "Ada");
}

#[tokio::test]
async fn a_client_id_of_another_question_is_refused_422() {
    let server = TestServer::start().await;
    let (_, mut interview) = beginning(&server).await;
    interview.answer_until("name").await;
    interview.put("name", "once", json!("Ada")).await.expect(200);
    interview.put("email", "once", json!("ada@example.com")).await.refused(422, "idempotency_mismatch");
    interview.put("nobody", "once", json!("x")).await.refused(422, "idempotency_mismatch");
}

#[tokio::test]
async fn an_answered_question_cannot_be_answered_again_409() {
    let server = TestServer::start().await;
    let (_, mut interview) = beginning(&server).await;
    interview.answer_until("email").await;
    interview.put("name", "again", json!("Eve")).await.refused(409, "conflict");
    let snapshot = interview.participant.get("/v1/participant/session").await.expect(200);
    assert_eq!(snapshot["answers"][1]["value"], "Ada");
    interview.finish().await;
    interview.put("name", "again", json!("Eve")).await.refused(409, "conflict");
}

#[tokio::test]
async fn a_later_question_and_one_that_does_not_exist_are_told_apart_by_nobody_404() {
    let server = TestServer::start().await;
    let (_, interview) = beginning(&server).await;
    let absent = interview.put("nobody", "c", json!("x")).await;
    absent.refused(404, "not_found");
    for later in ["name", "why", "why~1", "score", "%6e%61me", "a~9", "%20", "x".repeat(5_000).as_str()] {
        let reply = interview.put(later, "c", json!("x")).await;
        assert_eq!((reply.status, &reply.text), (404, &absent.text), "{later}");
    }
}

#[tokio::test]
async fn what_comes_with_an_answer_is_checked_422() {
    let server = TestServer::start().await;
    let (_, interview) = beginning(&server).await;
    let put = async |change: Value| {
        let mut body = json!({"client_id": "c", "seq": 1, "value": null, "elapsed_ms": 0, "final": true});
        body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        interview.participant.put("/v1/participant/session/answers/welcome", body).await
    };
    for client_id in ["", "a b", "ü", "\u{7}", &"x".repeat(65)] {
        put(json!({"client_id": client_id}))
            .await
            .refused_with("validation_failed", &[("/client_id", "invalid_value")]);
    }
    put(json!({"seq": -1})).await.refused_with("validation_failed", &[("/seq", "invalid_value")]);
    put(json!({"seq": u64::MAX})).await.refused_with("validation_failed", &[("/seq", "out_of_range")]);
    put(json!({"elapsed_ms": u64::MAX}))
        .await
        .refused_with("validation_failed", &[("/elapsed_ms", "out_of_range")]);
    put(json!({"final": "yes"})).await.refused_with("validation_failed", &[("/final", "invalid_value")]);
    put(json!({"client_id": "x".repeat(64), "seq": i64::MAX})).await.expect(200);
}

#[tokio::test]
async fn of_two_tabs_that_answer_at_once_one_wins_and_nothing_is_lost() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let campaign = organization.campaign_with(guides::short(), json!({})).await;
    for _ in 0..5 {
        let interview = organization.interview(&campaign).await;
        let other = Interview::start(&interview.invitee).await;
        let (left, right) = tokio::join!(
            interview.put("one", "left", json!("from the left")),
            other.put("one", "right", json!("from the right"))
        );
        let (won, lost, text) = match left.status {
            200 => (left, right, "from the left"),
            _ => (right, left, "from the right"),
        };
        won.expect(200);
        lost.refused(409, "conflict");
        let snapshot = other.participant.get("/v1/participant/session").await.expect(200);
        assert_eq!(snapshot["answers"].as_array().unwrap().len(), 1);
        assert_eq!(
            (&snapshot["answers"][0]["value"], &snapshot["turn"]["question"]["id"]),
            (&json!(text), &json!("two"))
        );
    }
}

#[tokio::test]
async fn twenty_copies_of_one_commit_make_one_answer_and_get_one_reply() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let campaign = organization.campaign_with(guides::short(), json!({})).await;
    let interview = std::sync::Arc::new(organization.interview(&campaign).await);
    let commits: Vec<_> = (0..20)
        .map(|_| {
            let interview = std::sync::Arc::clone(&interview);
            tokio::spawn(async move { interview.put("one", "same", json!("x")).await })
        })
        .collect();
    let mut replies = std::collections::HashSet::new();
    for commit in commits {
        let reply = commit.await.unwrap();
        reply.expect(200);
        replies.insert(reply.text);
    }
    assert_eq!(replies.len(), 1);
    let session =
        organization.admin.get(&format!("/v1/sessions/{}", interview.session_id())).await.expect(200);
    assert_eq!(session["answers"], 1);
}
