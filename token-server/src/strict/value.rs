//! A value that is read to the letter: an object where the type is an object, a text where it is one of several words.
//!
//! Serde also takes a list for a struct, members in the order of the code, and an object for a word: `[]` would be a
//! change without members, `["x"]` a campaign. No client means that.

use serde::{
    Deserializer,
    de::{
        Error as _, IntoDeserializer, Unexpected, Visitor,
        value::{MapDeserializer, SeqDeserializer},
    },
    forward_to_deserialize_any,
};
use serde_json::{Error, Value};

/// A value, and all that is in it.
#[derive(Debug)]
pub(super) struct Strict(pub(super) Value);

impl IntoDeserializer<'_, Error> for Strict {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for Strict {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Value::Array(items) => visitor.visit_seq(SeqDeserializer::new(items.into_iter().map(Strict))),
            Value::Object(members) => {
                let members = members.into_iter().map(|(name, value)| (name, Strict(value)));
                visitor.visit_map(MapDeserializer::new(members))
            }
            plain => plain.deserialize_any(visitor),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.0.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match self.0 {
            Value::Array(_) => Err(Error::invalid_type(Unexpected::Seq, &"an object")),
            value => Self(value).deserialize_any(visitor),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match self.0 {
            Value::String(word) => visitor.visit_enum(word.into_deserializer()),
            _ => Err(Error::custom("invalid type: expected a word")),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::campaign::{CreateCampaign, UpdateCampaign};
    use serde::Deserialize;
    use serde_json::json;

    #[test]
    fn a_list_is_no_object_and_an_object_is_no_word() {
        assert!(UpdateCampaign::deserialize(Strict(json!([]))).is_err());
        for settings in [json!([]), json!(["en"]), json!({"reuse": {"one_time": null}})] {
            assert!(CreateCampaign::deserialize(Strict(json!({"name": "n", "settings": settings}))).is_err());
        }
    }

    #[test]
    fn everything_else_is_read_as_before() {
        let value = json!({
            "name": "n", "description": null, "metadata": {"a": [1, -2, 0.5, true, null, {"b": "c"}]},
            "settings": {"locale": "de", "allowed_origins": ["https://example.com"], "reuse": "reusable", "theme": {}}
        });
        let strict = CreateCampaign::deserialize(Strict(value.clone())).unwrap();
        assert_eq!(strict, serde_json::from_value(value).unwrap());
    }
}
