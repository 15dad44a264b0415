//! The real program is killed while it mints: whatever was committed is answered again, nothing is done twice.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Caller, binary::Installation, guides, organization::id_of};

const CALLERS: u32 = 8;

/// One try. `None` when the server did not answer.
async fn mint(caller: &Caller, campaign: &str, name: &str) -> Option<(u16, Value)> {
    let request = caller.request(Method::POST, "/v1/invites").header("Idempotency-Key", name);
    let response = request.json(&json!({"campaign_id": campaign})).send().await.ok()?;
    Some((response.status().as_u16(), response.json().await.ok()?))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_request_makes_one_invite_however_often_the_server_is_killed() {
    let installation = Installation::new();
    let key = installation.create_key("admin");
    let file = json!({"id": "camp_1", "name": "Research", "guide": guides::short()});
    std::fs::write(installation.path("campaign.json"), file.to_string()).unwrap();
    installation.run_json(&[
        "campaigns",
        "import",
        "campaign.json",
        "--org",
        "Acme",
        "--env",
        "live",
        "--json",
    ]);

    let names = Arc::new(AtomicU32::new(0));
    let answered: Arc<Mutex<HashMap<String, String>>> = Arc::default();
    let mut unanswered: Vec<String> = Vec::new();
    for round in 0..4_u64 {
        let server = installation.serve();
        let caller = Caller::new(&server.url).with(&key);
        // What was cut off by the kill is sent again first.
        for name in unanswered.drain(..) {
            let (status, body) = mint(&caller, "camp_1", &name).await.expect("an answer");
            assert_eq!(status, 201, "{body}");
            answered.lock().unwrap().insert(name, id_of(&body));
        }
        let tasks: Vec<_> = (0..CALLERS)
            .map(|_| {
                let (caller, names, answered) = (caller.clone(), Arc::clone(&names), Arc::clone(&answered));
                tokio::spawn(async move {
                    loop {
                        let name = format!("request-{}", names.fetch_add(1, Ordering::Relaxed));
                        match mint(&caller, "camp_1", &name).await {
                            Some((201, body)) => answered.lock().unwrap().insert(name, id_of(&body)),
                            _ => return name,
                        };
                    }
                })
            })
            .collect();
        let enough = usize::try_from(round + 1).unwrap() * 60;
        while answered.lock().unwrap().len() < enough {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        server.kill();
        for task in tasks {
            unanswered.push(task.await.unwrap());
        }
    }

    let server = installation.serve();
    let caller = Caller::new(&server.url).with(&key);
    for name in unanswered {
        let (status, body) = mint(&caller, "camp_1", &name).await.expect("an answer");
        assert_eq!(status, 201, "{body}");
        answered.lock().unwrap().insert(name, id_of(&body));
    }
    let answered = answered.lock().unwrap().clone();
    let requests = names.load(Ordering::Relaxed);
    assert_eq!(u32::try_from(answered.len()).unwrap(), requests);
    for (name, id) in answered.iter().take(20) {
        let (status, body) = mint(&caller, "camp_1", name).await.expect("an answer");
        assert_eq!((status, &id_of(&body)), (201, id));
    }
    let campaign = caller.get("/v1/campaigns/camp_1").await.expect(200);
    assert_eq!(campaign["counters"]["invited"], requests, "one invite for each request, and not one more");
}
