//! The interview engine: guide and facts in, the next turn out.
//!
//! An [`Interview`] is never stored. It is replayed from the guide, the seed and the committed answers, so a
//! session resumes at the same question on any machine, and nothing can drift apart.
//!
//! - `walk`: the way through the blocks · `known`, `evaluate`, `search`: what has been answered, and conditions over it
//! - `ahead`: what comes whatever is answered
//! - `probes`, `wording`: follow-ups · `shuffle`: order by seed · `pipe`, `view`: what the participant sees
//! - `validate`: answers · `consent` · `readable`: answers as a person reads them

mod ahead;
mod consent;
mod evaluate;
mod known;
mod pipe;
mod probes;
mod readable;
mod search;
mod shuffle;
#[cfg(test)]
mod tests;
mod validate;
mod view;
mod walk;
mod wording;
mod words;

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    rc::Rc,
};

use protocol::{
    question::QuestionView,
    session::{CONSENT_DECLINED, ConsentItem, EndView, Turn},
};
use serde_json::{Map, Value};

use self::walk::{Asked, Next, Walk};
pub use self::{
    consent::{ConsentRefused, ConsentState, weigh_consent},
    known::is_blank,
    readable::readable_answer,
    validate::{AnswerRefused, Target},
};
pub(crate) use self::{validate::is_date, view::effective_limits};
use crate::guide::{CheckedGuide, End};

/// A committed answer.
#[derive(Debug, Clone, PartialEq)]
pub struct GivenAnswer {
    /// The question, or a probe such as `why~1`.
    pub question_id: String,
    /// The answer, by kind; `null` where it was skipped.
    pub value: Value,
    /// For a probe: which one it was, as [`Target::probe`] said, and it answers no other; none answers whichever.
    pub probe: Option<String>,
}

/// All that an interview depends on, beside the guide.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// Orders what is shuffled and chooses among probes.
    pub seed: u64,
    /// The language of the interview (BCP 47).
    pub locale: &'a str,
    /// The language where the guide has no text in that one.
    pub fallback_locale: &'a str,
    /// The variables of the invite.
    pub variables: &'a Map<String, Value>,
    /// What became of the consent items.
    pub consent: ConsentState,
    /// Which probe ([`Target::probe`]) each id of one was given to, so that no id is given to another.
    pub probes: &'a BTreeMap<String, String>,
    /// The committed answers, in the order of their commits.
    pub answers: &'a [GivenAnswer],
}

/// Where an interview stands.
///
/// ```
/// use domain::{guide::{CheckedGuide, Guide}, interview::{ConsentState, Facts, GivenAnswer, Interview}};
/// use protocol::session::Turn;
///
/// let guide: Guide = serde_json::from_str(r#"{"schema":1, "title":"Hello",
///     "blocks":[{"id":"b1", "questions":[
///         {"id":"name", "kind":"short_text", "text":"What is your name?"},
///         {"id":"mood", "kind":"rating", "text":"How are you, {{q.name|friend}}?"}]}],
///     "ends":[{"id":"thanks", "text":"Thank you."}]}"#)?;
/// let guide = CheckedGuide::try_new(guide).expect("it is sound");
/// let answers = [GivenAnswer { question_id: "name".into(), value: "Ada".into(), probe: None }];
/// let facts = Facts { seed: 7, locale: "en", fallback_locale: "en", variables: &Default::default(),
///     consent: ConsentState::Accepted, probes: &Default::default(), answers: &answers };
/// let interview = Interview::new(&guide, facts);
/// let Turn::Question { question, .. } = interview.turn() else { panic!() };
/// assert_eq!(question.text, "How are you, Ada?");
/// assert!(interview.check_answer("mood", &4.into()).is_ok());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug)]
pub struct Interview<'a> {
    guide: &'a CheckedGuide,
    facts: Facts<'a>,
    walk: Walk<'a>,
}

impl<'a> Interview<'a> {
    /// Replays the answers. Those that do not fit the guide are passed over.
    pub fn new(guide: &'a CheckedGuide, facts: Facts<'a>) -> Self {
        Self { guide, facts, walk: Walk::new(guide, &facts, &[], Rc::default()) }
    }

    /// What to show now: the current question and nothing about any later one.
    pub fn turn(&self) -> Turn {
        let progress = self.progress();
        match (self.stage(), self.walk.next) {
            (Stage::Consent, _) => Turn::Consent { progress },
            (Stage::Declined, _) => Turn::End { progress, end: self.declined() },
            (Stage::Questions, Next::Ask(asked)) => match self.view(asked) {
                Some(question) => Turn::Question { progress, question: Box::new(question) },
                None => Turn::End { progress, end: self.end(None) },
            },
            (Stage::Questions, Next::Undecided) => Turn::End { progress, end: self.end(None) },
            (Stage::Questions, Next::End(number)) => {
                Turn::End { progress, end: self.end(self.guide.guide().ends.get(number)) }
            }
        }
    }

    /// Whether the turn is an end.
    pub fn is_over(&self) -> bool {
        match self.stage() {
            Stage::Consent => false,
            Stage::Declined => true,
            Stage::Questions => matches!(self.walk.next, Next::End(_)),
        }
    }

    /// How far it has come: answered ÷ (answered + the most that can still come on any way). Probes do not count.
    ///
    /// 0 to 1, never less after an answer than before it, and 1 only at the end.
    pub fn progress(&self) -> f64 {
        if self.is_over() {
            return 1.0;
        }
        let count = |questions: usize| f64::from(u32::try_from(questions).unwrap_or(u32::MAX));
        count(self.walk.done) / count((self.walk.done + self.walk.left).max(1))
    }

    /// The title, in the language of the interview.
    pub fn title(&self) -> String {
        self.text(&self.guide.guide().title).unwrap_or_default()
    }

    /// What is said before it begins; may be empty.
    pub fn intro(&self) -> String {
        self.guide.guide().intro.as_ref().and_then(|intro| self.text(intro)).unwrap_or_default()
    }

    /// What the participant is asked to agree to.
    pub fn consent_items(&self) -> Vec<ConsentItem> {
        let items = self.guide.guide().consent.iter();
        items
            .map(|item| ConsentItem {
                id: item.id.clone(),
                version: item.version,
                text: self.text(&item.text).unwrap_or_default(),
                required: item.required,
            })
            .collect()
    }

    /// The ids of the questions and probes on the way that have been answered.
    pub fn on_the_way(&self) -> HashSet<String> {
        self.walk.trail.iter().filter_map(|asked| self.id_of(*asked)).collect()
    }

    /// The questions on the way that have been answered, as they were asked, in the order of the answers.
    ///
    /// For each answer at most one; what is not on the way to the current question has none. Match them by id.
    pub fn asked(&self) -> Vec<QuestionView> {
        let trail: HashMap<String, Asked> =
            self.walk.trail.iter().filter_map(|asked| Some((self.id_of(*asked)?, *asked))).collect();
        let mut views: Vec<QuestionView> = Vec::with_capacity(self.facts.answers.len());
        let mut told = HashSet::new();
        for answer in self.facts.answers {
            let id = answer.question_id.as_str();
            if let Some(asked) = trail.get(id).filter(|_| told.insert(id)) {
                views.extend(self.view(*asked));
            }
        }
        views
    }

    /// A question on the way that has been answered, as it was asked.
    pub fn answered(&self, question_id: &str) -> Option<QuestionView> {
        let mut trail = self.walk.trail.iter();
        let asked = trail.find(|asked| self.id_of(**asked).is_some_and(|id| id == question_id))?;
        self.view(*asked)
    }

    /// The probe that is asked now, if one is: its id, and which it is.
    pub fn probe(&self) -> Option<(String, String)> {
        let Next::Ask(asked) = self.walk.next else { return None };
        Some((self.id_of(asked)?, asked.probe?.name()))
    }

    fn stage(&self) -> Stage {
        match self.facts.consent {
            ConsentState::Declined => Stage::Declined,
            ConsentState::Pending if !self.guide.guide().consent.is_empty() => Stage::Consent,
            ConsentState::Pending | ConsentState::Accepted => Stage::Questions,
        }
    }

    fn end(&self, end: Option<&End>) -> EndView {
        EndView {
            id: end.map(|end| end.id.clone()).unwrap_or_default(),
            text: end.and_then(|end| self.text(&end.text)).unwrap_or_default(),
            redirect_url: end.and_then(|end| end.redirect_url.clone()),
        }
    }

    fn declined(&self) -> EndView {
        match self.guide.index().end(self.guide.guide(), CONSENT_DECLINED) {
            Some(end) => self.end(Some(end)),
            None => EndView {
                id: CONSENT_DECLINED.to_owned(),
                text: words::of(self.facts.locale).declined.to_owned(),
                redirect_url: None,
            },
        }
    }
}

/// What the participant is busy with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Consent,
    Questions,
    Declined,
}
