//! `/v1/campaigns`: made, read, changed, moved along, removed.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Organization, Reply, TestServer, caller::send, guides, organization::id_of};

/// A PATCH on condition.
async fn patch_if(organization: &Organization, path: &str, etag: &str, body: Value) -> Reply {
    send(organization.admin.request(Method::PATCH, path).header("If-Match", etag).json(&body)).await
}

#[tokio::test]
async fn create_makes_a_draft_with_defaults_201() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let reply = organization.admin.post("/v1/campaigns", json!({"name": "Research"})).await;
    let campaign = reply.expect(201);
    assert_eq!(
        campaign,
        json!({
            "id": campaign["id"], "name": "Research", "description": "", "status": "draft", "environment": "live",
            "settings": {
                "locale": "en", "allowed_origins": [], "invite_ttl_s": 3_600, "resume_window_s": 86_400, "reuse": "one_time",
                "theme": {}
            },
            "metadata": {}, "counters": {"invited": 0, "started": 0, "completed": 0, "abandoned": 0}, "published_version": null,
            "created_at": "2026-01-31T12:00:00.000Z", "updated_at": "2026-01-31T12:00:00.000Z"
        })
    );
    assert_eq!(reply.header("etag"), Some("\"1\""));
    assert_eq!(reply.header("cache-control"), Some("no-store"));
    let read = organization.admin.get(&format!("/v1/campaigns/{}", id_of(&campaign))).await;
    assert_eq!((read.expect(200), read.header("etag")), (campaign, Some("\"1\"")));
}

#[tokio::test]
async fn create_takes_every_member() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let body = json!({
        "name": "n".repeat(100), "description": "d".repeat(500), "metadata": {"deep": {"er": [1, null, "x"]}},
        "settings": {
            "locale": "pt-BR", "allowed_origins": ["https://example.com", "http://localhost:3000"], "invite_ttl_s": 60,
            "resume_window_s": 60, "reuse": "reusable", "theme": {"--accent": "teal"}
        }
    });
    let campaign = organization.admin.post("/v1/campaigns", body.clone()).await.expect(201);
    for member in ["name", "description", "metadata", "settings"] {
        assert_eq!(campaign[member], body[member]);
    }
}

#[tokio::test]
async fn create_lists_every_fault_422() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let body = json!({
        "name": "", "description": "d".repeat(501), "metadata": {"x": "y".repeat(17_000)},
        "settings": {
            "locale": "english language", "allowed_origins": ["https://example.com/", "*"], "invite_ttl_s": 59,
            "resume_window_s": 59, "theme": {"x": "y".repeat(17_000)}
        }
    });
    organization.admin.post("/v1/campaigns", body).await.refused_with(
        "validation_failed",
        &[
            ("/name", "too_short"),
            ("/description", "too_long"),
            ("/metadata", "too_large"),
            ("/settings/locale", "invalid_locale"),
            ("/settings/invite_ttl_s", "out_of_range"),
            ("/settings/allowed_origins/0", "invalid_origin"),
            ("/settings/allowed_origins/1", "invalid_origin"),
            ("/settings/resume_window_s", "out_of_range"),
            ("/settings/theme", "too_large"),
        ],
    );
}

#[tokio::test]
async fn members_that_only_the_server_sets_are_refused_by_name_422() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let path = format!("/v1/campaigns/{}", organization.draft().await);
    let before = organization.admin.get(&path).await.text;
    for member in [
        "id",
        "org_id",
        "organization_id",
        "env",
        "environment",
        "status",
        "hash",
        "plan",
        "counters",
        "revision",
    ] {
        let pointer = format!("/{member}");
        let faults = [(pointer.as_str(), "unknown_field")];
        let body = json!({"name": "Mine", member: "x"});
        organization.admin.patch(&path, body.clone()).await.refused_with("unknown_field", &faults);
        organization.admin.post("/v1/campaigns", body).await.refused_with("unknown_field", &faults);
    }
    assert_eq!(organization.admin.get(&path).await.text, before);
}

#[tokio::test]
async fn update_is_a_merge_patch() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let path =
        format!("/v1/campaigns/{}", organization.draft_with(json!({"theme": {"a": "1", "b": "2"}})).await);
    organization
        .admin
        .patch(&path, json!({"metadata": {"team": {"name": "x", "size": 3}, "old": true}}))
        .await
        .expect(200);
    server.clock.advance_secs(60);
    let reply = organization
        .admin
        .patch(
            &path,
            json!({
                "description": "New", "metadata": {"team": {"size": null}, "old": null},
                "settings": {"invite_ttl_s": 120, "theme": {"a": null, "c": "3"}}
            }),
        )
        .await;
    let campaign = reply.expect(200);
    assert_eq!(campaign["name"], "Research");
    assert_eq!(campaign["description"], "New");
    assert_eq!(campaign["metadata"], json!({"team": {"name": "x"}}));
    assert_eq!(campaign["settings"]["invite_ttl_s"], 120);
    assert_eq!(campaign["settings"]["resume_window_s"], 86_400);
    assert_eq!(campaign["settings"]["theme"], json!({"b": "2", "c": "3"}));
    assert_eq!(campaign["updated_at"], "2026-01-31T12:01:00.000Z");
    assert_eq!(reply.header("etag"), Some("\"3\""));
    let removal = json!({"description": null, "settings": {"invite_ttl_s": null}});
    let back = organization.admin.patch(&path, removal).await.expect(200);
    assert_eq!(back["description"], "");
    assert_eq!(
        back["settings"]["invite_ttl_s"], 3_600,
        "without a value of its own it has the default again"
    );
}

#[tokio::test]
async fn an_update_that_changes_nothing_keeps_the_etag() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let path = format!("/v1/campaigns/{}", organization.draft().await);
    server.clock.advance_secs(60);
    let reply = organization.admin.patch(&path, json!({"name": "Research"})).await;
    assert_eq!(reply.expect(200)["updated_at"], "2026-01-31T12:00:00.000Z");
    assert_eq!(reply.header("etag"), Some("\"1\""));
}

#[tokio::test]
async fn update_points_at_faults_below_settings_422() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let path = format!("/v1/campaigns/{}", organization.draft().await);
    let change = async |settings: Value| organization.admin.patch(&path, json!({"settings": settings})).await;
    change(json!({"colour": 1}))
        .await
        .refused_with("unknown_field", &[("/settings/colour", "unknown_field")]);
    change(json!({"reuse": "never"}))
        .await
        .refused_with("validation_failed", &[("/settings/reuse", "invalid_value")]);
    change(json!({"locale": 5}))
        .await
        .refused_with("validation_failed", &[("/settings/locale", "invalid_value")]);
    change(json!({"invite_ttl_s": 604_801}))
        .await
        .refused_with("validation_failed", &[("/settings/invite_ttl_s", "out_of_range")]);
}

#[tokio::test]
async fn a_change_of_what_has_changed_meanwhile_is_refused_412() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let path = format!("/v1/campaigns/{}", organization.draft().await);
    patch_if(&organization, &path, "\"1\"", json!({"name": "First"})).await.expect(200);
    patch_if(&organization, &path, "\"1\"", json!({"name": "Second"}))
        .await
        .refused(412, "precondition_failed");
    patch_if(&organization, &path, "\"7\", \"2\"", json!({"name": "Third"})).await.expect(200);
    patch_if(&organization, &path, "*", json!({"name": "Fourth"})).await.expect(200);
    patch_if(&organization, &path, "W/\"4\"", json!({"name": "Fifth"}))
        .await
        .refused(412, "precondition_failed");
    assert_eq!(organization.admin.get(&path).await.expect(200)["name"], "Fourth");
}

#[tokio::test]
async fn every_route_that_changes_a_campaign_heeds_if_match_412() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let path = format!("/v1/campaigns/{}", organization.campaign().await);
    let etag = organization.admin.get(&path).await.header("etag").unwrap().to_owned();
    for (method, tail, body) in [
        (Method::PATCH, "", Some(json!({"name": "x"}))),
        (Method::DELETE, "", None),
        (Method::PUT, "/guide", Some(guides::short())),
        (Method::POST, "/publish", None),
        (Method::POST, "/activate", None),
        (Method::POST, "/pause", None),
        (Method::POST, "/complete", None),
        (Method::POST, "/archive", None),
    ] {
        let request =
            organization.admin.request(method, &format!("{path}{tail}")).header("If-Match", "\"999\"");
        let request = match body {
            Some(body) => request.json(&body),
            None => request,
        };
        send(request).await.refused(412, "precondition_failed");
    }
    assert_eq!(organization.admin.get(&path).await.header("etag"), Some(etag.as_str()));
}

#[tokio::test]
async fn the_counters_do_not_change_the_etag() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let id = organization.campaign().await;
    let path = format!("/v1/campaigns/{id}");
    let before = organization.admin.get(&path).await.header("etag").unwrap().to_owned();
    organization.invite(&id).await;
    let after = organization.admin.get(&path).await;
    assert_eq!(after.expect(200)["counters"]["invited"], 1);
    assert_eq!(after.header("etag"), Some(before.as_str()));
}

/// A status, the steps to it, and where each further step leads.
type Row = (&'static str, &'static [&'static str], [Option<&'static str>; 4]);

#[tokio::test]
async fn a_campaign_moves_along_its_life_cycle_and_nowhere_else_409() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let steps = ["activate", "pause", "complete", "archive"];
    let table: [Row; 5] = [
        ("draft", &[], [Some("active"), None, None, Some("archived")]),
        ("active", &["activate"], [Some("active"), Some("paused"), Some("completed"), None]),
        ("paused", &["activate", "pause"], [Some("active"), Some("paused"), Some("completed"), None]),
        ("completed", &["activate", "complete"], [None, None, Some("completed"), Some("archived")]),
        ("archived", &["activate", "complete", "archive"], [None, None, None, Some("archived")]),
    ];
    for (status, way, outcomes) in table {
        for (step, outcome) in steps.into_iter().zip(outcomes) {
            let id = organization.draft().await;
            organization.admin.put(&format!("/v1/campaigns/{id}/guide"), guides::short()).await.expect(200);
            organization.admin.post_nothing(&format!("/v1/campaigns/{id}/publish")).await.expect(200);
            for step in way {
                organization.step(&id, step).await;
            }
            let reply = organization.admin.post_nothing(&format!("/v1/campaigns/{id}/{step}")).await;
            if let Some(outcome) = outcome {
                assert_eq!(reply.expect(200)["status"], outcome, "{step} from {status}");
            } else {
                let error = reply.refused(409, "invalid_transition");
                assert!(error["message"].as_str().unwrap().contains(status), "{error}");
            }
        }
    }
}

#[tokio::test]
async fn a_campaign_without_a_published_guide_cannot_be_activated_409() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let id = organization.draft().await;
    organization.admin.put(&format!("/v1/campaigns/{id}/guide"), guides::short()).await.expect(200);
    organization
        .admin
        .post_nothing(&format!("/v1/campaigns/{id}/activate"))
        .await
        .refused(409, "invalid_transition");
}

#[tokio::test]
async fn a_setting_that_there_is_not_cannot_be_taken_away_either_422() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let path = format!("/v1/campaigns/{}", organization.draft().await);
    let error = organization
        .admin
        .patch(&path, json!({"settings": {"locale": null, "local": null}}))
        .await
        .refused(422, "unknown_field");
    assert_eq!(error["details"][0]["pointer"], "/settings/local");
    organization.admin.patch(&path, json!({"settings": {"locale": null}})).await.expect(200);
}

#[tokio::test]
async fn an_archived_campaign_cannot_be_changed_409() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let id = organization.draft().await;
    organization.step(&id, "archive").await;
    organization
        .admin
        .patch(&format!("/v1/campaigns/{id}"), json!({"name": "x"}))
        .await
        .refused(409, "conflict");
}

#[tokio::test]
async fn delete_removes_a_campaign_that_never_invited_anybody_204() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let id = organization.campaign().await;
    let path = format!("/v1/campaigns/{id}");
    let reply = organization.admin.delete(&path).await;
    assert_eq!((reply.status, reply.text.as_str()), (204, ""));
    organization.admin.get(&path).await.refused(404, "not_found");
    organization.admin.delete(&path).await.refused(404, "not_found");
}

#[tokio::test]
async fn delete_refuses_a_campaign_with_invites_409() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let id = organization.campaign().await;
    organization.invite(&id).await;
    organization.admin.delete(&format!("/v1/campaigns/{id}")).await.refused(409, "conflict");
    organization.admin.get(&format!("/v1/campaigns/{id}")).await.expect(200);
}

#[tokio::test]
async fn list_gives_the_newest_first_a_page_at_a_time_and_by_status() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    for number in 1..=5 {
        server.clock.advance_secs(1);
        organization.admin.post("/v1/campaigns", json!({"name": number.to_string()})).await.expect(201);
    }
    let mut names = Vec::new();
    let mut query = "?limit=2".to_owned();
    loop {
        let page = organization.admin.get(&format!("/v1/campaigns{query}")).await.expect(200);
        let data = page["data"].as_array().unwrap();
        assert!(data.len() <= 2);
        names.extend(data.iter().map(|campaign| campaign["name"].as_str().unwrap().to_owned()));
        assert_eq!(page["has_more"], !page["next_cursor"].is_null());
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        query = format!("?limit=2&cursor={cursor}");
    }
    assert_eq!(names, ["5", "4", "3", "2", "1"]);
    let active = organization.campaign().await;
    let page = organization.admin.get("/v1/campaigns?status=active").await.expect(200);
    assert_eq!(page["data"].as_array().unwrap().iter().map(id_of).collect::<Vec<_>>(), [active]);
    assert_eq!(organization.admin.get("/v1/campaigns?status=paused").await.expect(200)["data"], json!([]));
}

#[tokio::test]
async fn a_cursor_that_names_no_campaign_of_ours_is_400() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let stranger = server.organization("Stranger").await;
    let foreign = stranger.draft().await;
    organization.draft().await;
    let gone = organization.draft().await;
    organization.admin.get(&format!("/v1/campaigns?cursor={gone}")).await.expect(200);
    organization.admin.delete(&format!("/v1/campaigns/{gone}")).await.expect(204);
    for cursor in [gone.as_str(), foreign.as_str(), "camp_00000000000000000000000000"] {
        // An empty page would look like the end of the list, and a foreign one would tell when that was made.
        organization
            .admin
            .get(&format!("/v1/campaigns?cursor={cursor}"))
            .await
            .refused(400, "invalid_request");
    }
}

#[tokio::test]
async fn null_clears_settings_and_metadata_and_no_campaign_is_without_a_name() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let campaign = organization.draft_with(json!({"invite_ttl_s": 600})).await;
    let path = format!("/v1/campaigns/{campaign}");
    let change = async |body: Value| organization.admin.patch(&path, body).await;
    change(json!({"metadata": {"team": "research"}})).await.expect(200);
    let cleared = change(json!({"metadata": null})).await.expect(200);
    assert_eq!((&cleared["metadata"], &cleared["settings"]["invite_ttl_s"]), (&json!({}), &json!(600)));
    let cleared = change(json!({"settings": null})).await.expect(200);
    assert_eq!(cleared["settings"]["invite_ttl_s"], 3_600);
    assert_eq!(change(json!({"name": null})).await.expect(422)["error"]["details"][0]["pointer"], "/name");
}
