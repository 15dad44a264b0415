//! `/embed`: the interview for an iframe, and which pages may have it.

use protocol::Environment;
use serde_json::{Value, json};

use crate::support::{Caller, Organization, Reply, TestServer, guides, organization::id_of};

const ALLOWED: &str = "https://example.com";
const OTHER: &str = "https://other.example";

/// The page for a new invite of a campaign with this list of origins.
async fn page_for(server: &TestServer, origins: Value, invite: Value) -> Reply {
    let organization = server.organization("Acme").await;
    let invite = organization.invite_with(&campaign(&organization, origins).await, invite).await;
    page(server, &id_of(&invite)).await
}

async fn campaign(organization: &Organization, origins: Value) -> String {
    organization.campaign_with(guides::short(), json!({"allowed_origins": origins})).await
}

async fn page(server: &TestServer, invite: &str) -> Reply {
    server.anonymous().get(&format!("/embed?invite={invite}")).await
}

/// The sources of a directive of its policy.
#[track_caller]
fn directive<'r>(reply: &'r Reply, name: &str) -> &'r str {
    let policy = reply.header("content-security-policy").expect("a policy");
    let mut directives = policy.split(';').filter_map(|directive| directive.trim().split_once(' '));
    directives.find(|(known, _)| *known == name).unwrap_or_else(|| panic!("no {name} in {policy}")).1
}

/// A page that nothing may frame and that tells nothing.
#[track_caller]
fn none(reply: &Reply) {
    assert_eq!((reply.status, reply.header("content-type")), (404, Some("text/html; charset=utf-8")));
    assert_eq!(directive(reply, "frame-ancestors"), "'none'");
    assert!(!reply.text.contains("<script") && !reply.text.contains("inv_"));
}

#[tokio::test]
async fn without_a_list_any_page_may_frame_it() {
    let server = TestServer::start().await;
    let reply = page_for(&server, json!([]), json!({})).await;
    assert_eq!((reply.status, reply.header("content-type")), (200, Some("text/html; charset=utf-8")));
    assert_eq!(directive(&reply, "frame-ancestors"), "*");
    assert!(reply.text.contains(r#"data-origins="*""#));
}

#[tokio::test]
async fn with_a_list_only_pages_on_it_may() {
    let server = TestServer::start().await;
    let reply = page_for(&server, json!([ALLOWED, "http://localhost:3000"]), json!({})).await;
    assert_eq!(directive(&reply, "frame-ancestors"), "https://example.com http://localhost:3000");
    assert!(reply.text.contains(r#"data-origins="https://example.com http://localhost:3000""#));
}

#[tokio::test]
async fn the_invites_own_origin_goes_before_the_list() {
    let server = TestServer::start().await;
    let reply = page_for(&server, json!([ALLOWED]), json!({"origin": OTHER})).await;
    assert_eq!(directive(&reply, "frame-ancestors"), OTHER);
    assert!(!reply.text.contains(ALLOWED));
}

#[tokio::test]
async fn the_page_runs_our_own_files_and_webassembly_and_may_use_a_microphone() {
    let server = TestServer::start().await;
    let reply = page_for(&server, json!([]), json!({})).await;
    assert_eq!(directive(&reply, "default-src"), "'none'");
    assert_eq!(directive(&reply, "script-src"), "'self' 'wasm-unsafe-eval'");
    for (name, sources) in [("connect-src", "'self'"), ("style-src", "'self'"), ("media-src", "'self' blob:")]
    {
        assert_eq!(directive(&reply, name), sources, "{name}");
    }
    assert_eq!(
        reply.header("permissions-policy"),
        Some("camera=(self), microphone=(self), fullscreen=(self)")
    );
    assert_eq!(reply.header("x-frame-options"), None, "it would speak against `frame-ancestors`");
    assert_eq!(reply.header("referrer-policy"), Some("no-referrer"));
    assert_eq!(reply.header("cross-origin-resource-policy"), Some("cross-origin"));
    assert_eq!(reply.header("cross-origin-embedder-policy"), Some("require-corp"));
    assert_eq!(reply.header("set-cookie"), None);
    let script = server.anonymous().get("/embed/page.js").await;
    assert_eq!((script.status, script.header("content-type")), (200, Some("text/javascript; charset=utf-8")));
}

#[tokio::test]
async fn an_invite_that_is_not_there_is_a_plain_page_404() {
    let server = TestServer::start().await;
    for query in [
        "",
        "?invite=",
        "?invite=inv_00000000000000000000000000",
        "?invite=camp_1",
        "?invite=inv_1%0d%0aX-Evil:%201",
        "?invite=%ff",
        "?other=1",
    ] {
        let reply = server.anonymous().get(&format!("/embed{query}")).await;
        none(&reply);
        assert_eq!(reply.header("x-evil"), None);
    }
}

#[tokio::test]
async fn a_token_in_the_address_is_no_invite_404() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let invite = organization.invite(&campaign(&organization, json!([])).await).await;
    none(&page(&server, invite["invite_token"].as_str().unwrap()).await);
}

#[tokio::test]
async fn an_invite_of_the_other_environment_is_not_there_404() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let invite = organization.invite(&campaign(&organization, json!([])).await).await;
    let sandbox = Caller::new(server.url(Environment::Test));
    none(&sandbox.get(&format!("/embed?invite={}", id_of(&invite))).await);
}

#[tokio::test]
async fn a_cancelled_invite_is_not_there_404() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let id = id_of(&organization.invite(&campaign(&organization, json!([])).await).await);
    assert_eq!(page(&server, &id).await.status, 200);
    organization.admin.post_nothing(&format!("/v1/invites/{id}/cancel")).await.expect(200);
    none(&page(&server, &id).await);
}

#[tokio::test]
async fn a_changed_list_counts_from_the_next_frame_on() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let campaign = campaign(&organization, json!([ALLOWED])).await;
    let id = id_of(&organization.invite(&campaign).await);
    let settings = json!({"settings": {"allowed_origins": [OTHER]}});
    organization.admin.patch(&format!("/v1/campaigns/{campaign}"), settings).await.expect(200);
    assert_eq!(directive(&page(&server, &id).await, "frame-ancestors"), OTHER);
}

/// What no browser sends, some of which would end the attribute or the policy that it is written into.
const NO_ORIGINS: [&str; 4] =
    ["https://*.example.com", "https://a\"onload=alert(1)b", "https://a;sandbox", "https://a,b"];

#[tokio::test]
async fn an_origin_that_no_browser_sends_is_not_stored_422() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let active = campaign(&organization, json!([])).await;
    for origin in NO_ORIGINS {
        let settings = json!({"name": "n", "settings": {"allowed_origins": [ALLOWED, origin]}});
        let fault = [("/settings/allowed_origins/1", "invalid_origin")];
        let reply = organization.admin.post("/v1/campaigns", settings.clone()).await;
        reply.refused_with("validation_failed", &fault);
        assert!(reply.text.contains("there are no wildcards"), "{}", reply.text);
        let reply = organization.admin.patch(&format!("/v1/campaigns/{active}"), settings).await;
        reply.refused_with("validation_failed", &fault);
        let invite = json!({"campaign_id": active, "origin": origin});
        let reply = organization.admin.post("/v1/invites", invite).await;
        reply.refused_with("validation_failed", &[("/origin", "invalid_origin")]);
    }
}

#[tokio::test]
async fn an_origin_that_was_stored_before_ends_neither_the_attribute_nor_the_policy() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let campaign = campaign(&organization, json!([])).await;
    let id = id_of(&organization.invite(&campaign).await);
    let store = async |origins: Vec<String>| {
        let id = campaign.parse().unwrap();
        let stored = storage::write::<_, storage::StoreError, _>(server.shared.store.as_ref(), move |unit| {
            Box::pin(async move {
                let mut campaign = unit.find_campaign(Environment::Live, &id).await?.unwrap();
                campaign.settings.allowed_origins = origins;
                campaign.revision += 1;
                unit.update_campaign(&campaign).await
            })
        });
        assert!(stored.await.unwrap());
    };
    let stored: Vec<_> = NO_ORIGINS.map(str::to_owned).into();
    store([stored.clone(), vec![ALLOWED.to_owned()]].concat()).await;
    let reply = page(&server, &id).await;
    assert_eq!(directive(&reply, "frame-ancestors"), ALLOWED);
    assert!(reply.text.contains(&format!("data-origins=\"{ALLOWED}\">")), "{}", reply.text);
    store(stored).await;
    none(&page(&server, &id).await);
}

#[tokio::test]
async fn an_expired_invite_has_a_page_that_can_say_so() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let id = id_of(&organization.invite(&campaign(&organization, json!([])).await).await);
    server.clock.advance_secs(8 * 24 * 3_600);
    assert_eq!(page(&server, &id).await.status, 200);
}
