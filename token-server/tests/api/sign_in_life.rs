//! How a sign-in goes on, and the ways in which it ends.

use domain::user::{Role, StoredUser};
use futures_util::future::join_all;
use protocol::Environment;
use serde_json::{Value, json};
use token_server::{error::PlainError, tokens::LEEWAY_S};

use crate::support::{
    Desk, Organization, TestServer,
    users::{PASSWORD, Pair},
};

const EMAIL: &str = "ada@example.com";
const DAY_S: i64 = 86_400;

struct Scene {
    server: TestServer,
    organization: Organization,
    user: StoredUser,
    desk: Desk,
}

impl Scene {
    async fn new() -> Self {
        let server = TestServer::start().await;
        let organization = server.organization("Acme").await;
        let user = server.user(&organization, EMAIL, Role::Editor).await;
        let desk = Desk::of(&server, Environment::Live, &organization.admin);
        Self { server, organization, user, desk }
    }

    async fn is_good(&self, pair: &Pair) -> bool {
        match self.server.bearer(&self.organization, &pair.token).await {
            Ok(_) => true,
            Err(refused) => {
                assert_eq!(refused, PlainError::unauthorized());
                false
            }
        }
    }

    async fn reuses(&self) -> Vec<Value> {
        let path = "/v1/audit-log?action=user.refresh_token_reused";
        self.organization.admin.get(path).await.expect(200)["data"].as_array().unwrap().clone()
    }
}

#[tokio::test]
async fn a_refresh_token_gives_the_next_pair_once() {
    let scene = Scene::new().await;
    let first = scene.desk.login(EMAIL).await;
    scene.server.clock.advance_secs(600);
    let second = scene.desk.refresh(&first).await;
    assert_ne!(second.refresh_token, first.refresh_token);
    assert!(scene.is_good(&first).await && scene.is_good(&second).await, "the older one has its own end");
    scene.server.clock.advance_secs(300 + LEEWAY_S);
    assert!(!scene.is_good(&first).await && scene.is_good(&second).await);
    let third = scene.desk.refresh(&second).await;
    assert!(scene.is_good(&third).await);
}

#[tokio::test]
async fn an_access_token_is_good_for_fifteen_minutes_and_a_refresh_token_for_thirty_days() {
    let scene = Scene::new().await;
    let pair = scene.desk.login(EMAIL).await;
    let other = scene.desk.login(EMAIL).await;
    scene.server.clock.advance_secs(900 + LEEWAY_S - 1);
    assert!(scene.is_good(&pair).await);
    scene.server.clock.advance_secs(1);
    assert!(!scene.is_good(&pair).await);
    scene.server.clock.advance_secs(30 * DAY_S - 900 - LEEWAY_S - 1);
    let next = scene.desk.refresh(&pair).await;
    scene.server.clock.advance_secs(1);
    scene.desk.try_refresh(&other.refresh_token).await.is_plain_401();
    scene.server.clock.advance_secs(30 * DAY_S - 2);
    scene.desk.refresh(&next).await;
}

#[tokio::test]
async fn a_refresh_token_that_is_used_again_ends_the_whole_sign_in_401() {
    let scene = Scene::new().await;
    let elsewhere = scene.desk.login(EMAIL).await;
    let first = scene.desk.login(EMAIL).await;
    let second = scene.desk.refresh(&first).await;
    let third = scene.desk.refresh(&second).await;
    scene.server.clock.advance_secs(11);
    for _ in 0..2 {
        scene.desk.try_refresh(&first.refresh_token).await.is_plain_401();
    }
    for pair in [&first, &second, &third] {
        assert!(!scene.is_good(pair).await);
        scene.desk.try_refresh(&pair.refresh_token).await.is_plain_401();
    }
    assert!(scene.is_good(&elsewhere).await, "the user's other sign-ins go on");
    let reuses = scene.reuses().await;
    assert_eq!(reuses.len(), 1, "told once");
    assert_eq!(reuses[0]["actor"], json!({"type": "system", "id": null}));
    assert_eq!(reuses[0]["target"], json!({"type": "user", "id": scene.user.id}));
}

#[tokio::test]
async fn a_refresh_whose_answer_was_lost_is_answered_again_within_ten_seconds() {
    let scene = Scene::new().await;
    let first = scene.desk.login(EMAIL).await;
    let lost = scene.desk.refresh(&first).await;
    scene.server.clock.advance_secs(10);
    let retried = scene.desk.refresh(&first).await;
    assert_ne!(retried.refresh_token, lost.refresh_token);
    // The successor before is dead, and that ends nothing.
    scene.desk.try_refresh(&lost.refresh_token).await.is_plain_401();
    assert!(scene.is_good(&retried).await && scene.reuses().await.is_empty());
    // The answer to the retry may be lost too, and so may that of the next one.
    let again = scene.desk.refresh(&first).await;
    scene.desk.try_refresh(&retried.refresh_token).await.is_plain_401();
    let next = scene.desk.refresh(&again).await;
    let next = [scene.desk.refresh(&again).await, next];
    scene.desk.try_refresh(&next[1].refresh_token).await.is_plain_401();
    scene.desk.refresh(&next[0]).await;
    assert!(scene.reuses().await.is_empty());
}

#[tokio::test]
async fn a_token_whose_successor_was_used_is_reused_within_ten_seconds_too_401() {
    let scene = Scene::new().await;
    let first = scene.desk.login(EMAIL).await;
    let second = scene.desk.refresh(&first).await;
    let third = scene.desk.refresh(&second).await;
    scene.desk.try_refresh(&first.refresh_token).await.is_plain_401();
    assert!(!scene.is_good(&third).await);
    assert_eq!(scene.reuses().await.len(), 1);
    scene.desk.try_refresh(&third.refresh_token).await.is_plain_401();
}

#[tokio::test]
async fn after_ten_seconds_a_token_is_reused_also_when_nobody_has_used_its_successor_401() {
    let scene = Scene::new().await;
    let first = scene.desk.login(EMAIL).await;
    let second = scene.desk.refresh(&first).await;
    scene.server.clock.advance_secs(6);
    let third = scene.desk.refresh(&first).await;
    // They are counted from its use, and not from the retry.
    scene.server.clock.advance_secs(5);
    scene.desk.try_refresh(&second.refresh_token).await.is_plain_401();
    assert!(scene.is_good(&third).await && scene.reuses().await.is_empty());
    scene.desk.try_refresh(&first.refresh_token).await.is_plain_401();
    assert!(!scene.is_good(&third).await);
    assert_eq!(scene.reuses().await.len(), 1);
}

#[tokio::test]
async fn a_dead_successor_that_turns_up_later_ends_the_sign_in_401() {
    let scene = Scene::new().await;
    let first = scene.desk.login(EMAIL).await;
    let lost = scene.desk.refresh(&first).await;
    let retried = scene.desk.refresh(&first).await;
    scene.server.clock.advance_secs(11);
    scene.desk.try_refresh(&lost.refresh_token).await.is_plain_401();
    assert!(!scene.is_good(&retried).await, "two have a token of this sign-in");
    assert_eq!(scene.reuses().await.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_refreshes_at_once_all_are_answered_and_one_token_works() {
    let scene = Scene::new().await;
    let first = scene.desk.login(EMAIL).await;
    let replies = join_all((0..20).map(|_| scene.desk.try_refresh(&first.refresh_token))).await;
    let pairs: Vec<_> = replies.iter().map(Pair::of).collect();
    for pair in &pairs {
        assert!(scene.is_good(pair).await);
    }
    let mut next = Vec::new();
    for pair in &pairs {
        let reply = scene.desk.try_refresh(&pair.refresh_token).await;
        if reply.status == 200 {
            next.push(Pair::of(&reply));
        } else {
            reply.is_plain_401();
        }
    }
    assert_eq!(next.len(), 1);
    assert!(scene.reuses().await.is_empty());
    scene.desk.refresh(&next[0]).await;
}

#[tokio::test]
async fn a_retry_after_a_logout_or_by_somebody_disabled_is_401() {
    let scene = Scene::new().await;
    let first = scene.desk.login(EMAIL).await;
    let second = scene.desk.refresh(&first).await;
    scene.desk.logout(&second).await;
    scene.desk.try_refresh(&first.refresh_token).await.is_plain_401();
    let first = scene.desk.login(EMAIL).await;
    scene.desk.refresh(&first).await;
    // As by hand, with the grant still open.
    let disabled = StoredUser { status: domain::user::UserStatus::Disabled, ..scene.user.clone() };
    scene.server.change_user(disabled).await;
    scene.desk.try_refresh(&first.refresh_token).await.is_plain_401();
    scene.server.change_user(scene.user.clone()).await;
    scene.desk.refresh(&first).await;
    assert!(scene.reuses().await.is_empty(), "a grant that has ended is not ended again");
}

#[tokio::test]
async fn a_logout_ends_the_sign_in_at_once_and_doing_so_again_is_no_error() {
    let scene = Scene::new().await;
    let elsewhere = scene.desk.login(EMAIL).await;
    let first = scene.desk.login(EMAIL).await;
    let second = scene.desk.refresh(&first).await;
    // Also with a token that was used: whoever has it may end what it began, and no more.
    for pair in [&first, &second, &second] {
        let reply = scene.desk.logout(pair).await;
        assert_eq!((reply.status, reply.text.as_str()), (204, ""));
        assert!(!scene.is_good(&first).await && !scene.is_good(&second).await);
    }
    scene.desk.try_refresh(&second.refresh_token).await.is_plain_401();
    assert!(scene.is_good(&elsewhere).await);
}

#[tokio::test]
async fn a_refresh_token_that_is_none_of_ours_is_401() {
    let scene = Scene::new().await;
    let pair = scene.desk.login(EMAIL).await;
    let unknown = format!("ir_rt_{}", "0".repeat(43));
    let (key, long) = (scene.organization.admin.credential(), "x".repeat(100_000));
    let upper = pair.refresh_token.to_uppercase();
    for wrong in
        ["", " ", "ir_rt_", "\u{0}", &unknown, &pair.token, key, &long, &pair.refresh_token[..48], &upper]
    {
        scene.desk.try_refresh(wrong).await.is_plain_401();
        scene.desk.post("/auth/logout", json!({"refresh_token": wrong})).await.is_plain_401();
    }
    scene.desk.refresh(&pair).await;
}

#[tokio::test]
async fn a_user_who_is_disabled_is_signed_out_everywhere_at_once() {
    let scene = Scene::new().await;
    let pair = scene.desk.login(EMAIL).await;
    let sandbox = scene.server.another_admin(&scene.organization, Environment::Test).await;
    let sandbox = Desk::of(&scene.server, Environment::Test, &sandbox);
    let in_sandbox = sandbox.login(EMAIL).await;
    scene.server.disable(&scene.user).await;
    assert!(!scene.is_good(&pair).await);
    assert!(scene.server.bearer_in(Environment::Test, &scene.organization, &in_sandbox.token).await.is_err());
    scene.desk.try_refresh(&pair.refresh_token).await.is_plain_401();
    sandbox.try_refresh(&in_sandbox.refresh_token).await.is_plain_401();
    scene.desk.try_login(EMAIL, PASSWORD).await.is_plain_401();
    assert_eq!(scene.desk.logout(&pair).await.status, 204);
    // Nor do the tokens of before come back with the user.
    scene.server.change_user(scene.user.clone()).await;
    assert!(!scene.is_good(&pair).await);
    assert!(scene.server.bearer_in(Environment::Test, &scene.organization, &in_sandbox.token).await.is_err());
    sandbox.try_refresh(&in_sandbox.refresh_token).await.is_plain_401();
    scene.desk.login(EMAIL).await;
}

#[tokio::test]
async fn what_the_database_says_of_the_user_counts_and_not_their_grants() {
    let scene = Scene::new().await;
    let pair = scene.desk.login(EMAIL).await;
    // As by hand, with the refresh token still open.
    let disabled = StoredUser { status: domain::user::UserStatus::Disabled, ..scene.user.clone() };
    scene.server.change_user(disabled).await;
    assert!(!scene.is_good(&pair).await);
    scene.desk.try_refresh(&pair.refresh_token).await.is_plain_401();
    scene.server.change_user(scene.user.clone()).await;
    assert!(scene.is_good(&pair).await);
}

#[tokio::test]
async fn a_changed_role_ends_access_tokens_at_once_and_the_next_one_has_it() {
    let scene = Scene::new().await;
    let first = scene.desk.login(EMAIL).await;
    scene.server.change_user(StoredUser { role: Role::Viewer, ..scene.user.clone() }).await;
    assert!(!scene.is_good(&first).await);
    let second = scene.desk.refresh(&first).await;
    let bearer = scene.server.bearer(&scene.organization, &second.token).await.unwrap();
    assert_eq!(bearer.role, Role::Viewer);
}
