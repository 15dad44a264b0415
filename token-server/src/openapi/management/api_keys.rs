//! API keys.

use serde_json::json;

use crate::openapi::{operation::Operation, schemas::named};

const KEYS: &str = "API keys";

pub(super) fn all() -> Vec<Operation> {
    let path = "/v1/api-keys";
    vec![
        Operation::new("post", path, (KEYS, "createApiKey"), "Create a key", "Takes an admin key, and gives no more than that has.")
            .key("keys:write")
            .body("CreateApiKey")
            .answers(201, "The key, shown this once.", "CreatedApiKey"),
        Operation::new(
            "get",
            path,
            (KEYS, "listApiKeys"),
            "List keys",
            "Without their secrets, newest first.",
        )
        .key("keys:read")
        .paged()
        .answers_page("A page of keys.", "ApiKey"),
        Operation::new(
            "delete",
            "/v1/api-keys/{id}",
            (KEYS, "revokeApiKey"),
            "Revoke a key",
            "It fails from the next request on. Doing so twice is no error.",
        )
        .key("keys:write")
        .query(
            "cancel_invites",
            &json!({"type": "boolean", "default": false}),
            "Whether to cancel the invites that the key has minted and that are not completed, also those that have expired, so that none is reissued. The bare name means yes.",
        )
        .answers(200, "The revoked key.", "ApiKey"),
        Operation::new(
            "post",
            "/v1/api-keys/{id}/rotate",
            (KEYS, "rotateApiKey"),
            "Rotate a key",
            "Makes a key that takes its place; both work until the overlap has ended. Takes an admin key that is good for as \
             much, or the same one.",
        )
        .key("keys:write")
        .optional_body("RotateApiKey")
        .answers(201, "The new key, shown this once.", "CreatedApiKey"),
        Operation::new(
            "get",
            "/v1/api-keys/{id}/usage",
            (KEYS, "getApiKeyUsage"),
            "See how much a key is used",
            "At most 31 days by the hour, or 366 by the day.",
        )
        .key("keys:read")
        .query("from", &named("Timestamp"), "The first bucket has this time in it; 24 hours or 30 days ago.")
        .query("to", &named("Timestamp"), "Buckets that begin at this time or later are left out.")
        .query(
            "bucket",
            &json!({"type": "string", "enum": ["hour", "day"], "default": "hour"}),
            "How long a bucket is.",
        )
        .answers(200, "The buckets in which it was used.", "KeyUsage"),
    ]
}
