//! Two organizations: what belongs to one is out of the other's reach, and nothing of it is told.

use domain::organization::Plan;
use protocol::Environment;
use serde_json::json;

use crate::support::{
    Reply, TestServer,
    caller::send,
    routes::{Objects, Route},
    snapshot::Snapshot,
};

/// Texts that are in the objects of one organization and must never reach the other.
const MARKERS: [&str; 4] = ["ada.lovelace@example.com", "marker-name", "marker-campaign", "marker-metadata"];

fn tells_nothing(reply: &Reply) {
    let headers = format!("{:?}", reply.headers);
    for marker in MARKERS {
        assert!(!reply.text.contains(marker) && !headers.contains(marker), "{}", reply.text);
    }
}

#[tokio::test]
async fn every_route_to_an_object_of_another_organization_is_refused_403_and_to_an_absent_one_404() {
    let server = TestServer::start().await;
    let owner = server.organization("Owner").await;
    let stranger = server.organization("Stranger").await;
    let (mut objects, _) = Objects::make(&owner).await;
    let campaign = format!("/v1/campaigns/{}", objects.campaign);
    let marked = json!({"name": "marker-campaign", "metadata": {"a": "marker-metadata"}});
    owner.admin.patch(&campaign, marked).await.expect(200);
    let person = json!({"participant_email": MARKERS[0], "participant_name": "marker-name"});
    objects.invite = owner.invite_with(&objects.campaign, person).await["id"].as_str().unwrap().to_owned();

    let before = Snapshot::of(&server, &[&owner, &stranger]).await;
    let routes: Vec<_> = Route::management().into_iter().filter(Route::bears_an_id).collect();
    assert!(routes.len() >= 17, "the walk covers every route with an id");
    for route in &routes {
        let foreign = send(route.request(&stranger.admin, &objects)).await;
        foreign.is_guide_403();
        tells_nothing(&foreign);
        let absent = send(route.request(&stranger.admin, &Objects::absent())).await;
        absent.refused(404, "not_found");
    }
    assert!(before == Snapshot::of(&server, &[&owner, &stranger]).await, "something has changed");
}

#[tokio::test]
async fn an_invite_cannot_be_minted_for_the_campaign_of_another_organization_403() {
    let server = TestServer::start().await;
    let owner = server.organization("Owner").await;
    let stranger = server.organization("Stranger").await;
    let campaign = owner.campaign().await;
    stranger.admin.post("/v1/invites", json!({"campaign_id": campaign})).await.is_guide_403();
    let absent = json!({"campaign_id": "camp_00000000000000000000000000"});
    stranger.admin.post("/v1/invites", absent).await.refused(404, "not_found");
}

#[tokio::test]
async fn lists_have_nothing_of_another_organization() {
    let server = TestServer::start().await;
    let owner = server.organization("Owner").await;
    let stranger = server.organization("Stranger").await;
    let (objects, _) = Objects::make(&owner).await;
    let filter = format!("?campaign_id={}", objects.campaign);
    for path in ["/v1/campaigns", "/v1/invites", "/v1/sessions", "/v1/webhooks"] {
        for query in ["", filter.as_str()] {
            let page = stranger.admin.get(&format!("{path}{query}")).await.expect(200);
            assert_eq!(page, json!({"data": [], "has_more": false, "next_cursor": null}));
        }
        assert_ne!(owner.admin.get(path).await.expect(200)["data"], json!([]));
    }
    let keys = stranger.admin.get("/v1/api-keys").await.expect(200);
    assert_eq!(keys["data"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn nothing_of_one_environment_is_there_in_the_other_404() {
    let server = TestServer::start().await;
    let live = server.organization("Acme").await;
    let sandbox = server.organization_in("Sandboxed", Environment::Test, Plan::SelfHosted).await;
    let (objects, _) = Objects::make(&live).await;
    for route in Route::management().into_iter().filter(Route::bears_an_id) {
        send(route.request(&sandbox.admin, &objects)).await.refused(404, "not_found");
    }
}
