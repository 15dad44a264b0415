//! `POST /v1/invites/:id/extend`

use serde_json::json;

use crate::support::{Interview, TestServer, base64url, guides, organization::id_of};

#[tokio::test]
async fn extend_counts_from_now_and_gives_a_token_that_lives_as_long() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let campaign = organization.campaign().await;
    let invite = organization.invite_with(&campaign, json!({"expires_in_s": 600})).await;
    server.clock.advance_secs(300);
    let path = format!("/v1/invites/{}/extend", id_of(&invite));
    let extended = organization.admin.post(&path, json!({"expires_in_s": 600})).await.expect(200);
    let mut expected = invite.clone();
    expected["expires_at"] = json!("2026-01-31T12:15:00.000Z");
    expected["invite_token"] = extended["invite_token"].clone();
    expected["invite_url"] = extended["invite_url"].clone();
    assert_eq!(extended, expected);
    let claims = base64url::parts(extended["invite_token"].as_str().unwrap()).1;
    assert_eq!(claims["exp"], server.clock_secs() + 600);

    server.clock.advance_secs(400);
    let old = server.caller(invite["invite_token"].as_str().unwrap());
    old.post_nothing("/v1/participant/session").await.refused(410, "invite_expired");
    Interview::start(&server.caller(extended["invite_token"].as_str().unwrap())).await;
}

#[tokio::test]
async fn extend_never_shortens_a_life_and_reissue_only_when_told_how_long_it_is() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let campaign = organization.campaign().await;
    let invite = organization.invite_with(&campaign, json!({"expires_in_s": 7_200})).await;
    let path = format!("/v1/invites/{}", id_of(&invite));
    let shorter = json!({"expires_in_s": 60});
    let extended = organization.admin.post(&format!("{path}/extend"), shorter.clone()).await.expect(200);
    assert_eq!(extended["expires_at"], invite["expires_at"]);
    let claims = base64url::parts(extended["invite_token"].as_str().unwrap()).1;
    assert_eq!(claims["exp"], server.clock_secs() + 7_200);
    let reissued = organization.admin.post_nothing(&format!("{path}/reissue")).await.expect(200);
    assert_eq!(reissued["expires_at"], invite["expires_at"], "the campaign's is an hour");
    let reissued = organization.admin.post(&format!("{path}/reissue"), shorter).await.expect(200);
    assert_eq!(reissued["expires_at"], "2026-01-31T12:01:00.000Z");
}

#[tokio::test]
async fn extend_revives_an_expired_invite() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let campaign = organization.campaign().await;
    let invite = organization.invite_with(&campaign, json!({"expires_in_s": 60})).await;
    server.clock.advance_secs(3_600);
    let path = format!("/v1/invites/{}/extend", id_of(&invite));
    let extended = organization.admin.post(&path, json!({"expires_in_s": 60})).await.expect(200);
    assert_eq!((&extended["status"], &extended["id"]), (&json!("pending"), &invite["id"]));
    Interview::start(&server.caller(extended["invite_token"].as_str().unwrap())).await;
}

#[tokio::test]
async fn an_invite_to_a_closed_campaign_gets_no_token_any_more_409() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let campaign = organization.campaign().await;
    let path = format!("/v1/invites/{}", id_of(&organization.invite(&campaign).await));
    let renewed = async |step: &str| {
        organization.admin.post(&format!("{path}/{step}"), json!({"expires_in_s": 600})).await
    };
    organization.step(&campaign, "pause").await;
    for step in ["extend", "reissue"] {
        renewed(step).await.expect(200);
    }
    for closing in ["complete", "archive"] {
        organization.step(&campaign, closing).await;
        for step in ["extend", "reissue"] {
            renewed(step).await.refused(409, "conflict");
        }
    }
}

#[tokio::test]
async fn extend_refuses_a_bad_lifetime_422_and_an_invite_that_is_over_410() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let campaign = organization.campaign_with(guides::short(), json!({})).await;
    let invite = organization.invite(&campaign).await;
    let path = format!("/v1/invites/{}/extend", id_of(&invite));
    for seconds in [0, 59, 604_801] {
        let reply = organization.admin.post(&path, json!({"expires_in_s": seconds})).await;
        reply.refused_with("validation_failed", &[("/expires_in_s", "out_of_range")]);
    }
    let nothing = organization.admin.post(&path, json!({})).await;
    nothing.refused_with("validation_failed", &[("/expires_in_s", "missing")]);

    Interview::start(&server.caller(invite["invite_token"].as_str().unwrap())).await.finish().await;
    let body = json!({"expires_in_s": 600});
    organization.admin.post(&path, body.clone()).await.refused(410, "invite_completed");
    let cancelled = format!("/v1/invites/{}", id_of(&organization.invite(&campaign).await));
    organization.admin.post_nothing(&format!("{cancelled}/cancel")).await.expect(200);
    organization.admin.post(&format!("{cancelled}/extend"), body).await.refused(410, "invite_cancelled");
}
