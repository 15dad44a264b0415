//! Everything that can be wrong with a guide, a file per matter.

mod expressions;
mod flow;
mod follow_ups;
pub(super) mod ids;
pub(crate) mod limits;
mod load;
mod patterns;
mod pointer;
mod questions;
#[cfg(test)]
mod tests;
mod texts;
mod validate;
mod variables;

pub(super) use self::{patterns::Patterns, pointer::Pointer, variables::check_value};

use super::{Block, End, Fault, Guide, Index, QuestionNumber};

/// Looks for every fault of a guide. One that `is_published` already may be what was allowed when it was: as large, and with
/// conditions on files, which never hold.
///
/// # Errors
/// The faults. Where there is too much of something, only that is told.
pub(super) fn check(guide: &Guide, index: &Index, is_published: bool) -> Result<Patterns, Vec<Fault>> {
    let pattern_bytes = if is_published { usize::MAX } else { limits::PATTERNS_BYTES };
    let mut checker = Checker {
        guide,
        index,
        faults: Vec::new(),
        patterns: Patterns::default(),
        pattern_bytes,
        is_published,
    };
    checker.sizes();
    // What is too large is not looked at further: the limits are what bounds the work below.
    if checker.faults.is_empty() {
        checker.all();
    }
    if is_published {
        checker.faults.retain(|fault| fault.code != "type_mismatch");
    }
    if checker.faults.is_empty() { Ok(checker.patterns) } else { Err(checker.faults) }
}

/// Collects faults.
struct Checker<'g> {
    guide: &'g Guide,
    index: &'g Index,
    faults: Vec<Fault>,
    patterns: Patterns,
    /// What all patterns may compile to.
    pattern_bytes: usize,
    /// Whether it was found sound by the rules of its time.
    is_published: bool,
}

/// Which answers can be read from a place.
#[derive(Debug, Clone, Copy)]
struct Horizon {
    /// Those to questions with a lower number,
    before: usize,
    /// and perhaps the question's own.
    own: Option<QuestionNumber>,
}

impl Horizon {
    /// Nothing has been answered yet.
    const START: Self = Self { before: 0, own: None };

    const fn before(number: usize) -> Self {
        Self { before: number, own: None }
    }

    fn reaches(self, number: QuestionNumber) -> bool {
        number.0 < self.before || self.own == Some(number)
    }
}

impl<'g> Checker<'g> {
    fn fault(&mut self, at: &Pointer, code: &'static str, message: impl Into<String>) {
        self.faults.push(Fault::new(at.as_str(), code, message));
    }

    fn at_most(&mut self, at: &Pointer, count: usize, most: usize) {
        if count > most {
            self.fault(at, "too_many", format!("There can be at most {most}, not {count}."));
        }
    }

    fn sizes(&mut self) {
        let guide = self.guide;
        let root = Pointer::root();
        self.at_most(&root.key("consent"), guide.consent.len(), limits::CONSENT_ITEMS);
        self.at_most(&root.key("variables"), guide.variables.len(), limits::VARIABLES);
        self.at_most(&root.key("ends"), guide.ends.len(), limits::ENDS);
        let blocks = root.key("blocks");
        self.at_most(&blocks, guide.blocks.len(), limits::BLOCKS);
        let questions = guide.blocks.iter().flat_map(|block| &block.questions);
        if questions.clone().count() > limits::QUESTIONS {
            let message = format!("There can be at most {} questions in a guide.", limits::QUESTIONS);
            self.fault(&blocks, "too_many", message);
        }
        if questions.filter(|question| question.validate.pattern.is_some()).count() > limits::PATTERNS {
            let message = format!("There can be at most {} patterns in a guide.", limits::PATTERNS);
            self.fault(&blocks, "too_many", message);
        }
        self.load();
        for (block, at) in guide.blocks.iter().zip(blocks.items()) {
            self.at_most(&at.key("next"), block.next.len(), limits::RULES);
            for (question, at) in block.questions.iter().zip(at.key("questions").items()) {
                self.at_most(&at.key("choices"), question.choices.len(), limits::CHOICES);
                let Some(follow_up) = &question.follow_up else { continue };
                let at = at.key("follow_up").key("rules");
                self.at_most(&at, follow_up.rules.len(), limits::RULES);
                for (rule, at) in follow_up.rules.iter().zip(at.items()) {
                    self.at_most(&at.key("probes"), rule.probes.len(), limits::PROBES);
                    self.at_most(
                        &at.key("when").key("missing_topics"),
                        rule.when.missing_topics.len(),
                        limits::PROBES,
                    );
                    self.at_most(
                        &at.key("when").key("contains_any"),
                        rule.when.contains_any.len(),
                        limits::PROBES,
                    );
                }
            }
        }
    }

    fn all(&mut self) {
        let guide = self.guide;
        let root = Pointer::root();
        if guide.schema != 1 {
            self.fault(&root.key("schema"), "unsupported_schema", "The schema of this format is 1.");
        }
        if guide.offline_questions > limits::OFFLINE_QUESTIONS {
            let message = format!("At most {} questions can be given in advance.", limits::OFFLINE_QUESTIONS);
            self.fault(&root.key("offline_questions"), "out_of_range", message);
        }
        self.ids();
        self.text(&guide.title, &root.key("title"), limits::LABEL, Horizon::START);
        if let Some(intro) = &guide.intro {
            self.text(intro, &root.key("intro"), limits::TEXT, Horizon::START);
        }
        for (item, at) in guide.consent.iter().zip(root.key("consent").items()) {
            if item.version == 0 {
                self.fault(&at.key("version"), "out_of_range", "Versions count from 1.");
            }
            self.text(&item.text, &at.key("text"), limits::TEXT, Horizon::START);
        }
        self.variables();
        let mut first_question = 0;
        for (block, at) in guide.blocks.iter().zip(root.key("blocks").items()) {
            self.block(block, &at, first_question);
            first_question += block.questions.len();
        }
        self.flow();
        for (end, at) in guide.ends.iter().zip(root.key("ends").items()) {
            self.end(end, &at);
        }
    }

    fn block(&mut self, block: &'g Block, at: &Pointer, first_question: usize) {
        if block.questions.is_empty() {
            self.fault(&at.key("questions"), "no_questions", "A block has at least one question.");
        }
        if let Some(show_if) = &block.show_if {
            self.condition(show_if, &at.key("show_if"), Horizon::before(first_question));
        }
        for (position, (question, at)) in block.questions.iter().zip(at.key("questions").items()).enumerate()
        {
            // In a shuffled block any of the others can come later, so none of them can be read.
            let before = match block.order {
                super::Order::Fixed => first_question + position,
                super::Order::Shuffle => first_question,
            };
            self.question(question, &at, QuestionNumber(first_question + position), Horizon::before(before));
        }
        let after = Horizon::before(first_question + block.questions.len());
        for (rule, at) in block.next.iter().zip(at.key("next").items()) {
            if let Some(condition) = &rule.condition {
                self.condition(condition, &at.key("if"), after);
            }
        }
    }

    fn end(&mut self, end: &'g End, at: &Pointer) {
        self.text(&end.text, &at.key("text"), limits::TEXT, Horizon::before(self.index.count()));
        let Some(address) = &end.redirect_url else { return };
        let sound = address.chars().count() <= limits::SHORT
            && url::Url::parse(address)
                .is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
        if !sound {
            let message = format!(
                "An address is an absolute http or https URL of at most {} characters.",
                limits::SHORT
            );
            self.fault(&at.key("redirect_url"), "bad_url", message);
        }
    }
}
