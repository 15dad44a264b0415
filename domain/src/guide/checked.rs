//! The proof that a guide is sound.

use std::{collections::HashMap, sync::Arc};

use regex::Regex;
use serde_json::{Map, Value};

use super::{
    Fault, Guide, Index, QuestionNumber, VariableType,
    check::{self, Patterns, Pointer},
};

/// A guide that is sound: an interview by it always ends, and never reads what it cannot know.
///
/// Cheap to clone.
///
/// ```
/// use domain::guide::{CheckedGuide, Guide};
///
/// let guide: Guide = serde_json::from_str(r#"{"schema":1, "title":"Hello",
///     "blocks":[{"id":"b1", "questions":[{"id":"why", "kind":"long_text", "text":"Why?"}], "next":[{"goto":"b2"}]}],
///     "ends":[]}"#)?;
/// let faults = CheckedGuide::try_new(guide).unwrap_err();
/// let faults: Vec<_> = faults.iter().map(|fault| (fault.pointer.as_str(), fault.code)).collect();
/// assert_eq!(faults, [("/ends", "no_ends"), ("/blocks/0/next/0/goto", "unknown_block")]);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct CheckedGuide(Arc<Checked>);

#[derive(Debug)]
struct Checked {
    guide: Guide,
    index: Index,
    patterns: Patterns,
    /// For each block: the most questions that can come after it is done.
    most_after: Vec<usize>,
    declared: Declared,
}

/// What an invite may tell about the participant: the variables that a guide declares, without the guide.
///
/// Cheap to clone.
#[derive(Debug, Clone)]
pub struct Declared(Arc<HashMap<String, VariableType>>);

impl Declared {
    fn of(guide: &Guide) -> Self {
        Self(Arc::new(guide.variables.iter().map(|variable| (variable.id.clone(), variable.kind)).collect()))
    }

    /// Checks the variables of an invite.
    ///
    /// # Errors
    /// Every variable that the guide does not declare or that has another type, as `/variables/<id>`.
    pub fn check(&self, given: &Map<String, Value>) -> Result<(), Vec<Fault>> {
        let root = Pointer::root().key("variables");
        let faults: Vec<Fault> = given
            .iter()
            .filter_map(|(id, value)| {
                let at = root.key(id);
                if let Some(kind) = self.0.get(id) {
                    return check::check_value(*kind, value, &at);
                }
                let message = "The campaign's guide declares no such variable.";
                Some(Fault::new(at.as_str(), "unknown_variable", message))
            })
            .collect();
        if faults.is_empty() { Ok(()) } else { Err(faults) }
    }
}

impl CheckedGuide {
    /// Checks a guide.
    ///
    /// # Errors
    /// Every fault, in the order of the guide by matter. Where there is too much of something (more than 500
    /// questions, say), only that is told.
    pub fn try_new(guide: Guide) -> Result<Self, Vec<Fault>> {
        Self::check(guide, false)
    }

    /// Checks a guide that was published already. It never changes, so it may be what was allowed at that time: its
    /// patterns can be larger together than those of a new one.
    ///
    /// # Errors
    /// As [`Self::try_new`].
    pub fn of_published(guide: Guide) -> Result<Self, Vec<Fault>> {
        Self::check(guide, true)
    }

    fn check(guide: Guide, is_published: bool) -> Result<Self, Vec<Fault>> {
        let index = Index::new(&guide);
        let patterns = check::check(&guide, &index, is_published)?;
        let most_after = most_after(&guide, &index);
        let declared = Declared::of(&guide);
        Ok(Self(Arc::new(Checked { guide, index, patterns, most_after, declared })))
    }

    /// How many bytes its patterns compile to, about.
    pub fn patterns_bytes(&self) -> usize {
        self.0.patterns.size_bytes()
    }

    /// What its invites may tell.
    pub fn declared(&self) -> &Declared {
        &self.0.declared
    }

    /// The guide.
    pub fn guide(&self) -> &Guide {
        &self.0.guide
    }

    pub(crate) fn index(&self) -> &Index {
        &self.0.index
    }

    pub(crate) fn pattern(&self, number: QuestionNumber) -> Option<&Regex> {
        self.0.patterns.find(number)
    }

    /// The most questions that can come once `block` is done.
    pub(crate) fn most_after(&self, block: usize) -> usize {
        self.0.most_after.get(block).copied().unwrap_or(0)
    }
}

/// Rules only lead forward, so one pass from the back sees every way.
fn most_after(guide: &Guide, index: &Index) -> Vec<usize> {
    let count = guide.blocks.len();
    let mut after = vec![0; count];
    // From a block on, itself included; the last entry is past the last block.
    let mut from = vec![0; count + 1];
    for (number, block) in guide.blocks.iter().enumerate().rev() {
        let at = |target: usize| from.get(target).copied().unwrap_or(0);
        let mut most = 0;
        for rule in &block.next {
            if let Some((target, _)) = rule.goto.as_ref().and_then(|id| index.block(guide, id)) {
                most = most.max(at(target));
            }
        }
        let next = at(number + 1);
        if block.next.iter().all(|rule| rule.condition.is_some()) {
            most = most.max(next);
        }
        let shown = block.questions.len() + most;
        let from_here = if block.show_if.is_some() { shown.max(next) } else { shown };
        if let (Some(after), Some(from)) = (after.get_mut(number), from.get_mut(number)) {
            *after = most;
            *from = from_here;
        }
    }
    after
}
