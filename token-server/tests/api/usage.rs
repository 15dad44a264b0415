//! `GET /v1/api-keys/:id/usage`: what keys were used for, exactly.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering::SeqCst},
    },
    time::Duration,
};

use async_trait::async_trait;
use domain::{clock::Clock as _, organization::Plan};
use protocol::{Environment, Timestamp, ids::ApiKeyId};
use serde_json::{Value, json};
use storage::{HourOfUse, Job, Mint, Minted, Place, Store, StoreError, UnitOfWork};
use token_server::usage::Usage;

use crate::support::{
    Caller, Organization, TestServer,
    binary::{Installation, Process},
    organization::id_of,
};

const HOUR: i64 = 3_600;

async fn made(organization: &Organization, body: Value) -> (String, Caller) {
    let created = organization.create_key(body).await;
    (id_of(&created), organization.admin.with(created["key"].as_str().unwrap()))
}

async fn usage(caller: &Caller, id: &str, query: &str) -> Value {
    caller.get(&format!("/v1/api-keys/{id}/usage{query}")).await.expect(200)
}

fn totals(usage: &Value) -> (u64, u64) {
    let number = |name: &str| usage["totals"][name].as_u64().unwrap();
    (number("requests"), number("errors"))
}

/// So many requests, some of them to what is not there.
async fn send(caller: &Caller, requests: u32, errors: u32) {
    for _ in errors..requests {
        caller.get("/v1/campaigns").await.expect(200);
    }
    for _ in 0..errors {
        caller.get("/v1/campaigns/camp_1").await.refused(404, "not_found");
    }
}

#[tokio::test]
async fn requests_and_errors_are_counted_by_the_hour_and_by_the_day() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let (id, backend) = made(&organization, json!({"name": "Backend"})).await;
    let nothing = usage(&organization.admin, &id, "").await;
    assert_eq!(
        nothing,
        json!({
            "data": [], "totals": {"requests": 0, "errors": 0, "error_rate": 0.0}, "last_used_at": null,
            "has_more": false, "next_cursor": null
        })
    );
    send(&backend, 8, 2).await;
    server.clock.advance_secs(11 * HOUR + 30);
    send(&backend, 3, 0).await;
    server.clock.advance_secs(2 * HOUR);
    send(&backend, 1, 1).await;
    let bucket = |start: &str, requests: u64, errors: u64, rate: f64| json!({"bucket_start": start, "requests": requests, "errors": errors, "error_rate": rate});
    let hours = [
        bucket("2026-02-01T01:00:00.000Z", 1, 1, 1.0),
        bucket("2026-01-31T23:00:00.000Z", 3, 0, 0.0),
        bucket("2026-01-31T12:00:00.000Z", 8, 2, 0.25),
    ];
    let by_hour = usage(&organization.admin, &id, "").await;
    assert_eq!(by_hour["data"], json!(hours));
    assert_eq!(by_hour["totals"], json!({"requests": 12, "errors": 3, "error_rate": 0.25}));
    assert_eq!(by_hour["last_used_at"], "2026-02-01T01:00:30.000Z");
    let by_day = usage(&organization.admin, &id, "?bucket=day").await;
    let days = [
        bucket("2026-02-01T00:00:00.000Z", 1, 1, 1.0),
        bucket("2026-01-31T00:00:00.000Z", 11, 2, 2.0 / 11.0),
    ];
    assert_eq!(by_day["data"], json!(days));
    let part = "?from=2026-01-31T23:59:59Z&to=2026-02-01T01:00:00Z&bucket=hour";
    assert_eq!(usage(&organization.admin, &id, part).await["data"], json!([hours[1]]));
}

#[tokio::test]
async fn every_answer_to_a_valid_key_counts_and_no_other_does() {
    let server = TestServer::start().await;
    let organization = server.organization_in("Acme", Environment::Live, Plan::Free).await;
    let body = json!({"name": "Narrow", "scopes": ["campaigns:read"]});
    let (id, narrow) = made(&organization, body).await;
    narrow.get("/v1/invites").await.is_guide_403();
    narrow.get("/v1/campaigns/camp_1").await.refused(404, "not_found");
    narrow.get("/v1/campaigns?limit=0").await.refused(400, "invalid_request");
    let wrong = format!("{}x", narrow.credential());
    narrow.with(&wrong).get("/v1/campaigns").await.is_guide_401();
    send(&narrow, 96, 0).await;
    narrow.get("/v1/campaigns").await.refused(403, "rate_limited");
    server.clock.advance_secs(60);
    assert_eq!(totals(&usage(&organization.admin, &id, "").await), (100, 4));
    organization.admin.delete(&format!("/v1/api-keys/{id}")).await.expect(200);
    narrow.get("/v1/campaigns").await.is_guide_401();
    assert_eq!(totals(&usage(&organization.admin, &id, "").await), (100, 4), "also of a revoked key");

    let (id, elsewhere) =
        made(&organization, json!({"name": "Elsewhere", "allowed_cidrs": ["203.0.113.0/24"]})).await;
    elsewhere.get("/v1/campaigns").await.refused(403, "ip_not_allowed");
    assert_eq!(totals(&usage(&organization.admin, &id, "").await), (1, 1), "somebody has the key");
}

#[tokio::test]
async fn what_cannot_be_asked_is_400() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let id = organization.admin_key_id.to_string();
    for query in [
        "bucket=week",
        "from=yesterday",
        "to=1",
        "from=2026-01-31T12:00:00Z&to=2026-01-31T11:59:59Z",
        "from=2025-12-31T11:59:59Z",
        "from=2025-01-01T00:00:00Z&bucket=day",
    ] {
        let reply = organization.admin.get(&format!("/v1/api-keys/{id}/usage?{query}")).await;
        reply.refused(400, "invalid_request");
    }
    for query in
        ["from=2025-12-31T12:00:00Z", "from=2025-02-01T00:00:00Z&bucket=day", "from=2027-01-01T00:00:00Z"]
    {
        usage(&organization.admin, &id, &format!("?{query}")).await;
    }
}

/// A database whose first writes fail.
#[derive(Debug)]
struct Failing {
    store: Arc<dyn Store>,
    failures: AtomicU32,
}

#[async_trait]
impl Store for Failing {
    async fn read(&self) -> Result<Box<dyn UnitOfWork>, StoreError> {
        self.store.read().await
    }

    async fn submit(&self, job: Job) -> Result<(), StoreError> {
        let fails = self.failures.fetch_update(SeqCst, SeqCst, |left| left.checked_sub(1)).is_ok();
        if fails { Err(StoreError::Closed) } else { self.store.submit(job).await }
    }

    async fn mint(&self, mint: Mint) -> Result<Minted, StoreError> {
        self.store.mint(mint).await
    }

    async fn scrub(&self) -> Result<(), StoreError> {
        self.store.scrub().await
    }

    fn statements(&self) -> u64 {
        self.store.statements()
    }

    async fn place(&self) -> Result<Place, StoreError> {
        self.store.place().await
    }

    async fn check(&self) -> Result<(), StoreError> {
        self.store.check().await
    }

    async fn close(&self) {
        self.store.close().await;
    }
}

#[tokio::test]
async fn a_flush_that_fails_is_tried_again_and_counts_once() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let key = organization.admin_key_id.clone();
    let failing = Failing { store: Arc::clone(&server.shared.store), failures: AtomicU32::new(2) };
    let counted = Usage::default();
    let now = server.clock.now();
    for is_error in [true, false, false] {
        counted.count(&key, now, is_error);
    }
    assert!(counted.flush(&failing).await.is_err());
    counted.count(&key, now, true);
    assert!(counted.flush(&failing).await.is_err());
    counted.flush(&failing).await.unwrap();
    counted.flush(&failing).await.unwrap();
    let stored = server.shared.store.read().await.unwrap().list_usage(&key, now, None).await.unwrap();
    assert_eq!(stored, [HourOfUse { hour: now, requests: 4, errors: 2 }]);
}

/// A key of the program's, with its id.
fn key_of(installation: &Installation, name: &str) -> (String, String) {
    let arguments =
        ["keys", "create", "--org", "Acme", "--env", "live", "--name", name, "--kind", "admin", "--json"];
    let created = installation.run_json(&arguments);
    (id_of(&created), created["key"].as_str().unwrap().to_owned())
}

fn caller(process: &Process, key: &str) -> Caller {
    Caller::new(&process.url).with(key)
}

#[tokio::test]
async fn program_counts_are_exact_over_a_clean_stop() {
    let installation = Installation::new();
    let (_, reader) = key_of(&installation, "Reader");
    let keys: Vec<_> = (0..3).map(|number| key_of(&installation, &number.to_string())).collect();
    let first = installation.serve();
    // 1,000 requests with 37 errors over three keys, with a restart in the middle.
    for ((_, key), (requests, errors)) in keys.iter().zip([(300, 11), (100, 0), (100, 5)]) {
        send(&caller(&first, key), requests, errors).await;
    }
    first.signal("TERM");
    assert_eq!(first.wait().0, Some(0));
    let second = installation.serve();
    for ((_, key), (requests, errors)) in keys.iter().zip([(200, 1), (250, 20), (50, 0)]) {
        send(&caller(&second, key), requests, errors).await;
    }
    let reader = caller(&second, &reader);
    for ((id, _), expected) in keys.iter().zip([(500, 12), (350, 20), (150, 5)]) {
        assert_eq!(totals(&usage(&reader, id, "?bucket=day").await), expected);
    }
}

#[tokio::test]
async fn program_counts_after_a_kill_lack_the_last_second_and_are_never_more_than_the_truth() {
    let installation = Installation::new();
    let (id, key) = key_of(&installation, "Key");
    let first = installation.serve();
    let backend = caller(&first, &key);
    send(&backend, 50, 5).await;
    // By the server itself, once a second: who asks for it by the API has it written down.
    let url = format!("sqlite://{}", installation.path("test.db").display());
    let store = storage::connect(&url).await.unwrap();
    let key_id = ApiKeyId::parse(&id).unwrap();
    tokio::time::timeout(Duration::from_secs(10), async {
        loop {
            let mut unit = store.read().await.unwrap();
            let hours = unit.list_usage(&key_id, Timestamp::from_millis(0), None).await.unwrap();
            if hours.iter().map(|hour| hour.requests).sum::<u64>() == 50 {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    })
    .await
    .expect("it is written down");
    store.close().await;
    send(&backend, 30, 3).await;
    first.kill();
    let second = installation.serve();
    let (requests, errors) = totals(&usage(&caller(&second, &key), &id, "").await);
    assert!((50..=80).contains(&requests) && (5..=8).contains(&errors), "{requests}, {errors}");
}
