//! How much there is to weigh in all conditions and follow-ups together.

use serde_json::Value;

use super::{Checker, Pointer, limits};
use crate::guide::{Expression, Operator, When};

/// What is added up over a guide.
#[derive(Debug, Default)]
struct Load {
    /// Parts of conditions, and words.
    nodes: usize,
    /// How often an answer is looked through.
    searches: usize,
}

impl Checker<'_> {
    pub(super) fn load(&mut self) {
        if self.is_published {
            return;
        }
        let mut load = Load::default();
        for block in &self.guide.blocks {
            block.show_if.iter().for_each(|condition| load.condition(condition));
            for question in &block.questions {
                question.show_if.iter().for_each(|condition| load.condition(condition));
                let rules = question.follow_up.iter().flat_map(|follow_up| &follow_up.rules);
                rules.for_each(|rule| load.when(&rule.when));
            }
            block.next.iter().filter_map(|rule| rule.condition.as_ref()).for_each(|it| load.condition(it));
        }
        let at = Pointer::root().key("blocks");
        if load.nodes > limits::ALL_NODES {
            let message = format!(
                "All conditions and the words of all follow-ups have at most {} parts together, not {}.",
                limits::ALL_NODES,
                load.nodes
            );
            self.fault(&at, "too_many", message);
        }
        if load.searches > limits::SEARCHES {
            let message = format!(
                "Answers can be looked through for at most {} things (contains, min_words, vague, and each of missing_topics and contains_any), not {}.",
                limits::SEARCHES,
                load.searches
            );
            self.fault(&at, "too_many", message);
        }
    }
}

impl Load {
    fn condition(&mut self, expression: &Expression) {
        self.nodes += 1;
        match expression {
            Expression::Apply { op, args } => {
                self.searches += usize::from(*op == Operator::Contains);
                for arg in args {
                    self.condition(arg);
                }
            }
            Expression::Literal(Value::Array(items)) => self.nodes += items.len(),
            Expression::Question(_) | Expression::Variable(_) | Expression::Literal(_) => {}
        }
    }

    fn when(&mut self, when: &When) {
        let words = when.missing_topics.len() + when.contains_any.len();
        self.nodes += words;
        self.searches += words + usize::from(when.min_words.is_some()) + usize::from(when.vague.is_some());
        when.value.iter().for_each(|condition| self.condition(condition));
    }
}
