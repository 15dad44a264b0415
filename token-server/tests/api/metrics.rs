//! `/metrics`: what is counted, under which labels, and who may read it.

use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use axum::{
    body::{Body, Bytes},
    response::IntoResponse as _,
};
use domain::organization::Plan;
use protocol::Environment;
use reqwest::{Method, header::HeaderMap};
use serde_json::json;
use token_server::config::CallerRules;

use crate::support::{
    Caller, Interview, Organization, TestServer, caller::send, guides, organization::id_of,
    receiver::Receiver,
};

/// Longest that something may take that the server does by itself.
const PATIENCE: Duration = Duration::from_secs(30);

async fn read(caller: &Caller) -> String {
    let reply = caller.get("/metrics").await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    reply.text
}

/// The value of a sample, which is written with its labels; 0 for one that is not told.
fn value(text: &str, sample: &str) -> u64 {
    let found = text.lines().find_map(|line| line.strip_prefix(sample)?.strip_prefix(' '));
    found.map_or(0, |value| value.parse().unwrap_or_else(|_| panic!("{sample} is {value}")))
}

#[track_caller]
fn has(text: &str, expected: &[(&str, u64)]) {
    for (sample, number) in expected {
        assert_eq!(value(text, sample), *number, "{sample} in {text}");
    }
}

fn rules(readers: &[&str], proxies: &[&str]) -> CallerRules {
    let nets = |list: &[&str]| list.iter().map(|net| net.parse().unwrap()).collect();
    CallerRules {
        metrics_allowed_cidrs: nets(readers),
        trusted_proxies: nets(proxies),
        ..CallerRules::default()
    }
}

#[tokio::test]
async fn it_is_the_text_format_of_prometheus_with_a_type_and_a_help_for_each_family() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let campaign = organization.campaign().await;
    organization.interview(&campaign).await;
    let reply = server.anonymous().get("/metrics").await;
    assert_eq!(reply.header("content-type"), Some("text/plain; version=0.0.4; charset=utf-8"));
    assert_eq!(reply.header("cache-control"), Some("no-store"));
    let mut families = BTreeSet::new();
    let mut samples = BTreeSet::new();
    let mut helped = "";
    for line in reply.text.lines() {
        if let Some(help) = line.strip_prefix("# HELP ") {
            helped = help.split(' ').next().unwrap();
            assert!(help.len() > helped.len() + 1, "{line}");
        } else if let Some(family) = line.strip_prefix("# TYPE ") {
            let (name, kind) = family.split_once(' ').unwrap();
            assert_eq!(name, helped, "a type comes after its help");
            assert!(families.insert(name), "{name} is told twice");
            assert_eq!(name.ends_with("_total"), kind == "counter", "{line}");
        } else {
            let (sample, number) = line.rsplit_once(' ').unwrap();
            assert!(number.parse::<f64>().unwrap() >= 0.0, "{line}");
            let name = sample.split('{').next().unwrap();
            assert!(name.starts_with(helped), "{line} is below {helped}");
            assert!(samples.insert(sample), "{sample} is told twice");
        }
    }
    let expected = [
        "interviewrelay_answers_committed_total",
        "interviewrelay_build_info",
        "interviewrelay_http_request_duration_seconds",
        "interviewrelay_http_requests_in_flight",
        "interviewrelay_http_requests_total",
        "interviewrelay_invites_minted_total",
        "interviewrelay_refused_requests_total",
        "interviewrelay_sessions_completed_total",
        "interviewrelay_sessions_started_total",
        "interviewrelay_webhook_attempts_total",
        "interviewrelay_webhook_oldest_due_seconds",
        "process_start_time_seconds",
    ];
    assert!(families.into_iter().eq(expected), "{}", reply.text);
    let version = format!("interviewrelay_build_info{{version=\"{}\"}}", env!("CARGO_PKG_VERSION"));
    has(
        &reply.text,
        &[
            (version.as_str(), 1),
            ("process_start_time_seconds", 1_769_860_800),
            // The one that asks.
            ("interviewrelay_http_requests_in_flight", 1),
        ],
    );
}

#[tokio::test]
async fn a_request_is_counted_under_the_pattern_of_its_route_and_never_under_its_path() {
    let server = TestServer::start().await;
    let anonymous = server.anonymous();
    for path in
        ["/v1/campaigns/camp_marker1", "/v1/campaigns/camp_marker2?q=marker3", "/marker4", "/marker5/x"]
    {
        anonymous.get(path).await;
    }
    send(anonymous.request(Method::from_bytes(b"MARKER6").unwrap(), "/healthz"))
        .await
        .refused(405, "method_not_allowed");
    send(anonymous.request(Method::HEAD, "/healthz")).await.expect(200);
    let text = read(&anonymous).await;
    has(
        &text,
        &[
            (
                r#"interviewrelay_http_requests_total{method="GET",route="/v1/campaigns/{id}",status="401"}"#,
                2,
            ),
            (r#"interviewrelay_http_requests_total{method="GET",route="-",status="404"}"#, 2),
            (r#"interviewrelay_http_requests_total{method="other",route="/healthz",status="405"}"#, 1),
            (r#"interviewrelay_http_requests_total{method="HEAD",route="/healthz",status="200"}"#, 1),
            (r#"interviewrelay_http_request_duration_seconds_count{route="/v1/campaigns/{id}"}"#, 2),
            (r#"interviewrelay_http_request_duration_seconds_bucket{route="-",le="+Inf"}"#, 2),
        ],
    );
    assert!(!text.to_lowercase().contains("marker"), "{text}");
}

#[tokio::test]
async fn invites_are_counted_by_themselves_also_those_of_a_batch_and_none_twice() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let campaign = organization.campaign().await;
    organization.invite(&campaign).await;
    // This one is decided by the database, the others by what is remembered.
    organization.invite_with(&campaign, json!({"external_id": "42"})).await;
    let rows =
        json!({"invites": [{"campaign_id": campaign}, {"campaign_id": "camp_1"}, {"campaign_id": campaign}]});
    organization.admin.post("/v1/invites/batch", rows).await.expect(200);
    for _ in 0..2 {
        let request = organization.admin.request(Method::POST, "/v1/invites");
        let request = request.header("Idempotency-Key", "one").json(&json!({"campaign_id": campaign}));
        send(request).await.expect(201);
    }
    organization.admin.post("/v1/invites", json!({"campaign_id": "camp_1"})).await.expect(404);
    has(&read(&server.anonymous()).await, &[("interviewrelay_invites_minted_total", 5)]);
}

#[tokio::test]
async fn an_interview_is_counted_when_it_begins_with_each_answer_and_when_it_ends_and_never_twice() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let campaign = organization.campaign_with(guides::long(3), json!({})).await;
    let counted = async |started, answers, completed| {
        has(
            &read(&server.anonymous()).await,
            &[
                ("interviewrelay_sessions_started_total", started),
                ("interviewrelay_answers_committed_total", answers),
                ("interviewrelay_sessions_completed_total", completed),
            ],
        );
    };
    let mut interview = organization.interview(&campaign).await;
    counted(1, 0, 0).await;
    // Resumed, which begins nothing.
    Interview::start(&interview.invitee).await;
    interview.draft(1, json!("d")).await.expect(200);
    let first = interview.question().to_owned();
    for _ in 0..2 {
        interview.put(&first, "c-1", interview.usual_answer()).await.expect(200);
    }
    interview.put("nothing", "c-2", json!(1)).await.expect(404);
    counted(1, 1, 0).await;
    interview = Interview::start(&interview.invitee).await;
    interview.finish().await;
    interview.participant.post_nothing("/v1/participant/session/complete").await.expect(200);
    counted(1, 3, 1).await;
}

#[tokio::test]
async fn each_environment_tells_its_own_numbers() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let campaign = organization.campaign().await;
    organization.invite(&campaign).await;
    let sandbox = Caller::new(server.url(Environment::Test));
    let (live, test) = (read(&server.anonymous()).await, read(&sandbox).await);
    let posted = r#"interviewrelay_http_requests_total{method="POST",route="/v1/invites",status="201"}"#;
    has(&live, &[("interviewrelay_invites_minted_total", 1), (posted, 1)]);
    has(&test, &[("interviewrelay_invites_minted_total", 0), (posted, 0)]);
}

#[tokio::test]
async fn a_403_says_by_its_reason_whether_it_was_the_rate_or_the_address() {
    let server = TestServer::start().await;
    let free = server.organization_in("Free", Environment::Live, Plan::Free).await;
    let elsewhere = free.key(json!({"name": "n", "allowed_cidrs": ["203.0.113.0/24"]})).await;
    elsewhere.get("/v1/campaigns").await.refused(403, "ip_not_allowed");
    let campaign = json!({"campaign_id": "camp_1"});
    elsewhere.post("/v1/invites", campaign).await.refused(403, "ip_not_allowed");
    for _ in 1..100 {
        free.admin.get("/v1/campaigns").await.expect(200);
    }
    for _ in 0..3 {
        free.admin.get("/v1/campaigns").await.refused(403, "rate_limited");
    }
    has(
        &read(&server.anonymous()).await,
        &[
            (r#"interviewrelay_refused_requests_total{reason="rate_limit"}"#, 3),
            (r#"interviewrelay_refused_requests_total{reason="address"}"#, 2),
            (r#"interviewrelay_http_requests_total{method="GET",route="/v1/campaigns",status="403"}"#, 4),
        ],
    );
}

/// An endpoint of the sandbox at the receiver; gives who owns it and where it is tested.
async fn endpoint(server: &TestServer, receiver: &Receiver) -> (Organization, String) {
    let organization = server.organization_in("Acme", Environment::Test, Plan::SelfHosted).await;
    let created = organization.admin.post("/v1/webhooks", json!({"url": receiver.url})).await.expect(201);
    (organization, format!("/v1/webhooks/{}/test", id_of(&created)))
}

/// Waits until the sandbox has counted so many calls: delivered, retried, failed. It does when they are written down, a
/// moment after the call.
async fn attempted(server: &TestServer, counts: [u64; 3]) {
    let sandbox = Caller::new(server.url(Environment::Test));
    let deadline = Instant::now() + PATIENCE;
    loop {
        let text = read(&sandbox).await;
        let told = ["delivered", "retried", "failed"].map(|outcome| {
            value(&text, &format!("interviewrelay_webhook_attempts_total{{outcome=\"{outcome}\"}}"))
        });
        if told == counts {
            return;
        }
        assert!(Instant::now() < deadline, "{told:?} instead of {counts:?}");
    }
}

#[tokio::test]
async fn calls_of_webhooks_are_counted_by_what_came_of_them() {
    let server = TestServer::start().await;
    let receiver = Receiver::start().await;
    let (organization, test) = endpoint(&server, &receiver).await;
    for (status, counts) in [(500, [0, 1, 0]), (204, [1, 1, 0]), (410, [1, 1, 1])] {
        receiver.answer_status(status);
        organization.admin.post_nothing(&test).await.expect(202);
        attempted(&server, counts).await;
    }
}

#[tokio::test]
async fn it_is_told_how_long_a_webhook_has_waited_that_should_have_been_sent() {
    let server = TestServer::start().await;
    let receiver = Receiver::start().await;
    let (organization, test) = endpoint(&server, &receiver).await;
    // An endpoint that fails gets two calls at once; none of these ends, so the third has to wait.
    receiver.answer_status(500);
    organization.admin.post_nothing(&test).await.expect(202);
    attempted(&server, [0, 1, 0]).await;
    receiver.answer(|_| {
        let endless = futures_util::stream::pending::<Result<Bytes, std::convert::Infallible>>();
        Body::from_stream(endless).into_response()
    });
    for _ in 0..5 {
        organization.admin.post_nothing(&test).await.expect(202);
    }
    let waits = |environment| server.shared.metrics.of(environment).oldest_due_s.get();
    let is_told = async |seconds| {
        let deadline = Instant::now() + PATIENCE;
        while waits(Environment::Test) != seconds {
            assert!(Instant::now() < deadline, "{} s instead of {seconds}", waits(Environment::Test));
            tokio::task::yield_now().await;
        }
    };
    server.clock.advance_secs(9);
    is_told(9).await;
    let sandbox = Caller::new(server.url(Environment::Test));
    has(&read(&sandbox).await, &[("interviewrelay_webhook_oldest_due_seconds", 9)]);
    assert_eq!(waits(Environment::Live), 0);
}

/// All that an answer has, but for what differs from request to request.
fn without_its_own(mut headers: HeaderMap) -> HeaderMap {
    for name in ["x-request-id", "date"] {
        headers.remove(name);
    }
    headers
}

#[tokio::test]
async fn who_may_not_read_it_cannot_tell_it_from_a_path_that_is_not_there() {
    for readers in [&[][..], &["10.0.0.0/8"]] {
        let server = TestServer::start_with(rules(readers, &[])).await;
        let organization = server.organization("Acme").await;
        for caller in [&server.anonymous(), &organization.admin] {
            for method in ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"] {
                let method = Method::from_bytes(method.as_bytes()).unwrap();
                let hidden = send(caller.request(method.clone(), "/metrics")).await;
                let absent = send(caller.request(method.clone(), "/metricz")).await;
                assert_eq!((hidden.status, &hidden.text), (404, &absent.text), "{method}");
                assert_eq!(without_its_own(hidden.headers), without_its_own(absent.headers), "{method}");
            }
        }
    }
}

#[tokio::test]
async fn a_reader_who_uses_another_method_is_told_the_right_one_405() {
    let server = TestServer::start().await;
    let reply = server.anonymous().post_nothing("/metrics").await;
    reply.refused(405, "method_not_allowed");
    assert_eq!(reply.header("allow"), Some("GET,HEAD"));
    let head = send(server.anonymous().request(Method::HEAD, "/metrics")).await;
    assert_eq!((head.status, head.text.as_str()), (200, ""));
}

#[tokio::test]
async fn behind_a_proxy_it_is_the_callers_address_that_counts() {
    let ask = async |server: &TestServer, name: &str, value: &str| {
        let request = server.anonymous().request(Method::GET, "/metrics").header(name, value);
        send(request).await.status
    };
    let behind = TestServer::start_with(rules(&["192.0.2.0/24"], &["127.0.0.1/32"])).await;
    assert_eq!(ask(&behind, "X-Forwarded-For", "192.0.2.7").await, 200);
    assert_eq!(ask(&behind, "X-Forwarded-For", "192.0.2.7, 203.0.113.9").await, 404);
    assert_eq!(ask(&behind, "X-Forwarded-For", "unknown").await, 404);
    // A trusted proxy that says it in the other way tells nobody's address but its own.
    let itself = TestServer::start_with(rules(&["127.0.0.1/32"], &["127.0.0.1/32"])).await;
    assert_eq!(ask(&itself, "Forwarded", "for=192.0.2.7").await, 404);
    assert_eq!(ask(&itself, "X-Forwarded-For", "127.0.0.1").await, 200);
    let default = TestServer::start().await;
    assert_eq!(ask(&default, "Accept", "*/*").await, 200);
    // A proxy on this machine that nobody has listed: what comes through it comes from anywhere.
    for (name, value) in
        [("X-Forwarded-For", "127.0.0.1"), ("X-Forwarded-For", ""), ("Forwarded", "for=127.0.0.1")]
    {
        assert_eq!(ask(&default, name, value).await, 404, "{name}: {value}");
    }
}
