//! Guessing at passwords: it is slow for the guesser, costs the server little, and keeps nobody else waiting.

use std::sync::Arc;

use domain::user::Role;
use protocol::Environment;

use crate::support::{Desk, Organization, TestServer, organization::id_of, users::PASSWORD};

const TOO_MANY: &str = "Too many requests. Wait as long as the Retry-After header says, then try again.";

async fn scene() -> (TestServer, Organization, Desk) {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    server.user(&organization, "ada@example.com", Role::Owner).await;
    server.user(&organization, "bob@example.com", Role::Owner).await;
    let desk = Desk::of(&server, Environment::Live, &organization.admin);
    (server, organization, desk)
}

#[tokio::test]
async fn the_eleventh_try_at_an_account_in_a_minute_is_refused_even_when_it_is_right_429() {
    let (server, _organization, desk) = scene().await;
    for _ in 0..10 {
        desk.try_login("ada@example.com", "wrong").await.is_plain_401();
    }
    let hashed = server.shared.passwords.hashed();
    for email in ["ada@example.com", "ADA@example.com"] {
        let refused = desk.try_login(email, PASSWORD).await;
        refused.is_plain(429, TOO_MANY);
        assert_eq!(refused.header("retry-after"), Some("6"));
    }
    assert_eq!(server.shared.passwords.hashed(), hashed, "and costs nothing");
    desk.login("bob@example.com").await;
    server.clock.advance_secs(6);
    desk.login("ada@example.com").await;
}

#[tokio::test]
async fn the_sixty_first_try_from_an_address_in_a_minute_is_refused_429() {
    let (server, _organization, desk) = scene().await;
    for number in 0..60 {
        desk.try_login(&format!("{number}@example.com"), "wrong").await.is_plain_401();
    }
    let refused = desk.try_login("ada@example.com", PASSWORD).await;
    refused.is_plain(429, TOO_MANY);
    assert_eq!(refused.header("retry-after"), Some("1"));
    server.clock.advance_secs(1);
    desk.login("ada@example.com").await;
}

#[tokio::test]
async fn an_unknown_address_costs_as_much_as_a_wrong_password() {
    let (server, _organization, desk) = scene().await;
    for (email, password) in
        [("ada@example.com", "wrong"), ("nobody@example.com", "wrong"), ("ada@example.com", PASSWORD)]
    {
        let before = server.shared.passwords.hashed();
        desk.try_login(email, password).await;
        assert_eq!(server.shared.passwords.hashed(), before + 1, "{email} {password}");
    }
}

#[tokio::test]
async fn while_passwords_are_hashed_everybody_else_is_answered() {
    let (server, organization, desk) = scene().await;
    let pair = desk.login("bob@example.com").await;
    let held = server.shared.passwords.hold().await;
    let tries: Vec<_> = (0..8)
        .map(|_| {
            let desk = desk.clone();
            tokio::spawn(async move { desk.try_login("ada@example.com", "wrong").await })
        })
        .collect();
    while server.shared.passwords.waiting() < 8 {
        tokio::task::yield_now().await;
    }
    // None of these would return.
    organization.admin.get("/v1/campaigns").await.expect(200);
    server.bearer(&organization, &pair.token).await.unwrap();
    desk.refresh(&pair).await;
    drop(held);
    for one in tries {
        one.await.unwrap().is_plain_401();
    }
}

#[tokio::test]
async fn nobody_signs_in_beside_a_key_that_is_revoked_while_their_password_is_hashed_401() {
    let (server, organization, _) = scene().await;
    let created = organization.create_key(serde_json::json!({"name": "Leaked"})).await;
    let leaked = organization.admin.with(created["key"].as_str().unwrap());
    let desk = Desk::of(&server, Environment::Live, &leaked);
    let held = server.shared.passwords.hold().await;
    let passwords = Arc::clone(&server.shared.passwords);
    let login = tokio::spawn(async move { desk.try_login("ada@example.com", PASSWORD).await });
    while passwords.waiting() < 1 {
        tokio::task::yield_now().await;
    }
    organization.admin.delete(&format!("/v1/api-keys/{}", id_of(&created))).await.expect(200);
    drop(held);
    login.await.unwrap().is_plain_401();
}

#[tokio::test]
async fn a_user_who_is_disabled_while_their_password_is_hashed_is_not_signed_in_401() {
    let (server, organization, desk) = scene().await;
    let user = server.shared.store.read().await.unwrap();
    let user = { user }.find_user_by_email(&organization.id, "ada@example.com").await.unwrap().unwrap();
    let held = server.shared.passwords.hold().await;
    let passwords = Arc::clone(&server.shared.passwords);
    let login = tokio::spawn(async move { desk.try_login("ada@example.com", PASSWORD).await });
    while passwords.waiting() < 1 {
        tokio::task::yield_now().await;
    }
    server.disable(&user).await;
    drop(held);
    login.await.unwrap().is_plain_401();
}
