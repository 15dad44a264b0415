//! Deliveries: to whom, how often, until when. The clock is the test's; calls go over real sockets.

use axum::{http::StatusCode, response::IntoResponse as _};
use domain::organization::Plan;
use protocol::Environment;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::support::{Organization, TestServer, organization::id_of, receiver::Receiver};

const HOUR: i64 = 3_600;

/// Sandbox, where endpoints of tests may be on this machine.
pub(crate) async fn start() -> (TestServer, Organization) {
    let server = TestServer::start().await;
    let organization = server.organization_in("Acme", Environment::Test, Plan::SelfHosted).await;
    (server, organization)
}

/// An endpoint at the receiver; gives its path.
pub(crate) async fn endpoint(
    organization: &Organization,
    receiver: &Receiver,
    events: Value,
) -> (String, String) {
    let body = json!({"url": receiver.url, "events": events});
    let created = organization.admin.post("/v1/webhooks", body).await.expect(201);
    (format!("/v1/webhooks/{}", id_of(&created)), created["secret"].as_str().unwrap().to_owned())
}

async fn ping(organization: &Organization, path: &str) -> Value {
    organization.admin.post_nothing(&format!("{path}/test")).await.expect(202)
}

/// The newest delivery, once it has had so many attempts.
pub(crate) async fn delivery(organization: &Organization, path: &str, attempts: usize) -> Value {
    for _ in 0..2_000 {
        let page = organization.admin.get(&format!("{path}/deliveries?limit=1")).await.expect(200);
        if page["data"][0]["attempts"].as_array().is_some_and(|list| list.len() >= attempts) {
            return page["data"][0].clone();
        }
        tokio::task::yield_now().await;
    }
    panic!("no attempt {attempts} was written down");
}

#[tokio::test]
async fn an_event_is_delivered_with_both_families_of_headers() {
    let (_server, organization) = start().await;
    let mut receiver = Receiver::start().await;
    let (path, _) = endpoint(&organization, &receiver, json!([])).await;
    let queued = ping(&organization, &path).await;
    let call = receiver.next().await;
    assert_eq!(call.header("content-type"), "application/json");
    assert_eq!(call.header("webhook-id"), queued["id"]);
    assert_eq!(call.header("webhook-timestamp"), "1769860800");
    assert_eq!(call.header("x-interviewrelay-timestamp"), "1769860800000");
    assert_eq!(call.header("x-interviewrelay-signature").len(), 64);
    assert!(call.header("webhook-signature").starts_with("v1,"));
    let members: Vec<_> = call.text.match_indices("\":").map(|(at, _)| at).collect();
    assert!(members.len() >= 6 && call.text.starts_with(r#"{"id":"evt_"#), "{}", call.text);
    assert_eq!(call.body()["id"], queued["event_id"]);
    let done = delivery(&organization, &path, 1).await;
    assert_eq!((&done["status"], &done["next_attempt_at"]), (&json!("delivered"), &Value::Null));
    assert_eq!((&done["attempts"][0]["number"], &done["attempts"][0]["status"]), (&json!(1), &json!(204)));
}

#[tokio::test]
async fn an_endpoint_gets_what_it_names_and_opting_in_takes_a_name() {
    let (_server, organization) = start().await;
    let (mut all, mut some, mut answers) =
        (Receiver::start().await, Receiver::start().await, Receiver::start().await);
    endpoint(&organization, &all, json!([])).await;
    endpoint(&organization, &some, json!(["interview.started"])).await;
    endpoint(&organization, &answers, json!(["session.answer_recorded"])).await;
    let campaign = organization.campaign().await;
    let mut interview = organization.interview(&campaign).await;
    interview.answer_until("name").await;
    interview.answer(json!("Ada")).await;
    let mut kinds = Vec::new();
    for _ in 0..4 {
        kinds.push(all.next().await.kind());
    }
    kinds.sort();
    assert_eq!(kinds, ["campaign.activated", "interview.started", "invite.created", "invite.started"]);
    assert_eq!(some.next().await.kind(), "interview.started");
    assert_eq!(answers.next().await.kind(), "session.answer_recorded");
    // What is due is taken in order, so a delivery that had been queued would have come before this one.
    assert!(all.is_quiet() && some.is_quiet());
}

#[tokio::test]
async fn what_fails_is_tried_ten_times_by_the_schedule_and_then_the_endpoint_is_disabled() {
    let (server, organization) = start().await;
    let (mut receiver, mut other) = (Receiver::start().await, Receiver::start().await);
    receiver.answer_status(500);
    let (path, _) = endpoint(&organization, &receiver, json!([])).await;
    endpoint(&organization, &other, json!(["webhook.endpoint_disabled"])).await;
    let queued = ping(&organization, &path).await;
    let delays = [5, 300, 1_800, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR];
    for (attempt, delay) in (1..).zip(delays) {
        assert_eq!(receiver.next().await.header("webhook-id"), queued["id"]);
        let waiting = delivery(&organization, &path, attempt).await;
        assert_eq!(waiting["status"], "pending");
        let due = protocol::Timestamp::parse(waiting["next_attempt_at"].as_str().unwrap()).unwrap();
        let wait_ms = due.as_millis() - server.clock_secs() * 1_000;
        assert!((wait_ms - delay * 1_000).abs() * 10 <= delay * 1_000, "attempt {attempt}: {wait_ms} ms");
        server.clock.advance_secs(wait_ms / 1_000 + 1);
    }
    assert_eq!(receiver.next().await.header("webhook-id"), queued["id"]);
    let failed = delivery(&organization, &path, 10).await;
    assert_eq!((&failed["status"], &failed["next_attempt_at"]), (&json!("failed"), &Value::Null));
    let told = other.next().await.body();
    assert_eq!(
        (&told["type"], &told["data"]["reason"]),
        (&json!("webhook.endpoint_disabled"), &json!("failing"))
    );
    let disabled = organization.admin.get(&path).await.expect(200);
    assert_eq!((&disabled["status"], &disabled["disabled_reason"]), (&json!("disabled"), &json!("failing")));
}

#[tokio::test]
async fn an_endpoint_that_has_taken_something_meanwhile_stays_enabled() {
    let (server, organization) = start().await;
    let mut receiver = Receiver::start().await;
    receiver.answer_status(500);
    let (path, _) = endpoint(&organization, &receiver, json!([])).await;
    ping(&organization, &path).await;
    for attempt in 1..=9 {
        receiver.next().await;
        delivery(&organization, &path, attempt).await;
        server.clock.advance_secs(27 * HOUR);
    }
    receiver.next().await;
    let failed = delivery(&organization, &path, 10).await;
    assert_eq!(failed["status"], "failed");
    organization.admin.patch(&path, json!({"status": "enabled"})).await.expect(200);
    receiver.answer_status(200);
    ping(&organization, &path).await;
    receiver.next().await;
    delivery(&organization, &path, 1).await;
    assert_eq!(organization.admin.get(&path).await.expect(200)["status"], "enabled");
}

#[tokio::test]
async fn gone_disables_at_once_and_what_waits_is_sent_when_it_is_enabled_again() {
    let (_server, organization) = start().await;
    let mut receiver = Receiver::start().await;
    receiver.answer_status(410);
    let (path, _) = endpoint(&organization, &receiver, json!([])).await;
    ping(&organization, &path).await;
    receiver.next().await;
    assert_eq!(delivery(&organization, &path, 1).await["status"], "failed");
    let disabled = organization.admin.get(&path).await.expect(200);
    assert_eq!((&disabled["status"], &disabled["disabled_reason"]), (&json!("disabled"), &json!("gone")));
    let log = organization.admin.get("/v1/audit-log?action=webhook.updated").await.expect(200);
    let [entry] = log["data"].as_array().unwrap().as_slice() else { panic!("{log}") };
    assert_eq!((&entry["actor"]["type"], &entry["target"]["id"]), (&json!("system"), &disabled["id"]));
    organization.campaign().await;
    receiver.answer_status(200);
    organization.admin.patch(&path, json!({"status": "enabled"})).await.expect(200);
    let queued = ping(&organization, &path).await;
    assert_eq!(
        receiver.next().await.header("webhook-id"),
        queued["id"],
        "what happened meanwhile is not sent"
    );
}

#[tokio::test]
async fn what_waits_for_a_later_attempt_is_sent_when_the_endpoint_is_enabled_again() {
    let (_server, organization) = start().await;
    let mut receiver = Receiver::start().await;
    receiver.answer(|_| (StatusCode::SERVICE_UNAVAILABLE, [("retry-after", "3600")]).into_response());
    let (path, _) = endpoint(&organization, &receiver, json!([])).await;
    let queued = ping(&organization, &path).await;
    receiver.next().await;
    delivery(&organization, &path, 1).await;
    receiver.answer_status(200);
    for status in ["disabled", "enabled"] {
        assert!(receiver.is_quiet());
        organization.admin.patch(&path, json!({"status": status})).await.expect(200);
    }
    assert_eq!(receiver.next().await.header("webhook-id"), queued["id"], "the clock has not moved");
    assert_eq!(delivery(&organization, &path, 2).await["status"], "delivered");
}

#[tokio::test]
async fn what_waits_for_a_later_attempt_is_sent_when_its_time_is_sent_again() {
    let (_server, organization) = start().await;
    let mut receiver = Receiver::start().await;
    receiver.answer_status(500);
    organization.campaign().await;
    let (path, _) = endpoint(&organization, &receiver, json!([])).await;
    organization.campaign().await;
    let call = receiver.next().await;
    delivery(&organization, &path, 1).await;
    receiver.answer_status(200);
    let since = json!({"from": "2026-01-31T12:00:00.000Z"});
    let done = organization.admin.post(&format!("{path}/redeliver"), since).await.expect(202);
    assert_eq!(done, json!({"queued": 3}), "two that were missed, and the one that waits");
    let mut came = Vec::new();
    for _ in 0..3 {
        came.push(receiver.next().await.header("webhook-id").to_owned());
    }
    assert!(came.contains(&call.header("webhook-id").to_owned()), "{came:?}");
}

/// An endpoint that is moved to `new` while it is called at its old address, which then answers so. Gives its path.
async fn moved(organization: &Organization, new: &mut Receiver, old_status: u16) -> String {
    let old = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let body = json!({"url": format!("http://{}/", old.local_addr().unwrap()), "events": ["ping"]});
    let created = organization.admin.post("/v1/webhooks", body).await.expect(201);
    let path = format!("/v1/webhooks/{}", id_of(&created));
    let queued = ping(organization, &path).await;
    let (mut call, _) = old.accept().await.unwrap();
    assert_ne!(call.read(&mut [0; 4_096]).await.unwrap(), 0);
    organization.admin.patch(&path, json!({"url": new.url})).await.expect(200);
    let answer = format!("HTTP/1.1 {old_status} So\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
    call.write_all(answer.as_bytes()).await.unwrap();
    assert_eq!(new.next().await.header("webhook-id"), queued["id"], "after {old_status}");
    path
}

#[tokio::test]
async fn the_address_that_an_endpoint_has_left_neither_disables_it_nor_keeps_its_deliveries() {
    let (_server, organization) = start().await;
    let mut new = Receiver::start().await;
    for status in [410, 500] {
        let path = moved(&organization, &mut new, status).await;
        let done = delivery(&organization, &path, 2).await;
        assert_eq!(
            (&done["status"], &done["attempts"][0]["status"], &done["attempts"][1]["status"]),
            (&json!("delivered"), &json!(status), &json!(204)),
            "the clock has not moved"
        );
        assert_eq!(organization.admin.get(&path).await.expect(200)["status"], "enabled", "{status}");
    }
}

#[tokio::test]
async fn an_endpoint_that_has_moved_gets_what_waits_from_the_beginning_of_the_schedule() {
    let (_server, organization) = start().await;
    let mut new = Receiver::start().await;
    new.answer_status(500);
    let path = moved(&organization, &mut new, 500).await;
    let waiting = delivery(&organization, &path, 2).await;
    let due = waiting["next_attempt_at"].as_str().unwrap();
    // Five seconds and a tenth more or less, as after a first attempt; after a second one it would be five minutes.
    assert!(("2026-01-31T12:00:04.500Z"..="2026-01-31T12:00:05.500Z").contains(&due), "{due}");
}

#[tokio::test]
async fn a_receiver_that_asks_for_time_gets_it_and_a_redirect_is_a_failure() {
    let (server, organization) = start().await;
    let mut receiver = Receiver::start().await;
    receiver.answer(|_| (StatusCode::TOO_MANY_REQUESTS, [("retry-after", "600")]).into_response());
    let (path, _) = endpoint(&organization, &receiver, json!([])).await;
    ping(&organization, &path).await;
    receiver.next().await;
    let waiting = delivery(&organization, &path, 1).await;
    assert_eq!(waiting["next_attempt_at"], "2026-01-31T12:10:00.000Z");
    receiver.answer(|_| (StatusCode::FOUND, [("location", "/elsewhere")]).into_response());
    server.clock.advance_secs(600);
    receiver.next().await;
    let waiting = delivery(&organization, &path, 2).await;
    assert_eq!((&waiting["status"], &waiting["attempts"][1]["status"]), (&json!("pending"), &json!(302)));
    assert!(receiver.is_quiet(), "nobody followed it");
}

#[tokio::test]
async fn an_endpoint_that_hangs_keeps_nobody_else_waiting() {
    let (_server, organization) = start().await;
    let mut quick = Receiver::start().await;
    // It takes connections and says nothing.
    let silent = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let body = json!({"url": format!("http://{}/", silent.local_addr().unwrap())});
    let hanging = organization.admin.post("/v1/webhooks", body).await.expect(201);
    let hanging = format!("/v1/webhooks/{}", id_of(&hanging));
    let (path, _) = endpoint(&organization, &quick, json!([])).await;
    for _ in 0..300 {
        ping(&organization, &hanging).await;
    }
    let queued = ping(&organization, &path).await;
    assert_eq!(quick.next().await.header("webhook-id"), queued["id"]);
    let waiting = organization.admin.get(&format!("{hanging}/deliveries?status=pending")).await.expect(200);
    assert_eq!(waiting["data"].as_array().unwrap().len(), 50, "of the other none is over yet");
}

/// Forty endpoints that take calls and say nothing. The other side sees no difference to one that answers 200 at the last moment.
#[tokio::test]
async fn an_organization_whose_receivers_are_slow_keeps_neither_others_nor_its_own_quick_one_waiting() {
    let (server, slow) = start().await;
    let other = server.organization_in("Other", Environment::Test, Plan::SelfHosted).await;
    let (mut quick, mut own) = (Receiver::start().await, Receiver::start().await);
    let (path, _) = endpoint(&other, &quick, json!([])).await;
    let campaign = slow.campaign().await;
    let silent = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    for number in 0..40 {
        let url = format!("http://{}/{number}", silent.local_addr().unwrap());
        let body = json!({"url": url, "events": ["invite.created"]});
        slow.admin.post("/v1/webhooks", body).await.expect(201);
    }
    endpoint(&slow, &own, json!(["invite.created"])).await;
    let invites = vec![json!({"campaign_id": campaign}); 100];
    slow.admin.post("/v1/invites/batch", json!({"invites": invites})).await.expect(200);
    let mut hanging = Vec::new();
    for _ in 0..80 {
        hanging.push(silent.accept().await.unwrap());
    }
    // None of the calls that hang is over before 15 seconds have passed.
    let soon = async {
        for _ in 0..5 {
            let queued = ping(&other, &path).await;
            assert_eq!(quick.next().await.header("webhook-id"), queued["id"]);
        }
        for _ in 0..100 {
            own.next().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(10), soon).await.expect("in time");
}

#[tokio::test]
async fn in_an_overlap_both_secrets_are_good_and_after_it_only_the_new_one() {
    let (server, organization) = start().await;
    let mut receiver = Receiver::start().await;
    let (path, old) = endpoint(&organization, &receiver, json!([])).await;
    let rotated =
        organization.admin.post(&format!("{path}/rotate-secret"), json!({"overlap_hours": 1})).await;
    let new = rotated.expect(200)["secret"].as_str().unwrap().to_owned();
    assert_ne!(new, old);
    ping(&organization, &path).await;
    let call = receiver.next().await;
    assert!(is_signed_by(&call, &old) && is_signed_by(&call, &new));
    delivery(&organization, &path, 1).await;
    server.clock.advance_secs(HOUR);
    ping(&organization, &path).await;
    let call = receiver.next().await;
    assert!(!is_signed_by(&call, &old) && is_signed_by(&call, &new));
}

#[tokio::test]
async fn each_secret_is_good_until_its_own_overlap_has_ended_and_the_guides_header_begins_with_the_oldest() {
    let (server, organization) = start().await;
    let mut receiver = Receiver::start().await;
    receiver.answer_status(500);
    let (path, first) = endpoint(&organization, &receiver, json!([])).await;
    let rotate = async |hours: u32| {
        let body = json!({"overlap_hours": hours});
        organization.admin.post(&format!("{path}/rotate-secret"), body).await.expect(200)
    };
    let secret = |rotated: &Value| rotated["secret"].as_str().unwrap().to_owned();
    let second = secret(&rotate(24).await);
    let rotated = rotate(1).await;
    let third = secret(&rotated);
    assert_eq!(rotated["previous_secret_until"], "2026-02-01T12:00:00.000Z", "the latest end");

    ping(&organization, &path).await;
    for (attempt, of_guide) in (1..).zip([&first, &second, &third, &first]) {
        let call = receiver.next().await;
        for secret in [&first, &second, &third] {
            assert!(is_signed_by(&call, secret), "attempt {attempt}");
            assert_eq!(guide_is_of(&call, secret), secret == of_guide, "attempt {attempt}");
        }
        delivery(&organization, &path, attempt).await;
        server.clock.advance_secs([6, 331, 1_981, 0][attempt - 1]);
    }
    receiver.answer_status(204);
    for (hour, good) in [(1, [true, false, true]), (24, [false, false, true])] {
        server.clock.advance_secs(1_769_860_800 + hour * HOUR - server.clock_secs());
        ping(&organization, &path).await;
        let call = receiver.next().await;
        assert_eq!(
            [&first, &second, &third].map(|secret| is_signed_by(&call, secret)),
            good,
            "after {hour} h"
        );
        delivery(&organization, &path, 1).await;
    }
    assert_eq!(organization.admin.get(&path).await.expect(200)["previous_secret_until"], Value::Null);
}

/// Whether the guide's header is this secret's.
fn guide_is_of(call: &crate::support::receiver::Call, secret: &str) -> bool {
    let id = protocol::ids::MessageId::parse(call.header("webhook-id")).unwrap();
    let millis: i64 = call.header("x-interviewrelay-timestamp").parse().unwrap();
    let at = protocol::Timestamp::from_millis(millis);
    let expected = token_server::webhooks::signature::headers(&id, &call.text, &[secret], 1, at);
    call.header("x-interviewrelay-signature") == expected["x-interviewrelay-signature"]
}

/// Whether one of the signatures of Standard Webhooks is this secret's.
fn is_signed_by(call: &crate::support::receiver::Call, secret: &str) -> bool {
    let id = protocol::ids::MessageId::parse(call.header("webhook-id")).unwrap();
    let millis: i64 = call.header("x-interviewrelay-timestamp").parse().unwrap();
    let at = protocol::Timestamp::from_millis(millis);
    let expected = token_server::webhooks::signature::headers(&id, &call.text, &[secret], 1, at);
    let expected = expected["webhook-signature"].to_str().unwrap();
    call.header("webhook-signature").split(' ').any(|signature| signature == expected)
}
