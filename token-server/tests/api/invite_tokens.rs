//! The invite token and the keys that verify it, as docs/security.md describes them.

use std::collections::HashSet;

use jsonwebtoken::{Algorithm, DecodingKey, Validation, jwk::JwkSet};
use protocol::Environment;
use serde_json::{Value, json};

use crate::support::{Interview, TestServer, base64url, caller::members, server::START_MS};

#[tokio::test]
async fn an_invite_token_says_what_the_contract_says_and_nothing_else() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let campaign = organization.campaign().await;
    let person = json!({
        "participant_email": "ada@example.com", "participant_name": "Lovelace", "external_id": "crm-42",
        "variables": {"first_name": "Augusta"}, "metadata": {"secret": "marker"}
    });
    let invite = organization.invite_with(&campaign, person).await;
    let (header, claims) = base64url::parts(invite["invite_token"].as_str().unwrap());
    assert_eq!(header, json!({"typ": "invite+jwt", "alg": "EdDSA", "kid": header["kid"]}));
    let now = START_MS / 1_000;
    assert_eq!(
        claims,
        json!({
            "iss": server.url(Environment::Live), "aud": "interviewrelay:participant", "sub": invite["participant_id"],
            "jti": invite["id"], "iat": now, "nbf": now, "exp": now + 3_600, "org": organization.id.as_str(), "camp": campaign,
            "env": "live"
        })
    );
}

#[tokio::test]
async fn a_session_token_is_of_another_kind_and_lives_for_15_minutes() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let interview = organization.interview(&organization.campaign().await).await;
    let (header, claims) = base64url::parts(interview.participant.credential());
    assert_eq!((&header["typ"], &header["alg"]), (&json!("session+jwt"), &json!("EdDSA")));
    assert_eq!(
        (&claims["aud"], &claims["sid"]),
        (&json!("interviewrelay:session"), &json!(interview.session_id()))
    );
    assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 900);
}

#[tokio::test]
async fn anybody_can_verify_a_token_with_the_published_keys() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let invite = organization.invite(&organization.campaign().await).await;
    let token = invite["invite_token"].as_str().unwrap();
    let reply = server.anonymous().get("/.well-known/jwks.json").await;
    let key = &reply.expect(200)["keys"][0];
    assert_eq!(members(key), ["alg", "crv", "kid", "kty", "use", "x"]);
    assert_eq!((&key["kty"], &key["crv"], &key["use"]), (&json!("OKP"), &json!("Ed25519"), &json!("sig")));
    assert_eq!(reply.header("cache-control"), Some("public, max-age=300"));

    let keys: JwkSet = serde_json::from_str(&reply.text).unwrap();
    let header = jsonwebtoken::decode_header(token).unwrap();
    let key = DecodingKey::from_jwk(keys.find(&header.kid.unwrap()).expect("the key that the token names"))
        .unwrap();
    let mut validation = Validation::new(Algorithm::EdDSA);
    validation.set_issuer(&[server.url(Environment::Live)]);
    validation.set_audience(&["interviewrelay:participant"]);
    // The server's clock stands still, the library's does not.
    validation.validate_exp = false;
    let claims = jsonwebtoken::decode::<Value>(token, &key, &validation).unwrap().claims;
    assert_eq!(claims["jti"], invite["id"]);
}

#[tokio::test]
async fn the_environments_have_keys_of_their_own() {
    let server = TestServer::start().await;
    let mut kids = HashSet::new();
    for environment in Environment::ALL {
        let sandbox = crate::support::Caller::new(server.url(environment));
        let keys = sandbox.get("/.well-known/jwks.json").await.expect(200)["keys"].clone();
        for key in keys.as_array().unwrap() {
            assert!(kids.insert(key["kid"].as_str().unwrap().to_owned()), "a key of both environments");
        }
    }
    assert_eq!(kids.len(), 2);
}

#[tokio::test]
async fn tokens_are_never_stored() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let invite = organization.invite(&organization.campaign().await).await;
    let mut interview = Interview::start(&server.caller(invite["invite_token"].as_str().unwrap())).await;
    interview.finish().await;
    for token in [interview.invitee.credential(), interview.participant.credential()] {
        let (body, signature) = token.rsplit_once('.').unwrap();
        assert!(!server.database_contains(signature));
        assert!(!server.database_contains(body.split('.').nth(1).unwrap()));
    }
    assert!(server.database_contains(&organization.id.to_string()), "the search finds what is there");
}
