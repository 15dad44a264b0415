//! A field that fails is null, and its error has the code of the REST route.

use serde_json::json;

use crate::support::{Organization, TestServer, graphql::Asker, guides, routes::Objects};

fn documents(objects: &Objects) -> [String; 8] {
    let Objects { campaign, invite, session, participant, upload, .. } = objects;
    [
        format!("{{ it: interview(id: \"{campaign}\") {{ id }} }}"),
        format!("{{ it: session(id: \"{session}\") {{ id }} }}"),
        format!("{{ it: candidate(id: \"{participant}\") {{ id }} }}"),
        format!("mutation {{ it: publishInterview(id: \"{campaign}\") {{ id }} }}"),
        format!("mutation {{ it: createInvite(input: {{interviewId: \"{campaign}\"}}) {{ inviteUrl }} }}"),
        format!("mutation {{ it: deleteFile(id: \"{upload}\") {{ id }} }}"),
        format!("mutation {{ it: cancelInvite(id: \"{invite}\") {{ id }} }}"),
        format!("mutation {{ it: eraseCandidate(id: \"{participant}\") {{ id }} }}"),
    ]
}

#[tokio::test]
async fn anothers_object_is_forbidden_and_an_absent_one_not_found() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let (objects, _) = Objects::make(&server.organization("Beta").await).await;
    let asker = Asker::owner(&server, &organization).await;
    for (objects, code) in [(objects, "forbidden"), (Objects::absent(), "not_found")] {
        for document in documents(&objects) {
            let answered = asker.ask(&document).await;
            let error = answered.failed(code);
            assert_eq!(error["path"], json!(["it"]), "{document}");
            assert_eq!(answered.json()["data"], json!({"it": null}), "{document}");
        }
    }
    asker.ask("{ interview(id: \"no id at all\") { id } }").await.failed("not_found");
    asker.ask("{ session(id: \"camp_1\") { id } }").await.failed("not_found");
}

#[tokio::test]
async fn the_other_environments_objects_are_not_there() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let (objects, _) = Objects::make(&organization).await;
    let key = server.another_admin(&organization, protocol::Environment::Test).await;
    let asker = Asker::in_environment(&server, &organization, protocol::Environment::Test).await;
    let asker = asker.with_key(key.credential());
    for document in documents(&objects) {
        asker.ask(&document).await.failed("not_found");
    }
    assert_eq!(asker.ask("{ interviews { id } }").await.data()["interviews"], json!([]));
}

/// The answer to creating an interview with this input.
async fn create(asker: &Asker, input: serde_json::Value) -> crate::support::graphql::Answered {
    let document = "mutation ($input: CreateInterviewInput!) { createInterview(input: $input) { id } }";
    asker.ask_with(document, json!({"input": input})).await
}

async fn scene() -> (TestServer, Organization, Asker) {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let asker = Asker::owner(&server, &organization).await;
    (server, organization, asker)
}

#[tokio::test]
async fn faults_are_told_with_their_place_in_the_input() {
    let (_server, organization, asker) = scene().await;
    let places = |error: serde_json::Value| -> Vec<String> {
        let details = error["extensions"]["details"].as_array().unwrap().clone();
        details.iter().map(|one| one["pointer"].as_str().unwrap().to_owned()).collect()
    };
    let settings = json!({"inviteTtlSeconds": 1, "allowedOrigins": ["x"]});
    let failed = create(&asker, json!({"title": "", "settings": settings})).await.failed("validation_failed");
    let mut found = places(failed);
    found.sort();
    assert_eq!(found, ["/settings/allowedOrigins/0", "/settings/inviteTtlSeconds", "/title"]);
    let guide = create(&asker, json!({"title": "x", "guide": {"schema": 1, "nonsense": 1}})).await;
    assert!(places(guide.json()["errors"][0].clone())[0].starts_with("/guide"), "{}", guide.text);

    let campaign = organization.campaign().await;
    let document = "mutation ($input: CreateInviteInput!) { createInvite(input: $input) { inviteUrl } }";
    let input = json!({
        "interviewId": campaign, "candidateEmail": "x", "candidateName": "", "externalId": "", "expiresInSeconds": 1
    });
    let failed = asker.ask_with(document, json!({"input": input})).await.failed("validation_failed");
    assert_eq!(places(failed), ["/candidateEmail", "/candidateName", "/externalId", "/expiresInSeconds"]);
}

#[tokio::test]
async fn steps_that_are_not_possible_have_the_codes_of_rest() {
    let (_server, organization, asker) = scene().await;
    let draft = organization.draft().await;
    let publish = format!("mutation {{ publishInterview(id: \"{draft}\") {{ id }} }}");
    asker.ask(&publish).await.failed("conflict");
    let invite =
        |id: &str| format!("mutation {{ createInvite(input: {{interviewId: \"{id}\"}}) {{ inviteUrl }} }}");
    asker.ask(&invite(&draft)).await.failed("conflict");
    let campaign = organization.campaign_with(guides::short(), json!({})).await;
    organization.step(&campaign, "pause").await;
    asker.ask(&invite(&campaign)).await.failed("campaign_paused");
    organization.step(&campaign, "activate").await;
    let mut interview = organization.interview(&campaign).await;
    interview.finish().await;
    let session =
        organization.admin.get(&format!("/v1/sessions/{}", interview.session_id())).await.expect(200);
    let cancel = format!("mutation {{ cancelInvite(id: {}) {{ id }} }}", session["invite_id"]);
    asker.ask(&cancel).await.failed("invite_completed");
}

#[tokio::test]
async fn lists_refuse_numbers_and_places_that_are_not_theirs() {
    let (server, organization, asker) = scene().await;
    let other = server.organization("Beta").await.draft().await;
    let own = organization.draft().await;
    for arguments in [
        "first: 0",
        "first: 101",
        "first: -1",
        "after: \"ses_1\"",
        "after: \"x\"",
        &format!("after: \"{other}\""),
    ] {
        let answered = asker.ask(&format!("{{ interviews({arguments}) {{ id }} }}")).await;
        assert_eq!(answered.json()["errors"][0]["extensions"]["code"], "invalid_request", "{arguments}");
        let inner =
            asker.ask(&format!("{{ interview(id: \"{own}\") {{ sessions({arguments}) {{ id }} }} }}")).await;
        if !arguments.contains("ses_") {
            assert_eq!(inner.json()["errors"][0]["extensions"]["code"], "invalid_request", "{arguments}");
        }
    }
}
