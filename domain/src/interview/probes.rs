//! Follow-ups: whether an answer leaves something open, and what to ask then.

use serde_json::Value;

use super::{
    known::is_blank,
    shuffle::rank,
    walk::{Asked, Probe, Walk},
    wording,
};
use crate::guide::{FollowUp, Question, QuestionNumber, When};

/// What sets a probe's number apart from the id of its question.
pub(super) const SEPARATOR: char = '~';

impl<'a> Walk<'a> {
    /// The probe to ask now after an answer, if there is one. A skipped question or probe is not asked about further.
    pub(super) fn probe(
        &mut self,
        number: QuestionNumber,
        question: &Question,
        answer: &'a Value,
    ) -> Option<Asked> {
        let follow_up = question.follow_up.as_ref()?;
        let mut answers = vec![answer];
        let mut used = Vec::new();
        for depth in 1..=follow_up.max_depth {
            if answers.last().is_none_or(|latest| is_blank(latest)) {
                return None;
            }
            let (rule, wording) = self.choose(question, follow_up, &answers, &used)?;
            let asked = Asked { number, probe: Some(Probe { depth, rule, wording }) };
            let Some(answer) = self.given.get(probe_id(&question.id, depth).as_str()).copied() else {
                return Some(asked);
            };
            self.trail.push(asked);
            answers.push(answer);
            used.push((rule, wording));
        }
        None
    }

    /// A probe not yet used, of the first rule that matches and has one.
    fn choose(
        &self,
        question: &Question,
        follow_up: &FollowUp,
        answers: &[&Value],
        used: &[(usize, usize)],
    ) -> Option<(usize, usize)> {
        follow_up.rules.iter().enumerate().find_map(|(number, rule)| {
            let unused = (0..rule.probes.len()).filter(|probe| !used.contains(&(number, *probe)));
            let chosen =
                unused.min_by_key(|probe| rank(self.seed, &question.id, &format!("{number}/{probe}")))?;
            self.matches(&rule.when, answers).then_some((number, chosen))
        })
    }

    fn matches(&self, when: &When, answers: &[&Value]) -> bool {
        let latest = answers.last().and_then(|value| value.as_str()).unwrap_or_default();
        let mentioned = |word: &String| {
            answers.iter().filter_map(|value| value.as_str()).any(|text| wording::mentions(text, word))
        };
        when.min_words.is_none_or(|words| wording::has_fewer_words(latest, words))
            && when.vague.is_none_or(|vague| vague == wording::is_vague(latest))
            && (when.missing_topics.is_empty() || !when.missing_topics.iter().all(mentioned))
            && (when.contains_any.is_empty()
                || when.contains_any.iter().any(|word| wording::mentions(latest, word)))
            && self.known.allows(when.value.as_ref())
    }
}

/// The id that the answer to a probe is put to.
pub(super) fn probe_id(question_id: &str, depth: u32) -> String {
    format!("{question_id}{SEPARATOR}{depth}")
}
