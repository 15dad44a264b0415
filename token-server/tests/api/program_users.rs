//! `interviewrelay users`, by the real program.

use std::{
    io::Write as _,
    process::{Command, Output, Stdio},
};

use serde_json::{Value, json};

use crate::{
    program_cli::failure,
    support::{
        Caller, Desk,
        binary::{Installation, Process},
        caller::members,
        users::Pair,
    },
};

/// Runs it, and types this on its standard input.
fn typing(mut command: Command, typed: &str) -> Output {
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(typed.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
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
        typing(installation.command(&["users", "set-password", id, "--password-stdin"]), password)
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
        typing(command, typed)
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
        ("bob", "correct horse battery\n", "email: Must be an e-mail address and nothing else"),
    ] {
        let said = failure(&create(email, typed));
        assert!(said.contains(fault) && !said.contains(typed.trim_end()) || typed.is_empty(), "{said}");
    }
}

#[test]
fn users_tells_what_is_not_there_and_what_is_not_allowed() {
    let installation = Installation::new();
    assert!(installation.run(&["init"]).status.success());
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
