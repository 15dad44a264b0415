//! Follow-ups: whether an answer leaves something open, and what to ask then.

use serde_json::Value;

use super::{
    known::{Answer, Undecided, is_blank},
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
        mut latest: Answer<'a>,
    ) -> Result<Option<Asked>, Undecided> {
        let Some(follow_up) = &question.follow_up else { return Ok(None) };
        let mut answers = Vec::new();
        let mut used = Vec::new();
        for depth in 1..=follow_up.max_depth {
            // Whether an answer will leave something open is not guessed.
            let Answer::Given(answer) = latest else { return Err(Undecided) };
            if is_blank(&answer.value) {
                return Ok(None);
            }
            answers.push(&answer.value);
            let Some((rule, wording)) = self.choose(question, follow_up, &answers, &used)? else {
                return Ok(None);
            };
            let probe = Probe { depth, rule, wording };
            let asked = Asked { number, probe: Some(probe) };
            let answer = self.given.get(probe_id(&question.id, depth).as_str()).copied();
            // What was said to another probe, before an answer was changed, is no answer to this one.
            let Some(answer) = answer.filter(|answer| answers_probe(*answer, probe)) else {
                return Ok(Some(asked));
            };
            self.trail.push(asked);
            latest = answer;
            used.push((rule, wording));
        }
        Ok(None)
    }

    /// A probe not yet used, of the first rule that matches and has one.
    fn choose(
        &self,
        question: &Question,
        follow_up: &FollowUp,
        answers: &[&Value],
        used: &[(usize, usize)],
    ) -> Result<Option<(usize, usize)>, Undecided> {
        for (number, rule) in follow_up.rules.iter().enumerate() {
            let unused = (0..rule.probes.len()).filter(|probe| !used.contains(&(number, *probe)));
            let chosen =
                unused.min_by_key(|probe| rank(self.seed, &question.id, &format!("{number}/{probe}")));
            if let Some(chosen) = chosen
                && self.matches(&rule.when, answers)?
            {
                return Ok(Some((number, chosen)));
            }
        }
        Ok(None)
    }

    fn matches(&self, when: &When, answers: &[&Value]) -> Result<bool, Undecided> {
        let latest = answers.last().and_then(|value| value.as_str()).unwrap_or_default();
        let mentioned = |word: &String| {
            answers.iter().filter_map(|value| value.as_str()).any(|text| wording::mentions(text, word))
        };
        let says_so = when.min_words.is_none_or(|words| wording::has_fewer_words(latest, words))
            && when.vague.is_none_or(|vague| vague == wording::is_vague(latest))
            && (when.missing_topics.is_empty() || !when.missing_topics.iter().all(mentioned))
            && (when.contains_any.is_empty()
                || when.contains_any.iter().any(|word| wording::mentions(latest, word)));
        Ok(says_so && self.known.allows(when.value.as_ref())?)
    }
}

fn answers_probe(answer: Answer<'_>, probe: Probe) -> bool {
    match answer {
        Answer::Given(answer) => answer.probe.as_ref().is_none_or(|name| *name == probe.name()),
        Answer::Open => true,
    }
}

/// The id that the answer to a probe is put to.
pub(super) fn probe_id(question_id: &str, depth: u32) -> String {
    format!("{question_id}{SEPARATOR}{depth}")
}
