//! What is done takes a scope of the key and the same of the role. Without one the whole request is 403 and does nothing.

use protocol::{Environment, api_key::Scope, user::Role};
use serde_json::json;

use crate::support::{
    Organization, TestServer,
    graphql::{Asker, bearer},
    routes::Objects,
    snapshot::Snapshot,
    users::PASSWORD,
};

/// Every field that takes a permission, with it.
fn documents(objects: &Objects) -> Vec<(Scope, String)> {
    let Objects { campaign, invite, session, participant, upload, .. } = objects;
    vec![
        (Scope::CampaignsRead, "{ interviews { id } }".to_owned()),
        (Scope::CampaignsRead, format!("{{ interview(id: \"{campaign}\") {{ id }} }}")),
        (Scope::SessionsRead, format!("{{ session(id: \"{session}\") {{ id }} }}")),
        (Scope::SessionsRead, format!("{{ candidate(id: \"{participant}\") {{ id }} }}")),
        (Scope::SessionsRead, format!("{{ candidate(id: \"{participant}\") {{ files {{ id }} }} }}")),
        (Scope::SessionsWrite, format!("mutation {{ deleteFile(id: \"{upload}\") {{ id }} }}")),
        (Scope::CampaignsWrite, "mutation { createInterview(input: {title: \"x\"}) { id } }".to_owned()),
        (Scope::CampaignsWrite, format!("mutation {{ publishInterview(id: \"{campaign}\") {{ id }} }}")),
        (
            Scope::InvitesWrite,
            format!("mutation {{ createInvite(input: {{interviewId: \"{campaign}\"}}) {{ inviteUrl }} }}"),
        ),
        (Scope::InvitesWrite, format!("mutation {{ cancelInvite(id: \"{invite}\") {{ id }} }}")),
        (Scope::SessionsWrite, format!("mutation {{ eraseCandidate(id: \"{participant}\") {{ id }} }}")),
    ]
}

async fn scene() -> (TestServer, Organization, Objects) {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let (objects, _) = Objects::make(&organization).await;
    (server, organization, objects)
}

#[tokio::test]
async fn a_key_without_the_scope_is_403_and_nothing_is_done() {
    let (server, organization, objects) = scene().await;
    let asker = Asker::owner(&server, &organization).await;
    for (scope, document) in documents(&objects) {
        let others: Vec<_> = Scope::ALL.iter().filter(|one| **one != scope).map(|one| one.as_str()).collect();
        let key =
            organization.create_key(json!({"name": "All but one", "kind": "admin", "scopes": others})).await;
        let before = Snapshot::of(&server, &[&organization]).await;
        let refused = asker.with_key(key["key"].as_str().unwrap()).ask(&document).await;
        let message = refused.plain(403);
        assert!(
            message.starts_with("Your API key ") && message.contains(scope.as_str()),
            "{document}: {message}"
        );
        assert!(before == Snapshot::of(&server, &[&organization]).await, "{document}");
    }
}

#[tokio::test]
async fn a_key_with_the_scope_alone_is_enough() {
    let (server, organization, objects) = scene().await;
    let asker = Asker::owner(&server, &organization).await;
    for (scope, document) in documents(&objects) {
        let key = organization.create_key(json!({"name": "One", "scopes": [scope.as_str()]})).await;
        let answered = asker.with_key(key["key"].as_str().unwrap()).ask(&document).await;
        assert_eq!(answered.status, 200, "{document}: {}", answered.text);
    }
}

#[tokio::test]
async fn a_role_that_is_too_low_is_403_and_nothing_is_done() {
    let (server, organization, objects) = scene().await;
    let asker = Asker::owner(&server, &organization).await;
    let mut refusals = 0;
    for role in Role::ALL {
        let asker = asker.with_token(&bearer(&server, &organization, Environment::Live, role).await);
        for (scope, document) in documents(&objects) {
            let before = Snapshot::of(&server, &[&organization]).await;
            let answered = asker.ask(&document).await;
            if role.allows(scope) {
                assert_eq!(answered.status, 200, "{document}: {}", answered.text);
            } else {
                refusals += 1;
                let message = answered.plain(403);
                assert!(message.starts_with("Your role ") && message.contains(scope.as_str()), "{message}");
                assert!(before == Snapshot::of(&server, &[&organization]).await, "{document}");
            }
        }
    }
    assert!(refusals >= 5, "a viewer changes nothing");
}

#[tokio::test]
async fn fields_further_inside_take_their_permissions_too() {
    let (server, organization, objects) = scene().await;
    let asker = Asker::owner(&server, &organization).await;
    let (campaign, session) = (&objects.campaign, &objects.session);
    let table = [
        (
            "campaigns:read",
            "sessions:read",
            format!("{{ interview(id: \"{campaign}\") {{ sessions {{ id }} }} }}"),
        ),
        (
            "campaigns:read",
            "invites:read",
            format!(
                "{{ interview(id: \"{campaign}\") {{ ...f }} }} fragment f on Interview {{ invites {{ id }} }}"
            ),
        ),
        (
            "sessions:read",
            "campaigns:read",
            format!("{{ session(id: \"{session}\") {{ ... {{ interview {{ id }} }} }} }}"),
        ),
        (
            "campaigns:write",
            "sessions:read",
            "mutation { createInterview(input: {title: \"x\"}) { sessions { id } } }".to_owned(),
        ),
    ];
    for (given, missing, document) in table {
        let one = organization.create_key(json!({"name": "One", "scopes": [given]})).await;
        let both = organization.create_key(json!({"name": "Both", "scopes": [given, missing]})).await;
        let message = asker.with_key(one["key"].as_str().unwrap()).ask(&document).await.plain(403);
        assert!(message.contains(missing), "{document}: {message}");
        asker.with_key(both["key"].as_str().unwrap()).ask(&document).await.data();
    }
}

#[tokio::test]
async fn names_and_addresses_take_a_permission_of_their_own() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let campaign = organization.campaign().await;
    let more = json!({"participant_email": "ada@example.com", "participant_name": "Ada", "external_id": "7"});
    let invite = organization.invite_with(&campaign, more).await;
    let document = format!(
        "{{ candidate(id: {}) {{ email name externalId }}
           interviews {{ invites {{ candidate {{ email }} }} }} }}",
        invite["participant_id"]
    );
    let asker = Asker::owner(&server, &organization).await;
    let seen = asker.ask(&document).await.data();
    assert_eq!(seen["candidate"], json!({"email": "ada@example.com", "name": "Ada", "externalId": "7"}));
    assert_eq!(seen["interviews"][0]["invites"][0]["candidate"]["email"], "ada@example.com");
    let scopes = ["campaigns:read", "invites:read", "sessions:read"];
    let key = organization.create_key(json!({"name": "Blind", "scopes": scopes})).await;
    let viewer = asker.with_token(&bearer(&server, &organization, Environment::Live, Role::Viewer).await);
    for blind in [asker.with_key(key["key"].as_str().unwrap()), viewer] {
        let seen = blind.ask(&document).await.data();
        assert_eq!(seen["candidate"], json!({"email": null, "name": null, "externalId": "7"}));
        assert_eq!(seen["interviews"][0]["invites"][0]["candidate"]["email"], json!(null));
    }
}

#[tokio::test]
async fn signing_in_takes_the_key_alone_and_nothing_beside_it() {
    let (server, organization, _) = scene().await;
    let asker = Asker::owner(&server, &organization).await.without_token();
    let login = "mutation { login(email: \"ada@example.com\", password: \"wrong\") { token } }";
    let failed = asker.ask(login).await;
    assert_eq!(failed.json()["data"], json!({"login": null}));
    failed.failed("unauthorized");
    asker.without_key().ask(login).await.is_plain_401();
    let more = "mutation { login(email: \"a\", password: \"b\") { token } createInterview(input: {title: \"x\"}) { id } }";
    asker.ask(more).await.is_plain_401();
    for document in [
        "{ me { id } }",
        "{ __typename }",
        "{ nothing }",
        "{",
        "mutation { __typename }",
        "{ __schema { types { name } } }",
    ] {
        asker.ask(document).await.is_plain_401();
    }
    let refresh = "mutation { refreshToken(refreshToken: \"unknown\") { token } }";
    asker.ask(refresh).await.failed("unauthorized");
    let form = reqwest::multipart::Form::new().text("operations", json!({"query": login}).to_string());
    let request = asker.request(reqwest::Method::POST).multipart(form);
    crate::support::graphql::send(request).await.is_plain_401();
}

#[tokio::test]
async fn whoever_has_signed_in_by_mutation_can_ask() {
    let (server, organization, _) = scene().await;
    let asker = Asker::owner(&server, &organization).await.without_token();
    let login = "mutation ($password: String!) { login(email: \"ada@example.com\", password: $password) { token tokenType expiresIn refreshToken } }";
    server.user(&organization, "ada@example.com", Role::Owner).await;
    let signed_in = asker.ask_with(login, json!({"password": PASSWORD})).await.data()["login"].clone();
    assert_eq!((&signed_in["tokenType"], &signed_in["expiresIn"]), (&json!("Bearer"), &json!(900)));
    let known = asker.with_token(signed_in["token"].as_str().unwrap());
    let me = known.ask("{ me { id role organizationId environment } }").await.data()["me"].clone();
    assert_eq!(
        (&me["role"], &me["organizationId"], &me["environment"]),
        (&json!("OWNER"), &json!(organization.id), &json!("LIVE"))
    );
    let refresh = "mutation ($token: String!) { refreshToken(refreshToken: $token) { token refreshToken } }";
    asker.ask_with(refresh, json!({"token": signed_in["refreshToken"]})).await.data();
    // As when the answer to it was lost.
    let again = asker.ask_with(refresh, json!({"token": signed_in["refreshToken"]})).await.data();
    asker.with_token(again["refreshToken"]["token"].as_str().unwrap()).ask("{ me { id } }").await.data();
}
