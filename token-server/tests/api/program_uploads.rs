//! Uploads in the real program: what a kill leaves, and what they cost.

use serde_json::{Value, json};

use crate::support::{
    Caller, Interview,
    binary::{Installation, Process},
    guides, strace,
    uploads::{PART, begin, beginning, bytes, complete, files_in, get, put, send_file, sha256},
};

/// An installation with a campaign, and the key of its customer.
fn installation() -> (Installation, String) {
    let installation = Installation::new();
    let file = installation.path("campaign.json");
    let campaign = json!({"id": "camp_1", "name": "Uploads", "guide": guides::uploads()});
    std::fs::write(&file, campaign.to_string()).unwrap();
    let path = file.to_str().unwrap();
    installation.run_json(&["campaigns", "import", path, "--org", "Acme", "--env", "live", "--json"]);
    let key = installation.create_key("admin");
    (installation, key)
}

async fn start(server: &Process, key: &str) -> Interview {
    let admin = Caller::new(&server.url).with(key);
    let invite = admin.post("/v1/invites", json!({"campaign_id": "camp_1"})).await.expect(201);
    let invitee = admin.with(invite["invite_token"].as_str().unwrap());
    Interview::start(&invitee).await
}

#[tokio::test]
async fn what_was_acknowledged_of_a_file_is_there_after_a_kill() {
    let (installation, key) = installation();
    let server = installation.serve();
    let interview = start(&server, &key).await;
    let whole = bytes(3 * PART + 5);
    let part = |number: usize| whole[(number - 1) * PART..whole.len().min(number * PART)].to_vec();
    let begun = begin(&interview.participant, beginning("u-1", whole.len())).await.expect(201);
    let id = begun["upload"]["id"].as_str().unwrap().to_owned();
    for number in [4, 2] {
        put(&interview.participant, &id, number, &part(number)).await.expect(200);
    }
    server.kill();

    let server = installation.serve();
    let participant = participant_at(&server, &interview);
    assert_eq!(get(&participant, &id).await.expect(200)["upload"]["parts_received"], json!([2, 4]));
    put(&participant, &id, 1, &part(1)).await.expect(200);
    server.kill();

    let server = installation.serve();
    let participant = participant_at(&server, &interview);
    assert_eq!(
        begin(&participant, beginning("u-1", whole.len())).await.expect(200)["upload"]["parts_received"],
        json!([1, 2, 4])
    );
    put(&participant, &id, 3, &part(3)).await.expect(200);
    complete(&participant, &id, json!({"sha256": sha256(&whole)})).await.expect(200);
    server.kill();

    let server = installation.serve();
    let participant = participant_at(&server, &interview);
    let answer = json!({"client_id": "c-1", "seq": 1, "value": [id], "final": true});
    participant.put("/v1/participant/session/answers/photo", answer).await.expect(200);
    assert!(std::fs::read(installation.path("uploads").join(&id)).unwrap() == whole);
    assert_eq!(files_in(&installation.path("uploads")).len(), 1);
}

fn participant_at(server: &Process, interview: &Interview) -> Caller {
    Caller::new(&server.url).with(interview.participant.credential())
}

#[tokio::test]
async fn a_file_is_synced_before_anything_of_it_is_acknowledged() {
    if !strace::can_trace() {
        return;
    }
    let (installation, key) = installation();
    let trace = installation.path("trace.txt");
    let server = Process::start(strace::serve(&installation, &trace, 64));
    let interview = start(&server, &key).await;
    send_file(&interview.participant, beginning("u-1", 2 * PART), &bytes(2 * PART)).await;
    server.signal("TERM");
    let (code, log, _) = server.wait();
    assert_eq!(code, Some(0), "{log}");

    let calls = strace::calls(&std::fs::read_to_string(trace).unwrap());
    let parts = strace::until_answered(&calls, "\"PUT /v1/participant/session/uploads/");
    assert_eq!(parts.len(), 2);
    for part in parts {
        let writes_part: fn(&str) -> bool = |call| call.starts_with("write(") && call.contains(".part>");
        let syncs_part: fn(&str) -> bool = |call| strace::syncs(call, ".part>");
        assert!(strace::are_in_order(part, &[writes_part, syncs_part, strace::syncs_log]), "{part:?}");
    }
    // After the one that begins it: the whole file gets its name, which is on disk before the row says so.
    let posts = strace::until_answered(&calls, "\"POST /v1/participant/session/uploads");
    let syncs_name: fn(&str) -> bool = |call| strace::syncs(call, "/uploads>");
    assert_eq!(posts.len(), 2);
    for post in posts {
        assert!(strace::are_in_order(post, &[syncs_name, strace::syncs_log]), "{post:?}");
    }
}

/// The most memory that the process has ever had, in KiB.
fn peak(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

#[tokio::test]
async fn a_large_file_costs_no_more_memory_than_a_small_one() {
    let (installation, key) = installation();
    let server = installation.serve();
    let interview = start(&server, &key).await;
    let part = bytes(PART);
    let send = async |client_id: &str, parts: usize| -> Value {
        let begun = begin(&interview.participant, beginning(client_id, parts * PART)).await.expect(201);
        let id = begun["upload"]["id"].as_str().unwrap().to_owned();
        for number in 1..=parts {
            put(&interview.participant, &id, number, &part).await.expect(200);
        }
        complete(&interview.participant, &id, json!({})).await.expect(200)
    };
    send("small", 10).await;
    let Some(before) = peak(server.id()) else { return };
    let done = send("large", 100).await;
    assert_eq!(done["upload"]["size_bytes"], 100 * PART);
    let after = peak(server.id()).unwrap();
    // Linux counts by thread and adds up now and then, so that it may even say less than before.
    assert!(after.saturating_sub(before) < 24 * 1_024, "{before} KiB before, {after} KiB after");
}
