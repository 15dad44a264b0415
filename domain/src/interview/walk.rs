//! The way through the blocks.

use std::{
    collections::{BTreeMap, HashMap},
    rc::Rc,
};

use super::{
    Facts,
    known::{Answer, Known, Undecided},
    probes::probe_name,
    search::Searches,
    shuffle::rank,
};
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
    pub(super) given: HashMap<&'a str, Answer<'a>>,
    /// Which probe each id of one was given to.
    pub(super) probes: &'a BTreeMap<String, String>,
}

/// What comes now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    Ask(Asked),
    /// The number of an end.
    End(usize),
    /// That depends on an answer that is still open.
    Undecided,
}

/// A question or one of its probes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Asked {
    pub(super) number: QuestionNumber,
    pub(super) probe: Option<Probe>,
}

/// Which probe, and under which number it is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Probe {
    /// What its id ends in: 1 for the first of a question.
    pub(super) number: u32,
    pub(super) rule: usize,
    /// Which of the rule's probes.
    pub(super) wording: usize,
}

impl Asked {
    pub(super) const fn question(number: QuestionNumber) -> Self {
        Self { number, probe: None }
    }
}

impl Probe {
    /// Tells the probes of a question apart.
    pub(super) fn name(self) -> String {
        probe_name(self.rule, self.wording)
    }
}

/// Where a block leads once it is done.
enum After {
    Block(usize),
    End(usize),
}

impl<'a> Walk<'a> {
    /// The way on which `open` will have been answered, in whatever way, beside what has been answered.
    pub(super) fn new(
        guide: &'a CheckedGuide,
        facts: &Facts<'a>,
        open: &'a [String],
        searches: Rc<Searches>,
    ) -> Self {
        let mut given = HashMap::with_capacity(facts.answers.len() + open.len());
        for answer in facts.answers {
            given.entry(answer.question_id.as_str()).or_insert(Answer::Given(answer));
        }
        given.extend(open.iter().map(|id| (id.as_str(), Answer::Open)));
        let mut walk = Self {
            known: Known::new(guide, facts.variables, searches),
            trail: Vec::with_capacity(facts.answers.len()),
            next: Next::End(0),
            done: 0,
            left: 0,
            seed: facts.seed,
            given,
            probes: facts.probes,
        };
        walk.next = walk.through(guide).unwrap_or(Next::Undecided);
        walk
    }

    fn through(&mut self, guide: &'a CheckedGuide) -> Result<Next, Undecided> {
        let mut number = 0;
        // A rule only ever leads to a later block, so this ends.
        while let Some(block) = guide.guide().blocks.get(number) {
            if !self.known.allows(block.show_if.as_ref())? {
                number += 1;
                continue;
            }
            if let Some(asked) = self.block(guide, number, block)? {
                return Ok(Next::Ask(asked));
            }
            match self.after(guide, number, &block.next)? {
                After::Block(next) => number = next,
                After::End(end) => return Ok(Next::End(end)),
            }
        }
        Ok(Next::End(0))
    }

    /// The first thing in a block that is not answered yet.
    fn block(
        &mut self,
        guide: &'a CheckedGuide,
        number: usize,
        block: &'a Block,
    ) -> Result<Option<Asked>, Undecided> {
        let mut order: Vec<(usize, &Question)> = block.questions.iter().enumerate().collect();
        if block.order == Order::Shuffle {
            order.sort_by_cached_key(|(_, question)| rank(self.seed, &block.id, &question.id));
        }
        for (passed, (position, question)) in order.into_iter().enumerate() {
            if !self.known.allows(question.show_if.as_ref())? {
                continue;
            }
            let asked = Asked::question(guide.index().number_at(number, position));
            let open = match self.given.get(question.id.as_str()).copied() {
                None => Some(asked),
                Some(answer) => {
                    self.trail.push(asked);
                    self.known.learn(asked.number, answer);
                    self.probe(asked.number, question, answer)?
                }
            };
            if open.is_some() {
                self.left = block.questions.len() - passed + guide.most_after(number);
                return Ok(open);
            }
            self.done += 1;
        }
        Ok(None)
    }

    fn after(&self, guide: &CheckedGuide, number: usize, rules: &[Rule]) -> Result<After, Undecided> {
        let mut holding = None;
        for rule in rules {
            if self.known.allows(rule.condition.as_ref())? {
                holding = Some(rule);
                break;
            }
        }
        let Some(rule) = holding else { return Ok(After::Block(number + 1)) };
        let block = rule.goto.as_ref().and_then(|id| guide.index().block(guide.guide(), id));
        let end = rule.end.as_ref().and_then(|id| guide.index().end_number(id));
        Ok(match (block, end) {
            // The check allows nothing else; going on in order is what keeps the loop above finite.
            (Some((block, _)), _) => After::Block(block.max(number + 1)),
            (None, Some(end)) => After::End(end),
            (None, None) => After::Block(number + 1),
        })
    }
}
