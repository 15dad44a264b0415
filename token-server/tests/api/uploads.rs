//! Files and recordings of participants: sent in parts, resumed, held by an answer, and got by the customer.

use reqwest::Method;
use serde_json::json;

use crate::support::{
    TestServer,
    caller::send,
    uploads::{
        PART, begin, beginning, bytes, complete, content_digest, files, get, interview, put, send_file,
        sha256,
    },
    writing::Writing,
};

#[tokio::test]
async fn an_upload_is_begun_once_however_often_it_is_asked_for() {
    let server = TestServer::start().await;
    let participant = interview(&server.organization("Acme").await).await.participant;
    let begun = begin(&participant, beginning("u-1", 2 * PART + 5)).await.expect(201);
    let id = begun["upload"]["id"].as_str().unwrap();
    assert_eq!(
        begun,
        json!({"upload": {
            "id": id, "question_id": "photo", "status": "open", "filename": "desk.png", "content_type": "image/png",
            "size_bytes": 2 * PART + 5, "part_size_bytes": PART, "parts_received": [],
            "created_at": "2026-01-31T12:00:00.000Z", "expires_at": "2026-02-01T12:00:00.000Z"
        }})
    );
    assert_eq!(begin(&participant, beginning("u-1", 2 * PART + 5)).await.expect(200), begun);
    assert_eq!(get(&participant, id).await.expect(200), begun);
    assert_eq!(files(&server).len(), 1);
    let other = begin(&participant, beginning("u-2", 2 * PART + 5)).await.expect(201);
    assert_ne!(other["upload"]["id"], begun["upload"]["id"]);
    begin(&participant, beginning("u-1", 5)).await.refused(422, "idempotency_mismatch");
}

#[tokio::test]
async fn ten_copies_of_one_beginning_make_one_upload() {
    let server = TestServer::start().await;
    let participant = interview(&server.organization("Acme").await).await.participant;
    let all = (0..10).map(|_| begin(&participant, beginning("u-1", 5)));
    let replies = futures_util::future::join_all(all).await;
    let ids: std::collections::BTreeSet<_> =
        replies.iter().map(|reply| reply.json()["upload"]["id"].to_string()).collect();
    assert_eq!(ids.len(), 1);
    assert_eq!(replies.iter().filter(|reply| reply.status == 201).count(), 1);
    assert_eq!(files(&server).len(), 1, "what was prepared for the others is gone");
}

#[tokio::test]
async fn an_upload_whose_beginning_got_no_answer_takes_its_parts() {
    let server = TestServer::start().await;
    let participant = interview(&server.organization("Acme").await).await.participant;
    // It keeps this one waiting until the caller has gone.
    let writing = Writing::begin(&server).await;
    let caller = participant.clone();
    let call = tokio::spawn(async move { begin(&caller, beginning("u-1", 5)).await });
    while files(&server).is_empty() {
        tokio::task::yield_now().await;
    }
    call.abort();
    for _ in 0..20 {
        get(&participant, "upl_unknown").await.refused(404, "not_found");
    }
    writing.end().await;
    let begun = begin(&participant, beginning("u-1", 5)).await.json();
    put(&participant, begun["upload"]["id"].as_str().unwrap(), 1, &bytes(5)).await.expect(200);
}

#[tokio::test]
async fn parts_come_in_any_order_and_as_often_as_they_like() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let interview = interview(&organization).await;
    let (participant, whole) = (&interview.participant, bytes(2 * PART + 5));
    let begun = begin(participant, beginning("u-1", whole.len())).await.expect(201);
    let id = begun["upload"]["id"].as_str().unwrap();
    let part = |number: usize| &whole[(number - 1) * PART..whole.len().min(number * PART)];
    let mut received = Vec::new();
    for (number, expected) in [(3, vec![3]), (1, vec![1, 3]), (3, vec![1, 3]), (2, vec![1, 2, 3])] {
        let reply = put(participant, id, number, part(number)).await.expect(200);
        assert_eq!(reply["upload"]["parts_received"], json!(expected));
        assert_eq!(get(participant, id).await.expect(200), reply, "what is told is so");
        received = expected;
    }
    let done = complete(participant, id, json!({"sha256": sha256(&whole).to_uppercase()})).await.expect(200);
    assert_eq!(
        (&done["upload"]["status"], &done["upload"]["sha256"], &done["upload"]["parts_received"]),
        (&json!("complete"), &json!(sha256(&whole)), &json!(received))
    );
    for body in [json!({"sha256": sha256(&whole)}), json!({}), json!({"sha256": null})] {
        assert_eq!(complete(participant, id, body).await.expect(200), done, "again, it is the same");
    }
    assert_eq!(put(participant, id, 2, part(2)).await.expect(200), done);
    assert_eq!(begin(participant, beginning("u-1", whole.len())).await.expect(200), done);
    let file = files(&server).pop().unwrap();
    assert_eq!(file.file_name().unwrap().to_str(), Some(id));
    assert!(std::fs::read(&file).unwrap() == whole);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    }
}

#[tokio::test]
async fn parts_that_come_at_once_are_all_kept() {
    let server = TestServer::start().await;
    let participant = interview(&server.organization("Acme").await).await.participant;
    let whole = bytes(5 * PART + 1);
    let begun = begin(&participant, beginning("u-1", whole.len())).await.expect(201);
    let id = begun["upload"]["id"].as_str().unwrap();
    let parts: Vec<_> = whole.chunks(PART).enumerate().collect();
    let twice = parts.iter().chain(&parts).map(|(place, part)| put(&participant, id, place + 1, part));
    for reply in futures_util::future::join_all(twice).await {
        reply.expect(200);
    }
    let all = (0..3).map(|_| complete(&participant, id, json!({"sha256": sha256(&whole)})));
    for reply in futures_util::future::join_all(all).await {
        assert_eq!(reply.expect(200)["upload"]["parts_received"], json!([1, 2, 3, 4, 5, 6]));
    }
    assert!(std::fs::read(files(&server).pop().unwrap()).unwrap() == whole);
}

#[tokio::test]
async fn of_two_parts_with_one_number_and_other_bytes_the_first_stays() {
    let server = TestServer::start().await;
    let participant = interview(&server.organization("Acme").await).await.participant;
    let (one, other) = (bytes(PART), vec![7; PART]);
    let begun = begin(&participant, beginning("u-1", PART)).await.expect(201);
    let id = begun["upload"]["id"].as_str().unwrap();
    let both = (put(&participant, id, 1, &one), put(&participant, id, 1, &other));
    let (first, second) = futures_util::future::join(both.0, both.1).await;
    let (kept, refused) = if first.status == 200 { (&one, second) } else { (&other, first) };
    refused.refused(409, "conflict");
    complete(&participant, id, json!({"sha256": sha256(kept)})).await.expect(200);
    assert!(&std::fs::read(files(&server).pop().unwrap()).unwrap() == kept);
}

#[tokio::test]
async fn an_answer_holds_what_was_sent_and_the_customer_gets_it() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let mut interview = interview(&organization).await;
    let participant = interview.participant.clone();
    let one = send_file(&participant, beginning("u-1", 3), b"abc").await;
    let text = json!({
        "client_id": "u-2", "question_id": "photo", "filename": "Z\u{fc}rich \"notes\".txt",
        "content_type": "Text/Plain; charset=utf-8", "size_bytes": 6
    });
    let other = send_file(&participant, text, b"abcdef").await;
    interview.draft(1, json!([one])).await.expect(200);
    assert_eq!(participant.get("/v1/participant/session").await.expect(200)["draft"]["value"], json!([one]));
    interview.answer(json!([one, other])).await;
    assert_eq!(interview.turn["question"]["recording"], json!({"think_time_ms": 5_000, "max_retakes": 2}));
    assert_eq!(interview.turn["question"]["validate"]["accept"], json!(["audio/*"]));
    let spoken = json!({
        "client_id": "u-3", "question_id": "voice", "filename": "answer.webm", "content_type": "audio/webm;codecs=opus",
        "size_bytes": 4, "duration_ms": 300_000
    });
    let voice = send_file(&participant, spoken, b"webm").await;
    interview.answer(json!(voice)).await;
    interview.finish().await;

    let session = format!("/v1/sessions/{}", interview.session_id());
    let answers = organization.admin.get(&format!("{session}/answers")).await.expect(200);
    assert_eq!(
        (&answers["data"][0]["value"], &answers["data"][1]["value"]),
        (&json!([one, other]), &json!(voice))
    );
    let transcript = organization.admin.get(&format!("{session}/transcript?format=text")).await.text;
    for line in [format!("    [file: {one}], [file: {other}]\n"), format!("    [audio: {voice}]\n")] {
        assert!(transcript.contains(&line), "{transcript}");
    }
    let reader = organization.scoped(&["sessions:read"]).await;
    let got = reader.get(&format!("{session}/uploads/{other}")).await;
    assert_eq!((got.status, got.text.as_str()), (200, "abcdef"));
    let expected = [
        ("content-type", "text/plain"),
        (
            "content-disposition",
            "attachment; filename=\"Z_rich _notes_.txt\"; filename*=UTF-8''Z%C3%BCrich%20%22notes%22.txt",
        ),
        ("x-content-type-options", "nosniff"),
        ("content-security-policy", "sandbox; default-src 'none'"),
        ("cache-control", "no-store"),
        ("content-length", "6"),
    ];
    for (name, value) in expected {
        assert_eq!(got.header(name), Some(value), "{name}");
    }
    assert_eq!(got.header("content-digest"), Some(content_digest(b"abcdef").as_str()));
}

#[tokio::test]
async fn a_part_of_a_file_can_be_got_by_its_range() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let interview = interview(&organization).await;
    let id = send_file(&interview.participant, beginning("u-1", 6), b"abcdef").await;
    let path = format!("/v1/sessions/{}/uploads/{id}", interview.session_id());
    let ranged =
        async |range: &str| send(organization.admin.request(Method::GET, &path).header("Range", range)).await;
    let some = ranged("bytes=1-3").await;
    assert_eq!(
        (some.status, some.text.as_str(), some.header("content-range")),
        (206, "bcd", Some("bytes 1-3/6"))
    );
    assert_eq!(some.header("content-digest"), None, "that would be the digest of these bytes");
    assert_eq!(some.header("repr-digest"), Some(content_digest(b"abcdef").as_str()));
    for all in ["bytes=6-", "bytes=0-1,3-4", "items=1-2", "x"] {
        let got = ranged(all).await;
        assert_eq!((got.status, got.text.as_str()), (200, "abcdef"), "{all}");
    }
    let unless_changed = organization.admin.request(Method::GET, &path).header("If-Range", "\"x\"");
    assert_eq!(
        send(unless_changed.header("Range", "bytes=1-3")).await.status,
        200,
        "of what, nobody can say"
    );
}

#[tokio::test]
async fn a_server_that_takes_less_than_a_guide_allows_says_so_and_means_it() {
    let server = TestServer::start().await;
    let participant = interview(&server.organization("Acme").await).await;
    assert_eq!(participant.turn["question"]["validate"]["max_bytes"], 104_857_600);
    assert_eq!(participant.turn["question"]["validate"]["max_choices"], 2);
    let small = TestServer::start_with_largest_upload(1_000).await;
    let interview = interview(&small.organization("Acme").await).await;
    assert_eq!(interview.turn["question"]["validate"]["max_bytes"], 1_000);
    let over = begin(&interview.participant, beginning("u-1", 1_001)).await;
    over.refused_with("validation_failed", &[("/size_bytes", "too_large")]);
    begin(&interview.participant, beginning("u-1", 1_000)).await.expect(201);
}

#[tokio::test]
async fn whoever_sends_is_not_away() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let campaign =
        organization.campaign_with(crate::support::guides::uploads(), json!({"resume_window_s": 600})).await;
    let interview = organization.interview(&campaign).await;
    let whole = bytes(2 * PART + 5);
    let begun = begin(&interview.participant, beginning("u-1", whole.len())).await.expect(201);
    let id = begun["upload"]["id"].as_str().unwrap();
    assert_eq!(begun["upload"]["expires_at"], "2026-01-31T12:10:00.000Z", "not after the session");
    for (place, part) in whole.chunks(PART).enumerate() {
        server.clock.advance_secs(250);
        put(&interview.participant, id, place + 1, part).await.expect(200);
    }
    let done = complete(&interview.participant, id, json!({})).await.expect(200);
    assert_eq!(done["upload"]["expires_at"], "2026-01-31T12:22:30.000Z");
}
