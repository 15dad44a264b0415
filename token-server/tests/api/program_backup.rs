//! `interviewrelay backup`: what is in a copy that is taken beside a busy server, and what is left when it fails.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use crate::{
    program_cli::failure,
    support::{
        Caller, Interview,
        binary::{Installation, Process, files_below},
        caller::members,
        guides,
        uploads::{PART, begin, beginning, bytes, complete, get, put, send_file, sha256},
    },
};

const PATIENCE: Duration = Duration::from_secs(30);

/// An installation with two campaigns, and the key of its customer.
fn installation() -> (Installation, String) {
    let installation = Installation::new();
    for (id, guide) in [("camp_1", guides::uploads()), ("camp_2", guides::long(500))] {
        let file = installation.path("campaign.json");
        std::fs::write(&file, json!({"id": id, "name": id, "guide": guide}).to_string()).unwrap();
        let path = file.to_str().unwrap();
        installation.run_json(&["campaigns", "import", path, "--org", "Acme", "--env", "live", "--json"]);
    }
    let key = installation.create_key("admin");
    (installation, key)
}

async fn start(admin: &Caller, campaign: &str) -> Interview {
    let invite = admin.post("/v1/invites", json!({"campaign_id": campaign})).await.expect(201);
    Interview::start(&admin.with(invite["invite_token"].as_str().unwrap())).await
}

/// A server on what was copied.
fn serve_copy(installation: &Installation, folder: &Path) -> Process {
    let url = format!("sqlite://{}", folder.join("interviewrelay.db").display());
    Process::start(installation.command(&["serve", "--database-url", &url]))
}

/// Nothing of the backup is there, under whatever name.
#[track_caller]
fn is_gone(folder: &Path) {
    let name = folder.file_name().unwrap().to_str().unwrap();
    for entry in std::fs::read_dir(folder.parent().unwrap()).unwrap() {
        let left = entry.unwrap().file_name();
        assert!(!left.to_str().unwrap().starts_with(name), "{} is left", left.display());
    }
}

/// What was acknowledged until now.
#[derive(Debug, Clone, Default)]
struct Acknowledged {
    invites: Vec<String>,
    answers: u64,
}

#[tokio::test(flavor = "multi_thread")]
async fn all_that_was_acknowledged_before_it_began_is_in_a_backup_beside_a_busy_server() {
    let (installation, key) = installation();
    let server = installation.serve();
    let admin = Caller::new(&server.url).with(&key);
    let uploads = start(&admin, "camp_1").await;
    let whole = bytes(2 * PART + 5);
    let complete_id = send_file(&uploads.participant, beginning("u-1", whole.len()), &whole).await;
    let begun = begin(&uploads.participant, beginning("u-2", whole.len())).await.expect(201);
    let open_id = begun["upload"]["id"].as_str().unwrap().to_owned();
    put(&uploads.participant, &open_id, 2, &whole[PART..2 * PART]).await.expect(200);
    let waiting = admin.post("/v1/invites", json!({"campaign_id": "camp_1"})).await.expect(201);

    let acknowledged = Arc::new(Mutex::new(Acknowledged::default()));
    let is_over = Arc::new(AtomicBool::new(false));
    let interview = start(&admin, "camp_2").await;
    let (session, participant) = (interview.session_id().to_owned(), interview.participant.clone());
    let minting = tokio::spawn({
        let (admin, acknowledged, is_over) = (admin.clone(), Arc::clone(&acknowledged), Arc::clone(&is_over));
        async move {
            while !is_over.load(Ordering::Acquire) {
                let body = json!({"campaign_id": "camp_2", "participant_email": "ada@example.com"});
                let minted = admin.post("/v1/invites", body).await.expect(201);
                acknowledged.lock().unwrap().invites.push(minted["id"].as_str().unwrap().to_owned());
            }
        }
    });
    let answering = tokio::spawn({
        let (acknowledged, is_over) = (Arc::clone(&acknowledged), Arc::clone(&is_over));
        let mut interview = interview;
        async move {
            while !is_over.load(Ordering::Acquire) && interview.turn["type"] == "question" {
                interview.answer(json!("Ada")).await;
                acknowledged.lock().unwrap().answers += 1;
            }
        }
    });
    let deadline = Instant::now() + PATIENCE;
    let before = loop {
        let known = acknowledged.lock().unwrap().clone();
        if known.invites.len() >= 20 && known.answers >= 20 {
            break known;
        }
        assert!(Instant::now() < deadline, "{known:?}");
        tokio::time::sleep(Duration::from_millis(2)).await;
    };
    let folder = installation.path("copy");
    let mut command = installation.command(&["backup", folder.to_str().unwrap(), "--json"]);
    let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
    let after = acknowledged.lock().unwrap().clone();
    is_over.store(true, Ordering::Release);
    minting.await.unwrap();
    answering.await.unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(after.invites.len() > before.invites.len() && after.answers > before.answers, "it was busy");
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(said.lines().count(), 1, "{said}");
    let taken: Value = serde_json::from_str(&said).unwrap();
    assert_eq!(members(&taken), ["database_bytes", "files", "files_bytes", "folder", "missing", "taken_at"]);
    assert_eq!(taken["folder"], folder.to_str().unwrap());
    assert_eq!((&taken["files"], &taken["missing"]), (&json!(2), &json!(0)));
    assert_eq!(taken["files_bytes"], whole.len() + 2 * PART);
    let database = folder.join("interviewrelay.db");
    assert_eq!(taken["database_bytes"], database.metadata().unwrap().len());
    let expected = [
        database,
        folder.join("uploads").join(&complete_id),
        folder.join("uploads").join(format!("{open_id}.part")),
    ];
    assert_eq!(files_below(&folder).into_iter().collect::<BTreeSet<_>>(), BTreeSet::from(expected));
    server.kill();

    let server = serve_copy(&installation, &folder);
    let admin = Caller::new(&server.url).with(&key);
    for id in &before.invites {
        assert_eq!(admin.get(&format!("/v1/invites/{id}")).await.expect(200)["id"], *id);
    }
    let stored = admin.get(&format!("/v1/sessions/{session}")).await.expect(200);
    let answers = stored["answers"].as_u64().unwrap_or_else(|| panic!("{stored}"));
    assert!((before.answers..=after.answers + 1).contains(&answers), "{answers}, {before:?}");
    let page = admin.get(&format!("/v1/sessions/{session}/answers?limit=1")).await.expect(200);
    assert_eq!(page["data"][0]["value"], "Ada");
    // Tokens of before are good: of sessions, and of invites that nobody has used.
    let participant = Caller::new(&server.url).with(participant.credential());
    participant.get("/v1/participant/session").await.expect(200);
    Interview::start(&admin.with(waiting["invite_token"].as_str().unwrap())).await;
    // The complete upload is answered with, and the open one goes on where it was.
    let participant = Caller::new(&server.url).with(uploads.participant.credential());
    let open = get(&participant, &open_id).await.expect(200);
    assert_eq!(open["upload"]["parts_received"], json!([2]));
    for (number, part) in [(1, &whole[..PART]), (3, &whole[2 * PART..])] {
        put(&participant, &open_id, number, part).await.expect(200);
    }
    complete(&participant, &open_id, json!({"sha256": sha256(&whole)})).await.expect(200);
    let answer = json!({"client_id": "c-1", "seq": 1, "value": [complete_id, open_id], "final": true});
    participant.put("/v1/participant/session/answers/photo", answer).await.expect(200);
    let path = format!("/v1/sessions/{}/uploads/{complete_id}", uploads.session_id());
    let request = admin.request(reqwest::Method::GET, &path);
    assert!(request.send().await.unwrap().bytes().await.unwrap() == whole);
}

/// An installation that is not busy, with one upload of `abc`.
async fn at_rest() -> (Installation, PathBuf) {
    let (installation, key) = installation();
    let server = installation.serve();
    let uploads = start(&Caller::new(&server.url).with(&key), "camp_1").await;
    let id = send_file(&uploads.participant, beginning("u-1", 3), b"abc").await;
    server.signal("TERM");
    let (code, log, _) = server.wait();
    assert_eq!(code, Some(0), "{log}");
    let file = installation.path("uploads").join(id);
    (installation, file)
}

fn backup(installation: &Installation, folder: &Path) -> Output {
    installation.run(&["backup", folder.to_str().unwrap()])
}

#[cfg(unix)]
#[tokio::test]
async fn only_its_user_can_read_a_backup() {
    use std::os::unix::fs::PermissionsExt as _;

    let (installation, _) = at_rest().await;
    let folder = installation.path("copy");
    // Whatever the user lets others do by default.
    let mut command = Command::new("sh");
    installation.prepare(&mut command);
    let program = env!("CARGO_BIN_EXE_interviewrelay");
    command.args(["-c", "umask 0; exec \"$0\" backup copy", program]);
    let output = command.output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.contains("1 uploaded files with 3 bytes") && said.contains("secret"), "{said}");
    let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&folder), mode(&folder.join("uploads"))), (0o700, 0o700));
    let files = files_below(&folder);
    assert_eq!(files.len(), 2);
    for file in files {
        assert_eq!(mode(&file), 0o600, "{}", file.display());
    }
}

#[tokio::test]
async fn what_is_there_already_is_never_written_over() {
    let (installation, _) = at_rest().await;
    let folder = installation.path("copy");
    std::fs::create_dir(&folder).unwrap();
    let said = failure(&backup(&installation, &folder));
    assert!(said.contains("is there already; name a folder that is not"), "{said}");
    assert!(files_below(&folder).is_empty());
    let file = installation.path("campaign.json");
    let before = std::fs::read(&file).unwrap();
    assert!(failure(&backup(&installation, &file)).contains("is there already"));
    assert_eq!(std::fs::read(&file).unwrap(), before);
    // Of a backup that is being written, or was killed.
    let partial = installation.path("other.partial");
    std::fs::create_dir(&partial).unwrap();
    let said = failure(&backup(&installation, &installation.path("other")));
    assert!(said.contains("other.partial is there") && said.contains("remove it if none runs"), "{said}");
    assert!(partial.is_dir() && !installation.path("other").exists());
}

#[tokio::test]
async fn a_folder_that_cannot_be_made_is_an_error_that_names_it() {
    let (installation, upload) = at_rest().await;
    for (folder, part) in [
        (installation.path("nowhere").join("copy"), "nowhere/copy.partial cannot be written: No such file"),
        (upload.join("copy"), "cannot be written: Not a directory"),
        (PathBuf::from("/"), "/ is there already"),
        (PathBuf::from("nowhere/.."), "is no name for a new folder"),
    ] {
        let said = failure(&backup(&installation, &folder));
        assert!(said.contains(part), "{part} is not in {said}");
    }
    assert!(!installation.path("nowhere").exists());
}

#[test]
fn there_is_no_backup_of_no_database_and_none_is_made() {
    let installation = Installation::new();
    let folder = installation.path("copy");
    let said = failure(&backup(&installation, &folder));
    assert!(said.contains("there is no database") && said.contains("test.db"), "{said}");
    assert!(files_below(installation.folder()).is_empty());
    std::fs::write(installation.path("test.db"), "no database at all, but long enough to be one").unwrap();
    failure(&backup(&installation, &folder));
    is_gone(&folder);
}

#[tokio::test]
async fn an_upload_that_is_damaged_or_lost_is_named_and_nothing_is_left_of_the_backup() {
    let (installation, upload) = at_rest().await;
    let folder = installation.path("copy");
    let id = upload.file_name().unwrap().to_str().unwrap();
    for bytes in [&b"abd"[..], b"abcd", b"ab"] {
        std::fs::write(&upload, bytes).unwrap();
        let said = failure(&backup(&installation, &folder));
        assert!(said.contains(&format!("the upload {id} is damaged")), "{said}");
        is_gone(&folder);
    }
    std::fs::remove_file(&upload).unwrap();
    let said = failure(&backup(&installation, &folder));
    assert!(said.contains(&format!("the upload {id} has a row and no file")), "{said}");
    is_gone(&folder);
    std::fs::write(&upload, "abc").unwrap();
    assert!(backup(&installation, &folder).status.success());
}

#[cfg(unix)]
#[tokio::test]
async fn a_full_disk_leaves_nothing_of_the_backup() {
    let (installation, _) = at_rest().await;
    // No file may be longer than some blocks, which is an error like that of a full disk, and not a signal.
    let mut command = Command::new("sh");
    installation.prepare(&mut command);
    let program = env!("CARGO_BIN_EXE_interviewrelay");
    command.args(["-c", "trap '' XFSZ; ulimit -f 128; exec \"$0\" backup copy", program]);
    let said = failure(&command.output().unwrap());
    assert!(said.contains("the database cannot be copied"), "{said}");
    is_gone(&installation.path("copy"));
}

#[cfg(unix)]
#[tokio::test]
async fn a_backup_that_is_told_to_stop_leaves_nothing() {
    let (installation, upload) = at_rest().await;
    // A file that takes long to copy: all of it is a hole.
    let file = std::fs::File::create(&upload).unwrap();
    file.set_len(1 << 36).unwrap();
    let mut command = installation.command(&["backup", "copy"]);
    let mut running = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let begun = installation.path("copy.partial").join("uploads").join(upload.file_name().unwrap());
    let deadline = Instant::now() + PATIENCE;
    while !begun.exists() {
        assert!(Instant::now() < deadline && running.try_wait().unwrap().is_none(), "it copies the file");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    let told = Command::new("kill").args(["-TERM", &running.id().to_string()]).status().unwrap();
    assert!(told.success());
    let output = tokio::task::spawn_blocking(move || running.wait_with_output().unwrap()).await.unwrap();
    assert!(failure(&output).contains("the backup was stopped before it was complete"));
    is_gone(&installation.path("copy"));
}

#[test]
fn the_help_names_it() {
    let installation = Installation::new();
    let help = String::from_utf8(installation.run(&["--help"]).stdout).unwrap();
    assert!(help.contains("backup") && help.contains("also while the server runs"), "{help}");
}
