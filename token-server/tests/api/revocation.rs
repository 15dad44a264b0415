//! A key that is revoked under load, and while its secret is being checked.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    time::Duration,
};

use protocol::Environment;
use serde_json::json;

use crate::support::{GUIDE_401, TestServer, organization::id_of};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_request_sent_after_the_answer_to_the_revocation_is_401() {
    const CALLERS: usize = 16;
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let campaign = organization.campaign().await;
    let created = organization.create_key(json!({"name": "Leaked"})).await;
    let leaked = organization.admin.with(created["key"].as_str().unwrap());
    let is_revoked = Arc::new(AtomicBool::new(false));
    let accepted = Arc::new(AtomicU32::new(0));
    let callers: Vec<_> = (0..CALLERS)
        .map(|number| {
            let (leaked, campaign) = (leaked.clone(), campaign.clone());
            let (is_revoked, accepted) = (Arc::clone(&is_revoked), Arc::clone(&accepted));
            tokio::spawn(async move {
                let mut refused_after = 0;
                while refused_after < 20 {
                    let was_revoked = is_revoked.load(Ordering::SeqCst);
                    // A third mints, which is decided from memory; a third sends a mint that is faulty as well.
                    let reply = match number % 3 {
                        0 => leaked.post("/v1/invites", json!({"campaign_id": campaign})).await,
                        1 => {
                            leaked.post("/v1/invites", json!({"campaign_id": campaign, "nonsense": 1})).await
                        }
                        _ => leaked.get("/v1/campaigns").await,
                    };
                    if was_revoked {
                        assert_eq!((reply.status, reply.text.as_str()), (401, GUIDE_401));
                        refused_after += 1;
                    } else {
                        assert!(matches!(reply.status, 200 | 201 | 401 | 422), "{}", reply.text);
                        accepted.fetch_add(u32::from(reply.status != 401), Ordering::SeqCst);
                    }
                }
            })
        })
        .collect();
    while accepted.load(Ordering::SeqCst) < 200 {
        tokio::task::yield_now().await;
    }
    organization.admin.delete(&format!("/v1/api-keys/{}", id_of(&created))).await.expect(200);
    is_revoked.store(true, Ordering::SeqCst);
    for caller in callers {
        caller.await.unwrap();
    }
}

#[tokio::test]
async fn a_check_under_way_cannot_bring_a_revoked_key_back() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    organization.admin.get("/v1/campaigns").await.expect(200);
    let other = server.another_admin(&organization, Environment::Live).await;
    let keys = organization.admin.get("/v1/api-keys").await.expect(200);
    let mut keys = keys["data"].as_array().unwrap().iter();
    let path =
        keys.find(|key| key["id"] != organization.admin_key_id.as_str()).map(|key| id_of(key)).unwrap();
    let path = format!("/v1/api-keys/{path}");

    let cache = Arc::clone(&server.shared.key_cache);
    let held = cache.hold_bcrypts().await;
    let checked = other.clone();
    let request = tokio::spawn(async move { checked.get("/v1/campaigns").await });
    let waits = async {
        while cache.waiting() == 0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), waits).await.expect("a request that waits for bcrypt");
    organization.admin.delete(&path).await.expect(200);
    drop(held);
    request.await.unwrap().is_guide_401();
    other.get("/v1/campaigns").await.is_guide_401();
    other.post("/v1/campaigns", json!({"name": "n"})).await.is_guide_401();
}

#[tokio::test]
async fn a_revoked_key_that_is_remembered_learns_nothing_of_what_else_is_wrong() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let campaign = organization.campaign().await;
    let good = json!({"campaign_id": campaign});
    for (scopes, before, faulty) in [
        (json!(["invites:write"]), 201, json!({"campaign_id": campaign, "nonsense": 1})),
        (json!(["invites:write"]), 201, json!({"campaign_id": campaign, "expires_in_s": 1})),
        (json!(["invites:write"]), 201, json!({"campaign_id": "camp_0"})),
        (json!(["invites:read"]), 403, good.clone()),
    ] {
        let created = organization.create_key(json!({"name": "Leaked", "scopes": scopes})).await;
        let leaked = organization.admin.with(created["key"].as_str().unwrap());
        assert_eq!(leaked.post("/v1/invites", good.clone()).await.status, before);
        organization.admin.delete(&format!("/v1/api-keys/{}", id_of(&created))).await.expect(200);
        leaked.post("/v1/invites", faulty).await.is_guide_401();
        leaked.post("/v1/invites", good.clone()).await.is_guide_401();
    }
}
