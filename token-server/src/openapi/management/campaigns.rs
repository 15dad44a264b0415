//! Campaigns, their guides and the steps of their lives.

use serde_json::json;

use crate::openapi::{operation::Operation, schemas::named};

const CAMPAIGNS: &str = "Campaigns";

pub(super) fn all() -> Vec<Operation> {
    [objects(), guides(), steps()].into_iter().flatten().collect()
}

fn objects() -> Vec<Operation> {
    let (path, one) = ("/v1/campaigns", "/v1/campaigns/{id}");
    vec![
        Operation::new(
            "post",
            path,
            (CAMPAIGNS, "createCampaign"),
            "Create a campaign",
            "It begins as a draft.",
        )
        .key("campaigns:write")
        .body("CreateCampaign")
        .answers(201, "The campaign.", "Campaign")
        .tagged(),
        Operation::new("get", path, (CAMPAIGNS, "listCampaigns"), "List campaigns", "Newest first.")
            .key("campaigns:read")
            .paged()
            .query("status", &named("CampaignStatus"), "Only those with this status.")
            .answers_page("A page of campaigns.", "Campaign"),
        Operation::new("get", one, (CAMPAIGNS, "getCampaign"), "See a campaign", "")
            .key("campaigns:read")
            .answers(200, "The campaign.", "Campaign")
            .tagged(),
        Operation::new(
            "get",
            "/v1/campaigns/{id}/analytics",
            (CAMPAIGNS, "getAnalytics"),
            "See what a campaign's interviews come to",
            "Counted when it is asked for, so it takes longer the more there is: choose a time where there is much.",
        )
        .key("sessions:read")
        .query("from", &named("Timestamp"), "Only sessions that began then or later.")
        .query("to", &named("Timestamp"), "Only sessions that began before.")
        .answers(200, "Where the sessions stand, and the answers to each question.", "CampaignAnalytics"),
        Operation::new(
            "patch",
            one,
            (CAMPAIGNS, "updateCampaign"),
            "Change a campaign",
            "Members that are left out stay as they are.",
        )
        .key("campaigns:write")
        .if_match()
        .body("UpdateCampaign")
        .refuses(&[409])
        .answers(200, "The changed campaign.", "Campaign")
        .tagged(),
        Operation::new(
            "delete",
            one,
            (CAMPAIGNS, "deleteCampaign"),
            "Delete a campaign",
            "Only one that never invited anybody; others are archived.",
        )
        .key("campaigns:write")
        .if_match()
        .refuses(&[409])
        .answers_content(204, "It is gone.", json!(null)),
    ]
}

fn guides() -> Vec<Operation> {
    let path = "/v1/campaigns/{id}/guide";
    vec![
        Operation::new("get", path, (CAMPAIGNS, "getGuide"), "See the draft of a guide", "")
            .key("campaigns:read")
            .answers(200, "The draft, with the campaign's entity tag.", "Guide")
            .tagged(),
        Operation::new(
            "put",
            path,
            (CAMPAIGNS, "putGuide"),
            "Replace the draft of a guide",
            "Its shape must be right; what publishing would refuse is listed in the answer.",
        )
        .key("campaigns:write")
        .if_match()
        .body("Guide")
        .refuses(&[409])
        .answers(
            200,
            "It is stored; a draft that is another one gives the campaign a new entity tag.",
            "UploadedGuide",
        )
        .tagged(),
        Operation::new(
            "post",
            "/v1/campaigns/{id}/publish",
            (CAMPAIGNS, "publishGuide"),
            "Publish the guide",
            "Makes the draft a version that never changes; interviews keep the version they began with.",
        )
        .key("campaigns:write")
        .if_match()
        .answers(200, "The version.", "PublishedGuide"),
    ]
}

fn steps() -> Vec<Operation> {
    let step = |path, id, summary, description| {
        Operation::new("post", path, (CAMPAIGNS, id), summary, description)
            .key("campaigns:write")
            .if_match()
            .answers(200, "The campaign.", "Campaign")
            .tagged()
    };
    vec![
        step(
            "/v1/campaigns/{id}/activate",
            "activateCampaign",
            "Activate a campaign",
            "From draft or paused; its guide must be published.",
        ),
        step(
            "/v1/campaigns/{id}/pause",
            "pauseCampaign",
            "Pause a campaign",
            "It takes no invites for a while.",
        ),
        step("/v1/campaigns/{id}/complete", "completeCampaign", "Complete a campaign", "It takes no more."),
        step("/v1/campaigns/{id}/archive", "archiveCampaign", "Archive a campaign", "Puts it away."),
    ]
}
