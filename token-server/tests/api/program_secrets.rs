//! Secrets are shown once and found nowhere afterwards: not in the database's files, the log, the metrics or any later
//! answer.

use serde_json::json;

use crate::support::{
    Caller, Desk, Interview,
    binary::{Installation, Process, bytes_of, files_below},
    guides,
    users::Pair,
};

/// None of these places, each with its name, has the secret in it.
#[track_caller]
fn assert_absent(secret: &str, places: &[(&str, &str)]) {
    for (name, place) in places {
        assert!(!place.contains(secret), "{name} has {secret} in it");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_file_no_log_line_no_metric_and_no_later_answer_has_a_secret_in_it() {
    let installation = Installation::new();
    let from_cli = installation.create_key("admin");
    let mut command = installation.command(&["serve"]);
    command.env("INTERVIEWRELAY_LOG", "trace");
    let server = Process::start(command);
    let admin = Caller::new(&server.url).with(&from_cli);

    let from_api = admin.post("/v1/api-keys", json!({"name": "Secret"})).await.expect(201);
    let key = from_api["key"].as_str().unwrap().to_owned();
    let path = format!("/v1/api-keys/{}", from_api["id"].as_str().unwrap());
    let holder = admin.with(&key);
    let campaign = admin.post("/v1/campaigns", json!({"name": "n"})).await.expect(201)["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let campaign_path = format!("/v1/campaigns/{campaign}");
    admin.put(&format!("{campaign_path}/guide"), guides::short()).await.expect(200);
    admin.post_nothing(&format!("{campaign_path}/publish")).await.expect(200);
    admin.post_nothing(&format!("{campaign_path}/activate")).await.expect(200);
    let person = json!({"campaign_id": campaign, "participant_email": "marker-email@example.com"});
    let invite = holder.post("/v1/invites", person).await.expect(201);
    let mut interview = Interview::start(&admin.with(invite["invite_token"].as_str().unwrap())).await;
    interview.answer(json!("marker-answer")).await;
    interview.draft(1, json!("marker-draft")).await.expect(200);

    let users = ["users", "create", "--org", "Acme", "--role", "owner", "--json", "--email"];
    let user = installation.run_json(&[&users[..], &["marker-user@example.com"]].concat());
    let password = user["password"].as_str().unwrap();
    let desk = Desk::at(&server.url, &key);
    let signed_in = Pair::of(&desk.try_login("marker-user@example.com", password).await);
    let refreshed = desk.refresh(&signed_in).await;

    let mut heard = String::new();
    for reply in [
        desk.try_login("marker-user@example.com", "marker-wrong-password").await,
        desk.post("/auth/login", json!({"email": 1, "password": "marker-wrong-password"})).await,
        desk.try_refresh(&signed_in.refresh_token).await,
        desk.logout(&refreshed).await,
        admin.get("/v1/audit-log").await,
        holder.get("/v1/api-keys").await,
        holder.post("/v1/api-keys", json!({"name": "no"})).await,
        holder.get("/v1/invites").await,
        holder.with(&format!("{key}x")).get("/v1/api-keys").await,
        admin.delete(&path).await,
        holder.get("/v1/api-keys").await,
        admin.get("/v1/api-keys").await,
        admin.get(&format!("/v1/campaigns/{key}")).await,
        admin.get(&format!("/v1/campaigns?cursor={key}")).await,
    ] {
        heard.extend([format!("{:?}", reply.headers), reply.text]);
    }
    // After all of them, so that whatever can be counted has been.
    let metrics = Caller::new(&server.url).get("/metrics").await;
    assert_eq!(metrics.status, 200, "{}", metrics.text);
    let metrics = metrics.text;
    // Files are looked at while the log of the database is there, and again after a clean stop.
    let mut files = Vec::new();
    let mut read_files = || {
        for path in files_below(installation.folder()) {
            files.extend(bytes_of(&path));
        }
    };
    read_files();
    server.signal("TERM");
    let (code, log, _) = server.wait();
    assert_eq!(code, Some(0), "{log}");
    read_files();
    let files = String::from_utf8_lossy(&files);

    let everywhere =
        [("a file", &*files), ("an answer", &*heard), ("the log", &*log), ("the list of metrics", &*metrics)];
    let kept = [everywhere[0], everywhere[2], everywhere[3]];

    // The prefix, the lookup id and the last four characters are public.
    for key in [&from_cli, &key] {
        assert_absent(&key[19..51], &everywhere);
    }
    for token in [interview.invitee.credential(), interview.participant.credential()] {
        assert_absent(token.rsplit('.').next().unwrap(), &kept);
    }
    for secret in [password, &signed_in.refresh_token[6..], &refreshed.refresh_token[6..]] {
        assert_absent(secret, &everywhere);
    }
    for token in [&signed_in.token, &refreshed.token] {
        assert_absent(token.rsplit('.').next().unwrap(), &kept);
    }
    assert_absent("marker-wrong-password", &everywhere);
    assert!(!heard.contains("marker-user"), "the audit log names nobody");
    for marker in ["marker-user", "marker-email", "marker-answer", "marker-draft"] {
        assert_absent(marker, &everywhere[2..]);
        assert!(files.contains(marker), "the search finds what is there");
    }
    assert!(metrics.contains("route=\"/auth/login\""), "the metrics tell of what was called: {metrics}");
    assert!(log.contains("/v1/api-keys") && log.contains("DEBUG"), "everything was logged that can be");
}
