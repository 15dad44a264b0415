//! Someone who answers whatever is asked.

use std::collections::BTreeMap;

use domain::{
    guide::CheckedGuide,
    interview::{ConsentState, Facts, GivenAnswer, Interview},
};
use protocol::{
    question::{Bound, QuestionKind, QuestionView},
    session::Turn,
};
use serde_json::{Map, Value, json};

use super::dice::Dice;

/// No answer is ever changed here.
static NO_PROBES: BTreeMap<String, String> = BTreeMap::new();

/// What they say: nothing of interest, something short, something long; all within `[a-z ]+`.
const SAYINGS: [&str; 5] = [
    "ok",
    "it depends",
    "finding old notes takes minutes",
    "notes",
    "i write everything down twice and search for it later",
];

/// All that an interview depends on, owned.
#[derive(Debug, Clone)]
pub(crate) struct Record {
    pub(crate) guide: CheckedGuide,
    pub(crate) seed: u64,
    pub(crate) locale: &'static str,
    pub(crate) variables: Map<String, Value>,
    pub(crate) answers: Vec<GivenAnswer>,
}

impl Record {
    pub(crate) fn new(guide: CheckedGuide, seed: u64, locale: &'static str) -> Self {
        Self { guide, seed, locale, variables: Map::new(), answers: Vec::new() }
    }

    pub(crate) fn interview(&self) -> Interview<'_> {
        self.interview_after(self.answers.len())
    }

    /// The interview as it stood after some of the answers.
    pub(crate) fn interview_after(&self, answers: usize) -> Interview<'_> {
        let facts = Facts {
            seed: self.seed,
            locale: self.locale,
            fallback_locale: "en",
            variables: &self.variables,
            consent: ConsentState::Accepted,
            probes: &NO_PROBES,
            answers: &self.answers[..answers],
        };
        Interview::new(&self.guide, facts)
    }

    /// Answers until the end and returns every turn. Panics when the interview is longer than it can be.
    pub(crate) fn play(&mut self, dice: &mut Dice) -> Vec<Turn> {
        let questions = self.guide.guide().blocks.iter().flat_map(|block| &block.questions);
        let most: u32 =
            questions.map(|question| 1 + question.follow_up.as_ref().map_or(0, |f| f.max_depth)).sum();
        let mut turns = Vec::new();
        loop {
            assert!(turns.len() <= most.try_into().unwrap(), "more turns than questions and probes");
            let turn = self.interview().turn();
            turns.push(turn.clone());
            let Turn::Question { question, .. } = turn else { return turns };
            self.answer(*question, dice);
        }
    }

    /// Answers this question, which is the current one or has an answer that may be changed.
    pub(crate) fn answer(&mut self, question: QuestionView, dice: &mut Dice) {
        let value = answer(&question, dice);
        let checked = self.interview().check_answer(&question.id, &value);
        checked.unwrap_or_else(|refused| panic!("{value} to {question:?}: {refused}"));
        let probe = self.interview().target(&question.id).unwrap().probe;
        let answer = GivenAnswer { question_id: question.id, value, probe };
        match self.answers.iter_mut().find(|before| before.question_id == answer.question_id) {
            Some(before) => *before = answer,
            None => self.answers.push(answer),
        }
    }
}

/// An answer that suits the question.
fn answer(question: &QuestionView, dice: &mut Dice) -> Value {
    if question.kind == QuestionKind::Statement || (!question.required && dice.once_in(4)) {
        return Value::Null;
    }
    let choices: Vec<&str> = question.choices.iter().flatten().map(|choice| choice.id.as_str()).collect();
    let bound = |bound: &Option<Bound>, otherwise: f64| {
        bound.as_ref().and_then(Bound::as_number).unwrap_or(otherwise)
    };
    match question.kind {
        QuestionKind::ShortText | QuestionKind::LongText => json!(dice.pick(&SAYINGS)),
        QuestionKind::Email => json!("ada@example.com"),
        QuestionKind::YesNo => json!(dice.once_in(2)),
        QuestionKind::Consent => json!(true),
        QuestionKind::SingleChoice => json!(dice.pick(&choices)),
        QuestionKind::MultiChoice => {
            let first = dice.roll(choices.len());
            let both = dice.once_in(2).then(|| choices[(first + 1) % choices.len()]);
            json!(std::iter::once(choices[first]).chain(both).collect::<Vec<_>>())
        }
        QuestionKind::Ranking => {
            let mut order = choices;
            let by = dice.roll(order.len());
            order.rotate_left(by);
            json!(order)
        }
        QuestionKind::Rating | QuestionKind::Number => {
            let (least, most) =
                (bound(&question.validate.min_value, -9.0), bound(&question.validate.max_value, 9.0));
            let step = f64::from(u32::try_from(dice.roll(7)).unwrap());
            json!((least + step).min(most))
        }
        QuestionKind::Date => json!(dice.pick(&["2024-01-31", "2024-12-31"])),
        kind => panic!("{kind:?} is never asked"),
    }
}
