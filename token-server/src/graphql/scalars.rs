//! Values of our own.

use std::borrow::Cow;

use async_graphql::{
    ContextSelectionSet, InputValueError, InputValueResult, OutputType, Positioned, Scalar, ScalarType,
    ServerResult, Value, parser::types::Field, registry::Registry,
};
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

/// A whole number that may need more than the 32 bits of an `Int`: a `Float`, written without a fraction. Up to 2^53 it is
/// exact for every client.
/// Source: GraphQL, October 2021, §3.5.1 and §3.5.2.
#[derive(Debug, Clone, Copy)]
pub(super) struct Whole(pub(super) u64);

impl OutputType for Whole {
    fn type_name() -> Cow<'static, str> {
        <f64 as OutputType>::type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        <f64 as OutputType>::create_type_info(registry)
    }

    async fn resolve(&self, _: &ContextSelectionSet<'_>, _: &Positioned<Field>) -> ServerResult<Value> {
        Ok(Value::from(self.0))
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
