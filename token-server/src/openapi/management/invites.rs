//! Invites.

use serde_json::json;

use crate::openapi::{operation::Operation, schemas::named};

const INVITES: &str = "Invites";

pub(super) fn all() -> Vec<Operation> {
    [objects(), steps()].into_iter().flatten().collect()
}

fn objects() -> Vec<Operation> {
    let path = "/v1/invites";
    vec![
        Operation::new(
            "post",
            path,
            (INVITES, "mintInvite"),
            "Mint an invite",
            "Gives a short-lived token for the widget. The campaign must be active.",
        )
        .key("invites:write")
        .body("MintInvite")
        .refuses(&[404])
        .answers(201, "The invite with its token.", "MintedInvite"),
        Operation::new(
            "get",
            path,
            (INVITES, "listInvites"),
            "List invites",
            "Without their tokens, newest first.",
        )
        .key("invites:read")
        .paged()
        .query("campaign_id", &named("CampaignId"), "Only those of this campaign.")
        .query("status", &named("InviteStatus"), "Only those with this status.")
        .query("external_id", &json!({"type": "string"}), "Only those of this participant of yours.")
        .answers_page("A page of invites.", "Invite"),
        Operation::new(
            "post",
            "/v1/invites/batch",
            (INVITES, "mintInvites"),
            "Mint many invites",
            "Up to 1,000. Each row succeeds or fails by itself.",
        )
        .key("invites:write")
        .body("MintBatch")
        .answers(200, "What became of each row.", "MintedBatch"),
        Operation::new("get", "/v1/invites/{id}", (INVITES, "getInvite"), "See an invite", "")
            .key("invites:read")
            .answers(200, "The invite, without its token.", "Invite"),
    ]
}

fn steps() -> Vec<Operation> {
    let step = |path, id, summary, description| {
        Operation::new("post", path, (INVITES, id), summary, description).key("invites:write").refuses(&[410])
    };
    vec![
        step(
            "/v1/invites/{id}/cancel",
            "cancelInvite",
            "Cancel an invite",
            "Its tokens and its session end with the next request. Cancelling twice is no error.",
        )
        .answers(200, "The cancelled invite.", "Invite"),
        step(
            "/v1/invites/{id}/extend",
            "extendInvite",
            "Extend an invite",
            "It lives on for so long from now, and gets a fresh token.",
        )
        .body("ExtendInvite")
        .answers(200, "The invite with a fresh token.", "MintedInvite"),
        step(
            "/v1/invites/{id}/reissue",
            "reissueInvite",
            "Reissue an invite",
            "Its life begins anew, with a fresh token; it becomes shorter only where the body says how long it is to be. Older tokens live on until their own end, and never longer than the invite.",
        )
        .optional_body("ReissueInvite")
        .answers(200, "The invite with a fresh token.", "MintedInvite"),
    ]
}
