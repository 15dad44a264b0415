//! `/v1/sessions`

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{
    Organization, TestServer,
    caller::{members, send},
    guides,
    organization::id_of,
};

async fn ids(organization: &Organization, query: &str) -> Vec<String> {
    let page = organization.admin.get(&format!("/v1/sessions{query}")).await.expect(200);
    page["data"].as_array().unwrap().iter().map(id_of).collect()
}

#[tokio::test]
async fn get_gives_the_session() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let campaign = organization.campaign().await;
    let mut interview = organization.interview(&campaign).await;
    server.clock.advance_secs(30);
    interview.answer_until("email").await;
    let session =
        organization.admin.get(&format!("/v1/sessions/{}", interview.session_id())).await.expect(200);
    assert_eq!(
        session,
        json!({
            "id": interview.session_id(), "campaign_id": campaign, "invite_id": session["invite_id"],
            "participant_id": session["participant_id"], "environment": "live", "guide_version": 1, "locale": "en", "status": "active",
            "progress": session["progress"], "answers": 2, "started_at": "2026-01-31T12:00:00.000Z",
            "last_activity_at": "2026-01-31T12:00:30.000Z", "completed_at": null
        })
    );
    assert!((0.1..0.3).contains(&session["progress"].as_f64().unwrap()));
    let invite = organization
        .admin
        .get(&format!("/v1/invites/{}", session["invite_id"].as_str().unwrap()))
        .await
        .expect(200);
    assert_eq!(
        (&invite["status"], &invite["participant_id"]),
        (&json!("started"), &session["participant_id"])
    );
}

#[tokio::test]
async fn list_filters_by_campaign_invite_and_status_and_pages_join_up() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let first = organization.campaign_with(guides::short(), json!({})).await;
    let second = organization.campaign().await;
    let mut begun = Vec::new();
    for campaign in [&first, &first, &second] {
        server.clock.advance_secs(1);
        begun.insert(0, organization.interview(campaign).await);
    }
    begun[2].finish().await;
    begun[1].participant.post_nothing("/v1/participant/session/pause").await.expect(200);
    let declined =
        begun[0].participant.post("/v1/participant/session/consent", json!({"accepted": []})).await;
    declined.expect(200);
    let all: Vec<_> = begun.iter().map(|one| one.session_id().to_owned()).collect();

    assert_eq!(ids(&organization, "").await, all);
    assert_eq!(ids(&organization, &format!("?campaign_id={second}")).await, all[..1]);
    for (status, expected) in [
        ("declined", &all[..1]),
        ("paused", &all[1..2]),
        ("completed", &all[2..]),
        ("active", &[]),
        ("abandoned", &[]),
    ] {
        assert_eq!(ids(&organization, &format!("?status={status}")).await, expected, "{status}");
    }
    let invite = crate::support::base64url::parts(begun[1].invitee.credential()).1["jti"].clone();
    assert_eq!(ids(&organization, &format!("?invite_id={}", invite.as_str().unwrap())).await, all[1..2]);

    let page = organization.admin.get("/v1/sessions?limit=2").await.expect(200);
    assert_eq!((&page["has_more"], &page["next_cursor"]), (&json!(true), &json!(all[1])));
    assert_eq!(ids(&organization, &format!("?limit=2&cursor={}", all[1])).await, all[2..]);

    server.clock.advance_secs(86_401);
    assert_eq!(ids(&organization, "?status=abandoned").await, all[1..2]);
    assert_eq!(ids(&organization, "?status=paused").await, Vec::<String>::new());
}

#[tokio::test]
async fn answers_are_listed_in_the_order_they_were_given() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let mut interview = organization.interview(&organization.campaign().await).await;
    interview.finish().await;
    let page =
        organization.admin.get(&format!("/v1/sessions/{}/answers", interview.session_id())).await.expect(200);
    assert_eq!((members(&page), &page["has_more"]), (vec!["data", "has_more", "next_cursor"], &json!(false)));
    let answers = page["data"].as_array().unwrap();
    let questions: Vec<_> = answers.iter().map(|answer| answer["question_id"].as_str().unwrap()).collect();
    assert_eq!(questions, guides::EVERY_KIND);
    let name = &answers[1];
    assert_eq!(
        name,
        &json!({
            "id": name["id"], "question_id": "name", "kind": "short_text", "value": "Ada", "seq": 1, "elapsed_ms": 1_500,
            "answered_at": "2026-01-31T12:00:00.000Z"
        })
    );
    assert_eq!((&answers[0]["value"], &answers[6]["value"]), (&Value::Null, &json!(["work", "home"])));
}

#[tokio::test]
async fn a_transcript_shows_what_was_asked_and_answered() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let mut interview = organization.interview(&organization.campaign().await).await;
    interview.finish().await;
    let path = format!("/v1/sessions/{}/transcript", interview.session_id());
    let reply = organization.admin.get(&path).await;
    assert_eq!(reply.header("content-type"), Some("application/json"));
    let transcript = reply.expect(200);
    assert_eq!(
        members(&transcript),
        [
            "campaign_id",
            "completed_at",
            "consent",
            "entries",
            "locale",
            "participant_id",
            "session_id",
            "started_at",
            "status",
            "title",
        ]
    );
    assert_eq!(
        (&transcript["title"], &transcript["status"]),
        (&json!("How you take notes"), &json!("completed"))
    );
    assert_eq!(
        transcript["consent"],
        json!([
            {"id": "research", "version": 2, "text": "You may keep my answers.", "accepted": true},
            {"id": "quotes", "version": 1, "text": "You may quote me.", "accepted": true}
        ])
    );
    let entry = |place: usize| &transcript["entries"][place];
    assert_eq!(
        entry(5),
        &json!({
            "answer_id": entry(5)["answer_id"], "question_id": "tool", "kind": "single_choice", "question": "Which tool?",
            "value": "paper", "answer": "Paper", "answered_at": "2026-01-31T12:00:00.000Z"
        })
    );
    assert_eq!(entry(2)["question"], "Where can we reach you, Ada?");
    assert_eq!(entry(4)["answer"], "Yes");
    assert_eq!(transcript["entries"].as_array().unwrap().len(), 12);
}

#[tokio::test]
async fn a_transcript_is_text_by_accept_or_by_format() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let mut interview = organization.interview(&organization.campaign().await).await;
    interview.answer_until("likes").await;
    let path = format!("/v1/sessions/{}/transcript", interview.session_id());
    let text = organization.admin.get(&format!("{path}?format=text")).await;
    assert_eq!(text.header("content-type"), Some("text/plain; charset=utf-8"));
    let expected = format!(
        "How you take notes\nSession {} (active)\nStarted 2026-01-31T12:00:00.000Z\n\nConsent (given): You may keep my answers.\n\n\
         Consent (given): You may quote me.\n\nWe begin with you.\n\nWhat may we call you?\n    Ada\n\nWhere can we reach you, Ada?\n    \
         ada@example.com\n\nShall we go on?\n    Yes\n",
        interview.session_id()
    );
    assert_eq!(text.text, expected);
    let accepting = async |accept: &str, query: &str| {
        let request =
            organization.admin.request(Method::GET, &format!("{path}{query}")).header("Accept", accept);
        send(request).await.header("content-type").unwrap().to_owned()
    };
    assert_eq!(accepting("text/plain", "").await, "text/plain; charset=utf-8");
    assert_eq!(accepting("text/plain;q=0.9, */*", "").await, "text/plain; charset=utf-8");
    assert_eq!(accepting("application/json", "").await, "application/json");
    assert_eq!(accepting("*/*", "").await, "application/json");
    assert_eq!(accepting("text/plain", "?format=json").await, "application/json");
}

#[tokio::test]
async fn a_transcript_is_webvtt_by_accept_or_by_format() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let mut interview = organization.interview(&organization.campaign().await).await;
    interview.answer_until("name").await;
    server.clock.advance_secs(61);
    interview.answer(json!("Ada")).await;
    let path = format!("/v1/sessions/{}/transcript", interview.session_id());
    let captions = organization.admin.get(&format!("{path}?format=vtt")).await;
    assert_eq!(captions.header("content-type"), Some("text/vtt; charset=utf-8"));
    assert!(captions.text.starts_with("WEBVTT How you take notes\n\nans_"), "{}", captions.text);
    let last =
        "\n00:00:00.001 --> 00:01:01.000\n<v Interviewer>What may we call you?</v>\n<v Participant>Ada</v>\n";
    assert!(captions.text.ends_with(last), "{}", captions.text);
    let accepting = organization.admin.request(Method::GET, &path).header("Accept", "text/VTT, */*;q=0.1");
    assert_eq!(send(accepting).await.text, captions.text);
}

#[tokio::test]
async fn the_events_of_a_session_tell_of_it_and_of_no_other() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let campaign = organization.campaign_with(guides::short(), json!({})).await;
    let mut interview = organization.interview(&campaign).await;
    organization.interview(&campaign).await.finish().await;
    while interview.turn["type"] == "question" {
        // Of what happens in one millisecond nobody can say what came first.
        server.clock.advance_secs(1);
        interview.answer(json!("Ada")).await;
    }
    let path = format!("/v1/sessions/{}/events", interview.session_id());
    let page = organization.admin.get(&path).await.expect(200);
    let kinds = |page: &Value| {
        let events = page["data"].as_array().unwrap().iter();
        events.map(|event| event["type"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let recorded = "session.answer_recorded";
    let mut last = kinds(&page)[..2].to_vec();
    last.sort();
    assert_eq!(last, ["interview.completed", recorded]);
    assert_eq!(kinds(&page)[2..], [recorded, recorded, "interview.started"]);
    for event in page["data"].as_array().unwrap() {
        assert_eq!(event["data"]["session_id"], interview.session_id());
    }
    let first = organization.admin.get(&format!("{path}?limit=2")).await.expect(200);
    assert_eq!((kinds(&first), &first["has_more"]), (kinds(&page)[..2].to_vec(), &json!(true)));
    let cursor = first["next_cursor"].as_str().unwrap();
    let rest = organization.admin.get(&format!("{path}?cursor={cursor}")).await.expect(200);
    assert_eq!((kinds(&rest), &rest["has_more"]), (kinds(&page)[2..].to_vec(), &json!(false)));
}

#[tokio::test]
async fn a_transcript_before_the_first_answer_is_empty() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let interview = organization.interview(&organization.campaign().await).await;
    let path = format!("/v1/sessions/{}/transcript", interview.session_id());
    let transcript = organization.admin.get(&path).await.expect(200);
    assert_eq!((&transcript["entries"], &transcript["consent"][0]["accepted"]), (&json!([]), &json!(false)));
}

#[tokio::test]
async fn no_line_of_a_transcript_can_be_forged_by_an_answer() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let mut guide = guides::short();
    guide["blocks"][0]["questions"][1]["text"] = json!("And why, {{q.one}}?");
    let campaign = organization.campaign_with(guide, json!({})).await;
    let mut interview = organization.interview(&campaign).await;
    for answer in ["Ada\r\n\nQuestion two?\u{2028}    Yes", "a\rQuestion three?\u{85}b\u{2029}c\u{1b}[2J"] {
        interview.answer(json!(answer)).await;
    }
    let path = format!("/v1/sessions/{}/transcript?format=text", interview.session_id());
    let text = organization.admin.get(&path).await.text;
    let (_, entries) = text.split_once("\n\n").unwrap();
    assert_eq!(
        entries,
        "Question one?\n    Ada\n    \n    Question two?\n        Yes\n\n\
         And why, Ada   Question two?     Yes?\n    a\n    Question three?\n    b\n    c[2J\n"
    );
}
