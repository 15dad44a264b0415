//! A key is revoked by another process while the server holds it in memory.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Caller, binary::Installation, guides};

async fn mint(caller: &Caller) -> u16 {
    let request = caller.request(Method::POST, "/v1/invites").json(&json!({"campaign_id": "camp_1"}));
    request.send().await.expect("an answer").status().as_u16()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_command_line_revokes_or_brings_in_counts_from_the_next_mint_on() {
    let installation = Installation::new();
    let key = installation.create_key("admin");
    let import = |guide: Value| {
        let file = json!({"id": "camp_1", "name": "Research", "guide": guide});
        std::fs::write(installation.path("campaign.json"), file.to_string()).unwrap();
        let arguments = ["campaigns", "import", "campaign.json", "--org", "Acme", "--env", "live", "--json"];
        installation.run_json(&arguments)
    };
    import(guides::short());
    let server = installation.serve();
    let caller = Caller::new(&server.url).with(&key);
    for _ in 0..3 {
        assert_eq!(mint(&caller).await, 201);
    }

    let mut guide = guides::short();
    guide["variables"] = json!([{"id": "plan", "type": "string", "default": "free"}]);
    import(guide);
    let body = json!({"campaign_id": "camp_1", "variables": {"plan": "pro"}});
    let with_variable = caller.request(Method::POST, "/v1/invites").json(&body).send().await.unwrap();
    assert_eq!(with_variable.status().as_u16(), 201, "the new guide has the variable");

    let keys = caller.request(Method::GET, "/v1/api-keys").send().await.unwrap();
    let keys: Value = keys.json().await.unwrap();
    let id = keys["data"][0]["id"].as_str().unwrap().to_owned();
    assert_eq!(mint(&caller).await, 201);
    let other = caller.with(&installation.create_key("admin"));
    installation.run_json(&["keys", "revoke", &id, "--env", "live", "--cancel-invites", "--json"]);
    assert_eq!(mint(&caller).await, 401);
    let invites = other.get("/v1/invites").await.expect(200);
    let statuses: Vec<_> =
        invites["data"].as_array().unwrap().iter().map(|invite| &invite["status"]).collect();
    assert_eq!(statuses, ["cancelled"; 5], "what it had made is cancelled");
}
