//! Two servers on one database of `PostgreSQL`. They are ignored unless `TEST_POSTGRES_URL` names a server of it.

use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{
    Caller, Interview,
    binary::{Installation, Process},
    caller::try_send,
    guides,
    organization::id_of,
    postgres,
    streams::Stream,
};

/// A stream looks at its session by itself four times a minute; what it is told before that, it was told of.
const SOON: Duration = Duration::from_secs(10);

/// Two servers, somebody with an admin key at each of them, and a campaign `camp_1`.
struct Scene {
    installation: Installation,
    database_url: String,
    _servers: [Process; 2],
    callers: [Caller; 2],
}

fn scene() -> Scene {
    let server = std::env::var("TEST_POSTGRES_URL").expect("TEST_POSTGRES_URL names a server");
    let database_url = postgres::new_database(&server);
    let installation = Installation::on(database_url.clone());
    let key = installation.create_key("admin");
    let file = json!({"id": "camp_1", "name": "Research", "guide": guides::short()});
    std::fs::write(installation.path("campaign.json"), file.to_string()).unwrap();
    let import = ["campaigns", "import", "campaign.json", "--org", "Acme", "--env", "live", "--json"];
    installation.run_json(&import);
    let servers = [installation.serve(), installation.serve()];
    let callers = servers.each_ref().map(|server| Caller::new(&server.url).with(&key));
    Scene { installation, database_url, _servers: servers, callers }
}

async fn mint(caller: &Caller) -> Value {
    caller.post("/v1/invites", json!({"campaign_id": "camp_1"})).await.expect(201)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs TEST_POSTGRES_URL"]
async fn what_one_server_revokes_the_other_refuses_with_the_next_request() {
    let Scene { callers: [one, other], .. } = &scene();
    for _ in 0..5 {
        let created = one.post("/v1/api-keys", json!({"name": "Backend"})).await.expect(201);
        let backend = other.with(created["key"].as_str().unwrap());
        for _ in 0..3 {
            mint(&backend).await;
        }
        one.delete(&format!("/v1/api-keys/{}", id_of(&created))).await.expect(200);
        let refused = backend.post("/v1/invites", json!({"campaign_id": "camp_1"})).await;
        refused.refused(401, "unauthorized");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs TEST_POSTGRES_URL"]
async fn an_interview_goes_on_at_either_server_and_each_tells_those_who_listen_to_it() {
    let Scene { callers: [one, other], .. } = &scene();
    let invite = mint(one).await;
    let token = invite["invite_token"].as_str().unwrap();
    let mut interview = Interview::start(&one.with(token)).await;
    let there = other.with(interview.participant.credential());
    let mut stream = Stream::open(&there, None).await;
    stream.next().await.unwrap();

    let answered_at = Instant::now();
    interview.answer(json!("Ada")).await;
    assert_eq!(stream.next().await.unwrap().data["turn"], interview.turn);
    assert!(answered_at.elapsed() < SOON, "{:?}", answered_at.elapsed());
    // The other server takes the next answer.
    interview.participant = there;
    interview.answer(json!("Grace")).await;
    assert_eq!(stream.next().await.unwrap().data["turn"], interview.turn);

    let cancelled_at = Instant::now();
    one.post_nothing(&format!("/v1/invites/{}/cancel", id_of(&invite))).await.expect(200);
    assert_eq!(stream.next().await.unwrap().data["error"]["code"], "invite_cancelled");
    assert!(cancelled_at.elapsed() < SOON, "{:?}", cancelled_at.elapsed());
    let answers = other.get(&format!("/v1/sessions/{}/answers", interview.session_id())).await.expect(200);
    let values: Vec<_> = answers["data"].as_array().unwrap().iter().map(|answer| &answer["value"]).collect();
    assert_eq!(values, ["Ada", "Grace"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs TEST_POSTGRES_URL"]
async fn fifty_posts_of_one_idempotency_key_to_both_servers_make_one_invite() {
    let Scene { callers, .. } = &scene();
    let post = |caller: &Caller| {
        let request = caller.request(Method::POST, "/v1/invites").header("Idempotency-Key", "one");
        try_send(request.json(&json!({"campaign_id": "camp_1"})))
    };
    let posts = (0..50).map(|number: usize| post(&callers[number % 2]));
    let mut ids = Vec::new();
    for reply in futures_util::future::join_all(posts).await {
        let reply = reply.unwrap();
        match reply.status {
            201 => ids.push(id_of(&reply.json())),
            // The first of them is still at work.
            status => assert_eq!(status, 409, "{}", reply.text),
        }
    }
    for caller in callers {
        ids.push(id_of(&post(caller).await.unwrap().expect(201)));
    }
    let listed = callers[0].get("/v1/invites").await.expect(200);
    assert_eq!(listed["data"].as_array().unwrap().len(), 1);
    assert!(ids.iter().all(|id| *id == id_of(&listed["data"][0])), "{ids:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs TEST_POSTGRES_URL"]
async fn a_server_whose_connections_were_closed_goes_on_with_new_ones() {
    let Scene { callers: [one, other], database_url, .. } = &scene();
    mint(one).await;
    mint(other).await;
    postgres::close_connections(database_url);
    // Nobody was at work, so nobody notices.
    mint(one).await;
    mint(other).await;
    assert_eq!(other.get("/v1/invites").await.expect(200)["data"].as_array().unwrap().len(), 4);
}

#[test]
#[ignore = "needs TEST_POSTGRES_URL"]
fn a_backup_of_a_servers_database_is_left_to_its_own_means_and_no_password_is_shown() {
    let Scene { installation, database_url, .. } = &scene();
    let refused = installation.run(&["backup", "copy"]);
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(!refused.status.success() && said.contains("pg_dump"), "{said}");
    assert!(!installation.path("copy").exists());

    let mut with_password = url::Url::parse(database_url).unwrap();
    // A server that lets everybody in takes any.
    let password = with_password.password().unwrap_or("pass-word").to_owned();
    with_password.set_password(Some(&password)).unwrap();
    let with_password = with_password.to_string();
    assert!(with_password.contains(&format!(":{password}@")), "{with_password}");
    for command in [["init"], ["check-config"]] {
        let shown = installation.run(&[command.as_slice(), &["--database-url", &with_password]].concat());
        let said = String::from_utf8_lossy(&shown.stdout).into_owned();
        assert!(shown.status.success() && said.contains("postgres://…@"), "{said}");
        assert!(!said.contains(&password), "{said}");
    }
}
