//! What `/openapi.json` says, to compare with what the server does. Every answer in every test is held against it.

use std::sync::LazyLock;

use reqwest::Method;
use serde_json::Value;

use super::Reply;

/// The document, for a server of no matter which URL.
pub(crate) static DOCUMENT: LazyLock<Value> =
    LazyLock::new(|| token_server::openapi::document("http://127.0.0.1:8080"));

/// The operation that answers a request, if the document has it.
pub(crate) fn operation(method: &Method, path: &str) -> Option<&'static Value> {
    let paths = DOCUMENT["paths"].as_object()?;
    let methods = paths.get(path).or_else(|| {
        let mut others = paths.iter().filter(|(template, _)| is_of(template, path));
        others.next().map(|(_, methods)| methods)
    })?;
    methods.get(method.as_str().to_ascii_lowercase())
}

fn is_of(template: &str, path: &str) -> bool {
    let (expected, given): (Vec<_>, Vec<_>) = (template.split('/').collect(), path.split('/').collect());
    expected.len() == given.len()
        && expected
            .iter()
            .zip(given)
            .all(|(expected, given)| *expected == given || (expected.starts_with('{') && !given.is_empty()))
}

/// The answer has a status, headers and a body that the operation names.
#[track_caller]
pub(crate) fn check(operation: &Value, reply: &Reply) {
    let what = &reply.what;
    let response = &operation["responses"][reply.status.to_string()];
    assert!(response.is_object(), "{what}: {} is not in the document: {}", reply.status, reply.text);
    let response = resolve(response);
    for name in
        ["etag", "retry-after", "ratelimit", "ratelimit-policy", "idempotent-replayed", "www-authenticate"]
    {
        let mut named = response["headers"].as_object().into_iter().flatten();
        let is_named = named.any(|(header, _)| header.eq_ignore_ascii_case(name));
        // How much is left is said with whatever is refused after the key was seen.
        let is_said = is_named || (name.starts_with("ratelimit") && reply.status >= 400);
        let is_said = is_said || (name == "idempotent-replayed" && reply.status >= 400);
        assert!(is_said || reply.header(name).is_none(), "{what}: {name} is not in the document");
    }
    let Some(media_type) = reply.header("content-type") else {
        assert!(response["content"].is_null(), "{what}: no body, against the document");
        return;
    };
    let types = response["content"].as_object().into_iter().flatten();
    let mut types = types.filter(|(named, _)| *named == "*/*" || essence(named) == essence(media_type));
    let (_, content) = types.next().unwrap_or_else(|| panic!("{what}: {media_type} is not in the document"));
    if essence(media_type) == "application/json" && !reply.text.is_empty() {
        let faults = faults(&content["schema"], &reply.json(), "");
        assert!(faults.is_empty(), "{what}: {faults:#?}: {}", reply.text);
    }
}

fn essence(media_type: &str) -> &str {
    media_type.split(';').next().unwrap_or_default()
}

/// What a reference points to.
#[track_caller]
pub(crate) fn resolve(value: &Value) -> &Value {
    let Some(path) = value["$ref"].as_str() else { return value };
    let pointer = path.strip_prefix('#').expect("references stay within the document");
    DOCUMENT.pointer(pointer).unwrap_or_else(|| panic!("{path} points nowhere"))
}

/// Where a value is not as its schema says: the keywords of JSON Schema that the document has. A member that an answer
/// has and the schema lacks is a fault as well.
pub(crate) fn faults(schema: &Value, value: &Value, place: &str) -> Vec<String> {
    let schema = resolve(schema);
    let mut found = Vec::new();
    let mut expect = |holds: bool, keyword: &str| {
        if !holds {
            found.push(format!("{place}: {keyword} {}", schema[keyword]));
        }
    };
    if let Some(types) = schema.get("type") {
        let types = types.as_array().cloned().unwrap_or_else(|| vec![types.clone()]);
        expect(types.iter().any(|name| is_a(value, name.as_str().unwrap_or_default())), "type");
    }
    if let Some(words) = schema["enum"].as_array() {
        expect(words.contains(value), "enum");
    }
    if let Some(word) = schema.get("const") {
        expect(word == value, "const");
    }
    if let (Some(least), Some(number)) = (schema["minimum"].as_f64(), value.as_f64()) {
        expect(number >= least, "minimum");
    }
    if let (Some(most), Some(number)) = (schema["maximum"].as_f64(), value.as_f64()) {
        expect(number <= most, "maximum");
    }
    if let Some(choices) = schema["oneOf"].as_array() {
        expect(choices.iter().filter(|one| faults(one, value, place).is_empty()).count() == 1, "oneOf");
    }
    if let Some(choices) = schema["anyOf"].as_array() {
        expect(choices.iter().any(|one| faults(one, value, place).is_empty()), "anyOf");
    }
    if let Some(items) = value.as_array().filter(|_| schema["items"].is_object()) {
        for (index, item) in items.iter().enumerate() {
            found.extend(faults(&schema["items"], item, &format!("{place}/{index}")));
        }
    }
    if let Some(members) = value.as_object() {
        for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            if !members.contains_key(name) {
                found.push(format!("{place}: {name} is missing"));
            }
        }
    }
    if let (Some(properties), Some(members)) = (schema["properties"].as_object(), value.as_object()) {
        for (name, member) in members {
            match properties.get(name) {
                Some(schema) => found.extend(faults(schema, member, &format!("{place}/{name}"))),
                None => found.push(format!("{place}: {name} is not in the schema")),
            }
        }
    }
    found
}

fn is_a(value: &Value, name: &str) -> bool {
    match name {
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        "null" => value.is_null(),
        other => panic!("{other} is no type"),
    }
}
