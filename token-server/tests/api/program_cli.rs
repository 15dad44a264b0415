//! The command line of the real program.

use std::{
    net::TcpListener,
    process::Output,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use crate::{
    program_import::campaign_file,
    support::{
        Caller,
        binary::{Installation, Process},
        caller::members,
    },
};

pub(crate) fn failure(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(output.stdout.is_empty(), "{output:?}");
    String::from_utf8_lossy(&output.stderr).into_owned()
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
fn a_command_that_finds_no_database_says_where_it_looked_and_makes_none() {
    let installation = Installation::new();
    for arguments in [
        vec!["keys", "list", "--org", "Acme", "--env", "live"],
        vec!["keys", "revoke", "key_01KGA0G8000000000000000001", "--env", "live"],
        vec!["signing-keys", "list", "--env", "live"],
        vec!["organizations", "list"],
        vec!["users", "list", "--org", "Acme"],
    ] {
        let said = failure(&installation.run(&arguments));
        let path = installation.path("test.db");
        assert!(said.contains(&format!("there is no database {}", path.display())), "{arguments:?}: {said}");
        assert!(!path.exists(), "{arguments:?}");
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
    assert!(installation.run(&["init"]).status.success());
    let said = failure(&installation.run(&["keys", "list", "--org", "Nobody", "--env", "live"]));
    assert!(said.contains("there is no organization called Nobody"), "{said}");
    let said = failure(&installation.run(&["keys", "revoke", "key_1", "--env", "test"]));
    assert!(said.contains("there is no key key_1 in the test environment"), "{said}");
}

/// That there is no organization of this name.
fn assert_absent(installation: &Installation, name: &str) {
    let said = failure(&installation.run(&["keys", "list", "--org", name, "--env", "live"]));
    assert!(said.contains(&format!("there is no organization called {name}")), "{said}");
}

#[test]
fn what_is_refused_leaves_no_organization_behind_and_says_each_fault() {
    let installation = Installation::new();
    let create = |org: &str, name: &str| {
        installation.run(&["keys", "create", "--org", org, "--env", "live", "--name", name])
    };
    let said = failure(&create("New1", ""));
    assert!(said.contains("\n  /name: Must have at least 1 character(s).\n"), "{said}");
    assert_absent(&installation, "New1");

    let long = "x".repeat(101);
    for (org, fault) in
        [("", "at least 1"), (" \t", "at least 1"), (&long, "at most 100"), ("a\nb", "control")]
    {
        let said = failure(&create(org, " "));
        let told: Vec<_> = said.lines().skip(1).collect();
        assert!(told.len() == 2 && told[0].starts_with("  /org: ") && told[0].contains(fault), "{said}");
        assert!(told[1].starts_with("  /name: "), "{said}");
        let user = ["users", "create", "--org", org, "--email", "nobody", "--role", "owner"];
        let said = failure(&installation.run(&user));
        assert!(said.contains("\n  /org: ") && said.contains("\n  /email: "), "{said}");
    }

    let file = installation.path("campaign.json");
    let import = |org: &str, campaign: &Value| {
        std::fs::write(&file, campaign.to_string()).unwrap();
        installation.run(&["campaigns", "import", file.to_str().unwrap(), "--org", org, "--env", "live"])
    };
    let mut unsound = campaign_file();
    unsound["guide"]["ends"] = json!([]);
    let mut nameless = campaign_file();
    nameless["name"] = json!("");
    assert!(import("Acme", &campaign_file()).status.success());
    // The last one has the id of a campaign of another organization.
    for (campaign, fault) in [
        (unsound, "/guide/ends: "),
        (nameless, "/name: "),
        (campaign_file(), "Another organization has a campaign with that id."),
    ] {
        let said = failure(&import("New2", &campaign));
        assert!(said.contains(fault), "{said}");
        assert_absent(&installation, "New2");
    }
    assert!(failure(&import(" ", &campaign_file())).contains("\n  /org: "));
}

#[test]
fn a_new_organization_is_kept_without_the_space_around_its_name() {
    let installation = Installation::new();
    let create = |org: &str| {
        installation.run_json(&["keys", "create", "--org", org, "--env", "live", "--name", "n", "--json"])["id"].clone()
    };
    let ids = [create(" Acme "), create("Acme"), create("Acme\n")];
    let output = installation.run(&["keys", "list", "--org", "Acme", "--env", "live"]);
    let listed = String::from_utf8(output.stdout).unwrap();
    assert!(ids.iter().all(|id| listed.contains(id.as_str().unwrap())), "{listed}");
}

#[test]
fn a_plan_that_differs_from_that_of_a_known_organization_is_refused() {
    let installation = Installation::new();
    let create = |plan: &str| {
        installation.run(&["keys", "create", "--org", "Acme", "--env", "live", "--name", "n", "--plan", plan])
    };
    assert!(create("free").status.success());
    assert!(create("free").status.success());
    let said = failure(&create("pro"));
    for part in ["Acme is on the plan free", "organizations set-plan"] {
        assert!(said.contains(part), "{said}");
    }
    let set = installation.run(&["organizations", "set-plan", "--org", "Acme", "--plan", "pro"]);
    assert!(set.status.success(), "{set:?}");
    assert!(create("pro").status.success());
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
fn each_command_that_prints_data_prints_a_line_of_json_when_it_is_asked_for() {
    let installation = Installation::new();
    let url = format!("sqlite://{}", installation.path("test.db").display());
    assert_eq!(installation.run_json(&["init", "--json"]), json!({"status": "ready", "database_url": url}));

    let settings =
        ["--sandbox-listen", "[::]:0", "--trusted-proxies", "10.0.0.0/8", "--rate-limit-status", "429"];
    let checked = installation.run_json(&[&["check-config", "--json"], &settings[..]].concat());
    let warnings = checked["warnings"].as_array().unwrap();
    assert!(
        warnings.len() == 1 && warnings[0].as_str().unwrap().starts_with("sandbox_public_url"),
        "{checked}"
    );
    let expected = json!({
        "database_url": url,
        "live_listen": "127.0.0.1:0",
        "live_public_url": "http://interviews.example",
        "sandbox_listen": "[::]:0",
        "sandbox_public_url": "http://[::]:0",
        "widget_dir": null,
        "trusted_proxies": ["10.0.0.0/8"],
        "rate_limit_status": 429,
        "enterprise_requests_per_minute": null,
        "sandbox_webhook_loopback": false,
        "graphql_introspection": "sandbox",
        "max_upload_bytes": 104_857_600,
    });
    for (name, value) in expected.as_object().unwrap() {
        assert_eq!(&checked[name], value, "{name}");
    }

    installation.create_key("standard");
    let set = ["organizations", "set-plan", "--org", "Acme", "--plan", "pro", "--json"];
    let changed = installation.run_json(&set);
    assert_eq!((&changed["name"], &changed["plan"]), (&json!("Acme"), &json!("pro")));
    let organization_id = changed["id"].as_str().unwrap();
    assert!(organization_id.starts_with("org_") && changed["created_at"].is_string(), "{changed}");
    let list = ["organizations", "list", "--json"];
    assert_eq!(installation.run_json(&list), changed);

    let other = ["keys", "create", "--org", "Other", "--env", "live", "--name", "n"];
    assert!(installation.run(&other).status.success());
    let listed = String::from_utf8(installation.run(&["organizations", "list"]).stdout).unwrap();
    let lines: Vec<_> = listed.lines().collect();
    assert!(lines.len() == 2 && lines[0].ends_with("  self_hosted  Other"), "{listed}");
    assert_eq!(lines[1], format!("{organization_id}  pro  Acme"));
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
