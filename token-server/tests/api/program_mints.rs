//! A minted invite is on disk before its token goes out, also when many share a commit: the system calls show it.

use std::collections::HashSet;

use serde_json::json;

use crate::support::{
    Caller,
    binary::{Installation, Process},
    guides,
    strace::{calls, can_trace, serve, syncs_log, writes_log},
};

const MINTS: usize = 1_000;
/// Backends that mint at the same time, so that their invites share commits.
const HANDS: usize = 20;

/// A page of the database is 4,096 bytes, and an answer is shorter.
const WHOLE: usize = 5_000;

/// Every id of an invite in what a call has written.
fn invites(call: &str) -> impl Iterator<Item = &str> {
    const LENGTH: usize = "inv_".len() + 26;
    call.match_indices("inv_").filter_map(|(place, _)| call.get(place..place + LENGTH))
}

#[tokio::test]
async fn a_thousand_mints_are_each_synced_before_they_are_answered() {
    if !can_trace() {
        return;
    }
    let installation = Installation::new();
    let file = installation.path("campaign.json");
    let campaign = json!({"id": "camp_1", "name": "Short", "guide": guides::long(1)});
    std::fs::write(&file, campaign.to_string()).unwrap();
    let import = ["campaigns", "import", file.to_str().unwrap(), "--org", "Acme", "--env", "live", "--json"];
    installation.run_json(&import);
    let key = installation.create_key("standard");
    let trace = installation.path("trace.txt");
    let server = Process::start(serve(&installation, &trace, WHOLE));

    let backend = Caller::new(&server.url).with(&key);
    let hands: Vec<_> = (0..HANDS)
        .map(|hand| {
            let backend = backend.clone();
            tokio::spawn(async move {
                for number in 0..MINTS / HANDS {
                    let email = format!("p{hand}.{number}@example.com");
                    let body = json!({"campaign_id": "camp_1", "participant_email": email});
                    backend.post("/v1/invites", body).await.expect(201);
                }
            })
        })
        .collect();
    for hand in hands {
        hand.await.unwrap();
    }
    server.signal("TERM");
    let (code, log, _) = server.wait();
    assert_eq!(code, Some(0), "{log}");

    let calls = calls(&std::fs::read_to_string(&trace).unwrap());
    let (mut written, mut synced) = (HashSet::new(), HashSet::new());
    let (mut answered, mut commits) = (HashSet::new(), 0);
    for call in &calls {
        if writes_log(call) {
            written.extend(invites(call));
        } else if syncs_log(call) {
            commits += usize::from(!written.is_empty());
            synced.extend(written.drain());
        } else if call.contains("\"HTTP/1.1 201") {
            let invite = invites(call).next().unwrap_or_else(|| panic!("an answer with an invite: {call}"));
            assert!(synced.contains(invite), "{invite} was answered before it was on disk");
            answered.insert(invite);
        }
    }
    assert_eq!(answered.len(), MINTS, "the trace has each answer");
    assert!(commits < MINTS, "{commits} commits for {MINTS} mints: some share one");
}
