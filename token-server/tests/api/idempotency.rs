//! `Idempotency-Key`: sent again, a request is answered as before and changes nothing more.

use futures_util::future::join_all;
use protocol::Environment;
use reqwest::Method;
use serde_json::{Value, json};
use token_server::webhooks::calendar;

use crate::support::{
    Caller, Interview, Organization, Reply, TestServer,
    caller::send,
    guides,
    organization::id_of,
    routes::{Objects, Route},
};

const HEADER: &str = "Idempotency-Key";

async fn post(caller: &Caller, name: &str, path: &str, body: &Value) -> Reply {
    send(caller.request(Method::POST, path).header(HEADER, name).json(body)).await
}

async fn count_of(organization: &Organization, path: &str) -> usize {
    let page = organization.admin.get(&format!("{path}?limit=100")).await.expect(200);
    page["data"].as_array().unwrap().len()
}

fn is_replay(reply: &Reply) -> bool {
    reply.header("idempotent-replayed") == Some("true")
}

#[track_caller]
fn assert_replays(first: &Reply, again: &Reply) {
    assert_eq!((again.status, &again.text), (first.status, &first.text));
    assert_eq!(again.header("etag"), first.header("etag"));
    assert_eq!(again.header("content-type"), first.header("content-type"));
    assert!(!is_replay(first) && is_replay(again), "{}", again.text);
}

#[tokio::test]
async fn a_mint_that_is_sent_again_gives_the_same_token_and_no_second_invite() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let campaign = organization.campaign().await;
    let body = json!({"campaign_id": campaign, "participant_email": "ada@example.com"});
    let first = post(&organization.admin, "a", "/v1/invites", &body).await;
    first.expect(201);
    server.clock.advance_secs(100);
    let again = post(&organization.admin, "a", "/v1/invites", &body).await;
    assert_replays(&first, &again);
    assert_eq!(count_of(&organization, "/v1/invites").await, 1);
    Interview::start(&server.caller(again.json()["invite_token"].as_str().unwrap())).await;

    let other = post(&organization.admin, "b", "/v1/invites", &body).await;
    assert!(!is_replay(&other));
    assert_ne!(id_of(&other.expect(201)), id_of(&first.json()));
    let without = organization.admin.post("/v1/invites", body).await;
    assert!(without.status == 201 && !is_replay(&without));
}

#[tokio::test]
async fn another_body_under_the_same_key_is_422() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let campaign = organization.campaign().await;
    let body = json!({"campaign_id": campaign});
    let first = post(&organization.admin, "a", "/v1/invites", &body).await;
    first.expect(201);
    let other = json!({"campaign_id": campaign, "participant_name": "Ada"});
    post(&organization.admin, "a", "/v1/invites", &other).await.refused(422, "idempotency_mismatch");
    let with_query = post(&organization.admin, "a", "/v1/invites?x=1", &body).await;
    with_query.refused(422, "idempotency_mismatch");
    assert_replays(&first, &post(&organization.admin, "a", "/v1/invites", &body).await);
    assert_eq!(count_of(&organization, "/v1/invites").await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_at_once_make_one_invite() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let campaign = organization.campaign().await;
    let body = json!({"campaign_id": campaign});
    let replies = join_all((0..50).map(|_| post(&organization.admin, "a", "/v1/invites", &body))).await;
    let (first, others): (Vec<_>, Vec<_>) =
        replies.iter().partition(|reply| !is_replay(reply) && reply.status == 201);
    assert_eq!(first.len(), 1);
    for other in others {
        if other.status == 409 {
            other.refused(409, "conflict");
        } else {
            assert_replays(first[0], other);
        }
    }
    assert_eq!(count_of(&organization, "/v1/invites").await, 1);
    let counters =
        organization.admin.get(&format!("/v1/campaigns/{campaign}")).await.expect(200)["counters"].clone();
    assert_eq!(counters["invited"], 1, "what was undone is not counted");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_at_once_make_one_key_and_one_campaign() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    for (path, body) in
        [("/v1/api-keys", json!({"name": "Key"})), ("/v1/campaigns", json!({"name": "Campaign"}))]
    {
        let before = count_of(&organization, path).await;
        let replies = join_all((0..10).map(|_| post(&organization.admin, "a", path, &body))).await;
        let first = replies.iter().find(|reply| !is_replay(reply)).unwrap().expect(201);
        assert!(replies.iter().all(|reply| reply.expect(201) == first));
        assert_eq!(count_of(&organization, path).await, before + 1, "{path}");
    }
}

#[tokio::test]
async fn every_route_that_posts_answers_the_second_time_as_the_first() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    for route in Route::management().into_iter().filter(|route| route.method == Method::POST) {
        let (mut objects, _) = Objects::make(&organization).await;
        let webhook = format!("/v1/webhooks/{}", objects.webhook);
        organization.admin.patch(&webhook, json!({"status": "enabled"})).await.expect(200);
        // A step needs a campaign that has not taken it yet.
        objects.campaign = match route.template.rsplit('/').next() {
            Some("activate") => {
                let campaign = organization.campaign().await;
                organization.step(&campaign, "pause").await;
                campaign
            }
            Some("archive") => {
                let campaign = organization.campaign().await;
                organization.step(&campaign, "complete").await;
                campaign
            }
            _ => objects.campaign,
        };
        let request = || route.request(&organization.admin, &objects).header(HEADER, "a b~!");
        let first = send(request()).await;
        assert!(first.status < 300, "{route:?}: {}", first.text);
        let again = send(request()).await;
        assert_replays(&first, &again);
        let other = send(request().body("{\"another\":1}").header("Content-Type", "application/json")).await;
        other.refused(422, "idempotency_mismatch");
    }
}

#[tokio::test]
async fn organizations_environments_and_routes_have_names_of_their_own() {
    let server = TestServer::start().await;
    let acme = server.organization("Acme").await;
    let other = server.organization("Other").await;
    let sandbox = server.another_admin(&acme, Environment::Test).await;
    let body = json!({"name": "Campaign"});
    let mut ids = Vec::new();
    for caller in [&acme.admin, &other.admin, &sandbox] {
        let reply = post(caller, "a", "/v1/campaigns", &body).await;
        assert!(!is_replay(&reply));
        ids.push(id_of(&reply.expect(201)));
    }
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 3);
    let first = acme.campaign_with(guides::short(), json!({})).await;
    let second = acme.campaign_with(guides::short(), json!({})).await;
    for (path, body) in [
        (format!("/v1/campaigns/{first}/pause"), json!({})),
        (format!("/v1/campaigns/{second}/pause"), json!({})),
        ("/v1/api-keys".to_owned(), body),
    ] {
        let reply = post(&acme.admin, "a", &path, &body).await;
        assert!(reply.status < 300 && !is_replay(&reply), "{path}: {}", reply.text);
    }
}

#[tokio::test]
async fn an_answer_is_kept_for_24_hours() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let body = json!({"name": "Campaign"});
    let first = post(&organization.admin, "a", "/v1/campaigns", &body).await;
    first.expect(201);
    server.clock.advance_secs(86_399);
    assert_replays(&first, &post(&organization.admin, "a", "/v1/campaigns", &body).await);
    server.clock.advance_secs(1);
    let later = post(&organization.admin, "a", "/v1/campaigns", &json!({"name": "Another"})).await;
    assert_ne!(id_of(&later.expect(201)), id_of(&first.json()));
    assert!(!is_replay(&later));
}

#[tokio::test]
async fn what_was_kept_for_24_hours_is_removed_though_nobody_sends_the_header_again() {
    // More than are removed in one job.
    const MANY: u64 = 25;
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    for number in 0..MANY {
        let body = json!({"name": format!("Campaign {number}")});
        post(&organization.admin, &number.to_string(), "/v1/campaigns", &body).await.expect(201);
    }
    server.clock.advance_secs(86_399);
    assert_eq!(calendar::remove_answered(&server.shared).await.unwrap(), 0);
    server.clock.advance_secs(1);
    assert_eq!(calendar::remove_answered(&server.shared).await.unwrap(), MANY);
    assert_eq!(calendar::remove_answered(&server.shared).await.unwrap(), 0);
}

#[tokio::test]
async fn a_refusal_that_stands_is_kept_and_one_that_may_pass_is_not() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let campaign = organization.campaign_with(guides::short(), json!({})).await;
    let body = json!({"campaign_id": campaign});
    organization.step(&campaign, "pause").await;
    let refused = post(&organization.admin, "a", "/v1/invites", &body).await;
    refused.refused(409, "campaign_paused");
    organization.step(&campaign, "activate").await;
    assert_replays(&refused, &post(&organization.admin, "a", "/v1/invites", &body).await);

    let stranger = server.organization("Stranger").await;
    for _ in 0..2 {
        let forbidden = post(&stranger.admin, "a", "/v1/invites", &body).await;
        forbidden.is_guide_403();
        assert!(!is_replay(&forbidden));
    }
    let own = json!({"campaign_id": stranger.campaign().await});
    post(&stranger.admin, "a", "/v1/invites", &own).await.expect(201);
    let malformed = organization.admin.request(Method::POST, "/v1/invites").header(HEADER, "c").body("{");
    send(malformed).await.refused(415, "unsupported_media_type");
    post(&organization.admin, "c", "/v1/invites", &body).await.expect(201);
}

#[tokio::test]
async fn a_key_that_is_no_name_is_400_and_only_for_those_who_may_ask() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let body = json!({"name": "Campaign"});
    let longest = "x".repeat(255);
    post(&organization.admin, &longest, "/v1/campaigns", &body).await.expect(201);
    post(&organization.admin, " ~", "/v1/campaigns", &body).await.expect(201);
    let longer = "x".repeat(256);
    let odd: [&[u8]; 5] = [b"", longer.as_bytes(), b"caf\xc3\xa9", b"\xff", b"a\tb"];
    let before = count_of(&organization, "/v1/campaigns").await;
    for value in odd {
        let request =
            |caller: &Caller| caller.request(Method::POST, "/v1/campaigns").header(HEADER, value).json(&body);
        send(request(&organization.admin)).await.refused(400, "invalid_request");
        send(request(&server.anonymous())).await.is_guide_401();
        send(request(&organization.scoped(&["campaigns:read"]).await)).await.is_guide_403();
    }
    let twice =
        organization.admin.request(Method::POST, "/v1/campaigns").header(HEADER, "a").header(HEADER, "b");
    send(twice.json(&body)).await.refused(400, "invalid_request");
    assert_eq!(count_of(&organization, "/v1/campaigns").await, before);
}

#[tokio::test]
async fn another_key_of_the_organization_learns_nothing_409() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let campaign = organization.campaign().await;
    let body = json!({"campaign_id": campaign});
    let first = post(&organization.admin, "a", "/v1/invites", &body).await;
    let token = first.expect(201)["invite_token"].as_str().unwrap().to_owned();
    let reply = post(&organization.standard().await, "a", "/v1/invites", &body).await;
    let error = reply.refused(409, "conflict");
    assert!(error["message"].as_str().unwrap().contains("another API key"), "{error}");
    assert!(!reply.text.contains(&token) && !reply.text.contains(&id_of(&first.json())));
    assert_eq!(count_of(&organization, "/v1/invites").await, 1);
}

#[tokio::test]
async fn a_revoked_key_gets_no_answer_again_401() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let campaign = organization.campaign().await;
    let created = organization.create_key(json!({"name": "Leaked"})).await;
    let leaked = server.caller(created["key"].as_str().unwrap());
    let body = json!({"campaign_id": campaign});
    post(&leaked, "a", "/v1/invites", &body).await.expect(201);
    organization.admin.delete(&format!("/v1/api-keys/{}", id_of(&created))).await.expect(200);
    post(&leaked, "a", "/v1/invites", &body).await.is_guide_401();
}

#[tokio::test]
async fn nothing_of_an_answer_or_a_body_is_in_the_database() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let campaign = organization.campaign().await;
    let body = json!({"campaign_id": campaign, "metadata": {"a": 1}});
    let minted = post(&organization.admin, "name-of-a-request", "/v1/invites", &body).await.expect(201);
    let batch = json!({"invites": [{"campaign_id": campaign}]});
    let batch = post(&organization.admin, "name-of-a-request", "/v1/invites/batch", &batch).await.expect(200);
    let created = post(&organization.admin, "name-of-a-request", "/v1/api-keys", &json!({"name": "K"}))
        .await
        .expect(201);
    let unread = json!({"campaign_id": campaign, "planted-unknown-member": 1});
    post(&organization.admin, "another", "/v1/invites", &unread).await.refused(422, "unknown_field");
    let signature = |token: &Value| token.as_str().unwrap().rsplit('.').next().unwrap().to_owned();
    let key = created["key"].as_str().unwrap();
    for secret in [
        signature(&minted["invite_token"]).as_str(),
        signature(&batch["data"][0]["invite"]["invite_token"]).as_str(),
        key,
        &key[20..50],
        "name-of-a-request",
        "invite_token",
        "planted-unknown-member",
    ] {
        assert!(!server.database_contains(secret), "{secret}");
    }
}

#[tokio::test]
async fn an_answer_is_not_given_again_once_somebody_was_erased_whom_it_told_of_409() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let campaign = organization.campaign().await;
    let row = |email: &str| json!({"campaign_id": campaign, "participant_email": email});
    let batch = json!({"invites": [row("ada@example.com"), row("bob@example.com")]});
    let alone = row("bob@example.com");
    let first = post(&organization.admin, "batch", "/v1/invites/batch", &batch).await.expect(200);
    post(&organization.admin, "alone", "/v1/invites", &alone).await.expect(201);

    let ada = first["data"][0]["invite"]["participant_id"].as_str().unwrap();
    organization.admin.delete(&format!("/v1/participants/{ada}")).await.expect(200);
    let again = post(&organization.admin, "batch", "/v1/invites/batch", &batch).await;
    again.refused(409, "conflict");
    assert!(!again.text.contains("example.com"), "{}", again.text);
    assert!(is_replay(&post(&organization.admin, "alone", "/v1/invites", &alone).await));
    let invites = organization.admin.get("/v1/invites").await.expect(200);
    assert_eq!(invites["data"].as_array().unwrap().len(), 3, "nothing was done again");
}

#[tokio::test]
async fn an_answer_is_not_given_again_once_somebody_has_withdrawn_whom_it_told_of_409() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let (first, second) = (organization.campaign().await, organization.campaign().await);
    let body = |campaign: &str, email: &str| json!({"campaign_id": campaign, "participant_email": email});
    let of_ada = body(&first, "ada@example.com");
    let of_bob = body(&first, "bob@example.com");
    let minted = post(&organization.admin, "ada", "/v1/invites", &of_ada).await.expect(201);
    post(&organization.admin, "bob", "/v1/invites", &of_bob).await.expect(201);
    let other = organization.invite_with(&second, json!({"participant_email": "ada@example.com"})).await;
    assert_eq!(other["participant_id"], minted["participant_id"]);

    let invitee = server.caller(minted["invite_token"].as_str().unwrap());
    let interview = Interview::start(&invitee).await;
    interview.participant.post_nothing("/v1/participant/session/withdraw").await.expect(200);
    let again = post(&organization.admin, "ada", "/v1/invites", &of_ada).await;
    again.refused(409, "conflict");
    assert!(!again.text.contains("ada@example.com"), "{}", again.text);
    assert!(is_replay(&post(&organization.admin, "bob", "/v1/invites", &of_bob).await));
    assert_eq!(count_of(&organization, "/v1/invites").await, 3, "nothing was done again");
}

#[tokio::test]
async fn the_header_means_nothing_where_nothing_is_posted_and_to_participants() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let campaign = organization.draft().await;
    let path = format!("/v1/campaigns/{campaign}");
    for name in ["One", "Two"] {
        let change =
            organization.admin.request(Method::PATCH, &path).header(HEADER, "a").json(&json!({"name": name}));
        assert_eq!(send(change).await.expect(200)["name"], name);
    }
    let invitee = organization.invitee(&organization.campaign().await).await;
    for body in [json!({"locale": "en"}), json!({"locale": "de"})] {
        let start = post(&invitee, "", "/v1/participant/session", &body).await;
        assert!(!is_replay(&start));
        start.expect(200);
    }
}

/// Members that no body has, with names of so many characters.
fn unknown(count: usize, chars: usize) -> Value {
    let names = (0..count).map(|number| (format!("{number:0chars$}"), json!(1)));
    Value::Object(names.collect())
}

#[tokio::test]
async fn a_refusal_of_very_many_faults_tells_of_a_hundred_and_is_small() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let campaign = organization.campaign().await;
    let mut body = unknown(95_000, 5);
    body["campaign_id"] = json!(campaign);
    let reply = post(&organization.admin, "a", "/v1/invites", &body).await;
    let error = reply.refused(422, "unknown_field");
    assert_eq!(error["details"].as_array().unwrap().len(), 100);
    assert!(error["message"].as_str().unwrap().ends_with("00009 and 94990 more."), "{}", error["message"]);
    assert!(reply.text.len() < 20_000, "{}", reply.text.len());
    assert_replays(&reply, &post(&organization.admin, "a", "/v1/invites", &body).await);

    let origins = vec!["nonsense"; 5_000];
    let body = json!({"name": "n", "settings": {"allowed_origins": origins}});
    let error = organization.admin.post("/v1/campaigns", body).await.refused(422, "validation_failed");
    assert_eq!(error["details"].as_array().unwrap().len(), 100);
    assert!(error["message"].as_str().unwrap().ends_with("the first 100 of 5001 faults."), "{error}");

    let mut row = unknown(150, 3);
    row["campaign_id"] = json!(campaign);
    let batch = json!({"invites": vec![row; 500]});
    let reply = post(&organization.admin, "b", "/v1/invites/batch", &batch).await;
    let error = &reply.expect(200)["data"][499]["error"];
    assert_eq!(error["details"].as_array().unwrap().len(), 10);
    assert!(error["message"].as_str().unwrap().ends_with(" and 140 more."), "{}", error["message"]);
}

#[tokio::test]
async fn a_refusal_of_more_than_64_kib_is_decided_again() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    for (chars, is_kept) in [(300, true), (5_000, false)] {
        let (name, mut body) = (chars.to_string(), unknown(100, chars));
        body["name"] = json!("n");
        let refused = async || post(&organization.admin, &name, "/v1/campaigns", &body).await;
        let first = refused().await;
        first.refused(422, "unknown_field");
        assert_eq!(first.text.len() <= 64 * 1_024, is_kept);
        assert_eq!(is_replay(&refused().await), is_kept, "{chars}");
    }
}
