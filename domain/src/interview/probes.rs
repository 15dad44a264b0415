//! Follow-ups: whether an answer leaves something open, and what to ask then.

use serde_json::Value;

use super::{
    GivenAnswer,
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
            let probe = Probe { number: self.number_of(&question.id, depth, (rule, wording)), rule, wording };
            let asked = Asked { number, probe: Some(probe) };
            let Some(answer) = self.given.get(probe_id(&question.id, probe.number).as_str()).copied() else {
                return Ok(Some(asked));
            };
            self.trail.push(asked);
            latest = answer;
            used.push((rule, wording));
        }
        Ok(None)
    }

    /// Under which number a probe is asked: the one that it has had, else the first that no other probe has. So nothing
    /// that is put to one probe, by whatever device, is ever taken for the answer to another that comes in its place.
    fn number_of(&self, question_id: &str, depth: u32, (rule, wording): (usize, usize)) -> u32 {
        let name = probe_name(rule, wording);
        let holder = |number: u32| {
            let id = probe_id(question_id, number);
            let answered = match self.given.get(id.as_str()) {
                // Of which nobody wrote down the probe: it answers whichever is asked at its depth.
                Some(Answer::Given(GivenAnswer { probe: None, .. })) if number == depth => {
                    Some(name.as_str())
                }
                Some(Answer::Given(answer)) => Some(answer.probe.as_deref().unwrap_or_default()),
                Some(Answer::Open) | None => None,
            };
            answered.or_else(|| self.probes.get(&id).map(String::as_str))
        };
        let mut number = 1;
        while holder(number).is_some_and(|held| held != name) {
            number += 1;
        }
        number
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
        let mentions = |text: &str, word: &str| self.known.searches.has(text, word.trim());
        let mentioned = |word: &String| {
            answers.iter().filter_map(|value| value.as_str()).any(|text| mentions(text, word))
        };
        let says_so = when.min_words.is_none_or(|words| wording::has_fewer_words(latest, words))
            && when.vague.is_none_or(|vague| vague == wording::is_vague(latest))
            && (when.missing_topics.is_empty() || !when.missing_topics.iter().all(mentioned))
            && (when.contains_any.is_empty() || when.contains_any.iter().any(|word| mentions(latest, word)));
        Ok(says_so && self.known.allows(when.value.as_ref())?)
    }
}

/// Tells the probes of a question apart.
pub(super) fn probe_name(rule: usize, wording: usize) -> String {
    format!("{rule}/{wording}")
}

/// The id that the answer to a probe is put to.
pub(super) fn probe_id(question_id: &str, number: u32) -> String {
    format!("{question_id}{SEPARATOR}{number}")
}
