//! What is known at a point of an interview.

use serde_json::{Map, Value};

use crate::guide::{CheckedGuide, QuestionNumber};

/// The answers given so far on this way, and the variables.
#[derive(Debug)]
pub(super) struct Known<'a> {
    guide: &'a CheckedGuide,
    variables: &'a Map<String, Value>,
    /// By the number of the question.
    answers: Vec<Option<&'a Value>>,
}

impl<'a> Known<'a> {
    pub(super) fn new(guide: &'a CheckedGuide, variables: &'a Map<String, Value>) -> Self {
        Self { guide, variables, answers: vec![None; guide.index().count()] }
    }

    pub(super) fn learn(&mut self, number: QuestionNumber, value: &'a Value) {
        if let Some(answer) = self.answers.get_mut(number.0) {
            *answer = Some(value);
        }
    }

    /// The answer to a question, unless it was skipped or not asked.
    pub(super) fn answer(&self, id: &str) -> Option<&'a Value> {
        let number = self.guide.index().number(id)?;
        self.answers.get(number.0).copied().flatten().filter(|value| !is_blank(value))
    }

    /// The value of a variable, or its default.
    pub(super) fn variable(&self, id: &str) -> Option<&'a Value> {
        let declared = self.guide.index().variable(self.guide.guide(), id)?;
        self.variables.get(id).filter(|value| !value.is_null()).or(declared.default.as_ref())
    }
}

/// Whether an answer says nothing: it skips the question.
pub(super) fn is_blank(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => false,
    }
}
