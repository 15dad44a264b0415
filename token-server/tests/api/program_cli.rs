//! The command line of the real program.

use std::{
    io::Write as _,
    net::TcpListener,
    process::{Output, Stdio},
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use crate::support::{
    Caller, Desk,
    binary::{Installation, Process},
    caller::members,
    guides,
    users::Pair,
};

fn failure(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(output.stdout.is_empty(), "{output:?}");
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn campaign_file() -> Value {
    json!({
        "id": "camp_456abc", "name": "Customer research", "description": "About notes", "settings": {"invite_ttl_s": 600},
        "metadata": {"team": "research"}, "guide": guides::every_kind()
    })
}

#[test]
fn init_makes_the_database_and_doing_it_again_changes_nothing() {
    let installation = Installation::new();
    for _ in 0..2 {
        let output = installation.run(&["init"]);
        assert!(output.status.success(), "{output:?}");
        assert!(String::from_utf8_lossy(&output.stdout).starts_with("ready: sqlite://"));
        assert!(installation.path("test.db").is_file());
    }
}

#[test]
fn keys_are_created_listed_and_revoked_as_json() {
    let installation = Installation::new();
    let create = |name: &str, env: &str| {
        installation.run_json(&["keys", "create", "--org", "Acme", "--env", env, "--name", name, "--json"])
    };
    let created = create("Production", "live");
    let key = created["key"].as_str().unwrap();
    assert!(key.starts_with("ir_live_sk_"));
    assert_eq!(
        (&created["name"], &created["kind"], &created["status"]),
        (&json!("Production"), &json!("standard"), &json!("active"))
    );
    assert!(create("Staging", "test")["key"].as_str().unwrap().starts_with("ir_test_sk_"));

    let listed = installation.run_json(&["keys", "list", "--org", "Acme", "--env", "live", "--json"]);
    assert_eq!(listed["id"], created["id"]);
    assert!(!members(&listed).contains(&"key"));
    let revoke = ["keys", "revoke", created["id"].as_str().unwrap(), "--env", "live", "--json"];
    for _ in 0..2 {
        assert_eq!(installation.run_json(&revoke)["status"], "revoked");
    }
}

#[tokio::test]
async fn signing_keys_are_rotated_and_a_server_publishes_them() {
    let installation = Installation::new();
    assert!(installation.run(&["init"]).status.success());
    let list = || installation.run_json(&["signing-keys", "list", "--env", "live", "--json"]);
    let first = list();
    assert_eq!(first["role"], "signs");
    let rotated = installation.run_json(&["signing-keys", "rotate", "--env", "live", "--json"]);
    assert_ne!(rotated["kid"], first["kid"]);
    assert!(!members(&rotated).contains(&"pkcs8"));
    let server = installation.serve();
    let jwks =
        async || Caller::new(&server.url).get("/.well-known/jwks.json").await.expect(200)["keys"].clone();
    let keys = jwks().await;
    assert_eq!((&keys[0]["kid"], &keys[1]["kid"]), (&rotated["kid"], &first["kid"]));
    let only = installation.run_json(&["signing-keys", "rotate", "--env", "live", "--drop-old", "--json"]);
    assert_eq!(list()["kid"], only["kid"]);
    // The server reads the keys again every ten seconds.
    let deadline = Instant::now() + Duration::from_secs(30);
    while jwks().await.as_array().map(|keys| keys.iter().map(|key| &key["kid"]).collect::<Vec<_>>())
        != Some(vec![&only["kid"]])
    {
        assert!(Instant::now() < deadline, "the server has not seen the new key");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

#[test]
fn keys_tells_what_is_not_there_and_what_is_not_allowed() {
    let installation = Installation::new();
    let said = failure(&installation.run(&["keys", "list", "--org", "Nobody", "--env", "live"]));
    assert!(said.contains("there is no organization called Nobody"), "{said}");
    let said = failure(&installation.run(&["keys", "revoke", "key_1", "--env", "test"]));
    assert!(said.contains("there is no key key_1 in the test environment"), "{said}");
    installation.create_key("admin");
    let blank = installation.run(&["keys", "create", "--org", "Acme", "--env", "live", "--name", " "]);
    failure(&blank);
}

#[tokio::test]
async fn users_are_created_listed_and_disabled_as_json() {
    let installation = Installation::new();
    let key = installation.create_key("standard");
    let create =
        ["users", "create", "--org", "Acme", "--email", "Ada@example.com", "--role", "editor", "--json"];
    let created = installation.run_json(&create);
    assert_eq!(
        (&created["email"], &created["role"], &created["status"], &created["last_signed_in_at"]),
        (&json!("Ada@example.com"), &json!("editor"), &json!("active"), &Value::Null)
    );
    let password = created["password"].as_str().unwrap();
    assert_eq!(password.len(), 24);
    let said = failure(&installation.run(&create));
    assert!(said.contains("has a user with this address already"), "{said}");

    let server = installation.serve();
    let desk = Desk::at(&server.url, &key);
    let pair = Pair::of(&desk.try_login("ada@example.com", password).await);
    let listed = installation.run_json(&["users", "list", "--org", "Acme", "--json"]);
    assert!(listed["last_signed_in_at"].is_string() && !members(&listed).contains(&"password"), "{listed}");
    let disable = ["users", "disable", created["id"].as_str().unwrap(), "--json"];
    for _ in 0..2 {
        assert_eq!(installation.run_json(&disable)["status"], "disabled");
    }
    desk.try_refresh(&pair.refresh_token).await.is_plain_401();
    desk.try_login("ada@example.com", password).await.is_plain_401();

    let enable = ["users", "enable", created["id"].as_str().unwrap(), "--json"];
    for _ in 0..2 {
        assert_eq!(installation.run_json(&enable)["status"], "active");
    }
    desk.try_refresh(&pair.refresh_token).await.is_plain_401();
    desk.try_login("ada@example.com", password).await.expect(200);
    assert_eq!(
        audited(&installation, &server).await,
        ["user.created", "user.disabled", "user.enabled"],
        "once each, though they were asked for twice"
    );
}

/// What happened to users by the command line, oldest first.
async fn audited(installation: &Installation, server: &Process) -> Vec<String> {
    let admin = Caller::new(&server.url).with(&installation.create_key("admin"));
    let log = admin.get("/v1/audit-log?limit=100").await.expect(200);
    let mut entries: Vec<_> = log["data"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|entry| entry["actor"]["type"] == "cli")
        .filter_map(|entry| entry["action"].as_str())
        .filter(|action| action.starts_with("user."))
        .map(str::to_owned)
        .collect();
    entries.reverse();
    entries
}

#[tokio::test]
async fn a_users_role_and_password_are_changed() {
    let installation = Installation::new();
    let key = installation.create_key("standard");
    let created = installation.run_json(&[
        "users",
        "create",
        "--org",
        "Acme",
        "--email",
        "ada@example.com",
        "--role",
        "viewer",
        "--json",
    ]);
    let (id, forgotten) = (created["id"].as_str().unwrap(), created["password"].as_str().unwrap());
    let server = installation.serve();
    let desk = Desk::at(&server.url, &key);
    let pair = Pair::of(&desk.try_login("ada@example.com", forgotten).await);

    for _ in 0..2 {
        let changed = installation.run_json(&["users", "set-role", id, "--role", "editor", "--json"]);
        assert_eq!(changed["role"], "editor");
        assert!(!members(&changed).contains(&"password"), "{changed}");
    }
    let pair = Pair::of(&desk.try_refresh(&pair.refresh_token).await);

    let changed = installation.run_json(&["users", "set-password", id, "--json"]);
    let chosen = changed["password"].as_str().unwrap();
    assert_ne!(chosen, forgotten);
    desk.try_refresh(&pair.refresh_token).await.is_plain_401();
    desk.try_login("ada@example.com", forgotten).await.is_plain_401();
    desk.try_login("ada@example.com", chosen).await.expect(200);

    let typed = |password: &str| {
        let mut command = installation.command(&["users", "set-password", id, "--password-stdin"]);
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(password.as_bytes()).unwrap();
        child.wait_with_output().unwrap()
    };
    let said = failure(&typed("Ada@Example.com\n"));
    assert!(said.contains("password: Must not be the e-mail address."), "{said}");
    desk.try_login("ada@example.com", chosen).await.expect(200);
    assert!(typed("correct horse battery\n").status.success());
    desk.try_login("ada@example.com", "correct horse battery").await.expect(200);
    assert_eq!(
        audited(&installation, &server).await,
        ["user.created", "user.role_changed", "user.password_changed", "user.password_changed"]
    );
}

#[tokio::test]
async fn a_users_password_is_read_from_the_first_line_of_standard_input() {
    let installation = Installation::new();
    let key = installation.create_key("standard");
    let create = |email: &str, typed: &str| {
        let mut command = installation.command(&["users", "create", "--org", "Acme", "--role", "owner"]);
        command.args(["--email", email, "--password-stdin", "--json"]);
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(typed.as_bytes()).unwrap();
        child.wait_with_output().unwrap()
    };
    let output = create("ada@example.com", " correct horse battery \r\nsecond line\n");
    assert!(output.status.success(), "{output:?}");
    let created: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(!members(&created).contains(&"password"), "who has typed it knows it");
    let server = installation.serve();
    let desk = Desk::at(&server.url, &key);
    desk.try_login("ada@example.com", "correct horse battery").await.is_plain_401();
    desk.try_login("ada@example.com", " correct horse battery ").await.expect(200);

    for (email, typed, fault) in [
        ("bob@example.com", "too short\n", "password: Must have 12 to 128 characters."),
        ("bob@example.com", "", "password: Must have 12 to 128 characters."),
        ("bob@example.com", "Bob@Example.com\n", "password: Must not be the e-mail address."),
        ("bob", "correct horse battery\n", "email: Must be an e-mail address."),
    ] {
        let said = failure(&create(email, typed));
        assert!(said.contains(fault) && !said.contains(typed.trim_end()) || typed.is_empty(), "{said}");
    }
}

#[test]
fn users_tells_what_is_not_there_and_what_is_not_allowed() {
    let installation = Installation::new();
    let said = failure(&installation.run(&["users", "list", "--org", "Nobody"]));
    assert!(said.contains("there is no organization called Nobody"), "{said}");
    for change in [&["disable"][..], &["enable"], &["set-role", "--role", "owner"], &["set-password"]] {
        let said = failure(&installation.run(&[&["users"], change, &["usr_1"]].concat()));
        assert!(said.contains("there is no user usr_1"), "{said}");
    }
    let wrong = ["users", "create", "--org", "Typo", "--email", "nobody", "--role", "owner"];
    failure(&installation.run(&wrong));
    let said = failure(&installation.run(&["users", "list", "--org", "Typo"]));
    assert!(said.contains("there is no organization called Typo"), "nothing was made: {said}");
    let unknown = ["users", "create", "--org", "Acme", "--email", "a@example.com", "--role", "root"];
    let output = installation.run(&unknown);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.code() == Some(2) && said.contains("owner, admin, editor, viewer"), "{said}");
}

#[test]
fn the_free_plan_has_ten_keys() {
    let installation = Installation::new();
    let create = || {
        installation.run(&[
            "keys", "create", "--org", "Small", "--env", "live", "--name", "n", "--plan", "free", "--json",
        ])
    };
    for _ in 0..10 {
        assert!(create().status.success());
    }
    let said = failure(&create());
    assert!(said.contains("10 active keys"), "{said}");
}

#[tokio::test]
async fn a_key_revoked_at_the_command_line_fails_on_the_running_servers_next_request_401() {
    let installation = Installation::new();
    let created =
        installation.run_json(&["keys", "create", "--org", "Acme", "--env", "live", "--name", "n", "--json"]);
    let server = installation.serve();
    let caller = Caller::new(&server.url).with(created["key"].as_str().unwrap());
    caller.get("/v1/campaigns").await.expect(200);
    installation.run_json(&["keys", "revoke", created["id"].as_str().unwrap(), "--env", "live", "--json"]);
    caller.get("/v1/campaigns").await.is_guide_401();
}

#[tokio::test]
async fn a_campaign_is_imported_published_and_activated_and_doing_it_again_changes_nothing() {
    let installation = Installation::new();
    let file = installation.path("campaign.json");
    std::fs::write(&file, campaign_file().to_string()).unwrap();
    let import = ["campaigns", "import", file.to_str().unwrap(), "--org", "Acme", "--env", "live", "--json"];
    let first = installation.run_json(&import);
    assert_eq!(
        (&first["id"], &first["status"], &first["published_version"]),
        (&json!("camp_456abc"), &json!("active"), &json!(1))
    );
    assert_eq!(
        (&first["settings"]["invite_ttl_s"], &first["metadata"]),
        (&json!(600), &json!({"team": "research"}))
    );
    assert_eq!(installation.run_json(&import), first);

    let mut changed = campaign_file();
    changed["guide"]["title"] = json!("Another title");
    std::fs::write(&file, changed.to_string()).unwrap();
    assert_eq!(installation.run_json(&import)["published_version"], 2);

    let key = installation.create_key("standard");
    let server = installation.serve();
    let invite =
        Caller::new(&server.url).with(&key).post("/v1/invites", json!({"campaign_id": "camp_456abc"})).await;
    assert_eq!(
        invite.expect(201)["invite_url"].as_str().unwrap().split('#').next(),
        Some("http://interviews.example/i")
    );
}

#[test]
fn import_says_what_is_wrong_with_the_file_and_where() {
    let installation = Installation::new();
    let file = installation.path("campaign.json");
    let import = |content: &str| {
        std::fs::write(&file, content).unwrap();
        failure(&installation.run(&[
            "campaigns",
            "import",
            file.to_str().unwrap(),
            "--org",
            "Acme",
            "--env",
            "live",
        ]))
    };
    assert!(import("{").contains("is not JSON"));
    let mut campaign = campaign_file();
    campaign["guide"]["blocks"][0]["questions"][0]["kind"] = json!("telepathy");
    assert!(import(&campaign.to_string()).contains("/guide/blocks/0/questions/0/kind"));
    let mut campaign = campaign_file();
    campaign["guide"]["ends"] = json!([]);
    campaign["guide"]["blocks"][1]["next"][0]["end"] = json!("nowhere");
    let said = import(&campaign.to_string());
    assert!(said.contains("/guide/ends") && said.contains("/guide/blocks/1/next/0/end"), "{said}");
    let mut campaign = campaign_file();
    campaign["nmae"] = json!("x");
    assert!(import(&campaign.to_string()).contains("/nmae"));
    let missing =
        installation.run(&["campaigns", "import", "nothing.json", "--org", "Acme", "--env", "live"]);
    assert!(failure(&missing).contains("nothing.json cannot be read"));
}

#[test]
fn a_taken_port_is_an_error_that_names_the_option() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let installation = Installation::new();
    for (flag, variable) in [
        ("--live-listen", "INTERVIEWRELAY_LIVE_LISTEN"),
        ("--sandbox-listen", "INTERVIEWRELAY_SANDBOX_LISTEN"),
    ] {
        let said = failure(&installation.run(&["serve", flag, &address]));
        for part in [address.as_str(), flag, variable] {
            assert!(said.contains(part), "{said}");
        }
    }
}

#[test]
fn a_wrong_configuration_lists_every_problem() {
    let installation = Installation::new();
    let output = installation.run(&[
        "check-config",
        "--live-public-url",
        "nonsense",
        "--sandbox-public-url",
        "ftp://example.com",
        "--widget-dir",
        "nowhere",
        "--live-listen",
        "127.0.0.1:9",
        "--sandbox-listen",
        "127.0.0.1:9",
    ]);
    let said = failure(&output);
    for part in [
        "live_public_url: nonsense",
        "sandbox_public_url: ftp://example.com",
        "widget_dir: ",
        "the same address",
    ] {
        assert!(said.contains(part), "{part} is not in {said}");
    }
    std::fs::write(installation.path("settings.toml"), "databse_url = \"x\"").unwrap();
    let said = failure(&installation.run(&["check-config", "--config", "settings.toml"]));
    assert!(said.contains("databse_url"), "{said}");
    let unknown = installation.run(&["init", "--database-url", "mysql://user:pass-word@host/db"]);
    let said = failure(&unknown);
    assert!(said.contains("sqlite://") && !said.contains("pass-word"), "{said}");
}

#[test]
fn check_config_says_what_the_settings_are() {
    let installation = Installation::new();
    std::fs::write(
        installation.path("interviewrelay.toml"),
        "sandbox_public_url = \"https://sandbox.example.com/\"",
    )
    .unwrap();
    let output = installation.run(&["check-config"]);
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success());
    assert!(
        said.contains("test: listens on 127.0.0.1:0, public URL https://sandbox.example.com\n"),
        "{said}"
    );
}

#[tokio::test]
async fn a_machine_without_root_certificates_serves_all_but_webhooks_and_says_so() {
    let installation = Installation::new();
    let key = installation.create_key("admin");
    let mut command = installation.command(&["serve"]);
    command.env("SSL_CERT_FILE", "/nonexistent").env("SSL_CERT_DIR", "/nonexistent");
    let server = Process::start(command);
    let admin = Caller::new(&server.url).with(&key);
    let endpoint = admin.post("/v1/webhooks", json!({"url": "https://hook.invalid/"})).await.expect(201);
    let path = format!("/v1/webhooks/{}", endpoint["id"].as_str().unwrap());
    admin.post_nothing(&format!("{path}/test")).await.expect(202);
    let error = loop {
        let deliveries = admin.get(&format!("{path}/deliveries")).await.expect(200);
        let error = deliveries["data"][0]["attempts"][0]["error"].clone();
        if !error.is_null() {
            break error;
        }
    };
    assert_eq!(error, "This server has no root certificates.");
    let deadline = Instant::now() + Duration::from_secs(30);
    while !server.log().contains("webhooks cannot be sent") {
        assert!(Instant::now() < deadline, "{}", server.log());
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
