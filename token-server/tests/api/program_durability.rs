//! An answer is acknowledged only after it is on disk: the order of the system calls shows it, where a `kill -9` cannot.

use std::path::Path;

use reqwest::Method;
use serde_json::json;
use url::form_urlencoded::Serializer;

use crate::support::{
    Caller, Interview,
    binary::{Installation, Process},
    caller::send,
    guides,
    strace::{are_in_order, calls, can_trace, serve, syncs_log, until_answered, writes_log},
};

const COMMITS: usize = 30;

/// How a commit comes in: as JSON, and as the form that the widget sends.
const WAYS: [&str; 2] = ["\"PUT /v1/participant/session/answers/", "\"POST /v1/participant/session/answers/"];

/// Commits an answer to the question that is open as the widget does.
async fn answer_by_form(anonymous: &Caller, interview: &mut Interview) {
    let question = interview.question().to_owned();
    let answer = json!({
        "client_id": format!("form-{question}"), "seq": 1, "value": interview.usual_answer(), "elapsed_ms": 1_500,
        "final": true
    });
    let form = Serializer::new(String::new())
        .append_pair("access_token", interview.participant.credential())
        .append_pair("answer", &answer.to_string())
        .finish();
    let path = format!("/v1/participant/session/answers/{question}");
    let request = anonymous.request(Method::POST, &path);
    let form_type = "application/x-www-form-urlencoded;charset=UTF-8";
    let receipt = send(request.header("Content-Type", form_type).body(form)).await.expect(200);
    interview.turn = receipt["turn"].clone();
}

/// Runs the server below `strace` and gives a trace of it while a participant answers.
async fn trace_of_commits(installation: &Installation, trace: &Path) -> String {
    let file = installation.path("campaign.json");
    let campaign = json!({"id": "camp_1", "name": "Long", "guide": guides::long(COMMITS)});
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
    let key = installation.create_key("admin");

    let server = Process::start(serve(installation, trace, 64));
    let anonymous = Caller::new(&server.url);
    let admin = anonymous.with(&key);
    let invite = admin.post("/v1/invites", json!({"campaign_id": "camp_1"})).await.expect(201);
    let mut interview = Interview::start(&admin.with(invite["invite_token"].as_str().unwrap())).await;
    while interview.turn["type"] == "question" {
        interview.answer(interview.usual_answer()).await;
        answer_by_form(&anonymous, &mut interview).await;
    }
    server.signal("TERM");
    let (code, log, _) = server.wait();
    assert_eq!(code, Some(0), "{log}");
    std::fs::read_to_string(trace).unwrap()
}

#[tokio::test]
async fn the_log_of_the_database_is_synced_between_a_commit_and_its_acknowledgement() {
    if !can_trace() {
        return;
    }
    let installation = Installation::new();
    let trace = trace_of_commits(&installation, &installation.path("trace.txt")).await;
    let calls = calls(&trace);
    for way in WAYS {
        let commits = until_answered(&calls, way);
        assert_eq!(commits.len(), COMMITS / 2, "the trace has each commit by {way}");
        for commit in commits {
            assert!(are_in_order(commit, &[writes_log, syncs_log]), "acknowledged before: {commit:?}");
        }
    }
}
