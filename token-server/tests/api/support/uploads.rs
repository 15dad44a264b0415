//! A participant who sends files.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use aws_lc_rs::digest::{SHA256, digest};
use reqwest::Method;
use serde_json::{Value, json};
use token_server::uploads::{Grace, OWNER};

use super::{Caller, Interview, Organization, Reply, TestServer, caller::send, guides};

const PATH: &str = "/v1/participant/session/uploads";

pub(crate) const SHA256_OF_ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

/// For a sweep that need not spare anything.
pub(crate) const AT_ONCE: Grace = Grace { untouched: Duration::ZERO, between: Duration::ZERO };

/// How long a part is.
pub(crate) const PART: usize = 1_048_576;

/// Bytes that differ from place to place.
pub(crate) fn bytes(length: usize) -> Vec<u8> {
    (0..length).map(|place| u8::try_from((place * 31 + place / 251) % 256).unwrap()).collect()
}

/// The header for these bytes.
pub(crate) fn content_digest(bytes: &[u8]) -> String {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    format!("sha-256=:{}:", STANDARD.encode(digest(&SHA256, bytes)))
}

pub(crate) fn sha256(bytes: &[u8]) -> String {
    token_server::hex::lower(digest(&SHA256, bytes).as_ref())
}

/// A body that begins an upload of so many bytes to `photo`.
pub(crate) fn beginning(client_id: &str, size_bytes: usize) -> Value {
    json!({
        "client_id": client_id, "question_id": "photo", "filename": "desk.png", "content_type": "image/png",
        "size_bytes": size_bytes
    })
}

pub(crate) async fn begin(participant: &Caller, body: Value) -> Reply {
    participant.post(PATH, body).await
}

pub(crate) async fn get(participant: &Caller, id: &str) -> Reply {
    participant.get(&format!("{PATH}/{id}")).await
}

/// Sends a part with a digest of one's own.
pub(crate) async fn put_as(
    participant: &Caller,
    id: &str,
    number: usize,
    digest: &str,
    bytes: &[u8],
) -> Reply {
    let request = participant.request(Method::PUT, &format!("{PATH}/{id}/parts/{number}"));
    send(request.header("Content-Digest", digest).body(bytes.to_vec())).await
}

pub(crate) async fn put(participant: &Caller, id: &str, number: usize, bytes: &[u8]) -> Reply {
    put_as(participant, id, number, &content_digest(bytes), bytes).await
}

pub(crate) async fn complete(participant: &Caller, id: &str, body: Value) -> Reply {
    participant.post(&format!("{PATH}/{id}/complete"), body).await
}

/// Sends a whole file; gives its id.
pub(crate) async fn send_file(participant: &Caller, body: Value, bytes: &[u8]) -> String {
    let begun = begin(participant, body).await.expect(201);
    let id = begun["upload"]["id"].as_str().unwrap().to_owned();
    for (place, part) in bytes.chunks(PART).enumerate() {
        put(participant, &id, place + 1, part).await.expect(200);
    }
    let done = complete(participant, &id, json!({"sha256": sha256(bytes)})).await.expect(200);
    assert_eq!(done["upload"]["status"], "complete");
    id
}

/// An interview at `photo`.
pub(crate) async fn interview(organization: &Organization) -> Interview {
    let campaign = organization.campaign_with(guides::uploads(), json!({})).await;
    organization.interview(&campaign).await
}

/// An interview in which `abc` was sent and not answered yet, and the upload's id.
pub(crate) async fn one_file(organization: &Organization) -> (Interview, String) {
    let interview = interview(organization).await;
    let id = send_file(&interview.participant, beginning("u-0", 3), b"abc").await;
    (interview, id)
}

/// What lies in the folder.
pub(crate) fn files(server: &TestServer) -> Vec<PathBuf> {
    files_in(&server.uploads_dir())
}

/// What lies in a folder of uploads beside the name of its database, which comes with the first sweep.
pub(crate) fn files_in(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    let paths = entries.map(|entry| entry.unwrap().path());
    let mut files: Vec<_> = paths.filter(|path| !path.ends_with(OWNER)).collect();
    files.sort();
    files
}
