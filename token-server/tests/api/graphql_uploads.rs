//! Files beside a document: streamed to disk, kept with their row, gone with the person they are about.

use std::{io::Write as _, time::Duration};

use protocol::ids::UploadId;
use reqwest::{
    Method,
    multipart::{Form, Part},
};
use serde_json::{Value, json};
use token_server::uploads::{Grace, Uploads, sweep};

use crate::support::{
    Organization, TestServer,
    graphql::{Answered, Asker, send},
    guides,
    uploads::{AT_ONCE, files},
};

const DOCUMENT: &str =
    "mutation ($file: Upload!, $about: ID) { uploadFile(file: $file, candidateId: $about) {
    id filename contentType sizeBytes sha256 createdAt } }";

async fn scene() -> (TestServer, Organization, Asker) {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let asker = Asker::owner(&server, &organization).await;
    (server, organization, asker)
}

fn operations(variables: &Value) -> String {
    json!({"query": DOCUMENT, "variables": variables}).to_string()
}

fn one_file(about: Option<&str>, bytes: Vec<u8>) -> Form {
    let part = Part::bytes(bytes).file_name("cv.pdf").mime_str("application/pdf").unwrap();
    Form::new()
        .text("operations", operations(&json!({"file": null, "about": about})))
        .text("map", json!({"0": ["variables.file"]}).to_string())
        .part("0", part)
}

async fn upload(asker: &Asker, form: Form) -> Answered {
    send(asker.request(Method::POST).multipart(form)).await
}

#[tokio::test]
async fn a_file_is_stored_with_its_size_and_digest() {
    let (server, _organization, asker) = scene().await;
    let answered = upload(&asker, one_file(None, b"abc".to_vec())).await;
    let stored = answered.data()["uploadFile"].clone();
    let id = stored["id"].as_str().unwrap();
    assert_eq!(
        stored,
        json!({
            "id": id, "filename": "cv.pdf", "contentType": "application/pdf", "sizeBytes": 3,
            "sha256": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
            "createdAt": "2026-01-31T12:00:00.000Z"
        })
    );
    let files = files(&server);
    assert_eq!(files.len(), 1);
    assert_eq!(
        (files[0].file_name().unwrap().to_str().unwrap(), std::fs::read(&files[0]).unwrap()),
        (id, b"abc".to_vec())
    );
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&files[0]), mode(files[0].parent().unwrap())), (0o600, 0o700));
    }
}

#[tokio::test]
async fn a_large_file_comes_through_whole_and_a_larger_one_not_at_all() {
    let (server, _organization, asker) = scene().await;
    let largest = 25 * 1_024 * 1_024;
    let bytes: Vec<u8> = (0..largest).map(|place: u32| place.to_le_bytes()[1]).collect();
    let stored = upload(&asker, one_file(None, bytes.clone())).await.data();
    assert_eq!(stored["uploadFile"]["sizeBytes"], largest);
    assert!(std::fs::read(&files(&server)[0]).unwrap() == bytes);
    let over = [bytes, vec![0]].concat();
    upload(&asker, one_file(None, over)).await.plain(413);
    assert_eq!(files(&server).len(), 1, "nothing is left of it");
}

#[tokio::test]
async fn several_files_are_stored_by_one_request_and_six_are_not() {
    let (server, _organization, asker) = scene().await;
    let form = |count: usize| {
        let names: Vec<_> = (0..count).map(|number| format!("f{number}")).collect();
        let declared: Vec<_> = names.iter().map(|name| format!("${name}: Upload!")).collect();
        let calls: Vec<_> =
            names.iter().map(|name| format!("{name}: uploadFile(file: ${name}) {{ id }}")).collect();
        let document = format!("mutation ({}) {{ {} }}", declared.join(", "), calls.join(" "));
        let nulls: Value =
            names.iter().map(|name| (name.clone(), Value::Null)).collect::<serde_json::Map<_, _>>().into();
        let map: Value = names
            .iter()
            .map(|name| (name.clone(), json!([format!("variables.{name}")])))
            .collect::<serde_json::Map<_, _>>()
            .into();
        let form = Form::new()
            .text("operations", json!({"query": document, "variables": nulls}).to_string())
            .text("map", map.to_string());
        names
            .into_iter()
            .fold(form, |form, name| form.part(name.clone(), Part::bytes(name.into_bytes()).file_name("a")))
    };
    let stored = upload(&asker, form(5)).await.data();
    assert_eq!((stored.as_object().unwrap().len(), files(&server).len()), (5, 5));
    assert!(upload(&asker, form(6)).await.plain(400).contains("At most 5"));
    assert_eq!(files(&server).len(), 5);
}

#[tokio::test]
async fn a_map_of_ten_thousand_entries_is_refused_before_any_file() {
    let (server, _organization, asker) = scene().await;
    let map: Value = (0..10_000)
        .map(|number| (number.to_string(), json!(["variables.file"])))
        .collect::<serde_json::Map<_, _>>()
        .into();
    let form =
        Form::new().text("operations", operations(&json!({"file": null}))).text("map", map.to_string());
    let answered = upload(&asker, form.part("0", Part::bytes(vec![0; 1_000]))).await;
    assert_eq!(answered.status, 413);
    let seventeen: Value = (0..17)
        .map(|number| (number.to_string(), json!(["variables.file"])))
        .collect::<serde_json::Map<_, _>>()
        .into();
    let form =
        Form::new().text("operations", operations(&json!({"file": null}))).text("map", seventeen.to_string());
    assert!(upload(&asker, form).await.plain(400).contains("At most 16"));
    assert!(files(&server).is_empty());
}

#[tokio::test]
async fn parts_come_in_their_order_and_each_is_in_the_map() {
    let (server, _organization, asker) = scene().await;
    let map = || json!({"0": ["variables.file"]}).to_string();
    let right = || operations(&json!({"file": null}));
    let file = || Part::bytes(b"abc".to_vec()).file_name("a.txt");
    let forms = [
        Form::new().text("map", map()).text("operations", right()).part("0", file()),
        Form::new().part("0", file()).text("operations", right()).text("map", map()),
        Form::new().text("operations", right()).part("0", file()),
        Form::new().text("operations", right()).text("map", map()),
        Form::new().text("operations", right()).text("map", map()).part("1", file()),
        Form::new().text("operations", right()).text("map", map()).part("0", file()).part("0", file()),
        Form::new().text("operations", right()).text("map", "[]"),
        Form::new().text("operations", right()).text("map", json!({"0": ["variables.other"]}).to_string()),
        Form::new().text("operations", right()).text("map", json!({"0": []}).to_string()),
        Form::new()
            .text("operations", operations(&json!({"file": "x"})))
            .text("map", map())
            .part("0", file()),
        Form::new().text("operations", "{").text("map", map()).part("0", file()),
        Form::new().text("operations", json!([{"query": DOCUMENT}]).to_string()).text("map", map()),
        Form::new(),
    ];
    for (number, form) in forms.into_iter().enumerate() {
        let answered = upload(&asker, form).await;
        assert!(!answered.plain(400).is_empty(), "{number}");
        assert!(files(&server).is_empty(), "{number}");
    }
    for body in ["", "--x\r\n", "--x\r\nContent-Disposition: form-data; name=\"operations\"\r\n\r\n{}"] {
        let request = asker.request(Method::POST).header("Content-Type", "multipart/form-data; boundary=x");
        send(request.body(body)).await.plain(400);
    }
}

#[tokio::test]
async fn a_file_that_is_not_there_or_was_used_is_an_error_of_its_field() {
    let (server, _organization, asker) = scene().await;
    asker.ask_with(DOCUMENT, json!({"file": {"file": 0}})).await.failed("invalid_request");
    let twice =
        "mutation ($file: Upload!) { a: uploadFile(file: $file) { id } b: uploadFile(file: $file) { id } }";
    let form = Form::new()
        .text("operations", json!({"query": twice, "variables": {"file": null}}).to_string())
        .text("map", json!({"0": ["variables.file"]}).to_string())
        .part("0", Part::bytes(b"abc".to_vec()));
    let answered = upload(&asker, form).await;
    assert_eq!(answered.failed("invalid_request")["path"], json!(["b"]));
    assert_eq!(files(&server).len(), 1);
}

#[tokio::test]
async fn a_document_that_is_refused_has_written_no_file() {
    let (server, organization, asker) = scene().await;
    let key = organization.create_key(json!({"name": "Reads", "scopes": ["sessions:read"]})).await;
    let reader = asker.with_key(key["key"].as_str().unwrap());
    upload(&reader, one_file(None, b"abc".to_vec())).await.plain(403);
    upload(&asker.with_token("unknown"), one_file(None, b"abc".to_vec())).await.is_plain_401();
    upload(&asker.without_key(), one_file(None, b"abc".to_vec())).await.is_plain_401();
    let unknown = upload(&asker, one_file(Some("part_0"), b"abc".to_vec())).await;
    unknown.failed("not_found");
    let other = server.organization("Beta").await;
    let invite = other.invite(&other.campaign().await).await;
    let theirs = upload(&asker, one_file(invite["participant_id"].as_str(), b"abc".to_vec())).await;
    theirs.failed("forbidden");
    assert!(files(&server).is_empty());
}

#[tokio::test]
async fn a_name_is_only_a_name() {
    let (server, _organization, asker) = scene().await;
    let named = async |name: &str| {
        let form = Form::new()
            .text("operations", operations(&json!({"file": null})))
            .text("map", json!({"0": ["variables.file"]}).to_string())
            .part("0", Part::bytes(b"abc".to_vec()).file_name(name.to_owned()));
        upload(&asker, form).await
    };
    for (given, kept) in [
        ("../../etc/passwd", "passwd"),
        ("C:\\temp\\cv.pdf", "cv.pdf"),
        ("Lebenslauf Zoë.pdf", "Lebenslauf Zoë.pdf"),
        ("", "file"),
    ] {
        assert_eq!(named(given).await.data()["uploadFile"]["filename"], kept);
    }
    named(&"x".repeat(256)).await.failed("validation_failed");
    assert_eq!(files(&server).len(), 4);
    assert!(
        files(&server)
            .iter()
            .all(|file| UploadId::parse(file.file_name().unwrap().to_str().unwrap()).is_ok())
    );
}

#[tokio::test]
async fn files_about_somebody_go_with_them() {
    let (server, organization, asker) = scene().await;
    let campaign = organization.campaign().await;
    let invite = organization.invite(&campaign).await;
    let whom = invite["participant_id"].as_str().unwrap();
    upload(&asker, one_file(Some(whom), b"about them".to_vec())).await.data();
    upload(&asker, one_file(None, b"about nobody".to_vec())).await.data();
    assert_eq!(files(&server).len(), 2);
    organization.admin.delete(&format!("/v1/participants/{whom}")).await.expect(200);
    let left = files(&server);
    assert_eq!((left.len(), std::fs::read(&left[0]).unwrap()), (1, b"about nobody".to_vec()));
    upload(&asker, one_file(Some(whom), b"more".to_vec())).await.failed("conflict");
    assert_eq!(files(&server).len(), 1);
}

#[tokio::test]
async fn a_file_is_listed_with_whom_it_is_about_and_can_be_read_and_deleted() {
    let (server, organization, asker) = scene().await;
    let campaign = organization.campaign_with(guides::uploads(), json!({})).await;
    let invite = organization.invite(&campaign).await;
    let whom = invite["participant_id"].as_str().unwrap();
    let files_of = async || {
        let document = format!(
            "{{ candidate(id: \"{whom}\") {{ files {{ id filename contentType sizeBytes sha256 createdAt }} }} }}"
        );
        asker.ask(&document).await.data()["candidate"]["files"].clone()
    };
    assert_eq!(files_of().await, json!([]));
    let first = upload(&asker, one_file(Some(whom), b"first".to_vec())).await.data()["uploadFile"].clone();
    server.clock.advance_secs(1);
    let second = upload(&asker, one_file(Some(whom), b"second".to_vec())).await.data()["uploadFile"].clone();
    upload(&asker, one_file(None, b"about nobody".to_vec())).await.data();
    assert_eq!(files_of().await, json!([first, second]));

    let path = format!("/v1/uploads/{}", first["id"].as_str().unwrap());
    let reply = organization.admin.request(Method::GET, &path).send().await.unwrap();
    let name = reply.headers()["content-disposition"].to_str().unwrap();
    assert!(name.starts_with("attachment; filename=\"cv.pdf\""), "{name}");
    assert_eq!(reply.headers()["x-content-type-options"], "nosniff");
    assert_eq!((reply.status().as_u16(), reply.text().await.unwrap().as_str()), (200, "first"));

    let delete = format!("mutation {{ deleteFile(id: {}) {{ id sizeBytes }} }}", first["id"]);
    let deleted = asker.ask(&delete).await.data()["deleteFile"].clone();
    assert_eq!(deleted, json!({"id": first["id"], "sizeBytes": 5}));
    assert_eq!((files_of().await, files(&server).len()), (json!([second]), 2));
    asker.ask(&delete).await.failed("not_found");
    organization.admin.get(&path).await.refused(404, "not_found");
}

#[tokio::test]
async fn what_a_participant_has_sent_can_be_read_when_it_is_complete_and_is_deleted_with_them() {
    let (_server, organization, asker) = scene().await;
    let (interview, sent) = crate::support::uploads::one_file(&organization).await;
    let path = format!("/v1/uploads/{sent}");
    assert_eq!(organization.admin.request(Method::GET, &path).send().await.unwrap().status(), 200);
    asker.ask(&format!("mutation {{ deleteFile(id: \"{sent}\") {{ id }} }}")).await.failed("conflict");
    let session =
        organization.admin.get(&format!("/v1/sessions/{}", interview.session_id())).await.expect(200);
    let document = format!("{{ candidate(id: {}) {{ files {{ id }} }} }}", session["participant_id"]);
    assert_eq!(asker.ask(&document).await.data()["candidate"]["files"], json!([]));

    let beginning = crate::support::uploads::beginning("u-1", 3);
    let begun = interview.participant.post("/v1/participant/session/uploads", beginning).await.expect(201);
    let begun = begun["upload"]["id"].as_str().unwrap();
    organization.admin.get(&format!("/v1/uploads/{begun}")).await.refused(404, "not_found");
    asker.ask(&format!("mutation {{ deleteFile(id: \"{begun}\") {{ id }} }}")).await.failed("not_found");
}

#[tokio::test]
async fn files_about_a_participant_go_when_they_withdraw_their_last_invite() {
    let (server, organization, asker) = scene().await;
    let campaign = organization.campaign().await;
    let more = json!({"external_id": "7"});
    let mut interviews = Vec::new();
    for _ in 0..2 {
        let invite = organization.invite_with(&campaign, more.clone()).await;
        let invitee = organization.admin.with(invite["invite_token"].as_str().unwrap());
        interviews.push((crate::support::Interview::start(&invitee).await, invite));
    }
    let whom = interviews[0].1["participant_id"].as_str().unwrap();
    upload(&asker, one_file(Some(whom), b"about them".to_vec())).await.data();
    for ((interview, _), left) in interviews.iter().zip([1, 0]) {
        interview.participant.post_nothing("/v1/participant/session/withdraw").await.expect(200);
        assert_eq!(files(&server).len(), left);
    }
}

#[tokio::test]
async fn a_sweep_removes_what_has_no_row_and_nothing_else() {
    let (server, _organization, asker) = scene().await;
    upload(&asker, one_file(None, b"kept".to_vec())).await.data();
    let kept = files(&server);
    let folder = kept[0].parent().unwrap().to_owned();
    for name in ["upl_1", "upl_2.part", "notes.txt"] {
        std::fs::write(folder.join(name), b"left by a crash").unwrap();
    }
    let uploads = Uploads::at(folder.clone());
    let removed = sweep(&uploads, server.shared.store.as_ref(), AT_ONCE).await.unwrap();
    let mut left = files(&server);
    left.sort();
    let mut expected = vec![folder.join("notes.txt"), kept[0].clone()];
    expected.sort();
    assert_eq!((removed, left), (2, expected));
    let nowhere = Uploads::at("/there/is/no/such/folder".into());
    assert_eq!(sweep(&nowhere, server.shared.store.as_ref(), AT_ONCE).await.unwrap(), 0);
}

#[tokio::test]
async fn a_sweep_spares_a_file_that_waits_for_the_others_of_its_request() {
    let (server, _organization, asker) = scene().await;
    upload(&asker, one_file(None, b"kept".to_vec())).await.data();
    let part = files(&server)[0].with_file_name("upl_2.part");
    std::fs::write(&part, b"all of it").unwrap();
    let uploads = Uploads::at(part.parent().unwrap().to_owned());
    let store = server.shared.store.as_ref();
    for (untouched, removed) in [(Duration::from_hours(1), 0), (Duration::ZERO, 1)] {
        assert_eq!(sweep(&uploads, store, Grace { untouched, ..AT_ONCE }).await.unwrap(), removed);
        assert_eq!(part.exists(), removed == 0);
    }
}

#[tokio::test]
async fn a_sweep_spares_a_file_that_is_still_being_written() {
    let (server, _organization, asker) = scene().await;
    upload(&asker, one_file(None, b"kept".to_vec())).await.data();
    let folder = files(&server)[0].parent().unwrap().to_owned();
    let part = folder.join("upl_2.part");
    std::fs::write(&part, b"begun").unwrap();
    let uploads = Uploads::at(folder.clone());
    let sweeping = sweep(
        &uploads,
        server.shared.store.as_ref(),
        Grace { between: Duration::from_millis(300), ..AT_ONCE },
    );
    let mut file = std::fs::File::options().append(true).open(&part).unwrap();
    tokio::pin!(sweeping);
    let removed = loop {
        tokio::select! {
            removed = &mut sweeping => break removed,
            () = tokio::time::sleep(Duration::from_millis(10)) => file.write_all(b" and gone on with").unwrap(),
        }
    };
    assert_eq!((removed.unwrap(), part.exists()), (0, true));
}
