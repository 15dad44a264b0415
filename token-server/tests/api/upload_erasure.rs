//! Uploads that are erased, and those that nobody will ask for.

use std::{sync::Arc, time::Duration};

use domain::{audit::Cause, clock::Clock as _};
use protocol::{
    Environment,
    ids::{ParticipantId, SessionId, UploadId},
};
use serde_json::{Value, json};
use token_server::{
    operations::{by::By, erasure},
    uploads::{Tidied, Uploads, remove_stale, sweep, tidy},
};

use crate::support::{
    Interview, TestServer,
    uploads::{
        AT_ONCE, PART, begin, beginning, bytes, complete, files, get, interview, one_file, put, send_file,
    },
    writing::Writing,
};

fn folder(server: &TestServer) -> Uploads {
    Uploads::at(server.uploads_dir())
}

/// Waits until it is so.
async fn eventually(mut is_so: impl AsyncFnMut() -> bool) {
    let looking = async {
        while !is_so().await {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), looking).await.expect("it comes about");
}

async fn stale(server: &TestServer) -> usize {
    let store = server.shared.store.as_ref();
    let removed = remove_stale(&folder(server), store, server.clock.now()).await.unwrap();
    assert_eq!(sweep(&folder(server), store, AT_ONCE).await.unwrap(), 0, "every file has its row");
    removed
}

/// One that an answer holds, one that is complete, one that is open and has a part.
async fn three(interview: &mut Interview) -> [String; 3] {
    let participant = interview.participant.clone();
    let open = begin(&participant, beginning("u-1", PART + 5)).await.expect(201);
    let open = open["upload"]["id"].as_str().unwrap().to_owned();
    put(&participant, &open, 1, &bytes(PART)).await.expect(200);
    let complete = send_file(&participant, beginning("u-2", 3), b"two").await;
    let answered = send_file(&participant, beginning("u-3", 5), b"three").await;
    interview.answer(json!([answered])).await;
    [answered, complete, open]
}

#[tokio::test]
async fn every_way_of_erasing_leaves_no_file() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    for way in ["session", "participant", "withdraw"] {
        let (_, kept) = one_file(&organization).await;
        let before = files(&server);
        assert!(before.iter().any(|file| file.ends_with(&kept)));
        let mut interview = interview(&organization).await;
        let ids = three(&mut interview).await;
        assert_eq!(files(&server).len(), before.len() + 3, "{way}");
        let session = format!("/v1/sessions/{}", interview.session_id());
        match way {
            "session" => organization.admin.delete(&session).await.expect(204),
            "participant" => {
                let whom = organization.admin.get(&session).await.expect(200)["participant_id"].clone();
                organization
                    .admin
                    .delete(&format!("/v1/participants/{}", whom.as_str().unwrap()))
                    .await
                    .expect(200)
            }
            _ => interview.participant.post_nothing("/v1/participant/session/withdraw").await.expect(200),
        };
        assert_eq!(files(&server), before, "{way}");
        for id in ids {
            assert!(!server.database_contains(&id), "{way}");
            get(&interview.participant, &id).await.refused(401, "unauthorized");
        }
    }
}

#[tokio::test]
async fn an_erasure_that_cannot_remove_a_file_is_finished_by_the_same_call() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    for way in ["session", "participant", "withdraw"] {
        let before = files(&server);
        let mut interview = interview(&organization).await;
        let [answered, ..] = three(&mut interview).await;
        let file = server.uploads_dir().join(&answered);
        // A folder cannot be removed as a file is.
        std::fs::remove_file(&file).unwrap();
        std::fs::create_dir(&file).unwrap();
        let session = format!("/v1/sessions/{}", interview.session_id());
        let whom = organization.admin.get(&session).await.expect(200)["participant_id"].clone();
        let erase = async || match way {
            "session" => organization.admin.delete(&session).await,
            "participant" => {
                organization.admin.delete(&format!("/v1/participants/{}", whom.as_str().unwrap())).await
            }
            _ => interview.participant.post_nothing("/v1/participant/session/withdraw").await,
        };
        erase().await.refused(503, "unavailable");
        std::fs::remove_dir(&file).unwrap();
        std::fs::write(&file, "three").unwrap();
        erase().await.expect(if way == "session" { 204 } else { 200 });
        assert_eq!(files(&server), before, "{way}");
    }
}

#[tokio::test]
async fn an_erasure_goes_on_to_its_end_when_the_caller_hangs_up_after_the_files_were_removed() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let before = files(&server);
    let mut interview = interview(&organization).await;
    let [answered, ..] = three(&mut interview).await;
    let session = format!("/v1/sessions/{}", interview.session_id());
    // For whom the rows have to wait.
    let writing = Writing::begin(&server).await;
    let gone = eventually(async || files(&server) == before);
    tokio::select! {
        reply = organization.admin.delete(&session) => panic!("{} before the rows were gone", reply.status),
        () = gone => {}
    }
    let noticed = async || server.anonymous().get("/metrics").await.text.contains("status=\"none\"");
    eventually(noticed).await;
    writing.end().await;
    eventually(async || organization.admin.get(&session).await.status == 404).await;
    // What was deleted is overwritten, and the log is cut, at the end.
    eventually(async || !server.database_contains(&answered)).await;
}

#[tokio::test]
async fn whose_key_was_revoked_in_the_middle_of_a_request_removes_no_file_401() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let mut interview = interview(&organization).await;
    three(&mut interview).await;
    let before = files(&server);
    let session =
        organization.admin.get(&format!("/v1/sessions/{}", interview.session_id())).await.expect(200);
    let mut unit = server.shared.store.read().await.unwrap();
    let key = unit.find_api_key(Environment::Live, &organization.admin_key_id).await.unwrap().unwrap();
    drop(unit);
    let by = || By::holder(Cause::api_key(&key.id, None, None), &key, Arc::clone(&server.shared.clock), None);
    organization.admin.delete(&format!("/v1/api-keys/{}", key.id)).await.expect(200);
    let state = server.state(Environment::Live);
    let id = |member: &str| session[member].as_str().unwrap().to_owned();
    let of_session = erasure::delete_session(&state, by(), SessionId::parse(&id("id")).unwrap()).await;
    assert_eq!(of_session.unwrap_err().status, 401);
    let whom = ParticipantId::parse(&id("participant_id")).unwrap();
    let of_participant = erasure::erase_participant(&state, by(), whom).await;
    assert_eq!(of_participant.unwrap_err().status, 401);
    assert_eq!(files(&server), before);
}

#[tokio::test]
async fn who_withdraws_from_one_interview_keeps_the_files_of_the_others() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let campaign = organization.campaign_with(crate::support::guides::uploads(), json!({})).await;
    let mut interviews = Vec::new();
    for _ in 0..2 {
        let invite = organization.invite_with(&campaign, json!({"external_id": "7"})).await;
        let invitee = organization.admin.with(invite["invite_token"].as_str().unwrap());
        let interview = Interview::start(&invitee).await;
        send_file(&interview.participant, beginning("u-1", 3), b"abc").await;
        interviews.push(interview);
    }
    for (interview, left) in interviews.iter().zip([1, 0]) {
        interview.participant.post_nothing("/v1/participant/session/withdraw").await.expect(200);
        assert_eq!(files(&server).len(), left);
    }
}

#[tokio::test]
async fn an_open_upload_waits_a_day_for_its_next_part() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let settings = json!({"resume_window_s": 604_800});
    let campaign = organization.campaign_with(crate::support::guides::uploads(), settings).await;
    let interview = organization.interview(&campaign).await;
    let whole = bytes(2 * PART);
    let begun = begin(&interview.participant, beginning("u-1", whole.len())).await.expect(201);
    let id = begun["upload"]["id"].as_str().unwrap().to_owned();
    let done = send_file(&interview.participant, beginning("u-2", 3), b"abc").await;
    server.clock.advance_secs(86_399);
    assert_eq!(stale(&server).await, 0);
    server.clock.advance_secs(1);
    assert_eq!(stale(&server).await, 1, "only the open one");
    let left: Vec<_> = files(&server).iter().map(|file| file.file_name().unwrap().to_owned()).collect();
    assert_eq!(left, [std::ffi::OsString::from(&done)]);
    let ids = [&id, &done].map(|id| UploadId::parse(id).unwrap());
    let rows = server.shared.store.read().await.unwrap().find_uploads(&ids).await.unwrap();
    assert_eq!(rows.iter().map(|row| row.id.as_str()).collect::<Vec<_>>(), [done]);
}

#[tokio::test]
async fn what_no_answer_holds_goes_when_the_interview_is_over_and_what_one_holds_stays() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let mut interview = interview(&organization).await;
    let [answered, ..] = three(&mut interview).await;
    assert_eq!(stale(&server).await, 0);
    interview.answer(Value::Null).await;
    interview.finish().await;
    assert_eq!(stale(&server).await, 2);
    server.clock.advance_secs(400 * 86_400);
    assert_eq!(stale(&server).await, 0, "an answer keeps what it holds");
    let session = interview.session_id();
    let path = format!("/v1/sessions/{session}/uploads/{answered}");
    assert_eq!(organization.admin.get(&path).await.text, "three");
}

#[tokio::test]
async fn an_interview_that_was_left_takes_its_unanswered_files_along() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let mut interview = interview(&organization).await;
    let [answered, ..] = three(&mut interview).await;
    server.clock.advance_secs(86_400);
    assert_eq!(stale(&server).await, 2);
    assert!(files(&server)[0].ends_with(&answered));
}

#[tokio::test]
async fn a_file_that_got_its_name_before_a_crash_is_completed_all_the_same() {
    let server = TestServer::start().await;
    let participant = interview(&server.organization("Acme").await).await.participant;
    let begun = begin(&participant, beginning("u-1", 3)).await.expect(201);
    let id = begun["upload"]["id"].as_str().unwrap();
    put(&participant, id, 1, b"abc").await.expect(200);
    let part = files(&server).pop().unwrap();
    let whole = part.with_file_name(id);
    std::fs::rename(&part, &whole).unwrap();
    assert_eq!(stale(&server).await, 0, "it is not swept");
    put(&participant, id, 1, b"abc").await.expect(200);
    assert_eq!(get(&participant, id).await.expect(200)["upload"]["status"], "open");
    complete(&participant, id, json!({})).await.expect(200);
    assert_eq!(files(&server), [whole]);
}

#[tokio::test]
async fn a_server_on_another_database_removes_nothing_from_a_folder_that_is_not_its_own() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    one_file(&organization).await;
    let kept = files(&server);
    let (uploads, now) = (folder(&server), server.clock.now());
    let elsewhere = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", elsewhere.path().join("copy.db").display());
    let copy = storage::connect(&url).await.unwrap();
    for (store, expected) in
        [(&server.shared.store, Tidied::Done { stale: 0, orphans: 0 }), (&copy, Tidied::OfAnother)]
    {
        assert_eq!(tidy(&uploads, store.as_ref(), now, AT_ONCE).await.unwrap(), expected);
        assert!(kept.iter().all(|file| file.exists()), "{expected:?}");
    }
    // Without the name in it, all of it would be what a crash has left.
    std::fs::remove_file(uploads.owner_path()).unwrap();
    let removed = tidy(&uploads, copy.as_ref(), now, AT_ONCE).await.unwrap();
    assert_eq!(removed, Tidied::Done { stale: 0, orphans: kept.len() });
}
