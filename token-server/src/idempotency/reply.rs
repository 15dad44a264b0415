//! An answer, as it is kept.

use std::collections::BTreeSet;

use axum::{
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use protocol::ids::ParticipantId;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::error::ApiError;

const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");

/// Status and body of an answer, and the entity tag if it has one. Everything else is of the moment.
#[derive(Clone, Serialize, Deserialize)]
pub struct Reply {
    pub(super) status: u16,
    pub(super) etag: Option<String>,
    pub(super) body: String,
}

impl std::fmt::Debug for Reply {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reply").field("status", &self.status).finish_non_exhaustive()
    }
}

impl Reply {
    /// A JSON answer.
    ///
    /// # Errors
    /// 500 when it cannot be written as JSON.
    pub fn json(status: StatusCode, body: &impl Serialize) -> Result<Self, ApiError> {
        let body = serde_json::to_string(body).map_err(|error| ApiError::internal(&error))?;
        Ok(Self { status: status.as_u16(), etag: None, body })
    }

    /// With an entity tag.
    #[must_use]
    pub fn tagged(self, etag: String) -> Self {
        Self { etag: Some(etag), ..self }
    }

    /// Whom it tells of: wherever it names a participant, it has their `participant_id`.
    pub(super) fn participants(&self) -> Vec<ParticipantId> {
        let mut found = BTreeSet::new();
        let body = serde_json::from_str::<Value>(&self.body).unwrap_or_default();
        let mut waiting = vec![&body];
        while let Some(value) = waiting.pop() {
            match value {
                Value::Array(items) => waiting.extend(items),
                Value::Object(members) => {
                    let id = members.get("participant_id").and_then(Value::as_str);
                    found.extend(id.and_then(|id| ParticipantId::parse(id).ok()));
                    waiting.extend(members.values());
                }
                _ => {}
            }
        }
        found.into_iter().collect()
    }

    /// As it is given another time.
    pub(super) fn replayed(self) -> Response {
        let Ok(status) = StatusCode::from_u16(self.status) else {
            return ApiError::internal(&"a kept answer has no status").into_response();
        };
        let json = HeaderValue::from_static("application/json");
        let mut response = (status, [(header::CONTENT_TYPE, json)], self.body).into_response();
        let headers = response.headers_mut();
        headers.insert(REPLAYED, HeaderValue::from_static("true"));
        if let Some(tag) = self.etag.and_then(|tag| HeaderValue::try_from(tag).ok()) {
            headers.insert(header::ETAG, tag);
        }
        response
    }
}
