//! Requests, as they are sent: JSON, or the query string of a GET.

use axum::{
    body::Body,
    http::{HeaderMap, StatusCode, Uri, header},
};
use futures_util::StreamExt as _;
use serde_json::{Map, Value};

use super::limits::{MAX_BODY_BYTES, MAX_DOCUMENT_BYTES};
use crate::error::PlainError;

/// What a client asks for.
#[derive(Debug)]
pub(super) struct Asked {
    /// The document.
    pub(super) document: String,
    /// Which operation of it.
    pub(super) operation: Option<String>,
    /// The values of its variables: an object.
    pub(super) variables: Value,
}

/// How a body is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Form {
    /// `application/json`
    Json,
    /// `multipart/form-data` with this boundary.
    Multipart(String),
}

/// Something that cannot be understood.
pub(super) fn bad_request(message: impl Into<String>) -> PlainError {
    PlainError::new(StatusCode::BAD_REQUEST, message)
}

/// More than is taken.
pub(super) fn too_large(message: impl Into<String>) -> PlainError {
    PlainError::new(StatusCode::PAYLOAD_TOO_LARGE, message)
}

impl Form {
    /// What the header `Content-Type` says.
    ///
    /// # Errors
    /// 400 when it says nothing, or something else.
    pub(super) fn of(headers: &HeaderMap) -> Result<Self, PlainError> {
        let wrong = || {
            bad_request("Send the header Content-Type: application/json, or multipart/form-data for files.")
        };
        let mut values = headers.get_all(header::CONTENT_TYPE).iter();
        let (Some(value), None) = (values.next(), values.next()) else { return Err(wrong()) };
        let text = value.to_str().map_err(|_| wrong())?;
        let mut parts = text.split(';').map(str::trim);
        match parts.next().unwrap_or_default().to_ascii_lowercase().as_str() {
            "application/json" => {
                let charset = parts
                    .find_map(|part| part.to_ascii_lowercase().strip_prefix("charset=").map(str::to_owned));
                let charset = charset.as_deref().map(|name| name.trim_matches('"'));
                match charset {
                    None | Some("utf-8" | "utf8" | "us-ascii") => Ok(Self::Json),
                    Some(_) => Err(bad_request("Send the body in UTF-8.")),
                }
            }
            "multipart/form-data" => multer::parse_boundary(text)
                .map(Self::Multipart)
                .map_err(|_| bad_request("The header Content-Type: multipart/form-data needs a boundary.")),
            _ => Err(wrong()),
        }
    }
}

/// Reads a JSON body. One that is too large is not read to its end.
///
/// # Errors
/// 413 and 400.
pub(super) async fn read_json(headers: &HeaderMap, body: Body) -> Result<Asked, PlainError> {
    let too_large =
        || too_large(format!("The body is too large. At most {MAX_BODY_BYTES} bytes are accepted."));
    if length(headers).is_some_and(|length| length > MAX_BODY_BYTES as u64) {
        return Err(too_large());
    }
    let mut chunks = body.into_data_stream();
    let mut bytes = Vec::new();
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|_| bad_request("The body could not be read to its end."))?;
        if bytes.len() + chunk.len() > MAX_BODY_BYTES {
            return Err(too_large());
        }
        bytes.extend_from_slice(&chunk);
    }
    parse(&bytes)
}

/// The header `Content-Length`.
pub(super) fn length(headers: &HeaderMap) -> Option<u64> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// Reads JSON.
///
/// # Errors
/// As [`asked`].
pub(super) fn parse(bytes: &[u8]) -> Result<Asked, PlainError> {
    let value: Value = serde_json::from_slice(bytes).map_err(|error| {
        let place = format!("line {}, column {}", error.line(), error.column());
        bad_request(format!("The body is not valid JSON (at {place})."))
    })?;
    asked(value)
}

/// Reads the members of a request.
///
/// # Errors
/// 400 for what is missing or of the wrong type, 413 for a document that is too large.
pub(super) fn asked(value: Value) -> Result<Asked, PlainError> {
    let mut members = match value {
        Value::Object(members) => members,
        Value::Array(_) => {
            return Err(bad_request("Batches are not supported. Send one operation in a request."));
        }
        _ => return Err(bad_request("Send an object with the member query.")),
    };
    let document = match members.remove("query") {
        Some(Value::String(document)) => document,
        None | Some(Value::Null) => return Err(bad_request("Send the document as the member query.")),
        Some(_) => return Err(bad_request("The member query must be a text.")),
    };
    let operation = match members.remove("operationName") {
        None | Some(Value::Null) => None,
        Some(Value::String(name)) => Some(name),
        Some(_) => return Err(bad_request("The member operationName must be a text.")),
    };
    let mut object = |name: &str| match members.remove(name) {
        None | Some(Value::Null) => Ok(Value::Object(Map::new())),
        Some(object @ Value::Object(_)) => Ok(object),
        Some(_) => Err(bad_request(format!("The member {name} must be an object."))),
    };
    let variables = object("variables")?;
    object("extensions")?;
    check_document(&document)?;
    Ok(Asked { document, operation, variables })
}

fn check_document(document: &str) -> Result<(), PlainError> {
    if document.len() > MAX_DOCUMENT_BYTES {
        return Err(too_large(format!(
            "The document is too large. At most {MAX_DOCUMENT_BYTES} bytes are accepted."
        )));
    }
    if document.trim().is_empty() { Err(bad_request("The document in query is empty.")) } else { Ok(()) }
}

/// Reads the query string of a GET.
///
/// # Errors
/// As [`asked`].
pub(super) fn of_query(uri: &Uri) -> Result<Asked, PlainError> {
    let mut members = Map::new();
    for (name, text) in url::form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()) {
        let value = match name.as_ref() {
            "query" | "operationName" => Value::String(text.into_owned()),
            "variables" | "extensions" if text.is_empty() => Value::Null,
            "variables" | "extensions" => serde_json::from_str(&text)
                .map_err(|_| bad_request(format!("The parameter {name} is not valid JSON.")))?,
            _ => continue,
        };
        members.insert(name.into_owned(), value);
    }
    if members.get("operationName").is_some_and(|name| name == "") {
        members.remove("operationName");
    }
    asked(Value::Object(members))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;
    use serde_json::json;

    use super::*;

    #[test]
    fn a_content_type_is_json_or_multipart_with_a_boundary() {
        let form = |text: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(text));
            Form::of(&headers).map_err(|error| error.status.as_u16())
        };
        for json in [
            "application/json",
            "Application/JSON",
            "application/json; charset=utf-8",
            "application/json;charset=\"UTF-8\"",
        ] {
            assert_eq!(form(json), Ok(Form::Json), "{json}");
        }
        assert_eq!(form("multipart/form-data; boundary=abc"), Ok(Form::Multipart("abc".to_owned())));
        for wrong in [
            "",
            "text/plain",
            "application/graphql",
            "application/json; charset=utf-16",
            "multipart/form-data",
            "application/jsonp",
        ] {
            assert_eq!(form(wrong), Err(400), "{wrong}");
        }
        assert!(Form::of(&HeaderMap::new()).is_err());
    }

    #[test]
    fn members_have_their_types_and_null_is_as_good_as_absent() {
        let full = asked(json!({"query": "{a}", "operationName": null, "variables": null, "extensions": {}}))
            .unwrap();
        assert_eq!((full.operation, full.variables), (None, json!({})));
        for wrong in [
            json!([]),
            json!("{a}"),
            json!({}),
            json!({"query": 1}),
            json!({"query": " "}),
            json!({"query": "{a}", "operationName": 1}),
            json!({"query": "{a}", "variables": []}),
            json!({"query": "{a}", "variables": "{}"}),
            json!({"query": "{a}", "extensions": 1}),
        ] {
            assert_eq!(asked(wrong.clone()).unwrap_err().status.as_u16(), 400, "{wrong}");
        }
        let large = json!({"query": format!("{{a}}{}", " ".repeat(MAX_DOCUMENT_BYTES))});
        assert_eq!(asked(large).unwrap_err().status.as_u16(), 413);
    }
}
