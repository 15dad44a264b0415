//! The audit log.

use serde_json::json;

use crate::openapi::{operation::Operation, schemas::named};

pub(super) fn all() -> Vec<Operation> {
    let operation = Operation::new(
        "get",
        "/v1/audit-log",
        ("Audit log", "listAuditEvents"),
        "See who changed what",
        "Newest first.",
    );
    let operation = operation
        .key("organization:read")
        .paged()
        .query("actor", &json!({"type": "string"}), "Only what this key, participant or user has done.")
        .query("action", &named("AuditAction"), "Only this.")
        .query("target_id", &json!({"type": "string"}), "Only what was done to this.")
        .query("from", &named("Timestamp"), "Only from this time on.")
        .query("to", &named("Timestamp"), "Only before this time.")
        .answers_page("A page of changes.", "AuditEvent");
    vec![operation]
}
