//! The Rust snippet of docs/webhooks.md takes what is delivered and refuses what was altered on its way.
//!
//! The crate that it uses reads the clock of the machine, so the server's is put forward to it. The verifiers in other
//! languages are in tests/webhooks.

// From docs/webhooks.md:
use axum::http::HeaderMap;
use standardwebhooks::{Webhook, WebhookError};

fn verify(secret: &str, body: &[u8], headers: &HeaderMap) -> Result<(), WebhookError> {
    Webhook::new(secret)?.verify(body, headers)
}
// Until here.

use axum::http::{HeaderName, HeaderValue};
use domain::{
    clock::{Clock as _, SystemClock},
    organization::Plan,
};
use protocol::Environment;
use serde_json::json;

use crate::support::{
    Organization, TestServer,
    organization::id_of,
    receiver::{Call, Receiver},
};

const ANOTHER_SECRET: &str = "whsec_b2xkb2xkb2xkb2xkb2xkb2xkb2xkb2xkb2xkb2xkb2w=";

/// A server that is so many seconds late, an endpoint with all kinds of news of an interview, and its secret.
async fn start(late_s: i64) -> (TestServer, Organization, Receiver, String, String) {
    let server = TestServer::start().await;
    server.clock.advance_secs(SystemClock.now().as_secs() - server.clock_secs() - late_s);
    let organization = server.organization_in("Acme", Environment::Test, Plan::SelfHosted).await;
    let receiver = Receiver::start().await;
    let body = json!({"url": receiver.url});
    let created = organization.admin.post("/v1/webhooks", body).await.expect(201);
    let (path, secret) = (format!("/v1/webhooks/{}", id_of(&created)), created["secret"].as_str().unwrap());
    (server, organization, receiver, path, secret.to_owned())
}

fn headers(call: &Call) -> HeaderMap {
    let pair = |(name, value): (&String, &String)| {
        (HeaderName::try_from(name).unwrap(), HeaderValue::try_from(value).unwrap())
    };
    call.headers.iter().map(pair).collect()
}

/// A call with another value in a header.
fn with(call: &Call, name: &str, value: &str) -> Call {
    let mut altered = call.clone();
    altered.headers.insert(name.to_owned(), value.to_owned());
    altered
}

fn verdict(secret: &str, call: &Call) -> Result<(), WebhookError> {
    verify(secret, call.text.as_bytes(), &headers(call))
}

#[tokio::test]
async fn what_is_delivered_is_taken_and_what_was_altered_is_refused() {
    let (_server, organization, mut receiver, path, secret) = start(0).await;
    let campaign = organization.campaign().await;
    organization.interview(&campaign).await.finish().await;
    organization.admin.post_nothing(&format!("{path}/test")).await.expect(202);
    let mut calls = Vec::new();
    let kinds = [
        "campaign.activated",
        "invite.created",
        "invite.started",
        "interview.started",
        "invite.completed",
        "interview.completed",
        "ping",
    ];
    for _ in kinds {
        calls.push(receiver.next().await);
    }
    let mut came: Vec<_> = calls.iter().map(Call::kind).collect();
    came.sort();
    let mut expected = kinds;
    expected.sort_unstable();
    assert_eq!(came, expected);

    for (call, next) in calls.iter().zip(calls.iter().cycle().skip(1)) {
        let kind = call.kind();
        assert!(verdict(&secret, call).is_ok(), "{kind}");
        let seconds: i64 = call.header("webhook-timestamp").parse().unwrap();
        let signature = call.header("webhook-signature");
        let another = Webhook::new(ANOTHER_SECRET).unwrap();
        let of_another = another.sign(call.header("webhook-id"), seconds, call.text.as_bytes()).unwrap();
        for (what, altered) in [
            ("another word", Call { text: call.text.replace("\"test\"", "\"live\""), ..call.clone() }),
            ("white space", Call { text: format!("{}\n", call.text), ..call.clone() }),
            ("another body", Call { text: next.text.clone(), ..call.clone() }),
            ("a second later", with(call, "webhook-timestamp", &(seconds + 1).to_string())),
            ("another id", with(call, "webhook-id", next.header("webhook-id"))),
            ("another signature", with(call, "webhook-signature", next.header("webhook-signature"))),
            ("another secret", with(call, "webhook-signature", &of_another)),
            ("cut short", with(call, "webhook-signature", &signature[..signature.len() - 8])),
        ] {
            let refused = verdict(&secret, &altered);
            assert!(matches!(refused, Err(WebhookError::InvalidSignature)), "{kind}, {what}: {refused:?}");
        }
        let mut unsigned = call.clone();
        unsigned.headers.remove("webhook-signature");
        assert!(matches!(verdict(&secret, &unsigned), Err(WebhookError::MissingHeader(_))), "{kind}");
    }
}

#[tokio::test]
async fn what_was_sent_six_minutes_ago_is_refused() {
    let (server, organization, mut receiver, path, secret) = start(360).await;
    let test = format!("{path}/test");
    organization.admin.post_nothing(&test).await.expect(202);
    let old = receiver.next().await;
    assert!(matches!(verdict(&secret, &old), Err(WebhookError::TimestampTooOldError)));
    server.clock.advance_secs(360);
    organization.admin.post_nothing(&test).await.expect(202);
    let new = receiver.next().await;
    assert!(verdict(&secret, &new).is_ok());
}

#[tokio::test]
async fn while_a_secret_is_replaced_both_are_good() {
    let (_server, organization, mut receiver, path, old) = start(0).await;
    let rotated = organization.admin.post_nothing(&format!("{path}/rotate-secret")).await.expect(200);
    organization.admin.post_nothing(&format!("{path}/test")).await.expect(202);
    let call = receiver.next().await;
    assert!(verdict(&old, &call).is_ok());
    assert!(verdict(rotated["secret"].as_str().unwrap(), &call).is_ok());
    assert!(verdict(ANOTHER_SECRET, &call).is_err());
}

#[test]
fn the_snippet_in_the_documents_is_the_one_that_runs_here() {
    let between = |text: &'static str, from, to| {
        let (snippet, _) = text.split_once(from).unwrap().1.split_once(to).unwrap();
        snippet.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>()
    };
    let documented = between(include_str!("../../../docs/webhooks.md"), "```rust\n", "```");
    let here = between(include_str!("webhook_verifiers.rs"), "// From docs/webhooks.md:\n", "// Until here.");
    assert_eq!(documented, here);
}
