//! Interviews as their participants live through them.

mod ahead;
mod answers;
mod back;
mod conditions;
mod consents;
mod follow_ups;
mod texts;
mod uploads;
mod way;

use protocol::{
    question::QuestionView,
    session::{AcceptedConsent, Turn},
};
use serde_json::{Map, Value, json};

use super::*;
use crate::guide::Guide;

/// An interview that owns what it is about.
struct Session {
    guide: CheckedGuide,
    seed: u64,
    locale: &'static str,
    variables: Map<String, Value>,
    consent: ConsentState,
    probes: BTreeMap<String, String>,
    answers: Vec<GivenAnswer>,
}

impl Session {
    fn new(guide: Value) -> Self {
        let guide: Guide = serde_json::from_value(guide).unwrap();
        Self {
            guide: CheckedGuide::try_new(guide).unwrap_or_else(|faults| panic!("{faults:#?}")),
            seed: 1,
            locale: "en",
            variables: Map::new(),
            consent: ConsentState::Accepted,
            probes: BTreeMap::new(),
            answers: Vec::new(),
        }
    }

    /// A guide of one block with these questions.
    fn asking(questions: &Value) -> Self {
        Self::new(json!({
            "schema": 1, "title": "Test", "blocks": [{"id": "b", "questions": questions}], "ends": [{"id": "thanks", "text": "Thanks."}],
        }))
    }

    fn interview(&self) -> Interview<'_> {
        let facts = Facts {
            seed: self.seed,
            locale: self.locale,
            fallback_locale: "en",
            variables: &self.variables,
            consent: self.consent,
            probes: &self.probes,
            answers: &self.answers,
        };
        Interview::new(&self.guide, facts)
    }

    fn question(&self) -> QuestionView {
        match self.interview().turn() {
            Turn::Question { question, .. } => *question,
            turn => panic!("no question but {turn:?}"),
        }
    }

    fn current(&self) -> String {
        match self.interview().turn() {
            Turn::Question { question, .. } => question.id,
            Turn::End { end, .. } => format!("end {}", end.id),
            Turn::Consent { .. } => "consent".to_owned(),
        }
    }

    /// Answers the current question, whatever its limits, and tells what comes then.
    fn answer(&mut self, value: Value) -> String {
        let question_id = self.question().id;
        self.put(&question_id, value)
    }

    /// Answers a question, perhaps in the place of another answer, and tells what comes then.
    fn put(&mut self, id: &str, value: Value) -> String {
        self.note_probe();
        let probe = self.interview().target(id).unwrap().probe;
        let answer = GivenAnswer { question_id: id.to_owned(), value, probe };
        match self.answers.iter_mut().find(|before| before.question_id == id) {
            Some(before) => *before = answer,
            None => self.answers.push(answer),
        }
        self.note_probe();
        self.current()
    }

    fn note_probe(&mut self) {
        let probe = self.interview().probe();
        self.probes.extend(probe);
    }

    fn check(&self, value: &Value) -> &'static str {
        code(&self.interview().check_answer(&self.question().id, value))
    }
}

fn code(result: &Result<(), AnswerRefused>) -> &'static str {
    match result {
        Ok(()) => "ok",
        Err(AnswerRefused::NotOpen) => "not open",
        Err(AnswerRefused::AlreadyAnswered) => "already answered",
        Err(AnswerRefused::ConsentMissing) => "consent missing",
        Err(AnswerRefused::Over) => "over",
        Err(AnswerRefused::Invalid { code, .. }) => code,
    }
}

fn question(id: &str, kind: &str) -> Value {
    let choices = match kind {
        "single_choice" | "multi_choice" | "ranking" => {
            ["a", "b", "c"].iter().map(|id| json!({"id": id, "label": id.to_uppercase()})).collect()
        }
        _ => vec![],
    };
    json!({"id": id, "kind": kind, "text": format!("{id}?"), "choices": choices})
}

fn with(mut question: Value, name: &str, value: Value) -> Value {
    question[name] = value;
    question
}
