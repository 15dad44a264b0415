//! Files and recordings that participants send.

use protocol::upload::UploadStatus;
use serde_json::{Value, json};

use super::{Named, body, integer, list, object, of, short_text, text, with, with_example, words};

pub(super) fn all() -> Vec<Named> {
    let statuses = [UploadStatus::Open, UploadStatus::Complete];
    vec![
        ("UploadStatus", words("Where an upload stands.", &statuses)),
        ("BeginUpload", begin_upload()),
        ("CompleteUpload", complete_upload()),
        ("Upload", upload()),
        ("UploadReceipt", upload_receipt()),
    ]
}

fn sha256(description: &str) -> Value {
    with(text(description), json!({"pattern": "^[0-9A-Fa-f]{64}$"}))
}

fn begin_upload() -> Value {
    let client_id =
        "Chosen by the client for each upload (printable ASCII); the same id gets the same upload.";
    body(
        "A file or a recording to be sent.",
        [
            ("client_id", with(short_text(client_id, 1, 64), json!({"pattern": "^[!-~]+$"}))),
            ("question_id", text("The question that is open.")),
            ("filename", short_text("What the participant calls it.", 1, 255)),
            ("content_type", text("Its media type.")),
            (
                "size_bytes",
                with(integer("How long it is in all."), json!({"minimum": 1, "maximum": 1_073_741_824})),
            ),
            (
                "duration_ms?",
                with(
                    integer("How long a recording plays."),
                    json!({"type": ["integer", "null"], "maximum": i64::MAX}),
                ),
            ),
        ],
        json!({
            "client_id": "u-7f3a",
            "question_id": "photo",
            "filename": "desk.png",
            "content_type": "image/png",
            "size_bytes": 1_500_000,
            "duration_ms": 4_000
        }),
    )
}

fn complete_upload() -> Value {
    let whole = with(
        sha256("SHA-256 of the whole; what has come must have it."),
        json!({"type": ["string", "null"]}),
    );
    body("All parts were sent.", [("sha256?", whole)], json!({"sha256": "ab".repeat(32)}))
}

fn upload() -> Value {
    object(
        "An upload, as its participant sees it.",
        [
            ("id", of("UploadId", "Its id: what the answer holds.")),
            ("question_id", text("The question that it is for.")),
            ("status", of("UploadStatus", "Where it stands.")),
            ("filename", text("What the participant calls it.")),
            ("content_type", text("Its media type, without parameters.")),
            ("size_bytes", integer("How long it is in all.")),
            ("part_size_bytes", integer("How long each part is, but for the last.")),
            (
                "parts_received",
                list(
                    "The parts that are on disk, in their order; they need not be sent again.",
                    integer("A part, from 1."),
                ),
            ),
            ("sha256?", sha256("SHA-256 of the whole, in lowercase hex, once it is complete.")),
            ("created_at", of("Timestamp", "When it was begun.")),
            ("expires_at", of("Timestamp", "Until when it can be gone on with, or be used in an answer.")),
        ],
    )
}

fn upload_receipt() -> Value {
    let schema = object("The upload as it stands on disk.", [("upload", of("Upload", "The upload."))]);
    with_example(
        schema,
        json!({"upload": {
            "id": "upl_01KGA0G8000000000000000007",
            "question_id": "photo",
            "status": "complete",
            "filename": "desk.png",
            "content_type": "image/png",
            "size_bytes": 1_500_000,
            "part_size_bytes": 1_048_576,
            "parts_received": [1, 2],
            "sha256": "ab".repeat(32),
            "created_at": "2026-01-31T12:12:00.000Z",
            "expires_at": "2026-02-01T12:12:00.000Z"
        }}),
    )
}
