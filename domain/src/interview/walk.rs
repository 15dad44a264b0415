//! The way through the blocks.

use std::collections::HashMap;

use serde_json::Value;

use super::{Facts, known::Known, shuffle::rank};
use crate::guide::{Block, CheckedGuide, Order, Question, QuestionNumber, Rule};

/// How far the answers lead.
#[derive(Debug)]
pub(super) struct Walk<'a> {
    /// What the answers on the way tell.
    pub(super) known: Known<'a>,
    /// What was asked and answered, in that order.
    pub(super) trail: Vec<Asked>,
    /// What comes now.
    pub(super) next: Next,
    /// Questions answered, probes not counted, nor a question whose probes are still being asked.
    pub(super) done: usize,
    /// The most questions that can still come, the current one included.
    pub(super) left: usize,
    pub(super) seed: u64,
    pub(super) given: HashMap<&'a str, &'a Value>,
}

/// What comes now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    Ask(Asked),
    /// The number of an end.
    End(usize),
}

/// A question or one of its probes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Asked {
    pub(super) number: QuestionNumber,
    pub(super) probe: Option<Probe>,
}

/// Which probe, and the how-manieth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Probe {
    /// 1 for the first.
    pub(super) depth: u32,
    pub(super) rule: usize,
    /// Which of the rule's probes.
    pub(super) wording: usize,
}

impl Asked {
    pub(super) const fn question(number: QuestionNumber) -> Self {
        Self { number, probe: None }
    }
}

/// Where a block leads once it is done.
enum After {
    Block(usize),
    End(usize),
}

impl<'a> Walk<'a> {
    pub(super) fn new(guide: &'a CheckedGuide, facts: &Facts<'a>) -> Self {
        let mut given = HashMap::with_capacity(facts.answers.len());
        for answer in facts.answers {
            given.entry(answer.question_id.as_str()).or_insert(&answer.value);
        }
        let mut walk = Self {
            known: Known::new(guide, facts.variables),
            trail: Vec::with_capacity(facts.answers.len()),
            next: Next::End(0),
            done: 0,
            left: 0,
            seed: facts.seed,
            given,
        };
        walk.next = walk.through(guide);
        walk
    }

    fn through(&mut self, guide: &'a CheckedGuide) -> Next {
        let mut number = 0;
        // A rule only ever leads to a later block, so this ends.
        while let Some(block) = guide.guide().blocks.get(number) {
            if !self.known.allows(block.show_if.as_ref()) {
                number += 1;
                continue;
            }
            if let Some(asked) = self.block(guide, number, block) {
                return Next::Ask(asked);
            }
            match self.after(guide, number, &block.next) {
                After::Block(next) => number = next,
                After::End(end) => return Next::End(end),
            }
        }
        Next::End(0)
    }

    /// The first thing in a block that is not answered yet.
    fn block(&mut self, guide: &'a CheckedGuide, number: usize, block: &'a Block) -> Option<Asked> {
        let mut order: Vec<(usize, &Question)> = block.questions.iter().enumerate().collect();
        if block.order == Order::Shuffle {
            order.sort_by_cached_key(|(_, question)| rank(self.seed, &block.id, &question.id));
        }
        for (passed, (position, question)) in order.into_iter().enumerate() {
            if !self.known.allows(question.show_if.as_ref()) {
                continue;
            }
            let asked = Asked::question(guide.index().number_at(number, position));
            let open = match self.given.get(question.id.as_str()).copied() {
                None => Some(asked),
                Some(value) => {
                    self.trail.push(asked);
                    self.known.learn(asked.number, value);
                    self.probe(asked.number, question, value)
                }
            };
            if open.is_some() {
                self.left = block.questions.len() - passed + guide.most_after(number);
                return open;
            }
            self.done += 1;
        }
        None
    }

    fn after(&self, guide: &CheckedGuide, number: usize, rules: &[Rule]) -> After {
        let Some(rule) = rules.iter().find(|rule| self.known.allows(rule.condition.as_ref())) else {
            return After::Block(number + 1);
        };
        let block = rule.goto.as_ref().and_then(|id| guide.index().block(guide.guide(), id));
        let end = rule.end.as_ref().and_then(|id| guide.index().end_number(id));
        match (block, end) {
            // The check allows nothing else; going on in order is what keeps the loop above finite.
            (Some((block, _)), _) => After::Block(block.max(number + 1)),
            (None, Some(end)) => After::End(end),
            (None, None) => After::Block(number + 1),
        }
    }
}
