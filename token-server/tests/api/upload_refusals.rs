//! What is refused of an upload, and that nothing is kept of it.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{
    Caller, Interview, TestServer,
    caller::send,
    uploads::{
        PART, begin, beginning, bytes, complete, content_digest, files, get, interview, one_file, put,
        put_as, send_file,
    },
};

/// An upload of two parts, of which none has come.
async fn begun(participant: &Caller) -> (String, Vec<u8>) {
    let whole = bytes(PART + 5);
    let begun = begin(participant, beginning("u-1", whole.len())).await.expect(201);
    (begun["upload"]["id"].as_str().unwrap().to_owned(), whole)
}

async fn nothing_has_come(participant: &Caller, id: &str) {
    assert_eq!(get(participant, id).await.expect(200)["upload"]["parts_received"], json!([]));
}

fn changed(changes: Value) -> Value {
    let mut body = beginning("u-1", 5);
    let Value::Object(changes) = changes else { panic!("{changes} are no members") };
    body.as_object_mut().unwrap().extend(changes);
    body
}

#[tokio::test]
async fn what_the_question_does_not_take_is_422() {
    let server = TestServer::start().await;
    let participant = interview(&server.organization("Acme").await).await.participant;
    for (change, pointer, code) in [
        (json!({"client_id": ""}), "/client_id", "invalid_value"),
        (json!({"client_id": "x".repeat(65)}), "/client_id", "invalid_value"),
        (json!({"filename": ""}), "/filename", "too_short"),
        (json!({"filename": "x".repeat(256)}), "/filename", "too_long"),
        (json!({"filename": "a\u{0}b"}), "/filename", "control_character"),
        (json!({"content_type": "png"}), "/content_type", "invalid_media_type"),
        (json!({"content_type": "a/b\r\nX-A: b"}), "/content_type", "invalid_media_type"),
        (json!({"content_type": "application/pdf"}), "/content_type", "not_accepted"),
        (json!({"size_bytes": 0}), "/size_bytes", "out_of_range"),
        (json!({"size_bytes": 104_857_601}), "/size_bytes", "too_large"),
        (json!({"size_bytes": -1}), "/size_bytes", "invalid_value"),
    ] {
        let refused = begin(&participant, changed(change)).await;
        refused.refused_with("validation_failed", &[(pointer, code)]);
    }
    assert!(files(&server).is_empty());
}

#[tokio::test]
async fn a_recording_that_is_too_long_is_422() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let (mut interview, photo) = one_file(&organization).await;
    interview.answer(json!([photo])).await;
    let recording = |duration_ms: u64| {
        changed(json!({"question_id": "voice", "content_type": "audio/webm", "duration_ms": duration_ms}))
    };
    let refused = begin(&interview.participant, recording(300_001)).await;
    refused.refused_with("validation_failed", &[("/duration_ms", "too_long")]);
    begin(&interview.participant, recording(300_000)).await.expect(201);
}

#[tokio::test]
async fn a_question_that_is_not_open_or_takes_no_files_is_404() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let (mut interview, photo) = one_file(&organization).await;
    let participant = interview.participant.clone();
    let to = |question: &str| changed(json!({"question_id": question, "content_type": "text/plain"}));
    for question in ["voice", "last", "nobody", "", "photo~1"] {
        begin(&participant, to(question)).await.refused(404, "not_found");
    }
    interview.answer(json!([photo])).await;
    begin(&participant, to("photo")).await.refused(409, "conflict");
    interview.answer(Value::Null).await;
    begin(&participant, to("last")).await.refused(404, "not_found");
    interview.answer(json!("no")).await;
    begin(&participant, to("nobody")).await.refused(410, "invite_completed");
    assert_eq!(files(&server).len(), 1);
}

#[tokio::test]
async fn nothing_is_sent_before_consent_is_given_409() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let mut guide = crate::support::guides::uploads();
    guide["consent"] = json!([{"id": "research", "version": 1, "text": "May we?"}]);
    let campaign = organization.campaign_with(guide, json!({})).await;
    let interview = organization.interview(&campaign).await;
    begin(&interview.participant, beginning("u-1", 5)).await.refused(409, "conflict");
}

#[tokio::test]
async fn a_part_that_is_not_what_its_digest_says_is_422_and_not_kept() {
    let server = TestServer::start().await;
    let participant = interview(&server.organization("Acme").await).await.participant;
    let (id, whole) = begun(&participant).await;
    let right = &whole[..PART];
    let wrong = put_as(&participant, &id, 1, &content_digest(b"other"), right).await;
    wrong.refused_with("validation_failed", &[("", "digest_mismatch")]);
    for digest in ["", "sha-256=:AAAA:", "md5=:AAAA:", "x"] {
        let refused = put_as(&participant, &id, 1, digest, right).await;
        refused.refused_with("validation_failed", &[("", "digest_missing")]);
    }
    let path = format!("/v1/participant/session/uploads/{id}/parts/1");
    let without = send(participant.request(Method::PUT, &path).body(right.to_vec())).await;
    without.refused_with("validation_failed", &[("", "digest_missing")]);
    nothing_has_come(&participant, &id).await;
    assert_eq!(std::fs::metadata(&files(&server)[0]).unwrap().len(), 0);
}

#[tokio::test]
async fn a_part_of_another_length_or_number_is_refused_and_not_kept() {
    let server = TestServer::start().await;
    let participant = interview(&server.organization("Acme").await).await.participant;
    let (id, whole) = begun(&participant).await;
    for (number, length) in [(1, 0), (1, 5), (1, PART - 1), (2, 4), (2, 6), (2, PART)] {
        let refused = put(&participant, &id, number, &whole[..length]).await;
        refused.refused_with("validation_failed", &[("", "wrong_length")]);
    }
    let error = put(&participant, &id, 1, &whole[..=PART]).await.refused(413, "payload_too_large");
    assert!(error["message"].as_str().unwrap().contains("1048576"), "{error}");
    for number in [0, 3, 4_294_967_295] {
        put(&participant, &id, number, &whole[..5]).await.refused(404, "not_found");
    }
    for number in ["-1", "x", "1.0", "4294967296"] {
        let path = format!("/v1/participant/session/uploads/{id}/parts/{number}");
        let request = participant.request(Method::PUT, &path).header("Content-Digest", content_digest(b"a"));
        send(request.body("a")).await.refused(404, "not_found");
    }
    nothing_has_come(&participant, &id).await;
}

#[tokio::test]
async fn an_upload_is_not_complete_before_its_parts_are_there_409() {
    let server = TestServer::start().await;
    let mut interview = interview(&server.organization("Acme").await).await;
    let participant = interview.participant.clone();
    let (id, whole) = begun(&participant).await;
    let error = complete(&participant, &id, json!({})).await.refused(409, "conflict");
    assert_eq!(error["message"], "These parts are missing: 1, 2. Send them first.");
    put(&participant, &id, 2, &whole[PART..]).await.expect(200);
    let error = complete(&participant, &id, json!({})).await.refused(409, "conflict");
    assert_eq!(error["message"], "These parts are missing: 1. Send them first.");
    let refused = interview.put("photo", "c-1", json!([id])).await;
    refused.refused_with("validation_failed", &[("/value", "unknown_upload")]);
    put(&participant, &id, 1, &whole[..PART]).await.expect(200);
    for wrong in ["ab".repeat(32), "x".to_owned(), String::new(), "g".repeat(64)] {
        let refused = complete(&participant, &id, json!({"sha256": wrong})).await.expect(422);
        assert_eq!(refused["error"]["details"][0]["pointer"], "/sha256", "{wrong}");
    }
    interview.put("photo", "c-1", json!([id])).await.expect(422);
    complete(&participant, &id, json!({})).await.expect(200);
    let wrong = json!({"sha256": "ab".repeat(32)});
    complete(&participant, &id, wrong)
        .await
        .refused_with("validation_failed", &[("/sha256", "digest_mismatch")]);
    interview.answer(json!([id])).await;
}

#[tokio::test]
async fn an_answer_takes_nothing_but_what_was_sent_for_it() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let (mut interview, photo) = one_file(&organization).await;
    let (_, foreign) = one_file(&organization).await;
    for value in [json!([foreign]), json!([photo, foreign]), json!(["upl_0"])] {
        let refused = interview.put("photo", "c-1", value.clone()).await;
        refused.refused_with("validation_failed", &[("/value", "unknown_upload")]);
    }
    let more = json!([photo, "upl_1", "upl_2"]);
    interview
        .put("photo", "c-1", more)
        .await
        .refused_with("validation_failed", &[("/value", "too_many_files")]);
    assert_eq!(interview.participant.get("/v1/participant/session").await.expect(200)["answers"], json!([]));
    interview.answer(json!([photo])).await;
    let for_another_question = interview.put("voice", "c-2", json!(photo)).await;
    for_another_question.refused_with("validation_failed", &[("/value", "unknown_upload")]);
}

#[tokio::test]
async fn an_upload_of_somebody_else_is_as_if_it_were_not_there_404() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let mine = interview(&organization).await.participant;
    let theirs = interview(&organization).await.participant;
    let (id, whole) = begun(&theirs).await;
    let nobody = "upl_00000000000000000000000000";
    let strip = |reply: crate::support::Reply| {
        reply.refused(404, "not_found");
        reply.text
    };
    assert_eq!(strip(get(&mine, &id).await), strip(get(&mine, nobody).await));
    let part = &whole[..PART];
    assert_eq!(strip(put(&mine, &id, 1, part).await), strip(put(&mine, nobody, 1, part).await));
    assert_eq!(strip(complete(&mine, &id, json!({})).await), strip(complete(&mine, nobody, json!({})).await));
    nothing_has_come(&theirs, &id).await;
    for id in ["x", "ses_1", "upl_", "upl_%00"] {
        get(&mine, id).await.refused(404, "not_found");
    }
}

#[tokio::test]
async fn a_customer_gets_complete_files_of_the_session_they_name_404() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let (one, photo) = one_file(&organization).await;
    let (other, _) = one_file(&organization).await;
    let open = begin(&one.participant, beginning("u-9", 5)).await.expect(201);
    let path =
        |interview: &Interview, id: &str| format!("/v1/sessions/{}/uploads/{id}", interview.session_id());
    assert_eq!(organization.admin.get(&path(&one, &photo)).await.text, "abc");
    for path in [
        path(&other, &photo),
        path(&one, open["upload"]["id"].as_str().unwrap()),
        path(&one, "upl_0"),
        path(&one, "x"),
    ] {
        organization.admin.get(&path).await.refused(404, "not_found");
    }
    let stranger = server.organization("Beta").await;
    stranger.admin.get(&path(&one, &photo)).await.is_guide_403();
    organization.scoped(&["campaigns:read"]).await.get(&path(&one, &photo)).await.is_guide_403();
}

#[tokio::test]
async fn twenty_uploads_are_open_at_once_and_not_one_more_422() {
    let server = TestServer::start().await;
    let participant = interview(&server.organization("Acme").await).await.participant;
    for number in 0..20 {
        begin(&participant, beginning(&format!("u-{number}"), 5)).await.expect(201);
    }
    let refused = begin(&participant, beginning("u-20", 5)).await;
    refused.refused_with("validation_failed", &[("", "too_many_uploads")]);
    begin(&participant, beginning("u-19", 5)).await.expect(200);
    assert_eq!(files(&server).len(), 20);
}

#[tokio::test]
async fn a_gibibyte_is_sent_in_an_interview_and_not_more_422() {
    let server = TestServer::start().await;
    let participant = interview(&server.organization("Acme").await).await.participant;
    for number in 0..10 {
        begin(&participant, beginning(&format!("u-{number}"), 104_857_600)).await.expect(201);
    }
    let refused = begin(&participant, beginning("u-10", 25_165_825)).await;
    refused.refused_with("validation_failed", &[("/size_bytes", "quota_exceeded")]);
    begin(&participant, beginning("u-10", 25_165_824)).await.expect(201);
}

#[tokio::test]
async fn a_page_of_another_origin_sends_nothing_and_one_of_its_own_may_send_a_digest() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let settings = json!({"allowed_origins": ["https://a.example"]});
    let campaign = organization.campaign_with(crate::support::guides::uploads(), settings).await;
    let interview = organization.interview(&campaign).await;
    let id = send_file(&interview.participant, beginning("u-1", 3), b"abc").await;
    let path = format!("/v1/participant/session/uploads/{id}/parts/1");
    let request = |origin: &str| {
        let request = interview.participant.request(Method::PUT, &path).header("Origin", origin.to_owned());
        request.header("Content-Digest", content_digest(b"abc")).body("abc")
    };
    let refused = send(request("https://b.example")).await;
    refused.refused(403, "forbidden");
    assert_eq!(refused.header("access-control-allow-origin"), None);
    let allowed = send(request("https://a.example")).await;
    allowed.expect(200);
    assert_eq!(allowed.header("access-control-allow-origin"), Some("https://a.example"));
    let asked = server.anonymous().request(Method::OPTIONS, &path).header("Origin", "https://a.example");
    let asked = asked
        .header("Access-Control-Request-Method", "PUT")
        .header("Access-Control-Request-Headers", "authorization,content-digest");
    let preflight = send(asked).await;
    assert_eq!(preflight.status, 200);
    assert!(preflight.header("access-control-allow-headers").unwrap().contains("content-digest"));
    assert!(preflight.header("access-control-allow-methods").unwrap().contains("PUT"));
}
