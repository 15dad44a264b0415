//! Plans: how many requests a minute they allow, and what the answers say of it.

use domain::organization::Plan;
use protocol::Environment;
use serde_json::json;
use token_server::config::CallerRules;

use crate::support::{Caller, GUIDE_401, Organization, Reply, TestServer, binary::Installation};

const LIST: &str = "/v1/campaigns";

/// `(RateLimit-Policy, RateLimit, Retry-After)`
fn told(reply: &Reply) -> (Option<&str>, Option<&str>, Option<&str>) {
    (reply.header("ratelimit-policy"), reply.header("ratelimit"), reply.header("retry-after"))
}

async fn spend(caller: &Caller, requests: u32) -> Reply {
    for _ in 1..requests {
        caller.get(LIST).await.expect(200);
    }
    let last = caller.get(LIST).await;
    last.expect(200);
    last
}

async fn on_plan(server: &TestServer, plan: Plan) -> Organization {
    server.organization_in(plan.as_str(), Environment::Live, plan).await
}

#[tokio::test]
async fn the_101st_request_of_the_free_plan_in_a_minute_is_refused_and_recovers_on_time_403() {
    let server = TestServer::start().await;
    let free = on_plan(&server, Plan::Free).await;
    let policy = Some("\"default\";q=100;w=60");
    let first = spend(&free.admin, 1).await;
    assert_eq!(told(&first), (policy, Some("\"default\";r=99;t=60"), None));
    server.clock.advance_secs(42);
    let last = spend(&free.admin, 99).await;
    assert_eq!(told(&last), (policy, Some("\"default\";r=0;t=18"), None));

    let refused = free.admin.get(LIST).await;
    refused.refused(403, "rate_limited");
    assert_eq!(told(&refused), (policy, Some("\"default\";r=0;t=18"), Some("18")));
    server.clock.advance_secs(17);
    let still = free.admin.get(LIST).await;
    still.refused(403, "rate_limited");
    assert_eq!(told(&still).2, Some("1"));
    server.clock.advance_secs(1);
    let recovered = spend(&free.admin, 1).await;
    assert_eq!(told(&recovered), (policy, Some("\"default\";r=99;t=60"), None));
}

#[tokio::test]
async fn the_1001st_request_of_the_pro_plan_is_refused_403() {
    let server = TestServer::start().await;
    let pro = on_plan(&server, Plan::Pro).await;
    let last = spend(&pro.admin, 1_000).await;
    assert_eq!(told(&last), (Some("\"default\";q=1000;w=60"), Some("\"default\";r=0;t=60"), None));
    let refused = pro.admin.get(LIST).await;
    refused.refused(403, "rate_limited");
    assert_eq!(told(&refused).2, Some("60"));
}

#[tokio::test]
async fn all_keys_of_an_organization_share_its_minute_and_no_other_does() {
    let server = TestServer::start().await;
    let free = on_plan(&server, Plan::Free).await;
    let other = server.organization_in("Other", Environment::Live, Plan::Free).await;
    let second = free.standard().await;
    spend(&second, 99).await;
    free.admin.get(LIST).await.refused(403, "rate_limited");
    assert_eq!(told(&spend(&other.admin, 1).await).1, Some("\"default\";r=99;t=60"));
}

#[tokio::test]
async fn refusals_of_every_kind_count_and_say_what_is_left() {
    let server = TestServer::start().await;
    let free = on_plan(&server, Plan::Free).await;
    let reader = free.scoped(&["campaigns:read"]).await;
    let forbidden = reader.get("/v1/invites").await;
    forbidden.is_guide_403();
    assert_eq!(told(&forbidden).1, Some("\"default\";r=98;t=60"));
    let absent = reader.get("/v1/campaigns/camp_1").await;
    absent.refused(404, "not_found");
    assert_eq!(told(&absent).1, Some("\"default\";r=97;t=60"));
}

#[tokio::test]
async fn a_wrong_key_or_address_uses_up_nothing() {
    let server = TestServer::start().await;
    let free = on_plan(&server, Plan::Free).await;
    let elsewhere =
        free.key(serde_json::json!({"name": "Elsewhere", "allowed_cidrs": ["203.0.113.0/24"]})).await;
    for _ in 0..5 {
        let refused = elsewhere.get(LIST).await;
        refused.refused(403, "ip_not_allowed");
        assert_eq!(told(&refused), (None, None, None));
        let unknown = server.anonymous().get(LIST).await;
        assert_eq!((unknown.status, unknown.text.as_str()), (401, GUIDE_401));
        assert_eq!(told(&unknown), (None, None, None));
    }
    assert_eq!(
        told(&spend(&free.admin, 1).await).1,
        Some("\"default\";r=98;t=60"),
        "one was for making the key"
    );
}

#[tokio::test]
async fn a_self_hosted_organization_has_no_limit_and_hears_of_none() {
    let server = TestServer::start().await;
    let own = on_plan(&server, Plan::SelfHosted).await;
    assert_eq!(told(&spend(&own.admin, 120).await), (None, None, None));
}

#[tokio::test]
async fn an_enterprise_has_what_was_agreed_and_429_is_a_setting() {
    let rules = CallerRules {
        enterprise_requests_per_minute: std::num::NonZeroU32::new(2),
        rate_limit_status: 429,
        ..CallerRules::default()
    };
    let server = TestServer::start_with(rules).await;
    let enterprise = on_plan(&server, Plan::Enterprise).await;
    spend(&enterprise.admin, 2).await;
    let refused = enterprise.admin.get(LIST).await;
    refused.refused(429, "rate_limited");
    assert_eq!(told(&refused), (Some("\"default\";q=2;w=60"), Some("\"default\";r=0;t=60"), Some("60")));

    let unlimited = TestServer::start().await;
    let enterprise = on_plan(&unlimited, Plan::Enterprise).await;
    assert_eq!(told(&spend(&enterprise.admin, 3).await), (None, None, None));
}

#[tokio::test]
async fn each_environment_has_a_minute_of_its_own() {
    let server = TestServer::start().await;
    let live = on_plan(&server, Plan::Free).await;
    spend(&live.admin, 100).await;
    live.admin.get(LIST).await.refused(403, "rate_limited");
    let test = server.another_admin(&live, Environment::Test).await;
    assert_eq!(told(&spend(&test, 1).await).1, Some("\"default\";r=99;t=60"));
}

#[tokio::test]
async fn a_plan_that_is_changed_counts_from_the_next_request_on() {
    let server = TestServer::start().await;
    let free = on_plan(&server, Plan::Free).await;
    spend(&free.admin, 1).await;
    let id = free.id.clone();
    storage::write::<_, storage::StoreError, _>(server.shared.store.as_ref(), move |unit| {
        Box::pin(async move { unit.set_plan(&id, Plan::Pro).await })
    })
    .await
    .unwrap();
    let reply = spend(&free.admin, 1).await;
    assert_eq!(told(&reply).1, Some("\"default\";r=999;t=60"));
}

#[tokio::test]
async fn a_larger_plan_is_there_for_the_next_mint_of_who_has_used_up_the_smaller_one() {
    let server = TestServer::start().await;
    let free = on_plan(&server, Plan::Free).await;
    let body = json!({"campaign_id": free.campaign().await});
    free.admin.post("/v1/invites", body.clone()).await.expect(201);
    while free.admin.post("/v1/invites", body.clone()).await.status == 201 {}
    free.admin.post("/v1/invites", body.clone()).await.refused(403, "rate_limited");
    let id = free.id.clone();
    storage::write::<_, storage::StoreError, _>(server.shared.store.as_ref(), move |unit| {
        Box::pin(async move { unit.set_plan(&id, Plan::Pro).await })
    })
    .await
    .unwrap();
    free.admin.post("/v1/invites", body).await.expect(201);
}

#[tokio::test]
async fn program_plans_are_set_on_the_command_line_also_while_the_server_runs() {
    let installation = Installation::new();
    let settings = "trusted_proxies = [\"10.0.0.0/8\", \"192.0.2.1\"]\nrate_limit_status = 429\n";
    std::fs::write(installation.path("interviewrelay.toml"), settings).unwrap();
    let said = installation.run(&["check-config"]).stdout;
    let said = String::from_utf8(said).unwrap();
    for line in [
        "trusted_proxies = [10.0.0.0/8, 192.0.2.1/32]",
        "metrics_allowed_cidrs = [127.0.0.0/8, ::1/128]",
        "rate_limit_status = 429",
        "enterprise_requests_per_minute = no limit",
    ] {
        assert!(said.lines().any(|one| one == line), "{said}");
    }
    let arguments =
        ["keys", "create", "--org", "Acme", "--env", "live", "--name", "Key", "--plan", "free", "--json"];
    let key = installation.run_json(&arguments)["key"].as_str().unwrap().to_owned();
    let server = installation.serve();
    let caller = Caller::new(&server.url).with(&key);
    let policy = async || caller.get(LIST).await.header("ratelimit-policy").map(str::to_owned);
    assert_eq!(policy().await.as_deref(), Some("\"default\";q=100;w=60"));
    let set = |org: &str, plan: &str| {
        installation.run(&["organizations", "set-plan", "--org", org, "--plan", plan]).status.success()
    };
    assert!(set("Acme", "pro"));
    assert_eq!(policy().await.as_deref(), Some("\"default\";q=1000;w=60"));
    assert!(set("Acme", "self_hosted"));
    assert_eq!(policy().await, None);
    assert!(!set("Nobody", "pro") && !set("Acme", "gold"));
}
