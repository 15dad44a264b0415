//! The guide: its own schema, with its parts as schemas of this document.

use serde_json::Value;

/// `Guide`, and each of its parts as `GuideText`, `GuideBlock` and so on.
pub(super) fn all() -> Vec<(String, Value)> {
    let mut guide: Value =
        serde_json::from_str(domain::guide::SCHEMA_JSON).expect("a test of domain reads the same schema");
    move_references(&mut guide);
    let members = guide.as_object_mut().expect("a schema is an object");
    members.remove("$schema");
    members.remove("$id");
    let parts = members.remove("$defs").unwrap_or_default();
    let parts = parts.as_object().into_iter().flatten().map(|(name, part)| (named(name), part.clone()));
    parts.chain([("Guide".to_owned(), guide.clone())]).collect()
}

/// `follow_up` → `GuideFollowUp`.
fn named(part: &str) -> String {
    let words = part.split('_').map(|word| {
        let (first, rest) = word.split_at_checked(1).unwrap_or((word, ""));
        first.to_ascii_uppercase() + rest
    });
    words.fold("Guide".to_owned(), |name, word| name + &word)
}

fn move_references(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            if let Some(part) =
                members.get("$ref").and_then(Value::as_str).and_then(|text| text.strip_prefix("#/$defs/"))
            {
                let moved = super::named(&named(part))["$ref"].take();
                members.insert("$ref".to_owned(), moved);
            }
            members.values_mut().for_each(move_references);
        }
        Value::Array(items) => items.iter_mut().for_each(move_references),
        _ => {}
    }
}
