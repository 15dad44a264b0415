//! `/auth/login`: who is let in, with what, and who is not.

use domain::{audit::Cause, organization::Plan, user::Role};
use protocol::{Environment, audit::AuditAction};
use serde_json::{Value, json};
use token_server::{auth::bearer_user::Bearer, error::PlainError, operations::by::By, tokens::TokenKind};

use crate::support::{
    Desk, Organization, TestServer, base64url,
    caller::members,
    users::{PASSWORD, Pair},
};

const EMAIL: &str = "Ada@Example.com";

async fn log(organization: &Organization, query: &str) -> Vec<Value> {
    let page = organization.admin.get(&format!("/v1/audit-log?{query}")).await.expect(200);
    page["data"].as_array().unwrap().clone()
}

#[tokio::test]
async fn a_user_signs_in_and_is_known_by_the_token_they_get() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let user = server.user(&organization, EMAIL, Role::Editor).await;
    server.clock.advance_secs(60);
    let desk = Desk::of(&server, Environment::Live, &organization.admin);
    let reply = desk.try_login("ada@EXAMPLE.com", PASSWORD).await;
    assert_eq!(reply.header("cache-control"), Some("no-store"));
    let body = reply.expect(200);
    assert_eq!(members(&body), ["expires_in", "refresh_token", "token", "token_type"]);
    assert_eq!((&body["token_type"], &body["expires_in"]), (&json!("Bearer"), &json!(900)));
    let pair = Pair::of(&reply);
    assert!(pair.refresh_token.starts_with("ir_rt_") && pair.refresh_token.len() == 49);

    let (header, claims) = base64url::parts(&pair.token);
    assert_eq!((&header["typ"], &header["alg"]), (&json!("at+jwt"), &json!("EdDSA")));
    let (url, now) = (server.url(Environment::Live), server.clock_secs());
    assert_eq!(
        claims,
        json!({
            "iss": url, "aud": "interviewrelay:user", "sub": user.id, "org": organization.id, "env": "live",
            "sid": claims["sid"], "role": "editor", "iat": now, "nbf": now, "exp": now + 900
        })
    );
    assert_eq!(TokenKind::Access.audience(), "interviewrelay:user");
    let known = Bearer {
        user_id: user.id.clone(),
        organization_id: organization.id.clone(),
        environment: Environment::Live,
        role: Role::Editor,
        grant_id: claims["sid"].as_str().unwrap().parse().unwrap(),
    };
    assert_eq!(server.bearer(&organization, &pair.token).await, Ok(known));
    let stored = server.shared.store.read().await.unwrap().find_user(&user.id).await.unwrap().unwrap();
    assert_eq!(stored.last_signed_in_at.unwrap().as_secs(), now);
}

#[tokio::test]
async fn a_wrong_password_an_unknown_address_and_a_disabled_user_are_the_same_401() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    server.user(&organization, EMAIL, Role::Owner).await;
    let disabled = server.user(&organization, "bob@example.com", Role::Owner).await;
    server.disable(&disabled).await;
    let desk = Desk::of(&server, Environment::Live, &organization.admin);
    let long = "x".repeat(100_000);
    for (email, password) in [
        (EMAIL, "correct horse battery stapld"),
        (EMAIL, ""),
        (EMAIL, &PASSWORD.to_uppercase()),
        (EMAIL, &long),
        (EMAIL, "correct horse battery staple\u{0}"),
        ("nobody@example.com", PASSWORD),
        ("ada@example.com ", PASSWORD),
        ("", PASSWORD),
        ("\u{0}", PASSWORD),
        ("' OR '1'='1", PASSWORD),
        (&long, PASSWORD),
        ("bob@example.com", PASSWORD),
    ] {
        desk.try_login(email, password).await.is_plain_401();
    }
    desk.login(EMAIL).await;
    let signed_in = log(&organization, "action=user.signed_in").await;
    assert_eq!(signed_in.len(), 1, "who is refused is not signed in");
}

#[tokio::test]
async fn the_key_of_another_organization_opens_nothing_401() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let stranger = server.organization("Stranger").await;
    server.user(&organization, EMAIL, Role::Owner).await;
    let desk = Desk::of(&server, Environment::Live, &organization.admin);
    let foreign = Desk::of(&server, Environment::Live, &stranger.admin);
    let pair = desk.login(EMAIL).await;
    foreign.try_login(EMAIL, PASSWORD).await.is_plain_401();
    foreign.try_refresh(&pair.refresh_token).await.is_plain_401();
    foreign.logout(&pair).await.is_plain_401();
    assert_eq!(server.bearer(&stranger, &pair.token).await, Err(PlainError::unauthorized()));
    // Nothing of that has touched it.
    assert!(server.bearer(&organization, &pair.token).await.is_ok());
    desk.refresh(&pair).await;
}

#[tokio::test]
async fn a_user_signs_in_to_each_environment_by_itself() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    server.user(&organization, EMAIL, Role::Owner).await;
    let in_sandbox = server.another_admin(&organization, Environment::Test).await;
    let live = Desk::of(&server, Environment::Live, &organization.admin);
    let sandbox = Desk::of(&server, Environment::Test, &in_sandbox);
    let (live_pair, test_pair) = (live.login(EMAIL).await, sandbox.login(EMAIL).await);
    for (environment, token, is_known) in [
        (Environment::Live, &live_pair.token, true),
        (Environment::Test, &test_pair.token, true),
        (Environment::Live, &test_pair.token, false),
        (Environment::Test, &live_pair.token, false),
    ] {
        assert_eq!(server.bearer_in(environment, &organization, token).await.is_ok(), is_known);
    }
    sandbox.try_refresh(&live_pair.refresh_token).await.is_plain_401();
    sandbox.logout(&live_pair).await.is_plain_401();
    // A key of the other environment is none here.
    let swapped = Desk::of(&server, Environment::Live, &in_sandbox);
    swapped.try_login(EMAIL, PASSWORD).await.is_plain_401();
    swapped.try_refresh(&test_pair.refresh_token).await.is_plain_401();
    live.refresh(&live_pair).await;
    sandbox.refresh(&test_pair).await;
}

#[tokio::test]
async fn two_organizations_may_have_a_user_of_the_same_address() {
    let server = TestServer::start().await;
    let one = server.organization("One").await;
    let other = server.organization_in("Other", Environment::Live, Plan::SelfHosted).await;
    let (in_one, in_other) =
        (server.user(&one, EMAIL, Role::Owner).await, server.user(&other, EMAIL, Role::Viewer).await);
    for (organization, user) in [(&one, in_one), (&other, in_other)] {
        let pair = Desk::of(&server, Environment::Live, &organization.admin).login(EMAIL).await;
        let bearer = server.bearer(organization, &pair.token).await.unwrap();
        assert_eq!((bearer.user_id, bearer.role), (user.id, user.role));
    }
}

#[tokio::test]
async fn the_database_has_an_argon2id_hash_and_no_password_and_no_token() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    server.user(&organization, EMAIL, Role::Owner).await;
    let desk = Desk::of(&server, Environment::Live, &organization.admin);
    let first = desk.login(EMAIL).await;
    let second = desk.refresh(&first).await;
    assert!(server.database_contains("$argon2id$v=19$m=19456,t=2,p=1$"));
    for secret in [PASSWORD, &first.refresh_token[6..], &second.refresh_token[6..]] {
        assert!(!server.database_contains(secret), "a file has a secret in it");
    }
    for token in [&first.token, &second.token] {
        assert!(!server.database_contains(token.rsplit('.').next().unwrap()));
    }
}

#[tokio::test]
async fn a_sign_in_is_in_the_audit_log_with_where_it_came_from() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let user = server.user(&organization, EMAIL, Role::Owner).await;
    Desk::of(&server, Environment::Live, &organization.admin).login(EMAIL).await;
    let events = log(&organization, &format!("target_id={}", user.id)).await;
    assert_eq!(
        events[0],
        json!({
            "id": events[0]["id"], "at": "2026-01-31T12:00:00.000Z", "environment": "live",
            "actor": {"type": "user", "id": user.id}, "action": "user.signed_in",
            "target": {"type": "user", "id": user.id}, "request_id": null, "ip": "127.0.0.1"
        })
    );
    assert_eq!((&events[1]["action"], &events[1]["actor"]["type"]), (&json!("user.created"), &json!("cli")));
    assert_eq!(events.len(), 2);
    assert!(!format!("{events:?}").to_lowercase().contains("ada@"));
}

#[tokio::test]
async fn what_a_user_does_with_a_key_says_both_in_the_audit_log() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let user = server.user(&organization, EMAIL, Role::Owner).await;
    let cause = Cause::api_key(&organization.admin_key_id, None, None);
    let bearer = Bearer {
        user_id: user.id.clone(),
        organization_id: organization.id.clone(),
        environment: Environment::Live,
        role: Role::Owner,
        grant_id: "gr_1".parse().unwrap(),
    };
    let by = By::caller(cause, Environment::Live, organization.id.clone(), None).with_user(&bearer);
    let (entropy, id, now) = (
        server.shared.entropy.clone(),
        organization.admin_key_id.clone(),
        server.state(Environment::Live).now(),
    );
    storage::write::<_, token_server::error::ApiError, _>(server.shared.store.as_ref(), move |unit| {
        Box::pin(async move { by.note(unit, entropy.as_ref(), now, AuditAction::ApiKeyRotated, &id).await })
    })
    .await
    .unwrap();
    let events = log(&organization, "action=api_key.rotated").await;
    assert_eq!(events[0]["actor"], json!({"type": "api_key", "id": organization.admin_key_id}));
    assert_eq!(events[0]["user_id"], json!(user.id));
}
