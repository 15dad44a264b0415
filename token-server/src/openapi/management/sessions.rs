//! Sessions: what was answered, and the files that came with it.

use serde_json::json;

use crate::openapi::{operation::Operation, schemas::named};

const SESSIONS: &str = "Sessions";

pub(super) fn all() -> Vec<Operation> {
    let one =
        |path, id, summary| Operation::new("get", path, (SESSIONS, id), summary, "").key("sessions:read");
    vec![
        Operation::new("get", "/v1/sessions", (SESSIONS, "listSessions"), "List sessions", "Newest first.")
            .key("sessions:read")
            .paged()
            .query("campaign_id", &named("CampaignId"), "Only those of this campaign.")
            .query("invite_id", &named("InviteId"), "Only those of this invite.")
            .query("status", &named("SessionStatus"), "Only those with this status.")
            .answers_page("A page of sessions.", "Session"),
        one("/v1/sessions/{id}", "getSession", "See a session").answers(200, "The session.", "Session"),
        one("/v1/sessions/{id}/answers", "listAnswers", "List the answers of a session")
            .answers_page("All of them on one page, in the order they were given.", "Answer"),
        one("/v1/sessions/{id}/events", "listSessionEvents", "List the events of a session")
            .paged()
            .answers_page("What the feed has of it, newest first: events are kept for 30 days.", "Event"),
        bytes(one("/v1/sessions/{id}/uploads/{upload_id}", "downloadUpload", "Get a file or a recording")),
        bytes(one("/v1/uploads/{id}", "downloadAnyUpload", "Get any file by its id")),
        one("/v1/sessions/{id}/transcript", "getTranscript", "Read the transcript of a session")
            .query(
                "format",
                &json!({"type": "string", "enum": ["json", "text", "vtt"]}),
                "What to answer; else the header `Accept` decides.",
            )
            .answers_content(
                200,
                "The transcript.",
                json!({
                    "application/json": {"schema": named("Transcript")},
                    "text/plain": {"schema": {"type": "string"}},
                    "text/vtt": {"schema": {"type": "string"}}
                }),
            ),
        Operation::new(
            "delete",
            "/v1/sessions/{id}",
            (SESSIONS, "deleteSession"),
            "Delete a session",
            "With its answers. An invite that is not completed is cancelled.",
        )
        .key("sessions:write")
        .answers_content(204, "It is gone.", json!(null)),
    ]
}

/// A download, of all or of some.
fn bytes(operation: Operation) -> Operation {
    let content = || json!({"*/*": {"schema": {"type": "string", "format": "binary"}}});
    operation
        .header("Range", &json!({"type": "string"}), false, "Bytes to get, such as `bytes=0-1023`.")
        .answers_content(200, "Its bytes, to be kept: no browser shows them as part of a page.", content())
        .answers_content(206, "Some of its bytes.", content())
}
