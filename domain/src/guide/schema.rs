//! The JSON Schema of a guide.

/// The JSON Schema (2020-12) of a guide, for editors and for `/schemas/guide/1.json`.
///
/// It describes the shape; what only a look at the whole can tell (unknown ids, unreachable blocks) is left to
/// [`CheckedGuide::try_new`](super::CheckedGuide::try_new).
pub const SCHEMA_JSON: &str = include_str!("guide.schema.json");

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde::de::DeserializeOwned;
    use serde_json::Value;

    use super::SCHEMA_JSON;
    use crate::guide::{
        Block, Choice, ConsentText, End, Expression, FollowUp, Guide, ProbeRule, Question, Recording, Rule,
        Variable, When,
    };

    /// The members that a type reads, in the words of its complaint about another one.
    fn members<T: DeserializeOwned>(json: &str) -> BTreeSet<String> {
        let Err(error) = serde_json::from_str::<T>(json) else { panic!("{json} was read") };
        let error = error.to_string();
        let (_, expected) = error.split_once("expected").unwrap_or_else(|| panic!("{error}"));
        expected.split('`').skip(1).step_by(2).map(str::to_owned).collect()
    }

    #[test]
    fn the_schema_has_the_members_that_are_read_and_no_others() {
        let schema: Value = serde_json::from_str(SCHEMA_JSON).unwrap();
        let unknown = r#"{"?":0}"#;
        let table = [
            ("", members::<Guide>(unknown)),
            ("/$defs/consent", members::<ConsentText>(unknown)),
            ("/$defs/variable", members::<Variable>(unknown)),
            ("/$defs/block", members::<Block>(unknown)),
            ("/$defs/rule", members::<Rule>(unknown)),
            ("/$defs/end", members::<End>(unknown)),
            ("/$defs/question", members::<Question>(unknown)),
            ("/$defs/recording", members::<Recording>(unknown)),
            ("/$defs/choice", members::<Choice>(unknown)),
            ("/$defs/validate", members::<Question>(r#"{"validate":{"?":0}}"#)),
            ("/$defs/follow_up", members::<FollowUp>(unknown)),
            ("/$defs/probe_rule", members::<ProbeRule>(unknown)),
            ("/$defs/when", members::<When>(unknown)),
        ];
        for (place, expected) in table {
            let properties =
                schema.pointer(&format!("{place}/properties")).and_then(Value::as_object).unwrap();
            let written: BTreeSet<String> = properties.keys().cloned().collect();
            assert_eq!(written, expected, "{place}");
            assert_eq!(
                schema.pointer(&format!("{place}/additionalProperties")),
                Some(&Value::Bool(false)),
                "{place}"
            );
        }
        let forms = schema.pointer("/$defs/expression/oneOf").and_then(Value::as_array).unwrap();
        let written: BTreeSet<String> =
            forms.iter().flat_map(|form| form["properties"].as_object().unwrap().keys().cloned()).collect();
        assert_eq!(written, members::<Expression>(unknown));
    }

    #[test]
    fn the_schema_has_the_words_that_are_read_and_no_others() {
        let schema: Value = serde_json::from_str(SCHEMA_JSON).unwrap();
        let table = [
            ("/$defs/question/properties/kind", members::<Question>(r#"{"kind":"?"}"#)),
            ("/$defs/variable/properties/type", members::<Variable>(r#"{"type":"?"}"#)),
            ("/$defs/block/properties/order", members::<Block>(r#"{"order":"?"}"#)),
            ("/$defs/expression/oneOf/0/properties/op", members::<Expression>(r#"{"op":"?"}"#)),
        ];
        for (place, expected) in table {
            let words = schema.pointer(&format!("{place}/enum")).and_then(Value::as_array).unwrap();
            let words: BTreeSet<String> = words.iter().filter_map(Value::as_str).map(str::to_owned).collect();
            assert_eq!(words, expected, "{place}");
        }
    }

    #[test]
    fn every_reference_leads_somewhere() {
        let schema: Value = serde_json::from_str(SCHEMA_JSON).unwrap();
        let references = SCHEMA_JSON.split("\"$ref\": \"#").skip(1).filter_map(|rest| rest.split('"').next());
        let mut count = 0;
        for reference in references {
            assert!(schema.pointer(reference).is_some(), "{reference}");
            count += 1;
        }
        assert!(count > 20, "{count}");
    }
}
