//! The right to deletion: what is erased is in no answer and in no file any more, and nobody else loses anything.

use serde_json::{Value, json};

use crate::support::{Caller, Interview, Organization, TestServer, guides, organization::id_of};

/// Texts that are known of a participant, each from another place.
const MARKERS: [&str; 9] = [
    "zoe.marker@example.com",
    "Marker Name",
    "marker-external",
    "marker-variable",
    "marker-metadata",
    "marker-origin.example",
    "marker-answer one",
    "marker-answer two",
    "marker-draft",
];

/// Somebody about whom all of that is known, half-way through an interview.
async fn person(organization: &Organization, campaign: &str) -> (Value, Interview) {
    let invite = organization
        .invite_with(
            campaign,
            json!({
                "participant_email": MARKERS[0], "participant_name": MARKERS[1], "external_id": MARKERS[2],
                "variables": {"first_name": MARKERS[3]}, "metadata": {"note": MARKERS[4]},
                "origin": format!("https://{}", MARKERS[5])
            }),
        )
        .await;
    let invitee = organization.admin.with(invite["invite_token"].as_str().unwrap());
    let mut interview = Interview::start(&invitee).await;
    interview.answer_until("name").await;
    interview.answer(json!(MARKERS[6])).await;
    interview.answer_until("why").await;
    // So short that it is asked about.
    interview.answer(json!(MARKERS[7])).await;
    interview.draft(1, json!(MARKERS[8])).await.expect(200);
    (invite, interview)
}

fn path_of(participant: &Value) -> String {
    format!("/v1/participants/{}", participant.as_str().unwrap())
}

fn markers_left(server: &TestServer) -> Vec<&'static str> {
    MARKERS.into_iter().filter(|marker| server.database_contains(marker)).collect()
}

async fn actions(admin: &Caller) -> Vec<Value> {
    let log = admin.get("/v1/audit-log?limit=1").await.expect(200);
    log["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| json!([entry["action"], entry["actor"]["type"]]))
        .collect()
}

#[tokio::test]
async fn an_erased_participant_is_in_no_answer_and_no_file() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let campaign = organization.campaign().await;
    let (invite, interview) = person(&organization, &campaign).await;
    let other = organization.invite_with(&campaign, json!({"participant_email": "other@example.com"})).await;
    assert_eq!(markers_left(&server), MARKERS, "they are there before");
    let admin = &organization.admin;
    let before = admin.get(&path_of(&invite["participant_id"])).await.expect(200);
    assert_eq!((&before["email"], &before["erased_at"]), (&json!(MARKERS[0]), &Value::Null));

    let erased = admin.delete(&path_of(&invite["participant_id"])).await.expect(200);
    assert_eq!(
        erased,
        json!({
            "id": invite["participant_id"], "email": null, "name": null, "external_id": null,
            "created_at": before["created_at"], "erased_at": "2026-01-31T12:00:00.000Z"
        })
    );
    assert_eq!(markers_left(&server), [""; 0]);
    assert_eq!(actions(admin).await, [json!(["participant.erased", "api_key"])]);

    let shown = admin.get(&format!("/v1/invites/{}", id_of(&invite))).await.expect(200);
    assert_eq!(
        (&shown["status"], &shown["variables"], &shown["metadata"]),
        (&json!("cancelled"), &json!({}), &json!({}))
    );
    admin.get(&format!("/v1/sessions/{}", interview.session_id())).await.refused(404, "not_found");
    interview.participant.get("/v1/participant/session").await.refused(401, "unauthorized");
    interview.invitee.post_nothing("/v1/participant/session").await.refused(410, "invite_cancelled");
    let counters = admin.get(&format!("/v1/campaigns/{campaign}")).await.expect(200)["counters"].clone();
    assert_eq!(
        (&counters["invited"], &counters["started"]),
        (&json!(2), &json!(1)),
        "what was counted stays counted"
    );

    assert!(server.database_contains("other@example.com"), "nobody else is concerned");
    admin.get(&format!("/v1/invites/{}", id_of(&other))).await.expect(200);
    let again = organization.invite_with(&campaign, json!({"participant_email": MARKERS[0]})).await;
    assert_ne!(again["participant_id"], invite["participant_id"], "who comes back is somebody new");
}

#[tokio::test]
async fn erasing_twice_is_no_error_and_keeps_the_first_time() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let invite = organization.invite(&organization.campaign().await).await;
    let path = path_of(&invite["participant_id"]);
    let first = organization.admin.delete(&path).await.expect(200);
    server.clock.advance_secs(60);
    assert_eq!(organization.admin.delete(&path).await.expect(200), first);
    assert_eq!(organization.admin.get(&path).await.expect(200), first);
    let log = organization.admin.get("/v1/audit-log?action=participant.erased").await.expect(200);
    assert_eq!(log["data"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn names_and_addresses_of_a_participant_take_the_scope_for_them() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let (invite, _) = person(&organization, &organization.campaign().await).await;
    let reader = organization.scoped(&["sessions:read"]).await;
    let shown = reader.get(&path_of(&invite["participant_id"])).await.expect(200);
    assert_eq!(
        (&shown["email"], &shown["name"], &shown["external_id"]),
        (&Value::Null, &Value::Null, &json!(MARKERS[2]))
    );
}

#[tokio::test]
async fn who_withdraws_leaves_nothing_of_the_interview() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let (invite, interview) = person(&organization, &organization.campaign().await).await;
    let withdrawn = interview.participant.post_nothing("/v1/participant/session/withdraw").await.expect(200);
    assert_eq!(withdrawn, json!({"status": "withdrawn", "withdrawn_at": "2026-01-31T12:00:00.000Z"}));
    assert_eq!(markers_left(&server), [""; 0], "it was their only invite, so they are erased as well");
    assert_eq!(actions(&organization.admin).await, [json!(["invite.withdrawn", "participant"])]);
    interview.participant.post_nothing("/v1/participant/session/withdraw").await.refused(401, "unauthorized");
    interview.invitee.post_nothing("/v1/participant/session").await.refused(410, "invite_cancelled");
    let shown = organization.admin.get(&path_of(&invite["participant_id"])).await.expect(200);
    assert_eq!(shown["erased_at"], withdrawn["withdrawn_at"]);
}

#[tokio::test]
async fn who_withdraws_from_one_interview_keeps_the_others() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let (first, second) = (organization.campaign().await, organization.campaign().await);
    let (invite, interview) = person(&organization, &first).await;
    let other = organization.invite_with(&second, json!({"external_id": MARKERS[2]})).await;
    assert_eq!(other["participant_id"], invite["participant_id"]);
    let mut kept = Interview::start(&organization.admin.with(other["invite_token"].as_str().unwrap())).await;
    kept.answer_until("why").await;
    interview.participant.post_nothing("/v1/participant/session/withdraw").await.expect(200);
    assert_eq!(markers_left(&server), MARKERS[..3], "who they are is still needed");
    kept.finish().await;
}

#[tokio::test]
async fn a_completed_interview_can_be_withdrawn_as_well() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let campaign = organization.campaign().await;
    let mut interview = organization.interview(&campaign).await;
    interview.finish().await;
    interview.participant.post_nothing("/v1/participant/session/withdraw").await.expect(200);
    organization
        .admin
        .get(&format!("/v1/sessions/{}", interview.session_id()))
        .await
        .refused(404, "not_found");
    let counters =
        organization.admin.get(&format!("/v1/campaigns/{campaign}")).await.expect(200)["counters"].clone();
    assert_eq!(counters["completed"], 1);
}

#[tokio::test]
async fn a_deleted_session_is_gone_with_its_answers_and_its_invite_opens_no_other() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let campaign = organization.campaign().await;
    let (invite, interview) = person(&organization, &campaign).await;
    let path = format!("/v1/sessions/{}", interview.session_id());
    organization.admin.delete(&path).await.expect(204);
    for marker in &MARKERS[6..] {
        assert!(!server.database_contains(marker), "{marker}");
    }
    assert!(server.database_contains(MARKERS[0]), "the participant is still known");
    assert_eq!(actions(&organization.admin).await, [json!(["session.deleted", "api_key"])]);
    organization.admin.delete(&path).await.refused(404, "not_found");
    organization.admin.get(&format!("{path}/answers")).await.refused(404, "not_found");
    interview.participant.get("/v1/participant/session").await.refused(401, "unauthorized");
    interview.invitee.post_nothing("/v1/participant/session").await.refused(410, "invite_cancelled");
    let shown = organization.admin.get(&format!("/v1/invites/{}", id_of(&invite))).await.expect(200);
    assert_eq!(shown["status"], "cancelled");

    let mut completed = organization.interview(&campaign).await;
    completed.finish().await;
    organization.admin.delete(&format!("/v1/sessions/{}", completed.session_id())).await.expect(204);
    completed.invitee.post_nothing("/v1/participant/session").await.refused(410, "invite_completed");
}

#[tokio::test]
async fn a_deleted_session_leaves_alone_the_one_that_its_invite_has_begun_since() {
    let server = TestServer::start().await;
    let organization = server.organization("Acme").await;
    let campaign = organization.campaign_with(guides::short(), json!({"resume_window_s": 60})).await;
    let abandoned = organization.interview(&campaign).await;
    server.clock.advance_secs(61);
    let mut running = Interview::start(&abandoned.invitee).await;
    assert_ne!(running.session_id(), abandoned.session_id());
    organization.admin.delete(&format!("/v1/sessions/{}", abandoned.session_id())).await.expect(204);
    let told = organization.admin.get("/v1/events?type=invite.cancelled").await.expect(200);
    assert_eq!(told["data"], json!([]));
    running.finish().await;

    // One that was left as well cannot be gone on with, and its invite opens no other.
    let first = organization.interview(&campaign).await;
    server.clock.advance_secs(61);
    Interview::start(&first.invitee).await;
    server.clock.advance_secs(61);
    organization.admin.delete(&format!("/v1/sessions/{}", first.session_id())).await.expect(204);
    first.invitee.post_nothing("/v1/participant/session").await.refused(410, "invite_cancelled");
}
