//! The keys that sign tokens take each other's place without a token that stops being good before its time.

use domain::clock::Clock as _;
use protocol::Environment::Live;
use serde_json::Value;
use token_server::tokens::keys::rotate;

use crate::support::{Interview, Organization, TestServer, base64url};

const DAY_S: i64 = 86_400;

/// Makes a new key, as somebody does on the command line, and lets the server read it, as it does every ten seconds.
async fn rotated(server: &TestServer, drop_old: bool) -> String {
    // Not in the millisecond in which the key before was made.
    server.clock.advance_secs(1);
    let key = rotate(server.shared.store.as_ref(), Live, drop_old, server.clock.now()).await.unwrap();
    look_again(server).await;
    key.kid
}

async fn look_again(server: &TestServer) {
    let shared = &server.shared;
    shared.rings.refresh(shared.store.as_ref(), shared.clock.now()).await.unwrap();
}

/// The names of the published keys, newest first.
async fn published(server: &TestServer) -> Vec<String> {
    let keys = server.anonymous().get("/.well-known/jwks.json").await.expect(200)["keys"].clone();
    keys.as_array().unwrap().iter().map(|key| key["kid"].as_str().unwrap().to_owned()).collect()
}

/// A token that is good for a week, and the name of the key that signed it.
async fn token(organization: &Organization, campaign: &str) -> (String, String) {
    let week = serde_json::json!({"expires_in_s": 7 * DAY_S});
    let invite = organization.invite_with(campaign, week).await;
    let token = invite["invite_token"].as_str().unwrap().to_owned();
    let (header, _): (Value, Value) = base64url::parts(&token);
    let kid = header["kid"].as_str().unwrap().to_owned();
    (token, kid)
}

#[tokio::test]
async fn a_new_key_is_published_before_it_signs_and_old_tokens_stay_good_until_they_expire() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let campaign = organization.campaign().await;
    let (old_token, old) = token(&organization, &campaign).await;
    let new = rotated(&server, false).await;
    assert_eq!(published(&server).await, [new.as_str(), old.as_str()]);
    assert_eq!(token(&organization, &campaign).await.1, old, "other replicas may not know the new key yet");

    server.clock.advance_secs(60);
    look_again(&server).await;
    let (new_token, kid) = token(&organization, &campaign).await;
    assert_eq!(kid, new);
    for token in [&old_token, &new_token] {
        Interview::start(&server.caller(token)).await;
    }

    server.clock.advance_secs(7 * DAY_S - 62);
    look_again(&server).await;
    Interview::start(&server.caller(&old_token)).await;

    server.clock.advance_secs(DAY_S);
    look_again(&server).await;
    assert_eq!(published(&server).await, [new], "the last token of the old key has expired");
}

#[tokio::test]
async fn when_the_old_keys_are_dropped_their_tokens_are_worthless_at_once() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let campaign = organization.campaign().await;
    let (old_token, _) = token(&organization, &campaign).await;
    let interview = Interview::start(&server.caller(&old_token)).await;

    let new = rotated(&server, true).await;
    assert_eq!(published(&server).await, [new.as_str()]);
    server.caller(&old_token).post_nothing("/v1/participant/session").await.refused(401, "unauthorized");
    interview.participant.get("/v1/participant/session").await.refused(401, "unauthorized");
    let (token, kid) = token(&organization, &campaign).await;
    assert_eq!(kid, new, "the only key signs at once");
    Interview::start(&server.caller(&token)).await;
}

#[tokio::test]
async fn the_next_rotation_removes_what_no_token_needs_any_more() {
    let server = TestServer::start().await;
    let stored = async || {
        let mut unit = server.shared.store.read().await.unwrap();
        unit.list_signing_keys(Live).await.unwrap().into_iter().map(|key| key.kid).collect::<Vec<_>>()
    };
    let second = rotated(&server, false).await;
    server.clock.advance_secs(8 * DAY_S);
    let third = rotated(&server, false).await;
    assert_eq!(stored().await, [third, second]);
}
