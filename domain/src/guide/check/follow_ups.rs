//! Follow-ups: cases that can occur, and something to ask in each.

use protocol::question::QuestionKind;

use super::{Checker, Horizon, Pointer, limits};
use crate::guide::{FollowUp, Question, When};

impl<'g> Checker<'g> {
    pub(super) fn follow_up(
        &mut self,
        question: &Question,
        follow_up: &'g FollowUp,
        at: &Pointer,
        horizon: Horizon,
    ) {
        if matches!(question.kind, QuestionKind::Statement | QuestionKind::Consent) {
            return self.fault(
                at,
                "not_for_kind",
                "There is nothing more to ask after a question of this kind.",
            );
        }
        if follow_up.max_depth > limits::PROBE_DEPTH {
            let message = format!("There can be 0 to {} probes in a row.", limits::PROBE_DEPTH);
            self.fault(&at.key("max_depth"), "out_of_range", message);
        }
        let at = at.key("rules");
        if follow_up.rules.is_empty() {
            self.fault(&at, "no_rules", "A follow-up has at least one rule.");
        }
        for (rule, at) in follow_up.rules.iter().zip(at.items()) {
            self.when(question.kind, &rule.when, &at.key("when"), horizon);
            let at = at.key("probes");
            if rule.probes.is_empty() {
                self.fault(&at, "no_probes", "A rule has at least one probe to ask.");
            }
            for (probe, at) in rule.probes.iter().zip(at.items()) {
                self.text(probe, &at, limits::TEXT, horizon);
            }
        }
    }

    fn when(&mut self, kind: QuestionKind, when: &'g When, at: &Pointer, horizon: Horizon) {
        let is_text = matches!(kind, QuestionKind::ShortText | QuestionKind::LongText);
        for (name, given) in [
            ("min_words", when.min_words.is_some()),
            ("vague", when.vague.is_some()),
            ("missing_topics", !when.missing_topics.is_empty()),
            ("contains_any", !when.contains_any.is_empty()),
        ] {
            if given && !is_text {
                let message = "Only answers to short_text and long_text can be looked at so; use value.";
                self.fault(&at.key(name), "not_for_kind", message);
            }
        }
        if when.min_words.is_some_and(|words| !(1..=1_000).contains(&words)) {
            self.fault(&at.key("min_words"), "out_of_range", "A number of words is between 1 and 1,000.");
        }
        for (words, name) in [(&when.missing_topics, "missing_topics"), (&when.contains_any, "contains_any")]
        {
            for (word, at) in words.iter().zip(at.key(name).items()) {
                if word.trim().is_empty() {
                    self.fault(&at, "empty_text", "What to look for has more in it than spaces.");
                } else if word.chars().count() > limits::SHORT {
                    self.fault(
                        &at,
                        "too_long",
                        format!("What to look for has at most {} characters.", limits::SHORT),
                    );
                }
            }
        }
        if let Some(value) = &when.value {
            self.condition(value, &at.key("value"), horizon);
        }
    }
}
