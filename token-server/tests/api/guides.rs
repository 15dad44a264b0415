//! `/v1/campaigns/:id/guide` and `/publish`

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{
    Organization, TestServer,
    caller::{members, send},
    guides,
};

async fn publish(organization: &Organization, id: &str) -> Value {
    organization.admin.post_nothing(&format!("/v1/campaigns/{id}/publish")).await.expect(200)
}

#[tokio::test]
async fn an_uploaded_guide_is_stored_and_read_back() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let id = organization.draft().await;
    let path = format!("/v1/campaigns/{id}/guide");
    organization.admin.get(&path).await.refused(404, "not_found");
    let uploaded = organization.admin.put(&path, guides::short()).await.expect(200);
    assert_eq!(uploaded, json!({"campaign_id": id, "faults": [], "updated_at": "2026-01-31T12:00:00.000Z"}));
    let read = organization.admin.get(&path).await.expect(200);
    for member in ["schema", "title"] {
        assert_eq!(read[member], guides::short()[member]);
    }
    assert_eq!(read["blocks"][0]["questions"][2]["id"], "three");
}

#[tokio::test]
async fn a_guide_that_makes_no_sense_yet_is_stored_with_its_faults_listed() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let id = organization.draft().await;
    let mut guide = guides::short();
    guide["blocks"][0]["next"] = json!([{"goto": "nowhere"}]);
    guide["ends"] = json!([]);
    let path = format!("/v1/campaigns/{id}");
    let uploaded = organization.admin.put(&format!("{path}/guide"), guide).await.expect(200);
    let faults: Vec<_> =
        uploaded["faults"].as_array().unwrap().iter().map(|fault| fault["pointer"].clone()).collect();
    assert_eq!(faults, ["/ends", "/blocks/0/next/0/goto"]);
    let refusal = organization.admin.post_nothing(&format!("{path}/publish")).await;
    refusal.refused_with(
        "validation_failed",
        &[("/ends", "no_ends"), ("/blocks/0/next/0/goto", "unknown_block")],
    );
    assert_eq!(organization.admin.get(&path).await.expect(200)["published_version"], Value::Null);
}

#[tokio::test]
async fn a_guide_of_the_wrong_shape_is_refused_where_it_is_wrong_422() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let path = format!("/v1/campaigns/{}/guide", organization.draft().await);
    let put = async |change: &dyn Fn(&mut Value)| {
        let mut guide = guides::short();
        change(&mut guide);
        organization.admin.put(&path, guide).await
    };
    let kind = put(&|guide| guide["blocks"][0]["questions"][1]["kind"] = json!("telepathy")).await;
    kind.refused_with("validation_failed", &[("/blocks/0/questions/1/kind", "invalid_value")]);
    let misspelt = put(&|guide| guide["blocks"][0]["questions"][1]["requierd"] = json!(true)).await;
    misspelt.refused_with("unknown_field", &[("/blocks/0/questions/1/requierd", "unknown_field")]);
    let missing = put(&|guide| drop(guide.as_object_mut().unwrap().remove("title"))).await;
    missing.refused_with("validation_failed", &[("/title", "missing")]);
    let list = organization.admin.put(&path, json!([])).await;
    assert_eq!(list.status, 422);
    organization.admin.get(&path).await.refused(404, "not_found");
}

#[tokio::test]
async fn publish_makes_a_version_and_the_same_guide_again_makes_none() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let id = organization.draft().await;
    let path = format!("/v1/campaigns/{id}/guide");
    organization.admin.put(&path, guides::short()).await.expect(200);
    let first = publish(&organization, &id).await;
    assert_eq!(members(&first), ["campaign_id", "published_at", "sha256", "version"]);
    assert_eq!((&first["version"], first["sha256"].as_str().unwrap().len()), (&json!(1), 64));
    server.clock.advance_secs(60);
    organization.admin.put(&path, guides::short()).await.expect(200);
    assert_eq!(publish(&organization, &id).await, first);
    organization.admin.put(&path, guides::every_kind()).await.expect(200);
    let second = publish(&organization, &id).await;
    assert_eq!(second["version"], 2);
    assert_ne!(second["sha256"], first["sha256"]);
    assert_eq!(
        organization.admin.get(&format!("/v1/campaigns/{id}")).await.expect(200)["published_version"],
        2
    );
}

#[tokio::test]
async fn publish_refuses_a_campaign_without_a_guide_409() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let id = organization.draft().await;
    organization.admin.post_nothing(&format!("/v1/campaigns/{id}/publish")).await.refused(409, "conflict");
}

#[tokio::test]
async fn the_guide_of_a_closed_campaign_cannot_be_changed_409() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let id = organization.campaign().await;
    organization.step(&id, "complete").await;
    organization
        .admin
        .put(&format!("/v1/campaigns/{id}/guide"), guides::short())
        .await
        .refused(409, "conflict");
    organization.admin.post_nothing(&format!("/v1/campaigns/{id}/publish")).await.refused(409, "conflict");
}

#[tokio::test]
async fn an_interview_keeps_the_version_it_began_with() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let id = organization.campaign_with(guides::short(), json!({})).await;
    let mut interview = organization.interview(&id).await;
    let mut other = guides::short();
    other["blocks"][0]["questions"][1]["text"] = json!("Something else?");
    organization.admin.put(&format!("/v1/campaigns/{id}/guide"), other).await.expect(200);
    publish(&organization, &id).await;
    interview.answer(json!("a")).await;
    assert_eq!(interview.turn["question"]["text"], "Question two?");
    let mut later = organization.interview(&id).await;
    later.answer(json!("a")).await;
    assert_eq!(later.turn["question"]["text"], "Something else?");
}

#[tokio::test]
async fn every_fault_of_a_guide_is_listed_by_pointer_422() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let id = organization.draft().await;
    let mut guide = guides::every_kind();
    guide["blocks"][0]["questions"][1]["validate"]["pattern"] = json!("(");
    guide["blocks"][1]["questions"][1]["choices"] = json!([]);
    guide["blocks"][2]["questions"][3]["kind"] = json!("video");
    guide["blocks"][1]["next"][0]["if"]["args"][0]["q"] = json!("nobody");
    organization.admin.put(&format!("/v1/campaigns/{id}/guide"), guide).await.expect(200);
    let refusal = organization.admin.post_nothing(&format!("/v1/campaigns/{id}/publish")).await;
    let error = refusal.refused(422, "validation_failed");
    let pointers: Vec<_> =
        error["details"].as_array().unwrap().iter().map(|one| one["pointer"].as_str().unwrap()).collect();
    for expected in [
        "/blocks/0/questions/1/validate/pattern",
        "/blocks/1/questions/1/choices",
        "/blocks/2/questions/3/validate/max_length",
        "/blocks/1/next/0/if/args/0/q",
    ] {
        assert!(pointers.contains(&expected), "{expected} is not among {pointers:?}");
    }
}

#[tokio::test]
async fn whoever_has_not_seen_the_draft_neither_replaces_nor_publishes_it_412() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let campaign = organization.draft().await;
    let path = format!("/v1/campaigns/{campaign}/guide");
    let put = async |tag: &str, guide: Value| {
        send(organization.admin.request(Method::PUT, &path).header("If-Match", tag).json(&guide)).await
    };
    let first = organization.admin.get(&format!("/v1/campaigns/{campaign}")).await;
    let seen = first.header("etag").unwrap().to_owned();
    let stored = put(&seen, guides::short()).await;
    stored.expect(200);
    let tag = stored.header("etag").unwrap().to_owned();
    assert_ne!(tag, seen);
    put(&seen, guides::long(2)).await.refused(412, "precondition_failed");
    let publish = format!("/v1/campaigns/{campaign}/publish");
    let unseen = organization.admin.request(Method::POST, &publish).header("If-Match", &seen);
    send(unseen).await.refused(412, "precondition_failed");
    let read = organization.admin.get(&path).await;
    assert_eq!(
        (read.header("etag"), &read.expect(200)["title"]),
        (Some(tag.as_str()), &json!({"en": "Short"}))
    );
    // The same again is no change.
    let again = put(&tag, guides::short()).await;
    assert_eq!((again.status, again.header("etag")), (200, Some(tag.as_str())));
    let either = organization.admin.request(Method::POST, &publish).header("If-Match", &seen);
    send(either.header("If-Match", &tag)).await.expect(200);
}

#[tokio::test]
async fn every_fault_of_a_guide_is_told_however_many_there_are() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let id = organization.draft().await;
    let mut guide = guides::long(150);
    for question in guide["blocks"][0]["questions"].as_array_mut().unwrap() {
        question["text"] = json!("{{q.nobody|you}}");
    }
    let uploaded = organization.admin.put(&format!("/v1/campaigns/{id}/guide"), guide).await.expect(200);
    assert_eq!(uploaded["faults"].as_array().unwrap().len(), 150);
    let refused = organization.admin.post_nothing(&format!("/v1/campaigns/{id}/publish")).await.expect(422);
    assert_eq!(refused["error"]["details"].as_array().unwrap().len(), 150);
}
