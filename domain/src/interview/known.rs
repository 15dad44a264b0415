//! What is known at a point of an interview.

use std::{rc::Rc, sync::LazyLock};

use regex::Regex;
use serde_json::{Map, Value};

use super::{GivenAnswer, search::Searches};
use crate::guide::{CheckedGuide, QuestionNumber};

/// What there is of an answer.
#[derive(Debug, Clone, Copy)]
pub(super) enum Answer<'a> {
    Given(&'a GivenAnswer),
    /// It will be given before what is looked at now, and may have any value.
    Open,
}

/// That something depends on an answer that is still open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Undecided;

/// The answers given so far on this way, and the variables.
#[derive(Debug)]
pub(super) struct Known<'a> {
    guide: &'a CheckedGuide,
    variables: &'a Map<String, Value>,
    /// By the number of the question.
    answers: Vec<Option<Answer<'a>>>,
    pub(super) searches: Rc<Searches>,
}

impl<'a> Known<'a> {
    pub(super) fn new(
        guide: &'a CheckedGuide,
        variables: &'a Map<String, Value>,
        searches: Rc<Searches>,
    ) -> Self {
        Self { guide, variables, answers: vec![None; guide.index().count()], searches }
    }

    pub(super) fn learn(&mut self, number: QuestionNumber, answer: Answer<'a>) {
        if let Some(known) = self.answers.get_mut(number.0) {
            *known = Some(answer);
        }
    }

    /// The answer to a question, unless it was skipped, not asked, or is still open.
    pub(super) fn answer(&self, id: &str) -> Option<&'a Value> {
        match self.any_answer(id)? {
            Answer::Given(answer) => Some(&answer.value).filter(|value| !is_blank(value)),
            Answer::Open => None,
        }
    }

    /// Whether the answer to a question is still open.
    pub(super) fn is_open(&self, id: &str) -> bool {
        matches!(self.any_answer(id), Some(Answer::Open))
    }

    fn any_answer(&self, id: &str) -> Option<Answer<'a>> {
        let number = self.guide.index().number(id)?;
        self.answers.get(number.0).copied().flatten()
    }

    /// The value of a variable, or its default. An invite may be older than the version of the guide, and what it gave of
    /// another type than the variable has now.
    pub(super) fn variable(&self, id: &str) -> Option<&'a Value> {
        let declared = self.guide.index().variable(self.guide.guide(), id)?;
        self.variables.get(id).filter(|value| declared.kind.takes(value)).or(declared.default.as_ref())
    }
}

/// White space, control characters and all that Unicode has shown as nothing.
static NOTHING_TO_SEE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\A[\s\p{Cc}\p{Default_Ignorable_Code_Point}]*\z").expect("a pattern of our own")
});

/// Whether an answer says nothing: it skips the question.
pub fn is_blank(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => NOTHING_TO_SEE.is_match(text),
        Value::Array(items) => items.is_empty(),
        _ => false,
    }
}
