//! The real program is stopped and killed while participants answer: what was acknowledged is there afterwards.

use std::sync::{Arc, Mutex};

use domain::random::{Entropy as _, SeededEntropy};
use protocol::Timestamp;
use reqwest::Method;
use serde_json::{Value, json};
use storage::{Store, StoreError};
use tokio::{
    sync::{Notify, watch},
    task::JoinSet,
};

use crate::support::{Caller, Interview, binary::Installation, caller::try_send, guides};

const PARTICIPANTS: usize = 4;
/// More questions than anybody answers before the server is gone.
const QUESTIONS: usize = 400;

/// What one participant knows to be saved: the values in the order of the questions.
#[derive(Debug)]
struct Acknowledged {
    session: String,
    invite_token: String,
    values: Vec<Value>,
}

/// The database of the program, as another process has it.
async fn open(installation: &Installation) -> Arc<dyn Store> {
    let url = format!("sqlite://{}", installation.path("test.db").display());
    storage::connect(&url).await.unwrap()
}

/// As if the server had last run years ago: what it has to catch up at its start takes more minutes than it may take to stop.
async fn leave_the_calendar_behind(installation: &Installation) {
    let until = Timestamp::parse("2025-01-01T00:00:00.000Z").unwrap();
    let store = open(installation).await;
    storage::write::<_, StoreError, _>(store.as_ref(), move |unit| {
        Box::pin(async move { unit.set_told_until(until).await })
    })
    .await
    .unwrap();
    store.close().await;
}

/// Brings a campaign in and gives an admin key.
fn set_up(installation: &Installation) -> String {
    let file = installation.path("campaign.json");
    let campaign = json!({"id": "camp_1", "name": "Long", "guide": guides::long(QUESTIONS)});
    std::fs::write(&file, campaign.to_string()).unwrap();
    installation.run_json(&[
        "campaigns",
        "import",
        file.to_str().unwrap(),
        "--org",
        "Acme",
        "--env",
        "live",
        "--json",
    ]);
    installation.create_key("admin")
}

/// Participants who answer until the server is gone. Each count of acknowledged answers is told.
async fn answer_until_gone(admin: &Caller, count: watch::Sender<usize>) -> JoinSet<Acknowledged> {
    let count = Arc::new(Mutex::new(count));
    let mut participants = JoinSet::new();
    for _ in 0..PARTICIPANTS {
        let invite = admin.post("/v1/invites", json!({"campaign_id": "camp_1"})).await.expect(201);
        let token = invite["invite_token"].as_str().unwrap().to_owned();
        let interview = Interview::start(&admin.with(&token)).await;
        let count = Arc::clone(&count);
        participants.spawn(async move {
            let session = interview.session_id().to_owned();
            let mut known = Acknowledged { session, invite_token: token, values: Vec::new() };
            for number in 0..QUESTIONS {
                let value = json!(format!("answer {number}"));
                let body =
                    json!({"client_id": format!("c{number}"), "seq": 1, "value": value, "final": true});
                let path = format!("/v1/participant/session/answers/q{number}");
                let Ok(reply) = try_send(interview.participant.request(Method::PUT, &path).json(&body)).await
                else {
                    break;
                };
                reply.expect(200);
                known.values.push(value);
                count.lock().unwrap().send_modify(|count| *count += 1);
            }
            known
        });
    }
    participants
}

/// Everything that was acknowledged is there, nothing twice, and each interview goes on where it was left.
async fn nothing_is_lost(admin: &Caller, known: &Acknowledged) {
    let page = admin.get(&format!("/v1/sessions/{}/answers", known.session)).await.expect(200);
    let stored: Vec<_> = page["data"].as_array().unwrap().iter().collect();
    assert!(
        stored.len() >= known.values.len(),
        "{} of {} answers are there",
        stored.len(),
        known.values.len()
    );
    assert!(stored.len() <= known.values.len() + 1, "at most the answer in flight is there beside them");
    for (number, answer) in stored.iter().enumerate() {
        assert_eq!(answer["question_id"], format!("q{number}"));
        assert_eq!(answer["value"], format!("answer {number}"));
    }
    let resumed = Interview::start(&admin.with(&known.invite_token)).await;
    assert_eq!(
        (resumed.session_id(), resumed.question()),
        (known.session.as_str(), format!("q{}", stored.len()).as_str())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn sigterm_finishes_what_is_in_flight_and_exits_with_0_within_10_seconds() {
    let installation = Installation::new();
    let key = set_up(&installation);
    leave_the_calendar_behind(&installation).await;
    let server = installation.serve();
    let admin = Caller::new(&server.url).with(&key);
    assert_eq!(admin.get("/readyz").await.text, "ok\n");
    let (count, mut counted) = watch::channel(0);
    let participants = answer_until_gone(&admin, count).await;
    counted.wait_for(|count| *count >= 20).await.unwrap();
    server.signal("TERM");
    let (code, log, took) = tokio::task::spawn_blocking(|| server.wait()).await.unwrap();
    assert_eq!(code, Some(0), "{log}");
    assert!(took.as_secs() < 10, "{took:?}");
    assert!(log.contains("stopping") && log.contains("stopped") && !log.contains("ERROR"), "{log}");
    let known = participants.join_all().await;

    let server = installation.serve();
    let admin = Caller::new(&server.url).with(&key);
    for known in &known {
        nothing_is_lost(&admin, known).await;
    }
    let keys = admin.get("/v1/api-keys").await.expect(200);
    assert!(keys["data"][0]["last_used_at"].is_string(), "the use of keys was written down at the end");
}

#[tokio::test(flavor = "multi_thread")]
async fn it_ends_within_10_seconds_of_sigterm_also_when_the_database_lets_nobody_write() {
    let installation = Installation::new();
    let key = set_up(&installation);
    let server = installation.serve();
    let admin = Caller::new(&server.url).with(&key);
    let other = open(&installation).await;
    let writes = Arc::new(Notify::new());
    let begun = Arc::clone(&writes);
    // It keeps the right to write for as long as this test goes on.
    tokio::spawn(async move {
        let job = storage::write::<(), StoreError, _>(other.as_ref(), move |_| {
            Box::pin(async move {
                begun.notify_one();
                std::future::pending().await
            })
        });
        job.await
    });
    writes.notified().await;
    // Its use is to be written down.
    admin.get("/v1/campaigns").await.expect(200);
    server.signal("TERM");
    let (code, log, took) = tokio::task::spawn_blocking(|| server.wait()).await.unwrap();
    assert_eq!(code, Some(0), "{log}");
    assert!(took.as_secs() < 10, "{took:?}");
    assert!(log.contains("stopped before all was written down"), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn kill_9_loses_no_acknowledged_answer() {
    let installation = Installation::new();
    let key = set_up(&installation);
    let entropy = SeededEntropy::new(9);
    let mut rounds = Vec::new();
    for _ in 0..5 {
        let mut random = [0_u8; 1];
        entropy.fill(&mut random);
        let server = installation.serve();
        let admin = Caller::new(&server.url).with(&key);
        let (count, mut counted) = watch::channel(0);
        let participants = answer_until_gone(&admin, count).await;
        counted.wait_for(|count| *count > usize::from(random[0] % 100)).await.unwrap();
        server.kill();
        rounds.extend(participants.join_all().await);
    }
    let server = installation.serve();
    let admin = Caller::new(&server.url).with(&key);
    for known in &rounds {
        nothing_is_lost(&admin, known).await;
    }
    assert_eq!(rounds.len(), 5 * PARTICIPANTS);
}
