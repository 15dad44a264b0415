//! Campaigns that the real program imports from a file.

use serde_json::{Value, json};

use crate::{
    program_cli::failure,
    support::{Caller, Interview, binary::Installation, guides},
};

pub(crate) fn campaign_file() -> Value {
    json!({
        "id": "camp_456abc", "name": "Customer research", "description": "About notes", "settings": {"invite_ttl_s": 600},
        "metadata": {"team": "research"}, "guide": guides::every_kind()
    })
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

#[tokio::test]
async fn what_a_file_does_not_have_and_a_pause_stay_when_it_is_imported_again() {
    let installation = Installation::new();
    let file = installation.path("campaign.json");
    let content = json!({"id": "camp_1", "name": "Research", "guide": guides::short()});
    std::fs::write(&file, content.to_string()).unwrap();
    let import = ["campaigns", "import", file.to_str().unwrap(), "--org", "Acme", "--env", "live", "--json"];
    installation.run_json(&import);
    let key = installation.create_key("admin");
    let server = installation.serve();
    let admin = Caller::new(&server.url).with(&key);
    let changes = json!({
        "description": "Ours", "metadata": {"team": "research"}, "settings": {"allowed_origins": ["https://a.example"]}
    });
    admin.patch("/v1/campaigns/camp_1", changes).await.expect(200);
    let paused = admin.post_nothing("/v1/campaigns/camp_1/pause").await.expect(200);
    assert_eq!(paused["settings"]["allowed_origins"], json!(["https://a.example"]));
    assert_eq!(installation.run_json(&import), paused);
}

#[tokio::test]
async fn a_campaign_that_was_deleted_and_brought_in_again_asks_what_its_new_guide_asks() {
    let installation = Installation::new();
    let file = installation.path("campaign.json");
    let import = |guide: Value| {
        let content = json!({"id": "camp_1", "name": "Research", "guide": guide});
        std::fs::write(&file, content.to_string()).unwrap();
        let arguments =
            ["campaigns", "import", file.to_str().unwrap(), "--org", "Acme", "--env", "live", "--json"];
        assert_eq!(installation.run_json(&arguments)["published_version"], 1);
    };
    import(guides::short());
    let key = installation.create_key("admin");
    let server = installation.serve();
    let admin = Caller::new(&server.url).with(&key);
    // Which reads the guide.
    admin.get("/v1/campaigns/camp_1/analytics").await.expect(200);
    admin.delete("/v1/campaigns/camp_1").await.expect(204);
    let mut other = guides::short();
    other["blocks"][0]["questions"][0]["id"] = json!("another");
    import(other);
    let invite = admin.post("/v1/invites", json!({"campaign_id": "camp_1"})).await.expect(201);
    let interview = Interview::start(&admin.with(invite["invite_token"].as_str().unwrap())).await;
    assert_eq!(interview.question(), "another");
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
