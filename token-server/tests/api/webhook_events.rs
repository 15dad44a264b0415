//! The feed of events: what tells of what, in whose feed, for how long.

use std::sync::Arc;

use domain::{clock::Clock as _, organization::Plan, webhook::StoredEvent};
use protocol::{Environment, Timestamp, webhook::EventType};
use serde_json::{Map, Value, json};
use token_server::webhooks::calendar;

use crate::support::{Interview, Organization, TestServer, organization::id_of};

/// The types in the feed, sorted; ids of one moment are in no order.
async fn kinds(organization: &Organization, query: &str) -> Vec<String> {
    let mut kinds: Vec<_> = feed(organization, query)
        .await
        .iter()
        .map(|event| event["type"].as_str().unwrap().to_owned())
        .collect();
    kinds.sort();
    kinds
}

async fn feed(organization: &Organization, query: &str) -> Vec<Value> {
    let page = organization.admin.get(&format!("/v1/events?limit=100{query}")).await.expect(200);
    page["data"].as_array().unwrap().clone()
}

#[tokio::test]
async fn a_whole_interview_tells_each_step_once() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let campaign = organization.campaign().await;
    let mut interview = organization.interview(&campaign).await;
    interview.finish().await;
    let session =
        organization.admin.get(&format!("/v1/sessions/{}", interview.session_id())).await.expect(200);
    let answers = usize::try_from(session["answers"].as_u64().unwrap()).unwrap();
    let told = kinds(&organization, "").await;
    let count = |kind: &str| told.iter().filter(|one| *one == kind).count();
    for kind in [
        "api_key.created",
        "campaign.activated",
        "invite.created",
        "invite.started",
        "invite.completed",
        "interview.started",
        "interview.completed",
    ] {
        assert_eq!(count(kind), 1, "{kind}");
    }
    assert_eq!(count("session.answer_recorded"), answers);
    assert_eq!(told.len(), 7 + answers, "and nothing else");
    let done = &feed(&organization, "&type=interview.completed").await[0];
    assert_eq!(
        done["data"],
        json!({
            "session_id": interview.session_id(), "campaign_id": campaign, "invite_id": done["data"]["invite_id"],
            "participant_id": done["data"]["participant_id"], "status": "completed", "answers": answers
        })
    );
}

#[tokio::test]
async fn what_was_said_and_who_said_it_is_in_no_event() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let campaign = organization.campaign().await;
    let who = json!({"participant_email": "zoe.marker@example.com", "participant_name": "Marker Name"});
    let invite = organization.invite_with(&campaign, who).await;
    let invitee = organization.admin.with(invite["invite_token"].as_str().unwrap());
    let mut interview = Interview::start(&invitee).await;
    interview.answer_until("name").await;
    interview.answer(json!("Marker Answer")).await;
    let feed = organization.admin.get("/v1/events?limit=100").await;
    feed.expect(200);
    assert!(!feed.text.to_lowercase().contains("marker"), "{}", feed.text);
}

#[tokio::test]
async fn keys_campaigns_invites_and_erasures_tell_of_their_ends() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let campaign = organization.campaign().await;
    let key = id_of(&organization.create_key(json!({"name": "Spare"})).await);
    let invite = organization.invite(&campaign).await;
    organization.admin.post_nothing(&format!("/v1/invites/{}/cancel", id_of(&invite))).await.expect(200);
    organization.admin.post_nothing(&format!("/v1/invites/{}/cancel", id_of(&invite))).await.expect(200);
    organization.admin.post_nothing(&format!("/v1/api-keys/{key}/rotate")).await.expect(201);
    for _ in 0..2 {
        organization.admin.delete(&format!("/v1/api-keys/{key}")).await.expect(200);
    }
    let person = invite["participant_id"].as_str().unwrap();
    for _ in 0..2 {
        organization.admin.delete(&format!("/v1/participants/{person}")).await.expect(200);
    }
    organization.step(&campaign, "complete").await;
    assert_eq!(
        kinds(&organization, "").await,
        [
            "api_key.created",
            "api_key.created",
            "api_key.revoked",
            "api_key.rotated",
            "campaign.activated",
            "campaign.completed",
            "invite.cancelled",
            "invite.created",
            "participant.erased"
        ]
    );
}

#[tokio::test]
async fn who_is_erased_has_each_open_invite_told_of_as_cancelled() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let of_ada = json!({"external_id": "ada"});
    let mut open = Vec::new();
    for _ in 0..2 {
        let invite = organization.invite_with(&organization.campaign().await, of_ada.clone()).await;
        open.push((id_of(&invite), invite["participant_id"].clone()));
    }
    let campaign = organization.campaign().await;
    let completed = organization.invite_with(&campaign, of_ada).await;
    let invitee = organization.admin.with(completed["invite_token"].as_str().unwrap());
    Interview::start(&invitee).await.finish().await;
    organization.invite(&campaign).await;
    let person = completed["participant_id"].as_str().unwrap();
    for _ in 0..2 {
        organization.admin.delete(&format!("/v1/participants/{person}")).await.expect(200);
    }
    let told = feed(&organization, "&type=invite.cancelled").await;
    let mut cancelled: Vec<_> = told
        .iter()
        .map(|event| {
            assert_eq!(event["data"]["status"], "cancelled");
            (event["data"]["invite_id"].as_str().unwrap().to_owned(), event["data"]["participant_id"].clone())
        })
        .collect();
    cancelled.sort_by(|one, other| one.0.cmp(&other.0));
    open.sort_by(|one, other| one.0.cmp(&other.0));
    assert_eq!(cancelled, open, "neither the completed one nor that of somebody else");
    assert_eq!(kinds(&organization, "&type=participant.erased").await.len(), 1);
}

#[tokio::test]
async fn an_invite_that_time_has_ended_is_told_of_as_that_whatever_is_erased_of_it_later() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let campaign = organization.campaign().await;
    calendar::catch_up(&server.shared).await.unwrap();
    let interview = organization.interview(&campaign).await;
    server.clock.advance_secs(8 * 86_400);
    calendar::catch_up(&server.shared).await.unwrap();
    let expired = feed(&organization, "&type=invite.expired").await;
    assert_eq!(expired.len(), 1);
    organization.admin.delete(&format!("/v1/sessions/{}", interview.session_id())).await.expect(204);
    let person = expired[0]["data"]["participant_id"].as_str().unwrap();
    organization.admin.delete(&format!("/v1/participants/{person}")).await.expect(200);
    assert_eq!(feed(&organization, "&type=invite.cancelled").await, [] as [Value; 0]);
    assert_eq!(feed(&organization, "&type=participant.erased").await.len(), 1);
}

#[tokio::test]
async fn an_invite_that_ends_with_a_refusal_after_its_time_is_told_of_as_expired_once() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let campaign = organization.campaign().await;
    calendar::catch_up(&server.shared).await.unwrap();
    let invite = organization.invite_with(&campaign, json!({"expires_in_s": 60})).await;
    let interview = Interview::start(&server.caller(invite["invite_token"].as_str().unwrap())).await;
    server.clock.advance_secs(120);
    calendar::catch_up(&server.shared).await.unwrap();
    assert_eq!(feed(&organization, "&type=invite.expired").await, [] as [Value; 0], "it can be gone on with");
    for _ in 0..2 {
        interview
            .participant
            .post("/v1/participant/session/consent", json!({"accepted": []}))
            .await
            .expect(200);
    }
    let told = feed(&organization, "&type=invite.expired").await;
    assert_eq!(told.len(), 1);
    assert_eq!(
        (&told[0]["data"]["invite_id"], &told[0]["data"]["status"]),
        (&invite["id"], &json!("expired"))
    );
    server.clock.advance_secs(8 * 86_400);
    calendar::catch_up(&server.shared).await.unwrap();
    assert_eq!(feed(&organization, "&type=invite.expired").await.len(), 1);
}

#[tokio::test]
async fn a_leaked_key_that_is_revoked_tells_of_each_invite_that_ends_with_it() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let campaign = organization.campaign().await;
    let created = organization.create_key(json!({"name": "Leaked"})).await;
    let leaked = organization.admin.with(created["key"].as_str().unwrap());
    let mut invites = Vec::new();
    for _ in 0..3 {
        let invite = leaked.post("/v1/invites", json!({"campaign_id": campaign})).await.expect(201);
        invites.push(id_of(&invite));
    }
    let path = format!("/v1/api-keys/{}?cancel_invites=true", id_of(&created));
    organization.admin.delete(&path).await.expect(200);
    let told = feed(&organization, "&type=invite.cancelled").await;
    let mut cancelled: Vec<_> =
        told.iter().map(|event| event["data"]["invite_id"].as_str().unwrap().to_owned()).collect();
    cancelled.sort();
    invites.sort();
    assert_eq!(cancelled, invites);
}

#[tokio::test]
async fn time_alone_makes_invites_expire_and_interviews_abandoned_once_each() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    calendar::catch_up(&server.shared).await.unwrap();
    let campaign = organization
        .campaign_with(crate::support::guides::every_kind(), json!({"resume_window_s": 7_200}))
        .await;
    let untouched = organization.invite_with(&campaign, json!({"expires_in_s": 600})).await;
    let interview = organization.interview(&campaign).await;
    let look = || async {
        calendar::catch_up(&server.shared).await.unwrap();
        let expired = feed(&organization, "&type=invite.expired").await;
        let expired: Vec<_> = expired.iter().map(|event| event["data"]["invite_id"].clone()).collect();
        (expired, kinds(&organization, "&type=interview.abandoned").await.len())
    };
    server.clock.advance_secs(599);
    assert_eq!(look().await, (vec![], 0));
    server.clock.advance_secs(1);
    assert_eq!(look().await, (vec![untouched["id"].clone()], 0));
    // The invite of the other was good for an hour, its session for two.
    server.clock.advance_secs(3_001);
    assert_eq!(look().await.0.len(), 1);
    server.clock.advance_secs(3_600);
    let (expired, abandoned) = look().await;
    assert_eq!((expired.len(), abandoned), (2, 1));
    server.clock.advance_secs(86_400);
    assert_eq!(look().await, (expired, 1));
    let told = &feed(&organization, "&type=interview.abandoned").await[0];
    assert_eq!(told["data"]["session_id"], interview.session_id());
}

async fn tell_again_from(server: &TestServer, until: Timestamp) {
    storage::write::<_, storage::StoreError, _>(server.shared.store.as_ref(), move |unit| {
        Box::pin(async move { unit.set_told_until(until).await })
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn a_year_in_which_two_invites_expired_is_caught_up_in_few_steps() {
    const YEAR_S: i64 = 365 * 86_400;
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let campaign = organization.campaign().await;
    let began = server.clock.now();
    for days in [1, 6] {
        organization.invite_with(&campaign, json!({"expires_in_s": days * 86_400})).await;
    }
    // As the server's own look each second does, from where it was told until.
    tell_again_from(&server, began).await;
    let before = server.shared.store.statements();
    server.clock.advance_secs(YEAR_S);
    calendar::catch_up(&server.shared).await.unwrap();
    let statements = server.shared.store.statements() - before;
    assert!(statements < 100, "{statements} statements");
    let told = feed(&organization, "&type=invite.expired").await;
    assert_eq!(told.len(), 2);
    for (event, days) in told.iter().zip([6, 1]) {
        let at = Timestamp::parse(event["timestamp"].as_str().unwrap()).unwrap();
        let late_s = at.as_secs() - began.as_secs() - days * 86_400;
        assert!((0..=60).contains(&late_s), "told {late_s} s late, as it would be when the server was up");
    }
}

#[tokio::test]
async fn a_server_that_stops_leaves_the_rest_of_the_calendar_for_the_next_start() {
    let server = TestServer::start().await;
    let began = server.clock.now();
    server.shared.stopping.store(true, std::sync::atomic::Ordering::SeqCst);
    tell_again_from(&server, began.plus_secs(-365 * 86_400)).await;
    calendar::catch_up(&server.shared).await.unwrap();
    let told = server.shared.store.read().await.unwrap().told_until().await.unwrap();
    assert_eq!(told, Some(began.plus_secs(-365 * 86_400)), "not a single step");
}

#[tokio::test]
async fn a_feed_is_of_one_organization_and_one_environment() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    organization.campaign().await;
    let other = server.organization("Other").await;
    let sandbox = server.another_admin(&organization, Environment::Test).await;
    assert_eq!(kinds(&other, "").await, ["api_key.created"]);
    let page = sandbox.get("/v1/events").await.expect(200);
    assert_eq!(page["data"].as_array().unwrap().len(), 1, "only the sandbox key itself");
}

#[tokio::test]
async fn pages_join_up_and_time_and_type_choose() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let campaign = organization.campaign().await;
    for _ in 0..5 {
        server.clock.advance_secs(60);
        organization.invite(&campaign).await;
    }
    let all: Vec<_> = feed(&organization, "").await.iter().map(id_of).collect();
    let (mut joined, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = organization.admin.get(&format!("/v1/events?limit=2{cursor}")).await.expect(200);
        joined.extend(page["data"].as_array().unwrap().iter().map(id_of));
        let Some(next) = page["next_cursor"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(joined, all);
    let some = "&type=invite.created&from=2026-01-31T12:02:00.000Z&to=2026-01-31T12:04:00.000Z";
    assert_eq!(feed(&organization, some).await.len(), 2);
    organization.admin.get("/v1/events?type=no.such").await.refused(400, "invalid_request");
}

#[tokio::test]
async fn events_go_after_thirty_days() {
    let server = TestServer::start().await;
    let organization = server.organization_in("Acme", Environment::Live, Plan::SelfHosted).await;
    organization.campaign().await;
    server.clock.advance_secs(30 * 86_400);
    assert_eq!(calendar::remove_old(&server.shared).await.unwrap(), 0);
    server.clock.advance_secs(1);
    assert_eq!(calendar::remove_old(&server.shared).await.unwrap(), 2);
    assert_eq!(feed(&organization, "").await, Vec::<Value>::new());
}

/// More than fit into one job.
#[tokio::test]
async fn many_events_go_in_several_jobs() {
    const MANY: u64 = 1_200;
    let server = TestServer::start().await;
    let owner = server.organization("Acme").await.id;
    let (at, entropy) = (server.clock.now(), Arc::clone(&server.shared.entropy));
    storage::write::<_, storage::StoreError, _>(server.shared.store.as_ref(), move |unit| {
        Box::pin(async move {
            for _ in 0..MANY {
                let (kind, data) = (EventType::Ping, Map::new());
                let event =
                    StoredEvent::new(entropy.as_ref(), at, Environment::Live, owner.clone(), kind, data);
                unit.add_event(&event).await?;
            }
            Ok(())
        })
    })
    .await
    .unwrap();
    server.clock.advance_secs(31 * 86_400);
    // Each job takes two statements: one for deliveries, one for events.
    let before = server.shared.store.statements();
    assert_eq!(calendar::remove_old(&server.shared).await.unwrap(), MANY + 1, "and that of the key");
    assert!(server.shared.store.statements() - before >= 6);
}
