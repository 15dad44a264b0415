//! `POST` and `GET /v1/participant/session`, and the token's renewal: an interview begins, and goes on.

use std::{sync::Arc, time::Duration};

use domain::clock::Clock as _;
use protocol::{
    Environment::Live,
    ids::{CampaignId, SessionId},
    session::StartSession,
};
use reqwest::Method;
use serde_json::{Value, json};
use token_server::{
    auth::participant::{Invited, PageOrigin, Participant},
    operations::{
        guides::GuideCache,
        interview::{finish, start},
    },
    tokens::Claims,
};

use crate::support::{
    Interview, Reply, TestServer,
    caller::{members, send},
    graphql::Asker,
    guides,
    organization::id_of,
    writing::Writing,
};

#[tokio::test]
async fn start_gives_all_that_the_widget_needs() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let campaign =
        organization.campaign_with(guides::every_kind(), json!({"theme": {"--accent": "teal"}})).await;
    let invite = organization.invite_with(&campaign, json!({"variables": {"first_name": "Ada"}})).await;
    let interview = Interview::start(&server.caller(invite["invite_token"].as_str().unwrap())).await;
    let started = &interview.started;
    assert_eq!(
        started,
        &json!({
            "session_token": interview.participant.credential(), "expires_in_s": 900,
            "session": {"id": interview.session_id(), "status": "active", "progress": 0.0},
            "campaign": {
                "title": "How you take notes", "intro": "Hello Ada!", "theme": {"--accent": "teal"}, "locale": "en",
                "consent": [
                    {"id": "research", "version": 2, "text": "You may keep my answers.", "required": true},
                    {"id": "quotes", "version": 1, "text": "You may quote me.", "required": false}
                ]
            },
            "turn": {"type": "consent", "progress": 0.0}, "draft": null, "answers": []
        })
    );
    let mut snapshot = started.clone();
    snapshot.as_object_mut().unwrap().retain(|name, _| name != "session_token" && name != "expires_in_s");
    assert_eq!(interview.participant.get("/v1/participant/session").await.expect(200), snapshot);
}

#[tokio::test]
async fn start_takes_no_body_an_empty_one_or_a_locale() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let campaign = organization.campaign_with(guides::every_kind(), json!({"locale": "en"})).await;
    let start = async |invite: Value, body: Option<Value>| {
        let invitee = server.caller(invite["invite_token"].as_str().unwrap());
        let request = invitee.request(Method::POST, "/v1/participant/session");
        let request = match body {
            Some(body) => request.json(&body),
            None => request.header("Content-Type", "application/json"),
        };
        send(request).await
    };
    let locale = async |invite, body| start(invite, body).await.expect(200)["campaign"]["locale"].clone();
    assert_eq!(locale(organization.invite(&campaign).await, None).await, "en");
    assert_eq!(locale(organization.invite(&campaign).await, Some(json!({}))).await, "en");
    assert_eq!(locale(organization.invite(&campaign).await, Some(json!({"locale": "de-AT"}))).await, "de-AT");
    let german = async || organization.invite_with(&campaign, json!({"locale": "de"})).await;
    assert_eq!(
        locale(german().await, Some(json!({"locale": "en"}))).await,
        "de",
        "the invite's own goes before"
    );

    let bad = start(german().await, Some(json!({"locale": "x"}))).await;
    bad.refused_with("validation_failed", &[("/locale", "invalid_locale")]);
    start(german().await, Some(json!({"lang": "de"})))
        .await
        .refused_with("unknown_field", &[("/lang", "unknown_field")]);
}

/// What a browser may send to another origin without asking first.
async fn start_by_form(server: &TestServer, form: String) -> Reply {
    let request = server.anonymous().request(Method::POST, "/v1/participant/session");
    let form_type = "application/x-www-form-urlencoded;charset=UTF-8";
    send(request.header("Origin", "https://example.com").header("Content-Type", form_type).body(form)).await
}

#[tokio::test]
async fn start_takes_the_token_in_a_form_as_rfc_6750_has_it() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let campaign = organization.campaign_with(guides::every_kind(), json!({"locale": "en"})).await;
    let token = async || organization.invitee(&campaign).await.credential().to_owned();

    let one = token().await;
    let by_form = start_by_form(&server, format!("access_token={one}")).await;
    assert_eq!(by_form.header("access-control-allow-origin"), Some("https://example.com"));
    let by_header = server.caller(&one).post_nothing("/v1/participant/session").await.expect(200);
    let mut by_form = by_form.expect(200);
    by_form["session_token"] = by_header["session_token"].clone();
    assert_eq!(by_form, by_header, "it is the same session, told in the same words");

    let german = start_by_form(&server, format!("locale=de%2DAT&access_token={}", token().await)).await;
    assert_eq!(german.expect(200)["campaign"]["locale"], "de-AT");
}

#[tokio::test]
async fn start_refuses_a_form_as_it_would_refuse_the_header_and_the_body() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let campaign = organization.campaign().await;
    let invitee = organization.invitee(&campaign).await;
    let token = invitee.credential();
    let interview = Interview::start(&organization.invitee(&campaign).await).await;

    let key = organization.admin.credential();
    let session = interview.participant.credential();
    for form in [
        String::new(),
        "access_token=".to_owned(),
        "locale=de".to_owned(),
        format!("token={token}"),
        format!("access_token={}", &token[..token.len() - 1]),
        format!("access_token={key}"),
        format!("access_token={session}"),
        format!("access_token=Bearer+{token}"),
    ] {
        start_by_form(&server, form).await.is_guide_401();
    }
    start_by_form(&server, format!("access_token={token}&access_token={token}"))
        .await
        .refused(400, "invalid_request");
    start_by_form(&server, format!("access_token={token}&lang=de"))
        .await
        .refused_with("unknown_field", &[("/lang", "unknown_field")]);
    start_by_form(&server, format!("access_token={token}&locale=x"))
        .await
        .refused_with("validation_failed", &[("/locale", "invalid_locale")]);
    start_by_form(&server, format!("access_token={token}&locale={}", "x".repeat(2 << 20)))
        .await
        .refused(413, "payload_too_large");
    let form_type = ("Content-Type", "application/x-www-form-urlencoded");
    let both = invitee.request(Method::POST, "/v1/participant/session").header(form_type.0, form_type.1);
    send(both.body(format!("access_token={token}"))).await.refused(415, "unsupported_media_type");
    // Only where an interview begins.
    let elsewhere = server.anonymous().request(Method::POST, "/v1/participant/session/pause");
    send(elsewhere.header(form_type.0, form_type.1).body(format!("access_token={session}")))
        .await
        .is_guide_401();

    assert_eq!(
        organization.admin.get("/v1/sessions").await.expect(200)["data"].as_array().unwrap().len(),
        1,
        "none of them has begun an interview"
    );
}

#[tokio::test]
async fn the_texts_are_in_the_language_of_the_interview_and_else_in_the_campaigns() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let campaign = organization.campaign().await;
    let invite = organization.invite_with(&campaign, json!({"locale": "de"})).await;
    let mut interview = Interview::start(&server.caller(invite["invite_token"].as_str().unwrap())).await;
    let around = &interview.started["campaign"];
    assert_eq!(
        (&around["title"], &around["intro"]),
        (&json!("Wie Sie Notizen machen"), &json!("Hallo Sie!"))
    );
    assert_eq!(around["consent"][1]["text"], "You may quote me.");
    interview.answer_until("name").await;
    assert_eq!(interview.turn["question"]["text"], "Wie heißen Sie?");
    assert_eq!(interview.turn["question"]["help"], "A first name is enough.");
}

#[tokio::test]
async fn start_again_resumes_with_the_same_turn_answers_and_draft() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let campaign = organization.campaign().await;
    let mut interview = organization.interview(&campaign).await;
    interview.answer_until("email").await;
    interview.draft(4, json!("ada@exam")).await.expect(200);
    let before = interview.participant.get("/v1/participant/session").await.expect(200);
    server.clock.advance_secs(30);
    let again = Interview::start(&interview.invitee).await;
    assert_ne!(again.participant.credential(), interview.participant.credential());
    let mut resumed = again.started.clone();
    resumed.as_object_mut().unwrap().retain(|name, _| name != "session_token" && name != "expires_in_s");
    assert_eq!(resumed, before);
    assert_eq!(resumed["draft"], json!({"question_id": "email", "seq": 4, "value": "ada@exam"}));
    assert_eq!(
        resumed["answers"],
        json!([
            {"question_id": "welcome", "kind": "statement", "text": "We begin with you.", "value": null, "seq": 1,
             "answered_at": "2026-01-31T12:00:00.000Z"},
            {"question_id": "name", "kind": "short_text", "text": "What may we call you?", "value": "Ada", "seq": 1,
             "answered_at": "2026-01-31T12:00:00.000Z"}
        ])
    );
    assert_eq!(resumed["turn"]["question"]["text"], "Where can we reach you, Ada?");
}

#[tokio::test]
async fn twenty_racing_starts_make_one_session() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let campaign = organization.campaign().await;
    let invitee = organization.invitee(&campaign).await;
    let starts = (0..20).map(|_| {
        let invitee = invitee.clone();
        tokio::spawn(async move { Interview::start(&invitee).await })
    });
    let mut ids = std::collections::HashSet::new();
    for start in starts.collect::<Vec<_>>() {
        let interview = start.await.unwrap();
        interview.participant.get("/v1/participant/session").await.expect(200);
        ids.insert(interview.session_id().to_owned());
    }
    assert_eq!(ids.len(), 1);
    let page = organization.admin.get("/v1/sessions").await.expect(200);
    assert_eq!(page["data"].as_array().unwrap().len(), 1);
    let counters =
        organization.admin.get(&format!("/v1/campaigns/{campaign}")).await.expect(200)["counters"].clone();
    assert_eq!(counters, json!({"invited": 1, "started": 1, "completed": 0, "abandoned": 0}));
}

#[tokio::test]
async fn start_refuses_a_campaign_that_is_paused_or_closed_409_and_those_under_way_go_on() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let campaign = organization.campaign_with(guides::short(), json!({})).await;
    let mut under_way = organization.interview(&campaign).await;
    let invitee = organization.invitee(&campaign).await;
    organization.step(&campaign, "pause").await;
    invitee.post_nothing("/v1/participant/session").await.refused(409, "campaign_paused");
    under_way.invitee.post_nothing("/v1/participant/session").await.refused(409, "campaign_paused");
    under_way.answer(json!("a")).await;
    organization.step(&campaign, "complete").await;
    invitee.post_nothing("/v1/participant/session").await.refused(409, "conflict");
    under_way.finish().await;
    assert_eq!(organization.admin.get("/v1/sessions").await.expect(200)["data"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn start_refuses_a_completed_one_time_invite_410() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let mut interview = organization.interview(&organization.campaign().await).await;
    interview.finish().await;
    interview.invitee.post_nothing("/v1/participant/session").await.refused(410, "invite_completed");
    let snapshot = interview.participant.get("/v1/participant/session").await.expect(200);
    assert_eq!(snapshot["session"]["status"], "completed");
    assert_eq!(snapshot["turn"]["type"], "end");
}

#[tokio::test]
async fn a_reusable_invite_begins_anew_after_each_completion() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let campaign = organization.campaign_with(guides::short(), json!({"reuse": "reusable"})).await;
    let invite = organization.invite(&campaign).await;
    let invitee = server.caller(invite["invite_token"].as_str().unwrap());
    let mut ids = std::collections::HashSet::new();
    let mut previous = Value::Null;
    for _ in 0..3 {
        let mut interview = Interview::start(&invitee).await;
        assert_eq!((interview.question(), &interview.started["answers"]), ("one", &json!([])));
        for started in [&interview.started, &Interview::start(&invitee).await.started] {
            assert_eq!(started["previous_session"], previous, "begun or resumed");
        }
        interview.finish().await;
        previous = json!({"id": interview.session_id(), "status": "completed"});
        ids.insert(interview.session_id().to_owned());
    }
    assert_eq!(ids.len(), 3);
    let counters =
        organization.admin.get(&format!("/v1/campaigns/{campaign}")).await.expect(200)["counters"].clone();
    assert_eq!(counters, json!({"invited": 1, "started": 3, "completed": 3, "abandoned": 0}));
    let read = organization.admin.get(&format!("/v1/invites/{}", id_of(&invite))).await.expect(200);
    assert_eq!(read["status"], "completed");
}

#[tokio::test]
async fn an_invite_cancelled_mid_way_ends_the_interview_410() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let campaign = organization.campaign().await;
    let invite = organization.invite(&campaign).await;
    let mut interview = Interview::start(&server.caller(invite["invite_token"].as_str().unwrap())).await;
    interview.answer_until("name").await;
    organization.admin.post_nothing(&format!("/v1/invites/{}/cancel", id_of(&invite))).await.expect(200);
    interview.put("name", "late", json!("Ada")).await.refused(410, "invite_cancelled");
    interview.draft(9, json!("A")).await.refused(410, "invite_cancelled");
    let participant = &interview.participant;
    participant.get("/v1/participant/session").await.refused(410, "invite_cancelled");
    for path in ["token", "pause", "complete"] {
        participant
            .post_nothing(&format!("/v1/participant/session/{path}"))
            .await
            .refused(410, "invite_cancelled");
    }
    let consent = participant.post("/v1/participant/session/consent", json!({"accepted": []})).await;
    consent.refused(410, "invite_cancelled");
    let answers =
        organization.admin.get(&format!("/v1/sessions/{}/answers", interview.session_id())).await.expect(200);
    assert_eq!(answers["data"].as_array().unwrap().len(), 1, "what was answered before is kept");
}

#[tokio::test]
async fn a_session_left_for_longer_than_the_resume_window_is_abandoned_410() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let campaign = organization.campaign_with(guides::short(), json!({"resume_window_s": 60})).await;
    let mut interview = organization.interview(&campaign).await;
    server.clock.advance_secs(59);
    interview.answer(json!("in time")).await;
    server.clock.advance_secs(60);
    interview.put("two", "late", json!("x")).await.refused(410, "invite_expired");
    interview.participant.get("/v1/participant/session").await.refused(410, "invite_expired");
    let session =
        organization.admin.get(&format!("/v1/sessions/{}", interview.session_id())).await.expect(200);
    assert_eq!((&session["status"], &session["answers"]), (&json!("abandoned"), &json!(1)));
    let counters =
        organization.admin.get(&format!("/v1/campaigns/{campaign}")).await.expect(200)["counters"].clone();
    assert_eq!(counters, json!({"invited": 1, "started": 1, "completed": 0, "abandoned": 1}));
}

#[tokio::test]
async fn an_abandoned_interview_is_counted_wherever_the_counters_are_shown() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let campaign = organization.campaign_with(guides::short(), json!({"resume_window_s": 60})).await;
    organization.interview(&campaign).await.answer(json!("left")).await;
    server.clock.advance_secs(60);
    let admin = &organization.admin;
    let expected = json!({"invited": 1, "started": 1, "completed": 0, "abandoned": 1});
    let listed = admin.get("/v1/campaigns").await.expect(200);
    assert_eq!(listed["data"][0]["counters"], expected);
    let asker = Asker::owner(&server, &organization).await;
    let counters = "counters { invited started completed abandoned }";
    let document =
        format!("{{ interviews {{ {counters} }} interview(id: \"{campaign}\") {{ {counters} }} }}");
    let data = asker.ask(&document).await.data();
    assert_eq!((&data["interviews"][0]["counters"], &data["interview"]["counters"]), (&expected, &expected));
    let completed = admin.post_nothing(&format!("/v1/campaigns/{campaign}/complete")).await.expect(200);
    assert_eq!(completed["counters"], expected);
    let told = admin.get("/v1/events?type=campaign.completed").await.expect(200);
    assert_eq!(told["data"][0]["data"]["counters"], expected);
}

#[tokio::test]
async fn an_abandoned_interview_stays_as_it_is_and_a_new_one_begins() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let campaign = organization.campaign_with(guides::short(), json!({"resume_window_s": 60})).await;
    let mut interview = organization.interview(&campaign).await;
    interview.answer(json!("left")).await;
    server.clock.advance_secs(60);
    let again = Interview::start(&interview.invitee).await;
    assert_ne!(again.session_id(), interview.session_id());
    assert_eq!((again.question(), &again.started["answers"]), ("one", &json!([])));
    let counters =
        organization.admin.get(&format!("/v1/campaigns/{campaign}")).await.expect(200)["counters"].clone();
    assert_eq!(counters, json!({"invited": 1, "started": 2, "completed": 0, "abandoned": 1}));
}

#[tokio::test]
async fn a_started_interview_can_be_resumed_until_its_token_runs_out() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let campaign = organization.campaign_with(guides::short(), json!({})).await;
    let interview = organization.interview(&campaign).await;
    server.clock.advance_secs(3_600 + token_server::tokens::LEEWAY_S - 1);
    Interview::start(&interview.invitee).await;
    server.clock.advance_secs(1);
    interview.invitee.post_nothing("/v1/participant/session").await.refused(410, "invite_expired");
}

#[tokio::test]
async fn renew_gives_a_token_that_lives_longer_and_the_old_one_ends_by_itself_401() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let mut interview = organization.interview(&organization.campaign().await).await;
    server.clock.advance_secs(800);
    let renewed = interview.participant.post_nothing("/v1/participant/session/token").await.expect(200);
    assert_eq!(members(&renewed), ["expires_in_s", "session_token"]);
    assert_eq!(renewed["expires_in_s"], 900);
    interview.participant.get("/v1/participant/session").await.expect(200);
    server.clock.advance_secs(200);
    interview.participant.get("/v1/participant/session").await.is_guide_401();
    interview.participant.post_nothing("/v1/participant/session/token").await.is_guide_401();
    interview.participant = server.caller(renewed["session_token"].as_str().unwrap());
    interview.finish().await;
}

/// After a restart no guide is in memory, and all the writes of everybody would wait while one is checked.
#[tokio::test(flavor = "multi_thread")]
async fn a_guide_is_read_before_the_writer_has_to_wait_for_it() {
    let mut server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let campaign: CampaignId = organization.campaign().await.parse().unwrap();
    let interview = organization.interview(campaign.as_str()).await;
    let mut unit = server.shared.store.read().await.unwrap();
    let session_id: SessionId = interview.session_id().parse().unwrap();
    let session = unit.find_session(Live, &session_id).await.unwrap().unwrap();
    let invite = unit.find_invite(Live, &session.invite_id).await.unwrap().unwrap();
    let stored = unit.find_campaign(Live, &campaign).await.unwrap().unwrap();
    drop(unit);
    for resumes in [true, false] {
        server.shared.guides = Arc::new(GuideCache::new());
        let (state, origin) = (server.state(Live), PageOrigin(None));
        let writing = Writing::begin(&server).await;
        let (issuer, now) = (server.url(Live).to_owned(), server.clock.now());
        let claims = if resumes {
            Claims::for_invite(&issuer, &invite, now)
        } else {
            Claims::for_session(&issuer, &session, now, 900)
        };
        let (asked, session_id) = (state.clone(), session_id.clone());
        let call = tokio::spawn(async move {
            if resumes {
                let invited = Invited { claims, expired: false, origin };
                start::start(&asked, invited, StartSession::default()).await.map(drop)
            } else {
                finish::pause(&asked, Participant { claims, session_id, origin }).await.map(drop)
            }
        });
        let read = async {
            while !state.shared.guides.has(&stored, 1) {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(10), read).await.expect("it waits for the writer first");
        writing.end().await;
        call.await.unwrap().unwrap();
    }
}
