//! `/v1/invites`

use serde_json::{Value, json};

use crate::support::{
    Interview, Organization, TestServer, base64url, caller::members, guides, organization::id_of,
};

const MEMBERS: [&str; 14] = [
    "api_key_id",
    "campaign_id",
    "created_at",
    "expires_at",
    "external_id",
    "id",
    "locale",
    "metadata",
    "origin",
    "participant_email",
    "participant_id",
    "participant_name",
    "status",
    "variables",
];

async fn status_of(organization: &Organization, invite: &str) -> Value {
    organization.admin.get(&format!("/v1/invites/{invite}")).await.expect(200)["status"].clone()
}

#[tokio::test]
async fn mint_needs_only_a_campaign_and_an_address_201() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let campaign = organization.campaign().await;
    let body = json!({"campaign_id": campaign, "participant_email": "user@example.com"});
    let key = organization.create_key(json!({"name": "Backend"})).await;
    let backend = organization.admin.with(key["key"].as_str().unwrap());
    let reply = backend.post("/v1/invites", body).await;
    let minted = reply.expect(201);
    assert_eq!(
        minted,
        json!({
            "api_key_id": key["id"], "id": minted["id"], "invite_token": minted["invite_token"], "invite_url": minted["invite_url"],
            "campaign_id": campaign, "participant_id": minted["participant_id"], "participant_email": "user@example.com",
            "participant_name": null, "external_id": null, "status": "pending", "variables": {}, "origin": null, "locale": null,
            "metadata": {}, "expires_at": "2026-01-31T13:00:00.000Z", "created_at": "2026-01-31T12:00:00.000Z"
        })
    );
    let token = minted["invite_token"].as_str().unwrap();
    assert_eq!(token.split('.').count(), 3);
    assert_eq!(minted["invite_url"], format!("{}/i#{token}", server.url(protocol::Environment::Live)));
    assert_eq!(reply.header("cache-control"), Some("no-store"));
}

#[tokio::test]
async fn mint_takes_every_member() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let campaign = organization.campaign().await;
    let more = json!({
        "participant_email": "ada@example.com", "participant_name": "Ada Lovelace", "external_id": "crm-42", "expires_in_s": 604_800,
        "variables": {"first_name": "Ada", "seats": 12.5, "beta": true, "joined": "2024-02-29"},
        "origin": "https://example.com", "locale": "de-AT", "metadata": {"source": {"list": 7}}
    });
    let minted = organization.invite_with(&campaign, more.clone()).await;
    for member in
        ["participant_email", "participant_name", "external_id", "variables", "origin", "locale", "metadata"]
    {
        assert_eq!(minted[member], more[member]);
    }
    assert_eq!(minted["expires_at"], "2026-02-07T12:00:00.000Z");
}

#[tokio::test]
async fn an_invite_lives_as_long_as_the_campaign_says_unless_it_says_otherwise() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let campaign = organization.campaign_with(guides::short(), json!({"invite_ttl_s": 120})).await;
    assert_eq!(organization.invite(&campaign).await["expires_at"], "2026-01-31T12:02:00.000Z");
    let longer = organization.invite_with(&campaign, json!({"expires_in_s": 60})).await;
    assert_eq!(longer["expires_at"], "2026-01-31T12:01:00.000Z");
}

#[tokio::test]
async fn mint_lists_every_fault_422() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let campaign = organization.campaign().await;
    let mint = async |mut body: Value| {
        body["campaign_id"] = json!(campaign);
        organization.admin.post("/v1/invites", body).await
    };
    let body = json!({
        "participant_email": "no address", "participant_name": "", "external_id": "x".repeat(201), "expires_in_s": 59,
        "origin": "https://example.com/path", "locale": "?", "metadata": {"x": "y".repeat(17_000)}
    });
    mint(body).await.refused_with(
        "validation_failed",
        &[
            ("/participant_email", "invalid_email"),
            ("/participant_name", "too_short"),
            ("/external_id", "too_long"),
            ("/expires_in_s", "out_of_range"),
            ("/origin", "invalid_origin"),
            ("/locale", "invalid_locale"),
            ("/metadata", "too_large"),
        ],
    );
    mint(json!({"expires_in_s": 604_801}))
        .await
        .refused_with("validation_failed", &[("/expires_in_s", "out_of_range")]);
    mint(json!({"expires_in_s": 1.5}))
        .await
        .refused_with("validation_failed", &[("/expires_in_s", "invalid_value")]);
    mint(json!({"ttl": 60})).await.refused_with("unknown_field", &[("/ttl", "unknown_field")]);
    let without = organization.admin.post("/v1/invites", json!({})).await;
    without.refused_with("validation_failed", &[("/campaign_id", "missing")]);
    let malformed = organization.admin.post("/v1/invites", json!({"campaign_id": "inv_1"})).await;
    malformed.refused_with("validation_failed", &[("/campaign_id", "invalid_value")]);
    assert_eq!(organization.admin.get("/v1/invites").await.expect(200)["data"], json!([]));
}

#[tokio::test]
async fn mint_refuses_an_address_that_is_not_one_alone_422() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let campaign = organization.campaign().await;
    let long = format!("{}@example.com", "a".repeat(60_000));
    for email in
        ["Ada <ada@example.com>", " <ada@example.com>", "\"ada\"@example.com", "ada@[127.0.0.1]", &long]
    {
        let row = json!({"campaign_id": campaign, "participant_email": email});
        let fault = [("/participant_email", "invalid_email")];
        let reply = organization.admin.post("/v1/invites", row.clone()).await;
        reply.refused_with("validation_failed", &fault);
        let batch = organization.admin.post("/v1/invites/batch", json!({"invites": [row]})).await.expect(200);
        let detail = &batch["data"][0]["error"]["details"][0];
        assert_eq!(
            (&detail["code"], batch["data"][0]["status"].as_u64()),
            (&json!("invalid_email"), Some(422))
        );
    }
    assert_eq!(organization.admin.get("/v1/invites").await.expect(200)["data"], json!([]));
}

#[tokio::test]
async fn an_address_that_was_stored_before_with_a_name_beside_it_can_be_read_and_erased() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let email = "Ada <ada@example.com>";
    let participant = domain::invite::Participant {
        id: "part_1".parse().unwrap(),
        environment: protocol::Environment::Live,
        organization_id: organization.id.clone(),
        email: Some(email.to_owned()),
        name: None,
        external_id: None,
        created_at: protocol::Timestamp::from_millis(0),
    };
    storage::write::<_, storage::StoreError, _>(server.shared.store.as_ref(), move |unit| {
        Box::pin(async move { unit.merge_participant(&participant).await })
    })
    .await
    .unwrap();
    let path = "/v1/participants/part_1";
    assert_eq!(organization.admin.get(path).await.expect(200)["email"], email);
    organization.admin.delete(path).await.expect(200);
    assert!(!server.database_contains(email));
}

#[tokio::test]
async fn mint_checks_the_types_of_variables_422() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let campaign = organization.campaign().await;
    let mint = async |variables: Value| {
        let body = json!({"campaign_id": campaign, "variables": variables});
        organization.admin.post("/v1/invites", body).await.refused(422, "validation_failed")["details"]
            .clone()
    };
    for (id, wrong) in [
        ("first_name", json!(5)),
        ("first_name", json!("x".repeat(1_001))),
        ("first_name", json!(["a"])),
        ("seats", json!("12")),
        ("seats", json!(true)),
        ("beta", json!("true")),
        ("beta", json!(0)),
        ("joined", json!("31.01.2026")),
        ("joined", json!("2026-02-30")),
        ("nobody", json!("x")),
    ] {
        let details = mint(json!({id: wrong})).await;
        assert_eq!(details[0]["pointer"], format!("/variables/{id}"), "{wrong}");
    }
    let both = mint(json!({"seats": "x", "beta": "y"})).await;
    assert_eq!(both.as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn mint_takes_an_active_campaign_409() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let mint = async |id: &str| organization.admin.post("/v1/invites", json!({"campaign_id": id})).await;
    mint(&organization.draft().await).await.refused(409, "conflict");
    let campaign = organization.campaign().await;
    organization.step(&campaign, "pause").await;
    mint(&campaign).await.refused(409, "campaign_paused");
    organization.step(&campaign, "activate").await;
    mint(&campaign).await.expect(201);
    organization.step(&campaign, "complete").await;
    mint(&campaign).await.refused(409, "conflict");
    organization.step(&campaign, "archive").await;
    mint(&campaign).await.refused(409, "conflict");
}

#[tokio::test]
async fn the_same_person_is_one_participant() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let campaign = organization.campaign().await;
    let participant =
        async |more: Value| organization.invite_with(&campaign, more).await["participant_id"].clone();
    let by_id = participant(json!({"external_id": "7"})).await;
    assert_eq!(participant(json!({"external_id": "7"})).await, by_id);
    assert_ne!(participant(json!({"external_id": "8"})).await, by_id);
    assert_ne!(participant(json!({})).await, participant(json!({})).await);
}

#[tokio::test]
async fn list_gives_the_newest_first_a_page_at_a_time() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let campaign = organization.campaign().await;
    let mut minted = Vec::new();
    for _ in 0..7 {
        server.clock.advance_secs(1);
        minted.insert(0, id_of(&organization.invite(&campaign).await));
    }
    let mut listed = Vec::new();
    let mut query = "?limit=3".to_owned();
    loop {
        let page = organization.admin.get(&format!("/v1/invites{query}")).await.expect(200);
        assert_eq!(members(&page), ["data", "has_more", "next_cursor"]);
        listed.extend(page["data"].as_array().unwrap().iter().map(id_of));
        assert_eq!(page["has_more"], !page["next_cursor"].is_null());
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        query = format!("?limit=3&cursor={cursor}");
    }
    assert_eq!(listed, minted);
}

#[tokio::test]
async fn list_filters_by_campaign_status_and_external_id() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let first = organization.campaign_with(guides::short(), json!({})).await;
    let second = organization.campaign_with(guides::short(), json!({})).await;
    let pending = organization.invite_with(&first, json!({"external_id": "a b/ü"})).await;
    let cancelled = organization.invite(&first).await;
    organization.admin.post_nothing(&format!("/v1/invites/{}/cancel", id_of(&cancelled))).await.expect(200);
    let mut completed = organization.interview(&second).await;
    completed.finish().await;
    let started = organization.interview(&second).await;
    let brief = organization.invite_with(&second, json!({"expires_in_s": 60})).await;
    server.clock.advance_secs(60);
    let ids = async |query: &str| {
        let page = organization.admin.get(&format!("/v1/invites?{query}")).await.expect(200);
        page["data"].as_array().unwrap().iter().map(id_of).collect::<Vec<_>>()
    };
    assert_eq!(ids("").await.len(), 5);
    assert_eq!(ids(&format!("campaign_id={first}")).await.len(), 2);
    assert_eq!(ids("status=pending").await, [id_of(&pending)]);
    assert_eq!(ids("status=cancelled").await, [id_of(&cancelled)]);
    assert_eq!(ids("status=expired").await, [id_of(&brief)]);
    let of = |interview: &Interview| {
        base64url::parts(interview.invitee.credential()).1["jti"].as_str().unwrap().to_owned()
    };
    assert_eq!(ids("status=completed").await, [of(&completed)]);
    assert_eq!(ids(&format!("status=started&campaign_id={second}")).await, [of(&started)]);
    assert_eq!(ids(&format!("status=started&campaign_id={first}")).await, Vec::<String>::new());
    assert_eq!(ids("external_id=a%20b%2F%C3%BC").await, [id_of(&pending)]);
}

#[tokio::test]
async fn get_gives_the_invite_without_its_token() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let campaign = organization.campaign().await;
    let mut minted = organization.invite_with(&campaign, json!({"participant_name": "Ada"})).await;
    let read = organization.admin.get(&format!("/v1/invites/{}", id_of(&minted))).await.expect(200);
    assert_eq!(members(&read), MEMBERS);
    minted.as_object_mut().unwrap().retain(|name, _| MEMBERS.contains(&name.as_str()));
    assert_eq!(read, minted);
    assert_eq!(read["api_key_id"], organization.admin_key_id.as_str());
}

#[tokio::test]
async fn names_and_addresses_are_hidden_without_the_scope_pii_read() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let campaign = organization.campaign().await;
    let blind = organization.scoped(&["invites:read", "invites:write"]).await;
    let person = json!({"campaign_id": campaign, "participant_email": "ada@example.com", "participant_name": "Lovelace"});
    let minted = blind.post("/v1/invites", person).await;
    let path = format!("/v1/invites/{}", id_of(&minted.expect(201)));
    let replies = [
        minted,
        blind.get(&path).await,
        blind.get("/v1/invites").await,
        blind.post_nothing(&format!("{path}/reissue")).await,
        blind.post_nothing(&format!("{path}/cancel")).await,
    ];
    for reply in replies {
        assert!(
            reply.status < 300 && !reply.text.contains("ada@") && !reply.text.contains("Lovelace"),
            "{}",
            reply.text
        );
    }
    assert_eq!(organization.admin.get(&path).await.expect(200)["participant_name"], "Lovelace");
}

#[tokio::test]
async fn cancel_ends_an_invite_and_doing_it_twice_is_no_error() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let campaign = organization.campaign().await;
    let invite = organization.invite(&campaign).await;
    let path = format!("/v1/invites/{}/cancel", id_of(&invite));
    let cancelled = organization.admin.post_nothing(&path).await.expect(200);
    assert_eq!(members(&cancelled), MEMBERS);
    assert_eq!(cancelled["status"], "cancelled");
    assert_eq!(organization.admin.post_nothing(&path).await.expect(200), cancelled);
    let invitee = server.caller(invite["invite_token"].as_str().unwrap());
    invitee.post_nothing("/v1/participant/session").await.refused(410, "invite_cancelled");
}

#[tokio::test]
async fn cancel_refuses_a_completed_invite_410() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let campaign = organization.campaign_with(guides::short(), json!({})).await;
    let invite = organization.invite(&campaign).await;
    let mut interview = Interview::start(&server.caller(invite["invite_token"].as_str().unwrap())).await;
    interview.finish().await;
    let path = format!("/v1/invites/{}", id_of(&invite));
    organization.admin.post_nothing(&format!("{path}/cancel")).await.refused(410, "invite_completed");
    organization.admin.post_nothing(&format!("{path}/reissue")).await.refused(410, "invite_completed");
    assert_eq!(status_of(&organization, &id_of(&invite)).await, "completed");
}

#[tokio::test]
async fn a_reusable_invite_can_be_cancelled_after_it_was_completed_too() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let campaign = organization.campaign_with(guides::short(), json!({"reuse": "reusable"})).await;
    let invite = organization.invite(&campaign).await;
    let invitee = server.caller(invite["invite_token"].as_str().unwrap());
    Interview::start(&invitee).await.finish().await;
    let path = format!("/v1/invites/{}/cancel", id_of(&invite));
    assert_eq!(organization.admin.post_nothing(&path).await.expect(200)["status"], "cancelled");
    invitee.post_nothing("/v1/participant/session").await.refused(410, "invite_cancelled");
}

#[tokio::test]
async fn an_expired_invite_says_so_and_reissue_revives_it() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let campaign = organization.campaign().await;
    let invite = organization.invite_with(&campaign, json!({"expires_in_s": 60})).await;
    let id = id_of(&invite);
    let old = server.caller(invite["invite_token"].as_str().unwrap());
    server.clock.advance_secs(3_600);
    assert_eq!(status_of(&organization, &id).await, "expired");
    old.post_nothing("/v1/participant/session").await.refused(410, "invite_expired");

    let path = format!("/v1/invites/{id}/reissue");
    let reissued = organization.admin.post(&path, json!({"expires_in_s": 600})).await.expect(200);
    assert_eq!(members(&reissued).len(), MEMBERS.len() + 2);
    assert_eq!(reissued["id"], invite["id"]);
    assert_eq!(reissued["participant_id"], invite["participant_id"]);
    assert_eq!(
        (&reissued["status"], &reissued["expires_at"]),
        (&json!("pending"), &json!("2026-01-31T13:10:00.000Z"))
    );
    assert_ne!(reissued["invite_token"], invite["invite_token"]);
    old.post_nothing("/v1/participant/session").await.refused(410, "invite_expired");
    Interview::start(&server.caller(reissued["invite_token"].as_str().unwrap())).await;
    let again = organization.admin.post_nothing(&path).await.expect(200);
    assert_eq!(
        again["expires_at"], "2026-01-31T14:00:00.000Z",
        "without a body it lives as the campaign says"
    );
}

#[tokio::test]
async fn reissue_refuses_a_bad_lifetime_422_and_a_cancelled_invite_410() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let campaign = organization.campaign().await;
    let path = format!("/v1/invites/{}", id_of(&organization.invite(&campaign).await));
    for seconds in [0, 59, 604_801] {
        let reply =
            organization.admin.post(&format!("{path}/reissue"), json!({"expires_in_s": seconds})).await;
        reply.refused_with("validation_failed", &[("/expires_in_s", "out_of_range")]);
    }
    let unknown = organization.admin.post(&format!("{path}/reissue"), json!({"ttl": 60})).await;
    unknown.refused_with("unknown_field", &[("/ttl", "unknown_field")]);
    organization.admin.post_nothing(&format!("{path}/cancel")).await.expect(200);
    organization.admin.post_nothing(&format!("{path}/reissue")).await.refused(410, "invite_cancelled");
}
