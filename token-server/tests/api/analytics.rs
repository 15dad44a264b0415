//! What a campaign's interviews come to.

use serde_json::{Value, json};

use crate::support::{Interview, TestServer, guides};

fn question<'a>(analytics: &'a Value, id: &str) -> &'a Value {
    let questions = analytics["questions"].as_array().unwrap();
    questions.iter().find(|question| question["question_id"] == id).unwrap()
}

#[tokio::test]
async fn a_campaign_without_sessions_has_its_questions_and_no_numbers() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let campaign = organization.campaign().await;
    let analytics = organization.admin.get(&format!("/v1/campaigns/{campaign}/analytics")).await.expect(200);
    assert_eq!(
        analytics["sessions"],
        json!({"started": 0, "active": 0, "paused": 0, "completed": 0, "declined": 0, "abandoned": 0})
    );
    assert_eq!((&analytics["completion_rate"], &analytics["duration_ms"]), (&Value::Null, &Value::Null));
    let questions = analytics["questions"].as_array().unwrap();
    let ids: Vec<_> = questions.iter().map(|question| question["question_id"].as_str().unwrap()).collect();
    assert_eq!(ids, guides::EVERY_KIND);
    assert_eq!(
        question(&analytics, "tool"),
        &json!({
            "question_id": "tool", "kind": "single_choice", "text": "Which tool?", "answered": 0, "skipped": 0,
            "abandoned_after": 0, "mean_elapsed_ms": null,
            "values": [{"value": "paper", "count": 0}, {"value": "app", "count": 0}]
        })
    );
}

#[tokio::test]
async fn sessions_are_counted_by_where_they_stand_and_answers_by_what_they_say() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let campaign = organization.campaign_with(guides::every_kind(), json!({"resume_window_s": 3_600})).await;
    // One leaves after "likes", one before any answer, one refuses; these are over an hour later.
    let mut left = organization.interview(&campaign).await;
    left.answer_until("tool").await;
    organization.interview(&campaign).await;
    let refuses = organization.interview(&campaign).await;
    refuses.participant.post("/v1/participant/session/consent", json!({"accepted": []})).await.expect(200);
    server.clock.advance_secs(3_600);
    let mut complete: Interview = organization.interview(&campaign).await;
    complete.answer_until("email").await;
    complete.answer(Value::Null).await;
    server.clock.advance_secs(90);
    complete.finish().await;
    let mut paused = organization.interview(&campaign).await;
    paused.answer_until("score").await;
    paused.answer(json!(2)).await;
    paused.participant.post_nothing("/v1/participant/session/pause").await.expect(200);

    let path = format!("/v1/campaigns/{campaign}/analytics");
    let analytics = organization.admin.get(&path).await.expect(200);
    assert_eq!(
        analytics["sessions"],
        json!({"started": 5, "active": 0, "paused": 1, "completed": 1, "declined": 1, "abandoned": 2})
    );
    assert_eq!(analytics["completion_rate"], 0.2);
    assert_eq!(analytics["duration_ms"], json!({"median": 90_000, "p90": 90_000}));
    assert_eq!(analytics["abandoned_before_first_answer"], 1);
    assert_eq!(question(&analytics, "likes")["abandoned_after"], 1);
    let email = question(&analytics, "email");
    assert_eq!((&email["answered"], &email["skipped"], &email["values"]), (&json!(2), &json!(1), &json!([])));
    assert_eq!(email["mean_elapsed_ms"], 1_500);
    let score = question(&analytics, "score");
    assert_eq!(score["numbers"], json!({"mean": 4.5, "min": 2.0, "max": 7.0}));
    assert_eq!(score["values"], json!([{"value": 2, "count": 1}, {"value": 7, "count": 1}]));
    assert_eq!(
        question(&analytics, "uses")["values"],
        json!([{"value": "work", "count": 2}, {"value": "home", "count": 2}, {"value": "play", "count": 0}])
    );
    assert_eq!(
        question(&analytics, "order")["values"],
        json!([
            {"value": "speed", "count": 2, "mean_place": 3.0},
            {"value": "price", "count": 2, "mean_place": 2.0},
            {"value": "looks", "count": 2, "mean_place": 1.0}
        ])
    );
    assert_eq!(
        question(&analytics, "likes")["values"],
        json!([{"value": true, "count": 3}, {"value": false, "count": 0}]),
        "what nobody said is there as well"
    );
    assert!(!analytics.to_string().contains("It takes minutes"), "what was written by hand is not shown");
}

#[tokio::test]
async fn only_sessions_that_began_in_a_time_are_counted_when_it_is_given() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let campaign = organization.campaign_with(guides::short(), json!({})).await;
    organization.interview(&campaign).await.finish().await;
    server.clock.advance_secs(60);
    organization.interview(&campaign).await.answer(json!("Later")).await;
    let path = format!("/v1/campaigns/{campaign}/analytics");
    let counted = async |query: &str| {
        let analytics = organization.admin.get(&format!("{path}?{query}")).await.expect(200);
        (analytics["sessions"]["started"].clone(), question(&analytics, "one")["answered"].clone())
    };
    let both = (json!(2), json!(2));
    let one = (json!(1), json!(1));
    assert_eq!(counted("").await, both);
    assert_eq!(counted("from=2026-01-31T12:01:00Z").await, one);
    assert_eq!(counted("to=2026-01-31T12:01:00Z").await, one);
    assert_eq!(counted("from=2026-01-31T12:00:00Z&to=2026-01-31T12:01:00.001Z").await, both);
    assert_eq!(counted("from=2026-01-31T12:01:00.001Z").await, (json!(0), json!(0)));
    let refused = organization.admin.get(&format!("{path}?from=yesterday")).await;
    assert!(refused.refused(400, "invalid_request")["message"].as_str().unwrap().contains("from"));
}

#[tokio::test]
async fn a_campaign_that_was_never_published_has_no_questions_yet() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let campaign = organization.draft().await;
    let analytics = organization.admin.get(&format!("/v1/campaigns/{campaign}/analytics")).await.expect(200);
    assert_eq!((&analytics["questions"], &analytics["sessions"]["started"]), (&json!([]), &json!(0)));
}

#[tokio::test]
async fn answers_take_the_scope_of_sessions() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let path = format!("/v1/campaigns/{}/analytics", organization.campaign().await);
    organization.scoped(&["campaigns:read"]).await.get(&path).await.refused(403, "forbidden");
    organization.scoped(&["sessions:read"]).await.get(&path).await.expect(200);
}

#[tokio::test]
async fn whoever_counts_waits_for_those_who_count_and_keeps_nobody_else_waiting() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let campaign = organization.campaign_with(guides::short(), json!({})).await;
    let path = format!("/v1/campaigns/{campaign}/analytics");
    let counting = &server.shared.counting;
    let turns = counting.acquire_many(u32::try_from(counting.available_permits()).unwrap()).await.unwrap();
    // More of them than there are connections to read by.
    let asked = futures_util::future::join_all((0..16).map(|_| organization.admin.get(&path)));
    tokio::pin!(asked);
    for _ in 0..50 {
        tokio::select! {
            biased;
            _ = &mut asked => panic!("they did not wait for their turn"),
            reply = organization.admin.get("/v1/campaigns") => drop(reply.expect(200)),
        }
    }
    drop(turns);
    for reply in asked.await {
        reply.expect(200);
    }
}
