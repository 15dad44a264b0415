//! What bodies look like. Names of schemas are those of the types in `protocol`; a test compares their members.

mod analytics;
mod api_keys;
mod campaigns;
mod graphql;
mod guide;
mod interviews;
mod invites;
mod participant;
mod shared;
mod sign_in;
mod uploads;
mod webhooks;

use serde_json::{Map, Value, json};

/// A schema with its name.
type Named = (&'static str, Value);
/// A member of an object. A name that ends in `?` may be left out.
type Member = (&'static str, Value);

/// Every schema, by name.
pub(super) fn all() -> Map<String, Value> {
    let named = [
        shared::all(),
        api_keys::all(),
        campaigns::all(),
        analytics::all(),
        invites::all(),
        interviews::all(),
        participant::all(),
        uploads::all(),
        graphql::all(),
        sign_in::all(),
        webhooks::all(),
    ];
    let named = named.into_iter().flatten().map(|(name, schema)| (name.to_owned(), schema));
    named.chain(guide::all()).collect()
}

/// A schema by its name.
pub(super) fn named(name: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{name}")})
}

/// A page of objects.
pub(super) fn page_of(name: &str) -> Value {
    object(
        "One page.",
        [
            ("data", list("The objects of this page.", named(name))),
            ("has_more", boolean("Whether there are more.")),
            (
                "next_cursor",
                nullable(text("What to send as `?cursor=` for the next page; `null` on the last.")),
            ),
        ],
    )
}

/// An object as it is answered. Newer servers may add members.
fn object(description: &str, members: impl IntoIterator<Item = Member>) -> Value {
    let mut properties = Map::new();
    let mut required = Vec::new();
    for (name, schema) in members {
        let bare = name.trim_end_matches('?');
        if bare == name {
            required.push(name);
        }
        properties.insert(bare.to_owned(), schema);
    }
    json!({"type": "object", "description": description, "properties": properties, "required": required})
}

/// An object as it is sent: other members are refused by name.
fn body(description: &str, members: impl IntoIterator<Item = Member>, example: Value) -> Value {
    let closed = with(object(description, members), json!({"additionalProperties": false}));
    with_example(closed, example)
}

fn with_example(mut schema: Value, example: Value) -> Value {
    schema["examples"] = Value::Array(vec![example]);
    schema
}

/// Adds keywords.
fn with(mut schema: Value, keywords: Value) -> Value {
    if let (Some(members), Value::Object(keywords)) = (schema.as_object_mut(), keywords) {
        members.extend(keywords);
    }
    schema
}

/// A schema by its name, with a description of its own.
fn of(name: &str, description: &str) -> Value {
    with(named(name), json!({"description": description}))
}

fn text(description: &str) -> Value {
    json!({"type": "string", "description": description})
}

/// A text of so many characters.
fn short_text(description: &str, min: u32, max: u32) -> Value {
    with(text(description), json!({"minLength": min, "maxLength": max}))
}

fn integer(description: &str) -> Value {
    json!({"type": "integer", "minimum": 0, "description": description})
}

fn integer_in(description: &str, min: u32, max: u32) -> Value {
    json!({"type": "integer", "minimum": min, "maximum": max, "description": description})
}

fn number(description: &str) -> Value {
    json!({"type": "number", "description": description})
}

/// A number from 0 to 1.
fn fraction(description: &str) -> Value {
    json!({"type": "number", "minimum": 0, "maximum": 1, "description": description})
}

fn boolean(description: &str) -> Value {
    json!({"type": "boolean", "description": description})
}

fn list(description: &str, items: Value) -> Value {
    let mut list = json!({"type": "array", "description": description});
    list["items"] = items;
    list
}

/// An object with members of the customer's choice.
fn map(description: &str) -> Value {
    json!({"type": "object", "additionalProperties": true, "description": description})
}

/// Any JSON.
fn anything(description: &str) -> Value {
    json!({"description": description})
}

/// One of some words, as the type writes them.
fn words<T: serde::Serialize>(description: &str, all: &[T]) -> Value {
    json!({"type": "string", "enum": all, "description": description})
}

/// The same, or `null`.
fn nullable(mut schema: Value) -> Value {
    if let Some(kind) = schema.get("type").cloned() {
        schema["type"] = json!([kind, "null"]);
        return schema;
    }
    let description = schema.as_object_mut().and_then(|members| members.remove("description"));
    json!({"anyOf": [schema, {"type": "null"}], "description": description})
}
