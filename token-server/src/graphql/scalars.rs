//! Values of our own.

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};
use protocol::Timestamp;

/// A time: RFC 3339, UTC, with milliseconds.
#[derive(Debug, Clone, Copy)]
pub(super) struct DateTime(pub(super) Timestamp);

#[Scalar(specified_by_url = "https://www.rfc-editor.org/rfc/rfc3339")]
impl ScalarType for DateTime {
    fn parse(value: Value) -> InputValueResult<Self> {
        let Value::String(text) = &value else { return Err(InputValueError::expected_type(value)) };
        let time = serde_json::from_value(serde_json::Value::String(text.clone()));
        time.map(Self)
            .map_err(|_| InputValueError::custom("expected a time, such as 2026-01-31T12:00:00.000Z"))
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

/// A file of a multipart request.
/// Source: <https://github.com/jaydenseric/graphql-multipart-request-spec>
#[derive(Debug, Clone, Copy)]
pub(super) struct Upload {
    /// Its place among the files of the request.
    pub(super) place: usize,
}

impl Upload {
    /// What takes the place of `null` in the variables. Whoever sends the same as JSON names a file of their own request.
    pub(super) fn variable(place: usize) -> serde_json::Value {
        serde_json::json!({ "file": place })
    }
}

#[Scalar]
impl ScalarType for Upload {
    fn parse(value: Value) -> InputValueResult<Self> {
        let place = match &value {
            Value::Object(members) => members.get("file").and_then(|place| match place {
                Value::Number(place) => place.as_u64(),
                _ => None,
            }),
            _ => None,
        };
        let place = place.and_then(|place| usize::try_from(place).ok()).map(|place| Self { place });
        place.ok_or_else(|| InputValueError::custom("expected a file of a multipart request"))
    }

    fn to_value(&self) -> Value {
        Value::Null
    }
}
