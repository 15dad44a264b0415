//! JSON, read and written by the browser.
//!
//! `serde_json`'s own reader and writer, with the tables by which they turn digits into numbers and back, are a tenth of the
//! widget. Its [`Value`] is what the rest works with. Natively, where the tests run, `serde_json` does it.

use serde_json::{Map, Value};

#[cfg(target_arch = "wasm32")]
pub use browser::{number_text, read, write};
#[cfg(not(target_arch = "wasm32"))]
pub use native::{number_text, read, write};

#[cfg(target_arch = "wasm32")]
mod browser {
    use js_sys::{Array, JSON, Object, Reflect};
    use serde_json::Number;
    use wasm_bindgen::{JsCast, JsValue};

    use super::{Map, Value};

    /// What the text holds, `None` when it is no JSON.
    pub fn read(text: &str) -> Option<Value> {
        JSON::parse(text).ok().map(|value| from_js(&value))
    }

    /// The text of a value.
    pub fn write(value: &Value) -> String {
        JSON::stringify(&to_js(value)).map(String::from).unwrap_or_default()
    }

    /// A number as people read it: `3`, not `3.0`.
    pub fn number_text(number: f64) -> String {
        String::from(js_sys::Number::from(number).to_string_with_radix(10).unwrap_or_default())
    }

    fn from_js(value: &JsValue) -> Value {
        if let Some(text) = value.as_string() {
            return Value::String(text);
        }
        if let Some(number) = value.as_f64() {
            return Number::from_f64(number)
                .map_or(Value::Null, |exact| Value::Number(whole(number).unwrap_or(exact)));
        }
        if let Some(is) = value.as_bool() {
            return Value::Bool(is);
        }
        if let Some(items) = value.dyn_ref::<Array>() {
            return Value::Array(items.iter().map(|item| from_js(&item)).collect());
        }
        let Some(object) = value.dyn_ref::<Object>() else { return Value::Null };
        let mut members = Map::new();
        for name in Object::keys(object).iter() {
            let member = Reflect::get(object, &name).unwrap_or_default();
            members.insert(name.as_string().unwrap_or_default(), from_js(&member));
        }
        Value::Object(members)
    }

    /// JavaScript has one kind of number; a count should be a count, as far as it can count (2^53).
    #[expect(clippy::cast_possible_truncation, reason = "it is whole and short enough")]
    fn whole(number: f64) -> Option<Number> {
        let is_whole = number.fract() == 0.0 && number.abs() < 9_007_199_254_740_992.0;
        is_whole.then(|| (number as i64).into())
    }

    fn to_js(value: &Value) -> JsValue {
        match value {
            Value::Null => JsValue::NULL,
            Value::Bool(is) => JsValue::from_bool(*is),
            Value::Number(number) => number.as_f64().map_or(JsValue::NULL, JsValue::from_f64),
            Value::String(text) => JsValue::from_str(text),
            Value::Array(items) => items.iter().map(to_js).collect::<Array>().into(),
            Value::Object(members) => {
                let object = Object::new();
                for (name, member) in members {
                    Reflect::set(&object, &JsValue::from_str(name), &to_js(member)).ok();
                }
                object.into()
            }
        }
    }
}

#[cfg(not(target_arch = "wasm32"))]
mod native {
    use super::Value;

    /// What the text holds, `None` when it is no JSON.
    pub fn read(text: &str) -> Option<Value> {
        serde_json::from_str(text).ok()
    }

    /// The text of a value.
    pub fn write(value: &Value) -> String {
        value.to_string()
    }

    /// A number as people read it: `3`, not `3.0`.
    pub fn number_text(number: f64) -> String {
        number.to_string()
    }
}

/// An object of these members.
pub fn object<const COUNT: usize>(members: [(&str, Value); COUNT]) -> Value {
    // Not collected: a map made at once is sorted first, by two kilobytes of code.
    let mut object = Map::new();
    for (name, value) in members {
        object.insert(name.to_owned(), value);
    }
    Value::Object(object)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let value =
            object([("client_id", "a".into()), ("seq", 3.into()), ("value", json!(["x", null, true, 0.5]))]);
        assert_eq!(read(&write(&value)), Some(value));
    }

    #[test]
    fn what_is_no_json_is_not_read() {
        for text in ["", "{", "<html>", "01"] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn a_whole_number_is_written_without_a_point() {
        assert_eq!(number_text(3.0), "3");
        assert_eq!(number_text(-0.25), "-0.25");
    }
}
