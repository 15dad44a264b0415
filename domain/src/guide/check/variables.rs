//! Variables: defaults and given values are of the declared type.

use serde_json::Value;

use super::{Checker, Pointer, limits};
use crate::guide::{Fault, VariableType};

impl Checker<'_> {
    pub(super) fn variables(&mut self) {
        let guide = self.guide;
        for (variable, at) in guide.variables.iter().zip(Pointer::root().key("variables").items()) {
            if let Some(default) = &variable.default {
                self.faults.extend(check_value(variable.kind, default, &at.key("default")));
            }
        }
    }
}

/// What is wrong with a variable's value.
pub(crate) fn check_value(kind: VariableType, value: &Value, at: &Pointer) -> Option<Fault> {
    let expected = match kind {
        VariableType::String => "text",
        VariableType::Number => "a number",
        VariableType::Boolean => "true or false",
        VariableType::Date => "a date such as 2026-01-31",
    };
    if !kind.takes(value) {
        return Some(Fault::new(at.as_str(), "type_mismatch", format!("This variable is {expected}.")));
    }
    let long = value.as_str().is_some_and(|text| text.chars().count() > limits::SHORT);
    let message = || format!("A variable has at most {} characters.", limits::SHORT);
    long.then(|| Fault::new(at.as_str(), "too_long", message()))
}
